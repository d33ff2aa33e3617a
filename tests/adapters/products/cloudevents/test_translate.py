"""Signals as CloudEvents: the envelope in each mode, and data of our own shape."""

import base64
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from adapters.products.cloudevents.answer import Taken, answer
from adapters.products.cloudevents.envelope import to_structured
from adapters.products.cloudevents.translate import translate
from domain.incident.alerts.alert import AlertKind, Opens
from domain.incident.alerts.stated import severity_of
from domain.policy import DEFAULT, Severity
from handlers.ingest.reports import Reading, Report, Unintelligible, Unwanted

AT = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)
DATA: dict[str, Any] = {
    "action": "trigger",
    "dedup_key": "checkout/latency",
    "summary": "Checkout is slow",
    "severity": "critical",
    "service": "checkout",
    "details": "p99 is 4 s",
    "group": "payments",
    "labels": {"region": "eu"},
    "by": "slo-watch",
    "url": "https://dashboards.example.com/checkout",
}
EVENT: dict[str, Any] = {
    "specversion": "1.0",
    "id": "e-1",
    "source": "/services/checkout",
    "type": "com.example.checkout.alert",
    "time": "2026-05-04T05:02:01+02:00",
    "datacontenttype": "application/json",
    "data": DATA,
}


def without(members: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in members.items() if name not in names}


def outcomes(event: Any) -> tuple[Reading, ...]:
    return translate(msgspec.json.encode(event), "shop", Opens.INCIDENT)


def report(event: Any) -> Report:
    (outcome,) = outcomes(event)
    assert isinstance(outcome, Report), outcome
    return outcome


def test_an_event_says_everything_that_an_alert_can():
    told = report(EVENT)
    assert (told.occurred_at, told.group, told.labels) == (
        AT,
        "payments",
        {"severity": "critical", "region": "eu"},
    )
    alert = told.alert
    assert (alert.product, alert.source, alert.alert_id) == (
        "cloudevents",
        "shop",
        "checkout/latency",
    )
    assert (alert.kind, alert.title, alert.text) == (
        AlertKind.TRIGGERED,
        "Checkout is slow",
        "p99 is 4 s",
    )
    assert (alert.service, alert.priority, alert.by) == ("checkout", "critical", "slo-watch")
    assert alert.url == "https://dashboards.example.com/checkout"


TEXT = "Checkout is slow\r\n\r\np99 is 4 s"


@pytest.mark.parametrize(
    "carried",
    [
        {"data": TEXT},
        {"data": TEXT, "datacontenttype": "text/plain; charset=utf-8"},
        {"data_base64": base64.b64encode(TEXT.encode()).decode(), "datacontenttype": "Text/Plain"},
    ],
)
def test_data_that_are_a_text_are_what_is_the_matter(carried: dict[str, Any]):
    event = without(EVENT, "data", "type") | {"type": "com.example.alert.trigger"} | carried
    alert = report(event).alert
    assert (alert.kind, alert.title, alert.alert_id) == (
        AlertKind.TRIGGERED,
        "Checkout is slow",
        "/services/checkout",
    )
    assert alert.text == "Checkout is slow\n\np99 is 4 s"
    assert alert.flaws == ("`data` is a text, and no object with fields",)


@pytest.mark.parametrize("more", [{}, {"datacontenttype": "text/plain"}])
def test_data_that_are_json_in_a_text_are_read_as_that(more: dict[str, Any]):
    said = msgspec.json.encode(EVENT["data"]).decode()
    alert = report(EVENT | {"data": said} | more).alert
    plain = report(EVENT).alert
    assert (alert.alert_id, alert.title, alert.text) == (plain.alert_id, plain.title, plain.text)
    assert alert.flaws == ("`data` is JSON in a text of JSON",)


def test_numbers_in_the_envelope_are_the_texts_that_they_are():
    alert = report(EVENT | {"specversion": 1.0, "id": 7}).alert
    assert alert.event_id == report(EVENT | {"id": "7"}).alert.event_id
    assert len(alert.flaws) == 2


