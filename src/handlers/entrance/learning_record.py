"""All that learning knows at a time: from the rows of read models, and of a time that has passed
from the log. It is what everybody may see, whoever asks, so that no total tells of what is private.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from domain.kernel.aggregate import AnyAggregate
from domain.kernel.refusal import Refused
from domain.kernel.roster import Roster
from domain.learning import ACTION_ITEM, POSTMORTEM
from domain.learning.action_item.item import ActionItemLine
from domain.learning.action_item.item import line_of as action_line_of
from domain.learning.insight.measured import (
    KnownTeams,
    LearningRecord,
    MeasuredAction,
    MeasuredChange,
    MeasuredIncident,
    MeasuredPostmortem,
)
from domain.sight import PUBLIC
from handlers.entrance.service import Service
from handlers.queries.commits import in_turns
from projections.alerting.changes import CHANGES_WITHIN
from projections.incident.measured import (
    CHANGED_MOST,
    MEASURED,
    MEASURED_ANEW,
    MEASURED_MOST,
    measured_then,
)
from projections.incident.statistics import STATISTICS
from projections.learning.action_items import ACTION_ITEMS, ALL_ACTION_ITEMS
from projections.learning.postmortems import (
    ALL_POSTMORTEMS,
    POSTMORTEMS,
    PostmortemRow,
    row_of,
)
from projections.past import NOW, Cut, stood_then
from projections.read_model import Question

KEPT_MOST = 10_000
"""So many post-mortems, action items and changes are looked at."""
READ = (STATISTICS.name, POSTMORTEMS.name, ACTION_ITEMS.name)
"""The read models that it is made of."""

R = TypeVar("R")


async def record_of(
    service: Service, since: datetime, until: datetime, now: datetime, cut: Cut = NOW
) -> LearningRecord:
    """What is known of the incidents that began in [since, until), and of all that was learnt.
    Raises `Refused`, `Unavailable`.
    """
    at = asked_at(now, cut)
    postmortems = await _kept(service, ALL_POSTMORTEMS, POSTMORTEM, row_of, cut)
    actions = await _kept(service, ALL_ACTION_ITEMS, ACTION_ITEM, action_line_of, cut)
    changes = await service.read_models.ask(
        PUBLIC, CHANGES_WITHIN, since=since, until=min(until, at), limit=KEPT_MOST
    )
    return LearningRecord(
        at=at,
        incidents=tuple(await _incidents(service, since, until, cut)),
        postmortems=tuple(_of_postmortems(postmortems)),
        actions=tuple(map(_of_action, actions)),
        changes=tuple(MeasuredChange(id=it.id, at=it.at) for it in changes),
        teams=KnownTeams(await service.executor.rosters.soon() or Roster()),
    )


def asked_at(now: datetime, cut: Cut) -> datetime:
    """The time that is asked about; of what is to come nothing is known."""
    return min(cut.as_of or cut.known_at or now, now)


async def _incidents(
    service: Service, since: datetime, until: datetime, cut: Cut
) -> list[MeasuredIncident]:
    hidden = (await service.sights.of(PUBLIC)).hidden
    found = await service.read_models.ask(
        PUBLIC, MEASURED, since=since, until=until, as_of=cut.as_of, known_at=cut.known_at
    )
    if len(found) > MEASURED_MOST:
        raise _too_wide(f"more than {MEASURED_MOST:,} incidents began in this time", "from")
    if not cut:
        return [_seen_by_all(each, hidden) for each in found]
    changed = await service.read_models.ask(
        PUBLIC, MEASURED_ANEW, since=since, until=until, as_of=cut.as_of, known_at=cut.known_at
    )
    if len(changed) > CHANGED_MOST:
        raise _too_wide(f"more than {CHANGED_MOST:,} incidents have changed since then", "as_of")

    async def then(id_: str) -> MeasuredIncident | None:
        return measured_then(id_, await service.store.load(f"incident.{id_}"), cut)

    anew = await in_turns(then, changed)
    both = [*found, *(it for it in anew if it and it.began_at and since <= it.began_at < until)]
    seen = (_seen_by_all(each, hidden) for each in both)
    return sorted(seen, key=lambda it: (it.began_at or since, it.id))


def _seen_by_all(incident: MeasuredIncident, hidden: Collection[str]) -> MeasuredIncident:
    """Without what people have said of it and others that are private, as if nobody had."""
    if not any(each in hidden for each in (*incident.repeats, *incident.no_repeats)):
        return incident
    return msgspec.structs.replace(
        incident,
        repeats=tuple(each for each in incident.repeats if each not in hidden),
        no_repeats=tuple(each for each in incident.no_repeats if each not in hidden),
    )


async def _kept(
    service: Service,
    question: Question[..., Any],
    aggregate: AnyAggregate,
    line_of: Callable[[str, Any, int], R],
    cut: Cut,
) -> Sequence[R]:
    """The rows, or what they would have been then."""
    rows: list[Any] = await service.read_models.ask(PUBLIC, question, most=KEPT_MOST)
    if not cut:
        return rows
    if len(rows) > CHANGED_MOST:
        raise _too_wide(f"there are more than {CHANGED_MOST:,} {aggregate.plural}", "as_of")

    async def then(row: Any) -> R | None:
        commits = await service.store.load(aggregate.stream(row.id))
        stood = stood_then(aggregate, commits, cut)
        return line_of(row.id, stood.state, stood.position) if stood.state.number else None

    return [each for each in await in_turns(then, rows) if each is not None]


def _too_wide(why: str, field: str) -> Refused:
    return Refused(
        "query.too_wide",
        why,
        field=field,
        rule="Nobody waits for figures of so many: name a shorter or a later time.",
        invalid=True,
    )


def _of_postmortems(rows: Iterable[PostmortemRow]) -> Iterator[MeasuredPostmortem]:
    for row in rows:
        yield MeasuredPostmortem(
            incident=row.incident,
            incident_reference=row.incident_reference,
            drill=row.drill,
            opened_at=row.opened_at,
            factors=tuple(name for it in row.factors for name in (it.id, it.text)),
        )


def _of_action(row: ActionItemLine) -> MeasuredAction:
    return MeasuredAction(
        reference=row.reference,
        title=row.title,
        owner=row.owner,
        kind=row.kind,
        status=row.status,
        incident=row.incident,
        of_postmortem=row.origin.startswith(f"{POSTMORTEM.prefix}-"),
        due_at=row.due_at,
        ended_at=row.ended_at,
    )
