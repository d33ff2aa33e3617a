"""Who is on call by a schedule that is kept, at any time: each stretch by the turns that held then.

What was on record at another time gives what was believed then: the same functions, of the state
that the log had come to.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache, partial
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from domain.kernel.refusal import Refused
from domain.oncall.effort import steps_of
from domain.oncall.layer import DAY, WEEK, Group, Layer, Turns
from domain.oncall.people import Asked, slug_or_name
from domain.oncall.schedule import Forwarding, Override, Schedule, Swap
from domain.oncall.scheduling.courses import held
from domain.oncall.scheduling.kept import Course, KeptSchedule, ScheduleView, StandIn, StandInKind
from domain.oncall.scheduling.layer_limits import check_reachable
from domain.oncall.shifts import Shift, TooManyTurnsError, merged, shifts, turns_of
from domain.oncall.wall_clock import is_instant

LASTS_LEAST = 2 * 365 * DAY
"""For so long, at least, a schedule that is taken can be laid out."""
WINDOW_MOST = 400 * DAY
TURNS_MOST = 10_000
"""So many turns of a layer are laid out at once."""
STEPS_MOST = 100_000
"""So many steps are taken to lay the turns of all layers out: a second, five where all
differ in when they pass on."""
AHEAD = 8 * WEEK
"""So far the next hand-off is looked for."""

_ANY = datetime.fromisoformat("2000-01-01T00:00")
_NOBODY = Layer(id="", zone="UTC", pattern=Turns(anchor=_ANY), groups=())
"""The turns of a schedule that has none, so that there is something to be put over."""


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


def rota_kept(kept: KeptSchedule) -> Rota:
    """The rota of a schedule as it is kept."""
    return Rota(kept.entry.slug, kept.courses, kept.stand_ins)


def shifts_of(rota: Rota, since: datetime, until: datetime) -> list[Shift]:
    """The shifts of [since, until), gaps among them as shifts of nobody. Raises `Refused`."""
    _check_window(since, until)
    if since >= until:
        return []
    return merged(_stretches(rota, since, until))


def on_call_at(rota: Rota, at: datetime) -> OnCall:
    """Who is on call at an instant, and who is next. Raises `Refused`."""
    return on_call_among(shifts_around(rota, at), rota, at)


def shifts_around(rota: Rota, at: datetime) -> list[Shift]:
    """The shifts of the eight weeks before an instant, and after it. Raises `Refused`."""
    check_reachable(at, "at")
    return shifts_of(rota, at - AHEAD, at + AHEAD)


def on_call_among(around: list[Shift], rota: Rota, at: datetime) -> OnCall:
    """The same where the shifts around that instant are at hand."""
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


def check_layers(layers: Sequence[Layer], now: datetime) -> None:
    """Raises `Refused` where the turns of layers are too many to be laid out in any window that can
    be asked about, for some years to come.
    """
    grown = now + LASTS_LEAST
    for since in (now, grown):
        _check_steps(layers, since, since + WINDOW_MOST)
    for layer in layers:
        since = max(now, layer.begins or now)
        _check_steps((layer,), since, since + WINDOW_MOST)
        try:
            turns_of(layer, since, since + WINDOW_MOST, TURNS_MOST)
        except TooManyTurnsError as many:
            raise _too_many(many, since, since + WINDOW_MOST) from None


def _check_steps(layers: Sequence[Layer], since: datetime, until: datetime) -> None:
    steps = sum(steps_of(each, since, until) for each in layers)
    if steps > STEPS_MOST:
        most = max(layers, key=lambda each: steps_of(each, since, until))
        raise Refused(
            "schedule.too_many_turns",
            f"it takes about {steps:,} steps to lay the turns out from {since:%Y-%m-%d} until"
            f" {until:%Y-%m-%d}, most of them for layer {most.id}",
            field="layers",
            rule=f"At most {STEPS_MOST:,} steps: longer turns, fewer layers, a shorter time, or a"
            " recurrence that starts later, for it is counted from there.",
            invalid=True,
        )


def _stretches(rota: Rota, since: datetime, until: datetime) -> Iterator[Shift]:
    for course, begins, ends in held(rota.courses, since, until):
        _check_steps(course.layers, begins, ends)
        try:
            yield from shifts(_schedule(rota, course), begins, ends, TURNS_MOST)
        except TooManyTurnsError as many:
            raise _too_many(many, begins, ends) from None


def _schedule(rota: Rota, course: Course) -> Schedule:
    layers = course.layers or (_NOBODY,)
    rotations = tuple(dict.fromkeys(each.rotation for each in layers))
    holding = sorted((each for each in rota.stand_ins if each.holds), key=lambda each: each.order)
    return Schedule(
        id=rota.name,
        name=rota.name,
        zone=course.zone,
        layers=layers,
        enabled=course.enabled,
        overrides=tuple(
            Override(
                begins=it.begins,
                ends=it.ends,
                people=it.people,
                rotations=it.rotations or rotations,
                order=order,
            )
            for order, it in enumerate(holding)
            if it.kind is StandInKind.OVERRIDE
        ),
        swaps=tuple(
            Swap(
                begins=it.holds_from or it.begins,
                ends=it.ends,
                leaves=it.leaves,
                takes=it.takes,
                rotations=it.rotations,
                order=order,
            )
            for order, it in enumerate(holding)
            if it.kind is StandInKind.SWAP
        ),
        forwardings=tuple(
            Forwarding(begins=it.begins, ends=it.ends, leaves=it.leaves, takes=it.takes)
            for it in holding
            if it.kind is StandInKind.FORWARDING and it.leaves and it.takes
        ),
    )


def renamed(rota: Rota, who: Asked) -> Rota:
    """The same with people by the names that the directory has: one who was not in it when turns
    were given, and is now, is one person in all of them.
    """
    names = cache(partial(slug_or_name, who))

    def group(people: Group) -> Group:
        return tuple(dict.fromkeys(names(each) for each in people))

    courses = tuple(
        replace(
            course,
            layers=tuple(
                replace(each, groups=tuple(group(one) for one in each.groups))
                for each in course.layers
            ),
        )
        for course in rota.courses
    )
    stand_ins = tuple(
        replace(
            each,
            people=group(each.people),
            leaves=None if each.leaves is None else names(each.leaves),
            takes=None if each.takes is None else names(each.takes),
        )
        for each in rota.stand_ins
    )
    return Rota(rota.name, courses, stand_ins)


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
    check_reachable(since, "from")
    check_reachable(until, "to")
    if until - since > WINDOW_MOST + timedelta(days=1):
        raise Refused(
            "query.too_wide",
            f"from {since:%Y-%m-%d} to {until:%Y-%m-%d} is more than {WINDOW_MOST.days} days",
            field="to",
            rule=f"At most {WINDOW_MOST.days} days of shifts at once.",
            invalid=True,
        )
