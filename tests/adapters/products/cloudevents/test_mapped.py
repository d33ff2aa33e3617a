"""Events of others, whose data are read by expressions."""

import base64
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from adapters.products.kit.settings import MappedSource, SettingFault
from adapters.products.registry import PRODUCTS
from domain.incident.alerts.alert import AlertKind, Opens
from handlers.ingest.reports import Reading, Report, Unintelligible, Unwanted

CLOUDEVENTS = PRODUCTS.source_kinds["cloudevents"]
EVENT: dict[str, Any] = {
    "specversion": "1.0",
    "id": "e-1",
    "source": "/argo",
    "type": "org.argoproj.app-degraded",
    "subject": "apps/cart",
    "time": "2026-02-03T04:05:06Z",
    "data": {"app": {"name": "cart", "health": "Degraded"}, "level": "high"},
}


def read(event: Any, **fields: Any) -> tuple[Reading, ...]:
    settings = msgspec.convert({"kind": "cloudevents", **fields}, MappedSource)
    body = msgspec.json.encode(event)
    found: tuple[Reading, ...] = CLOUDEVENTS.for_source(settings).translate(
        body, "argo", Opens.INCIDENT
    )
    return found


def test_expressions_are_asked_of_the_data_beside_the_envelope():
    (found,) = read(
        EVENT,
        key="app.name",
        state="app.health",
        title="join(' is ', [data.app.name, app.health])",
        severity="level",
        service="event.source",
        states={"degraded": "firing", "healthy": "resolved"},
    )
    assert isinstance(found, Report)
    alert = found.alert
    assert (alert.product, alert.alert_id, alert.kind) == (
        "cloudevents",
        "cart",
        AlertKind.TRIGGERED,
    )
    assert (alert.title, alert.priority, alert.service) == ("cart is Degraded", "high", "/argo")
    assert found.occurred_at == datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)


def test_data_that_are_json_in_a_text_have_their_members():
    inner = msgspec.json.encode(EVENT["data"]).decode()
    (found,) = read(EVENT | {"data": inner}, key="app.name", title="data.app.health")
    assert isinstance(found, Report)
    assert (found.alert.alert_id, found.alert.title) == ("cart", "Degraded")


def test_what_is_not_said_is_taken_from_the_envelope():
    (found,) = read(EVENT, state="contains(event.type, 'degraded')")
    assert isinstance(found, Report)
    assert (found.alert.alert_id, found.alert.title) == ("apps/cart", "org.argoproj.app-degraded")


def test_a_batch_and_what_is_wrong_in_it():
    healthy = {**EVENT, "id": "e-2", "data": {"app": {"name": "web", "health": "ok"}}}
    encoded = {k: v for k, v in EVENT.items() if k != "data"}
    encoded["data_base64"] = base64.b64encode(b'{"app": {"name": "x", "health": "odd"}}').decode()
    first, second, third, fourth = read(
        [EVENT, healthy, encoded, {"id": "e"}],
        key="app.name",
        state="app.health",
        states={"degraded": "ignored"},
    )
    assert first == Unwanted("state Degraded")
    assert isinstance(second, Report)
    assert second.alert.kind is AlertKind.RESOLVED
    assert isinstance(third, Unintelligible)
    assert third.reason.startswith("event 3 of 4: `state` (app.health) gives 'odd'")
    assert isinstance(fourth, Unintelligible)


@pytest.mark.parametrize("data", [None, "text", 7, [1]])
def test_data_that_are_no_object(data: Any):
    (found,) = read({**EVENT, "data": data}, title="to_string(data)")
    assert isinstance(found, Report)


def test_without_expressions_the_data_are_our_own():
    (found,) = read(EVENT)
    assert isinstance(found, Unintelligible)
    assert "app" in found.reason


def test_what_cannot_be_used_is_refused_at_the_start():
    with pytest.raises(SettingFault, match="title: it is no JMESPath"):
        read(EVENT, title="(")


def test_an_event_is_one_however_often_it_comes_and_whatever_is_said_of_others():
    def named(**more: Any) -> tuple[bool, str]:
        (found,) = read({**EVENT, **more}, key="event.subject")
        assert isinstance(found, Report)
        return found.named, found.alert.event_id

    assert named() == named(time="2026-02-03T04:05:07Z") == (True, named()[1])
    assert named(id="e-2") != named()
