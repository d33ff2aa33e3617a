"""PagerDuty V3 webhooks, from bodies written after the public description of each type."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from adapters.products.pagerduty.translate import translate
from domain.incident.alerts.alert import AlertKind, Opens
from handlers.ingest.reports import Reading, Report, Unintelligible, Unwanted

AT = datetime(2026, 5, 4, 3, 2, 1, 123000, tzinfo=UTC)
INCIDENT: dict[str, Any] = {
    "id": "Q1INCIDENT",
    "type": "incident",
    "html_url": "https://example.pagerduty.com/incidents/Q1INCIDENT",
    "number": 7,
    "status": "triggered",
    "title": "Checkout is slow",
    "service": {"id": "PSVC", "type": "service_reference", "summary": "Checkout"},
    "assignees": [
        {"id": "PU1", "type": "user_reference", "summary": "Ada"},
        {"id": "PU2", "type": "user_reference"},
    ],
    "escalation_policy": {"id": "PEP", "summary": "Payments on call"},
    "teams": [],
    "priority": {"id": "PPR", "type": "priority_reference", "summary": "P2"},
    "urgency": "high",
    "conference_bridge": None,
    "resolve_reason": None,
}
REFERENCE = {
    "id": "Q1INCIDENT",
    "type": "incident_reference",
    "summary": "Checkout is slow",
    "html_url": "https://example.pagerduty.com/incidents/Q1INCIDENT",
}


def body(event_type: str, data: Any = INCIDENT, **event: Any) -> bytes:
    whole = {
        "id": "01EVENT",
        "event_type": event_type,
        "resource_type": "incident",
        "occurred_at": "2026-05-04T03:02:01.123Z",
        "agent": {"id": "PU1", "type": "user_reference", "summary": "Ada"},
        "client": None,
        "data": data,
        **event,
    }
    return msgspec.json.encode({"event": whole})


def translated(raw: bytes, opens: Opens = Opens.INCIDENT) -> Reading:
    (outcome,) = translate(raw, "pd", opens)
    return outcome


def report(raw: bytes) -> Report:
    outcome = translated(raw)
    assert isinstance(outcome, Report), outcome
    return outcome


def code(raw: bytes) -> str:
    outcome = translated(raw)
    assert isinstance(outcome, Unintelligible), outcome
    return outcome.code


def test_a_triggered_incident_says_everything_that_an_alert_can():
    outcome = report(body("incident.triggered"))
    assert outcome.occurred_at == AT
    alert = outcome.alert
    assert (alert.product, alert.source, alert.alert_id, alert.event_id) == (
        "pagerduty",
        "pd",
        "Q1INCIDENT",
        "01EVENT",
    )
    assert alert.kind is AlertKind.TRIGGERED
    assert (alert.title, alert.service, alert.priority, alert.urgency) == (
        "Checkout is slow",
        "Checkout",
        "P2",
        "high",
    )
    assert alert.assignees == ("Ada", "PU2")
    assert (alert.by, alert.text) == ("Ada", None)
    assert alert.url == "https://example.pagerduty.com/incidents/Q1INCIDENT"


@pytest.mark.parametrize(
    ("event_type", "kind"),
    [
        ("incident.acknowledged", AlertKind.ACKNOWLEDGED),
        ("incident.unacknowledged", AlertKind.UNACKNOWLEDGED),
        ("incident.escalated", AlertKind.ESCALATED),
        ("incident.delegated", AlertKind.DELEGATED),
        ("incident.reassigned", AlertKind.REASSIGNED),
        ("incident.priority_updated", AlertKind.PRIORITY_UPDATED),
        ("incident.reopened", AlertKind.REOPENED),
        ("incident.resolved", AlertKind.RESOLVED),
        ("incident.service_updated", AlertKind.UPDATED),
        ("incident.incident_type.changed", AlertKind.UPDATED),
    ],
)
def test_each_type_about_the_incident_itself_has_its_kind(event_type: str, kind: AlertKind):
    assert report(body(event_type)).alert.kind is kind


@pytest.mark.parametrize(
    ("event_type", "data", "said"),
    [
        (
            "incident.annotated",
            {"id": "PNOTE", "content": " Rolled back. ", "type": "incident_note"},
            "Rolled back.",
        ),
        ("incident.annotated", {"content": "Long", "trimmed": True}, "Long [trimmed by PagerDuty]"),
        (
            "incident.status_update_published",
            {"id": "PX", "message": "Fix is out"},
            "Status update: Fix is out",
        ),
        (
            "incident.responder.added",
            {"user": {"id": "PU3", "summary": "Bo"}, "message": "Help", "state": "pending"},
            "Responder requested: Bo: Help",
        ),
        (
            "incident.delegated",
            {**INCIDENT, "escalation_policy": {"summary": "DBAs"}},
            "to escalation policy DBAs",
        ),
        ("incident.delegated", {**INCIDENT, "escalation_policy": None}, None),
        (
            "incident.responder.added",
            {"user": None, "escalation_policy": {"summary": "DBAs"}, "message": None},
            "Responder requested: DBAs",
        ),
        (
            "incident.responder.replied",
            {"user": {"id": "PU3"}, "state": "accepted", "message": ""},
            "Responder PU3: accepted",
        ),
        (
            "incident.conference_bridge.updated",
            {
                "conference_numbers": [{"label": "", "number": "+1 555"}],
                "conference_url": "https://meet.example",
            },
            "Conference bridge: https://meet.example, +1 555",
        ),
        (
            "incident.conference_bridge.updated",
            {"conference_numbers": None, "conference_url": None},
            None,
        ),
        (
            "incident.custom_field_values.updated",
            {
                "id": "PX",
                "changed_custom_fields": [
                    {"name": "region", "value": "EU"},
                    {"name": "tiers", "value": ["a", "b"]},
                    {"name": "vip", "value": True},
                    {"name": "eta", "value": None},
                ],
            },
            "Fields: region = EU, tiers = a, b, vip = yes, eta = (none)",
        ),
        (
            "incident.workflow.started",
            {"id": "PWF", "summary": "Run", "incident_workflow": {"summary": "Page the boss"}},
            "Workflow Page the boss started",
        ),
        (
            "incident.workflow.completed",
            {"id": "PWF", "summary": None, "incident_workflow": None},
            "Workflow completed",
        ),
        (
            "incident.task.completed",
            {"id": "PT", "name": "Call vendor", "type": "incident_task"},
            "Task completed: Call vendor",
        ),
        (
            "incident.action_invocation.updated",
            {"id": "PA", "action": {"summary": "Restart"}, "state": "running"},
            "Action Restart running",
        ),
    ],
)
def test_what_only_refers_to_the_incident_belongs_to_it(
    event_type: str, data: dict[str, Any], said: str | None
):
    """The id of a note, a task or a workflow must never be taken for that of the incident."""
    alert = report(body(event_type, {**data, "incident": REFERENCE})).alert
    assert alert.alert_id == "Q1INCIDENT"
    assert alert.title == "Checkout is slow"
    assert alert.text == said


@pytest.mark.parametrize(
    ("event_type", "data", "aside"),
    [
        ("incident.priority_updated", INCIDENT, False),
        ("incident.priority_updated", {**INCIDENT, "status": "acknowledged"}, False),
        ("incident.priority_updated", {**INCIDENT, "status": "resolved"}, True),
        ("incident.priority_updated", {**INCIDENT, "status": None}, False),
        ("incident.responder.added", {"incident": REFERENCE, "type": "incident_responder"}, True),
        ("incident.conference_bridge.updated", {"incident": REFERENCE}, True),
        ("incident.triggered", {**INCIDENT, "status": "resolved"}, False),
        ("incident.reopened", {**INCIDENT, "status": "resolved"}, False),
    ],
)
def test_what_does_not_say_that_its_incident_goes_on_is_said_aside(
    event_type: str, data: dict[str, Any], aside: bool
):
    assert report(body(event_type, data)).aside is aside


def test_roles_name_the_incident_in_each_assignment():
    assignment = {
        "role": {"summary": "Incident Commander"},
        "assignee": {"id": "PU2", "summary": "Bo"},
        "old_assignee": {"summary": "Ada"},
        "incident": REFERENCE,
    }
    data = {
        "type": "incident_role_assignment",
        "incident_role_assignments": [assignment, {**assignment, "assignee": None}],
    }
    alert = report(body("incident.role.assigned", data)).alert
    assert alert.alert_id == "Q1INCIDENT"
    assert alert.text == "Incident Commander: Bo (was Ada), Incident Commander: nobody (was Ada)"


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (None, None),
        ("fixed itself", "fixed itself"),
        (
            {"type": "merge_resolve_reason", "incident": {"summary": "DB down"}},
            "Merged into DB down",
        ),
        (
            {
                "type": "merge_resolve_reason",
                "incident": {
                    "id": "Q2",
                    "summary": "[#1234]",
                    "html_url": "https://x.pagerduty.com/incidents/Q2",
                },
            },
            "Merged into PagerDuty incident #1234 (https://x.pagerduty.com/incidents/Q2)",
        ),
        (
            {"type": "merge_resolve_reason", "incident": {"id": "Q1ABCDEF2GH"}},
            "Merged into PagerDuty incident Q1ABCDEF2GH",
        ),
        ("Merged into #1234 by Ada", "Merged into PagerDuty incident #1234 by Ada"),
        ({"type": "other"}, "other"),
        ({}, None),
    ],
)
def test_a_resolution_says_why_if_it_knows(reason: Any, said: str | None):
    data = {**INCIDENT, "assignees": [], "resolve_reason": reason}
    alert = report(body("incident.resolved", data)).alert
    assert (alert.text, alert.assignees) == (said, ())


def test_nothing_but_ids_and_type_is_needed():
    raw = msgspec.json.encode(
        {"event": {"id": "1", "event_type": "incident.triggered", "data": {"id": "Q1"}}}
    )
    outcome = report(raw)
    assert outcome.occurred_at is None
    assert outcome.alert.alert_id == "Q1"


def test_null_and_odd_decoration_does_not_lose_a_page():
    """What is not an id, a type or a time may be of any shape: the page matters more."""
    odd: dict[str, Any] = dict.fromkeys(INCIDENT) | {"id": "Q1", "type": "incident"}
    assert report(body("incident.triggered", odd, agent=None)).alert.alert_id == "Q1"
    odd |= {"title": ["x"], "priority": "P1", "assignees": {"a": 1}, "service": 3, "urgency": 1}
    alert = report(body("incident.triggered", odd, agent="Ada", unknown=1)).alert
    assert (alert.title, alert.priority, alert.assignees) == (None, "P1", ())
    assert set(alert.flaws) == {
        "`event.data.title` is a list where a text is expected",
        "`event.data.assignees` is an object where a list is expected, and taken for its one item",
    }


@pytest.mark.parametrize("said", [None, True, "", ["x"], "\x00"])
def test_an_event_without_an_id_is_known_by_what_it_says(said: Any):
    first, again = (report(body("incident.triggered", id=said)).alert for _ in range(2))
    other = report(body("incident.resolved", id=said)).alert
    assert first.event_id == again.event_id != other.event_id
    assert first.flaws


@pytest.mark.parametrize(
    ("event_id", "kept"),
    [("01FKZOXA8", "01FKZOXA8"), ("1" * 38, "1" * 38), (12, "12"), ("a-b-c", "a-b-c")],
)
def test_an_event_id_is_opaque(event_id: Any, kept: str):
    assert report(body("incident.triggered", id=event_id)).alert.event_id == kept


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("2026-05-04T05:02:01.123+02:00", AT),
        ("2026-05-04T03:02:01.123", AT),
        (None, None),
        ("", None),
        ("2999-01-01T00:00:00Z", datetime(2999, 1, 1, tzinfo=UTC)),
    ],
)
def test_times_are_in_utc(said: Any, at: datetime | None):
    """A time in the future is reported as it is; who receives it knows better when that was."""
    assert report(body("incident.triggered", occurred_at=said)).occurred_at == at


@pytest.mark.parametrize(
    "said",
    [
        *("yesterday", 17, ["2026"], "2026-13-01T00:00:00Z"),
        *("0001-01-01T00:00:00+23:00", "0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z"),
    ],
)
def test_what_is_no_time_costs_itself_alone_and_is_named(said: Any):
    found = report(body("incident.triggered", occurred_at=said))
    assert (found.occurred_at, found.alert.title) == (None, "Checkout is slow")
    assert "occurred_at" in found.alert.flaws[0]


@pytest.mark.parametrize(
    "event_type", ["pagey.ping", "service.created", "service.custom_field_values.updated"]
)
def test_what_concerns_no_incident_is_unwanted(event_type: str):
    assert isinstance(translated(body(event_type, {"type": "ping"})), Unwanted)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", "body.not_json"),
        (b"\xff\x00", "body.not_json"),
        (b"{", "body.not_json"),
        (b"[" * 100_000, "body.not_json"),
        (b"[]", "body.wrong_shape"),
        (b"null", "body.wrong_shape"),
        (b"{}", "body.wrong_shape"),
        (b'{"event": []}', "body.wrong_shape"),
        (b'{"event": {}}', "event_type.missing"),
        (b'{"event": {"event_type": 5}}', "event_type.missing"),
        (b'{"messages": [{"event": "incident.trigger"}]}', "pagerduty.v2"),
        (body("incident.unsupported"), "event_type.unknown"),
        (body("incident"), "event_type.unknown"),
        (body("incident.triggered", None), "body.wrong_shape"),
        (body("incident.triggered", [INCIDENT]), "body.wrong_shape"),
        (body("incident.triggered", {"title": "x"}), "alert_id.missing"),
        (body("incident.triggered", {**INCIDENT, "id": None}), "alert_id.missing"),
        (body("incident.triggered", {**INCIDENT, "id": " "}), "alert_id.missing"),
        (body("incident.triggered", {**INCIDENT, "id": "x" * 1_025}), "alert_id.unusable"),
        (body("incident.annotated", {"id": "PNOTE", "content": "x"}), "alert_id.missing"),
        (body("incident.annotated", {"id": "P", "type": "incident_note"}), "alert_id.missing"),
        (body("incident.task.created", {"id": "PT", "incident": None}), "alert_id.missing"),
    ],
)
def test_what_is_not_understood_says_why(raw: bytes, expected: str):
    assert code(raw) == expected


def test_texts_are_limited_and_clean():
    """Text ends up in a database, in terminals and in chats."""
    data = {**INCIDENT, "title": "a\0b\n\x1b[31m  c" + "x" * 500, "html_url": "javascript:alert(1)"}
    alert = report(body("incident.triggered", data)).alert
    assert alert.title is not None
    assert alert.title.startswith("ab [31m c")
    assert len(alert.title) == 300
    assert alert.url is None


def test_the_source_decides_what_an_alert_opens():
    outcome = translated(body("incident.triggered"), Opens.TRIAGE)
    assert isinstance(outcome, Report)
    assert outcome.alert.opens is Opens.TRIAGE
