"""How what a notification is about is named on the command line."""

from types import SimpleNamespace
from typing import Any

import pytest

from adapters.cli import notifications
from adapters.cli.notifications import _key
from domain.incident import INCIDENT
from domain.kernel.aggregate import AnyAggregate
from domain.sight import PUBLIC, Viewer
from toys.ticket.aggregate import TICKET

INCIDENT_ID = "01970001-0000-7000-8000-000000000000"
TICKET_ID = "01970001-0000-7000-8000-000000000001"


async def test_what_has_a_reference_goes_by_it_and_anything_else_by_its_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def find(aggregate: AnyAggregate, ref: str, viewer: Viewer) -> str:
        assert viewer is PUBLIC
        known = {("incident", "INC-7"): INCIDENT_ID, ("ticket", "tkt-3"): TICKET_ID}
        return known[aggregate.name, ref]

    async def nobody(_: Any) -> Viewer:
        return PUBLIC

    monkeypatch.setattr(notifications, "viewing", nobody)
    parts: Any = SimpleNamespace(
        service=SimpleNamespace(find=find),
        registry=SimpleNamespace(aggregates=(TICKET, INCIDENT)),
    )
    assert await _key(parts, "INC-7") == INCIDENT_ID
    assert await _key(parts, "tkt-3") == f"ticket:{TICKET_ID}"
    assert await _key(parts, "runbook:checkout") == "runbook:checkout"
    assert await _key(parts, None) is None
