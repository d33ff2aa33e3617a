"""What the status page of a provider tells, as alerts."""

import json
from typing import Any

import pytest

from adapters.products.statuspage.translate import translate
from domain.incident.alerts.alert import AlertKind, Opens
from handlers.ingest.reports import Report, Unintelligible, Unwanted


def incident(status: str = "investigating", updates: int = 1, **more: Any) -> dict[str, Any]:
    said = [
        {
            "id": f"u{number}",
            "status": status,
            "body": f"Words {number}",
            "created_at": f"2026-05-04T12:0{number}:00.000Z",
            "display_at": f"2026-05-04T12:0{number}:00.000Z",
        }
        for number in range(1, updates + 1)
    ]
    return {
        "id": "i1",
        "name": "Queries are slow",
        "status": status,
        "impact": "major",
        "created_at": "2026-05-04T12:00:59.000Z",
        "updated_at": "2026-05-04T12:09:00.000Z",
        "shortlink": "https://stspg.example.com/i1",
        "incident_updates": said[::-1],  # newest first
        "components": [{"name": "Database"}],
        **more,
    }


def component(status: str, **more: Any) -> dict[str, Any]:
    return {
        "component": {"id": "c1", "name": "Database", "status": status},
        "component_update": {
            "id": "x1",
            "component_id": "c1",
            "new_status": status,
            "created_at": "2026-05-04T12:00:00Z",
            **more,
        },
    }


def outcome(body: Any) -> Any:
    [found] = translate(json.dumps(body).encode(), "db-provider", Opens.TRIAGE)
    return found


def report(body: Any) -> Report:
    found = outcome(body)
    assert isinstance(found, Report), found
    return found


def test_the_first_update_of_an_incident_is_a_page():
    found = report({"incident": incident()})
    alert = found.alert
    assert (alert.product, alert.source, alert.alert_id, alert.event_id) == (
        "statuspage",
        "db-provider",
        "i1",
        "u1",
    )
    assert (alert.kind, alert.opens, alert.priority) == (
        AlertKind.TRIGGERED,
        Opens.TRIAGE,
        "major",
    )
    assert (alert.title, alert.service, alert.text) == ("Queries are slow", "Database", "Words 1")
    assert found.occurred_at == alert.began_at
    assert str(alert.began_at) == "2026-05-04 12:00:59+00:00"


def test_further_updates_are_told_by_the_latest_of_them():
    found = report({"incident": incident("identified", updates=3)})
    assert (found.alert.kind, found.alert.event_id, found.alert.text) == (
        AlertKind.UPDATED,
        "u3",
        "Words 3",
    )
    assert str(found.occurred_at) == "2026-05-04 12:03:00+00:00"


def test_a_resolved_incident_is_over():
    assert report({"incident": incident("resolved", updates=2)}).alert.kind is AlertKind.RESOLVED


@pytest.mark.parametrize("status", ["scheduled", "in_progress", "verifying", "completed"])
def test_a_maintenance_concerns_nobody(status: str):
    assert isinstance(outcome({"incident": incident(status)}), Unwanted)
    assert isinstance(outcome(component("under_maintenance")), Unwanted)


@pytest.mark.parametrize(
    ("status", "priority"),
    [("degraded_performance", "minor"), ("partial_outage", "major"), ("major_outage", "critical")],
)
def test_a_component_that_degrades_is_an_alert_that_comes_again(status: str, priority: str):
    found = report(component(status))
    assert (found.alert.kind, found.alert.priority, found.recurs) == (
        AlertKind.TRIGGERED,
        priority,
        True,
    )
    assert found.alert.title == f"Database: {status.replace('_', ' ')}"
    assert report(component("operational")).alert.kind is AlertKind.RESOLVED


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "body.wrong_shape"),
        ({"incident": incident("on fire")}, "event_type.unknown"),
        ({"incident": incident(id=None)}, "alert_id.missing"),
        (component("exploded"), "event_type.unknown"),
        ({"component": {"status": "operational"}}, "alert_id.missing"),
        ([], "body.wrong_shape"),
    ],
)
def test_what_is_not_understood_says_why(body: Any, code: str):
    found = outcome(body)
    assert isinstance(found, Unintelligible)
    assert found.code == code