def test_a_text_in_one_line_is_told_once():
    event = without(EVENT, "type") | {"type": "alert.firing", "data": " Checkout is slow "}
    alert = report(event).alert
    assert (alert.title, alert.text) == ("Checkout is slow", None)


def test_a_text_of_which_nobody_says_what_happened_waits():
    (outcome,) = outcomes({**EVENT, "data": "Checkout is slow"})
    assert isinstance(outcome, Unintelligible)
    assert outcome.code == "event_type.unknown"


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("trigger", AlertKind.TRIGGERED),
        ("firing", AlertKind.TRIGGERED),
        ("acknowledged", AlertKind.ACKNOWLEDGED),
        ("Resolved", AlertKind.RESOLVED),
    ],
)
def test_the_type_says_what_happened_where_the_data_do_not(word: str, kind: AlertKind):
    event = {**EVENT, "type": f"com.example.alert.{word}", "data": without(DATA, "action")}
    assert report(event).alert.kind is kind


def test_the_subject_and_then_the_source_tell_alerts_apart_without_a_key():
    keyless = {**EVENT, "data": without(DATA, "dedup_key")}
    assert report({**keyless, "subject": "latency"}).alert.alert_id == "latency"
    assert report(keyless).alert.alert_id == "/services/checkout"


def test_source_and_id_name_an_event_whatever_it_says():
    first = report(EVENT).alert.event_id
    assert report({**EVENT, "data": {**DATA, "summary": "other"}}).alert.event_id == first
    assert report({**EVENT, "id": "e-2"}).alert.event_id != first
    assert report({**EVENT, "source": "/services/cart"}).alert.event_id != first


def test_an_event_may_do_without_data():
    event = {**without(EVENT, "data"), "type": "a.resolve", "subject": "latency"}
    assert report(event).alert.kind is AlertKind.RESOLVED


def test_data_in_base64_are_data():
    packed = base64.b64encode(msgspec.json.encode(DATA)).decode()
    assert report({**without(EVENT, "data"), "data_base64": packed}) == report(EVENT)


def test_extension_attributes_are_passed_over():
    assert report({**EVENT, "traceparent": "00-ab-cd-01"}) == report(EVENT)


@pytest.mark.parametrize(
    ("impact", "severity", "expected"),
    [
        ({"percent_affected": 40}, None, Severity.SEV2),
        ({"percent_affected": 40}, "info", Severity.SEV4),
        ({"data_integrity_concern": True}, "info", Severity.SEV1),
        ({}, None, Severity.SEV2),
        (None, None, None),
    ],
)
def test_an_impact_stands_for_a_severity_by_the_matrix(
    impact: Any, severity: str | None, expected: Severity | None
):
    event = {**EVENT, "data": {**DATA, "severity": severity, "impact": impact}}
    assert severity_of(report(event).alert, DEFAULT) is expected


def test_binary_mode_says_the_same_as_structured_mode():
    headers = {
        f"ce-{name}": str(value)
        for name, value in without(EVENT, "data", "datacontenttype").items()
    }
    body = to_structured(
        {**headers, "content-type": "application/json", "user-agent": "x"},
        msgspec.json.encode(DATA),
    )
    assert translate(body, "shop", Opens.INCIDENT) == outcomes(EVENT)


def test_binary_attributes_are_percent_encoded():
    body = to_structured({"ce-subject": "Euro%20%E2%82%AC", "ce-id": "1"}, b"")
    assert msgspec.json.decode(body) == {"subject": "Euro €", "id": "1"}


def test_structured_mode_goes_before_headers_that_look_binary():
    body = msgspec.json.encode(EVENT)
    content_type = "Application/CloudEvents+json; charset=utf-8"
    assert to_structured({"content-type": content_type, "ce-id": "x"}, body) == body


