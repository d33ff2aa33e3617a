"""Statements about the impact as others ask for them: one after the other, whole, or put right."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from msgspec.structs import asdict, replace

from domain.incident.impact import Changes, Impact
from domain.incident.severity.course import Statement, Statements, add, inserted, instants, stated
from domain.incident.severity.events import GivenBack


def whole_of(impact: Impact) -> Changes:
    """All of an impact, what is not known of it as well."""
    return Changes(**asdict(impact))


def amended(
    statements: Statements, at: datetime, was: Changes, now: Changes | None, now_at: datetime
) -> Statements:
    """With what was stated of a time (or just after it, where clocks were behind) put right: it is
    `now`, and was so from `now_at` on. None: it was not so at all.
    """
    said = stated(was)
    found_in = [
        place
        for place, each in enumerate(statements)
        if each.at >= at and said.items() <= stated(each.changes).items()
    ]
    just_so = [
        place
        for place in found_in
        if (statements[place].at, statements[place].changes) == (at, was)
    ]
    place = next(iter((*just_so, *found_in)), None)
    if place is None:
        return statements
    found = statements[place]
    rest = {name: value for name, value in stated(found.changes).items() if name not in said}
    left = (*statements[:place], *statements[place + 1 :])
    if rest:
        left = inserted(left, replace(found, changes=Changes(**rest)))
    if now is None:
        return left
    at = found.at if now_at == at else now_at
    return add(left, replace(found, at=at, changes=now))


def brought_at(statements: Statements, name: str, value: Any, since: datetime) -> datetime | None:
    """When a figure was taken over from another incident that was merged `since`, or before that
    where it was handed on to it; None: it was not.
    """
    of = [
        each.at
        for each in statements
        if each.taken_over and stated(each.changes).get(name) == value and value is not None
    ]
    return next((at for at in of if at >= since), of[-1] if of else None)


def without_brought(statements: Statements, back: Iterable[GivenBack]) -> Statements:
    """Without what was taken over from another incident."""
    for each in back:
        left = list[Statement]()
        said = stated(each.was)
        for known in statements:
            figures = stated(known.changes)
            gone = known.taken_over and known.at == each.at and said.items() <= figures.items()
            if not gone:
                left.append(known)
                continue
            rest = {name: value for name, value in figures.items() if name not in said}
            rest |= stated(each.now) if each.now else {}
            if rest:
                left.append(replace(known, changes=Changes(**rest)))
        statements = tuple(left)
    return statements


def impacts(statements: Iterable[Statement]) -> Iterator[tuple[Statement, Impact]]:
    """What is stated of each instant, and what was so from then on, in one pass."""
    known: dict[str, Any] = {}
    for each in instants(statements):
        known.update(stated(each.changes))
        yield each, Impact(**known)
