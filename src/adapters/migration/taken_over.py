"""Schedules of an export as commands: each is registered under a name of its own, and what is put
over its turns is entered in the order in which it counts.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from domain.oncall.schedule import Schedule
from domain.oncall.scheduling.kept import StandIn, StandInKind, SwapStatus

SLUG_MOST = 63
KINDS = {
    "override": StandInKind.OVERRIDE,
    "request_swap": StandInKind.SWAP,
    "forward": StandInKind.FORWARDING,
}
_NOT_IN_SLUG = re.compile(r"[^a-z0-9_-]+")


class Entry(NamedTuple):
    """What is put over turns: the command, from when until when, and its other fields."""

    command: str
    begins: datetime
    ends: datetime
    more: dict[str, Any]

    def body(self) -> dict[str, Any]:
        """The fields of the command."""
        return {"begins": self.begins, "ends": self.ends, **self.more}

    def is_same(self, stand_in: StandIn, name_of: Callable[[str], str]) -> bool:
        """Whether that is this one, by what it says of turns, people by whichever name."""
        if stand_in.kind is not KINDS[self.command] or stand_in.withdrawn:
            return False
        if stand_in.status is SwapStatus.DECLINED:
            return False

        def named(value: Any) -> Any:
            if isinstance(value, str):
                return name_of(value)
            return [name_of(each) for each in value] if value else None

        people = ("people", "leaves", "takes")
        return (
            (self.begins, self.ends) == (stand_in.begins, stand_in.ends)
            and list(stand_in.rotations) == self.more.get("rotations", [])
            and all(named(self.more.get(it)) == named(getattr(stand_in, it)) for it in people)
        )


class TakenOver(NamedTuple):
    """A schedule as it is to be kept: its slug, what is said of it, and what is put over it."""

    slug: str
    profile: dict[str, Any]
    entries: tuple[Entry, ...]
    schedule: Schedule


def taken_over(schedules: Iterable[Schedule]) -> Iterator[TakenOver]:
    """They as they are to be kept. Each has the slug of its name, or of its name and id where two
    have one name.
    """
    known = list(schedules)
    slugs = slugs_of(((each.id, each.name) for each in known), "schedule")
    for each, slug in zip(known, slugs, strict=True):
        profile = {
            "name": each.name,
            "time_zone": each.zone,
            "description": origin_of(each),
            "layers": msgspec.to_builtins(each.layers),
        }
        yield TakenOver(slug, profile, tuple(_entries(each)), each)


def slugs_of(named: Iterable[tuple[str, str]], otherwise: str) -> list[str]:
    """A slug for each id and name: that of the name, or of name and id where two have one name."""
    known = list(named)
    names = [_slug(name) for _, name in known]
    return [
        name if name and names.count(name) == 1 else _with_id(name or otherwise, id_)
        for (id_, _), name in zip(known, names, strict=True)
    ]


def origin_of(schedule: Schedule) -> str:
    """What a schedule says of where it comes from."""
    return f"It was {schedule.id} before."


def _with_id(name: str, id_: str) -> str:
    """The id is kept whole: it tells schedules of one name apart."""
    tail = _slug(id_)
    head = name[: max(0, SLUG_MOST - len(tail) - 1)]
    return f"{head}-{tail}".strip("-_")


def _slug(name: str) -> str:
    return _NOT_IN_SLUG.sub("-", name.lower()).strip("-_")[:SLUG_MOST].strip("-_")


def _entries(schedule: Schedule) -> Iterator[Entry]:
    for each in schedule.overrides:
        who: dict[str, Any] = {"people": list(each.people), "rotations": list(each.rotations)}
        yield Entry("override", each.begins, each.ends, who)
    for swap in schedule.swaps:
        who = {"leaves": swap.leaves, "takes": swap.takes, "rotations": list(swap.rotations)}
        yield Entry("request_swap", swap.begins, swap.ends, who)
    for away in schedule.forwardings:
        who = {"leaves": away.leaves, "takes": away.takes}
        yield Entry("forward", away.begins, away.ends, who)
