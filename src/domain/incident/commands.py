"""What can be asked of an incident: the bodies of the public commands, by name.

Unknown fields are refused, times need a zone, texts have limits in characters.
`occurred_at` is when it happened, default now; it may lie in the past, never in the future. What
lies further back than the live window of the policy is told in retrospect: nobody is told of it
(unless `notify` asks for that), no clock runs, and recovery need not have been watched.
"""

from collections.abc import Mapping
from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from domain.incident.command_fields import Gated, Line, Person, Text, TimedCommand
from domain.incident.corrections.correction_commands import Correct, Link, Retract, UnassignRole
from domain.incident.course.course_commands import (
    Cancel,
    DidNotHold,
    IdentifyRootCause,
    Mitigate,
    Reopen,
    Resolve,
    WithdrawRootCause,
)
from domain.incident.events import Kind, Milestone, Origin, UpdateStatus
from domain.incident.impact import Count, Percent, StatedImpact
from domain.incident.intake_commands import CheckHolders, NoteChange, ReceiveAlert
from domain.incident.merging.merge_commands import AttachDuplicate, DetachDuplicate, Merge, Unmerge
from domain.incident.visibility.visibility_commands import (
    FollowVisibility,
    PrivateTo,
    SetVisibility,
)
from domain.kernel.commit import Instant
from domain.kernel.totality import kinds, total
from domain.policy import Functionality, Role, Severity
from domain.policy.audience import Audience


class Declare(TimedCommand, frozen=True, kw_only=True):
    """Declare an incident, or adopt one that alerts have opened. Without a severity, it is
    classified from its impact by the matrix, and never below what its alerts state. `roles` says
    who commands, and who else does what: `{"incident_commander": "Ada"}`. What is new needs
    a title; what is adopted keeps its own, if none is given. `private` says who alone may see it,
    beside whoever declares it and whoever has a role in it.
    """

    title: Line | UnsetType = UNSET
    severity: Severity | None = None
    summary: Text | None = None
    services: Annotated[tuple[Line, ...], msgspec.Meta(max_length=50)] = ()
    impact: StatedImpact = StatedImpact()
    impact_started_at: Instant | None = None
    detected_at: Instant | None = None
    roles: dict[Role, Person] = {}  # noqa: RUF012 - a struct copies it
    kind: Kind = Kind.STANDARD
    origin: Origin | None = None
    private: PrivateTo | None = None


class Acknowledge(TimedCommand, frozen=True, kw_only=True):
    """Take the incident on."""


class AssignRole(TimedCommand, frozen=True, kw_only=True):
    """Give a free role to somebody."""

    role: Role
    assignee: Person


class HandOverRole(TimedCommand, frozen=True, kw_only=True):
    """Pass a role that is held on to somebody else."""

    role: Role
    assignee: Person
    note: Text | None = None


class ReassessImpact(TimedCommand, frozen=True, kw_only=True):
    """State what is now known of the impact. What is left out stays; null means not known."""

    users_affected: Count | UnsetType | None = UNSET
    percent_affected: Percent | UnsetType | None = UNSET
    scope: Count | UnsetType | None = UNSET
    regions: Count | UnsetType | None = UNSET
    tenants: Count | UnsetType | None = UNSET
    services: Count | UnsetType | None = UNSET
    functionality: Functionality | UnsetType | None = UNSET
    paying_customers: bool | UnsetType | None = UNSET
    customer_reported: bool | UnsetType | None = UNSET
    data_integrity_concern: bool | UnsetType | None = UNSET
    security_breach: bool | UnsetType | None = UNSET
    summary: Annotated[str, msgspec.Meta(max_length=1_000)] | UnsetType | None = UNSET


class ChangeSeverity(TimedCommand, frozen=True, kw_only=True):
    """Decide on another severity, and say why."""

    severity: Severity
    reason: Text


class OpenHypothesis(Gated, frozen=True, kw_only=True):
    """Begin an investigation path; needs the roles that the policy asks for."""

    statement: Text
    owner: Person | None = None


class ConfirmHypothesis(Gated, frozen=True, kw_only=True):
    """State that the evidence supports a hypothesis."""

    hypothesis: Line
    finding: Text


class RejectHypothesis(TimedCommand, frozen=True, kw_only=True):
    """State that the evidence speaks against a hypothesis."""

    hypothesis: Line
    finding: Text


class AbandonHypothesis(TimedCommand, frozen=True, kw_only=True):
    """Leave a hypothesis undecided and pivot."""

    hypothesis: Line
    reason: Text


class LogAction(Gated, frozen=True, kw_only=True):
    """Record something that was done."""

    action: Text


class AddNote(TimedCommand, frozen=True, kw_only=True):
    """Record something that was seen or said."""

    text: Text


