"""What is public stays in memory, through outages as well, and knows how old it is."""

import asyncio
from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from adapters.storage.memory.event_store import MemoryEventStore
from domain.status_page.public_incident import PublicIncident
from handlers.kernel.ports import Unavailable
from handlers.queries import public_status
from handlers.queries.public_status import StatusPage
from projections.status_page.published import CHANGES, Behind, PublicChange
from support.answers import Answers
from support.patience import PATIENT_S
from support.public_incidents import public
from support.read_models import Writer, moved
from support.spec import NOON, at


class Rows:
    """Rows that a test sets."""

    def __init__(self) -> None:
        self.reached = 0
        self.changes: list[PublicChange] = []
        self.asked: list[int] = []
        self.down = False

    async def read(self, wanted: Behind) -> list[PublicChange]:
        if self.down:
            raise Unavailable("PostgreSQL is away")
        self.asked.append(wanted.after)
        behind = [change for change in self.changes if change.position > wanted.after]
        newest = sorted(behind, key=lambda change: change.number)[-wanted.limit :]
        nothing = PublicChange(reached=self.reached, number=None, position=None, view=None)
        return [replace(change, reached=self.reached) for change in newest] or [nothing]


def changed(number: int, position: int, view: PublicIncident | None) -> PublicChange:
    return PublicChange(reached=0, number=number, position=position, view=view)


class World:
    """A log, rows and a clock."""

    def __init__(self) -> None:
        self.store = MemoryEventStore()
        self.writer = Writer(self.store)
        self.rows = Rows()
        self.now = NOON
        self.page = StatusPage(Answers({CHANGES: self.rows.read}), self.store, lambda: self.now)

    async def append(self, *, projected: bool = True) -> None:
        await self.writer.write("talk.a", moved())
        if projected:
            self.rows.reached = self.writer.position

    async def look(self, now: datetime | None = None) -> public_status.PublicStatus:
        self.now = now or self.now
        await self.page.refresh()
        assert self.page.known is not None
        return self.page.known


@pytest.fixture
def world() -> World:
    return World()


async def test_nothing_is_known_before_the_rows_were_read(world: World):
    world.rows.down = True
    with pytest.raises(Unavailable):
        await world.page.refresh()
    assert world.page.known is None


async def test_only_what_has_changed_is_read_again(world: World):
    await world.append()
    world.rows.changes = [changed(1, 3, public(1)), changed(2, 7, public(2))]
    first = await world.look()
    assert [incident.number for incident in first.incidents] == [2, 1]
    again = await world.look()
    assert again.incidents is first.incidents
    assert (first.version, again.version) == (1, 1)
    world.rows.changes.append(changed(1, 9, public(1, status="resolved", ended_at=at(9))))
    after = await world.look()
    assert (after.incidents[1].status, after.version) == ("resolved", 2)
    assert world.rows.asked == [0, 7, 7]


async def test_what_is_public_no_longer_goes(world: World):
    world.rows.changes = [changed(1, 3, public(1))]
    assert (await world.look()).incidents
    world.rows.changes = [changed(1, 4, None)]
    assert (await world.look()).incidents == ()


async def test_the_oldest_go_when_there_are_too_many(world: World, monkeypatch):
    monkeypatch.setattr(public_status, "KEPT", 2)
    world.rows.changes = [changed(number, number, public(number)) for number in (1, 2, 3)]
    assert [each.number for each in (await world.look()).incidents] == [3, 2]
    world.rows.changes = [changed(4, 4, public(4))]
    assert [each.number for each in (await world.look()).incidents] == [4, 3]


async def test_what_began_last_stands_first_however_late_it_was_recorded(world: World):
    late = public(3, started_at=at(-60))
    world.rows.changes = [changed(2, 1, public(2)), changed(1, 2, public(1)), changed(3, 3, late)]
    assert [each.number for each in (await world.look()).incidents] == [2, 1, 3]


async def test_rows_that_hold_the_whole_log_are_as_of_now(world: World):
    await world.append()
    known = await world.look(at(30))
    assert (known.as_of, known.stale(at(30))) == (at(30), False)


async def test_rows_that_lag_are_as_of_the_first_commit_that_they_lack(world: World):
    await world.append()
    await world.append(projected=False)  # recorded two seconds past noon, as it is the second
    await world.append(projected=False)
    known = await world.look(at(30))
    assert known.as_of == NOON + timedelta(seconds=2)
    assert known.stale(at(30))
    assert not known.stale(NOON + timedelta(seconds=10))


async def test_during_an_outage_it_grows_old_and_afterwards_it_is_young_again(world: World):
    await world.append()
    world.rows.changes = [changed(1, 1, public(1))]
    before = await world.look()
    world.rows.down = True
    with pytest.raises(Unavailable):
        await world.look(at(5))
    assert world.page.known is before
    assert before.age_s(at(5)) == 300
    assert before.stale(at(5))
    world.rows.down = False
    assert not (await world.look(at(6))).stale(at(6))


async def test_the_log_begins_with_its_first_commit(world: World):
    assert (await world.look()).since is None
    await world.append()
    await world.append()
    assert (await world.look()).since == NOON + timedelta(seconds=1)


async def test_a_commit_that_cannot_be_read_ends_nothing_and_what_was_known_stays(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_status, "REFRESH_S", 0.001)
    await world.append()
    known = await world.look()
    asked = 0

    async def unreadable() -> int:
        nonlocal asked
        asked += 1
        raise AssertionError("a commit in the log that this version cannot read")

    monkeypatch.setattr(world.store, "head", unreadable)
    running = asyncio.create_task(world.page.run())
    try:
        async with asyncio.timeout(PATIENT_S):
            while asked < 3:  # noqa: ASYNC110
                await asyncio.sleep(0.001)
        assert world.page.known is known
    finally:
        running.cancel()
