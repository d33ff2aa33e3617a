"""What can happen to an incident.

These names are on disk for ever. Rename nothing: add an optional field, or supersede a tag and
teach the upcasters. `tests/golden/events` holds one example of each as it was first written.
"""

from domain.incident.alerts.alert import Alert, Change
from domain.incident.corrections.correction_events import (
    Description,
    DescriptionCorrected,
    EntryCorrected,
    EntryRetracted,
    IncidentLinked,
    LinkAttached,
)
from domain.incident.course.course_events import (
    Canceled,
    DidNotHold,
    HypothesisAbandoned,
    HypothesisConfirmed,
    HypothesisOpened,
    HypothesisRejected,
    Mitigated,
    Reopened,
    Resolved,
    RootCauseIdentified,
    RootCauseWithdrawn,
)
from domain.incident.course.waivers import RuleWaived
from domain.incident.deadlines.events import Automatic, DeadlineEvent
from domain.incident.impact import Impact
from domain.incident.merging.merge_events import (
    DuplicateAttached,
    DuplicateDetached,
    Merged,
    Unmerged,
)
from domain.incident.severity.events import (
    ImpactReassessed,
    SeverityChanged,
    SeverityRaiseWithdrawn,
    SeverityUpgraded,
)
from domain.incident.severity.ruling import Adoption, Growth, Ruling
from domain.incident.system_change import SystemChange
from domain.incident.terms import Kind, Milestone, Origin, UpdateStatus
from domain.incident.visibility.visibility_events import VisibilitySet
from domain.kernel.commit import Event, Instant
from domain.kernel.roster import NameDoubt
from domain.kernel.totality import kinds
from domain.policy import Role, Severity
from domain.policy.audience import Audience


