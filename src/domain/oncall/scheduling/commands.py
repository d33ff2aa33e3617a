"""What can be asked of a schedule. A person is named by slug, or by a name of the directory; who is
not in it is taken as given.
"""

from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from domain.directory.registration import (
    DirectoryCommand,
    Managed,
    Phrase,
    ReleaseEntry,
    Slug,
    ZoneName,
)
from domain.kernel.commit import Instant
from domain.oncall.layer import Layer
from domain.oncall.scheduling.events import ScheduleProfile

Number = Annotated[int, msgspec.Meta(ge=1)]
"""Of an entry that was put over the turns, as the schedule shows it."""


class RegisterSchedule(ScheduleProfile, frozen=True, kw_only=True):
    """Enter a schedule. The slug stays: escalation policies and the log refer to it."""

    slug: Slug
    managed_by: Managed | None = None


class ChangeSchedule(DirectoryCommand, frozen=True, kw_only=True):
    """Change what is said of a schedule: the fields that are given, each as a whole. Its turns
    change at `since` (now, where none is given); before that they stay what they were.
    """

    name: Phrase | UnsetType = UNSET
    time_zone: ZoneName | UnsetType = UNSET
    description: Phrase | UnsetType | None = UNSET
    team: Slug | UnsetType | None = UNSET
    layers: tuple[Layer, ...] | UnsetType = UNSET
    since: Instant | None = None


class StandInCommand(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What all share that put something over the turns, from `begins` until `ends`."""

    begins: Instant
    ends: Instant
    reason: Phrase | None = None


class OverrideTurns(StandInCommand, frozen=True, kw_only=True):
    """Put these people on call instead of whoever has the rotations (none named: all of them).
    Nobody: leave it vacant on purpose.
    """

    people: tuple[Phrase, ...]
    rotations: tuple[Phrase, ...] = ()


class ForwardTurns(StandInCommand, frozen=True, kw_only=True):
    """Say that `leaves` is away and `takes` is on call instead, wherever that would be."""

    leaves: Phrase
    takes: Phrase


class AddShadow(StandInCommand, frozen=True, kw_only=True):
    """Let a person learn beside whoever is on call. Who shadows is shown, and not woken."""

    person: Phrase


class RequestSwap(StandInCommand, frozen=True, kw_only=True):
    """Ask `takes` to take over the turns of `leaves`, or those that nobody has, where `leaves` is
    not given. Without `takes` they are to be left vacant. Nothing changes until it is accepted.
    """

    leaves: Phrase | None = None
    takes: Phrase | None = None
    rotations: tuple[Phrase, ...] = ()


class AcceptSwap(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Take over the turns that a swap is about. With `confirm` somebody else says so for whoever
    takes them.
    """

    number: Number
    confirm: bool = False


class DeclineSwap(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Leave the turns that a swap is about where they are."""

    number: Number
    reason: Phrase | None = None


class WithdrawStandIn(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """End what was put over the turns: an override, a forwarding, a shadow or a swap."""

    number: Number
    reason: Phrase | None = None


class DeactivateSchedule(DirectoryCommand, frozen=True, kw_only=True):
    """Say that nobody is on call by it from now on."""

    reason: Phrase | None = None


class ReactivateSchedule(DirectoryCommand, frozen=True, kw_only=True):
    """Say that its turns hold again from now on."""


class ReleaseSchedule(ReleaseEntry, frozen=True, kw_only=True):
    """Take a schedule out of the hands of the configuration as code that manages it."""


ScheduleCommand = (
    RegisterSchedule
    | ChangeSchedule
    | OverrideTurns
    | ForwardTurns
    | AddShadow
    | RequestSwap
    | AcceptSwap
    | DeclineSwap
    | WithdrawStandIn
    | DeactivateSchedule
    | ReactivateSchedule
    | ReleaseSchedule
)
