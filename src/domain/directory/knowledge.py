"""What of a service is known to how many people, by what they have done about its incidents.

It tells how much hangs on few people, and where what they know should be shared. It says nothing of
how well anybody does, and nothing is known of what nobody has had to do.
"""

from collections.abc import Iterable

import msgspec

from domain.kernel.decider import UNKNOWN
from domain.kernel.roster import NameDoubt, Who, plain


class Acted(msgspec.Struct, frozen=True, kw_only=True):
    """On which incidents of a service somebody acted, and on which day last; without an actor:
    which incidents there were.
    """

    service: str
    actor: str | None = None
    ids: tuple[str, ...] = ()
    last_on: str | None = None
    who: Who | None = None


class Knows(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who acted: the `person`, null where no entry is known by that name; `active` null:
    nothing is known of that. `counts`: is somebody who is still there, as far as is known; a name
    that the directory lists nobody by may be that of a program.
    """

    name: str
    person: str | None
    active: bool | None
    incidents: int
    last_on: str | None
    counts: bool


class BusFactor(msgspec.Struct, frozen=True, kw_only=True):
    """How many people who acted on a service's incidents are still there, the `people` (who acted
    most first) and how many `incidents` began in these `days`. `bus_factor` is null where nobody
    of the directory is known to have acted: then nothing is known, and nothing is counted.
    `unnamed`: on so many somebody acted who gave no name.
    """

    service: str
    days: int
    bus_factor: int | None
    incidents: int
    unnamed: int
    people: tuple[Knows, ...]


class UnknownService(msgspec.Struct, frozen=True, kw_only=True):
    """What incidents call a service that has no entry, in how many of them, and the latest one."""

    service: str
    incidents: int
    last_on: str | None
    latest: str


def bus_factor(service: str, days: int, acted: Iterable[Acted]) -> BusFactor:
    """Of what was done about a service's incidents; one person counts once, by whatever name."""
    began, unnamed = set[str](), set[str]()
    by_person: dict[str, list[Acted]] = {}
    for each in acted:
        if each.actor is None:
            began.update(each.ids)
        elif each.actor == UNKNOWN:
            unnamed.update(each.ids)
        else:
            by_person.setdefault(_key(each), []).append(each)
    people = sorted(map(_knows, by_person.values()), key=lambda one: (-one.incidents, one.name))
    is_known = any(one.counts or one.active is False for one in people)
    return BusFactor(
        service=service,
        days=days,
        bus_factor=sum(one.counts for one in people) if is_known else None,
        incidents=len(began),
        unnamed=len(unnamed),
        people=tuple(people),
    )


def _key(acted: Acted) -> str:
    """The same for one person: by the directory, or else as the name is written."""
    who = acted.who
    return f"person:{who.person}" if who and who.person else plain(acted.actor or "")


def _knows(acted: list[Acted]) -> Knows:
    """What one person did, by all of their names."""
    who = acted[0].who or Who(name=acted[0].actor or UNKNOWN)
    return Knows(
        name=who.name,
        person=who.person,
        active=who.doubt is not NameDoubt.NOT_ACTIVE if who.person else None,
        counts=who.doubt in {None, NameDoubt.SEVERAL},
        incidents=len({id_ for each in acted for id_ in each.ids}),
        last_on=max(filter(None, (each.last_on for each in acted)), default=None),
    )