class PostUpdate(TimedCommand, frozen=True, kw_only=True):
    """Tell stakeholders where things stand; without a status, the present one. What is addressed
    to customers is public, under `headline`: neither the title nor anything else of ours is. What
    claims to customers more than is so, such as resolved, needs `confirm`, and so does that it goes
    on once it is over.
    """

    text: Text
    status: UpdateStatus | None = None
    audiences: Annotated[tuple[Audience, ...], msgspec.Meta(min_length=1, max_length=3)] = (
        Audience.ENGINEERING,
        Audience.EXECUTIVES,
    )
    headline: Line | None = None


class Escalate(TimedCommand, frozen=True, kw_only=True):
    """Tell the next tier of the escalation ladder, or the tier of this name, and say why."""

    reason: Text
    tier: Line | None = None


class GiveAllClear(TimedCommand, frozen=True, kw_only=True):
    """State that the resolution has held; otherwise the policy does, some time after it."""


class PublishPostmortem(TimedCommand, frozen=True, kw_only=True):
    """State where the post-mortem can be read."""

    url: Annotated[str, msgspec.Meta(max_length=2_000, pattern=r"^https?://[^\s]+$")]


class FileRecord(TimedCommand, frozen=True, kw_only=True):
    """File the short record of what is over: what it did to users (`none`; may be left out where
    its impact was assessed), and what follows from it (`none needed`).
    """

    follow_ups: Text
    impact: Text | None = None


class CorrectTime(TimedCommand, frozen=True, kw_only=True):
    """Put a milestone right; null says that it is not known after all."""

    milestone: Milestone
    value: Instant | None
    reason: Text


Opening = Declare | ReceiveAlert
"""What may come first."""

Following = (
    Acknowledge
    | AssignRole
    | HandOverRole
    | UnassignRole
    | ReassessImpact
    | ChangeSeverity
    | OpenHypothesis
    | ConfirmHypothesis
    | RejectHypothesis
    | AbandonHypothesis
    | LogAction
    | AddNote
    | PostUpdate
    | IdentifyRootCause
    | WithdrawRootCause
    | Mitigate
    | DidNotHold
    | Escalate
    | Resolve
    | GiveAllClear
    | PublishPostmortem
    | FileRecord
    | Reopen
    | Cancel
    | Merge
    | Unmerge
    | AttachDuplicate
    | DetachDuplicate
    | NoteChange
    | CheckHolders
    | CorrectTime
    | Correct
    | Retract
    | Link
    | SetVisibility
    | FollowVisibility
)
"""What needs an incident that is there."""

Command = Opening | Following

COMMANDS: dict[str, type[Command]] = {
    "declare": Declare,
    "acknowledge": Acknowledge,
    "assign_role": AssignRole,
    "hand_over_role": HandOverRole,
    "unassign_role": UnassignRole,
    "reassess_impact": ReassessImpact,
    "change_severity": ChangeSeverity,
    "open_hypothesis": OpenHypothesis,
    "confirm_hypothesis": ConfirmHypothesis,
    "reject_hypothesis": RejectHypothesis,
    "abandon_hypothesis": AbandonHypothesis,
    "log_action": LogAction,
    "add_note": AddNote,
    "post_update": PostUpdate,
    "identify_root_cause": IdentifyRootCause,
    "withdraw_root_cause": WithdrawRootCause,
    "mitigate": Mitigate,
    "did_not_hold": DidNotHold,
    "escalate": Escalate,
    "resolve": Resolve,
    "give_all_clear": GiveAllClear,
    "publish_postmortem": PublishPostmortem,
    "file_record": FileRecord,
    "reopen": Reopen,
    "cancel": Cancel,
    "merge": Merge,
    "unmerge": Unmerge,
    "correct_time": CorrectTime,
    "correct": Correct,
    "retract": Retract,
    "link": Link,
    "set_visibility": SetVisibility,
}
"""The public commands by the name under which HTTP, NATS and the command line offer them."""

VERBS: Mapping[type[Command], str] = total(
    "the verbs of commands",
    kinds(Command),
    {
        **{
            kind: name.replace("_", " ")
            for name, kind in COMMANDS.items()
            if kind is not DidNotHold
        },
        DidNotHold: "say that it did not hold",
        ReceiveAlert: "receive alert",
        AttachDuplicate: "merge into it",
        DetachDuplicate: "unmerge from it",
        NoteChange: "note a change",
        CheckHolders: "look who has a role",
        FollowVisibility: "set visibility",
    },
)
"""What a command is called in a refusal."""

__all__ = [
    "AttachDuplicate",
    "Cancel",
    "CheckHolders",
    "Correct",
    "DetachDuplicate",
    "DidNotHold",
    "FollowVisibility",
    "IdentifyRootCause",
    "Link",
    "Merge",
    "Mitigate",
    "NoteChange",
    "PrivateTo",
    "ReceiveAlert",
    "Reopen",
    "Resolve",
    "Retract",
    "SetVisibility",
    "UnassignRole",
    "Unmerge",
    "WithdrawRootCause",
]
"""From beside; everything here is for whoever asks for it."""
