"""What a sender hears of what became of its signal, and how long it waits for that."""

import asyncio

import pytest

from handlers.ingest import awaited
from handlers.ingest.awaited import KEPT_MAX, WAITING_MAX, AwaitedOutcomes
from handlers.ingest.signal_outcome import SignalOutcome

USED = SignalOutcome("used", ("one",))


async def test_who_waits_is_told_and_so_is_who_asks_afterwards():
    outcomes = AwaitedOutcomes()
    waiting = [asyncio.create_task(outcomes.of(7)) for _ in range(2)]
    await asyncio.sleep(0)
    outcomes.settle(7, USED)
    assert await asyncio.gather(*waiting) == [USED, USED]
    assert await outcomes.of(7) == USED


async def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(awaited, "WITHIN_S", 0.01)
    outcomes = AwaitedOutcomes()
    assert await outcomes.of(7) is None
    assert await asyncio.gather(*(outcomes.of(8) for _ in range(2))) == [None, None]
    outcomes.settle(7, USED)
    assert await outcomes.of(7) == USED


async def test_behind_so_many_nobody_waits():
    outcomes = AwaitedOutcomes()
    waiting = [asyncio.create_task(outcomes.of(n)) for n in range(WAITING_MAX)]
    await asyncio.sleep(0)
    async with asyncio.timeout(awaited.WITHIN_S / 2):
        assert await outcomes.of(WAITING_MAX) is None
    for task in waiting:
        task.cancel()


async def test_so_many_are_remembered():
    outcomes = AwaitedOutcomes()
    for position in range(KEPT_MAX + 1):
        outcomes.settle(position, USED)
    assert len(outcomes._outcomes) == KEPT_MAX
