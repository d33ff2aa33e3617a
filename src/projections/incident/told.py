"""Told: which audience has heard of an incident, through which channel, and what last.

Only what reached somebody counts, as the ledger of its notifications has it.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from domain.kernel.commit import Event, Recorded
from domain.notification.events import NotificationDelivered
from domain.policy.audience import Audience
from projections.past import Cut
from projections.projection import Projection, Put
from projections.read_model import ByIds, Question
from projections.table import put_into, table_of


class ToldOf(msgspec.Struct, frozen=True, kw_only=True):
    """A row: what an audience was told last through a channel of the incident `id`, and when."""

    id: str
    audience: Audience
    channel: str
    at: datetime
    subject: str


_TABLE = table_of(ToldOf, name="told", key=("id", "audience", "channel"), about=("id",))
_put = put_into(_TABLE, ToldOf)


def told_in(recorded: Recorded[Event]) -> Iterable[ToldOf]:
    """Who was told by what a commit records: a channel has taken it, and has told somebody."""
    for event in recorded.commit.events:
        if isinstance(event, NotificationDelivered) and event.is_told:
            yield ToldOf(
                id=recorded.key,
                audience=event.audience,
                channel=event.channel,
                at=event.occurred_at,
                subject=event.subject,
            )


def _rows(_before: None, _after: None, recorded: Recorded[Event]) -> Iterable[Put]:
    return map(_put, told_in(recorded))


TOLD: Projection[None] = Projection(
    name="told", version=2, follows=("notification.",), tables=(_TABLE,), each=_rows
)

WHO_WAS_TOLD = Question(
    of=TOLD.name,
    sql="SELECT * FROM {told} WHERE id = ANY($ids::text[]) ORDER BY at, audience, channel",
    takes=ByIds,
    answer=ToldOf,
)
"""Who was told of these incidents, and what last."""


def told_then(commits: Iterable[Recorded[Event]], cut: Cut) -> list[ToldOf]:
    """Who had been told then."""
    latest: dict[tuple[Audience, str], ToldOf] = {}
    for recorded in filter(cut.knows, commits):
        for told in told_in(recorded):
            if cut.had(told.at):
                latest[told.audience, told.channel] = told
    return sorted(latest.values(), key=lambda told: (told.at, told.audience, told.channel))
