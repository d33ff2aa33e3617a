"""Routes: what became of each delivery. A row for where each firing of an alert went, or that it
opened nothing and why; for what an incident was told; for what was said of alerts that never fired;
for changes of systems; for what waits in quarantine, or did; and for what said nothing new.
"""

from typing import Annotated

import msgspec

from projections.alerting.quarantine import follow_quarantine
from projections.alerting.route_rows import (
    CHANGE,
    FIRING,
    NUMBERED,
    PREFIX,
    SIGNAL,
    TOLD,
    Routed,
    row_of_quarantine,
    rows_of,
    rows_of_signal,
)
from projections.cursor import Falling, cursor_of
from projections.projection import Projection
from projections.read_model import Nothing, Paging, Question, Resource


class ListedSignal(Routed, frozen=True, kw_only=True):
    """A row as it is listed: with what its `incident` is called."""

    reference: str | None = None


ROUTES: Projection[None] = Projection(
    name="routes",
    version=8,
    follows=(PREFIX, CHANGE, TOLD),
    tables=(FIRING, NUMBERED),
    each=rows_of,
    beside=(
        Projection(
            name="routes",
            version=8,
            follows=(SIGNAL,),
            tables=(FIRING, NUMBERED),
            evolve=follow_quarantine,
            each=rows_of_signal,
            show=row_of_quarantine,
        ),
    ),
)


class SignalFilter(Falling, frozen=True, kw_only=True):
    """Those that opened nothing, or `all`; the latest `limit` of them, behind the place `after`."""

    all: bool = False
    limit: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 100


_NEW = """
    NOT (
        action IS NOT DISTINCT FROM 'told' AND EXISTS (
            SELECT FROM {firing} AS routed
            WHERE routed.signal = found.signal AND routed.alert_id = found.alert_id
                AND routed.product = found.product AND routed.source = found.source
                AND routed.incident = found.incident AND routed.action IS DISTINCT FROM 'told'
        )
    )
"""
"""Where a firing went is one line, which says more than that its incident has heard of it."""


def _latest(which: str) -> str:
    return f"""
        (SELECT * FROM {{firing}} AS found WHERE {which} AND {_NEW}
        AND (signal, alert, episode) < ($first, $second, $third)
        ORDER BY signal DESC, alert DESC, episode DESC LIMIT $limit)
    """  # noqa: S608 - written here


_NOTHING = """
    NOT $all AND incident IS NULL AND (
        action IS NULL OR action NOT IN (
            'change', 'flawed', 'follows', 'quarantined', 'released', 'discarded'
        )
    )
"""
"""A change is no alert that should have opened something, what is flawed was used, what follows
adds nothing, and what waits is listed where it can be put right.
"""

ROUTED = Question(
    of=ROUTES.name,
    sql=f"""
        SELECT routed.*, numbered.reference FROM (
            {_latest("$all::boolean")} UNION ALL {_latest(_NOTHING)}
        ) AS routed LEFT JOIN {{numbered}} AS numbered USING (incident)
        ORDER BY signal DESC, alert DESC, episode DESC LIMIT $limit
    """,  # noqa: S608
    takes=SignalFilter,
    answer=ListedSignal,
)


class OfSignal(msgspec.Struct, frozen=True, kw_only=True):
    """The signal at a position."""

    signal: int


INCIDENTS_OF_SIGNAL = Question(
    of=ROUTES.name,
    sql="""
        SELECT DISTINCT told FROM (
            SELECT unnest(array_append(incidents, incident)) AS told
            FROM {firing} WHERE signal = $signal
        ) AS found WHERE told IS NOT NULL ORDER BY told
    """,
    takes=OfSignal,
    answer=str,
    whole=True,
)
"""The incidents that a signal is about."""

LATEST_SIGNAL = Question(
    of=ROUTES.name,
    sql="SELECT coalesce(max(signal), 0) FROM {firing}",
    takes=Nothing,
    answer=int,
    whole=True,
)
"""The highest position of a signal that the log speaks of."""

SIGNALS = Resource(
    path="/v1/signals",
    operation_id="list_signals",
    tag="signals",
    description="Alerts that opened nothing, the latest first; with `all`, what became of each "
    "delivery.",
    question=ROUTED,
    paging=Paging(by="after", place=lambda last: cursor_of(last.signal, last.alert, last.episode)),
)
