"""How a notification is listed, whatever it is about."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from adapters.cli.notifications import _key, _shown
from domain.notification import Audience
from projections.outbox.deliveries import Delivery

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
INCIDENT_ID = "01970001-0000-7000-8000-000000000000"


def delivery(key: str) -> Delivery:
    return Delivery(
        intent_id="i1",
        channel="ops",
        incident_id=key,
        audience=Audience.ENGINEERING,
        subject="[SEV1] checkout — Errors",
        status="delivered",
        attempts=1,
        reason=None,
        receipt="HTTP 200",
        since=NOON,
        due_at=None,
        settled_at=NOON,
        position=7,
    )


def test_one_about_an_incident_is_listed_as_it_is() -> None:
    shown = _shown(delivery(INCIDENT_ID))
    assert list(shown) == list(Delivery.__struct_fields__)
    assert shown["incident_id"] == INCIDENT_ID


def test_one_about_anything_else_says_what_that_is() -> None:
    shown = _shown(delivery("runbook:checkout"))
    assert (shown["aggregate"], shown["id"]) == ("runbook", "checkout")
    assert "incident_id" not in shown


async def test_incidents_go_by_reference_and_anything_else_by_its_key() -> None:
    async def find(_: object, ref: str) -> str:
        return {"INC-7": INCIDENT_ID}[ref]

    parts: Any = SimpleNamespace(service=SimpleNamespace(executor=SimpleNamespace(find=find)))
    assert await _key(parts, "INC-7") == INCIDENT_ID
    assert await _key(parts, "runbook:checkout") == "runbook:checkout"
    assert await _key(parts, None) is None
