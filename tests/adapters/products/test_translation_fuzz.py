"""Whatever is delivered, translating gives one of the declared outcomes and never raises."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.products.cloudevents.envelope import to_structured
from adapters.products.events_v2.answer import answer
from adapters.products.events_v2.routing_key import without_key
from adapters.products.registry import PRODUCTS
from domain.incident.alerts.alert import Alert, Opens
from handlers.ingest.reports import Report, Unintelligible, Unwanted

KINDS = PRODUCTS.source_kinds

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4)
    ),
    max_leaves=12,
)
FIELDS = st.sampled_from(
    [
        "id",
        "type",
        "summary",
        "incident",
        "content",
        "message",
        "trimmed",
        "user",
        "state",
        "title",
        "service",
        "priority",
        "urgency",
        "assignees",
        "resolve_reason",
        "incident_role_assignments",
        "custom_fields",
        "changed_custom_fields",
        "conference_numbers",
        "conference_url",
        "incident_workflow",
        "incident_type",
        "html_url",
        "alertId",
        "updatedAt",
        "createdAt",
        "note",
        "owner",
        "tags",
        "addedTags",
        "recipient",
        "responders",
        "username",
        "entity",
    ]
)
DATA = st.dictionaries(FIELDS, JSON, max_size=8)
PAGERDUTY = st.fixed_dictionaries(
    {
        "event_type": st.sampled_from(
            [
                "incident.triggered",
                "incident.annotated",
                "incident.resolved",
                "incident.role.assigned",
                "incident.responder.added",
                "incident.custom_field_values.updated",
                "incident.escalated",
                "incident.workflow.started",
                "incident.conference_bridge.updated",
                "pagey.ping",
            ]
        )
        | JSON
    },
    optional={"id": JSON, "data": DATA | JSON, "occurred_at": JSON, "agent": JSON},
).map(lambda event: {"event": event})
OPSGENIE = st.fixed_dictionaries(
    {
        "action": st.sampled_from(
            ["Create", "AddTags", "Escalate", "UpdatePriority", "Snooze", "AddResponder", "Close"]
        )
        | JSON
    },
    optional={"alert": DATA | JSON, "source": JSON, "escalationNotify": JSON},
)
TIMES = st.sampled_from(
    [
        "2026-05-04T03:02:01.123456789Z",
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "yesterday",
        "",
    ]
)
LABELS = st.dictionaries(
    st.sampled_from(["alertname", "severity", "service", "instance", "summary", "description"])
    | st.text(max_size=5),
    JSON,
    max_size=5,
)
ALERTS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "status": st.sampled_from(["firing", "resolved", "Resolved"]) | JSON,
            "labels": LABELS | JSON,
            "annotations": LABELS | JSON,
            "startsAt": TIMES | JSON,
            "endsAt": TIMES | JSON,
            "fingerprint": JSON,
            "values": JSON,
            "valueString": JSON,
            "generatorURL": JSON,
        },
    )
    | JSON,
    max_size=3,
)
GROUPS = st.fixed_dictionaries(
    {},
    optional={
        "alerts": ALERTS | JSON,
        "status": st.sampled_from(["firing", "resolved"]) | JSON,
        "groupKey": JSON,
        "groupLabels": LABELS | JSON,
        "commonLabels": LABELS | JSON,
        "commonAnnotations": LABELS | JSON,
        "state": st.sampled_from(["alerting", "ok", "no_data", "paused"]) | JSON,
        "ruleId": JSON,
        "ruleName": JSON,
        "orgId": JSON,
        "tags": LABELS | JSON,
        "evalMatches": JSON,
        "title": JSON,
    },
)
EVENTS = st.fixed_dictionaries(
    {},
    optional={
        "specversion": st.just("1.0") | JSON,
        "id": st.text(min_size=1, max_size=9) | JSON,
        "source": st.just("/checkout") | JSON,
        "type": st.sampled_from(["a.trigger", "a.resolve"]) | JSON,
        "time": TIMES | JSON,
        "subject": JSON,
        "data": st.fixed_dictionaries(
            {},
            optional={
                "action": st.sampled_from(["trigger", "resolve"]) | JSON,
                "dedup_key": st.text(max_size=9) | JSON,
                "summary": st.text(max_size=9) | JSON,
                "began_at": TIMES | JSON,
                "impact": JSON,
                "labels": LABELS | JSON,
            },
        )
        | JSON,
        "data_base64": st.text(max_size=9) | JSON,
        "event_action": st.sampled_from(["trigger", "acknowledge", "resolve"]) | JSON,
        "routing_key": JSON,
        "dedup_key": JSON,
        "client_url": JSON,
        "payload": st.dictionaries(
            st.sampled_from(["summary", "source", "severity", "timestamp", "custom_details"]),
            TIMES | JSON,
            max_size=5,
        )
        | JSON,
        "links": JSON,
    },
)
BODIES = (
    st.binary(max_size=200)
    | JSON.map(msgspec.json.encode)
    | (PAGERDUTY | OPSGENIE | GROUPS | EVENTS | st.lists(EVENTS, max_size=3)).map(
        msgspec.json.encode
    )
)


@pytest.mark.parametrize("product", sorted(KINDS))
@given(raw=BODIES)
def test_any_body_has_a_declared_outcome(product: str, raw: bytes):
    outcomes = KINDS[product].translate(raw, "fuzz", Opens.INCIDENT)
    assert outcomes, "a body that says nothing is a body that is lost"
    for outcome in outcomes:
        match outcome:
            case Report(alert, occurred_at):
                written: Any = msgspec.json.encode(alert)
                assert msgspec.json.decode(written, type=Alert) == alert, "it can be stored"
                assert b"\\u0000" not in written, "PostgreSQL could not store it"
                assert len(written) < 128 * 1024
                assert occurred_at is None or occurred_at.tzinfo is not None
            case Unintelligible(code, reason):
                assert code
                assert reason
            case Unwanted(reason):
                assert reason


@pytest.mark.parametrize("product", sorted(KINDS))
@given(raw=BODIES)
def test_translating_is_a_function_of_the_body(product: str, raw: bytes):
    translate = KINDS[product].translate
    assert translate(raw, "fuzz", Opens.TRIAGE) == translate(raw, "fuzz", Opens.TRIAGE)


@given(
    headers=st.dictionaries(st.sampled_from(["ce-id", "ce-data", "content-type"]), st.text()),
    body=BODIES,
)
def test_any_headers_and_body_make_a_body(headers: dict[str, str], body: bytes):
    whole = to_structured(headers, body)
    assert KINDS["cloudevents"].translate(whole, "fuzz", Opens.INCIDENT)


@given(body=BODIES)
def test_an_event_without_its_key_says_the_same(body: bytes):
    translate = KINDS["events_v2"].translate
    kept = translate(without_key(body), "fuzz", Opens.INCIDENT)
    assert kept == translate(body, "fuzz", Opens.INCIDENT)
    answer(kept, 1)
