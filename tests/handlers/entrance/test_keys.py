"""Keys of an earlier release, which counted for whoever sent them: a repetition stays one."""

from typing import Any
from uuid import uuid5

import pytest

from adapters.storage.memory.event_store import MemoryEventStore, MemoryReferences
from domain.incident import INCIDENT
from domain.incident.commands import AddNote, Declare
from domain.kernel.aggregate import namespace_of
from domain.policy import DEFAULT
from domain.sight import SERVICE
from handlers.kernel.asks import Meta
from handlers.kernel.executor import Executor
from handlers.kernel.provenance import Caller, meta_of
from support.spec import NOON

ID = "0199c0de-0000-7000-8000-000000000001"
NOTE = AddNote(text="seen")


def by(actor: str, key: str = "k-1") -> Meta:
    return meta_of(ID, Caller("c", SERVICE, key, actor), lambda: "a-new-id")


@pytest.fixture
async def executor() -> Executor:
    """With a note that an earlier release has taken from Ada."""
    executor = Executor(MemoryEventStore(), MemoryReferences(), lambda: NOON, DEFAULT)
    await executor.run(INCIDENT, ID, Declare(title="Slow"), by("ada", "d-1"))
    earlier = str(uuid5(namespace_of(ID), "k-1"))
    meta = Meta(command_id=earlier, actor="ada", correlation_id="c")
    await executor.run(INCIDENT, ID, NOTE, meta)
    return executor


async def outcome(executor: Executor, meta: Meta, command: Any = NOTE) -> tuple[str, int]:
    found = await executor.run(INCIDENT, ID, command, meta)
    return found.outcome, found.position


async def test_the_sender_repeats_what_was_taken(executor: Executor):
    assert await outcome(executor, by("ada")) == ("repeated", 2)
    assert await outcome(executor, by("ada")) == ("repeated", 2)


async def test_somebody_else_with_the_same_key_is_heard(executor: Executor):
    assert await outcome(executor, by("grace")) == ("decided", 3)
    assert await outcome(executor, by("grace")) == ("repeated", 3)
    assert await outcome(executor, by("ada")) == ("repeated", 2)


async def test_also_with_something_else_to_say(executor: Executor):
    assert await outcome(executor, by("eve"), AddNote(text="no")) == ("decided", 3)
