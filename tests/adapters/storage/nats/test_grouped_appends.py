"""Writes that go together: each gets its own answer, as if it had gone alone."""

import asyncio

import pytest

from adapters.storage.nats.grouped_appends import GROUP_MIN, GroupedAppends
from handlers.kernel.ports import Append, Conflict, Unavailable

MANY = 3 * GROUP_MIN


class Server:
    """Says which writes came alone and which together; refuses what is expected to be stale."""

    def __init__(self) -> None:
        self.alone: list[str] = []
        self.groups: list[list[str]] = []
        self.ends: dict[str, int] = {}
        self.loses_answers = False
        self.open = asyncio.Event()
        self.open.set()

    def _write(self, write: Append) -> int:
        if self.ends.get(write.stream, 0) != write.expected:
            raise Conflict(write.stream)
        self.ends[write.stream] = sum(self.ends.values()) + 1
        return self.ends[write.stream]

    async def one(self, write: Append) -> int:
        self.alone.append(write.stream)
        await asyncio.sleep(0.001)
        await self.open.wait()
        return self._write(write)

    async def together(self, writes: list[Append]) -> list[int]:
        self.groups.append([write.stream for write in writes])
        await asyncio.sleep(0.001)
        await self.open.wait()
        if any(self.ends.get(write.stream, 0) != write.expected for write in writes):
            raise Conflict("a group")
        positions = [self._write(write) for write in writes]
        if self.loses_answers:
            raise Unavailable("no answer")
        return positions


@pytest.fixture
def server():
    return Server()


@pytest.fixture
def appends(server):
    return GroupedAppends(server.one, server.together)


def write(stream: object, expected: int = 0) -> Append:
    return Append(f"incident.{stream}", expected, None)


async def test_one_writer_never_waits_for_company(server, appends):
    for n in range(5):
        await appends.append(write(n))
    assert (len(server.alone), server.groups) == (5, [])


async def test_many_writers_share_a_flush(server, appends):
    found = await asyncio.gather(*(appends.append(write(n)) for n in range(MANY)))
    assert len(set(found)) == MANY
    assert len(server.alone) <= GROUP_MIN
    assert sum(map(len, server.groups)) == MANY - len(server.alone)


async def test_a_conflict_is_told_to_its_writer_alone(server, appends):
    server.ends["incident.stale"] = 7
    names = [*range(MANY), "stale"]
    found = await asyncio.gather(*(appends.append(write(n)) for n in names), return_exceptions=True)
    assert isinstance(found[-1], Conflict)
    assert all(isinstance(position, int) for position in found[:-1])


async def test_two_writes_of_one_stream_never_share_a_group(server, appends):
    """The second expects what the first will have made; a group is checked before it is written."""
    server.open.clear()
    first = [asyncio.create_task(appends.append(write(n))) for n in range(MANY)]
    again = [asyncio.create_task(appends.append(write(n))) for n in range(MANY)]
    await asyncio.sleep(0.05)
    server.open.set()
    found = await asyncio.gather(*first, *again, return_exceptions=True)
    assert sum(isinstance(each, int) for each in found) == MANY
    assert sum(isinstance(each, Conflict) for each in found) == MANY
    assert all(len(group) == len(set(group)) for group in server.groups)


async def test_a_group_whose_answer_is_lost_was_perhaps_written(server, appends):
    """Nothing is claimed: alone, each meets what stands there, which its writer looks for."""
    server.loses_answers = True
    found = await asyncio.gather(
        *(appends.append(write(n)) for n in range(MANY)), return_exceptions=True
    )
    assert all(isinstance(each, int | Conflict) for each in found)
    assert len(server.ends) == MANY


async def test_who_gives_up_holds_up_nobody(server, appends):
    server.open.clear()
    waiting = [asyncio.create_task(appends.append(write(n))) for n in range(MANY)]
    await asyncio.sleep(0.05)
    for task in waiting[::2]:
        task.cancel()
    server.open.set()
    found = await asyncio.gather(*waiting, return_exceptions=True)
    assert all(isinstance(each, int) for each in found[1::2])
    assert isinstance(await appends.append(write("later")), int)
