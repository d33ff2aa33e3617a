"""Change events in the shape of PagerDuty's Events API v2."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from adapters.products.events_v2.answer import answer
from adapters.products.events_v2.change_events import with_form
from adapters.products.events_v2.translate import translate
from domain.incident.alerts.alert import Link, Opens
from handlers.ingest.receive import FORM
from handlers.ingest.reports import ChangeReport, Reading, Report, Unintelligible

AT_ITS_ADDRESS = {FORM: "change"}
EVENT: dict[str, Any] = {
    "routing_key": "a-public-test-routing-key",
    "payload": {
        "summary": "Build Success: Increase snapshot create timeout to 30 seconds",
        "timestamp": "2026-07-17T08:42:58.315+0000",
        "source": "acme-build-pipeline-tool-default-i-9999",
        "custom_details": {"build_state": "passed", "service": "checkout", "deployed_by": "Ada"},
    },
    "links": [{"href": "https://ci.example.com/build/2", "text": "View more details"}],
}


def read(body: bytes, headers: dict[str, str] = AT_ITS_ADDRESS) -> Reading:
    (found,) = translate(with_form(headers, body), "ci", Opens.INCIDENT)
    return found


def raw(**changes: Any) -> bytes:
    return msgspec.json.encode({**EVENT, "payload": {**EVENT["payload"], **changes}})


def change(body: bytes) -> ChangeReport:
    found = read(body)
    assert isinstance(found, ChangeReport), found
    return found


def test_a_change_says_what_where_when_and_by_whom():
    told = change(raw())
    said = told.change
    assert told.made_at == datetime(2026, 7, 17, 8, 42, 58, 315000, tzinfo=UTC)
    assert said.summary == EVENT["payload"]["summary"]
    assert (said.service, said.by) == ("checkout", "Ada")
    assert said.origin == "acme-build-pipeline-tool-default-i-9999"
    assert said.links == (Link("View more details", "https://ci.example.com/build/2"),)
    assert said.text == "build_state: passed\nservice: checkout\ndeployed_by: Ada"
    assert not said.flaws


def test_the_key_is_no_part_of_what_a_change_is():
    other = msgspec.json.encode({**EVENT, "routing_key": "…"})
    assert change(other).change.id == change(raw()).change.id
    assert change(raw(summary="Another")).change.id != change(raw()).change.id


def test_at_its_address_an_action_means_nothing():
    """PagerDuty has none there; an alert by mistake would wake somebody."""
    body = msgspec.json.encode({**EVENT, "event_action": "trigger"})
    assert isinstance(read(body), ChangeReport)


def test_elsewhere_a_body_has_to_say_that_it_is_one():
    event = msgspec.json.encode({**EVENT, "event_action": "change"})
    assert isinstance(read(event, {}), ChangeReport)
    nothing = read(raw(), {})
    assert isinstance(nothing, Unintelligible)
    assert nothing.code == "event_type.missing"
    trigger = msgspec.json.encode({**EVENT, "event_action": "trigger"})
    assert isinstance(read(trigger, {FORM: ""}), Report)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{}", "field.missing"),
        (b" { } ", "field.missing"),
        (b'{"payload": {"summary": " "}}', "field.missing"),
        (b'{"payload": "deployed"}', "field.missing"),
        (b"[]", "body.wrong_shape"),
        (b"deployed", "body.not_json"),
        (b"", "body.not_json"),
    ],
)
def test_what_says_nothing_is_kept_and_named(body: bytes, code: str):
    found = read(body)
    assert isinstance(found, Unintelligible)
    assert found.code == code
    assert answer((found,), 1).status == 400


@pytest.mark.parametrize(
    "damage",
    [
        lambda body: b"\xef\xbb\xbf" + body,
        lambda body: body.decode().encode("utf-16"),
        lambda body: body.replace(b"Increase", b"Incr\xe9ase"),
    ],
    ids=["a BOM", "UTF-16", "a byte of Latin-1"],
)
def test_a_flaw_costs_no_change(damage: Any):
    assert change(damage(raw())).change.service == "checkout"


def test_a_time_that_is_none_is_named():
    told = change(raw(timestamp="soon"))
    assert told.made_at is None
    assert told.change.flaws == ("`payload.timestamp` is no time: soon",)


def test_the_sender_hears_what_pagerduty_would_say():
    reply = answer((read(raw()),), 7)
    assert reply.status == 202
    assert msgspec.to_builtins(reply.content) == {
        "status": "success",
        "message": "Change event processed",
    }
