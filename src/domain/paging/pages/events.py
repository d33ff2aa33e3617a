"""What happens to a page. On disk for ever: rename nothing, add optional fields, or supersede a
tag.

A page climbs `steps`: the levels of its policy as they were when it was opened, each as often as
they are repeated. Each time that it begins at the first of them is a `climb`, counted from 1.
"""

from enum import StrEnum

import msgspec

from domain.kernel.commit import Event, Instant
from domain.kernel.roster import Who
from domain.paging.targets import LevelHours, Target
from domain.policy import Severity


class Climbs(StrEnum):
    """Why a level was reached."""

    OPENED = "opened"
    NOT_ANSWERED = "not_answered"
    NOBODY_REACHABLE = "nobody_reachable"
    """The level before had nobody to page."""
    ALL_FAILED = "all_failed"
    """Every attempt at the level before has failed."""
    ESCALATED = "escalated"
    """A person wanted it."""
    STALE = "stale"
    REOPENED = "reopened"


class PagedBecause(StrEnum):
    """Why a person was paged by this method just then."""

    PLANNED = "planned"
    CARRIER_FAILED = "carrier_failed"
    METHOD_FAILED = "method_failed"


class Ending(StrEnum):
    """Why a page has ended."""

    INCIDENT_OVER = "incident_over"
    INCIDENT_MERGED = "incident_merged"
    RESOLVED = "resolved"
    """A person said that nobody needs to be paged for it any more."""
    SUPERSEDED = "superseded"
    """Another policy is for it now, and pages."""


WITH_INCIDENT = frozenset({Ending.INCIDENT_OVER, Ending.INCIDENT_MERGED})
"""It ended with its incident."""
INCIDENT_WAY = "incident"
"""An acknowledgement came by way of the incident."""


class ReopenedBecause(StrEnum):
    """Why one that was answered, or had ended, goes on."""

    INCIDENT_OPEN_AGAIN = "incident_open_again"
    ACKNOWLEDGEMENT_WITHDRAWN = "acknowledgement_withdrawn"


class AttemptOutcome(StrEnum):
    """What became of an attempt, as its carrier says."""

    TAKEN = "taken"
    """The channel has taken the message; whether it arrives is not known by that."""
    DELIVERED = "delivered"
    ANSWERED = "answered"
    """Somebody took it, and has not acknowledged by that."""
    FAILED = "failed"
    UNDELIVERED = "undelivered"

    @property
    def rank(self) -> int:
        """How much it says: what says less, or as much, is no news behind it."""
        return list(AttemptOutcome).index(self)

    @property
    def is_lost(self) -> bool:
        """Whether it has reached nobody."""
        return self in {AttemptOutcome.FAILED, AttemptOutcome.UNDELIVERED}


