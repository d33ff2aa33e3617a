"""What happens to an escalation policy. On disk for ever: rename nothing, add optional fields, or
supersede a tag.
"""

from typing import Annotated

import msgspec

from domain.directory.registration import ManagementChanged, Phrase, Slug
from domain.kernel.commit import Event
from domain.paging.targets import EscalationLevel
from domain.policy import Severity

LEVELS_MOST = 20
REPEATS_MOST = 9
PAGED = (Severity.SEV1, Severity.SEV2, Severity.SEV3)
"""What pages people where a policy does not say; the rest waits for triage."""

Slugs = Annotated[tuple[Slug, ...], msgspec.Meta(max_length=500)]


class EscalationProfile(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What is said of a policy: its levels, which are climbed `repeats` times more, and `then`
    those of another policy (by slug).

    It is for incidents of these `services`, or of those that these `teams` own (neither: for any),
    and of these `severities`. So many different people have to acknowledge (`acknowledgements`).
    An acknowledgement is stale `stale_after_s` seconds after the last thing that a person has done
    in the incident (None: never).
    """

    name: Phrase
    levels: Annotated[
        tuple[EscalationLevel, ...], msgspec.Meta(min_length=1, max_length=LEVELS_MOST)
    ]
    description: Phrase | None = None
    services: Slugs = ()
    teams: Slugs = ()
    severities: tuple[Severity, ...] = PAGED
    repeats: Annotated[int, msgspec.Meta(ge=0, le=REPEATS_MOST)] = 0
    then: Slug | None = None
    acknowledgements: Annotated[int, msgspec.Meta(ge=1, le=10)] = 1
    stale_after_s: Annotated[int, msgspec.Meta(ge=60, le=604_800)] | None = None


class EscalationPolicyRegistered(
    Event, frozen=True, kw_only=True, tag="escalation_policy.registered.v1"
):
    """There is a policy, which goes by the slug."""

    slug: str
    profile: EscalationProfile


class EscalationPolicyChanged(Event, frozen=True, kw_only=True, tag="escalation_policy.changed.v1"):
    """What is said of it, whole. Pages that are under way go on by what was said before."""

    profile: EscalationProfile


class EscalationTurnTaken(Event, frozen=True, kw_only=True, tag="escalation_policy.turn_taken.v1"):
    """A page has taken the next turn of its round-robin levels; `page` is the id of it."""

    page: str
    turn: int


class EscalationPolicyDeactivated(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="escalation_policy.deactivated.v1"
):
    """Nothing is paged by it from now on."""

    reason: str | None = None


class EscalationPolicyReactivated(
    Event, frozen=True, kw_only=True, tag="escalation_policy.reactivated.v1"
):
    """Incidents are paged by it again."""


class EscalationPolicyManaged(
    ManagementChanged, frozen=True, kw_only=True, tag="escalation_policy.managed.v1"
):
    """Which configuration as code manages it, if one does."""


EscalationPolicyEvent = (
    EscalationPolicyRegistered
    | EscalationPolicyChanged
    | EscalationTurnTaken
    | EscalationPolicyDeactivated
    | EscalationPolicyReactivated
    | EscalationPolicyManaged
)
