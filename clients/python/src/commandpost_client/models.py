"""What is sent to the service, and what it answers.

Written from docs/openapi.json by scripts/client_models.py. Do not edit.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar, Literal

from msgspec import UNSET, UnsetType, field

from commandpost_client.wire import Command, Route, Wire

AccessRole = Literal["admin", "commander", "integration", "responder", "scrape", "viewer"]
ActionItemStatus = Literal["declined", "done", "in_progress", "not_started"]
ActionKind = Literal["detect", "mitigate", "prevent", "process"]
AttemptOutcome = Literal["answered", "delivered", "failed", "taken", "undelivered"]
Audience = Literal["customers", "engineering", "executives"]
BudgetState = Literal["freeze_review", "frozen", "normal", "reliability_only", "unknown"]
ClueKind = Literal["title", "hypothesis", "cause", "factor", "action_item"]
DeadlineRule = Literal[
    "response.overdue",
    "escalation.severity",
    "escalation.response_overdue",
    "root_cause.overdue",
    "escalation.no_root_cause",
    "timebox.hypothesis",
    "update.due",
    "update.overdue",
    "update.automatic",
    "update.first_overdue",
    "update.customers_overdue",
    "monitoring.window",
    "alerts.over",
    "all_clear.due",
    "postmortem.requested",
    "postmortem.reminder",
    "postmortem.overdue",
    "record.overdue",
]
DoubtKind = Literal["dead_link", "service_changed"]
Ending = Literal["incident_merged", "incident_over", "resolved", "superseded"]
ExecutionOutcome = Literal["did_not_help", "stopped", "worked"]
FactorKind = Literal["immediate", "systemic", "underlying"]
Functionality = Literal["cosmetic", "full_outage", "key_feature_down", "minor_feature_broken"]
Gate = Literal["and", "or"]
HowTested = Literal["drill", "incident", "stated"]
HypothesisStatus = Literal["abandoned", "confirmed", "open", "rejected", "retracted"]
ImpactFigure = Literal["revenue", "slo_budget", "support_tickets", "users_affected"]
IssueStatus = Literal["declined", "done", "open", "started"]
Kind = Literal["drill", "maintenance", "retrospective", "standard", "test"]
LevelHours = Literal["always", "business_hours", "off_hours"]
MaintenanceStatus = Literal["canceled", "completed", "in_progress", "scheduled"]
Milestone = Literal[
    "acknowledged_at",
    "declared_at",
    "detected_at",
    "identified_at",
    "impact_started_at",
    "mitigated_at",
    "resolved_at",
]
NameDoubt = Literal["not_active", "not_in_directory", "several"]
OriginKind = Literal["drill", "incident", "postmortem", "review"]
PageStatus = Literal["acknowledged", "climbing", "ended", "unanswered"]
PagedDuring = Literal["always", "off_hours", "working_hours"]
Permission = Literal[
    "access.manage",
    "act.on_behalf",
    "audit.read",
    "directory.manage",
    "directory.read",
    "emergency.take",
    "incidents.command",
    "incidents.read",
    "incidents.respond",
    "operations.read",
    "quarantine.manage",
    "service.manage",
]
Points = Literal["got_lucky", "lessons", "mitigators", "surprised_us", "went_poorly", "went_well"]
PostmortemStatus = Literal["draft", "final", "review"]
Priority = Literal["P1", "P2", "P3", "P4"]
Prose = Literal["executive_summary", "what_happened"]
PublicField = Literal["impact", "summary", "title", "what_follows", "what_happened"]
PublicImpact = Literal["none", "minor", "major", "critical"]
Relation = Literal[
    "caused_by", "causes", "not_repeat_of", "not_repeated_by", "related", "repeat_of", "repeated_by"
]
Role = Literal["communications_lead", "incident_commander", "scribe", "technical_lead"]
RunbookStatus = Literal["failed", "stale", "tested", "untested"]
Severity = Literal["SEV1", "SEV2", "SEV3", "SEV4"]
StandInKind = Literal["forwarding", "override", "shadow", "swap"]
Step = Literal["day", "hour", "month", "occurrence", "week"]
StepSection = Literal["diagnosis", "remediation", "verification"]
StepStatus = Literal["done", "failed", "open", "skipped", "started"]
SwapStatus = Literal["accepted", "declined", "requested"]
TargetKind = Literal[
    "channel",
    "everybody_on_schedule",
    "next_on_call",
    "person",
    "position",
    "previous_on_call",
    "schedule",
    "team",
]
UpdateStatus = Literal["identified", "investigating", "mitigating", "monitoring", "resolved"]


class Attachment(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """The address of a page or a file."""

    url: str
    name: str | UnsetType | None = UNSET


class Due(Wire, frozen=True, kw_only=True, omit_defaults=True):
    rule: str
    due_at: datetime
    since: datetime
    what: str
    policy_version: str
    about: str | UnsetType | None = UNSET
    audience: str | UnsetType | None = UNSET


class Durations(Wire, frozen=True, kw_only=True, omit_defaults=True):
    ttd_s: float | UnsetType | None = UNSET
    tta_s: float | UnsetType | None = UNSET
    ttm_s: float | UnsetType | None = UNSET
    ttresolve_s: float | UnsetType | None = UNSET
    unknown: dict[str, str] | UnsetType = UNSET


class Hypothesis(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """An investigation path, with the time at which its timebox began. `person` is who the owner
    is by the directory, `doubt` why that is not sure.
    """

    name: str
    statement: str
    opened_at: str
    status: str | UnsetType = UNSET
    owner: str | UnsetType | None = UNSET
    finding: str | UnsetType | None = UNSET
    closed_at: str | UnsetType | None = UNSET
    person: str | UnsetType | None = UNSET
    doubt: str | UnsetType | None = UNSET


class Impact(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """An assessment of the impact. `regions`, `tenants` and `services` count what is hit, each
    by itself; `scope` counts what nobody has named.

    It is on disk, so fields that a later version adds are passed over here.
    """

    users_affected: int | UnsetType | None = UNSET
    percent_affected: float | UnsetType | None = UNSET
    scope: int | UnsetType | None = UNSET
    regions: int | UnsetType | None = UNSET
    tenants: int | UnsetType | None = UNSET
    services: int | UnsetType | None = UNSET
    functionality: str | UnsetType | None = UNSET
    paying_customers: bool | UnsetType | None = UNSET
    customer_reported: bool | UnsetType | None = UNSET
    data_integrity_concern: bool | UnsetType | None = UNSET
    security_breach: bool | UnsetType | None = UNSET
    summary: str | UnsetType | None = UNSET


class Milestones(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """When things happened, as known now; None is unknown or not yet. Names as in `Milestone`.
    `first_mitigated_at` is the first mitigation, where that did not hold.
    """

    impact_started_at: str | UnsetType | None = UNSET
    detected_at: str | UnsetType | None = UNSET
    declared_at: str | UnsetType | None = UNSET
    acknowledged_at: str | UnsetType | None = UNSET
    identified_at: str | UnsetType | None = UNSET
    mitigated_at: str | UnsetType | None = UNSET
    resolved_at: str | UnsetType | None = UNSET
    canceled_at: str | UnsetType | None = UNSET
    first_mitigated_at: str | UnsetType | None = UNSET


class NotTold(Wire, frozen=True, kw_only=True, omit_defaults=True):
    audience: str
    why: str


class OfCatalogue(Wire, frozen=True, kw_only=True, omit_defaults=True):
    named: str
    service: str | UnsetType | None = UNSET
    name: str | UnsetType | None = UNSET
    owner: str | UnsetType | None = UNSET
    tier: int | UnsetType | None = UNSET
    owner_now: str | UnsetType | None = UNSET
    tier_now: int | UnsetType | None = UNSET


class Origin(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """Where an imported incident was published: the feed, its id there, and its page."""

    feed: str
    external_id: str
    url: str | UnsetType | None = UNSET


class Related(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """Another incident, by its id and reference."""

    id: str
    reference: str
    relation: str


class Sight(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """Who sees something private: people, by slug or by the name of a principal, and whoever is
    in one of these teams as somebody asks.
    """

    people: list[str] | UnsetType = UNSET
    teams: list[str] | UnsetType = UNSET


class ToldLast(Wire, frozen=True, kw_only=True, omit_defaults=True):
    audience: str
    channel: str
    at: datetime
    subject: str


class Waiver(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """The same, as the incident keeps it."""

    at: str
    rules: list[str]
    detail: str
    reason: str | UnsetType | None = UNSET


class Who(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """Whom a name means: the `name` as people read it, the `person` by slug, and a `doubt`.
    Without both nobody was asked, for the directory is out of reach, or has nobody in it.
    """

    name: str
    person: str | UnsetType | None = UNSET
    doubt: str | UnsetType | None = UNSET


class IncidentShown(Wire, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    reference: str
    title: str
    status: str
    status_category: str
    severity: str
    matrix_severity: str | None
    severity_held: str | None
    kind: str
    acknowledged: bool
    summary: str | None
    services: list[str]
    impact: Impact
    roles: dict[str, str]
    holders: dict[str, Who]
    hypotheses: list[Hypothesis]
    milestones: Milestones
    root_cause: str | None
    mitigation: str | None
    resolution: str | None
    verification: str | None
    waivers: list[Waiver]
    last_update_at: datetime | None
    reopenings: int
    alerts: list[list[Any]]
    alerts_in_all: int
    duplicates: list[str]
    merged_into: str | None
    origin: Origin | None
    links: list[Attachment]
    related: list[Related]
    declared_by: str | None
    acknowledged_by: str | None
    closed_by: str | None
    position: int
    private: Sight | UnsetType | None = UNSET
    durations: Durations | UnsetType = UNSET
    deadlines: list[Due] | UnsetType = UNSET
    told: list[ToldLast] | UnsetType = UNSET
    not_told: list[NotTold] | UnsetType = UNSET
    catalogue: list[OfCatalogue] | UnsetType | None = UNSET


class IncidentList(Wire, frozen=True, kw_only=True, omit_defaults=True):
    incidents: list[IncidentShown]
    before: int | None


class IncidentView(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """One incident at one `position` of the log. Times are UTC; null is unknown or not yet.

    `matrix_severity` is what the matrix says of the impact as it is known; where the incident
    stands below that, `severity_held` says by whose decision, and why. `roles` are as they
    were recorded, `holders` whom the directory knows these as, or that it does not. `waivers`
    are what was taken although rules stood against it. `alerts` are the first 200 of each
    source (product, source and alert id), `alerts_in_all` is how many there are. `private`
    says who alone may see it; null: everybody may.
    """

    id: str
    reference: str
    title: str
    status: str
    status_category: str
    severity: str
    matrix_severity: str | None
    severity_held: str | None
    kind: str
    acknowledged: bool
    summary: str | None
    services: list[str]
    impact: Impact
    roles: dict[str, str]
    holders: dict[str, Who]
    hypotheses: list[Hypothesis]
    milestones: Milestones
    root_cause: str | None
    mitigation: str | None
    resolution: str | None
    verification: str | None
    waivers: list[Waiver]
    last_update_at: str | None
    reopenings: int
    alerts: list[list[Any]]
    alerts_in_all: int
    duplicates: list[str]
    merged_into: str | None
    origin: Origin | None
    links: list[Attachment]
    related: list[Related]
    declared_by: str | None
    acknowledged_by: str | None
    closed_by: str | None
    position: int
    private: Sight | UnsetType | None = UNSET


class Remark(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """Something to reconsider: a stable `code`, the `detail` for people, the `rule` behind it."""

    code: str
    detail: str
    rule: str


class Answer(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """The outcome of a command. Read models show it from `position` on; `events` are the tags of
    what was written; `incident` is its state right after; `warnings` say what to reconsider
    about it, which was done all the same.
    """

    id: str
    reference: str
    position: int
    outcome: str
    events: list[str]
    incident: IncidentView
    warnings: list[Remark] | UnsetType = UNSET


class ContactMethod(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """One way to reach a person: an e-mail address, a number to call (`phone`) or to write to
    (`sms`), the user id of Slack, the chat of Telegram, the topic of ntfy, the name of the
    person among those of Gotify, the user key of Pushover, or a browser (`push`), as
    `<endpoint>#p256dh=<key>&auth=<secret>`. What is not `enabled` reaches nobody.
    """

    kind: str
    address: str
    enabled: bool | UnsetType = UNSET


class ContactRule(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """Page by `method`, such as `sms`, so many seconds after a level was reached, for what is of
    these severities (none: of any), within these hours of the person.
    """

    method: str
    after_s: int | UnsetType = UNSET
    severities: list[str] | UnsetType = UNSET
    during: str | UnsetType = UNSET


class ContactStanding(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """What is known of a contact method. `verified_at`: when a code last came back from there;
    None: never. `sent_at`, `channel` and `receipt` are of the last code that a carrier took,
    `failed_at` and `failure` of the last that none did.
    """

    kind: str
    address: str
    verified_at: str | UnsetType | None = UNSET
    sent_at: str | UnsetType | None = UNSET
    channel: str | UnsetType | None = UNSET
    receipt: str | UnsetType | None = UNSET
    failed_at: str | UnsetType | None = UNSET
    failure: str | UnsetType | None = UNSET


class Handles(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """What other products call a person: the user id of Slack (`U012AB3CD`) and of PagerDuty
    (`PT4KHLK`), the user name of Opsgenie (an e-mail address), the login of GitHub, and the
    subject (`sub`) of the issuer where people log in.
    """

    slack: str | UnsetType | None = UNSET
    pagerduty: str | UnsetType | None = UNSET
    opsgenie: str | UnsetType | None = UNSET
    github: str | UnsetType | None = UNSET
    oidc: str | UnsetType | None = UNSET


class Managed(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """The configuration as code that says what is said of an entry, and where that is kept."""

    name: str
    where: str | UnsetType | None = UNSET


class QuietHours(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """When a person is not paged, by the wall clock of the person's time zone (UTC, where none
    is known): on the `weekdays` on which it begins, from `begins` to `ends`, over midnight
    where `ends` is not the later one. What is of a severity in `broken_by` pages all the
    same.
    """

    begins: str
    ends: str
    weekdays: list[int] | UnsetType = UNSET
    broken_by: list[str] | UnsetType = UNSET


class WorkingHours(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """When somebody is at work: `weekdays` by ISO number (1: Monday), from `begins` to `ends` by
    the wall clock of the person's time zone; over midnight where `ends` is the earlier one.
    """

    weekdays: list[int] | UnsetType = UNSET
    begins: str | UnsetType = UNSET
    ends: str | UnsetType = UNSET


class ListedPerson(Wire, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    name: str
    active: bool
    email: str | None
    time_zone: str | None
    working_hours: WorkingHours | None
    handles: Handles
    contact_methods: list[ContactMethod]
    contact_checks: list[ContactStanding]
    known_as: list[str]
    positions: list[str]
    contact_rules: list[ContactRule]
    quiet_hours: QuietHours | None
    inactive_because: str | None
    changed_by: str
    changed_at: datetime
    managed: Managed | None
    position: int
    teams: list[str]


class PersonView(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """A person as others see one, and who changed it last."""

    id: str
    name: str
    active: bool
    email: str | None
    time_zone: str | None
    working_hours: WorkingHours | None
    handles: Handles
    contact_methods: list[ContactMethod]
    contact_checks: list[ContactStanding]
    known_as: list[str]
    positions: list[str]
    contact_rules: list[ContactRule]
    quiet_hours: QuietHours | None
    inactive_because: str | None
    changed_by: str
    changed_at: str
    managed: Managed | None
    position: int


class PersonAnswer(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """The outcome of a command. Read models show it from `position` on; `events` are the tags of
    what was written; `person` is its state right after; `warnings` say what to reconsider
    about it, which was done all the same.
    """

    id: str
    reference: str | None
    position: int
    outcome: str
    events: list[str]
    person: PersonView
    warnings: list[Remark] | UnsetType = UNSET


class ListedTeam(Wire, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    name: str
    active: bool
    description: str | None
    members: list[str]
    leads: list[str]
    channels: list[str]
    time_zone: str | None
    inactive_because: str | None
    changed_by: str
    changed_at: datetime
    managed: Managed | None
    position: int
    services: list[str]
    unknown_members: list[str]


class TeamView(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """A team as others see it, and who changed it last."""

    id: str
    name: str
    active: bool
    description: str | None
    members: list[str]
    leads: list[str]
    channels: list[str]
    time_zone: str | None
    inactive_because: str | None
    changed_by: str
    changed_at: str
    managed: Managed | None
    position: int


class TeamAnswer(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """The outcome of a command. Read models show it from `position` on; `events` are the tags of
    what was written; `team` is its state right after; `warnings` say what to reconsider about
    it, which was done all the same.
    """

    id: str
    reference: str | None
    position: int
    outcome: str
    events: list[str]
    team: TeamView
    warnings: list[Remark] | UnsetType = UNSET


class ServiceLink(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """An address, and what it is called."""

    url: str
    title: str | UnsetType | None = UNSET


class ListedService(Wire, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    name: str
    owner: str | None
    tier: int | None
    description: str | None
    repository: str | None
    dashboards: list[ServiceLink]
    runbooks: list[ServiceLink]
    links: list[ServiceLink]
    labels: dict[str, list[str]]
    dependencies: list[str]
    lifecycle: str
    changed_by: str
    changed_at: datetime
    managed: Managed | None
    position: int
    owner_known: bool | None
    unknown_dependencies: list[str]


class ServiceView(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """A service as others see it, and who changed it last."""

    id: str
    name: str
    owner: str | None
    tier: int | None
    description: str | None
    repository: str | None
    dashboards: list[ServiceLink]
    runbooks: list[ServiceLink]
    links: list[ServiceLink]
    labels: dict[str, list[str]]
    dependencies: list[str]
    lifecycle: str
    changed_by: str
    changed_at: str
    managed: Managed | None
    position: int


class ServiceAnswer(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """The outcome of a command. Read models show it from `position` on; `events` are the tags of
    what was written; `service` is its state right after; `warnings` say what to reconsider
    about it, which was done all the same.
    """

    id: str
    reference: str | None
    position: int
    outcome: str
    events: list[str]
    service: ServiceView
    warnings: list[Remark] | UnsetType = UNSET


class Factor(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """What contributed. Action items refer to its `id`, which stays as its words change."""

    id: str
    kind: str
    text: str


class PostmortemRow(Wire, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    reference: str
    title: str
    incident: str
    incident_reference: str
    severity: str | None
    status: str
    author: str | None
    due_at: datetime | None
    final_at: datetime | None
    action_items: list[str]
    position: int
    number: int
    drill: bool
    opened_at: datetime
    factors: list[Factor]


class AddedEntry(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """What happened besides what the log has, as its source says."""

    entry: str
    at: str
    text: str
    source: str
    by: str


class FaultNode(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """A node of a fault tree: with a `gate`, what `inputs` bring about; without, a basic event."""

    id: str
    text: str
    gate: str | UnsetType | None = UNSET
    inputs: list[str] | UnsetType = UNSET


class FaultTree(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """How the `top` node came about: an acyclic graph, for one event may be an input of several."""

    top: str
    nodes: list[FaultNode]


class FaultTreeView(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """A fault tree, and what follows from it: its minimal `cut_sets`, the smallest first, and
    the events each of which alone brings the top about.
    """

    tree: FaultTree
    cut_sets: list[list[str]]
    single_points_of_failure: list[str]


class Meeting(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """When it is talked about; `attended` None: that is not on record."""

    begins_at: str
    minutes: int
    where: str | UnsetType | None = UNSET
    invited: list[Who] | UnsetType = UNSET
    attended: list[Who] | UnsetType | None = UNSET
    sequence: int | UnsetType = UNSET


class PostmortemReviewer(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """Who is to read it, and whether that has approved what stands there now."""

    who: Who
    approved_at: str | UnsetType | None = UNSET
    remark: str | UnsetType | None = UNSET


class PublishedText(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """What the public reads, since when, and who has approved it. `correction`: what was put
    right since it read another version, and when.
    """

    texts: dict[str, str]
    approved_by: Who
    published_at: str
    correction: str | UnsetType | None = UNSET
    corrected_at: str | UnsetType | None = UNSET


class Written(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """How often a field was written, and by whom and when last."""

    version: int
    by: str
    at: str


class PublicVersion(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """What is written for the public (`texts`), and what it reads (`published`), unless that was
    withdrawn.
    """

    texts: dict[str, str] | UnsetType = UNSET
    written: dict[str, Written] | UnsetType = UNSET
    published: PublishedText | UnsetType | None = UNSET
    withdrawn_at: str | UnsetType | None = UNSET
    withdrawn_because: str | UnsetType | None = UNSET


class Remarked(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """A comment, by whom and when, and who settled it."""

    comment: str
    text: str
    by: str
    at: str
    entry: str | UnsetType | None = UNSET
    field: str | UnsetType | None = UNSET
    resolved_by: str | UnsetType | None = UNSET


class Why(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """A question of a chain of whys, and its answer, which the next one asks about. `kind`: what
    sort of factor the answer is, where that is said.
    """

    question: str
    answer: str
    kind: str | UnsetType | None = UNSET


class PostmortemView(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """A post-mortem, whole. `impact`, `prose` and `points` are by field; `written` says how
    often each field was, and by whom last: whoever edits one sends that `version` as `seen`.
    `missing` is what it lacks to be final. `hidden` and `annotations` are by the event ids of
    the incident's timeline; `interviews` are those whose notes were released, `public` the
    version for the public.
    """

    id: str
    reference: str
    title: str
    incident: str
    incident_reference: str
    severity: str | None
    drill: bool
    status: str
    author: Who | None
    due_at: str | None
    opened_at: str
    final_at: str | None
    reopened_because: str | None
    blame_overridden_because: str | None
    prose: dict[str, str]
    impact: dict[str, str]
    points: dict[str, list[str]]
    factors: list[Factor]
    whys: list[Why]
    fault_tree: FaultTreeView | None
    written: dict[str, Written]
    reviewers: list[PostmortemReviewer]
    meeting: Meeting | None
    hidden: dict[str, str]
    annotations: dict[str, str]
    added: list[AddedEntry]
    comments: list[Remarked]
    action_items: dict[str, str]
    no_action_items_because: str | None
    interviews: dict[str, str]
    public: PublicVersion
    missing: list[str]
    changed_by: str
    changed_at: str
    position: int


class PostmortemAnswer(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """The outcome of a command. Read models show it from `position` on; `events` are the tags of
    what was written; `postmortem` is its state right after; `warnings` say what to reconsider
    about it, which was done all the same.
    """

    id: str
    reference: str
    position: int
    outcome: str
    events: list[str]
    postmortem: PostmortemView
    warnings: list[Remark] | UnsetType = UNSET


class ActionItemLine(Wire, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    reference: str
    title: str
    owner: str
    person: str | None
    due_at: datetime
    kind: str
    priority: str
    status: str
    origin: str
    incident: str | None
    factor: str | None
    ended_at: datetime | None
    issue: str | None
    position: int


class ItemOrigin(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """What it follows from: the `reference` of that (of a review, its name) and its `id`; of a
    post-mortem the `incident` as well, by its reference.
    """

    kind: str
    reference: str
    id: str | UnsetType | None = UNSET
    incident: str | UnsetType | None = UNSET


class LinkedIssue(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """The issue that is the same work: its `status` (None: its tracker has not said it yet)
    since `changed_at`, as `by` has left it.
    """

    url: str
    channel: str | UnsetType | None = UNSET
    status: str | UnsetType | None = UNSET
    changed_at: str | UnsetType | None = UNSET
    by: str | UnsetType | None = UNSET


class ActionItemView(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """An action item as others see it. It is due until the end of `due_on` (UTC), `due_at`.
    `in_time` says whether it was done or declined by then; null: it is still to be done.
    """

    id: str
    reference: str
    title: str
    outcome: str
    owner: Who
    due_on: date
    due_at: str
    kind: str
    priority: str
    status: str
    origin: ItemOrigin
    factor: str | None
    added_at: str
    added_by: str
    ended_at: str | None
    in_time: bool | None
    evidence: str | None
    declined_because: str | None
    decided_by: Who | None
    reopened_because: str | None
    issue: LinkedIssue | None
    changed_by: str
    changed_at: str
    position: int


class ActionItemAnswer(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """The outcome of a command. Read models show it from `position` on; `events` are the tags of
    what was written; `action_item` is its state right after; `warnings` say what to
    reconsider about it, which was done all the same.
    """

    id: str
    reference: str
    position: int
    outcome: str
    events: list[str]
    action_item: ActionItemView
    warnings: list[Remark] | UnsetType = UNSET


class InterviewLine(Wire, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    reference: str
    postmortem: str
    postmortem_reference: str
    incident: str
    interviewee: str
    by: str
    kept_at: datetime
    released_at: datetime | None
    position: int


class InterviewView(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """The notes of an interview, whole. `readers` alone may read them; None: they are released."""

    id: str
    reference: str
    postmortem: str
    postmortem_reference: str
    interviewee: Who
    by: str
    kept_at: str
    held_at: str | None
    text: str
    version: int
    readers: list[str] | None
    released_at: str | None
    released_by: str | None
    released_because: str | None
    consent: str | None
    position: int


class InterviewAnswer(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """The outcome of a command. Read models show it from `position` on; `events` are the tags of
    what was written; `interview` is its state right after; `warnings` say what to reconsider
    about it, which was done all the same.
    """

    id: str
    reference: str
    position: int
    outcome: str
    events: list[str]
    interview: InterviewView
    warnings: list[Remark] | UnsetType = UNSET


class ListedSchedule(Wire, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    name: str
    active: bool
    team: str | None
    time_zone: str
    people: list[str]
    changed_by: str
    changed_at: datetime
    position: int
    unknown_people: list[str] | UnsetType = UNSET
    people_who_left: list[str] | UnsetType = UNSET


class Recurring(
    Wire, frozen=True, kw_only=True, omit_defaults=True, tag_field="type", tag="recurring"
):
    """Shifts that recur by a rule of RFC 5545, each `length` of wall clock long.

    `rule` is a recurrence rule without UNTIL (FREQ=WEEKLY;BYDAY=MO,FR); None: once. The last
    shift begins at `last` or before. Shifts are counted from `start`, also where they are
    given from `first` on only. `added` and `left_out` are single beginnings. Every `every` of
    `step` the next group takes over.
    """

    start: str
    length: str
    rule: str | UnsetType | None = UNSET
    last: str | UnsetType | None = UNSET
    first: str | UnsetType | None = UNSET
    added: list[str] | UnsetType = UNSET
    left_out: list[str] | UnsetType = UNSET
    step: str | UnsetType = UNSET
    every: int | UnsetType = UNSET


class Restriction(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """A part of each day, or of each week, in which alone a layer is on duty.

    `weekday`: ISO number (1: Monday) of the day on which it begins; None: each day. `length`
    is by the wall clock, and may reach into the next days.
    """

    at: str
    length: str
    weekday: int | UnsetType | None = UNSET


class Turns(Wire, frozen=True, kw_only=True, omit_defaults=True, tag_field="type", tag="turns"):
    """Turns without a pause: duty passes on every `length` of wall clock, counted from `anchor`,
    or every so many `months`, by the same day of the month or its last.
    """

    anchor: str
    length: str | UnsetType = UNSET
    months: int | UnsetType = UNSET


class Layer(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """Groups that take turns by a pattern.

    Of several layers that have somebody, those of the highest `rank` are on call, together.
    `group` says whose turn the first is, from 0. `begins` and `ends` are instants between
    which it counts. `part_of` names the rotation that it belongs to, for what is put over
    that one alone.
    """

    id: str
    zone: str
    pattern: Turns | Recurring
    groups: list[list[str]]
    name: str | UnsetType = UNSET
    part_of: str | UnsetType | None = UNSET
    rank: int | UnsetType = UNSET
    group: int | UnsetType = UNSET
    begins: str | UnsetType | None = UNSET
    ends: str | UnsetType | None = UNSET
    restrictions: list[Restriction] | UnsetType = UNSET


class Course(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """The turns that hold from `since` on; None: from ever. Without `enabled` nobody has one."""

    since: str | None
    zone: str
    layers: list[Layer]
    enabled: bool | UnsetType = UNSET


class StandIn(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """What is put over the turns from `begins` until `ends`, who said so (`by`) and when.

    `people` are on call (override) or learn (shadow); otherwise `takes` has the turns of
    `leaves`. What is `withdrawn` has ended when it was, or never began; `holds_from`: what
    was accepted late. A swap was accepted or declined at `answered_at`.
    """

    number: int
    kind: str
    begins: str
    ends: str
    by: str
    said_at: str
    people: list[str] | UnsetType = UNSET
    leaves: str | UnsetType | None = UNSET
    takes: str | UnsetType | None = UNSET
    rotations: list[str] | UnsetType = UNSET
    status: str | UnsetType | None = UNSET
    holds_from: str | UnsetType | None = UNSET
    withdrawn: bool | UnsetType = UNSET
    reason: str | UnsetType | None = UNSET
    answer: str | UnsetType | None = UNSET
    answered_at: str | UnsetType | None = UNSET


class ScheduleView(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """A schedule as others see it: what is said of it, its `people`, which turns held since
    when, what is put over them, and who changed it last.
    """

    id: str
    name: str
    active: bool
    description: str | None
    team: str | None
    time_zone: str
    layers: list[Layer]
    people: list[str]
    courses: list[Course]
    stand_ins: list[StandIn]
    inactive_because: str | None
    changed_by: str
    changed_at: str
    managed: Managed | None
    position: int


class ScheduleAnswer(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """The outcome of a command. Read models show it from `position` on; `events` are the tags of
    what was written; `schedule` is its state right after; `warnings` say what to reconsider
    about it, which was done all the same.
    """

    id: str
    reference: str | None
    position: int
    outcome: str
    events: list[str]
    schedule: ScheduleView
    warnings: list[Remark] | UnsetType = UNSET


class Target(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """One whom a level reaches: by slug, a channel by the name that it has in the configuration."""

    kind: str
    name: str


class EscalationLevel(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """Whom it reaches, all at once; and how long it waits before the next level is reached, in
    seconds (0: that is reached with it). `round_robin`: of all those people one alone, the
    next one with each page. `during` which hours of the business (of the policy) it is there.
    """

    targets: list[Target]
    timeout_s: int | UnsetType = UNSET
    round_robin: bool | UnsetType = UNSET
    during: str | UnsetType = UNSET


class EscalationPolicyView(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """A policy as others see it, in its `version`, and who changed it last."""

    id: str
    name: str
    active: bool
    description: str | None
    levels: list[EscalationLevel]
    services: list[str]
    teams: list[str]
    severities: list[str]
    repeats: int
    then: str | None
    acknowledgements: int
    stale_after_s: int | None
    version: int
    inactive_because: str | None
    changed_by: str
    changed_at: str
    managed: Managed | None
    position: int


class EscalationPolicyAnswer(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """The outcome of a command. Read models show it from `position` on; `events` are the tags of
    what was written; `escalation_policy` is its state right after; `warnings` say what to
    reconsider about it, which was done all the same.
    """

    id: str
    reference: str | None
    position: int
    outcome: str
    events: list[str]
    escalation_policy: EscalationPolicyView
    warnings: list[Remark] | UnsetType = UNSET


class PageRow(Wire, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    number: int
    reference: str
    incident: str
    incident_reference: str
    title: str | None
    status: str
    severity: str
    policy: str
    level: int
    opened_at: datetime
    opened_position: int
    acknowledged_at: datetime | None
    acknowledged_by: list[str]
    missed_at: datetime | None
    ended_at: datetime | None
    ended_because: str | None
    people: list[str]
    attempts: int
    lost: int
    asked_by: str | None
    position: int


class Acknowledgement(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """Who has taken it, when, in which way."""

    by: Who
    at: str
    through: str | UnsetType | None = UNSET


class Attempt(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """One attempt to reach a person by a `method` through a `channel`, or a channel that is a
    target (`person` None); what is known to have become of it.
    """

    number: int
    climb: int
    step: int
    channel: str
    at: str
    person: str | UnsetType | None = UNSET
    name: str | UnsetType | None = UNSET
    method: str | UnsetType | None = UNSET
    address: str | UnsetType | None = UNSET
    outcome: str | UnsetType | None = UNSET
    outcome_at: str | UnsetType | None = UNSET
    detail: str | UnsetType | None = UNSET


class PinnedStep(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """A level of a policy (its slug; levels and rounds count from 1) as it was said then."""

    policy: str
    level: int
    round: int
    targets: list[Target]
    timeout_s: int
    round_robin: bool | UnsetType = UNSET
    during: str | UnsetType = UNSET


class PinnedPolicy(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """The policy that a page goes by, in its `version`; `chosen` says why this one. `turn` is
    that of its round-robin levels. `cut`: another policy should follow, and leads back to one
    before, or is not there; it was left out.
    """

    slug: str
    name: str
    version: int
    steps: list[PinnedStep]
    chosen: str
    acknowledgements: int | UnsetType = UNSET
    stale_after_s: int | UnsetType | None = UNSET
    turn: int | UnsetType = UNSET
    cut: str | UnsetType | None = UNSET


class PlannedContact(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """A person is to be paged by a method `at` a time, unless somebody has answered before; by
    the first of these `carriers` (channels), by the next where one fails.
    """

    person: str
    name: str
    method: str
    address: str
    at: datetime
    carriers: list[str]


class PageView(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """A page for an incident (its id and `incident_reference`). `level` and `round` are those
    that it has come to (from 1), of the `policy` as it was when it was opened; `waits_until`
    is when the next level is reached; `contacts` are to be paged before. `missing`: how many
    more people have to acknowledge it. `missed_at`: when it had climbed all levels, first,
    and not enough people had acknowledged it. `asked_by`: who wanted it; null: its policy
    did.
    """

    id: str
    reference: str
    incident: str
    incident_reference: str
    status: str
    severity: str
    title: str | None
    services: list[str]
    private: bool
    drill: bool
    policy: PinnedPolicy
    level: int
    round: int
    climb: int
    opened_at: str
    reached_at: str | None
    waits_until: str | None
    contacts: list[PlannedContact]
    attempts: list[Attempt]
    acknowledgements: list[Acknowledgement]
    missing: int
    acknowledged_at: str | None
    missed_at: str | None
    ended_at: str | None
    ended_because: str | None
    asked_by: Who | None
    reason: str | None
    position: int


class PageAnswer(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """The outcome of a command. Read models show it from `position` on; `events` are the tags of
    what was written; `page` is its state right after; `warnings` say what to reconsider about
    it, which was done all the same.
    """

    id: str
    reference: str
    position: int
    outcome: str
    events: list[str]
    page: PageView
    warnings: list[Remark] | UnsetType = UNSET


class SloRow(Wire, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    name: str
    service: str
    target: str
    window: str
    active: bool
    state: str
    state_since: datetime | None
    remaining: str | None
    burning: list[str]
    overridden_until: datetime | None
    review_due_at: datetime | None
    defined_at: datetime
    changed_by: str
    changed_at: datetime
    position: int


class BurnRateAlert(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """An alert while the budget burns faster than `burn_rate` in both windows."""

    severity: str
    long_window: str
    short_window: str
    burn_rate: str


class BurningAlert(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """An alert that is on by a rule, since which minute."""

    severity: str
    rule: str
    since: datetime


class CalendarStart(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """The window does not roll: periods follow one another from this time of the wall clock on."""

    starts: str
    time_zone: str


class GateOverride(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """Who lets deployments through in spite of the budget, why, and until when."""

    by: str
    reason: str
    said_at: str
    until: str


class PolicyWords(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """What a team has agreed on for each state, in its own words."""

    normal: str | UnsetType | None = UNSET
    freeze_review: str | UnsetType | None = UNSET
    reliability_only: str | UnsetType | None = UNSET
    frozen: str | UnsetType | None = UNSET


class PrometheusCounters(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """Two queries that give counters, of good and of all events, at the configured `source`.
    Each may give several series, whose growth is summed up.
    """

    source: str
    good: str
    total: str


class TimeSlices(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """Slices are counted instead of events: one is good where `target` per cent of its events
    are.
    """

    length: str
    target: str


class SloView(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """An objective as others see it: what is said of it, what its budget was last known to ask
    for (`state`, since then; `unknown`: nothing was ever counted), which alerts are on, who
    lets deployments through in spite of it, and when it is to be reviewed.
    """

    id: str
    name: str
    service: str
    target: str
    window: str
    active: bool
    description: str | None
    calendar: CalendarStart | None
    slices: TimeSlices | None
    alerts: list[BurnRateAlert]
    min_bad: int
    min_total: int
    prometheus: PrometheusCounters | None
    review: str | None
    policy: PolicyWords | None
    state: str
    state_since: str | None
    remaining: str | None
    burning: list[BurningAlert]
    override: GateOverride | None
    reviewed_at: str | None
    reviewed_by: str | None
    review_due_at: str | None
    inactive_because: str | None
    changed_by: str
    changed_at: str
    managed: Managed | None
    position: int


class SloAnswer(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """The outcome of a command. Read models show it from `position` on; `events` are the tags of
    what was written; `slo` is its state right after; `warnings` say what to reconsider about
    it, which was done all the same.
    """

    id: str
    reference: str | None
    position: int
    outcome: str
    events: list[str]
    slo: SloView
    warnings: list[Remark] | UnsetType = UNSET


class MeasuredSlo(Wire, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    samples: int
    first_at: datetime
    last_at: datetime
    recorded_at: datetime
    position: int


class MeasurementView(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """How many samples were recorded of an objective, of when the first and the last are, and
    when something was recorded last.
    """

    id: str
    samples: int
    first_at: str
    last_at: str
    recorded_at: str
    position: int


class MeasurementAnswer(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """The outcome of a command. Read models show it from `position` on; `events` are the tags of
    what was written; `measurement` is its state right after; `warnings` say what to
    reconsider about it, which was done all the same.
    """

    id: str
    reference: str | None
    position: int
    outcome: str
    events: list[str]
    measurement: MeasurementView
    warnings: list[Remark] | UnsetType = UNSET


class ListedRunbook(Wire, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    title: str
    version: int
    active: bool
    status: str
    team: str | None
    services: list[str]
    alerts: list[str]
    failures: list[str]
    tags: list[str]
    lacks: int
    tested_at: datetime | None
    stale_at: datetime
    doubts: list[str]
    changed_by: str
    changed_at: datetime
    position: int


class OtherSection(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """A section that the form does not have, kept as it was written, in Markdown."""

    title: str
    text: str | UnsetType = UNSET


class RunbookDoubt(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """Why one may not rely on it since then."""

    kind: str
    about: str
    at: str
    detail: str | UnsetType | None = UNSET


class RunbookLack(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """What is to be said of a part: where it is, by which rule, in words."""

    at: str
    rule: str
    detail: str


class Tested(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """When a version was followed, how, and whether that was of use."""

    at: str
    version: int
    how: str
    worked: bool
    execution: str | UnsetType | None = UNSET
    note: str | UnsetType | None = UNSET


class WrittenStep(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """Something to be done: in words, with the commands for it, which are never run here."""

    words: str | UnsetType = UNSET
    commands: list[str] | UnsetType = UNSET


class WrittenOption(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """A way to mend it: `Option A: Rollback (preferred if deploy-related)`, step by step."""

    title: str
    steps: list[WrittenStep] | UnsetType = UNSET


class RunbookView(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """A runbook as others see it: what it says (`version` is that of this), the `variables` that
    are to be put into its commands, what it `lacks`, when it was `tested` last, the `doubts`
    since, from when on it is stale unless it is tested (`stale_at`), and who changed it last.
    Nothing in it is run by the service.
    """

    id: str
    version: int
    title: str
    active: bool
    status: str
    team: str | None
    services: list[str]
    alerts: list[str]
    failures: list[str]
    tags: list[str]
    parties: list[str]
    facts: dict[str, str]
    signs: dict[str, str]
    diagnosis: list[WrittenStep]
    options: list[WrittenOption]
    checks: list[WrittenStep]
    messages: dict[str, str]
    more: list[OtherSection]
    variables: list[str]
    lacks: list[RunbookLack]
    tested: Tested | None
    stale_at: str
    doubts: list[RunbookDoubt]
    inactive_because: str | None
    changed_by: str
    changed_at: str
    managed: Managed | None
    position: int


class RunbookAnswer(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """The outcome of a command. Read models show it from `position` on; `events` are the tags of
    what was written; `runbook` is its state right after; `warnings` say what to reconsider
    about it, which was done all the same.
    """

    id: str
    reference: str | None
    position: int
    outcome: str
    events: list[str]
    runbook: RunbookView
    warnings: list[Remark] | UnsetType = UNSET


class ExecutionLine(Wire, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    reference: str
    runbook: str
    version: int
    title: str
    incident: str
    incident_reference: str
    exercise: bool
    steps: int
    done: int
    failed: int
    skipped: int
    started_at: datetime
    started_by: str
    outcome: str | None
    ended_at: datetime | None
    position: int


class StepView(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """A step by its number, with all that is known put into its commands, ready to be copied;
    how it stands, who said so, and how long it took in seconds (null: not known).
    """

    step: int
    section: str
    option: str | None
    words: str
    commands: list[str]
    status: str
    by: str | None
    started_at: str | None
    ended_at: str | None
    took_s: float | None
    remark: str | None
    attempts: int


class ExecutionView(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """An execution as others see it. `missing` are the variables that nobody has filled in,
    `exercise`: it was in a drill or a test. Without an `outcome` it goes on. What people did
    is on record here; the service runs nothing.
    """

    id: str
    reference: str
    runbook: str
    version: int
    title: str
    incident: str
    incident_reference: str
    exercise: bool
    variables: dict[str, str]
    missing: list[str]
    steps: list[StepView]
    started_at: str
    started_by: str
    outcome: str | None
    note: str | None
    ended_at: str | None
    ended_by: str | None
    changed_by: str
    changed_at: str
    position: int


class RunbookExecutionAnswer(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """The outcome of a command. Read models show it from `position` on; `events` are the tags of
    what was written; `runbook_execution` is its state right after; `warnings` say what to
    reconsider about it, which was done all the same.
    """

    id: str
    reference: str
    position: int
    outcome: str
    events: list[str]
    runbook_execution: ExecutionView
    warnings: list[Remark] | UnsetType = UNSET


class MaintenanceLine(Wire, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    reference: str
    title: str
    services: list[str]
    begins: datetime
    ends: datetime
    status: str
    public: bool
    suppresses_alerts: bool
    window_begins: datetime | None
    window_ends: datetime | None
    position: int


class MaintenanceNote(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """An update: how it went, and in which status it was."""

    at: str
    text: str
    status: str
    by: str | UnsetType = UNSET


class MaintenanceView(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """A maintenance as our own people see it. `begins` and `ends` are planned, `started_at` and
    `ended_at` are when it did, or when it was canceled; null: not yet.
    """

    id: str
    reference: str
    title: str
    description: str | None
    services: list[str]
    begins: str
    ends: str
    status: str
    started_at: str | None
    ended_at: str | None
    public: bool
    suppresses_alerts: bool
    remind_before_s: int
    canceled_because: str | None
    updates: list[MaintenanceNote]
    announced_at: str
    announced_by: str
    changed_at: str
    changed_by: str
    position: int


class MaintenanceAnswer(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """The outcome of a command. Read models show it from `position` on; `events` are the tags of
    what was written; `maintenance` is its state right after; `warnings` say what to
    reconsider about it, which was done all the same.
    """

    id: str
    reference: str
    position: int
    outcome: str
    events: list[str]
    maintenance: MaintenanceView
    warnings: list[Remark] | UnsetType = UNSET


class Rendering(Wire, frozen=True, kw_only=True, omit_defaults=True):
    audience: str
    kind: str
    subject: str
    text: str
    event_id: str | UnsetType | None = UNSET


class Preview(Wire, frozen=True, kw_only=True, omit_defaults=True):
    messages: list[Rendering]
    warnings: list[Remark]


class Beside(Wire, frozen=True, kw_only=True, omit_defaults=True):
    about: str
    then: str | None
    now: str | None


class HypothesisBeside(Wire, frozen=True, kw_only=True, omit_defaults=True):
    name: str
    statement: str
    then: str | None
    now: str | None


class LearntLater(Wire, frozen=True, kw_only=True, omit_defaults=True):
    kind: str
    at: datetime
    recorded_at: datetime
    text: str
    then: str | UnsetType | None = UNSET


class Reached(Wire, frozen=True, kw_only=True, omit_defaults=True):
    audience: str
    told: str | None
    at: datetime | None
    channels: list[str] | UnsetType = UNSET
    why_not: str | UnsetType | None = UNSET


class Row(Wire, frozen=True, kw_only=True, omit_defaults=True):
    at: datetime
    kind: str
    text: str
    actor: str | UnsetType | None = UNSET
    late: str | UnsetType | None = UNSET
    told: list[str] | UnsetType = UNSET
    not_told: dict[str, str] | UnsetType = UNSET
    origin: str | UnsetType | None = UNSET
    event_id: str | UnsetType | None = UNSET
    parts: list[Row] | UnsetType = UNSET


class KnownThen(Wire, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    reference: str
    title: str
    known_at: datetime
    then_known: bool
    glance: list[Beside]
    hypotheses: list[HypothesisBeside]
    timeline: list[Row]
    told: list[Reached]
    learnt_later: list[LearntLater]


class Because(Wire, frozen=True, kw_only=True, omit_defaults=True):
    event_id: str
    at: datetime
    text: str


class ExplainedEvent(Wire, frozen=True, kw_only=True, omit_defaults=True):
    event_id: str
    at: datetime
    kind: str
    text: str
    actor: str
    why: list[str]
    rule: str | UnsetType | None = UNSET
    policy_version: str | UnsetType | None = UNSET
    caused_by: Because | UnsetType | None = UNSET
    prevented_by: str | UnsetType | None = UNSET
    told: list[str]


class Explained(Wire, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    reference: str
    severity: list[str]
    told: list[str]
    events: list[ExplainedEvent]


class IncidentCost(Wire, frozen=True, kw_only=True, omit_defaults=True):
    version: str
    reference: str
    person_minutes: float | None
    people: int
    roles: dict[str, float]
    acting: float
    until: datetime | None


class DueOf(Wire, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    mark: str
    reference: str
    title: str
    severity: str
    status: str
    rule: str
    due_at: datetime
    since: datetime
    what: str
    policy_version: str
    about: str | None
    audience: str | None


class BacklogItem(Wire, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    reference: str
    title: str
    severity: str
    status: str
    acknowledged: bool
    services: list[str]
    owners: list[str]
    commander: str | None
    since: datetime
    deadlines: list[Due] | UnsetType = UNSET


class Knows(Wire, frozen=True, kw_only=True, omit_defaults=True):
    name: str
    person: str | None
    active: bool | None
    incidents: int
    last_on: str | None
    counts: bool


class BusFactor(Wire, frozen=True, kw_only=True, omit_defaults=True):
    service: str
    days: int
    bus_factor: int | None
    incidents: int
    unnamed: int
    people: list[Knows]


class UnknownService(Wire, frozen=True, kw_only=True, omit_defaults=True):
    service: str
    incidents: int
    last_on: str | None
    latest: str


class SeverityFrom(Wire, frozen=True, kw_only=True, omit_defaults=True):
    at: datetime | None
    severity: str
    why: str | UnsetType | None = UNSET


class Header(Wire, frozen=True, kw_only=True, omit_defaults=True):
    reference: str
    title: str
    status: str
    severity: str
    severity_history: list[SeverityFrom]
    severity_held: str | None
    began_at: datetime | None
    began_with: str | None
    ended_at: datetime | None
    duration_s: float | None
    durations: Durations
    impact: str
    summary: str | None
    services: list[str]
    roles: dict[str, str]
    root_cause: str | None
    mitigation: str | None
    resolution: str | None
    reopenings: int
    duplicates: list[str]
    postmortem_due_at: datetime | None
    postmortem_url: str | None


class PublicHeader(Wire, frozen=True, kw_only=True, omit_defaults=True):
    reference: str
    headline: str | None
    status: str
    impact: str
    services: list[str]
    began_at: datetime
    ended_at: datetime | None


class ReadersTimeline(Wire, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    reference: str
    for_: str = field(name="for")
    header: Header | UnsetType | None = UNSET
    published: PublicHeader | UnsetType | None = UNSET
    entries: list[Row]


class Automatic(Wire, frozen=True, kw_only=True, omit_defaults=True):
    rule: str
    policy_version: str
    caused_by: str


class Earlier(Wire, frozen=True, kw_only=True, omit_defaults=True):
    occurred_at: datetime
    text: str
    until: datetime
    by: str
    reason: str | None


class Entry(Wire, frozen=True, kw_only=True, omit_defaults=True):
    occurred_at: datetime
    recorded_at: datetime
    kind: str
    text: str
    actor: str
    position: int
    index: int
    event_id: str
    corrected: bool | UnsetType = UNSET
    retracted: bool | UnsetType = UNSET
    versions: list[Earlier] | UnsetType = UNSET
    automatic: Automatic | UnsetType | None = UNSET
    origin: str | UnsetType | None = UNSET
    not_told: dict[str, str] | UnsetType = UNSET


class TimelineOf(Wire, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    reference: str | None
    entries: list[Entry]
    next: str | UnsetType | None = UNSET


class Summary(Wire, frozen=True, kw_only=True, omit_defaults=True):
    n: int
    unknown: int
    median_s: float | None
    p90_s: float | None
    mean_s: float | None


class Group(Wire, frozen=True, kw_only=True, omit_defaults=True):
    group: str
    incidents: int
    reopened: int
    series: dict[str, Summary]


class Statistics(Wire, frozen=True, kw_only=True, omit_defaults=True):
    by: str
    since: datetime | None
    until: datetime | None
    groups: list[Group]
    definitions_version: int | UnsetType = UNSET
    definitions: dict[str, str] | UnsetType = UNSET
    notes: list[str] | UnsetType = UNSET


class ListedSignal(Wire, frozen=True, kw_only=True, omit_defaults=True):
    signal: int
    alert: str
    episode: str
    product: str
    source: str
    alert_id: str
    title: str | None
    service: str | None
    severity: str | None
    began_at: datetime
    action: str | None
    rule: str | None
    because: str | None
    until: datetime | None
    incident: str | None
    flaws: list[str] | UnsetType = UNSET
    incidents: list[str] | UnsetType = UNSET
    reference: str | UnsetType | None = UNSET


class HeartbeatRow(Wire, frozen=True, kw_only=True, omit_defaults=True):
    name: str
    status: str
    heard_at: datetime | None
    silent_since: datetime | None
    due_at: datetime | None
    since: datetime
    silence_s: int
    severity: str
    service: str | None


class Delivery(Wire, frozen=True, kw_only=True, omit_defaults=True):
    intent_id: str
    channel: str
    aggregate: str
    id: str
    audience: str
    subject: str
    status: str
    attempts: int
    reason: str | None
    receipt: str | None
    since: datetime
    due_at: datetime | None
    settled_at: datetime | None
    position: int
    incident_id: str | None


class Affects(Wire, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    name: str
    owner: str | None
    tier: int | None
    distance: int
    through: str


class BlastRadius(Wire, frozen=True, kw_only=True, omit_defaults=True):
    service: str
    affected: list[Affects]
    mermaid: str


class Gaps(Wire, frozen=True, kw_only=True, omit_defaults=True):
    services: int
    without_owner: list[str]
    tier_1_without_owner: list[str]
    owner_unknown: list[str]
    unknown_dependencies: dict[str, list[str]]
    orphans: list[str]
    cycles: list[list[str]]


class Mark(Wire, frozen=True, kw_only=True, omit_defaults=True):
    start: int
    end: int


class SearchHit(Wire, frozen=True, kw_only=True, omit_defaults=True):
    kind: str
    reference: str | None
    id: str
    incident: str | None
    incident_id: str | None
    title: str | None
    status: str | None
    severity: str | None
    at: datetime | None
    excerpt: str
    found: list[Mark]
    found_in_title: list[Mark]
    spelt_otherwise: bool


class SearchResult(Wire, frozen=True, kw_only=True, omit_defaults=True):
    hits: list[SearchHit]
    next: str | None


class Reason(Wire, frozen=True, kw_only=True, omit_defaults=True):
    kind: str
    text: str
    weight: float


class WhatHelped(Wire, frozen=True, kw_only=True, omit_defaults=True):
    cause: str | None
    mitigation: str | None
    resolution: str | None
    actions: list[str]
    last_update: str | None
    mitigators: list[str]
    postmortem: str | None


class SimilarIncident(Wire, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    reference: str
    title: str
    severity: str
    status: str
    began_at: datetime | None
    resolved_at: datetime | None
    score: float
    reasons: list[Reason]
    helped: WhatHelped


class SimilarIncidents(Wire, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    reference: str
    similar: list[SimilarIncident]


class Alike(Wire, frozen=True, kw_only=True, omit_defaults=True):
    kind: str
    reference: str
    text: str
    earlier_kind: str
    earlier_reference: str
    earlier_text: str
    words: list[str]


class EarlierItem(Wire, frozen=True, kw_only=True, omit_defaults=True):
    reference: str
    title: str
    status: str
    due_at: datetime
    ended_at: datetime | None
    became: str


class EarlierIncident(Wire, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    reference: str
    title: str
    began_at: datetime
    counts: bool
    verdict: str | None
    alike: list[Alike]
    action_items: list[EarlierItem]


class Repeats(Wire, frozen=True, kw_only=True, omit_defaults=True):
    reference: str
    flagged: bool
    times: int
    verdict: str | None
    said: str
    earlier: list[EarlierIncident]
    action_items: list[EarlierItem]


class RepeatRate(Wire, frozen=True, kw_only=True, omit_defaults=True):
    incidents: int
    confirmed: int
    rejected: int
    undecided: int
    rate: float | None
    repeats: list[str]


class ExplainedLine(Wire, frozen=True, kw_only=True, omit_defaults=True):
    at: datetime
    event: str
    text: str
    by: str
    event_id: str


class PageExplained(Wire, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    reference: str
    incident_reference: str
    status: str
    missed: bool
    verdict: str
    lines: list[ExplainedLine]


class Became(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """What became of a signal: it was `used` for these incidents, `ignored` by a rule or as
    there was nothing to end, `repeated` after the end of what it told of, `unwanted`, is
    `waiting` to be looked at again, or in quarantine. `flaws` could not be read as they were
    meant; `warnings` say whom no channel tells of what it has begun.
    """

    outcome: str
    incidents: list[str] | UnsetType = UNSET
    reason: str | UnsetType | None = UNSET
    flaws: list[str] | UnsetType = UNSET
    warnings: list[str] | UnsetType = UNSET


class Accepted(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """What was delivered is kept at `position`; `became` where that is known soon."""

    position: int
    became: Became | UnsetType | None = UNSET


class ChangeEnqueued(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """The answer of the Events API v2 to a change event."""

    status: str
    message: str
    flaws: list[str] | UnsetType = UNSET
    became: Became | UnsetType | None = UNSET


class Enqueued(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """The answer of the Events API v2, and beside it what of the event could not be read."""

    status: str
    message: str
    dedup_key: str
    flaws: list[str] | UnsetType = UNSET
    became: Became | UnsetType | None = UNSET


class Fault(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """What is not understood of a signal; it waits in quarantine."""

    code: str
    detail: str


class Taken(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """What was sent is kept at `position`; `accepted` of its events are understood, but for
    `flaws`.
    """

    position: int
    accepted: int
    problems: list[Fault] | UnsetType = UNSET
    flaws: list[str] | UnsetType = UNSET
    became: Became | UnsetType = UNSET


class Kept(Wire, frozen=True, kw_only=True, omit_defaults=True):
    position: int
    product: str
    source: str
    received_at: datetime
    headers: dict[str, str]
    body: str
    case: dict[str, Any] | None


class Myself(Wire, frozen=True, kw_only=True, omit_defaults=True):
    name: str
    role: str
    actor: str
    permissions: list[str]


class TokenView(Wire, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    name: str
    role: str
    person: str | None
    scopes: list[str]
    standing: str
    made_by: str
    made_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    use_known_since: datetime | None
    revoked_at: datetime | None
    revoked_by: str | None
    revoked_because: str | None


class NewTokenAnswer(Wire, frozen=True, kw_only=True, omit_defaults=True):
    secret: str
    token: TokenView


class RightsTaken(Wire, frozen=True, kw_only=True, omit_defaults=True):
    name: str
    until: datetime
    permissions: list[str]
    told: str


class RightsEnded(Wire, frozen=True, kw_only=True, omit_defaults=True):
    name: str


class AuditEntry(Wire, frozen=True, kw_only=True, omit_defaults=True):
    position: int
    at: datetime
    actor: str
    via: str | None
    what: str
    text: str
    correlation_id: str
    incident: str | UnsetType | None = UNSET


class ListedCalendar(Wire, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    of: str
    name: str
    made_at: datetime


class NewCalendar(Wire, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    of: str
    url: str


class PolicyDifference(Wire, frozen=True, kw_only=True, omit_defaults=True):
    what: str
    now_at: datetime | None
    then_at: datetime | None


class IncidentUnderPolicy(Wire, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    reference: str
    title: str
    severity_now: str
    severity_then: str
    differences: list[PolicyDifference]


class WhatIf(Wire, frozen=True, kw_only=True, omit_defaults=True):
    policy_now: str
    policy_then: str
    since: datetime
    until: datetime
    incidents: int
    differing: list[IncidentUnderPolicy]


class Metric(Wire, frozen=True, kw_only=True, omit_defaults=True):
    name: str
    definition: str
    target: str
    unit: str
    value: float | None
    n: int
    unknown: int | UnsetType = UNSET
    waiting: int | UnsetType = UNSET
    before: float | UnsetType | None = UNSET
    n_before: int | UnsetType = UNSET
    low: float | UnsetType | None = UNSET
    high: float | UnsetType | None = UNSET
    trend: str | UnsetType | None = UNSET
    met: bool | UnsetType | None = UNSET
    missing: list[str] | UnsetType = UNSET
    evidence: list[str] | UnsetType = UNSET
    against: list[str] | UnsetType = UNSET


class Scorecard(Wire, frozen=True, kw_only=True, omit_defaults=True):
    version: str
    as_of: datetime
    period: str
    since: datetime
    until: datetime
    before: str
    metrics: list[Metric]


class Cascade(Wire, frozen=True, kw_only=True, omit_defaults=True):
    first: str
    then: str
    within_s: float
    support: int
    of: int
    confidence: float
    lift: float
    few: bool
    incidents: list[list[Any]]


class ChangeFailures(Wire, frozen=True, kw_only=True, omit_defaults=True):
    changes: int
    failed: int
    rate: float | None
    share_of_incidents: float | None
    incidents: list[str]
    missing: list[str]


class Declaring(Wire, frozen=True, kw_only=True, omit_defaults=True):
    team: str
    alerted: int
    undeclared: list[str]
    late: list[str]
    median_s: float | None
    few: bool


class FailTogether(Wire, frozen=True, kw_only=True, omit_defaults=True):
    services: list[Any]
    support: int
    share: float
    lift: float
    few: bool
    incidents: list[str]


class RepeatedShare(Wire, frozen=True, kw_only=True, omit_defaults=True):
    rate: float | None
    n: int
    unknown: int
    repeats: dict[str, list[str]]


class Patterns(Wire, frozen=True, kw_only=True, omit_defaults=True):
    version: str
    incidents: int
    together: list[FailTogether]
    cascades: list[Cascade]
    weekdays: dict[str, int]
    hours: dict[str, int]
    repeats: RepeatedShare
    changes: ChangeFailures
    declaring: list[Declaring]


class AlertQuality(Wire, frozen=True, kw_only=True, omit_defaults=True):
    source: str
    alert: str
    rules: list[str]
    firings: int
    kept_out: int
    real: list[str]
    false_positives: list[str]
    ignored: list[str]
    open: list[str]
    precision: float | None
    few: bool


class ScheduleDuty(Wire, frozen=True, kw_only=True, omit_defaults=True):
    schedule: str
    name: str
    people: list[str] | UnsetType = UNSET
    until: datetime | UnsetType | None = UNSET
    next_people: list[str] | UnsetType | None = UNSET
    unknown_people: list[str] | UnsetType = UNSET
    people_who_left: list[str] | UnsetType = UNSET
    without_contact: list[str] | UnsetType = UNSET
    problem: str | UnsetType | None = UNSET


class SeveralDuties(Wire, frozen=True, kw_only=True, omit_defaults=True):
    person: str
    schedules: list[str]


class DutyOverview(Wire, frozen=True, kw_only=True, omit_defaults=True):
    at: datetime
    schedules: list[ScheduleDuty]
    several: list[SeveralDuties]


class TurnSpan(Wire, frozen=True, kw_only=True, omit_defaults=True):
    from_: datetime = field(name="from")
    to: datetime


class HoursChanged(Wire, frozen=True, kw_only=True, omit_defaults=True):
    person: str
    hours_before: float
    hours_after: float
    gains: list[TurnSpan]
    loses: list[TurnSpan]


class RotaDifference(Wire, frozen=True, kw_only=True, omit_defaults=True):
    begins: datetime
    ends: datetime
    people: list[HoursChanged]
    gap_hours_before: float
    gap_hours_after: float


class ListedShift(Wire, frozen=True, kw_only=True, omit_defaults=True):
    from_: datetime = field(name="from")
    to: datetime
    people: list[str]


class OnCall(Wire, frozen=True, kw_only=True, omit_defaults=True):
    schedule: str
    at: datetime
    people: list[str]
    shadows: list[str]
    since: datetime | None
    until: datetime | None
    next_people: list[str] | None


class Shift(Wire, frozen=True, kw_only=True, omit_defaults=True):
    begins: datetime
    ends: datetime
    people: list[str]


class Warned(Wire, frozen=True, kw_only=True, omit_defaults=True):
    code: str
    detail: str
    points: int


class RosterReview(Wire, frozen=True, kw_only=True, omit_defaults=True):
    score: int
    warnings: list[Warned]
    gaps: list[Shift]
    hours: dict[str, float]


class LoadSpread(Wire, frozen=True, kw_only=True, omit_defaults=True):
    least: float
    mean: float
    most: float
    ratio: float | None


class BusyShift(Wire, frozen=True, kw_only=True, omit_defaults=True):
    schedule: str
    from_: datetime = field(name="from")
    to: datetime
    pages: int


class PersonLoad(Wire, frozen=True, kw_only=True, omit_defaults=True):
    person: str
    hours: float
    pages: int
    interruptions: int
    night_pages: int | None
    weekend_pages: int | None
    busiest_week: int
    too_many: bool
    busiest_shift: BusyShift | None
    acknowledged: int
    acknowledged_s: float | None
    few: bool


class OnCallLoad(Wire, frozen=True, kw_only=True, omit_defaults=True):
    from_: datetime = field(name="from")
    to: datetime
    people: list[PersonLoad]
    too_many: list[str]
    hours: LoadSpread | None
    pages: LoadSpread | None
    not_laid_out: list[str] | UnsetType = UNSET


class BudgetAnswer(Wire, frozen=True, kw_only=True, omit_defaults=True):
    slo: str
    name: str
    service: str
    target: str
    window: str
    as_of: datetime
    begins: datetime
    bad: int
    total: int
    allowed: str
    remaining: str | None
    remaining_percent: float | None
    consumed_percent: float | None
    state: str
    window_minutes: int
    unknown_minutes: int
    last_sample_at: datetime | None


class AlertSpan(Wire, frozen=True, kw_only=True, omit_defaults=True):
    from_: datetime = field(name="from")
    to: datetime


class RuleMinutes(Wire, frozen=True, kw_only=True, omit_defaults=True):
    rule: str
    severity: str
    fires: list[AlertSpan]
    alerts: list[AlertSpan]
    unknown: list[AlertSpan]


class GateObjective(Wire, frozen=True, kw_only=True, omit_defaults=True):
    slo: str
    name: str
    may_deploy: bool
    state: str
    state_since: datetime | None
    rule: str
    remaining: str | None
    override: GateOverride | UnsetType | None = UNSET
    team_says: str | UnsetType | None = UNSET
    remaining_percent: float | UnsetType | None = UNSET
    unknown_minutes: int | UnsetType | None = UNSET
    last_sample_at: datetime | UnsetType | None = UNSET


class GateAnswer(Wire, frozen=True, kw_only=True, omit_defaults=True):
    service: str
    change: str
    at: datetime
    may_deploy: bool
    why: str
    objectives: list[GateObjective]
    who_may_override: str | None


class SuggestedRunbook(Wire, frozen=True, kw_only=True, omit_defaults=True):
    runbook: str
    title: str
    version: int
    status: str
    tested_at: datetime | None
    team: str | None
    because: list[str]


class IncidentRunbooks(Wire, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    reference: str
    suggested: list[SuggestedRunbook]
    executions: list[ExecutionLine]


class Proposal(Wire, frozen=True, kw_only=True, omit_defaults=True):
    kind: str
    step: int | None
    text: str
    small: bool


class StepFigure(Wire, frozen=True, kw_only=True, omit_defaults=True):
    step: int
    section: str
    option: str | None
    words: str
    shown: int
    done: int
    failed: int
    skipped: int
    unsaid: int
    recovered: int
    not_recovered: int
    unknown: int
    few: bool


class RunbookFigures(Wire, frozen=True, kw_only=True, omit_defaults=True):
    runbook: str
    version: int
    executions: int
    exercises: int
    within_min: int
    steps: list[StepFigure]
    proposals: list[Proposal]


class SentCheck(Wire, frozen=True, kw_only=True, omit_defaults=True):
    kind: str
    address: str
    outcome: str
    channel: str | UnsetType | None = UNSET
    receipt: str | UnsetType | None = UNSET
    reason: str | UnsetType | None = UNSET
    expires_at: datetime | UnsetType | None = UNSET


class ContactCheckReport(Wire, frozen=True, kw_only=True, omit_defaults=True):
    person: str
    name: str
    checks: list[SentCheck]


class PrivateTo(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """Who is to see an incident, besides whoever declared it, whoever says so here, and whoever
    has a role in it: `people`, and whoever is in one of these `teams` at the time of looking.
    """

    people: list[str] | UnsetType = UNSET
    teams: list[str] | UnsetType = UNSET


class StatedImpact(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """An assessment as a sender states it: what we do not know is refused, not passed over."""

    users_affected: int | UnsetType | None = UNSET
    percent_affected: float | UnsetType | None = UNSET
    scope: int | UnsetType | None = UNSET
    regions: int | UnsetType | None = UNSET
    tenants: int | UnsetType | None = UNSET
    services: int | UnsetType | None = UNSET
    functionality: Functionality | UnsetType | None = UNSET
    paying_customers: bool | UnsetType | None = UNSET
    customer_reported: bool | UnsetType | None = UNSET
    data_integrity_concern: bool | UnsetType | None = UNSET
    security_breach: bool | UnsetType | None = UNSET
    summary: str | UnsetType | None = UNSET


class MeasuredSample(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """How many events there were since the sample before, `at` that time, and how many of them
    were good. Without figures: what happened then is not known, whatever was said of it
    before.
    """

    at: datetime
    good: int | UnsetType | None = UNSET
    total: int | UnsetType | None = UNSET


class StatedChanges(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """What a sender wants to stand instead of what was stated of an impact."""

    users_affected: int | UnsetType | None = UNSET
    percent_affected: float | UnsetType | None = UNSET
    scope: int | UnsetType | None = UNSET
    regions: int | UnsetType | None = UNSET
    tenants: int | UnsetType | None = UNSET
    services: int | UnsetType | None = UNSET
    functionality: Functionality | UnsetType | None = UNSET
    paying_customers: bool | UnsetType | None = UNSET
    customer_reported: bool | UnsetType | None = UNSET
    data_integrity_concern: bool | UnsetType | None = UNSET
    security_breach: bool | UnsetType | None = UNSET
    summary: str | UnsetType | None = UNSET


class SignalData(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """The data of a signal. Without an `action`, the last word of the event's type says it;
    without a `dedup_key`, the event's subject, or else its source, tells one alert from
    another.
    """

    action: Literal["acknowledge", "resolve", "trigger"] | UnsetType | None = UNSET
    dedup_key: str | UnsetType | None = UNSET
    summary: str | UnsetType | None = UNSET
    severity: str | UnsetType | None = UNSET
    service: str | UnsetType | None = UNSET
    details: str | dict[str, Any] | list[Any] | UnsetType | None = UNSET
    impact: StatedImpact | UnsetType | None = UNSET
    group: str | UnsetType | None = UNSET
    labels: dict[str, str] | UnsetType = UNSET
    began_at: datetime | UnsetType | None = UNSET
    by: str | UnsetType | None = UNSET
    url: str | UnsetType | None = UNSET


class SignalEvent(Wire, frozen=True, kw_only=True, omit_defaults=True):
    """A signal: a CloudEvent whose data are those of a signal."""

    id: str
    source: str
    specversion: Literal["1.0"]
    type: str
    subject: str | UnsetType | None = UNSET
    time: datetime | UnsetType | None = UNSET
    datacontenttype: str | UnsetType | None = UNSET
    data: SignalData | UnsetType = UNSET
    data_base64: str | UnsetType | None = UNSET


class Declare(Command[Answer], frozen=True, kw_only=True, omit_defaults=True):
    """Declare an incident, or adopt one that alerts have opened. Without a severity, it is
    classified from its impact by the matrix, and never below what its alerts state. `roles`
    says who commands, and who else does what: `{"incident_commander": "Ada"}`. What is new
    needs a title; what is adopted keeps its own, if none is given. `private` says who alone
    may see it, beside whoever declares it and whoever has a role in it.
    """

    ROUTE: ClassVar[Route] = Route(
        "incidents", "declare", "commands.incident.declare", Answer, opens=True
    )

    occurred_at: datetime | UnsetType | None = UNSET
    notify: bool | UnsetType = UNSET
    confirm: bool | UnsetType = UNSET
    title: str | UnsetType = UNSET
    severity: Severity | UnsetType | None = UNSET
    summary: str | UnsetType | None = UNSET
    services: list[str] | UnsetType = UNSET
    impact: StatedImpact | UnsetType = UNSET
    impact_started_at: datetime | UnsetType | None = UNSET
    detected_at: datetime | UnsetType | None = UNSET
    roles: dict[str, str] | UnsetType = UNSET
    kind: Kind | UnsetType = UNSET
    origin: Origin | UnsetType | None = UNSET
    private: PrivateTo | UnsetType | None = UNSET


class RegisterPerson(Command[PersonAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Enter a person. The slug stays: roles, owners and the log refer to it."""

    ROUTE: ClassVar[Route] = Route(
        "people", "", "commands.person.register", PersonAnswer, opens=True
    )

    name: str
    email: str | UnsetType | None = UNSET
    time_zone: str | UnsetType | None = UNSET
    working_hours: WorkingHours | UnsetType | None = UNSET
    handles: Handles | UnsetType = UNSET
    contact_methods: list[ContactMethod] | UnsetType = UNSET
    known_as: list[str] | UnsetType = UNSET
    positions: list[str] | UnsetType = UNSET
    contact_rules: list[ContactRule] | UnsetType = UNSET
    quiet_hours: QuietHours | UnsetType | None = UNSET
    slug: str
    managed_by: Managed | UnsetType | None = UNSET


