"""Rows of a timeline that follow each other and say one thing are one row."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from domain.incident import events as e
from domain.incident.deadlines import events as k
from domain.incident.wording import update_head
from domain.kernel.commit import name_of
from domain.policy.audience import Audience
from projections.incident.lines import Entry
from projections.incident.weights import ALERTS


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row. `told` are the audiences that heard of it, `not_told` those that did not, and why;
    `late`: how long after it happened it was recorded, where that was long after. `origin` is the
    reference of the incident that was merged into this one, where the row is of that. `event_id` is
    null where the row is read off what is known of the incident. `parts` are the rows that this one
    has in its place: all updates that people wrote of one state.
    """

    at: datetime
    kind: str
    text: str
    actor: str | None = None
    late: str | None = None
    told: tuple[Audience, ...] = ()
    not_told: dict[str, str] = {}
    origin: str | None = None
    event_id: str | None = None
    parts: tuple["Row", ...] = ()


class Told(NamedTuple):
    """An entry of a timeline as a row, with the update that it tells of, if it tells of one."""

    entry: Entry
    row: Row
    update: e.UpdatePosted | None = None


_INVESTIGATION = (
    *(e.HypothesisOpened, e.HypothesisConfirmed, e.HypothesisRejected, e.HypothesisAbandoned),
    *(e.RootCauseIdentified, e.RootCauseWithdrawn),
)
_CLOCK = (k.ResponseOverdue, k.RootCauseOverdue, k.FirstUpdateOverdue, k.UpdateOverdue)
_ROLES = (e.RoleAssigned, e.RoleHandedOver, e.RoleUnassigned)
_TOGETHER = {
    **{name_of(kind): "roles" for kind in _ROLES},
    **{name_of(kind): "updates that did not come" for kind in (k.UpdateOverdue, k.UpdateDue)},
    **dict.fromkeys(ALERTS - {"alert_acknowledged", "alert_resolved"}, "alerts"),
    "alert_resolved": "ends of alerts",
}
"""What is one row wherever it stands side by side."""
_AT_ONCE = {
    **{name_of(kind): "investigation" for kind in _INVESTIGATION},
    **{name_of(kind): "clock" for kind in _CLOCK},
}
"""What is one row where it happened at once."""
AT_ONCE = timedelta(minutes=2)


def runs(told: Sequence[Told]) -> Iterator[list[Told]]:
    """Rows that follow each other and are one."""
    run: list[Told] = []
    for one in told:
        if run and not _belongs(one, run[-1]):
            yield run
            run = []
        run.append(one)
    if run:
        yield run


def _belongs(one: Told, last: Told) -> bool:
    """Whether an entry is one row with the one before it."""
    entry, before = one.entry, last.entry
    if entry.origin != before.origin:
        return False
    if entry.position == before.position or _alike(one, last, _alike_name):
        return True
    if entry.occurred_at - before.occurred_at > AT_ONCE:
        return False
    follows = entry.kind == _ESCALATED and entry.automatic is not None
    return follows or _alike(one, last, lambda it: _AT_ONCE.get(it.entry.kind))


_ESCALATED = name_of(k.Escalated)


def _alike(one: Told, before: Told, name: Callable[[Told], Hashable]) -> bool:
    return name(one) is not None and name(one) == name(before)


def _alike_name(one: Told) -> Hashable:
    """By what rows are one wherever they stand side by side: automatic updates by all that they
    say before their words.
    """
    if one.update is not None:
        return update_head(one.update) if one.update.automatic else None
    return _TOGETHER.get(one.entry.kind)


WORDS_MOST = 3
"""So many of the rows that are one are quoted; the others are counted, but for escalations."""


def joined(run: Sequence[Told]) -> Row:
    """One row of those in a run; what came later in it says when."""
    several = [each.row for each in run]
    if len(several) == 1:
        return several[0]
    texts = {f"{_later(row, several[0])}{row.text}": row.kind for row in several}
    kept = list(texts)
    if len(texts) > WORDS_MOST + 1:
        kept = [
            text
            for place, (text, kind) in enumerate(texts.items())
            if place < WORDS_MOST or kind == _ESCALATED
        ]
    said = "; ".join(kept)
    if more := len(texts) - len(kept):
        said = f"{said}; and {more} more until {several[-1].at:%H:%M}"
    return _all_of(several, said)


def _all_of(several: Sequence[Row], said: str) -> Row:
    told = tuple(dict.fromkeys(audience for row in several for audience in row.told))
    missed = {who: why for row in several for who, why in row.not_told.items() if who not in told}
    return replace(several[0], text=said, told=told, not_told=missed)


def rows_of_states(found: Iterable[Sequence[Told]]) -> Iterator[Row]:
    """The rows of these runs, with all updates that people wrote of one state in one of them,
    whatever else happened in between: a document tells the course.
    """
    rows: list[tuple[Told, list[_Written]]] = []
    last: tuple[_State, list[_Written]] | None = None
    for run in found:
        state, row = _state(run[0]), joined(run)
        written = _Written(row, amended=any(each.entry.versions for each in run))
        if state is not None and last is not None and last[0] == state:
            last[1].append(written)
            continue
        several = [written]
        rows.append((run[0], several))
        if state is not None:
            last = state, several
    return (_of_state(first, several) for first, several in rows)


class _Written(NamedTuple):
    """A row, and whether something of it was put right or retracted."""

    row: Row
    amended: bool


def _of_state(told: Told, several: Sequence[_Written]) -> Row:
    """The first of them and the last, with those that were put right, and how many there are in
    between.
    """
    first, last = several[0].row, several[-1].row
    if first is last:
        return first
    assert told.update is not None, "what is one row for its state is an update"
    head, middle = update_head(told.update), several[1:-1]
    amended = [each for each in middle if each.amended]
    quoted = amended if len(middle) - len(amended) > 1 else middle
    more = [_news(each.row, first, head) for each in quoted]
    if len(middle) > len(quoted):
        more.append(f"{len(middle) - len(quoted)} more")
    said = "; ".join((first.text, *more, _news(last, first, head)))
    rows = [each.row for each in several]
    return replace(_all_of(rows, said), parts=tuple(rows))


def _news(row: Row, first: Row, head: str) -> str:
    """What an update says, without the state where the first one named the same."""
    return f"{_later(row, first)}{row.text.removeprefix(head)}"


_State = tuple[e.UpdateStatus, bool, str | None]


def _state(told: Told) -> _State | None:
    """In which state of which incident a person wrote an update, and whether in public."""
    update = told.update
    if update is None or update.automatic:
        return None
    return update.status, Audience.CUSTOMERS in update.audiences, told.entry.origin


def _later(row: Row, first: Row) -> str:
    """At what time, where that is later; whom it went to is told to the minute."""
    minute = f"{row.at:%H:%M}"
    if row.kind == _ESCALATED and minute != f"{first.at:%H:%M}":
        return f"{minute} "
    return f"{minute} " if row.at - first.at >= timedelta(minutes=1) else ""
