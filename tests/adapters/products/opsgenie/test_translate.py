"""Opsgenie alert webhooks, from bodies written after the public description of each action."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from adapters.products.opsgenie.translate import instant, priority, translate
from domain.incident.alerts.alert import Alert, AlertKind, Opens
from handlers.ingest.reports import Report, Unintelligible

CREATED = datetime(2026, 5, 4, 3, 2, 1, 123000, tzinfo=UTC)
UPDATED = datetime(2026, 5, 4, 3, 7, 1, 123456, tzinfo=UTC)
ALERT: dict[str, Any] = {
    "alertId": "a1-b2-c3",
    "message": "Disk is full",
    "tags": ["disk", "prod"],
    "tinyId": "42",
    "source": "monitor",
    "entity": "db-7",
    "alias": "disk-db-7",
    "createdAt": 1777863721123,
    "updatedAt": 1777864021123456789,
    "username": "ada@example.com",
    "userId": "u1",
    "priority": "P2",
}


def body(action: Any, alert: Any = ALERT, **more: Any) -> bytes:
    whole = {
        "action": action,
        "alert": alert,
        "source": {"name": "web", "type": "API"},
        "integrationId": "i1",
        "integrationName": "Webhook",
    }
    return msgspec.json.encode(whole | more)


def report(raw: bytes) -> Report:
    (outcome,) = translate(raw, "og", Opens.INCIDENT)
    assert isinstance(outcome, Report), outcome
    return outcome


def alert(action: str, changes: dict[str, Any] | None = None, **more: Any) -> Alert:
    return report(body(action, {**ALERT, **(changes or {})}, **more)).alert


def code(raw: bytes) -> str:
    (outcome,) = translate(raw, "og", Opens.INCIDENT)
    assert isinstance(outcome, Unintelligible), outcome
    return outcome.code


def test_a_created_alert_says_everything_that_it_can():
    created = alert("Create")
    assert (created.product, created.source, created.alert_id) == ("opsgenie", "og", "a1-b2-c3")
    assert created.kind is AlertKind.TRIGGERED
    assert (created.title, created.service, created.priority) == ("Disk is full", "db-7", "P2")
    assert (created.by, created.text, created.url) == ("ada@example.com", None, None)


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("Acknowledge", AlertKind.ACKNOWLEDGED),
        ("UnAcknowledge", AlertKind.UNACKNOWLEDGED),
        ("AddNote", AlertKind.ANNOTATED),
        ("AssignOwnership", AlertKind.REASSIGNED),
        ("TakeOwnership", AlertKind.REASSIGNED),
        ("Escalate", AlertKind.ESCALATED),
        ("EscalateNext", AlertKind.ESCALATED),
        ("UpdatePriority", AlertKind.PRIORITY_UPDATED),
        ("Close", AlertKind.RESOLVED),
        ("Delete", AlertKind.RESOLVED),
        ("AddTags", AlertKind.UPDATED),
        ("Snooze", AlertKind.UPDATED),
        ("Restart the pump", AlertKind.UPDATED),
    ],
)
def test_each_action_has_its_kind(action: str, kind: AlertKind):
    assert alert(action).kind is kind


@pytest.mark.parametrize(
    ("action", "changes", "said"),
    [
        ("AddNote", {"note": "Looking"}, "Looking"),
        ("AddTags", {"addedTags": "a,b"}, "Tags added: a,b"),
        ("AddTags", {"addedTags": ["a", "b"]}, "Tags added: a, b"),
        ("RemoveTags", {"removedTags": "a"}, "Tags removed: a"),
        ("AddTeam", {"team": "DBAs"}, "Team added: DBAs"),
        ("AddRecipient", {"recipient": "bo@example.com"}, "Recipient added: bo@example.com"),
        (
            "AddResponder",
            {"responders": [{"name": "Bo", "type": "user"}, {"id": "t9"}]},
            "Responder added: Bo, t9",
        ),
        ("UpdatePriority", {"oldPriority": "P5"}, "Priority P5 → P2"),
        ("UpdateMessage", {}, "Message: Disk is full"),
        ("UpdateDescription", {"description": "Line 1\nLine 2"}, "Description: Line 1 Line 2"),
        ("Snooze", {"snoozeEndDate": "2026-05-05T00:00:00Z"}, "Snoozed: 2026-05-05T00:00:00Z"),
        ("SnoozeEnd", {}, "Snooze ended"),
        ("Delete", {}, "Alert deleted"),
        ("Close", {"note": "was a drill"}, "was a drill"),
        ("Restart the pump", {"note": "please"}, "Restart the pump: please"),
    ],
)
def test_the_text_tells_what_the_kind_does_not(action: str, changes: dict[str, Any], said: str):
    assert alert(action, changes).text == said


def test_an_escalation_knows_only_the_alert_and_whom_it_goes_to():
    outcome = report(
        body(
            "Escalate",
            {"alertId": "a1-b2-c3"},
            escalationName="on call",
            escalationNotify={"name": "Bo", "id": "u2"},
            source=None,
        )
    )
    assert outcome.occurred_at is None
    assert (outcome.alert.kind, outcome.alert.text) == (AlertKind.ESCALATED, "on call to Bo")
    assert outcome.alert.title is None


def test_an_owner_is_an_assignee():
    assert alert("AssignOwnership", {"owner": "bo@example.com"}).assignees == ("bo@example.com",)
    assert alert("TakeOwnership").assignees == ("ada@example.com",)
    assert alert("Acknowledge", {"owner": "bo@example.com"}).assignees == ()


def test_an_alert_is_triggered_when_created_and_changed_when_updated():
    assert report(body("Create")).occurred_at == CREATED
    assert report(body("Close")).occurred_at == UPDATED
    without = {key: value for key, value in ALERT.items() if key != "updatedAt"}
    assert report(body("Close", without)).occurred_at is None


@pytest.mark.parametrize(
    ("said", "at"),
    [
        (1777864021, UPDATED.replace(microsecond=0)),
        (1777864021123, UPDATED.replace(microsecond=123000)),
        (1777864021123456, UPDATED),
        (1777864021123456789, UPDATED),
        ("1777864021123", UPDATED.replace(microsecond=123000)),
        (1777864021123.0, UPDATED.replace(microsecond=123000)),
        (None, None),
        (0, None),
        ("", None),
    ],
)
def test_the_size_of_a_time_tells_its_unit(said: Any, at: datetime | None):
    assert instant(said) == at


@pytest.mark.parametrize("said", [-1, 10**20, True, "soon", 1.5, [1], {}, "9" * 400])
def test_what_is_no_time_costs_itself_alone_and_is_named(said: Any):
    found = report(body("Close", {**ALERT, "updatedAt": said}))
    assert (found.occurred_at, found.alert.kind) == (None, AlertKind.RESOLVED)
    assert "updatedAt" in found.alert.flaws[0]


@pytest.mark.parametrize(
    ("said", "known"),
    [(3, "P3"), ("3", "P3"), ("P3", "P3"), (None, None), ("", None), (9, "9"), ("High", "High")],
)
def test_priorities_are_numbers_or_names(said: Any, known: str | None):
    assert priority(said) == known


def test_a_report_keeps_its_id_whatever_way_it_comes():
    """The order of keys and the integration that sent it say nothing about the alert."""
    first = alert("Close").event_id
    reordered = dict(reversed(ALERT.items()))
    assert report(body("Close", reordered)).alert.event_id == first
    assert alert("Close", integrationId="i2", integrationName="Other").event_id == first
    assert alert("Close", alertFlowContext={"requestId": "r2"}).event_id == first


@pytest.mark.parametrize(
    "changes", [{"updatedAt": ALERT["updatedAt"] + 1}, {"alertId": "other"}, {"note": "x"}]
)
def test_another_report_has_another_id(changes: dict[str, Any]):
    assert alert("Close", changes).event_id != alert("Close").event_id
    assert alert("Acknowledge").event_id != alert("Close").event_id


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", "body.not_json"),
        (b"[1]", "body.wrong_shape"),
        (b"{}", "event_type.missing"),
        (body(None), "event_type.missing"),
        (body(" "), "event_type.missing"),
        (body("Create", None), "body.wrong_shape"),
        (body("Create", {}), "alert_id.missing"),
        (body("Create", {"alertId": "x" * 1_025}), "alert_id.unusable"),
        (body("Create", {"alertId": ["x"]}), "alert_id.missing"),
    ],
)
def test_what_is_not_understood_says_why(raw: bytes, expected: str):
    assert code(raw) == expected


@pytest.mark.parametrize("action", ["AddTags", "Snooze", "SnoozeEnd", "Restart web", "AddDetails"])
def test_what_may_be_done_with_a_closed_alert_too_does_not_say_that_it_is_open(action: str):
    assert report(body(action)).aside
    assert not report(body(action, {**ALERT, "status": "open"})).aside
    assert report(body(action, {**ALERT, "status": "closed"})).aside


@pytest.mark.parametrize("action", ["Create", "Escalate", "UnAcknowledge", "AssignOwnership"])
def test_what_is_done_with_open_alerts_alone_says_that_it_is_open(action: str):
    assert not report(body(action)).aside
