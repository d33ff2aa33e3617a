"""Who is on call by a schedule that is kept, at any time: each stretch by the turns that held then.

What was on record at another time gives what was believed then: the same functions, of the state
that the log had come to.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

import msgspec

from domain.kernel.refusal import Refused
from domain.oncall.layer import DAY, WEEK, Group, Layer
from domain.oncall.schedule import Forwarding, Override, Schedule, Swap
from domain.oncall.scheduling.kept import Course, ScheduleView, StandIn, StandInKind
from domain.oncall.shifts import Shift, TooManyTurnsError, merged, shifts, turns_of
from domain.oncall.wall_clock import is_instant

WINDOW_MOST = 400 * DAY
TURNS_MOST = 10_000
"""So many turns of a layer are laid out at once."""
AHEAD = 8 * WEEK
"""So far the next hand-off is looked for."""


class Rota(NamedTuple):
    """The turns of a schedule that held since when, and what is put over them."""

    name: str
    courses: tuple[Course, ...]
    stand_ins: tuple[StandIn, ...]


class OnCall(msgspec.Struct, frozen=True, kw_only=True):
    """Who is on call `at` an instant, since when and until when as far as that is known; `shadows`
    learn beside them. `next_people` follow at `until`; None: nothing changes for eight weeks.
    """

    schedule: str
    at: datetime
    people: Group
    shadows: Group
    since: datetime | None
    until: datetime | None
    next_people: Group | None


def rota_of(view: ScheduleView) -> Rota:
    """The rota of a schedule as it is shown."""
    return Rota(view.id, view.courses, view.stand_ins)


def shifts_of(rota: Rota, since: datetime, until: datetime) -> list[Shift]:
    """The shifts of [since, until), gaps among them as shifts of nobody. Raises `Refused`."""
    _check_window(since, until)
    if since >= until:
        return []
    return merged(_stretches(rota, since, until))


def on_call_at(rota: Rota, at: datetime) -> OnCall:
    """Who is on call at an instant, and who is next. Raises `Refused`."""
    around = shifts_of(rota, at - AHEAD, at + AHEAD)
    place = next(n for n, each in enumerate(around) if each.begins <= at < each.ends)
    now, later = around[place], around[place + 1 :]
    return OnCall(
        schedule=rota.name,
        at=at,
        people=now.people,
        shadows=_shadows(rota.stand_ins, at),
        since=now.begins if place else None,
        until=now.ends if later else None,
        next_people=later[0].people if later else None,
    )


def check_layers(layers: Iterable[Layer], since: datetime) -> None:
    """Raises `Refused` where the turns of a layer are too many to be laid out."""
    until = since + 90 * DAY
    try:
        for layer in layers:
            turns_of(layer, since, until, TURNS_MOST)
    except TooManyTurnsError as many:
        raise _too_many(many, since, until) from None


def _stretches(rota: Rota, since: datetime, until: datetime) -> Iterator[Shift]:
    for course, begins, ends in _held(rota.courses, since, until):
        try:
            yield from shifts(_schedule(rota, course), begins, ends, TURNS_MOST)
        except TooManyTurnsError as many:
            raise _too_many(many, begins, ends) from None


def _held(
    courses: tuple[Course, ...], since: datetime, until: datetime
) -> Iterator[tuple[Course, datetime, datetime]]:
    """Which turns hold from when until when, within a window."""
    starts = [*(max(each.since or since, since) for each in courses), until]
    for course, (begins, ends) in zip(courses, pairwise(starts), strict=True):
        if begins < (ends := min(ends, until)):
            yield course, begins, ends


def _schedule(rota: Rota, course: Course) -> Schedule:
    rotations = tuple(dict.fromkeys(each.rotation for each in course.layers))
    holding = [each for each in rota.stand_ins if each.holds]
    return Schedule(
        id=rota.name,
        name=rota.name,
        zone=course.zone,
        layers=course.layers,
        enabled=course.enabled,
        overrides=tuple(
            Override(
                begins=it.begins,
                ends=it.ends,
                people=it.people,
                rotations=it.rotations or rotations,
            )
            for it in holding
            if it.kind is StandInKind.OVERRIDE
        ),
        swaps=tuple(
            Swap(
                begins=it.holds_from or it.begins,
                ends=it.ends,
                leaves=it.leaves,
                takes=it.takes,
                rotations=it.rotations,
            )
            for it in holding
            if it.kind is StandInKind.SWAP
        ),
        forwardings=tuple(
            Forwarding(begins=it.begins, ends=it.ends, leaves=it.leaves, takes=it.takes)
            for it in holding
            if it.kind is StandInKind.FORWARDING and it.leaves and it.takes
        ),
    )


def _shadows(stand_ins: Iterable[StandIn], at: datetime) -> Group:
    found = {
        person
        for each in stand_ins
        if each.kind is StandInKind.SHADOW and each.begins <= at < each.ends
        for person in each.people
    }
    return tuple(sorted(found))


def _too_many(many: TooManyTurnsError, since: datetime, until: datetime) -> Refused:
    return Refused(
        "schedule.too_many_turns",
        f"layer {many.layer.id} comes to more than {TURNS_MOST:,} turns from {since:%Y-%m-%d} until"
        f" {until:%Y-%m-%d}",
        field="layers",
        rule="Turns are long enough to be laid out: hours, rather than minutes.",
        invalid=True,
    )


def _check_window(since: datetime, until: datetime) -> None:
    if not (is_instant(since) and is_instant(until)):
        raise Refused(
            "query.invalid",
            "from and to need a time zone",
            field="from",
            rule="An instant has a zone, such as 2026-03-01T09:00:00Z.",
            invalid=True,
        )
    if until - since > WINDOW_MOST + timedelta(days=1):
        raise Refused(
            "query.too_wide",
            f"from {since:%Y-%m-%d} to {until:%Y-%m-%d} is more than {WINDOW_MOST.days} days",
            field="to",
            rule=f"At most {WINDOW_MOST.days} days of shifts at once.",
            invalid=True,
        )
