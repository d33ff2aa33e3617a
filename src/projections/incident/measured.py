"""The facts of incidents that figures are made of, now and at another time. Private incidents have
none: they are in no figure, whoever asks.
"""

# ruff: noqa: S608 - names are ours, values are parameters

from collections.abc import Sequence
from datetime import datetime

import msgspec

from domain.incident import INCIDENT
from domain.incident.state import Undeclared
from domain.kernel.commit import Event, Recorded
from domain.learning.insight.measured import MeasuredIncident, measured_of
from projections.incident.statistics import MOVED, SETTLED, STATISTICS
from projections.past import Cut, stood_then
from projections.read_model import Question

MEASURED_MOST = 20_000
"""So many incidents are measured for one answer; of more, nobody waits for it."""
CHANGED_MOST = 2_000
"""So many of them may have changed since a time that is asked about: they are folded anew."""


class MeasuredBetween(msgspec.Struct, frozen=True, kw_only=True):
    """The incidents that began in [since, until), and have not changed since the time of a look
    back; at most so many.
    """

    since: datetime
    until: datetime
    as_of: datetime | None = None
    known_at: datetime | None = None
    most: int = MEASURED_MOST + 1


class ChangedBetween(MeasuredBetween, frozen=True, kw_only=True):
    """Those of them that have changed since then."""

    most: int = CHANGED_MOST + 1


MEASURED = Question(
    of=STATISTICS.name,
    sql=f"""
        SELECT facts FROM {{incident}}
        WHERE started_at >= $since AND started_at < $until AND facts IS NOT NULL
        AND {SETTLED}
        ORDER BY started_at, id LIMIT $most
    """,
    takes=MeasuredBetween,
    answer=MeasuredIncident,
    whole=True,
)

MEASURED_ANEW = Question(
    of=STATISTICS.name,
    sql=f"""
        SELECT id FROM {{incident}}
        WHERE facts IS NOT NULL AND (
            started_at >= $since AND started_at < $until
            OR started_at IS NULL OR $known_at::timestamptz IS NOT NULL
        )
        AND {MOVED}
        ORDER BY id LIMIT $most
    """,
    takes=ChangedBetween,
    answer=str,
    whole=True,
)
"""What had begun by then and has changed since may have been anything. When it began is known now
as it was of that time; what was known at another time may have been otherwise.
"""


def measured_then(
    id_: str, commits: Sequence[Recorded[Event]], cut: Cut
) -> MeasuredIncident | None:
    """What is measured of one at a time; None: nothing was known of it, or it was private."""
    incident = stood_then(INCIDENT, commits, cut).state
    if isinstance(incident, Undeclared) or incident.facts.about.private:
        return None
    return measured_of(id_, incident)
