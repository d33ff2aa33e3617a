"""Alertmanager webhooks, from bodies written after the public description of version 4."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from adapters.products.alertmanager.translate import translate
from domain.incident.alerts.alert import AlertKind, Opens
from domain.incident.alerts.stated import severity_of
from domain.policy import DEFAULT, Severity
from handlers.ingest.reports import Reading, Report, Unintelligible

STARTED = datetime(2026, 5, 4, 3, 2, 1, 123456, tzinfo=UTC)
ENDED = datetime(2026, 5, 4, 3, 30, tzinfo=UTC)
LABELS = {"alertname": "HighErrorRate", "service": "checkout", "severity": "critical"}
FIRING: dict[str, Any] = {
    "status": "firing",
    "labels": LABELS,
    "annotations": {"summary": "Errors above 5%", "description": "5xx at 7.3%"},
    "startsAt": "2026-05-04T05:02:01.123456789+02:00",
    "endsAt": "0001-01-01T00:00:00Z",
    "generatorURL": "https://prometheus.example.com/graph?g0.expr=x",
    "fingerprint": "a1b2c3d4e5f60718",
}
RESOLVED = {**FIRING, "status": "resolved", "endsAt": "2026-05-04T03:30:00Z"}


def body(*alerts: Any, **more: Any) -> bytes:
    whole = {
        "version": "4",
        "groupKey": '{}:{alertname="HighErrorRate"}',
        "truncatedAlerts": 0,
        "status": "firing",
        "receiver": "commandpost",
        "groupLabels": {"alertname": "HighErrorRate"},
        "commonLabels": {"alertname": "HighErrorRate"},
        "commonAnnotations": {},
        "externalURL": "https://alertmanager.example.com",
        "alerts": list(alerts),
    }
    return msgspec.json.encode({**whole, **more})


def outcomes(raw: bytes) -> tuple[Reading, ...]:
    return translate(raw, "am", Opens.INCIDENT)


def report(*alerts: Any, **more: Any) -> Report:
    (outcome,) = outcomes(body(*alerts, **more))
    assert isinstance(outcome, Report), outcome
    return outcome


def without(alert: dict[str, Any], *fields: str) -> dict[str, Any]:
    return {key: value for key, value in alert.items() if key not in fields}


def test_a_firing_alert_says_everything_that_it_can():
    told = report(FIRING)
    assert told.occurred_at == told.alert.began_at == STARTED
    alert = told.alert
    assert (alert.product, alert.source, alert.alert_id) == (
        "alertmanager",
        "am",
        "a1b2c3d4e5f60718",
    )
    assert (alert.kind, alert.episode) == (AlertKind.TRIGGERED, STARTED.isoformat())
    assert (alert.title, alert.text) == ("HighErrorRate: Errors above 5%", "5xx at 7.3%")
    assert (alert.service, alert.priority) == ("checkout", "critical")
    assert alert.url == "https://prometheus.example.com/graph?g0.expr=x"
    assert (told.labels, told.group) == (LABELS, '{}:{alertname="HighErrorRate"}')


def test_a_resolved_alert_is_over_when_it_says_so():
    told = report(RESOLVED)
    assert (told.alert.kind, told.occurred_at) == (AlertKind.RESOLVED, ENDED)
    assert told.alert.episode == report(FIRING).alert.episode


def test_an_end_in_the_year_1_is_no_end_also_beside_resolved():
    told = report({**RESOLVED, "endsAt": "0001-01-01T00:00:00Z"})
    assert (told.alert.kind, told.occurred_at) == (AlertKind.RESOLVED, None)


def test_a_body_gives_a_report_for_each_of_its_alerts():
    many = [{**FIRING, "fingerprint": f"{number:016x}"} for number in range(300)]
    told = outcomes(body(*many))
    assert [each.alert.alert_id for each in told] == [alert["fingerprint"] for alert in many]


def test_an_alert_that_is_not_understood_costs_only_itself():
    good, other = FIRING, {**FIRING, "fingerprint": "ffff"}
    told = outcomes(body(good, {**FIRING, "status": "napping"}, 7, other))
    assert [type(each) for each in told] == [Report, Unintelligible, Unintelligible, Report]
    assert [(each.code, each.reason) for each in told if isinstance(each, Unintelligible)] == [
        ("event_type.unknown", "alert 2 of 4 (a1b2c3d4e5f60718): unknown status: 'napping'"),
        ("body.wrong_shape", "alert 3 of 4 is not an object"),
    ]


def test_a_repetition_has_the_same_event_id_and_a_change_another():
    first = report(FIRING).alert.event_id
    assert report(
        {**FIRING, "annotations": {}, "endsAt": "2026-05-04T09:00:00Z"}
    ).alert.event_id == (first)
    others = {
        report(RESOLVED).alert.event_id,
        report({**RESOLVED, "endsAt": "2026-05-04T04:00:00Z"}).alert.event_id,
        report({**FIRING, "startsAt": "2026-05-04T06:00:00Z"}).alert.event_id,
        report({**FIRING, "fingerprint": "0"}).alert.event_id,
    }
    assert len({first, *others}) == 5


def test_what_an_alert_leaves_out_is_that_of_its_group():
    told = report(
        {"fingerprint": "1"},
        status="resolved",
        commonLabels=LABELS,
        commonAnnotations={"summary": "Errors"},
    )
    assert (told.alert.kind, told.alert.service) == (AlertKind.RESOLVED, "checkout")
    assert told.alert.title == "HighErrorRate: Errors"
    assert told.alert.url == "https://alertmanager.example.com"


def test_without_a_fingerprint_the_labels_tell_alerts_apart():
    """As versions before 0.20 send them."""
    old = without(FIRING, "fingerprint")
    assert report(old).alert.alert_id == report({**old, "status": "resolved"}).alert.alert_id
    moved = {**old, "labels": {**LABELS, "instance": "b"}}
    assert report(moved).alert.alert_id != report(old).alert.alert_id


def test_without_times_an_alert_is_still_a_report():
    told = report(without(FIRING, "startsAt", "endsAt"))
    assert (told.occurred_at, told.alert.began_at, told.alert.episode) == (None, None, None)


def test_a_group_without_alerts_stands_for_them():
    told = report(commonLabels=LABELS, status="resolved")
    assert (told.alert.kind, told.alert.title) == (AlertKind.RESOLVED, "HighErrorRate")


@pytest.mark.parametrize(
    ("annotations", "labels", "title"),
    [
        ({}, {"alertname": "Up"}, "Up"),
        ({}, {"alertname": "Up", "instance": "db-7"}, "Up on db-7"),
        ({"summary": "Up is down"}, {"alertname": "Up"}, "Up is down"),
        ({"message": "It is\ndown"}, {}, "It is down"),
        ({"description": "down"}, {"job": "x"}, "down"),
    ],
)
def test_a_title_is_what_its_author_wrote_else_its_name(
    annotations: dict[str, str], labels: dict[str, str], title: str
):
    alert = {**FIRING, "labels": labels, "annotations": annotations}
    assert report(alert, commonLabels={}).alert.title == title


@pytest.mark.parametrize(
    ("label", "severity"),
    [
        ({"severity": "critical"}, Severity.SEV1),
        ({"severity": "Warning"}, Severity.SEV3),
        ({"severity": "page"}, Severity.SEV2),
        ({"severity": "info"}, Severity.SEV4),
        ({"severity": "P1"}, Severity.SEV1),
        ({"severity": "sev-2: major"}, Severity.SEV2),
        ({"priority": "P3"}, Severity.SEV3),
        ({"severity": "purple"}, Severity.SEV2),
        ({}, None),
    ],
)
def test_the_severity_is_what_the_policy_says_of_the_label(
    label: dict[str, str], severity: Severity | None
):
    alert = report({**FIRING, "labels": {"alertname": "Up", **label}}).alert
    assert severity_of(alert, DEFAULT) is severity


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"not JSON", "body.not_json"),
        (b"[]", "body.wrong_shape"),
        (b"{}", "body.wrong_shape"),
        (b'{"alerts": []}', "body.wrong_shape"),
        (b'{"alerts": {}}', "body.wrong_shape"),
        (b'{"alerts": [{"status": "firing"}]}', "alert_id.missing"),
        (body({"labels": LABELS}, status=None), "event_type.missing"),
        (body({**FIRING, "fingerprint": "x" * 1_025}), "alert_id.unusable"),
    ],
)
def test_what_is_not_understood_says_why(raw: bytes, code: str):
    (outcome,) = outcomes(raw)
    assert isinstance(outcome, Unintelligible), outcome
    assert outcome.code == code
