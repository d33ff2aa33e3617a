"""A schedule as it is kept: what is said of it, which turns held since when, and what is put over
them.
"""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

import msgspec

from domain.directory.registration import Entry, Managed, known, standing
from domain.oncall.layer import Group, Layer
from domain.oncall.scheduling.events import ScheduleProfile


class StandInKind(StrEnum):
    """What is put over the turns."""

    OVERRIDE = "override"
    FORWARDING = "forwarding"
    SHADOW = "shadow"
    SWAP = "swap"


class SwapStatus(StrEnum):
    """How a swap stands."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class StandIn(msgspec.Struct, frozen=True, kw_only=True):
    """What is put over the turns from `begins` until `ends`, who said so (`by`) and when.

    `people` are on call (override) or learn (shadow); otherwise `takes` has the turns of `leaves`.
    What is `withdrawn` has ended when it was, or never began; `holds_from`: what was accepted late.
    A swap was accepted or declined at `answered_at`.
    """

    number: int
    kind: StandInKind
    begins: datetime
    ends: datetime
    by: str
    said_at: datetime
    people: Group = ()
    leaves: str | None = None
    takes: str | None = None
    rotations: tuple[str, ...] = ()
    status: SwapStatus | None = None
    holds_from: datetime | None = None
    withdrawn: bool = False
    reason: str | None = None
    answer: str | None = None
    answered_at: datetime | None = None

    @property
    def order(self) -> tuple[datetime, int]:
        """When it came to hold; what came later holds instead of what was before."""
        return self.answered_at or self.said_at, self.number

    @property
    def holds(self) -> bool:
        """Whether it changes who is on call at any time."""
        if self.kind is StandInKind.SWAP and self.status is not SwapStatus.ACCEPTED:
            return False
        return self.kind is not StandInKind.SHADOW and self.begins < self.ends


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """The turns that hold from `since` on; None: from ever. Without `enabled` nobody has one."""

    since: datetime | None
    zone: str
    layers: tuple[Layer, ...]
    enabled: bool = True


class KeptSchedule(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known of one. `courses` are in order of their beginning."""

    entry: Entry[ScheduleProfile] = Entry()
    courses: tuple[Course, ...] = ()
    stand_ins: tuple[StandIn, ...] = ()

    @property
    def profile(self) -> ScheduleProfile:
        """What is said of one that is there. Raises `Refused`."""
        return known("schedule", self.entry)

    @property
    def people(self) -> tuple[str, ...]:
        """Who takes turns, as it stands, by name."""
        layers = self.profile.layers
        return tuple(sorted({name for it in layers for group in it.groups for name in group}))

    @property
    def next_number(self) -> int:
        """The number of the next entry that is put over the turns."""
        return len(self.stand_ins) + 1


class ScheduleView(msgspec.Struct, frozen=True, kw_only=True):
    """A schedule as others see it: what is said of it, its `people`, which turns held
    since when, what is put over them, and who changed it last.
    """

    id: str
    name: str
    active: bool
    description: str | None
    team: str | None
    time_zone: str
    layers: tuple[Layer, ...]
    people: tuple[str, ...]
    courses: tuple[Course, ...]
    stand_ins: tuple[StandIn, ...]
    inactive_because: str | None
    changed_by: str
    changed_at: datetime
    managed: Managed | None
    position: int


def show(id_: str, kept: KeptSchedule, position: int) -> ScheduleView | None:
    """None before it was registered."""
    profile = kept.entry.profile
    if profile is None:
        return None
    said = {name: getattr(profile, name) for name in ScheduleProfile.__struct_fields__}
    return ScheduleView(
        id=id_,
        position=position,
        people=kept.people,
        courses=kept.courses,
        stand_ins=kept.stand_ins,
        **standing(kept.entry),
        **said,
    )


class InALine(Protocol):
    """What a line about a schedule is made of."""

    id: str
    name: str
    people: tuple[str, ...]
    active: bool


def headline(view: InALine) -> str:
    """A line for people: `payments: Payments, 5 people`."""
    many = f"{len(view.people)} {'person' if len(view.people) == 1 else 'people'}"
    return f"{view.id}: {view.name}, {many}{'' if view.active else ' (not active)'}"
