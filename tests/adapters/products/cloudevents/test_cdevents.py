"""CDEvents of CI/CD tools: a service was deployed, upgraded or rolled back."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from adapters.products.cloudevents.answer import Taken, answer
from adapters.products.cloudevents.translate import translate
from domain.incident.alerts.alert import Opens
from handlers.ingest.reports import ChangeReport, Reading, Unintelligible

EVENT: dict[str, Any] = {
    "specversion": "1.0",
    "id": "271069a8-fc18-44f1-b38f-9d70a1695819",
    "source": "/event/source/argo",
    "type": "dev.cdevents.service.deployed.0.2.0",
    "subject": "checkout",
    "time": "2026-05-04T02:05:00Z",
    "data": {
        "context": {"version": "0.4.1", "timestamp": "2026-05-04T02:05:00Z"},
        "subject": {
            "id": "checkout",
            "type": "service",
            "content": {
                "environment": {"id": "production"},
                "artifactId": "pkg:oci/checkout@1.4.2",
            },
        },
    },
}


def read(**changes: Any) -> Reading:
    (found,) = translate(msgspec.json.encode({**EVENT, **changes}), "shop", Opens.INCIDENT)
    return found


@pytest.mark.parametrize(
    ("type_", "done"),
    [
        ("deployed.0.2.0", "Deployed"),
        ("upgraded.0.1.1", "Upgraded"),
        ("rolledback.0.2.0", "Rolled back"),
        ("deployed", "Deployed"),
    ],
)
def test_a_service_was_changed(type_: str, done: str):
    told = read(type=f"dev.cdevents.service.{type_}")
    assert isinstance(told, ChangeReport)
    assert told.change.summary == f"{done} checkout pkg:oci/checkout@1.4.2 to production"
    assert (told.change.service, told.change.origin) == ("checkout", "/event/source/argo")
    assert told.made_at == datetime(2026, 5, 4, 2, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "type_", ["dev.cdevents.service.removed.0.2.0", "dev.cdevents.build.started"]
)
def test_other_events_of_tools_are_none(type_: str):
    assert not isinstance(read(type=type_), ChangeReport)


def test_one_that_names_no_service_is_kept_and_named():
    nameless = read(subject=None, data={"subject": {}})
    assert isinstance(nameless, Unintelligible)
    assert nameless.code == "field.missing"


def test_it_counts_as_understood():
    taken = answer((read(),), 3).content
    assert isinstance(taken, Taken)
    assert (taken.accepted, taken.problems) == (1, ())
