"""What happens to a schedule that is kept here. On disk for ever: rename nothing, add optional
fields, or supersede a tag.

What is put over the turns is an entry with a `number` of its own, counted per schedule.
"""

import msgspec

from domain.directory.registration import ManagementChanged, Phrase, Slug, ZoneName
from domain.kernel.commit import Event, Instant
from domain.oncall.layer import Group, Layer


class ScheduleProfile(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What is said of a schedule: whose it is (`team`, by slug), the `time_zone` in which it is
    read, and the layers of people who take turns. Without layers nobody is on call.
    """

    name: Phrase
    time_zone: ZoneName
    description: Phrase | None = None
    team: Slug | None = None
    layers: tuple[Layer, ...] = ()


class ScheduleRegistered(Event, frozen=True, kw_only=True, tag="schedule.registered.v1"):
    """There is a schedule, which goes by the slug. Its turns hold for all times that it says."""

    slug: str
    profile: ScheduleProfile


class ScheduleChanged(Event, frozen=True, kw_only=True, tag="schedule.changed.v1"):
    """What is said of it, whole. Its turns are these from `since` on; before, they are what they
    were.
    """

    profile: ScheduleProfile
    since: Instant


class OverrideAdded(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="schedule.override_added.v1"
):
    """These people instead of whoever has the rotations (none named: all of them). Nobody: it is
    left vacant on purpose.
    """

    number: int
    people: Group
    begins: Instant
    ends: Instant
    rotations: tuple[str, ...] = ()
    reason: str | None = None


class TurnsForwarded(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="schedule.turns_forwarded.v1"
):
    """While `leaves` is away, `takes` is on call instead."""

    number: int
    leaves: str
    takes: str
    begins: Instant
    ends: Instant
    reason: str | None = None


class ShadowAdded(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="schedule.shadow_added.v1"
):
    """A person learns beside whoever is on call, and is not woken."""

    number: int
    person: str
    begins: Instant
    ends: Instant
    reason: str | None = None


class SwapRequested(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="schedule.swap_requested.v1"
):
    """`takes` is asked to take over the turns of `leaves`, or (None) those that nobody has; None is
    to take them: they are to be left vacant. Nothing changes until it is accepted.
    """

    number: int
    leaves: str | None
    takes: str | None
    begins: Instant
    ends: Instant
    rotations: tuple[str, ...] = ()
    reason: str | None = None


class SwapAccepted(Event, frozen=True, kw_only=True, tag="schedule.swap_accepted.v1"):
    """The turns change hands."""

    number: int


class SwapDeclined(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="schedule.swap_declined.v1"
):
    """The turns stay where they are."""

    number: int
    reason: str | None = None


class StandInWithdrawn(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="schedule.stand_in_withdrawn.v1"
):
    """What was put over the turns holds from then on no more; what it was before stays so."""

    number: int
    reason: str | None = None


class ScheduleDeactivated(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="schedule.deactivated.v1"
):
    """Nobody is on call by it from then on."""

    reason: str | None = None


class ScheduleReactivated(Event, frozen=True, kw_only=True, tag="schedule.reactivated.v1"):
    """Its turns hold again from then on."""


class ScheduleManaged(ManagementChanged, frozen=True, kw_only=True, tag="schedule.managed.v1"):
    """Which configuration as code manages it, if one does."""


ScheduleEvent = (
    ScheduleRegistered
    | ScheduleChanged
    | OverrideAdded
    | TurnsForwarded
    | ShadowAdded
    | SwapRequested
    | SwapAccepted
    | SwapDeclined
    | StandInWithdrawn
    | ScheduleDeactivated
    | ScheduleReactivated
    | ScheduleManaged
)
