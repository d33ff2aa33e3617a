"""What may be asked: each function says how, `ask` of a client does it.

Written from docs/openapi.json by scripts/client_models.py. Do not edit.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from commandpost_client.models import (
    ActionItemLine,
    ActionItemView,
    AlertQuality,
    AuditEntry,
    BacklogItem,
    BlastRadius,
    BudgetAnswer,
    BusFactor,
    Delivery,
    DueOf,
    DutyOverview,
    EscalationPolicyView,
    ExecutionLine,
    ExecutionView,
    Explained,
    Gaps,
    GateAnswer,
    HeartbeatRow,
    IncidentCost,
    IncidentList,
    IncidentRunbooks,
    IncidentShown,
    InterviewLine,
    InterviewView,
    Kept,
    KnownThen,
    ListedCalendar,
    ListedPerson,
    ListedRunbook,
    ListedSchedule,
    ListedService,
    ListedShift,
    ListedSignal,
    ListedTeam,
    MaintenanceLine,
    MaintenanceView,
    MeasuredSlo,
    MeasurementView,
    Myself,
    OnCall,
    OnCallLoad,
    PageExplained,
    PageRow,
    PageView,
    Patterns,
    PersonView,
    PostmortemRow,
    PostmortemView,
    RepeatRate,
    Repeats,
    RosterReview,
    RuleMinutes,
    RunbookFigures,
    RunbookView,
    ScheduleView,
    Scorecard,
    SearchResult,
    ServiceView,
    SimilarIncidents,
    SloRow,
    SloView,
    Statistics,
    TeamView,
    TokenView,
    UnknownService,
)
from commandpost_client.wire import Call, call


def list_incidents(
    *,
    status: Sequence[
        Literal[
            "open",
            "closed",
            "triage",
            "live",
            "investigating",
            "identified",
            "monitoring",
            "resolved",
            "canceled",
            "merged",
        ]
    ]
    | None = None,
    severity: Sequence[Literal["SEV1", "SEV2", "SEV3", "SEV4"]] | None = None,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
    limit: int | None = None,
    before: int | None = None,
    min_position: int | None = None,
) -> Call[IncidentList]:
    """Incidents, newest first; those open now with `status=open`, those of another time with
    `as_of` (what had happened by then) or `known_at` (what we knew then).
    """
    return call(
        "/v1/incidents",
        IncidentList,
        {
            "status": status,
            "severity": severity,
            "as_of": as_of,
            "known_at": known_at,
            "limit": limit,
            "before": before,
            "min_position": min_position,
        },
    )


def list_people(
    *,
    active: bool | None = None,
    team: str | None = None,
    after: str | None = None,
    limit: int | None = None,
    min_position: int | None = None,
) -> Call[list[ListedPerson]]:
    """People of the directory, by slug, with the teams that they are in."""
    return call(
        "/v1/people",
        list[ListedPerson],
        {
            "active": active,
            "team": team,
            "after": after,
            "limit": limit,
            "min_position": min_position,
        },
    )


def list_teams(
    *,
    active: bool | None = None,
    member: str | None = None,
    after: str | None = None,
    limit: int | None = None,
    min_position: int | None = None,
) -> Call[list[ListedTeam]]:
    """Teams of the directory, by slug, with what they own and whom they name that nobody knows."""
    return call(
        "/v1/teams",
        list[ListedTeam],
        {
            "active": active,
            "member": member,
            "after": after,
            "limit": limit,
            "min_position": min_position,
        },
    )


def list_services(
    *,
    owner: str | None = None,
    tier: int | None = None,
    lifecycle: Literal["experimental", "production", "deprecated", "retired"] | None = None,
    after: str | None = None,
    limit: int | None = None,
    min_position: int | None = None,
) -> Call[list[ListedService]]:
    """Services of the directory, by slug; what they name that nobody knows is shown."""
    return call(
        "/v1/services",
        list[ListedService],
        {
            "owner": owner,
            "tier": tier,
            "lifecycle": lifecycle,
            "after": after,
            "limit": limit,
            "min_position": min_position,
        },
    )


def list_postmortems(
    *,
    status: Literal["draft", "review", "final"] | None = None,
    incident: str | None = None,
    author: str | None = None,
    overdue: bool | None = None,
    before: int | None = None,
    limit: int | None = None,
    min_position: int | None = None,
) -> Call[list[PostmortemRow]]:
    """Post-mortems, newest first."""
    return call(
        "/v1/postmortems",
        list[PostmortemRow],
        {
            "status": status,
            "incident": incident,
            "author": author,
            "overdue": overdue,
            "before": before,
            "limit": limit,
            "min_position": min_position,
        },
    )


def list_action_items(
    *,
    status: Sequence[Literal["not_started", "in_progress", "done", "declined"]] | None = None,
    owner: str | None = None,
    kind: Literal["prevent", "detect", "mitigate", "process"] | None = None,
    priority: Sequence[Literal["P1", "P2", "P3", "P4"]] | None = None,
    incident: str | None = None,
    postmortem: str | None = None,
    overdue: bool | None = None,
    after: str | None = None,
    limit: int | None = None,
    min_position: int | None = None,
) -> Call[list[ActionItemLine]]:
    """Action items, those that are due first before the others."""
    return call(
        "/v1/action-items",
        list[ActionItemLine],
        {
            "status": status,
            "owner": owner,
            "kind": kind,
            "priority": priority,
            "incident": incident,
            "postmortem": postmortem,
            "overdue": overdue,
            "after": after,
            "limit": limit,
            "min_position": min_position,
        },
    )


def list_interviews(
    *,
    postmortem: str | None = None,
    after: str | None = None,
    limit: int | None = None,
    min_position: int | None = None,
) -> Call[list[InterviewLine]]:
    """Notes of interviews that you may read, the oldest first."""
    return call(
        "/v1/interviews",
        list[InterviewLine],
        {"postmortem": postmortem, "after": after, "limit": limit, "min_position": min_position},
    )


def list_schedules(
    *,
    active: bool | None = None,
    team: str | None = None,
    person: str | None = None,
    after: str | None = None,
    limit: int | None = None,
    min_position: int | None = None,
) -> Call[list[ListedSchedule]]:
    """Schedules, by slug, with whom they name that nobody knows, or who has left."""
    return call(
        "/v1/schedules",
        list[ListedSchedule],
        {
            "active": active,
            "team": team,
            "person": person,
            "after": after,
            "limit": limit,
            "min_position": min_position,
        },
    )


def list_escalation_policies(
    *,
    active: bool | None = None,
    team: str | None = None,
    for_service: str | None = None,
    after: str | None = None,
    limit: int | None = None,
    min_position: int | None = None,
) -> Call[list[EscalationPolicyView]]:
    """Escalation policies, by slug: whom incidents wake, in which order."""
    return call(
        "/v1/escalation-policies",
        list[EscalationPolicyView],
        {
            "active": active,
            "team": team,
            "for_service": for_service,
            "after": after,
            "limit": limit,
            "min_position": min_position,
        },
    )


def list_pages(
    *,
    status: Sequence[Literal["climbing", "acknowledged", "unanswered", "ended"]] | None = None,
    incident: str | None = None,
    person: str | None = None,
    policy: str | None = None,
    missed: bool | None = None,
    after: str | None = None,
    limit: int | None = None,
    min_position: int | None = None,
) -> Call[list[PageRow]]:
    """Who was woken for what, the latest page first; `missed=true` are those that nobody took in
    time.
    """
    return call(
        "/v1/pages",
        list[PageRow],
        {
            "status": status,
            "incident": incident,
            "person": person,
            "policy": policy,
            "missed": missed,
            "after": after,
            "limit": limit,
            "min_position": min_position,
        },
    )


def list_slos(
    *,
    active: bool | None = None,
    service: str | None = None,
    state: Literal["normal", "freeze_review", "reliability_only", "frozen", "unknown"]
    | None = None,
    review_due_by: datetime | None = None,
    after: str | None = None,
    limit: int | None = None,
    min_position: int | None = None,
) -> Call[list[SloRow]]:
    """Objectives, by slug, with what their budgets were last known to ask for."""
    return call(
        "/v1/slos",
        list[SloRow],
        {
            "active": active,
            "service": service,
            "state": state,
            "review_due_by": review_due_by,
            "after": after,
            "limit": limit,
            "min_position": min_position,
        },
    )


def list_measurements(
    *, after: str | None = None, limit: int | None = None, min_position: int | None = None
) -> Call[list[MeasuredSlo]]:
    """Of which objectives samples were recorded, how many, and of when."""
    return call(
        "/v1/measurements",
        list[MeasuredSlo],
        {"after": after, "limit": limit, "min_position": min_position},
    )


def list_runbooks(
    *,
    active: bool | None = None,
    team: str | None = None,
    service: str | None = None,
    alert: str | None = None,
    failure: str | None = None,
    tag: str | None = None,
    status: Literal["untested", "tested", "stale", "failed"] | None = None,
    after: str | None = None,
    limit: int | None = None,
    min_position: int | None = None,
) -> Call[list[ListedRunbook]]:
    """Runbooks, by slug, with when each was tested last and whether one may rely on it."""
    return call(
        "/v1/runbooks",
        list[ListedRunbook],
        {
            "active": active,
            "team": team,
            "service": service,
            "alert": alert,
            "failure": failure,
            "tag": tag,
            "status": status,
            "after": after,
            "limit": limit,
            "min_position": min_position,
        },
    )


def list_runbook_executions(
    *,
    runbook: str | None = None,
    incident: str | None = None,
    open: bool | None = None,
    after: str | None = None,
    limit: int | None = None,
    min_position: int | None = None,
) -> Call[list[ExecutionLine]]:
    """How runbooks were followed in incidents and drills that you may see, the oldest first."""
    return call(
        "/v1/runbook-executions",
        list[ExecutionLine],
        {
            "runbook": runbook,
            "incident": incident,
            "open": open,
            "after": after,
            "limit": limit,
            "min_position": min_position,
        },
    )


def list_maintenances(
    *,
    status: Sequence[Literal["scheduled", "in_progress", "completed", "canceled"]] | None = None,
    affects: str | None = None,
    after: str | None = None,
    limit: int | None = None,
    min_position: int | None = None,
) -> Call[list[MaintenanceLine]]:
    """Planned work on services, what begins last first."""
    return call(
        "/v1/maintenances",
        list[MaintenanceLine],
        {
            "status": status,
            "affects": affects,
            "after": after,
            "limit": limit,
            "min_position": min_position,
        },
    )


def person_get(
    ref: str, *, as_of: datetime | None = None, known_at: datetime | None = None
) -> Call[PersonView]:
    """One as it stands, or as it stood: `as_of` leaves out what happened later, `known_at` what
    was learnt later.
    """
    return call(f"/v1/people/{ref}", PersonView, {"as_of": as_of, "known_at": known_at})


def team_get(
    ref: str, *, as_of: datetime | None = None, known_at: datetime | None = None
) -> Call[TeamView]:
    """One as it stands, or as it stood: `as_of` leaves out what happened later, `known_at` what
    was learnt later.
    """
    return call(f"/v1/teams/{ref}", TeamView, {"as_of": as_of, "known_at": known_at})


def service_get(
    ref: str, *, as_of: datetime | None = None, known_at: datetime | None = None
) -> Call[ServiceView]:
    """One as it stands, or as it stood: `as_of` leaves out what happened later, `known_at` what
    was learnt later.
    """
    return call(f"/v1/services/{ref}", ServiceView, {"as_of": as_of, "known_at": known_at})


def postmortem_get(
    ref: str, *, as_of: datetime | None = None, known_at: datetime | None = None
) -> Call[PostmortemView]:
    """One as it stands, or as it stood: `as_of` leaves out what happened later, `known_at` what
    was learnt later.
    """
    return call(f"/v1/postmortems/{ref}", PostmortemView, {"as_of": as_of, "known_at": known_at})


def action_item_get(
    ref: str, *, as_of: datetime | None = None, known_at: datetime | None = None
) -> Call[ActionItemView]:
    """One as it stands, or as it stood: `as_of` leaves out what happened later, `known_at` what
    was learnt later.
    """
    return call(f"/v1/action-items/{ref}", ActionItemView, {"as_of": as_of, "known_at": known_at})


def interview_get(
    ref: str, *, as_of: datetime | None = None, known_at: datetime | None = None
) -> Call[InterviewView]:
    """One as it stands, or as it stood: `as_of` leaves out what happened later, `known_at` what
    was learnt later.
    """
    return call(f"/v1/interviews/{ref}", InterviewView, {"as_of": as_of, "known_at": known_at})


def schedule_get(
    ref: str, *, as_of: datetime | None = None, known_at: datetime | None = None
) -> Call[ScheduleView]:
    """One as it stands, or as it stood: `as_of` leaves out what happened later, `known_at` what
    was learnt later.
    """
    return call(f"/v1/schedules/{ref}", ScheduleView, {"as_of": as_of, "known_at": known_at})


def escalation_policy_get(
    ref: str, *, as_of: datetime | None = None, known_at: datetime | None = None
) -> Call[EscalationPolicyView]:
    """One as it stands, or as it stood: `as_of` leaves out what happened later, `known_at` what
    was learnt later.
    """
    return call(
        f"/v1/escalation-policies/{ref}",
        EscalationPolicyView,
        {"as_of": as_of, "known_at": known_at},
    )


def page_get(
    ref: str, *, as_of: datetime | None = None, known_at: datetime | None = None
) -> Call[PageView]:
    """One as it stands, or as it stood: `as_of` leaves out what happened later, `known_at` what
    was learnt later.
    """
    return call(f"/v1/pages/{ref}", PageView, {"as_of": as_of, "known_at": known_at})


def slo_get(
    ref: str, *, as_of: datetime | None = None, known_at: datetime | None = None
) -> Call[SloView]:
    """One as it stands, or as it stood: `as_of` leaves out what happened later, `known_at` what
    was learnt later.
    """
    return call(f"/v1/slos/{ref}", SloView, {"as_of": as_of, "known_at": known_at})


def measurement_get(
    ref: str, *, as_of: datetime | None = None, known_at: datetime | None = None
) -> Call[MeasurementView]:
    """One as it stands, or as it stood: `as_of` leaves out what happened later, `known_at` what
    was learnt later.
    """
    return call(f"/v1/measurements/{ref}", MeasurementView, {"as_of": as_of, "known_at": known_at})


def runbook_get(
    ref: str, *, as_of: datetime | None = None, known_at: datetime | None = None
) -> Call[RunbookView]:
    """One as it stands, or as it stood: `as_of` leaves out what happened later, `known_at` what
    was learnt later.
    """
    return call(f"/v1/runbooks/{ref}", RunbookView, {"as_of": as_of, "known_at": known_at})


def runbook_execution_get(
    ref: str, *, as_of: datetime | None = None, known_at: datetime | None = None
) -> Call[ExecutionView]:
    """One as it stands, or as it stood: `as_of` leaves out what happened later, `known_at` what
    was learnt later.
    """
    return call(
        f"/v1/runbook-executions/{ref}", ExecutionView, {"as_of": as_of, "known_at": known_at}
    )


def maintenance_get(
    ref: str, *, as_of: datetime | None = None, known_at: datetime | None = None
) -> Call[MaintenanceView]:
    """One as it stands, or as it stood: `as_of` leaves out what happened later, `known_at` what
    was learnt later.
    """
    return call(f"/v1/maintenances/{ref}", MaintenanceView, {"as_of": as_of, "known_at": known_at})


def get_postmortem_document(
    ref: str,
    *,
    format: str | None = None,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
) -> Call[Any]:
    """The post-mortem as a document, by the template of the brief, with its incident's timeline
    as curated and its action items.
    """
    return call(
        f"/v1/postmortems/{ref}/document",
        Any,
        {"format": format, "as_of": as_of, "known_at": known_at},
    )


def get_public_postmortem(
    ref: str,
    *,
    format: str | None = None,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
) -> Call[Any]:
    """The public version of a post-mortem: as the public reads it, or as it is to be."""
    return call(
        f"/v1/postmortems/{ref}/public",
        Any,
        {"format": format, "as_of": as_of, "known_at": known_at},
    )


def get_known_then(
    ref: str,
    *,
    format: str | None = None,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
) -> Call[KnownThen]:
    """What was known of an incident at `known_at`, beside what is known now: its state,
    hypotheses, who had been told, the timeline as it was on record, and what was learnt
    later.
    """
    return call(
        f"/v1/incidents/{ref}/known",
        KnownThen,
        {"format": format, "as_of": as_of, "known_at": known_at},
    )


def get_incident(
    ref: str,
    *,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
    min_position: int | None = None,
) -> Call[IncidentShown]:
    """One incident as it stands, or stood."""
    return call(
        f"/v1/incidents/{ref}",
        IncidentShown,
        {"as_of": as_of, "known_at": known_at, "min_position": min_position},
    )


def explain_incident(
    ref: str,
    *,
    event: str | None = None,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
    min_position: int | None = None,
) -> Call[Explained]:
    """Why an incident is as severe as it is, and why each escalation, page, breach and silence
    of it came about: which rule, which figures, which event, which policy, and what would
    have prevented it; or one `event` of its timeline.
    """
    return call(
        f"/v1/incidents/{ref}/explain",
        Explained,
        {"event": event, "as_of": as_of, "known_at": known_at, "min_position": min_position},
    )


def get_incident_cost(
    ref: str, *, as_of: datetime | None = None, known_at: datetime | None = None
) -> Call[IncidentCost]:
    """What an incident cost in people's time, in minutes, as far as the log tells: who held
    roles while it went on, and who acted. An estimate from below.
    """
    return call(f"/v1/incidents/{ref}/cost", IncidentCost, {"as_of": as_of, "known_at": known_at})


def list_due(
    *,
    until: datetime | None = None,
    after: str | None = None,
    limit: int | None = None,
    min_position: int | None = None,
) -> Call[list[DueOf]]:
    """What is due in all incidents, and until when, the soonest first; what is overdue stands
    before it.
    """
    return call(
        "/v1/due",
        list[DueOf],
        {"until": until, "after": after, "limit": limit, "min_position": min_position},
    )


def list_backlog(
    *, after: str | None = None, limit: int | None = None, min_position: int | None = None
) -> Call[list[BacklogItem]]:
    """What waits for triage: SEV4, and SEV3 that was told once; the most severe and oldest
    first.
    """
    return call(
        "/v1/backlog",
        list[BacklogItem],
        {"after": after, "limit": limit, "min_position": min_position},
    )


def get_bus_factor(
    ref: str, *, days: int | None = None, min_position: int | None = None
) -> Call[BusFactor]:
    """How many people have acted on a service's incidents of late, by the log: where few have,
    what they know should be written down and shared. Exercises do not count.
    """
    return call(
        f"/v1/services/{ref}/bus-factor", BusFactor, {"days": days, "min_position": min_position}
    )


def list_unknown_services(
    *, days: int | None = None, min_position: int | None = None
) -> Call[list[UnknownService]]:
    """What incidents and alerts call a service, and no entry of the directory is called or
    labelled, the most frequent first.
    """
    return call(
        "/v1/catalog/unknown-services",
        list[UnknownService],
        {"days": days, "min_position": min_position},
    )


def get_timeline(
    ref: str,
    *,
    for_: Literal["responders", "postmortem", "public"] | None = None,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
    limit: int | None = None,
    after: str | None = None,
    min_position: int | None = None,
) -> Call[Any]:
    """The timeline of an incident: a line for each event, in pages; or whole, with a header and
    what its readers want to know, `for` responders, a post-mortem or the public (what was
    published alone). What happened in incidents that were merged into it stands in its place,
    with their reference as `origin`.
    """
    return call(
        f"/v1/incidents/{ref}/timeline",
        Any,
        {
            "for": for_,
            "as_of": as_of,
            "known_at": known_at,
            "limit": limit,
            "after": after,
            "min_position": min_position,
        },
    )


def get_statistics(
    *,
    from_: datetime | None = None,
    to: datetime | None = None,
    by: Literal["all", "severity", "service", "month"] | None = None,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
    min_position: int | None = None,
) -> Call[Statistics]:
    """Durations between milestones over the incidents that began in [from, to); with `as_of`
    what they were by then, with `known_at` what we knew of them then.
    """
    return call(
        "/v1/statistics",
        Statistics,
        {
            "from": from_,
            "to": to,
            "by": by,
            "as_of": as_of,
            "known_at": known_at,
            "min_position": min_position,
        },
    )


def list_quarantine(
    *, all: bool | None = None, limit: int | None = None, after: int | None = None
) -> Call[list[dict[str, Any]]]:
    """Signals that wait to be understood; with `all`, also those released or discarded."""
    return call(
        "/v1/quarantine", list[dict[str, Any]], {"all": all, "limit": limit, "after": after}
    )


def list_signals(
    *, all: bool | None = None, after: str | None = None, limit: int | None = None
) -> Call[list[ListedSignal]]:
    """Alerts that opened nothing, the latest first; with `all`, what became of each delivery."""
    return call("/v1/signals", list[ListedSignal], {"all": all, "after": after, "limit": limit})


def list_heartbeats(*, min_position: int | None = None) -> Call[list[HeartbeatRow]]:
    """Heartbeats that are watched, by name."""
    return call("/v1/heartbeats", list[HeartbeatRow], {"min_position": min_position})


def list_deliveries(
    ref: str, *, after: str | None = None, limit: int | None = None
) -> Call[list[Delivery]]:
    """Who was told what about an incident, through which channel, with what result."""
    return call(f"/v1/incidents/{ref}/deliveries", list[Delivery], {"after": after, "limit": limit})


def postmortem_list_deliveries(
    ref: str, *, after: str | None = None, limit: int | None = None
) -> Call[list[Delivery]]:
    """Who was told what about a postmortem, through which channel, with what result."""
    return call(
        f"/v1/postmortems/{ref}/deliveries", list[Delivery], {"after": after, "limit": limit}
    )


def action_item_list_deliveries(
    ref: str, *, after: str | None = None, limit: int | None = None
) -> Call[list[Delivery]]:
    """Who was told what about an action item, through which channel, with what result."""
    return call(
        f"/v1/action-items/{ref}/deliveries", list[Delivery], {"after": after, "limit": limit}
    )


def page_list_deliveries(
    ref: str, *, after: str | None = None, limit: int | None = None
) -> Call[list[Delivery]]:
    """Who was told what about a page, through which channel, with what result."""
    return call(f"/v1/pages/{ref}/deliveries", list[Delivery], {"after": after, "limit": limit})


def slo_list_deliveries(
    ref: str, *, after: str | None = None, limit: int | None = None
) -> Call[list[Delivery]]:
    """Who was told what about a slo, through which channel, with what result."""
    return call(f"/v1/slos/{ref}/deliveries", list[Delivery], {"after": after, "limit": limit})


def runbook_list_deliveries(
    ref: str, *, after: str | None = None, limit: int | None = None
) -> Call[list[Delivery]]:
    """Who was told what about a runbook, through which channel, with what result."""
    return call(f"/v1/runbooks/{ref}/deliveries", list[Delivery], {"after": after, "limit": limit})


def maintenance_list_deliveries(
    ref: str, *, after: str | None = None, limit: int | None = None
) -> Call[list[Delivery]]:
    """Who was told what about a maintenance, through which channel, with what result."""
    return call(
        f"/v1/maintenances/{ref}/deliveries", list[Delivery], {"after": after, "limit": limit}
    )


def list_all_deliveries(
    *,
    aggregate: str | None = None,
    id: str | None = None,
    status: Literal["attempting", "waiting", "requeued", "delivered", "dead", "suppressed"]
    | None = None,
    channel: str | None = None,
    after: str | None = None,
    limit: int | None = None,
) -> Call[list[Delivery]]:
    """Who was told what about anything, through which channel, with what result: about the
    `aggregate` of this `id`, of one `status`, through one `channel`.
    """
    return call(
        "/v1/deliveries",
        list[Delivery],
        {
            "aggregate": aggregate,
            "id": id,
            "status": status,
            "channel": channel,
            "after": after,
            "limit": limit,
        },
    )


def get_blast_radius(ref: str, *, min_position: int | None = None) -> Call[BlastRadius]:
    """Who suffers when a service breaks: all that need it, directly or through others, the
    nearest first, also as a picture (`mermaid`).
    """
    return call(f"/v1/services/{ref}/blast-radius", BlastRadius, {"min_position": min_position})


def get_catalog_gaps(*, min_position: int | None = None) -> Call[Gaps]:
    """What of the catalogue has no owner, no entry, no place, or depends on itself."""
    return call("/v1/catalog/gaps", Gaps, {"min_position": min_position})


def search(
    *,
    q: str,
    kind: Sequence[Literal["incident", "postmortem", "action_item", "update", "note", "action"]]
    | None = None,
    after: str | None = None,
    limit: int | None = None,
    min_position: int | None = None,
) -> Call[SearchResult]:
    """Incidents, post-mortems, action items, and the notes, logged actions and updates of
    timelines that have all the words of `q`, the best first.
    """
    return call(
        "/v1/search",
        SearchResult,
        {"q": q, "kind": kind, "after": after, "limit": limit, "min_position": min_position},
    )


def list_similar(
    ref: str, *, limit: int | None = None, min_position: int | None = None
) -> Call[SimilarIncidents]:
    """Incidents that were like this one: which services, words and alerts they share, how they
    began, and what helped then.
    """
    return call(
        f"/v1/incidents/{ref}/similar",
        SimilarIncidents,
        {"limit": limit, "min_position": min_position},
    )


def get_repeats(ref: str, *, min_position: int | None = None) -> Call[Repeats]:
    """Earlier causes, contributing factors and action items that say in the same words what the
    incident is about, with these words, what became of the action items, and what a person
    has said of it: a link `repeat_of` confirms it, `not_repeat_of` rejects it.
    """
    return call(f"/v1/incidents/{ref}/repeats", Repeats, {"min_position": min_position})


def get_repeat_rate(
    *, from_: datetime | None = None, to: datetime | None = None, min_position: int | None = None
) -> Call[RepeatRate]:
    """Of the incidents that began in a period, how many a person has confirmed as repeats of
    earlier ones. Exercises, canceled and merged incidents do not count.
    """
    return call(
        "/v1/repeat-rate", RepeatRate, {"from": from_, "to": to, "min_position": min_position}
    )


def explain_page(
    ref: str,
    *,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
    min_position: int | None = None,
) -> Call[PageExplained]:
    """Each level, whom it meant, each attempt and its receipt, each rule and silence of a page,
    from the log; and in a sentence, whether somebody was woken.
    """
    return call(
        f"/v1/pages/{ref}/explain",
        PageExplained,
        {"as_of": as_of, "known_at": known_at, "min_position": min_position},
    )


def list_runbooks_of_service(
    ref: str, *, min_position: int | None = None
) -> Call[list[ListedRunbook]]:
    """The active runbooks of a service, and whether one may rely on each."""
    return call(f"/v1/services/{ref}/runbooks", list[ListedRunbook], {"min_position": min_position})


def get_signal(position: str) -> Call[Kept]:
    """A kept signal, whole."""
    return call(f"/v1/quarantine/{position}", Kept, {})


def who_am_i() -> Call[Myself]:
    """Who shows this token, and what it may do."""
    return call("/v1/whoami", Myself, {})


def list_tokens() -> Call[list[TokenView]]:
    """All tokens that there ever were, without their secrets; the first first."""
    return call("/v1/tokens", list[TokenView], {})


def list_audit(*, after: int | None = None, limit: int | None = None) -> Call[list[AuditEntry]]:
    """Who did what to tokens, logins, emergency rights, the configuration, the directory and
    what of the log cannot be read, the first first.
    """
    return call("/v1/audit", list[AuditEntry], {"after": after, "limit": limit})


def list_calendars() -> Call[list[ListedCalendar]]:
    """The calendars that you have an address of, without it; all of them for administrators."""
    return call("/v1/calendars", list[ListedCalendar], {})


def get_scorecard(
    *,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
    min_position: int | None = None,
) -> Call[Scorecard]:
    """The success metrics of the quarter of `as_of` up to then, each with its target, its
    figure, what that rests on, and what is missing to know it.
    """
    return call(
        "/v1/scorecard",
        Scorecard,
        {"as_of": as_of, "known_at": known_at, "min_position": min_position},
    )


def get_figures(
    *,
    series: str | None = None,
    by: str | None = None,
    from_: str | None = None,
    to: str | None = None,
    quantile: Sequence[float] | None = None,
    within: Sequence[float] | None = None,
    format: str | None = None,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
    min_position: int | None = None,
) -> Call[Any]:
    """Durations between milestones, by group: any quantile, shares below thresholds, how they
    lie, what goes on and what is not known, quarter over quarter with an interval of 95 %,
    and which incidents all of it is made of.
    """
    return call(
        "/v1/figures",
        Any,
        {
            "series": series,
            "by": by,
            "from": from_,
            "to": to,
            "quantile": quantile,
            "within": within,
            "format": format,
            "as_of": as_of,
            "known_at": known_at,
            "min_position": min_position,
        },
    )


def get_patterns(
    *,
    from_: str | None = None,
    to: str | None = None,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
    min_position: int | None = None,
) -> Call[Patterns]:
    """What fails together, what follows what, what repeats, what comes after changes, when, and
    who declares late or not at all. Small numbers are marked.
    """
    return call(
        "/v1/patterns",
        Patterns,
        {
            "from": from_,
            "to": to,
            "as_of": as_of,
            "known_at": known_at,
            "min_position": min_position,
        },
    )


def get_alert_quality(
    *, from_: str | None = None, to: str | None = None, min_position: int | None = None
) -> Call[list[AlertQuality]]:
    """Alert by alert, those that fired most: how many firings opened nothing, and which of its
    incidents were real, false positives, or ended without anybody having declared them.
    """
    return call(
        "/v1/alert-quality",
        list[AlertQuality],
        {"from": from_, "to": to, "min_position": min_position},
    )


def get_review(
    kind: str,
    *,
    of: str | None = None,
    format: str | None = None,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
    min_position: int | None = None,
) -> Call[Any]:
    """The review of a `quarter` or a `week`: figures beside the period before, patterns, and
    what is recommended, each with the figures and incidents that it follows from.
    """
    return call(
        f"/v1/reviews/{kind}",
        Any,
        {
            "of": of,
            "format": format,
            "as_of": as_of,
            "known_at": known_at,
            "min_position": min_position,
        },
    )


def get_duty_overview(*, at: str | None = None) -> Call[DutyOverview]:
    """Who is on call by each active schedule at a time (now), until when, and who is next; who
    has several at once; and who has turns in the eight weeks to come and is not known, has
    left or cannot be reached.
    """
    return call("/v1/on-call", DutyOverview, {"at": at})


def list_shifts(
    ref: str, *, from_: str | None = None, to: str | None = None, known_at: datetime | None = None
) -> Call[list[ListedShift]]:
    """Who is on call from when until when, without a pause: a gap is a shift of nobody. Of the
    past and of what is to come; with `known_at` as it was on record then.
    """
    return call(
        f"/v1/schedules/{ref}/shifts",
        list[ListedShift],
        {"from": from_, "to": to, "known_at": known_at},
    )


def get_on_call(
    ref: str, *, at: str | None = None, known_at: datetime | None = None
) -> Call[OnCall]:
    """Who is on call at a time (now), since when and until when, who learns beside them, and who
    is next; with `known_at` as it was on record then.
    """
    return call(f"/v1/schedules/{ref}/on-call", OnCall, {"at": at, "known_at": known_at})


def get_schedule_review(
    ref: str, *, from_: str | None = None, to: str | None = None, known_at: datetime | None = None
) -> Call[RosterReview]:
    """How a schedule treats those who carry it: gaps, hours of each, and a score of 0 to 100
    with what lowers it.
    """
    return call(
        f"/v1/schedules/{ref}/review", RosterReview, {"from": from_, "to": to, "known_at": known_at}
    )


def get_rota_page(
    ref: str, *, from_: str | None = None, to: str | None = None, known_at: datetime | None = None
) -> Call[Any]:
    """The same as a page (HTML), with a table of what the picture shows."""
    return call(
        f"/v1/schedules/{ref}/picture", Any, {"from": from_, "to": to, "known_at": known_at}
    )


def get_on_call_load(*, from_: str | None = None, to: str | None = None) -> Call[OnCallLoad]:
    """What on-call asked of people in a window (the last four weeks): pages, nights and week-
    ends by each one's own clock, interruptions, time to acknowledge, hours, and how evenly it
    lies. Pages of drills and of private incidents are in no figure.
    """
    return call("/v1/on-call/load", OnCallLoad, {"from": from_, "to": to})


def get_slo_budget(
    ref: str,
    *,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
    min_position: int | None = None,
) -> Call[BudgetAnswer]:
    """What remains of the error budget over the window that ends `as_of` (now), by the samples
    that had been recorded by `known_at`.
    """
    return call(
        f"/v1/slos/{ref}/budget",
        BudgetAnswer,
        {"as_of": as_of, "known_at": known_at, "min_position": min_position},
    )


def list_slo_alerts(
    ref: str,
    *,
    from_: str | None = None,
    to: str | None = None,
    known_at: datetime | None = None,
    min_position: int | None = None,
) -> Call[list[RuleMinutes]]:
    """In which minutes each alert on the burn rate was true and on, by the samples that had been
    recorded by `known_at`, in whatever order they came.
    """
    return call(
        f"/v1/slos/{ref}/alerts",
        list[RuleMinutes],
        {"from": from_, "to": to, "known_at": known_at, "min_position": min_position},
    )


def get_deploy_gate(
    *, service: str, change: str | None = None, min_position: int | None = None
) -> Call[GateAnswer]:
    """Whether a service may be deployed, by which rule and figures, and who may override it. It
    answers 200 either way; `may_deploy` says which.
    """
    return call(
        "/v1/deploy-gate",
        GateAnswer,
        {"service": service, "change": change, "min_position": min_position},
    )


def list_runbooks_for_incident(ref: str) -> Call[IncidentRunbooks]:
    """The runbooks that are for an incident by its alerts, its services and what its cause or a
    hypothesis says, the most fitting first, each with why and whether one may rely on it; and
    how any were followed in it. Nothing of them is run by the service.
    """
    return call(f"/v1/incidents/{ref}/runbooks", IncidentRunbooks, {})


def get_runbook_figures(ref: str, *, within: int | None = None) -> Call[RunbookFigures]:
    """How often each step of a runbook was done, failed and left out, how often recovery came
    within so many minutes of it, and what one may change. What follows a step need not be its
    doing; where numbers are small, that is said.
    """
    return call(f"/v1/runbooks/{ref}/figures", RunbookFigures, {"within": within})