def test_a_batch_gives_an_outcome_for_each_event_and_names_what_is_wrong():
    told = outcomes([EVENT, without(EVENT, "id"), {**EVENT, "id": "e-2"}])
    assert [type(each) for each in told] == [Report, Unintelligible, Report]
    assert told[1] == Unintelligible("field.missing", "event 2 of 3: id is required")


def test_an_empty_batch_concerns_no_incident():
    assert outcomes([]) == (Unwanted("a batch without events"),)


@pytest.mark.parametrize(
    ("event", "code", "said"),
    [
        (without(EVENT, "source"), "field.missing", "source is required"),
        ({**EVENT, "id": ""}, "field.invalid", "id: Expected `str` of length >= 1"),
        ({**EVENT, "specversion": "0.3"}, "field.unknown_value", "0.3"),
        ({**EVENT, "data": [1]}, "field.invalid", "Expected `object`"),
        ({**EVENT, "data": {**DATA, "action": "shout"}}, "field.unknown_value", "shout"),
        ({**EVENT, "data": without(DATA, "action")}, "event_type.unknown", "what happened"),
        ({**without(EVENT, "data"), "data_base64": "?"}, "field.invalid", "not base64"),
        ("text", "field.invalid", "Expected `object`"),
    ],
)
def test_without_what_it_is_an_event_is_not_understood(event: Any, code: str, said: str):
    (outcome,) = outcomes(event)
    assert isinstance(outcome, Unintelligible), outcome
    assert outcome.code == code
    assert said in outcome.reason


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ({**EVENT, "time": "2026-05-04T05:01:60Z"}, "`time` has a second 60"),
        ({**EVENT, "time": "soon"}, "`time` is no time: soon"),
        ({**EVENT, "time": 1777864021}, "`time` is 1777864021, read as 2026-05-04T03:07:01"),
        ({**EVENT, "subject": 7}, "subject"),
        ({**EVENT, "data": {**DATA, "severety": "x"}}, "there is no field severety (left out)"),
        (
            {**EVENT, "data": {**DATA, "severity": ["x"]}},
            "severity: Expected `str | null`, got `array` (left out)",
        ),
        ({**EVENT, "data": {**DATA, "url": "javascript:1"}}, "url: "),
        ({**EVENT, "data": {**DATA, "summary": "s" * 301}}, "`summary` is longer than 300"),
        ({**EVENT, "data": {**DATA, "impact": {"percent_affected": "all"}}}, "impact"),
        ({**EVENT, "data": {**DATA, "labels": {"a": {"b": 1}, "c": 2}}}, "labels"),
    ],
)
def test_what_does_not_fit_costs_itself_alone_and_is_named(event: Any, said: str):
    found = report(event)
    assert found.alert.alert_id == report(EVENT).alert.alert_id
    assert any(said in flaw for flaw in found.alert.flaws), found.alert.flaws


def test_headers_are_freed_of_quotes_then_decoded():
    headers = {
        "ce-specversion": '"1.0"',
        "ce-id": "a%20b",
        "ce-source": '"/a \\"b\\" \\\\ %E2%82%AC"',
        "ce-type": '"x.firing',
        "content-type": "application/json",
    }
    found = msgspec.json.decode(to_structured(headers, b"{}"))
    assert (found["specversion"], found["id"]) == ("1.0", "a b")
    assert (found["source"], found["type"]) == ('/a "b" \\ €', '"x.firing')


def test_an_event_with_data_twice_is_refused():
    both = {**EVENT, "data_base64": base64.b64encode(b"{}").decode()}
    (found,) = outcomes(both)
    assert isinstance(found, Unintelligible)
    assert (found.code, found.reason) == (
        "field.invalid",
        "data and data_base64: an event has one of them",
    )


def test_an_empty_batch_accepts_nothing():
    assert answer(outcomes([]), 7).content == Taken(7, 0)
    assert answer(outcomes([EVENT]), 7).content.accepted == 1