class Declared(Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.declared.v1"):
    """An incident is declared, classified. `because` is the criterion, if the matrix decided,
    `matrix` what it says, `held_by` who holds it below that, `previous` its severity before
    and `floor` the level below which nobody may put it, where alerts had opened it. `adopted`: how
    that was taken over; to earlier releases it was so after all that was known.
    """

    number: int
    title: str
    severity: Severity
    policy_version: str
    because: str | None = None
    summary: str | None = None
    services: tuple[str, ...] = ()
    impact: Impact = Impact()
    impact_started_at: Instant | None = None
    detected_at: Instant | None = None
    kind: Kind = Kind.STANDARD
    origin: Origin | None = None
    matrix: Ruling | None = None
    held_by: str | None = None
    previous: Severity | None = None
    floor: Severity | None = None
    adopted: Adoption | None = None


class AlertReceived(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.alert_received.v1"
):
    """A paging product reported something. `severity` is what its priority or urgency stands for
    under `policy_version`; where it `cites` a rule by which its impact classifies the incident, or
    in events of earlier releases, that impact as well. `assessed`: its impact was asked about as an
    assessment, so that raises are events beside it, and a floor that none says `stands` (as in
    `ImpactReassessed`). Any alert may be the earliest, so each carries what begins an incident:
    its `number`, and the severity until one is named, `unassessed`. `changes` are what it says
    otherwise than before. `live`: it goes on as it is recorded, whenever it began. `edition`: of
    the rules of ends. Where it states an impact, `matrix` is what the matrix says of that of the
    incident then, `floor` the level below which nobody may put it, and `keeps` what it is kept
    at, as in `ImpactReassessed`. `known_as`: the title of what it is about, where the report itself
    names none. `heard_at`: when it was heard of, where its time says since when it has been so;
    None: that is when it was heard of. `growth`: its figures are compared with those of others,
    and what came of it; in events of earlier releases they were not, as long as nobody had decided.
    """

    alert: Alert
    policy_version: str
    severity: Severity | None = None
    number: int | None = None
    unassessed: Severity | None = None
    changes: tuple[Change, ...] = ()
    live: bool = False
    edition: int = 1
    matrix: Ruling | None = None
    floor: Severity | None = None
    known_as: str | None = None
    heard_at: Instant | None = None
    keeps: Severity | None = None
    cites: str | None = None
    assessed: bool = False
    stands: Severity | None = None
    growth: Growth | None = None


class Acknowledged(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.acknowledged.v1"
):
    """Somebody has taken the incident on."""


class AlsoAcknowledged(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.also_acknowledged.v1"
):
    """One more has taken it on, which somebody had acknowledged before."""

    responder: str


class RoleAssigned(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.role_assigned.v1"
):
    """A role that nobody held has been taken. `announced`: responders hear of it; in logs of
    earlier releases they did not, and do not so much later. `person` is who that was by the
    directory, `doubt` why it is not sure; without both the directory was not asked.
    """

    role: Role
    assignee: str
    announced: bool = False
    person: str | None = None
    doubt: NameDoubt | None = None


class RoleHandedOver(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.role_handed_over.v1"
):
    """A role went from one responder to another. `announced`, `person` and `doubt` as of
    `RoleAssigned`.
    """

    role: Role
    previous: str
    assignee: str
    note: str | None = None
    announced: bool = False
    person: str | None = None
    doubt: NameDoubt | None = None


class RoleUnassigned(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.role_unassigned.v1"
):
    """Nobody has the role any more."""

    role: Role
    previous: str
    reason: str | None = None


class RoleHolderNoted(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.role_holder_noted.v1"
):
    """By the directory the `person` who has the role is not active any more, which is the `doubt`;
    without one, is active again. The role stays with them until somebody hands it over.
    """

    role: Role
    assignee: str
    person: str
    doubt: NameDoubt | None = None


class ActionLogged(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.action_logged.v1"
):
    """Something was done to the system."""

    action: str


class NoteAdded(Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.note_added.v1"):
    """Something was seen or said."""

    text: str


class ChangeNoted(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.change_noted.v1"
):
    """A system was changed, which may have to do with it; `occurred_at` is when that was."""

    change: SystemChange


class UpdatePosted(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.update_posted.v1"
):
    """A status update for stakeholders. Addressed to customers it is public, under `headline`;
    `automatic` when nobody wrote one and the policy says "no change". `unreached` are those of its
    audiences whom nothing told: it is no update to them.
    """

    text: str
    status: UpdateStatus
    audiences: tuple[Audience, ...] = (Audience.ENGINEERING, Audience.EXECUTIVES)
    headline: str | None = None
    automatic: Automatic | None = None
    unreached: tuple[Audience, ...] = ()

    @property
    def heard_by(self) -> tuple[Audience, ...]:
        """Those of its audiences who were told."""
        return tuple(each for each in self.audiences if each not in self.unreached)


class TimeCorrected(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.time_corrected.v1"
):
    """A milestone was put right; None says that it is not known after all."""

    milestone: Milestone
    value: Instant | None
    reason: str
    previous: Instant | None = None


IncidentEvent = (
    Declared
    | AlertReceived
    | Acknowledged
    | AlsoAcknowledged
    | RoleAssigned
    | RoleHandedOver
    | RoleUnassigned
    | RoleHolderNoted
    | ImpactReassessed
    | SeverityChanged
    | SeverityUpgraded
    | SeverityRaiseWithdrawn
    | HypothesisOpened
    | HypothesisConfirmed
    | HypothesisRejected
    | HypothesisAbandoned
    | ActionLogged
    | NoteAdded
    | ChangeNoted
    | UpdatePosted
    | RootCauseIdentified
    | RootCauseWithdrawn
    | Mitigated
    | DidNotHold
    | Resolved
    | Reopened
    | Canceled
    | Merged
    | Unmerged
    | DuplicateAttached
    | DuplicateDetached
    | TimeCorrected
    | DescriptionCorrected
    | EntryCorrected
    | EntryRetracted
    | LinkAttached
    | IncidentLinked
    | RuleWaived
    | VisibilitySet
    | DeadlineEvent
)

EVENTS: tuple[type[IncidentEvent], ...] = kinds(IncidentEvent)
"""All of them, from the union: each table about events is total over these."""

__all__ = [
    "Automatic",
    "Canceled",
    "Description",
    "DescriptionCorrected",
    "DidNotHold",
    "DuplicateAttached",
    "DuplicateDetached",
    "EntryCorrected",
    "EntryRetracted",
    "HypothesisAbandoned",
    "HypothesisConfirmed",
    "HypothesisOpened",
    "HypothesisRejected",
    "ImpactReassessed",
    "IncidentLinked",
    "Kind",
    "LinkAttached",
    "Merged",
    "Milestone",
    "Mitigated",
    "Origin",
    "Reopened",
    "Resolved",
    "RootCauseIdentified",
    "RootCauseWithdrawn",
    "RuleWaived",
    "SeverityChanged",
    "SeverityRaiseWithdrawn",
    "SeverityUpgraded",
    "Unmerged",
    "UpdateStatus",
    "VisibilitySet",
]
"""From beside; everything here is for whoever asks for it."""
