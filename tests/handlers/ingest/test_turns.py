"""Who goes on when, without any server."""

import asyncio
from collections.abc import Hashable

import pytest

from handlers.ingest.turns import Turns
from support.patience import PATIENT_S


class Errand:
    """A work of some steps, which notes each of them in a diary that all share."""

    def __init__(
        self, diary: list[str], name: str, source: str = "a", steps: int = 1, *keys: Hashable
    ) -> None:
        self.diary, self.name, self.source, self.left, self.keys = diary, name, source, steps, keys
        self.pause_s = 0.0

    async def step(self) -> float | None:
        self.diary.append(self.name)
        await asyncio.sleep(0.001)
        self.left -= 1
        return self.pause_s if self.left else None


async def done(diary: list[str], steps: int) -> None:
    async with asyncio.timeout(PATIENT_S):
        while len(diary) < steps:  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.001)
    await asyncio.sleep(0.01)
    assert len(diary) == steps


async def test_sources_take_turns_however_much_one_of_them_has(diary):
    turns = Turns(1)
    for number in range(100):
        turns.add(Errand(diary, f"a{number}", "a"))
    turns.add(Errand(diary, "b", "b"))
    turns.add(Errand(diary, "c", "c"))
    await done(diary, 102)
    assert diary[:5] == ["a0", "a1", "b", "c", "a2"], "a0 had begun"


async def test_what_takes_many_steps_lets_others_of_its_source_pass(diary):
    turns = Turns(1)
    turns.add(Errand(diary, "long", "a", 50))
    turns.add(Errand(diary, "short", "a"))
    await done(diary, 51)
    assert diary[:3] == ["long", "short", "long"]


async def test_works_with_a_key_in_common_are_done_one_behind_the_other(diary):
    turns = Turns(10)
    turns.add(Errand(diary, "first", "a", 5, "alert 1", "thread"))
    turns.add(Errand(diary, "second", "b", 3, "thread", "alert 2"))
    turns.add(Errand(diary, "third", "a", 1, "alert 2"))
    turns.add(Errand(diary, "stranger", "a", 1, "alert 3"))
    await done(diary, 10)
    ordered = [name for name in diary if name != "stranger"]
    assert ordered == ["first"] * 5 + ["second"] * 3 + ["third"]
    assert diary.index("stranger") < 5, "it need not wait for them"
    assert not turns._last
    assert not turns._lines, "what is done is forgotten"


async def test_a_pause_keeps_the_place_of_a_key_and_nobody_else_waiting(diary):
    turns = Turns(1)
    waiting = Errand(diary, "waits", "a", 2, "alert")
    waiting.pause_s = 0.1
    turns.add(waiting)
    turns.add(Errand(diary, "behind it", "a", 1, "alert"))
    turns.add(Errand(diary, "other", "a", 1, "another alert"))
    await done(diary, 4)
    assert diary == ["waits", "other", "waits", "behind it"]


@pytest.mark.parametrize("at_once", [1, 7])
async def test_so_many_steps_are_under_way_at_a_time(at_once: int):
    under_way, most = 0, 0

    class Counting(Errand):
        async def step(self) -> float | None:
            nonlocal under_way, most
            under_way += 1
            most = max(most, under_way)
            pause_s = await super().step()
            under_way -= 1
            return pause_s

    diary: list[str] = []
    turns = Turns(at_once)
    for number in range(40):
        turns.add(Counting(diary, "step", str(number % 3), 2))
    await done(diary, 80)
    assert most == at_once


async def test_an_end_lets_steps_under_way_finish_and_begins_no_other(diary):
    turns = Turns(2)
    for number in range(10):
        turns.add(Errand(diary, f"a{number}"))
    await asyncio.sleep(0)
    await turns.stop(5)
    assert diary == ["a0", "a1"]


@pytest.fixture
def diary() -> list[str]:
    return []
