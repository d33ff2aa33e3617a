"""A layer of a schedule: who takes turns, and when, by the wall clock of its zone."""

from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

import msgspec

from domain.oncall.wall_clock import is_instant, is_zone

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
TURN_LEAST = timedelta(minutes=1)

Group = tuple[str, ...]
"""Those who are on call together. Nobody: a turn that is left vacant on purpose."""


class Restriction(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """A part of each day, or of each week, in which alone a layer is on duty.

    `weekday`: ISO number (1: Monday) of the day on which it begins; None: each day. `length` is by
    the wall clock, and may reach into the next days.
    """

    at: time
    length: timedelta
    weekday: int | None = None

    def __post_init__(self) -> None:
        if self.length <= timedelta(0):
            raise ValueError("a restriction lasts longer than nothing")
        if self.weekday is not None and not 1 <= self.weekday <= 7:
            raise ValueError("weekday: a number from 1 (Monday) to 7 (Sunday)")


class Turns(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag="turns",
):
    """Turns without a pause: duty passes on every `length` of wall clock, counted from `anchor`, or
    every so many `months`, by the same day of the month or its last.
    """

    anchor: datetime
    length: timedelta = WEEK
    months: int = 0

    def __post_init__(self) -> None:
        if is_instant(self.anchor):
            raise ValueError("anchor: a time by the wall clock, without a zone")
        if self.length < TURN_LEAST or self.months < 0:
            raise ValueError("a turn lasts a minute or longer")


class Step(StrEnum):
    """What passes from one group to the next: each occurrence, or all that begin in one period."""

    OCCURRENCE = "occurrence"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Recurring(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag="recurring",
):
    """Shifts that recur by a rule of RFC 5545, each `length` of wall clock long.

    `rule` is a recurrence rule without UNTIL (FREQ=WEEKLY;BYDAY=MO,FR); None: once. The last shift
    begins at `last` or before. Shifts are counted from `start`, also where they are given from
    `first` on only. `added` and `left_out` are single beginnings. Every `every` of `step` the next
    group takes over.
    """

    start: datetime
    length: timedelta
    rule: str | None = None
    last: datetime | None = None
    first: datetime | None = None
    added: tuple[datetime, ...] = ()
    left_out: tuple[datetime, ...] = ()
    step: Step = Step.OCCURRENCE
    every: int = 1

    def __post_init__(self) -> None:
        times = (self.start, self.last, self.first, *self.added, *self.left_out)
        if any(is_instant(each) for each in times if each is not None):
            raise ValueError("times by the wall clock have no zone")
        if self.length <= timedelta(0):
            raise ValueError("a shift lasts longer than nothing")
        if self.every < 1:
            raise ValueError("every: 1 or more")


class Layer(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Groups that take turns by a pattern.

    Of several layers that have somebody, those of the highest `rank` are on call, together. `group`
    says whose turn the first is, from 0. `begins` and `ends` are instants between which it counts.
    `part_of` names the rotation that it belongs to, for what is put over that one alone.
    """

    id: str
    zone: str
    pattern: Turns | Recurring
    groups: tuple[Group, ...]
    name: str = ""
    part_of: str | None = None
    rank: int = 0
    group: int = 0
    begins: datetime | None = None
    ends: datetime | None = None
    restrictions: tuple[Restriction, ...] = ()

    def __post_init__(self) -> None:
        if not is_zone(self.zone):
            raise ValueError(f"there is no time zone {self.zone}")
        if any(not is_instant(each) for each in (self.begins, self.ends) if each is not None):
            raise ValueError("begins and ends are instants, and have a zone")

    @property
    def rotation(self) -> str:
        return self.part_of or self.id


def once(id: str, begins: datetime, ends: datetime, people: Group, rank: int = 0) -> Layer:  # noqa: A002
    """A single shift, from one instant until another."""
    start = begins.astimezone(UTC).replace(tzinfo=None)
    return Layer(
        id=id,
        zone="UTC",
        pattern=Recurring(start=start, length=ends - begins),
        groups=(people,),
        rank=rank,
        begins=begins,
        ends=ends,
    )
