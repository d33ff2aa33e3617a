"""Grafana webhooks, from bodies written after the public descriptions of versions 7 to 12."""

from typing import Any

import msgspec
import pytest

from adapters.products.grafana.translate import translate
from domain.incident.alerts.alert import AlertKind, Opens
from handlers.ingest.reports import Reading, Report, Unintelligible, Unwanted

FIRING: dict[str, Any] = {
    "status": "firing",
    "labels": {"alertname": "High memory usage", "grafana_folder": "devices", "service": "web"},
    "annotations": {"summary": "Memory above 90%", "runbook_url": "https://runbooks.example.com/1"},
    "startsAt": "2026-05-04T05:02:00+02:00",
    "endsAt": "0001-01-01T00:00:00Z",
    "generatorURL": "https://grafana.example.com/alerting/1/view",
    "fingerprint": "c6eadffa33fcdf37",
    "silenceURL": "https://grafana.example.com/alerting/silence/new",
    "dashboardURL": "",
    "panelURL": "",
    "values": {"B": 93.5, "C": 1},
}
DASHBOARD: dict[str, Any] = {
    "dashboardId": 1,
    "evalMatches": [{"value": 93.5, "metric": "memory", "tags": {}}],
    "message": "Memory is short",
    "orgId": 1,
    "panelId": 2,
    "ruleId": 7,
    "ruleName": "Memory",
    "ruleUrl": "https://grafana.example.com/d/1?panelId=2",
    "state": "alerting",
    "tags": {"severity": "warning", "service": "web"},
    "title": "[Alerting] Memory",
}


def grouped(*alerts: Any, **more: Any) -> dict[str, Any]:
    whole = {
        "receiver": "commandpost",
        "status": "firing",
        "orgId": 1,
        "alerts": list(alerts),
        "groupLabels": {"alertname": "High memory usage"},
        "commonLabels": {},
        "commonAnnotations": {},
        "externalURL": "https://grafana.example.com/",
        "version": "1",
        "groupKey": '{}:{alertname="High memory usage"}',
        "truncatedAlerts": 0,
        "title": "[FIRING:1] High memory usage",
        "state": "alerting",
        "message": "**Firing**",
    }
    return {**whole, **more}


def translated(body: Any) -> Reading:
    (outcome,) = translate(msgspec.json.encode(body), "gf", Opens.TRIAGE)
    return outcome


def report(body: Any) -> Report:
    outcome = translated(body)
    assert isinstance(outcome, Report), outcome
    return outcome


def test_an_alert_says_its_values_and_where_to_look():
    alert = report(grouped(FIRING)).alert
    assert (alert.product, alert.source, alert.opens) == ("grafana", "gf", Opens.TRIAGE)
    assert (alert.alert_id, alert.kind) == ("c6eadffa33fcdf37", AlertKind.TRIGGERED)
    assert alert.title == "High memory usage: Memory above 90%"
    assert alert.text == "Values: B = 93.5, C = 1"
    assert alert.url == "https://grafana.example.com/alerting/1/view"


def test_a_value_that_is_none_is_no_word_of_a_program():
    values = {"values": {"A": None, "B": 1}}
    assert report(grouped(FIRING | values)).alert.text == "Values: A = no value, B = 1"


@pytest.mark.parametrize(
    ("left_out", "said"),
    [(37, ("37 more alerts",)), ("1200", ("1,200 more",)), (0, ()), (None, ()), ("9" * 5_000, ())],
)
def test_alerts_that_the_sender_left_out_are_named(left_out: object, said: tuple[str, ...]):
    flaws = report(grouped(FIRING, truncatedAlerts=left_out)).alert.flaws
    assert len(flaws) == len(said)
    assert all(words in flaw for words, flaw in zip(said, flaws, strict=True))


def test_older_versions_say_the_values_in_a_text():
    old = {key: value for key, value in FIRING.items() if key != "values"}
    alert = report(grouped({**old, "valueString": "[ metric='m' value=10 ]"})).alert
    assert alert.text == "Values: [ metric='m' value=10 ]"


@pytest.mark.parametrize("field", ["dashboardURL", "panelURL"])
def test_a_panel_or_dashboard_is_the_better_place_to_look(field: str):
    url = "https://grafana.example.com/d/1"
    assert report(grouped({**FIRING, field: url})).alert.url == url


def test_the_status_of_an_alert_goes_before_the_state_of_its_body():
    told = report(grouped({**FIRING, "status": "resolved"}, status="resolved", state="alerting"))
    assert told.alert.kind is AlertKind.RESOLVED


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("alerting", AlertKind.TRIGGERED),
        ("no_data", AlertKind.TRIGGERED),
        ("ok", AlertKind.RESOLVED),
    ],
)
def test_a_dashboard_alert_is_understood_by_its_state(state: str, kind: AlertKind):
    told = report({**DASHBOARD, "state": state})
    alert = told.alert
    assert (alert.alert_id, alert.kind, told.occurred_at) == ("1/7", kind, None)
    assert (alert.title, alert.service, alert.priority) == ("Memory", "web", "warning")
    assert alert.text == SAID[state]
    assert alert.url == "https://grafana.example.com/d/1?panelId=2"


SAID = {
    "alerting": "Memory is short\nmemory = 93.5",
    "no_data": "No data\nMemory is short\nmemory = 93.5",
    "ok": None,
}


def test_a_dashboard_alert_with_other_values_is_another_report():
    again = {**DASHBOARD, "evalMatches": []}
    assert report(DASHBOARD).alert.event_id == report(dict(DASHBOARD)).alert.event_id
    assert report(again).alert.event_id != report(DASHBOARD).alert.event_id


@pytest.mark.parametrize("state", ["pending", "paused"])
def test_a_dashboard_alert_that_waits_concerns_no_incident(state: str):
    assert isinstance(translated({**DASHBOARD, "state": state}), Unwanted)


@pytest.mark.parametrize("field", ["message", "tags", "evalMatches", "ruleUrl", "orgId", "title"])
@pytest.mark.parametrize("value", [None, "", 7, [], {}])
def test_a_decoration_of_a_dashboard_alert_may_be_anything(field: str, value: Any):
    assert isinstance(report({**DASHBOARD, field: value}), Report)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "body.wrong_shape"),
        ({**DASHBOARD, "state": "glowing"}, "event_type.unknown"),
        ({**DASHBOARD, "state": None}, "event_type.unknown"),
        ({"state": "alerting", "ruleName": ""}, "alert_id.missing"),
        (grouped({**FIRING, "status": "glowing"}), "event_type.unknown"),
    ],
)
def test_what_is_not_understood_says_why(body: Any, code: str):
    outcome = translated(body)
    assert isinstance(outcome, Unintelligible), outcome
    assert outcome.code == code
