"""What the clocks of an incident cause: breaches, escalations, reminders, and what answered them.

These names are on disk for ever. Rename nothing: add an optional field, or supersede a tag and
teach the upcasters. Source of the rules: the brief's severity matrix, "Escalation Triggers",
"During Active Incidents" and "Step 3: Resolution & Stabilization".
"""

from enum import StrEnum

import msgspec

from domain.incident.terms import Kind
from domain.kernel.commit import Event, Instant
from domain.kernel.roster import TierMember
from domain.policy import Severity
from domain.policy.audience import Audience


class DeadlineRule(StrEnum):
    """The rules that a clock enforces, by the name that events cite."""

    RESPONSE = "response.overdue"
    ESCALATE_LEVEL = "escalation.severity"
    ESCALATE_RESPONSE = "escalation.response_overdue"
    CAUSE = "root_cause.overdue"
    ESCALATE_CAUSE = "escalation.no_root_cause"
    TIMEBOX = "timebox.hypothesis"
    UPDATE_DUE = "update.due"
    UPDATE_OVERDUE = "update.overdue"
    UPDATE_AUTOMATIC = "update.automatic"
    FIRST_UPDATE = "update.first_overdue"
    CUSTOMER_UPDATE = "update.customers_overdue"
    MONITORING = "monitoring.window"
    ALERTS_OVER = "alerts.over"
    ALL_CLEAR = "all_clear.due"
    POSTMORTEM = "postmortem.requested"
    POSTMORTEM_REMINDER = "postmortem.reminder"
    POSTMORTEM_OVERDUE = "postmortem.overdue"
    RECORD_OVERDUE = "record.overdue"


class SeenIncident(msgspec.Struct, frozen=True, kw_only=True):
    """What a clock has seen of its incident, as far as due times follow from it."""

    severity: Severity
    updates: int
    reopenings: int
    all_clears: int
    monitoring_since: Instant | None
    cause_known: bool = False
    over: bool = False
    escalations: int = 0
    kind: Kind = Kind.STANDARD


class Automatic(msgspec.Struct, frozen=True, kw_only=True):
    """Which rule of which policy decided, and the id of the event that caused it."""

    rule: str
    policy_version: str
    caused_by: str


class Timed(Event, frozen=True, kw_only=True, omit_defaults=True):
    """Something that is, or was, due at `due_at` by a rule."""

    due_at: Instant
    automatic: Automatic


class ResponseOverdue(
    Timed, frozen=True, kw_only=True, omit_defaults=True, tag="incident.response_overdue.v1"
):
    """Nobody has acknowledged it within the response time of its severity: a breach."""

    severity: Severity


class Escalated(Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.escalated.v1"):
    """The next tier is to know of it. By a rule, which was due at `due_at`, or by a responder.
    `unreached`: no channel tells them, so nobody was told. `members`: who these were, as far as
    the directory knew.
    """

    tier: str
    to: tuple[str, ...]
    audience: Audience
    reason: str
    due_at: Instant | None = None
    automatic: Automatic | None = None
    unreached: bool = False
    members: tuple[TierMember, ...] = ()


class EscalationSuppressed(
    Event,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    tag="incident.escalation_suppressed.v1",
):
    """A clock ran out, but the log had an answer first: the event `by`, whose kind is `because`."""

    rule: str
    due_at: Instant
    by: str
    because: str


class RootCauseOverdue(
    Timed, frozen=True, kw_only=True, omit_defaults=True, tag="incident.root_cause_overdue.v1"
):
    """No cause was stated within the time of its severity: a breach, whoever is left to tell."""

    severity: Severity


class TimeboxExpired(
    Timed, frozen=True, kw_only=True, omit_defaults=True, tag="incident.timebox_expired.v1"
):
    """A hypothesis was not confirmed within its timebox: pivot, and try the next one."""

    hypothesis: str


class UpdateDue(Timed, frozen=True, kw_only=True, omit_defaults=True, tag="incident.update_due.v1"):
    """The next status update is due soon: `due_at` is when. `audiences` are those to whom; none:
    our own people, as earlier releases meant it.
    """

    audiences: tuple[Audience, ...] = ()


class UpdateOverdue(
    Timed, frozen=True, kw_only=True, omit_defaults=True, tag="incident.update_overdue.v1"
):
    """No status update came within the cadence of its severity: a breach. If several had been
    `missed` in a row when this was recorded, after an outage of ours, `first_due_at` is when the
    first was due, and `due_at` the last. Earlier releases recorded each by itself, all but the last
    `superseded`: on record, but told to nobody. `audiences` as of `UpdateDue`.
    """

    superseded: bool = False
    first_due_at: Instant | None = None
    missed: int = 1
    audiences: tuple[Audience, ...] = ()


class FirstUpdateOverdue(
    Timed, frozen=True, kw_only=True, omit_defaults=True, tag="incident.first_update_overdue.v1"
):
    """These audiences have had no update at all within the time of its severity: a breach."""

    audiences: tuple[Audience, ...]
    severity: Severity


class MonitoringEnded(
    Timed, frozen=True, kw_only=True, omit_defaults=True, tag="incident.monitoring_ended.v1"
):
    """Recovery has been watched for long enough to resolve; `last`: as long as it may take."""

    last: bool = False


class AlertsOver(
    Timed, frozen=True, kw_only=True, omit_defaults=True, tag="incident.alerts_over.v1"
):
    """All alerts are over of an incident that people have in hand: they say how it goes on."""


class AllClear(Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.all_clear.v1"):
    """The resolution has held. `automatic` unless a responder says so."""

    due_at: Instant | None = None
    automatic: Automatic | None = None


class PostmortemRequested(
    Timed, frozen=True, kw_only=True, omit_defaults=True, tag="incident.postmortem_requested.v1"
):
    """A post-mortem is to be published by `due_at`."""


class PostmortemReminded(
    Timed, frozen=True, kw_only=True, omit_defaults=True, tag="incident.postmortem_reminded.v1"
):
    """At `due_at` a reminder was due of the post-mortem that is to be published `until` then."""

    until: Instant


class PostmortemOverdue(
    Timed, frozen=True, kw_only=True, omit_defaults=True, tag="incident.postmortem_overdue.v1"
):
    """No post-mortem has been published in time: a breach."""


class PostmortemPublished(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.postmortem_published.v1"
):
    """The post-mortem can be read at `url`. `edition`: of the rule of what it answers; to the first
    one, whatever was published at any time answered for good.
    """

    url: str
    edition: int = 1


class RecordOverdue(
    Timed, frozen=True, kw_only=True, omit_defaults=True, tag="incident.record_overdue.v1"
):
    """No short record was filed in time: a breach."""


class RecordFiled(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.record_filed.v1"
):
    """A short record: what it did to users (None: as it was assessed), and what follows."""

    follow_ups: str
    impact: str | None = None


DeadlineEvent = (
    ResponseOverdue
    | Escalated
    | EscalationSuppressed
    | RootCauseOverdue
    | TimeboxExpired
    | UpdateDue
    | UpdateOverdue
    | FirstUpdateOverdue
    | MonitoringEnded
    | AlertsOver
    | AllClear
    | PostmortemRequested
    | PostmortemReminded
    | PostmortemOverdue
    | PostmortemPublished
    | RecordOverdue
    | RecordFiled
)
