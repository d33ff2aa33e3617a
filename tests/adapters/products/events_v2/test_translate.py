"""Events in the shape of PagerDuty's Events API v2."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from adapters.products.events_v2.answer import answer
from adapters.products.events_v2.routing_key import shows_key, without_key
from adapters.products.events_v2.translate import given_key, translate
from domain.incident.alerts.alert import AlertKind, Opens
from handlers.ingest.reports import Report, Unintelligible

KEY = "a-public-test-routing-key"
EVENT: dict[str, Any] = {
    "routing_key": KEY,
    "event_action": "trigger",
    "dedup_key": "disk/db-7",
    "client": "Nagios",
    "client_url": "https://nagios.example.com",
    "payload": {
        "summary": "Disk 95% full",
        "source": "db-7",
        "severity": "critical",
        "timestamp": "2026-05-04T03:02:01.5Z",
        "component": "postgres",
        "group": "databases",
        "class": "disk",
        "custom_details": {"free": "5%", "path": "/var"},
    },
}


def raw(**changes: Any) -> bytes:
    return msgspec.json.encode({**EVENT, **changes})


def report(body: bytes) -> Report:
    (outcome,) = translate(body, "tools", Opens.INCIDENT)
    assert isinstance(outcome, Report), outcome
    return outcome


def test_an_event_says_everything_that_an_alert_can():
    told = report(raw())
    alert = told.alert
    assert told.occurred_at == datetime(2026, 5, 4, 3, 2, 1, 500000, tzinfo=UTC)
    assert (alert.alert_id, alert.kind) == ("disk/db-7", AlertKind.TRIGGERED)
    assert (alert.title, alert.service, alert.priority) == ("Disk 95% full", "postgres", "critical")
    assert (alert.text, alert.by) == ("free: 5%\npath: /var", "Nagios")
    assert alert.url == "https://nagios.example.com"
    assert (told.group, told.labels["class"]) == ("databases", "disk")


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("acknowledge", AlertKind.ACKNOWLEDGED),
        ("resolve", AlertKind.RESOLVED),
        (" Resolve", AlertKind.RESOLVED),
    ],
)
def test_other_actions_need_no_payload(action: str, kind: AlertKind):
    assert report(raw(event_action=action, payload=None)).alert.kind is kind


def heard(body: bytes) -> tuple[int, Any]:
    """Status and JSON of the answer to a body."""
    status, content, *_ = answer(translate(body, "tools", Opens.INCIDENT), 7)
    return status, msgspec.to_builtins(content)


def test_the_sender_hears_what_pagerduty_would_say():
    success = {"status": "success", "message": "Event processed", "dedup_key": "disk/db-7"}
    assert heard(raw()) == (202, success)
    status, said = heard(raw(event_action="shout"))
    assert (status, said["status"]) == (400, "invalid event")
    assert said["errors"] == ["event_action: 'shout' is not one of trigger, acknowledge, resolve"]


def test_what_has_no_key_is_known_by_what_it_says_and_gets_one_for_this_firing():
    keyless = report(raw(dedup_key=None))
    assert keyless.keyless
    _, said = heard(raw(dedup_key=None))
    assert given_key(said["dedup_key"]) == (keyless.alert.alert_id, 7)
    assert heard(raw(dedup_key=None, routing_key="another")) == (202, said)
    resolved = report(raw(event_action="resolve", dedup_key=said["dedup_key"]))
    assert resolved.given == (keyless.alert.alert_id, 7)
    assert report(raw(dedup_key="commandpost:else:7")).given is None


def test_the_routing_key_is_the_secret_and_is_not_kept():
    assert shows_key(raw(), ["other-secret", KEY])
    for stranger in (raw(routing_key="wrong"), raw(routing_key=None), b"{}", b"not JSON", b"[]"):
        assert not shows_key(stranger, [KEY])
    assert not shows_key(raw(), [])
    kept = without_key(raw())
    assert KEY.encode() not in kept
    assert report(kept) == report(raw())
    assert without_key(b"not JSON") == b"not JSON"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"event_action": None}, "event_type.missing"),
        ({"event_action": ["trigger"]}, "event_type.unknown"),
        ({"payload": {}, "dedup_key": ""}, "field.missing"),
        ({"event_action": "resolve", "dedup_key": ""}, "alert_id.missing"),
        ({"event_action": "resolve", "dedup_key": {}}, "alert_id.missing"),
    ],
)
def test_what_is_not_understood_says_why(changes: dict[str, Any], code: str):
    (outcome,) = translate(raw(**changes), "tools", Opens.INCIDENT)
    assert isinstance(outcome, Unintelligible), outcome
    assert outcome.code == code


@pytest.mark.parametrize("key", [["a"], {}, " ", "x" * 1_025, True])
def test_a_flawed_key_costs_itself_alone_and_one_is_given(key: Any):
    found = report(raw(dedup_key=key))
    assert (found.keyless, found.alert.title) == (True, "Disk 95% full")
    assert [flaw for flaw in found.alert.flaws if "`dedup_key`" in flaw] == list(found.alert.flaws)
    assert found.alert.flaws
    _, said = heard(raw(dedup_key=key))
    assert given_key(said["dedup_key"]) == (found.alert.alert_id, 7)
    assert tuple(said["flaws"]) == found.alert.flaws


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({"payload": {"source": "db-7"}, "dedup_key": None}, "Alert of db-7"),
        ({"payload": {"summary": " ", "source": "db-7"}}, "Alert of db-7"),
        ({"payload": {"summary": ["x"], "severity": "critical"}}, "Alert of disk/db-7"),
        ({"payload": "down"}, "Alert of disk/db-7"),
    ],
)
def test_without_a_summary_it_is_called_after_what_it_is_known_as(
    changes: dict[str, Any], title: str
):
    found = report(raw(**changes))
    assert found.alert.title == title
    assert any("summary" in flaw for flaw in found.alert.flaws)