class PinnedStep(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A level of a policy (its slug; levels and rounds count from 1) as it was said then."""

    policy: str
    level: int
    round: int
    targets: tuple[Target, ...]
    timeout_s: int
    round_robin: bool = False
    during: LevelHours = LevelHours.ALWAYS


class PinnedPolicy(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The policy that a page goes by, in its `version`; `chosen` says why this one. `turn` is that
    of its round-robin levels. `cut`: another policy should follow, and leads back to one before, or
    is not there; it was left out.
    """

    slug: str
    name: str
    version: int
    steps: tuple[PinnedStep, ...]
    chosen: str
    acknowledgements: int = 1
    stale_after_s: int | None = None
    turn: int = 0
    cut: str | None = None


class ReachedTarget(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who a target was as it was reached, by slug; `problem`: why that was nobody."""

    target: Target
    people: tuple[str, ...] = ()
    problem: str | None = None


class PlannedContact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A person is to be paged by a method `at` a time, unless somebody has answered before; by the
    first of these `carriers` (channels), by the next where one fails.
    """

    person: str
    name: str
    method: str
    address: str
    at: Instant
    carriers: tuple[str, ...]


class Passed(msgspec.Struct, frozen=True, kw_only=True):
    """A person who was there, and is not paged, for a reason."""

    person: str
    name: str
    why: str


class PageOpened(Event, frozen=True, kw_only=True, omit_defaults=True, tag="page.opened.v1"):
    """People are to be woken for an incident. `title` and `services` are those of it (unless it is
    `private`). `asked_by`: who wanted it; None: its policy did. `reason`: why, if that was said.
    """

    number: int
    incident: str
    reference: str
    severity: Severity
    policy: PinnedPolicy
    title: str | None = None
    services: tuple[str, ...] = ()
    private: bool = False
    drill: bool = False
    asked_by: Who | None = None
    reason: str | None = None


class LevelReached(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="page.level_reached.v1"
):
    """The page has come to a `step` of its policy (from 0), in a climb; who its targets are now,
    who of these is to be paged when by which method, and who is not. `left_out`: why the level is
    not there now; `reason`: why a person wanted it. `due_at`: it was due by the clock then.
    """

    climb: int
    step: int
    because: Climbs
    targets: tuple[ReachedTarget, ...] = ()
    contacts: tuple[PlannedContact, ...] = ()
    passed: tuple[Passed, ...] = ()
    left_out: str | None = None
    reason: str | None = None
    due_at: Instant | None = None


class PersonPaged(Event, frozen=True, kw_only=True, omit_defaults=True, tag="page.person_paged.v1"):
    """A person is paged through a channel that carries the method; `attempt` counts all of a page
    from 1. `due_at`: it was due by the clock then.
    """

    attempt: int
    climb: int
    step: int
    person: str
    name: str
    method: str
    address: str
    channel: str
    because: PagedBecause = PagedBecause.PLANNED
    due_at: Instant | None = None


class ChannelPaged(Event, frozen=True, kw_only=True, tag="page.channel_paged.v1"):
    """A channel that is a target is told."""

    attempt: int
    climb: int
    step: int
    channel: str


class AttemptReported(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="page.attempt_reported.v1"
):
    """What became of an attempt."""

    attempt: int
    outcome: AttemptOutcome
    detail: str | None = None


class PageAcknowledged(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="page.acknowledged.v1"
):
    """A person has taken it; so many more have to (`missing`). `through`: in which way, such as
    `sms`; `incident`: by acknowledging that.
    """

    by: Who
    missing: int = 0
    through: str | None = None


class AcknowledgementRenewed(
    Event, frozen=True, kw_only=True, tag="page.acknowledgement_renewed.v1"
):
    """The acknowledgement was nearly stale as something had been done in the incident: it holds on
    from `acted_at`.
    """

    acted_at: Instant
    due_at: Instant


class AcknowledgementStale(Event, frozen=True, kw_only=True, tag="page.acknowledgement_stale.v1"):
    """Nobody has done anything in the incident since `since`: the page goes on."""

    since: Instant
    due_at: Instant


class PageReopened(Event, frozen=True, kw_only=True, tag="page.reopened.v1"):
    """It goes on, from its first level."""

    because: ReopenedBecause


class PageUnanswered(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="page.unanswered.v1"
):
    """It has climbed all levels, and not enough people have acknowledged it: nobody else is paged.
    `due_at`: it was due by the clock then; None: the last level had nobody left to page.
    """

    climb: int
    due_at: Instant | None = None


class PageSeverityChanged(Event, frozen=True, kw_only=True, tag="page.severity_changed.v1"):
    """The incident is of another severity; who is paged from now on is by that."""

    severity: Severity


class PageEnded(Event, frozen=True, kw_only=True, omit_defaults=True, tag="page.ended.v1"):
    """Nobody is paged for it any more. `detail`: what the incident has come to, or why."""

    because: Ending
    detail: str | None = None


PageEvent = (
    PageOpened
    | LevelReached
    | PersonPaged
    | ChannelPaged
    | AttemptReported
    | PageAcknowledged
    | AcknowledgementRenewed
    | AcknowledgementStale
    | PageReopened
    | PageUnanswered
    | PageSeverityChanged
    | PageEnded
)
