"""What is recorded long after it happened: it is kept, and nobody is told of it."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from adapters.storage.memory.event_store import MemoryEventStore, MemoryReferences
from domain.incident import INCIDENT
from domain.incident import commands as c
from domain.incident.events import Kind
from domain.policy import DEFAULT, Severity
from handlers.kernel.asks import Meta
from handlers.kernel.executor import Executor
from projections.incident.fold import NOTHING_FOLDED, follow
from support.spec import NOON, at

DAYS = 24 * 60
NOW = NOON + timedelta(days=10)


async def kinds_told(*commands: Any) -> list[str]:
    """As what the commands are told, all of them given now."""
    store = MemoryEventStore()
    executor = Executor(store, MemoryReferences(), lambda: NOW, DEFAULT)
    for place, command in enumerate(commands):
        meta = Meta(command_id=f"c{place}", actor="ada", correlation_id="k")
        await executor.run(INCIDENT, "i-1", command, meta)
    folded, told = NOTHING_FOLDED, list[str]()
    for recorded in await store.load("incident.i-1"):
        folded = follow(folded, recorded)
        told += [item.kind for _, item in folded.found]
    return told


def story(days: float, **more: Any) -> list[Any]:
    """An incident that was over after 20 minutes, so many days ago."""
    start = (10 - days) * DAYS
    return [
        c.Declare(title="t", severity=Severity.SEV1, occurred_at=at(start), **more),
        c.Mitigate(mitigation="restarted", occurred_at=at(start + 15), **_notify(more)),
        c.Resolve(resolution="restarted", occurred_at=at(start + 20), **_notify(more)),
    ]


def _notify(more: dict[str, Any]) -> dict[str, Any]:
    return {"notify": True} if "notify" in more else {}


@pytest.mark.parametrize("kind", [Kind.STANDARD, Kind.RETROSPECTIVE])
async def test_nobody_is_told_and_recovery_need_not_have_been_watched(kind: Kind):
    assert await kinds_told(*story(3, kind=kind)) == []


async def test_who_asks_for_it_is_heard():
    assert await kinds_told(*story(3, notify=True)) == ["declared", "mitigated", "resolved"]


async def test_what_is_within_the_window_is_told():
    commands = story(1)
    why = "nobody else is there"
    commands[1] = replace(commands[1], override=why)
    commands[2] = replace(commands[2], occurred_at=at(9 * DAYS + 31), override=why)
    assert await kinds_told(*commands) == ["declared", "mitigated", "resolved"]


async def test_what_is_said_of_now_about_what_is_old_is_told():
    update = c.PostUpdate(text="Post-mortem on Friday.")
    assert await kinds_told(*story(3), update) == ["update"]
