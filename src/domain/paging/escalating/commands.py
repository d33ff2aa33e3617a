"""What can be asked of an escalation policy."""

from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from domain.directory.registration import DirectoryCommand, Managed, Phrase, ReleaseEntry, Slug
from domain.paging.escalating.events import LEVELS_MOST, REPEATS_MOST, EscalationProfile, Slugs
from domain.paging.targets import EscalationLevel
from domain.policy import Severity


class RegisterEscalationPolicy(EscalationProfile, frozen=True, kw_only=True):
    """Enter an escalation policy. The slug stays: pages and the log refer to it."""

    slug: Slug
    managed_by: Managed | None = None


class ChangeEscalationPolicy(DirectoryCommand, frozen=True, kw_only=True):
    """Change what is said of a policy: the fields that are given, each as a whole. Pages that are
    under way go on as they began.
    """

    name: Phrase | UnsetType = UNSET
    levels: (
        Annotated[tuple[EscalationLevel, ...], msgspec.Meta(min_length=1, max_length=LEVELS_MOST)]
        | UnsetType
    ) = UNSET
    description: Phrase | UnsetType | None = UNSET
    services: Slugs | UnsetType = UNSET
    teams: Slugs | UnsetType = UNSET
    severities: tuple[Severity, ...] | UnsetType = UNSET
    repeats: Annotated[int, msgspec.Meta(ge=0, le=REPEATS_MOST)] | UnsetType = UNSET
    then: Slug | UnsetType | None = UNSET
    acknowledgements: Annotated[int, msgspec.Meta(ge=1, le=10)] | UnsetType = UNSET
    stale_after_s: Annotated[int, msgspec.Meta(ge=60, le=604_800)] | UnsetType | None = UNSET


class DeactivateEscalationPolicy(DirectoryCommand, frozen=True, kw_only=True):
    """Say that nothing is paged by it from now on. Pages that are under way go on."""

    reason: Phrase | None = None


class ReactivateEscalationPolicy(DirectoryCommand, frozen=True, kw_only=True):
    """Say that incidents are paged by it again."""


class ReleaseEscalationPolicy(ReleaseEntry, frozen=True, kw_only=True):
    """Take a policy out of the hands of the configuration as code that manages it."""


class TakeTurn(msgspec.Struct, frozen=True, kw_only=True):
    """Take the next turn for a page, by its id; the same page has the same turn. The service alone
    sends it.
    """

    page: str


EscalationStatement = (
    RegisterEscalationPolicy
    | ChangeEscalationPolicy
    | DeactivateEscalationPolicy
    | ReactivateEscalationPolicy
)
PublicEscalationCommand = EscalationStatement | ReleaseEscalationPolicy
EscalationCommand = PublicEscalationCommand | TakeTurn