class RegisterTeam(Command[TeamAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Enter a team. The slug stays: owners and the log refer to it."""

    ROUTE: ClassVar[Route] = Route("teams", "", "commands.team.register", TeamAnswer, opens=True)

    name: str
    description: str | UnsetType | None = UNSET
    members: list[str] | UnsetType = UNSET
    leads: list[str] | UnsetType = UNSET
    channels: list[str] | UnsetType = UNSET
    time_zone: str | UnsetType | None = UNSET
    slug: str
    managed_by: Managed | UnsetType | None = UNSET


class RegisterService(Command[ServiceAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Enter a service. The slug stays: incidents, dependencies and the log refer to it."""

    ROUTE: ClassVar[Route] = Route(
        "services", "", "commands.service.register", ServiceAnswer, opens=True
    )

    name: str
    owner: str | UnsetType | None = UNSET
    tier: int | UnsetType | None = UNSET
    description: str | UnsetType | None = UNSET
    repository: str | UnsetType | None = UNSET
    dashboards: list[ServiceLink] | UnsetType = UNSET
    runbooks: list[ServiceLink] | UnsetType = UNSET
    links: list[ServiceLink] | UnsetType = UNSET
    labels: dict[str, list[str]] | UnsetType = UNSET
    dependencies: list[str] | UnsetType = UNSET
    lifecycle: Literal["deprecated", "experimental", "production", "retired"] | UnsetType = UNSET
    slug: str
    managed_by: Managed | UnsetType | None = UNSET


class OpenPostmortem(Command[PostmortemAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Open the post-mortem of an incident, by its reference or id. Each has one: asking for it
    again gives the one that is there. Who leads the incident is the author, unless it is
    said.
    """

    ROUTE: ClassVar[Route] = Route(
        "postmortems", "", "commands.postmortem.open", PostmortemAnswer, opens=True
    )

    incident: str
    author: str | UnsetType | None = UNSET


class AddActionItem(Command[ActionItemAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say what is to be done: by which `outcome` one will see that it is done, who owns it (one
    person), and on which day it is due, by UTC. It follows from a `postmortem`, an `incident`
    or a drill, by reference or id, or from a `review`, by its name. `factor` names a
    contributing factor of the post-mortem.
    """

    ROUTE: ClassVar[Route] = Route(
        "action-items", "", "commands.action_item.add", ActionItemAnswer, opens=True
    )

    title: str
    outcome: str
    owner: str
    due_on: date
    kind: ActionKind
    priority: Priority | UnsetType = UNSET
    postmortem: str | UnsetType | None = UNSET
    incident: str | UnsetType | None = UNSET
    review: str | UnsetType | None = UNSET
    factor: str | UnsetType | None = UNSET


class KeepInterview(Command[InterviewAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Keep the notes of a talk with one person about what a post-mortem is of. They are seen by
    whoever writes them, by that person and by the `readers`, and by nobody else until they
    are released.
    """

    ROUTE: ClassVar[Route] = Route(
        "interviews", "", "commands.interview.keep", InterviewAnswer, opens=True
    )

    postmortem: str
    interviewee: str
    text: str
    held_at: datetime | UnsetType | None = UNSET
    readers: list[str] | UnsetType = UNSET


class RegisterSchedule(Command[ScheduleAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Enter a schedule. The slug stays: escalation policies and the log refer to it."""

    ROUTE: ClassVar[Route] = Route(
        "schedules", "", "commands.schedule.register", ScheduleAnswer, opens=True
    )

    name: str
    time_zone: str
    description: str | UnsetType | None = UNSET
    team: str | UnsetType | None = UNSET
    layers: list[Layer] | UnsetType = UNSET
    slug: str
    managed_by: Managed | UnsetType | None = UNSET


class RegisterEscalationPolicy(
    Command[EscalationPolicyAnswer], frozen=True, kw_only=True, omit_defaults=True
):
    """Enter an escalation policy. The slug stays: pages and the log refer to it."""

    ROUTE: ClassVar[Route] = Route(
        "escalation-policies",
        "",
        "commands.escalation_policy.register",
        EscalationPolicyAnswer,
        opens=True,
    )

    name: str
    levels: list[EscalationLevel]
    description: str | UnsetType | None = UNSET
    services: list[str] | UnsetType = UNSET
    teams: list[str] | UnsetType = UNSET
    severities: list[Severity] | UnsetType = UNSET
    repeats: int | UnsetType = UNSET
    then: str | UnsetType | None = UNSET
    acknowledgements: int | UnsetType = UNSET
    stale_after_s: int | UnsetType | None = UNSET
    slug: str
    managed_by: Managed | UnsetType | None = UNSET


class OpenPage(Command[PageAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Page people for an incident (its id or reference) by an escalation policy (its slug; none:
    the one that is for the incident).
    """

    ROUTE: ClassVar[Route] = Route("pages", "", "commands.page.open", PageAnswer, opens=True)

    incident: str
    policy: str | UnsetType | None = UNSET
    reason: str | UnsetType | None = UNSET


class RegisterSlo(Command[SloAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Enter an objective. The slug stays: samples, gates and the log refer to it."""

    ROUTE: ClassVar[Route] = Route("slos", "", "commands.slo.register", SloAnswer, opens=True)

    name: str
    service: str
    target: str
    window: str
    description: str | UnsetType | None = UNSET
    calendar: CalendarStart | UnsetType | None = UNSET
    slices: TimeSlices | UnsetType | None = UNSET
    alerts: list[BurnRateAlert] | UnsetType = UNSET
    min_bad: int | UnsetType = UNSET
    min_total: int | UnsetType = UNSET
    prometheus: PrometheusCounters | UnsetType | None = UNSET
    review: Literal["biweekly", "monthly", "quarterly", "weekly", "yearly"] | UnsetType | None = (
        UNSET
    )
    policy: PolicyWords | UnsetType | None = UNSET
    slug: str
    managed_by: Managed | UnsetType | None = UNSET


class RecordMeasurement(Command[MeasurementAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say what was counted for an objective. One of the same time as before counts instead."""

    ROUTE: ClassVar[Route] = Route(
        "measurements", "", "commands.measurement.record", MeasurementAnswer, opens=True
    )

    slo: str
    samples: list[MeasuredSample]


class RegisterRunbook(Command[RunbookAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Publish a runbook. The slug stays: executions and the log refer to it."""

    ROUTE: ClassVar[Route] = Route(
        "runbooks", "", "commands.runbook.register", RunbookAnswer, opens=True
    )

    title: str
    team: str | UnsetType | None = UNSET
    services: list[str] | UnsetType = UNSET
    alerts: list[str] | UnsetType = UNSET
    failures: list[str] | UnsetType = UNSET
    tags: list[str] | UnsetType = UNSET
    parties: list[str] | UnsetType = UNSET
    facts: dict[str, str] | UnsetType = UNSET
    signs: dict[str, str] | UnsetType = UNSET
    diagnosis: list[WrittenStep] | UnsetType = UNSET
    options: list[WrittenOption] | UnsetType = UNSET
    checks: list[WrittenStep] | UnsetType = UNSET
    messages: dict[str, str] | UnsetType = UNSET
    more: list[OtherSection] | UnsetType = UNSET
    slug: str
    managed_by: Managed | UnsetType | None = UNSET


class StartExecution(
    Command[RunbookExecutionAnswer], frozen=True, kw_only=True, omit_defaults=True
):
    """Begin to follow a runbook in an incident that goes on, or in a drill. It is followed in
    the version that it has now. Variables that are not given are filled in from the incident
    where one may do so without a doubt. Nothing is run: what people do is recorded.
    """

    ROUTE: ClassVar[Route] = Route(
        "runbook-executions",
        "",
        "commands.runbook_execution.start",
        RunbookExecutionAnswer,
        opens=True,
    )

    runbook: str
    incident: str
    variables: dict[str, str] | UnsetType = UNSET


class ScheduleMaintenance(
    Command[MaintenanceAnswer], frozen=True, kw_only=True, omit_defaults=True
):
    """Announce work on services from `begins` (now, where it is not given) until `ends`. It
    starts and ends by itself. Title and description are public, unless `public` is false:
    then our own people alone hear of it. `remind_before_s` before it begins all who heard are
    reminded (0: they are not). With `suppresses_alerts` alerts of its services that begin
    meanwhile open nothing.
    """

    ROUTE: ClassVar[Route] = Route(
        "maintenances", "", "commands.maintenance.schedule", MaintenanceAnswer, opens=True
    )

    title: str
    services: list[str]
    ends: datetime
    begins: datetime | UnsetType | None = UNSET
    description: str | UnsetType | None = UNSET
    remind_before_s: int | UnsetType = UNSET
    public: bool | UnsetType = UNSET
    suppresses_alerts: bool | UnsetType = UNSET


class Acknowledge(Command[Answer], frozen=True, kw_only=True, omit_defaults=True):
    """Take the incident on."""

    ROUTE: ClassVar[Route] = Route(
        "incidents", "acknowledge", "commands.incident.acknowledge", Answer, opens=False
    )

    occurred_at: datetime | UnsetType | None = UNSET
    notify: bool | UnsetType = UNSET
    confirm: bool | UnsetType = UNSET


class AssignRole(Command[Answer], frozen=True, kw_only=True, omit_defaults=True):
    """Give a free role to somebody."""

    ROUTE: ClassVar[Route] = Route(
        "incidents", "assign_role", "commands.incident.assign_role", Answer, opens=False
    )

    occurred_at: datetime | UnsetType | None = UNSET
    notify: bool | UnsetType = UNSET
    confirm: bool | UnsetType = UNSET
    role: Role
    assignee: str


class HandOverRole(Command[Answer], frozen=True, kw_only=True, omit_defaults=True):
    """Pass a role that is held on to somebody else."""

    ROUTE: ClassVar[Route] = Route(
        "incidents", "hand_over_role", "commands.incident.hand_over_role", Answer, opens=False
    )

    occurred_at: datetime | UnsetType | None = UNSET
    notify: bool | UnsetType = UNSET
    confirm: bool | UnsetType = UNSET
    role: Role
    assignee: str
    note: str | UnsetType | None = UNSET


class UnassignRole(Command[Answer], frozen=True, kw_only=True, omit_defaults=True):
    """Take a role from whoever holds it (if named, from this `assignee` alone); nobody has it
    then.
    """

    ROUTE: ClassVar[Route] = Route(
        "incidents", "unassign_role", "commands.incident.unassign_role", Answer, opens=False
    )

    occurred_at: datetime | UnsetType | None = UNSET
    notify: bool | UnsetType = UNSET
    confirm: bool | UnsetType = UNSET
    role: Role
    assignee: str | UnsetType | None = UNSET
    reason: str | UnsetType | None = UNSET


class ReassessImpact(Command[Answer], frozen=True, kw_only=True, omit_defaults=True):
    """State what is now known of the impact. What is left out stays; null means not known."""

    ROUTE: ClassVar[Route] = Route(
        "incidents", "reassess_impact", "commands.incident.reassess_impact", Answer, opens=False
    )

    occurred_at: datetime | UnsetType | None = UNSET
    notify: bool | UnsetType = UNSET
    confirm: bool | UnsetType = UNSET
    users_affected: int | UnsetType | None = UNSET
    percent_affected: float | UnsetType | None = UNSET
    scope: int | UnsetType | None = UNSET
    regions: int | UnsetType | None = UNSET
    tenants: int | UnsetType | None = UNSET
    services: int | UnsetType | None = UNSET
    functionality: Functionality | UnsetType | None = UNSET
    paying_customers: bool | UnsetType | None = UNSET
    customer_reported: bool | UnsetType | None = UNSET
    data_integrity_concern: bool | UnsetType | None = UNSET
    security_breach: bool | UnsetType | None = UNSET
    summary: str | UnsetType | None = UNSET


class ChangeSeverity(Command[Answer], frozen=True, kw_only=True, omit_defaults=True):
    """Decide on another severity, and say why."""

    ROUTE: ClassVar[Route] = Route(
        "incidents", "change_severity", "commands.incident.change_severity", Answer, opens=False
    )

    occurred_at: datetime | UnsetType | None = UNSET
    notify: bool | UnsetType = UNSET
    confirm: bool | UnsetType = UNSET
    severity: Severity
    reason: str


class OpenHypothesis(Command[Answer], frozen=True, kw_only=True, omit_defaults=True):
    """Begin an investigation path; needs the roles that the policy asks for."""

    ROUTE: ClassVar[Route] = Route(
        "incidents", "open_hypothesis", "commands.incident.open_hypothesis", Answer, opens=False
    )

    occurred_at: datetime | UnsetType | None = UNSET
    notify: bool | UnsetType = UNSET
    confirm: bool | UnsetType = UNSET
    override: str | UnsetType | None = UNSET
    statement: str
    owner: str | UnsetType | None = UNSET


class ConfirmHypothesis(Command[Answer], frozen=True, kw_only=True, omit_defaults=True):
    """State that the evidence supports a hypothesis."""

    ROUTE: ClassVar[Route] = Route(
        "incidents",
        "confirm_hypothesis",
        "commands.incident.confirm_hypothesis",
        Answer,
        opens=False,
    )

    occurred_at: datetime | UnsetType | None = UNSET
    notify: bool | UnsetType = UNSET
    confirm: bool | UnsetType = UNSET
    override: str | UnsetType | None = UNSET
    hypothesis: str
    finding: str


class RejectHypothesis(Command[Answer], frozen=True, kw_only=True, omit_defaults=True):
    """State that the evidence speaks against a hypothesis."""

    ROUTE: ClassVar[Route] = Route(
        "incidents", "reject_hypothesis", "commands.incident.reject_hypothesis", Answer, opens=False
    )

    occurred_at: datetime | UnsetType | None = UNSET
    notify: bool | UnsetType = UNSET
    confirm: bool | UnsetType = UNSET
    hypothesis: str
    finding: str


class AbandonHypothesis(Command[Answer], frozen=True, kw_only=True, omit_defaults=True):
    """Leave a hypothesis undecided and pivot."""

    ROUTE: ClassVar[Route] = Route(
        "incidents",
        "abandon_hypothesis",
        "commands.incident.abandon_hypothesis",
        Answer,
        opens=False,
    )

    occurred_at: datetime | UnsetType | None = UNSET
    notify: bool | UnsetType = UNSET
    confirm: bool | UnsetType = UNSET
    hypothesis: str
    reason: str


class LogAction(Command[Answer], frozen=True, kw_only=True, omit_defaults=True):
    """Record something that was done."""

    ROUTE: ClassVar[Route] = Route(
        "incidents", "log_action", "commands.incident.log_action", Answer, opens=False
    )

    occurred_at: datetime | UnsetType | None = UNSET
    notify: bool | UnsetType = UNSET
    confirm: bool | UnsetType = UNSET
    override: str | UnsetType | None = UNSET
    action: str


class AddNote(Command[Answer], frozen=True, kw_only=True, omit_defaults=True):
    """Record something that was seen or said."""

    ROUTE: ClassVar[Route] = Route(
        "incidents", "add_note", "commands.incident.add_note", Answer, opens=False
    )

    occurred_at: datetime | UnsetType | None = UNSET
    notify: bool | UnsetType = UNSET
    confirm: bool | UnsetType = UNSET
    text: str


class PostUpdate(Command[Answer], frozen=True, kw_only=True, omit_defaults=True):
    """Tell stakeholders where things stand; without a status, the present one. What is addressed
    to customers is public, under `headline`: neither the title nor anything else of ours is.
    What claims to customers more than is so, such as resolved, needs `confirm`, and so does
    that it goes on once it is over.
    """

    ROUTE: ClassVar[Route] = Route(
        "incidents", "post_update", "commands.incident.post_update", Answer, opens=False
    )

    occurred_at: datetime | UnsetType | None = UNSET
    notify: bool | UnsetType = UNSET
    confirm: bool | UnsetType = UNSET
    text: str
    status: UpdateStatus | UnsetType | None = UNSET
    audiences: list[Audience] | UnsetType = UNSET
    headline: str | UnsetType | None = UNSET


class IdentifyRootCause(Command[Answer], frozen=True, kw_only=True, omit_defaults=True):
    """State the cause."""

    ROUTE: ClassVar[Route] = Route(
        "incidents",
        "identify_root_cause",
        "commands.incident.identify_root_cause",
        Answer,
        opens=False,
    )

    occurred_at: datetime | UnsetType | None = UNSET
    notify: bool | UnsetType = UNSET
    confirm: bool | UnsetType = UNSET
    override: str | UnsetType | None = UNSET
    cause: str


class WithdrawRootCause(Command[Answer], frozen=True, kw_only=True, omit_defaults=True):
    """State that what was stated as the cause was not it: it is sought again, by its clock."""

    ROUTE: ClassVar[Route] = Route(
        "incidents",
        "withdraw_root_cause",
        "commands.incident.withdraw_root_cause",
        Answer,
        opens=False,
    )

    occurred_at: datetime | UnsetType | None = UNSET
    notify: bool | UnsetType = UNSET
    confirm: bool | UnsetType = UNSET
    reason: str


class Mitigate(Command[Answer], frozen=True, kw_only=True, omit_defaults=True):
    """State that users are no longer affected, and by what measure."""

    ROUTE: ClassVar[Route] = Route(
        "incidents", "mitigate", "commands.incident.mitigate", Answer, opens=False
    )

    occurred_at: datetime | UnsetType | None = UNSET
    notify: bool | UnsetType = UNSET
    confirm: bool | UnsetType = UNSET
    override: str | UnsetType | None = UNSET
    mitigation: str


class DidNotHold(Command[Answer], frozen=True, kw_only=True, omit_defaults=True):
    """State that the mitigation, or the resolution, did not hold: the incident is back where it
    was before, and its clocks run again.
    """

    ROUTE: ClassVar[Route] = Route(
        "incidents", "did_not_hold", "commands.incident.did_not_hold", Answer, opens=False
    )

    occurred_at: datetime | UnsetType | None = UNSET
    notify: bool | UnsetType = UNSET
    confirm: bool | UnsetType = UNSET
    reason: str


class Escalate(Command[Answer], frozen=True, kw_only=True, omit_defaults=True):
    """Tell the next tier of the escalation ladder, or the tier of this name, and say why."""

    ROUTE: ClassVar[Route] = Route(
        "incidents", "escalate", "commands.incident.escalate", Answer, opens=False
    )

    occurred_at: datetime | UnsetType | None = UNSET
    notify: bool | UnsetType = UNSET
    confirm: bool | UnsetType = UNSET
    reason: str
    tier: str | UnsetType | None = UNSET


class Resolve(Command[Answer], frozen=True, kw_only=True, omit_defaults=True):
    """State that the incident is over. A SEV1 or SEV2 needs roles, a `verification` (the SLI or
    the address that shows recovery), and no open hypothesis. An `early_reason` says why
    nobody has acknowledged or mitigated it, or watched recovery for long enough (asked of all
    severities).
    """

    ROUTE: ClassVar[Route] = Route(
        "incidents", "resolve", "commands.incident.resolve", Answer, opens=False
    )

    occurred_at: datetime | UnsetType | None = UNSET
    notify: bool | UnsetType = UNSET
    confirm: bool | UnsetType = UNSET
    override: str | UnsetType | None = UNSET
    resolution: str
    verification: str | UnsetType | None = UNSET
    early_reason: str | UnsetType | None = UNSET


class GiveAllClear(Command[Answer], frozen=True, kw_only=True, omit_defaults=True):
    """State that the resolution has held; otherwise the policy does, some time after it."""

    ROUTE: ClassVar[Route] = Route(
        "incidents", "give_all_clear", "commands.incident.give_all_clear", Answer, opens=False
    )

    occurred_at: datetime | UnsetType | None = UNSET
    notify: bool | UnsetType = UNSET
    confirm: bool | UnsetType = UNSET


class PublishPostmortem(Command[Answer], frozen=True, kw_only=True, omit_defaults=True):
    """State where the post-mortem can be read."""

    ROUTE: ClassVar[Route] = Route(
        "incidents",
        "publish_postmortem",
        "commands.incident.publish_postmortem",
        Answer,
        opens=False,
    )

    occurred_at: datetime | UnsetType | None = UNSET
    notify: bool | UnsetType = UNSET
    confirm: bool | UnsetType = UNSET
    url: str


class FileRecord(Command[Answer], frozen=True, kw_only=True, omit_defaults=True):
    """File the short record of what is over: what it did to users (`none`; may be left out where
    its impact was assessed), and what follows from it (`none needed`).
    """

    ROUTE: ClassVar[Route] = Route(
        "incidents", "file_record", "commands.incident.file_record", Answer, opens=False
    )

    occurred_at: datetime | UnsetType | None = UNSET
    notify: bool | UnsetType = UNSET
    confirm: bool | UnsetType = UNSET
    follow_ups: str
    impact: str | UnsetType | None = UNSET


class Reopen(Command[Answer], frozen=True, kw_only=True, omit_defaults=True):
    """Take a resolved or canceled incident up again."""

    ROUTE: ClassVar[Route] = Route(
        "incidents", "reopen", "commands.incident.reopen", Answer, opens=False
    )

    occurred_at: datetime | UnsetType | None = UNSET
    notify: bool | UnsetType = UNSET
    confirm: bool | UnsetType = UNSET
    reason: str


class Cancel(Command[Answer], frozen=True, kw_only=True, omit_defaults=True):
    """Close the incident as a false positive."""

    ROUTE: ClassVar[Route] = Route(
        "incidents", "cancel", "commands.incident.cancel", Answer, opens=False
    )

    occurred_at: datetime | UnsetType | None = UNSET
    notify: bool | UnsetType = UNSET
    confirm: bool | UnsetType = UNSET
    reason: str


class Merge(Command[Answer], frozen=True, kw_only=True, omit_defaults=True):
    """Close the incident as a duplicate of another one (id or `INC-123`), which carries on."""

    ROUTE: ClassVar[Route] = Route(
        "incidents", "merge", "commands.incident.merge", Answer, opens=False
    )

    occurred_at: datetime | UnsetType | None = UNSET
    notify: bool | UnsetType = UNSET
    confirm: bool | UnsetType = UNSET
    into: str
    reason: str | UnsetType | None = UNSET


class Unmerge(Command[Answer], frozen=True, kw_only=True, omit_defaults=True):
    """State that the incident is not the one that it was merged into: it goes on by itself."""

    ROUTE: ClassVar[Route] = Route(
        "incidents", "unmerge", "commands.incident.unmerge", Answer, opens=False
    )

    occurred_at: datetime | UnsetType | None = UNSET
    notify: bool | UnsetType = UNSET
    confirm: bool | UnsetType = UNSET
    reason: str


class CorrectTime(Command[Answer], frozen=True, kw_only=True, omit_defaults=True):
    """Put a milestone right; null says that it is not known after all."""

    ROUTE: ClassVar[Route] = Route(
        "incidents", "correct_time", "commands.incident.correct_time", Answer, opens=False
    )

    occurred_at: datetime | UnsetType | None = UNSET
    notify: bool | UnsetType = UNSET
    confirm: bool | UnsetType = UNSET
    milestone: Milestone
    value: datetime | None
    reason: str


class Correct(Command[Answer], frozen=True, kw_only=True, omit_defaults=True):
    """Put right what was said: the title, the summary or all services of the incident; or of the
    `entry` of its timeline with this `event_id` (of a hypothesis, `H1`) the words (`text`),
    the `time` at which it happened, the public `headline` or the figures of the `impact`.
    What was said before stays on record. Who was told it, is told the correction.
    """

    ROUTE: ClassVar[Route] = Route(
        "incidents", "correct", "commands.incident.correct", Answer, opens=False
    )

    occurred_at: datetime | UnsetType | None = UNSET
    notify: bool | UnsetType = UNSET
    confirm: bool | UnsetType = UNSET
    title: str | UnsetType = UNSET
    summary: str | UnsetType | None = UNSET
    services: list[str] | UnsetType = UNSET
    entry: str | UnsetType | None = UNSET
    text: str | UnsetType = UNSET
    time: datetime | UnsetType = UNSET
    headline: str | UnsetType = UNSET
    impact: StatedChanges | UnsetType = UNSET
    reason: str | UnsetType | None = UNSET


class Retract(Command[Answer], frozen=True, kw_only=True, omit_defaults=True):
    """Take an `entry` of the timeline back, which was not so: a note, an action, a hypothesis or
    its outcome, an update, an assessment of the impact, a link. It stays on record, marked.
    Who was told it, is told that it is withdrawn.
    """

    ROUTE: ClassVar[Route] = Route(
        "incidents", "retract", "commands.incident.retract", Answer, opens=False
    )

    occurred_at: datetime | UnsetType | None = UNSET
    notify: bool | UnsetType = UNSET
    confirm: bool | UnsetType = UNSET
    entry: str
    reason: str


class Link(Command[Answer], frozen=True, kw_only=True, omit_defaults=True):
    """Link another incident (`to`: id or `INC-123`; both know of it), or attach the address of a
    page or a file (`url`) under a `name`.
    """

    ROUTE: ClassVar[Route] = Route(
        "incidents", "link", "commands.incident.link", Answer, opens=False
    )

    occurred_at: datetime | UnsetType | None = UNSET
    notify: bool | UnsetType = UNSET
    confirm: bool | UnsetType = UNSET
    to: str | UnsetType | None = UNSET
    relation: Relation | UnsetType = UNSET
    url: str | UnsetType | None = UNSET
    name: str | UnsetType | None = UNSET


class SetVisibility(Command[Answer], frozen=True, kw_only=True, omit_defaults=True):
    """Make an incident private to those who are named (`private`), or public again (null). It
    holds for all that is on record of it, at once. Who is told of it afterwards:
    docs/access.md.
    """

    ROUTE: ClassVar[Route] = Route(
        "incidents", "set_visibility", "commands.incident.set_visibility", Answer, opens=False
    )

    occurred_at: datetime | UnsetType | None = UNSET
    notify: bool | UnsetType = UNSET
    confirm: bool | UnsetType = UNSET
    private: PrivateTo | None
    reason: str | UnsetType | None = UNSET


class ChangePerson(Command[PersonAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Change what is said of a person: the fields that are given, each as a whole. `null` takes
    back what may be unknown.
    """

    ROUTE: ClassVar[Route] = Route(
        "people", "change", "commands.person.change", PersonAnswer, opens=False
    )

    managed_by: Managed | UnsetType | None = UNSET
    name: str | UnsetType = UNSET
    email: str | UnsetType | None = UNSET
    time_zone: str | UnsetType | None = UNSET
    working_hours: WorkingHours | UnsetType | None = UNSET
    handles: Handles | UnsetType = UNSET
    contact_methods: list[ContactMethod] | UnsetType = UNSET
    known_as: list[str] | UnsetType = UNSET
    positions: list[str] | UnsetType = UNSET
    contact_rules: list[ContactRule] | UnsetType = UNSET
    quiet_hours: QuietHours | UnsetType | None = UNSET


class DeactivatePerson(Command[PersonAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say that a person has left. What the person did stays in the log."""

    ROUTE: ClassVar[Route] = Route(
        "people", "deactivate", "commands.person.deactivate", PersonAnswer, opens=False
    )

    managed_by: Managed | UnsetType | None = UNSET
    reason: str | UnsetType | None = UNSET


class ReactivatePerson(Command[PersonAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say that a person is back."""

    ROUTE: ClassVar[Route] = Route(
        "people", "reactivate", "commands.person.reactivate", PersonAnswer, opens=False
    )

    managed_by: Managed | UnsetType | None = UNSET


class ReleasePerson(Command[PersonAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Take a person out of the hands of the configuration as code that manages it."""

    ROUTE: ClassVar[Route] = Route(
        "people", "release", "commands.person.release", PersonAnswer, opens=False
    )

    reason: str


class ConfirmContact(Command[PersonAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say the code that arrived by a contact method. Where codes went to several, `kind` says by
    which it came, and `address` to which of them.
    """

    ROUTE: ClassVar[Route] = Route(
        "people", "confirm_contact", "commands.person.confirm_contact", PersonAnswer, opens=False
    )

    code: str
    kind: (
        Literal["email", "gotify", "ntfy", "phone", "push", "pushover", "slack", "sms", "telegram"]
        | UnsetType
        | None
    ) = UNSET
    address: str | UnsetType | None = UNSET


class ChangeTeam(Command[TeamAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Change what is said of a team: the fields that are given, each as a whole. `null` takes
    back what may be unknown.
    """

    ROUTE: ClassVar[Route] = Route(
        "teams", "change", "commands.team.change", TeamAnswer, opens=False
    )

    managed_by: Managed | UnsetType | None = UNSET
    name: str | UnsetType = UNSET
    description: str | UnsetType | None = UNSET
    members: list[str] | UnsetType = UNSET
    leads: list[str] | UnsetType = UNSET
    channels: list[str] | UnsetType = UNSET
    time_zone: str | UnsetType | None = UNSET


class AddMember(Command[TeamAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say that a person is in the team; with `lead`, that the person leads it as well."""

    ROUTE: ClassVar[Route] = Route(
        "teams", "add_member", "commands.team.add_member", TeamAnswer, opens=False
    )

    managed_by: Managed | UnsetType | None = UNSET
    person: str
    lead: bool | UnsetType = UNSET


class RemoveMember(Command[TeamAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say that a person is not in the team any more, and leads it no more."""

    ROUTE: ClassVar[Route] = Route(
        "teams", "remove_member", "commands.team.remove_member", TeamAnswer, opens=False
    )

    managed_by: Managed | UnsetType | None = UNSET
    person: str


class DeactivateTeam(Command[TeamAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say that the team is no more. What it owned is shown as without an owner."""

    ROUTE: ClassVar[Route] = Route(
        "teams", "deactivate", "commands.team.deactivate", TeamAnswer, opens=False
    )

    managed_by: Managed | UnsetType | None = UNSET
    reason: str | UnsetType | None = UNSET


class ReactivateTeam(Command[TeamAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say that the team is there again."""

    ROUTE: ClassVar[Route] = Route(
        "teams", "reactivate", "commands.team.reactivate", TeamAnswer, opens=False
    )

    managed_by: Managed | UnsetType | None = UNSET


class ReleaseTeam(Command[TeamAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Take a team out of the hands of the configuration as code that manages it."""

    ROUTE: ClassVar[Route] = Route(
        "teams", "release", "commands.team.release", TeamAnswer, opens=False
    )

    reason: str


class ChangeService(Command[ServiceAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Change what is said of a service: the fields that are given, each as a whole. `null` takes
    back what may be unknown. One that runs no more has the lifecycle `retired`.
    """

    ROUTE: ClassVar[Route] = Route(
        "services", "change", "commands.service.change", ServiceAnswer, opens=False
    )

    managed_by: Managed | UnsetType | None = UNSET
    name: str | UnsetType = UNSET
    owner: str | UnsetType | None = UNSET
    tier: int | UnsetType | None = UNSET
    description: str | UnsetType | None = UNSET
    repository: str | UnsetType | None = UNSET
    dashboards: list[ServiceLink] | UnsetType = UNSET
    runbooks: list[ServiceLink] | UnsetType = UNSET
    links: list[ServiceLink] | UnsetType = UNSET
    labels: dict[str, list[str]] | UnsetType = UNSET
    dependencies: list[str] | UnsetType = UNSET
    lifecycle: Literal["deprecated", "experimental", "production", "retired"] | UnsetType = UNSET


class ReleaseService(Command[ServiceAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Take a service out of the hands of the configuration as code that manages it."""

    ROUTE: ClassVar[Route] = Route(
        "services", "release", "commands.service.release", ServiceAnswer, opens=False
    )

    reason: str


class NameAuthor(Command[PostmortemAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say who writes it."""

    ROUTE: ClassVar[Route] = Route(
        "postmortems",
        "name_author",
        "commands.postmortem.name_author",
        PostmortemAnswer,
        opens=False,
    )

    author: str


class WriteProse(Command[PostmortemAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Write a text: the executive summary, or what happened."""

    ROUTE: ClassVar[Route] = Route(
        "postmortems", "write", "commands.postmortem.write", PostmortemAnswer, opens=False
    )

    seen: int | UnsetType = UNSET
    field: Prose
    text: str


class SetPoints(Command[PostmortemAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Write a list, whole: what went well or poorly, where we got lucky, what surprised us, what
    kept it from being worse (mitigators), and the lessons.
    """

    ROUTE: ClassVar[Route] = Route(
        "postmortems", "set_points", "commands.postmortem.set_points", PostmortemAnswer, opens=False
    )

    seen: int | UnsetType = UNSET
    field: Points
    points: list[str]


class StateImpact(Command[PostmortemAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """State a figure of the impact: a number with its unit, `none`, or `not known`."""

    ROUTE: ClassVar[Route] = Route(
        "postmortems",
        "state_impact",
        "commands.postmortem.state_impact",
        PostmortemAnswer,
        opens=False,
    )

    seen: int | UnsetType = UNSET
    figure: ImpactFigure
    value: str | int | float


class SetFactors(Command[PostmortemAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say what contributed, whole: immediate, underlying and systemic factors."""

    ROUTE: ClassVar[Route] = Route(
        "postmortems",
        "set_factors",
        "commands.postmortem.set_factors",
        PostmortemAnswer,
        opens=False,
    )

    seen: int | UnsetType = UNSET
    factors: list[Factor]


class SetWhys(Command[PostmortemAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Write the chain of whys, whole: each asks about the answer before it, and the last answer
    is the systemic one.
    """

    ROUTE: ClassVar[Route] = Route(
        "postmortems", "set_whys", "commands.postmortem.set_whys", PostmortemAnswer, opens=False
    )

    seen: int | UnsetType = UNSET
    whys: list[Why]


class SetFaultTree(Command[PostmortemAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Draw the fault tree, whole; without one, take it away."""

    ROUTE: ClassVar[Route] = Route(
        "postmortems",
        "set_fault_tree",
        "commands.postmortem.set_fault_tree",
        PostmortemAnswer,
        opens=False,
    )

    seen: int | UnsetType = UNSET
    tree: FaultTree | UnsetType | None = UNSET


class AskReview(Command[PostmortemAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Give it to reviewers; in review, say who they are from now on."""

    ROUTE: ClassVar[Route] = Route(
        "postmortems", "ask_review", "commands.postmortem.ask_review", PostmortemAnswer, opens=False
    )

    reviewers: list[str]


class Approve(Command[PostmortemAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say that a reviewer has read it and agrees: you, unless another one is named."""

    ROUTE: ClassVar[Route] = Route(
        "postmortems", "approve", "commands.postmortem.approve", PostmortemAnswer, opens=False
    )

    reviewer: str | UnsetType | None = UNSET
    remark: str | UnsetType | None = UNSET


class SendBack(Command[PostmortemAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Make it a draft again, for a reason."""

    ROUTE: ClassVar[Route] = Route(
        "postmortems", "send_back", "commands.postmortem.send_back", PostmortemAnswer, opens=False
    )

    reason: str


class Finalise(Command[PostmortemAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Make it final. What is missing is said, all of it. `override`: why sentences may stay that
    the blameless check would reframe.
    """

    ROUTE: ClassVar[Route] = Route(
        "postmortems", "finalise", "commands.postmortem.finalise", PostmortemAnswer, opens=False
    )

    override: str | UnsetType | None = UNSET


class ReopenPostmortem(Command[PostmortemAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Make what was final a draft again, for a reason."""

    ROUTE: ClassVar[Route] = Route(
        "postmortems", "reopen", "commands.postmortem.reopen", PostmortemAnswer, opens=False
    )

    reason: str


class ScheduleMeeting(Command[PostmortemAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say when it is talked about, for how many minutes, where, and who is invited."""

    ROUTE: ClassVar[Route] = Route(
        "postmortems",
        "schedule_meeting",
        "commands.postmortem.schedule_meeting",
        PostmortemAnswer,
        opens=False,
    )

    begins_at: datetime
    minutes: int | UnsetType = UNSET
    where: str | UnsetType | None = UNSET
    invited: list[str] | UnsetType = UNSET


class RecordAttendance(Command[PostmortemAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say who was at the meeting."""

    ROUTE: ClassVar[Route] = Route(
        "postmortems",
        "record_attendance",
        "commands.postmortem.record_attendance",
        PostmortemAnswer,
        opens=False,
    )

    attended: list[str]


class HideEntry(Command[PostmortemAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Leave a line of the incident's timeline, by its event id, out of the document."""

    ROUTE: ClassVar[Route] = Route(
        "postmortems", "hide_entry", "commands.postmortem.hide_entry", PostmortemAnswer, opens=False
    )

    entry: str
    reason: str


class ShowEntry(Command[PostmortemAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Show a line again that was hidden."""

    ROUTE: ClassVar[Route] = Route(
        "postmortems", "show_entry", "commands.postmortem.show_entry", PostmortemAnswer, opens=False
    )

    entry: str


class AnnotateEntry(Command[PostmortemAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say something of a line of the timeline; without a text, take that back."""

    ROUTE: ClassVar[Route] = Route(
        "postmortems",
        "annotate_entry",
        "commands.postmortem.annotate_entry",
        PostmortemAnswer,
        opens=False,
    )

    entry: str
    text: str | UnsetType | None = UNSET


class AddEntry(Command[PostmortemAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Add what happened and the log does not have, with the source that says so."""

    ROUTE: ClassVar[Route] = Route(
        "postmortems", "add_entry", "commands.postmortem.add_entry", PostmortemAnswer, opens=False
    )

    at: datetime
    text: str
    source: str


class MakeComment(Command[PostmortemAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Ask or remark something: on a line of the timeline, on a field, or on the whole."""

    ROUTE: ClassVar[Route] = Route(
        "postmortems", "comment", "commands.postmortem.comment", PostmortemAnswer, opens=False
    )

    text: str
    entry: str | UnsetType | None = UNSET
    field: str | UnsetType | None = UNSET


class ResolveComment(Command[PostmortemAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say that a comment is settled."""

    ROUTE: ClassVar[Route] = Route(
        "postmortems",
        "resolve_comment",
        "commands.postmortem.resolve_comment",
        PostmortemAnswer,
        opens=False,
    )

    comment: str


class NeedNoActionItems(Command[PostmortemAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say why nothing is to be done."""

    ROUTE: ClassVar[Route] = Route(
        "postmortems",
        "need_no_action_items",
        "commands.postmortem.need_no_action_items",
        PostmortemAnswer,
        opens=False,
    )

    reason: str


class WritePublic(Command[PostmortemAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Write a field of the public version: title, summary, impact, what happened, what follows.
    Without a text, what stands inside about the same is taken over, to be edited. `seen` is
    the version that was read, as with other fields.
    """

    ROUTE: ClassVar[Route] = Route(
        "postmortems",
        "write_public",
        "commands.postmortem.write_public",
        PostmortemAnswer,
        opens=False,
    )

    field: PublicField
    text: str | UnsetType | None = UNSET
    seen: int | UnsetType = UNSET


class PublishPublic(Command[PostmortemAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Let the public read its version as it stands, which this person has approved: on the page
    of the incident, where the status page has one. Where the public reads another one,
    `correction` tells it what was put right. `override`: why words may stay that the check
    found.
    """

    ROUTE: ClassVar[Route] = Route(
        "postmortems", "publish", "commands.postmortem.publish", PostmortemAnswer, opens=False
    )

    approved_by: str
    correction: str | UnsetType | None = UNSET
    override: str | UnsetType | None = UNSET


class WithdrawPublic(Command[PostmortemAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Take the public version back, for a reason, which the public does not read."""

    ROUTE: ClassVar[Route] = Route(
        "postmortems", "withdraw", "commands.postmortem.withdraw", PostmortemAnswer, opens=False
    )

    reason: str


class ChangeActionItem(Command[ActionItemAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Change what is said of it: the fields that are given. Moving the date takes a `reason`."""

    ROUTE: ClassVar[Route] = Route(
        "action-items", "change", "commands.action_item.change", ActionItemAnswer, opens=False
    )

    title: str | UnsetType = UNSET
    outcome: str | UnsetType = UNSET
    owner: str | UnsetType = UNSET
    due_on: date | UnsetType = UNSET
    kind: ActionKind | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    reason: str | UnsetType | None = UNSET


class StartActionItem(Command[ActionItemAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say that it is being worked on."""

    ROUTE: ClassVar[Route] = Route(
        "action-items", "start", "commands.action_item.start", ActionItemAnswer, opens=False
    )


class CompleteActionItem(Command[ActionItemAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say that it is done, and what shows it: a link, or what was seen."""

    ROUTE: ClassVar[Route] = Route(
        "action-items", "complete", "commands.action_item.complete", ActionItemAnswer, opens=False
    )

    evidence: str


class DeclineActionItem(Command[ActionItemAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say that it is not going to be done, why, and who has decided that."""

    ROUTE: ClassVar[Route] = Route(
        "action-items", "decline", "commands.action_item.decline", ActionItemAnswer, opens=False
    )

    reason: str
    decided_by: str


class ReopenActionItem(Command[ActionItemAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say why it is to be done after all, or again."""

    ROUTE: ClassVar[Route] = Route(
        "action-items", "reopen", "commands.action_item.reopen", ActionItemAnswer, opens=False
    )

    reason: str


class OpenIssue(Command[ActionItemAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Have an issue of the same work opened in the tracker of a configured `channel`. Whoever
    reads that tracker reads its title, its outcome and what it follows from.
    """

    ROUTE: ClassVar[Route] = Route(
        "action-items",
        "open_issue",
        "commands.action_item.open_issue",
        ActionItemAnswer,
        opens=False,
    )

    channel: str


class LinkActionItem(Command[ActionItemAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say which issue of GitHub, Jira or Linear is the same work, by its address, and by which
    configured `channel` its tracker is told (none: it is not told). What ends the one ends
    the other.
    """

    ROUTE: ClassVar[Route] = Route(
        "action-items", "link", "commands.action_item.link", ActionItemAnswer, opens=False
    )

    issue: str
    channel: str | UnsetType | None = UNSET


class UnlinkActionItem(Command[ActionItemAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say why the issue is not the same work any longer. It stays as it is."""

    ROUTE: ClassVar[Route] = Route(
        "action-items", "unlink", "commands.action_item.unlink", ActionItemAnswer, opens=False
    )

    reason: str


class RewriteInterview(Command[InterviewAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Write the notes anew. `seen` is the version that was read: where somebody has written
    since, both texts are shown and nothing is lost.
    """

    ROUTE: ClassVar[Route] = Route(
        "interviews", "rewrite", "commands.interview.rewrite", InterviewAnswer, opens=False
    )

    text: str
    seen: int


class ShareInterview(Command[InterviewAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Let these read the notes as well."""

    ROUTE: ClassVar[Route] = Route(
        "interviews", "share", "commands.interview.share", InterviewAnswer, opens=False
    )

    readers: list[str]


class ReleaseInterview(Command[InterviewAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Let everybody read the notes who may read the post-mortem, for a reason; it cannot be
    taken back. `consent` says how the person who was asked has agreed: only that person needs
    none.
    """

    ROUTE: ClassVar[Route] = Route(
        "interviews", "release", "commands.interview.release", InterviewAnswer, opens=False
    )

    reason: str
    consent: str | UnsetType | None = UNSET


class ChangeSchedule(Command[ScheduleAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Change what is said of a schedule: the fields that are given, each as a whole. Its turns
    change at `since` (now, where none is given); before that they stay what they were.
    """

    ROUTE: ClassVar[Route] = Route(
        "schedules", "change", "commands.schedule.change", ScheduleAnswer, opens=False
    )

    managed_by: Managed | UnsetType | None = UNSET
    name: str | UnsetType = UNSET
    time_zone: str | UnsetType = UNSET
    description: str | UnsetType | None = UNSET
    team: str | UnsetType | None = UNSET
    layers: list[Layer] | UnsetType = UNSET
    since: datetime | UnsetType | None = UNSET


class OverrideTurns(Command[ScheduleAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Put these people on call instead of whoever has the rotations (none named: all of them).
    Nobody: leave it vacant on purpose.
    """

    ROUTE: ClassVar[Route] = Route(
        "schedules", "override", "commands.schedule.override", ScheduleAnswer, opens=False
    )

    begins: datetime
    ends: datetime
    reason: str | UnsetType | None = UNSET
    people: list[str]
    rotations: list[str] | UnsetType = UNSET


class ForwardTurns(Command[ScheduleAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say that `leaves` is away and `takes` is on call instead, wherever that would be."""

    ROUTE: ClassVar[Route] = Route(
        "schedules", "forward", "commands.schedule.forward", ScheduleAnswer, opens=False
    )

    begins: datetime
    ends: datetime
    reason: str | UnsetType | None = UNSET
    leaves: str
    takes: str


class AddShadow(Command[ScheduleAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Let a person learn beside whoever is on call. Who shadows is shown, and not woken."""

    ROUTE: ClassVar[Route] = Route(
        "schedules", "shadow", "commands.schedule.shadow", ScheduleAnswer, opens=False
    )

    begins: datetime
    ends: datetime
    reason: str | UnsetType | None = UNSET
    person: str


class RequestSwap(Command[ScheduleAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Ask `takes` to take over the turns of `leaves`, or those that nobody has, where `leaves`
    is not given. Without `takes` they are to be left vacant. Nothing changes until it is
    accepted.
    """

    ROUTE: ClassVar[Route] = Route(
        "schedules", "request_swap", "commands.schedule.request_swap", ScheduleAnswer, opens=False
    )

    begins: datetime
    ends: datetime
    reason: str | UnsetType | None = UNSET
    leaves: str | UnsetType | None = UNSET
    takes: str | UnsetType | None = UNSET
    rotations: list[str] | UnsetType = UNSET


class AcceptSwap(Command[ScheduleAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Take over the turns that a swap is about. With `confirm` somebody else says so for whoever
    takes them.
    """

    ROUTE: ClassVar[Route] = Route(
        "schedules", "accept_swap", "commands.schedule.accept_swap", ScheduleAnswer, opens=False
    )

    number: int
    confirm: bool | UnsetType = UNSET


class DeclineSwap(Command[ScheduleAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Leave the turns that a swap is about where they are."""

    ROUTE: ClassVar[Route] = Route(
        "schedules", "decline_swap", "commands.schedule.decline_swap", ScheduleAnswer, opens=False
    )

    number: int
    reason: str | UnsetType | None = UNSET


class WithdrawStandIn(Command[ScheduleAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """End what was put over the turns: an override, a forwarding, a shadow or a swap."""

    ROUTE: ClassVar[Route] = Route(
        "schedules", "withdraw", "commands.schedule.withdraw", ScheduleAnswer, opens=False
    )

    number: int
    reason: str | UnsetType | None = UNSET


class DeactivateSchedule(Command[ScheduleAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say that nobody is on call by it from now on."""

    ROUTE: ClassVar[Route] = Route(
        "schedules", "deactivate", "commands.schedule.deactivate", ScheduleAnswer, opens=False
    )

    managed_by: Managed | UnsetType | None = UNSET
    reason: str | UnsetType | None = UNSET


class ReactivateSchedule(Command[ScheduleAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say that its turns hold again from now on."""

    ROUTE: ClassVar[Route] = Route(
        "schedules", "reactivate", "commands.schedule.reactivate", ScheduleAnswer, opens=False
    )

    managed_by: Managed | UnsetType | None = UNSET


class ReleaseSchedule(Command[ScheduleAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Take a schedule out of the hands of the configuration as code that manages it."""

    ROUTE: ClassVar[Route] = Route(
        "schedules", "release", "commands.schedule.release", ScheduleAnswer, opens=False
    )

    reason: str


class ChangeEscalationPolicy(
    Command[EscalationPolicyAnswer], frozen=True, kw_only=True, omit_defaults=True
):
    """Change what is said of a policy: the fields that are given, each as a whole. Pages that
    are under way go on as they began.
    """

    ROUTE: ClassVar[Route] = Route(
        "escalation-policies",
        "change",
        "commands.escalation_policy.change",
        EscalationPolicyAnswer,
        opens=False,
    )

    managed_by: Managed | UnsetType | None = UNSET
    name: str | UnsetType = UNSET
    levels: list[EscalationLevel] | UnsetType = UNSET
    description: str | UnsetType | None = UNSET
    services: list[str] | UnsetType = UNSET
    teams: list[str] | UnsetType = UNSET
    severities: list[Severity] | UnsetType = UNSET
    repeats: int | UnsetType = UNSET
    then: str | UnsetType | None = UNSET
    acknowledgements: int | UnsetType = UNSET
    stale_after_s: int | UnsetType | None = UNSET


class DeactivateEscalationPolicy(
    Command[EscalationPolicyAnswer], frozen=True, kw_only=True, omit_defaults=True
):
    """Say that nothing is paged by it from now on. Pages that are under way go on."""

    ROUTE: ClassVar[Route] = Route(
        "escalation-policies",
        "deactivate",
        "commands.escalation_policy.deactivate",
        EscalationPolicyAnswer,
        opens=False,
    )

    managed_by: Managed | UnsetType | None = UNSET
    reason: str | UnsetType | None = UNSET


class ReactivateEscalationPolicy(
    Command[EscalationPolicyAnswer], frozen=True, kw_only=True, omit_defaults=True
):
    """Say that incidents are paged by it again."""

    ROUTE: ClassVar[Route] = Route(
        "escalation-policies",
        "reactivate",
        "commands.escalation_policy.reactivate",
        EscalationPolicyAnswer,
        opens=False,
    )

    managed_by: Managed | UnsetType | None = UNSET


class ReleaseEscalationPolicy(
    Command[EscalationPolicyAnswer], frozen=True, kw_only=True, omit_defaults=True
):
    """Take a policy out of the hands of the configuration as code that manages it."""

    ROUTE: ClassVar[Route] = Route(
        "escalation-policies",
        "release",
        "commands.escalation_policy.release",
        EscalationPolicyAnswer,
        opens=False,
    )

    reason: str


class AcknowledgePage(Command[PageAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Take it: whoever sends this works on the incident. `through`: in which way it was
    answered, such as `sms`.
    """

    ROUTE: ClassVar[Route] = Route(
        "pages", "acknowledge", "commands.page.acknowledge", PageAnswer, opens=False
    )

    through: str | UnsetType | None = UNSET


class EscalatePage(Command[PageAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Page the next level now."""

    ROUTE: ClassVar[Route] = Route(
        "pages", "escalate", "commands.page.escalate", PageAnswer, opens=False
    )

    reason: str | UnsetType | None = UNSET


class ResolvePage(Command[PageAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Page nobody any more. The incident goes on."""

    ROUTE: ClassVar[Route] = Route(
        "pages", "resolve", "commands.page.resolve", PageAnswer, opens=False
    )

    reason: str | UnsetType | None = UNSET


class ReportAttempt(Command[PageAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say what became of an attempt: of this number, or else of the last one by this `method`
    (and to this `address`).
    """

    ROUTE: ClassVar[Route] = Route(
        "pages", "report_attempt", "commands.page.report_attempt", PageAnswer, opens=False
    )

    outcome: AttemptOutcome
    attempt: int | UnsetType | None = UNSET
    method: str | UnsetType | None = UNSET
    address: str | UnsetType | None = UNSET
    detail: str | UnsetType | None = UNSET


class ChangeSlo(Command[SloAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Change what is said of an objective: the fields that are given, each as a whole. `null`
    takes back what may be left out.
    """

    ROUTE: ClassVar[Route] = Route("slos", "change", "commands.slo.change", SloAnswer, opens=False)

    managed_by: Managed | UnsetType | None = UNSET
    name: str | UnsetType = UNSET
    service: str | UnsetType = UNSET
    target: str | UnsetType = UNSET
    window: str | UnsetType = UNSET
    description: str | UnsetType | None = UNSET
    calendar: CalendarStart | UnsetType | None = UNSET
    slices: TimeSlices | UnsetType | None = UNSET
    alerts: list[BurnRateAlert] | UnsetType = UNSET
    min_bad: int | UnsetType = UNSET
    min_total: int | UnsetType = UNSET
    prometheus: PrometheusCounters | UnsetType | None = UNSET
    review: Literal["biweekly", "monthly", "quarterly", "weekly", "yearly"] | UnsetType | None = (
        UNSET
    )
    policy: PolicyWords | UnsetType | None = UNSET


class DeactivateSlo(Command[SloAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Judge it no more: its alerts end, and it closes no gate."""

    ROUTE: ClassVar[Route] = Route(
        "slos", "deactivate", "commands.slo.deactivate", SloAnswer, opens=False
    )

    managed_by: Managed | UnsetType | None = UNSET
    reason: str | UnsetType | None = UNSET


class ReactivateSlo(Command[SloAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Judge it again."""

    ROUTE: ClassVar[Route] = Route(
        "slos", "reactivate", "commands.slo.reactivate", SloAnswer, opens=False
    )

    managed_by: Managed | UnsetType | None = UNSET


class ReleaseSlo(Command[SloAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Take an objective out of the hands of the configuration as code that manages it."""

    ROUTE: ClassVar[Route] = Route(
        "slos", "release", "commands.slo.release", SloAnswer, opens=False
    )

    reason: str


class OverrideGate(Command[SloAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Let deployments through in spite of the budget, until then (a week at most), for a reason.
    The last one said holds.
    """

    ROUTE: ClassVar[Route] = Route(
        "slos", "override_gate", "commands.slo.override_gate", SloAnswer, opens=False
    )

    reason: str
    until: datetime


class WithdrawOverride(Command[SloAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Let the budget alone say again what may be deployed."""

    ROUTE: ClassVar[Route] = Route(
        "slos", "withdraw_override", "commands.slo.withdraw_override", SloAnswer, opens=False
    )

    reason: str | UnsetType | None = UNSET


class ReviewSlo(Command[SloAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say that people have looked whether the objective is still the right one."""

    ROUTE: ClassVar[Route] = Route("slos", "review", "commands.slo.review", SloAnswer, opens=False)

    note: str | UnsetType | None = UNSET


class ChangeRunbook(Command[RunbookAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Publish another version: the fields that are given, each as a whole. Whoever follows an
    earlier version goes on with that.
    """

    ROUTE: ClassVar[Route] = Route(
        "runbooks", "change", "commands.runbook.change", RunbookAnswer, opens=False
    )

    managed_by: Managed | UnsetType | None = UNSET
    title: str | UnsetType = UNSET
    team: str | UnsetType | None = UNSET
    services: list[str] | UnsetType = UNSET
    alerts: list[str] | UnsetType = UNSET
    failures: list[str] | UnsetType = UNSET
    tags: list[str] | UnsetType = UNSET
    parties: list[str] | UnsetType = UNSET
    facts: dict[str, str] | UnsetType = UNSET
    signs: dict[str, str] | UnsetType = UNSET
    diagnosis: list[WrittenStep] | UnsetType = UNSET
    options: list[WrittenOption] | UnsetType = UNSET
    checks: list[WrittenStep] | UnsetType = UNSET
    messages: dict[str, str] | UnsetType = UNSET
    more: list[OtherSection] | UnsetType = UNSET


class RecordTest(Command[RunbookAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say that it was tested elsewhere than in an execution on record: when, whether it
    `worked`, and how one knows (`note`). `version` is the one that was tested; the latest, if
    it is not said.
    """

    ROUTE: ClassVar[Route] = Route(
        "runbooks", "record_test", "commands.runbook.record_test", RunbookAnswer, opens=False
    )

    tested_at: datetime
    worked: bool
    note: str
    version: int | UnsetType | None = UNSET


class ReportDeadLink(Command[RunbookAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say that an address in it leads nowhere. No address is ever fetched from here."""

    ROUTE: ClassVar[Route] = Route(
        "runbooks",
        "report_dead_link",
        "commands.runbook.report_dead_link",
        RunbookAnswer,
        opens=False,
    )

    url: str
    detail: str | UnsetType | None = UNSET


class DeactivateRunbook(Command[RunbookAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say that nobody is to follow it any more."""

    ROUTE: ClassVar[Route] = Route(
        "runbooks", "deactivate", "commands.runbook.deactivate", RunbookAnswer, opens=False
    )

    managed_by: Managed | UnsetType | None = UNSET
    reason: str | UnsetType | None = UNSET


class ReactivateRunbook(Command[RunbookAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say that it holds again."""

    ROUTE: ClassVar[Route] = Route(
        "runbooks", "reactivate", "commands.runbook.reactivate", RunbookAnswer, opens=False
    )

    managed_by: Managed | UnsetType | None = UNSET


class ReleaseRunbook(Command[RunbookAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Take a runbook out of the hands of the configuration as code that manages it."""

    ROUTE: ClassVar[Route] = Route(
        "runbooks", "release", "commands.runbook.release", RunbookAnswer, opens=False
    )

    reason: str


class FillVariables(Command[RunbookExecutionAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say what is to be put into its commands."""

    ROUTE: ClassVar[Route] = Route(
        "runbook-executions",
        "fill",
        "commands.runbook_execution.fill",
        RunbookExecutionAnswer,
        opens=False,
    )

    variables: dict[str, str]


class StartStep(Command[RunbookExecutionAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say that you are at a step, by its number."""

    ROUTE: ClassVar[Route] = Route(
        "runbook-executions",
        "start_step",
        "commands.runbook_execution.start_step",
        RunbookExecutionAnswer,
        opens=False,
    )

    step: int


class CompleteStep(Command[RunbookExecutionAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say that a step is done, and what was seen."""

    ROUTE: ClassVar[Route] = Route(
        "runbook-executions",
        "complete_step",
        "commands.runbook_execution.complete_step",
        RunbookExecutionAnswer,
        opens=False,
    )

    step: int
    note: str | UnsetType | None = UNSET


class FailStep(Command[RunbookExecutionAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say that a step could not be done, or did not do what it is for, and how one saw that."""

    ROUTE: ClassVar[Route] = Route(
        "runbook-executions",
        "fail_step",
        "commands.runbook_execution.fail_step",
        RunbookExecutionAnswer,
        opens=False,
    )

    step: int
    reason: str


class SkipStep(Command[RunbookExecutionAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say that a step is left out, and why."""

    ROUTE: ClassVar[Route] = Route(
        "runbook-executions",
        "skip_step",
        "commands.runbook_execution.skip_step",
        RunbookExecutionAnswer,
        opens=False,
    )

    step: int
    reason: str


class EndExecution(Command[RunbookExecutionAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say that nobody follows it any more, and whether following it was of use. That is a test
    of the runbook, unless it was stopped before one knew, or nothing of it was done.
    """

    ROUTE: ClassVar[Route] = Route(
        "runbook-executions",
        "end",
        "commands.runbook_execution.end",
        RunbookExecutionAnswer,
        opens=False,
    )

    outcome: ExecutionOutcome
    note: str | UnsetType | None = UNSET


class ChangeMaintenance(Command[MaintenanceAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Change the plan: the fields that are given, each as a whole. Once it has begun, `begins`
    stays.
    """

    ROUTE: ClassVar[Route] = Route(
        "maintenances", "change", "commands.maintenance.change", MaintenanceAnswer, opens=False
    )

    title: str | UnsetType = UNSET
    services: list[str] | UnsetType = UNSET
    begins: datetime | UnsetType = UNSET
    ends: datetime | UnsetType = UNSET
    description: str | UnsetType | None = UNSET
    remind_before_s: int | UnsetType = UNSET
    suppresses_alerts: bool | UnsetType = UNSET


class PostMaintenanceUpdate(
    Command[MaintenanceAnswer], frozen=True, kw_only=True, omit_defaults=True
):
    """Say how it goes, to everybody who hears of it."""

    ROUTE: ClassVar[Route] = Route(
        "maintenances",
        "post_update",
        "commands.maintenance.post_update",
        MaintenanceAnswer,
        opens=False,
    )

    text: str


class StartMaintenance(Command[MaintenanceAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say that it begins now, before its time."""

    ROUTE: ClassVar[Route] = Route(
        "maintenances", "start", "commands.maintenance.start", MaintenanceAnswer, opens=False
    )


class CompleteMaintenance(
    Command[MaintenanceAnswer], frozen=True, kw_only=True, omit_defaults=True
):
    """Say that it is done, before its time."""

    ROUTE: ClassVar[Route] = Route(
        "maintenances", "complete", "commands.maintenance.complete", MaintenanceAnswer, opens=False
    )


class CancelMaintenance(Command[MaintenanceAnswer], frozen=True, kw_only=True, omit_defaults=True):
    """Say that it will not take place. The reason is for our own people."""

    ROUTE: ClassVar[Route] = Route(
        "maintenances", "cancel", "commands.maintenance.cancel", MaintenanceAnswer, opens=False
    )

    reason: str | UnsetType | None = UNSET
