"""What a desk of the intake has on its log, as people would see it."""

from typing import Any

import msgspec

from domain.incident import INCIDENT
from domain.incident.commands import Resolve
from domain.incident.presentation.lines import describe
from handlers.kernel.asks import Meta
from projections.alerting.routes import FIRING, ROUTES
from projections.incident.fold import NOTHING_FOLDED, follow

NAMES = [column.name for column in FIRING.columns]


async def state(desk: Any, incident: str) -> Any:
    return await desk.executor.state(INCIDENT, incident)


async def incidents(desk: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    async for batch in desk.store.read():
        for recorded in batch:
            kind, _, incident = recorded.stream.partition(".")
            if kind == "incident":
                before = found.get(incident, INCIDENT.initial)
                found[incident] = INCIDENT.follow(before, recorded.commit)
    return found


async def told(desk: Any, incident: str) -> list[str]:
    """What people hear of an incident, by kind."""
    known, kinds = NOTHING_FOLDED, []
    for recorded in await desk.store.load(f"incident.{incident}"):
        known = follow(known, recorded)
        kinds += [item.kind for _, item in known.found]
    return kinds


async def lines(desk: Any, incident: str) -> list[str]:
    """The timeline."""
    loaded = await desk.store.load(f"incident.{incident}")
    said = [describe(event) for recorded in loaded for event in recorded.commit.events]
    return [line.text for line in said if line]


async def listed(desk: Any) -> list[Any]:
    """Rows of `signals list --all`."""
    rows = []
    async for batch in desk.store.read():
        for recorded in batch:
            if recorded.stream.startswith("alert."):
                rows += [
                    dict(zip(NAMES, put.row, strict=True))
                    for put in ROUTES.each(None, None, recorded)
                ]
    return rows


async def resolved(desk: Any, incident: str) -> None:
    meta = Meta(command_id=f"{incident}-{desk.now}", actor="ada", correlation_id="c")
    over = Resolve(resolution="restarted", override="nobody else is there")
    await desk.executor.run(INCIDENT, incident, over, meta)


def event(action: str, **more: Any) -> bytes:
    """An event of the Events API v2."""
    payload = {"summary": "Disk 97% full", "source": "db-7", "severity": "error"}
    payload |= more.pop("payload", {})
    return msgspec.json.encode({"event_action": action, "payload": payload, **more})
