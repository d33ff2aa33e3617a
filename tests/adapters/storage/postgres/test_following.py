"""Live projectors on PostgreSQL: one writes, none writes twice, all come back after an outage."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest

from adapters.storage.postgres.pool import connect
from adapters.storage.postgres.projectors import Projectors
from adapters.storage.postgres.rows import PostgresRows
from domain.kernel.commit import Event, Recorded
from handlers.projecting import shared_log
from handlers.projecting.folder import Changes, Folder
from handlers.projecting.projector import Fenced, Lagging, Place, Projector, apply
from projections.projection import Change, Projection
from support.patience import PATIENT_S, until
from support.read_models import (
    CATALOG,
    ECHO,
    TALLIES,
    all_checksums,
    memory,
    moved,
    named,
    projectors,
    reached,
    rebuilt_checksums,
    running,
    said,
    talk,
)

NOTHING = Changes(rows={})


def following(models: Projectors) -> list[str]:
    return [status.name for status in models.status() if status.phase == "following"]


@asynccontextmanager
async def sql(url: str) -> AsyncIterator[Any]:
    connection = await connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def test_of_two_processes_one_follows_and_the_other_takes_over(fresh_database):
    store, writer = memory()
    async with (
        projectors(fresh_database, store) as first,
        projectors(fresh_database, store) as second,
    ):
        async with running(second):
            async with running(first):
                await until(lambda: len(following(first)) + len(following(second)) == 3)
                await writer.write_all(talk(300))
                await reached(first, writer.position)
                await reached(second, writer.position)
                leaders = (following(first), following(second))
                assert sorted(leaders[0] + leaders[1]) == ["echo", "lines", "tallies"]
            await until(lambda: len(following(second)) == 3)
            await writer.write_all(talk(100))
            await reached(second, writer.position)
        live = await all_checksums(second)
    assert await rebuilt_checksums(fresh_database, store) == live


async def test_a_writer_that_lost_its_turn_is_fenced_out(fresh_database):
    """Even without the lock: two writers with the same position, and only one of them moves."""
    store, writer = memory()
    await writer.write("walk.a", moved(5))
    async with projectors(fresh_database, store, [TALLIES]):
        await writer.write("walk.a", moved(7))
        (batch,) = [batch async for batch in store.read(after=1)]
        rows = PostgresRows(fresh_database, TALLIES)
        place = await rows.claim()
        assert place is not None
        folder = Folder(TALLIES)
        moved_on = await apply(folder, rows, store, place, batch)
        assert moved_on == Place(2, place.build, batch[-1].mark)
        with pytest.raises(Fenced):
            await apply(Folder(TALLIES), rows, store, place, batch)
        with pytest.raises(Fenced):
            await rows.write(Place(2, place.build + 1), NOTHING, 3)
        async with sql(fresh_database) as connection:
            assert await connection.fetchval("SELECT total FROM tallies_v1.tally") == 12
        await rows.release()


async def test_a_second_claim_is_refused_until_the_first_ends(fresh_database):
    store, _ = memory()
    async with projectors(fresh_database, store, [TALLIES]):
        first, second = (PostgresRows(fresh_database, TALLIES) for _ in range(2))
        assert await first.claim() is not None
        assert await second.claim() is None
        assert await second.claim() is None
        await first.release()
        assert await second.claim() is not None
        await second.release()


async def test_sessions_that_are_terminated_come_back_and_nothing_is_lost_or_doubled(
    fresh_database,
):
    store, writer = memory()
    async with projectors(fresh_database, store) as models, running(models):
        async with sql(fresh_database) as connection:
            for _ in range(6):
                await writer.write_all(talk(150))
                await connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
                await writer.write_all(talk(50))
                await asyncio.sleep(0.05)
        await reached(models, writer.position)
        live = await all_checksums(models)
        assert {status.phase for status in models.status()} == {"following"}
    assert await rebuilt_checksums(fresh_database, store) == live


class Crashing(PostgresRows):
    """Dies before or after every third write: `after` leaves us in doubt whether it was done."""

    writes = 0

    async def write(self, place: Place, changes: Changes, position: int, mark: str = "") -> Place:
        self.writes += 1
        if self.writes % 3 == 1:
            raise ConnectionError("before the write")
        place = await super().write(place, changes, position, mark)
        if self.writes % 3 == 2:
            raise ConnectionError("after the write")
        return place


async def test_a_crash_between_fold_and_commit_or_behind_it_loses_and_repeats_nothing(
    fresh_database,
):
    store, writer = memory()
    names = [one.name for one in CATALOG]
    async with projectors(fresh_database, store) as models:
        for projection in CATALOG:
            await crash_through(fresh_database, store, writer, projection)
        for name in names:
            verdict = await models.verify(name)
            assert verdict.differences == ()
            assert verdict.position > 0


async def crash_through(url: str, store: Any, writer: Any, projection: Projection[Any]) -> None:
    await writer.write_all(talk(60))
    rows = Crashing(url, projection)
    done = False
    while not done:
        place, folder = await rows.claim(), Folder(projection)
        assert place is not None
        log = [one async for batch in store.read(after=place.position) for one in batch]
        try:
            for start in range(0, len(log), 7):
                place = await apply(folder, rows, store, place, log[start : start + 7])
            done = True
        except ConnectionError:
            await rows.release()
    await rows.release()
    assert rows.writes > 10


async def test_a_projection_that_fails_stops_alone_and_says_why(fresh_database):
    def fails(key: str, _: Any) -> Iterable[Change]:
        assert key != "bad", "cannot happen"
        return ()

    broken = msgspec.structs.replace(
        named(ECHO, "broken"), evolve=lambda _, recorded: recorded.position, show=fails
    )
    store, writer = memory()
    async with projectors(fresh_database, store, [broken, ECHO]) as models, running(models) as task:
        await writer.write("talk.bad", said("x"))
        await models.wait_for("echo", writer.position, PATIENT_S)
        failed, well = models.status()
        await until(lambda: failed.phase == "failed")
        assert (failed.error or "").startswith("behind position 0: AssertionError: cannot happen")
        assert (well.phase, well.error) == ("following", None)
        await writer.write("talk.good", said("y"))
        await models.wait_for("echo", writer.position, PATIENT_S)
        with pytest.raises(Lagging) as late:
            await models.wait_for(broken.name, writer.position, 0.1)
        assert (late.value.name, late.value.wanted, late.value.reached) == (broken.name, 2, 0)
        assert not task.done()
        rows = PostgresRows(fresh_database, broken)
        assert await rows.claim() is not None, "another release may take over"
        await rows.release()


async def test_a_commit_that_cannot_be_folded_is_set_aside_and_the_others_go_on(fresh_database):
    def fails(_before: Any, _after: Any, recorded: Recorded[Event]) -> Iterable[Change]:
        assert recorded.stream != "talk.bad", "cannot happen"
        return ()

    tolerant = msgspec.structs.replace(named(ECHO, "tolerant"), each=fails)
    store, writer = memory()
    async with projectors(fresh_database, store, [tolerant]) as models, running(models):
        await writer.write("talk.bad", said("x"))
        await models.wait_for(tolerant.name, writer.position, PATIENT_S)
        for _ in ("live", "rebuilt"):
            async with sql(fresh_database) as connection:
                found = await connection.fetch("SELECT * FROM commandpost.unreadable")
            assert [(row["schema"], row["position"], row["code"]) for row in found] == [
                ("echo_tolerant_v1", 1, "history.impossible")
            ]
            assert found[0]["reason"].startswith("AssertionError: cannot happen")
            await models.rebuild([tolerant.name])


async def test_positions_are_awaited_here_and_from_elsewhere(fresh_database):
    store, writer = memory()
    async with (
        projectors(fresh_database, store) as here,
        projectors(fresh_database, store) as elsewhere,
        running(here),
    ):
        await until(lambda: len(following(here)) == 3)
        for _ in range(20):
            position = await writer.write("walk.a", moved())
            await asyncio.gather(
                here.wait_for("tallies", position, PATIENT_S),
                elsewhere.wait_for("tallies", position, PATIENT_S),
            )
            async with sql(fresh_database) as connection:
                assert await connection.fetchval("SELECT total FROM tallies_v1.tally") == position
        for models in (here, elsewhere):
            await models.wait_for("tallies", 3, 0.0)
            with pytest.raises(Lagging):
                await models.wait_for("tallies", position + 1, 0.1)


async def test_who_waits_for_a_position_is_not_kept_waiting(fresh_database, monkeypatch):
    """Else what comes right behind a batch is gathered for a moment."""
    monkeypatch.setattr(shared_log, "REST_S", 2 * PATIENT_S)
    store, writer = memory()
    async with projectors(fresh_database, store) as models, running(models):
        for _ in range(3):
            await reached(models, await writer.write("walk.a", moved()))


async def test_commits_of_others_move_the_position_without_a_write_each(fresh_database):
    store, writer = memory()
    async with projectors(fresh_database, store, [TALLIES]) as models, running(models):
        await until(lambda: following(models) == ["tallies"])
        async with sql(fresh_database) as connection:
            before = await connection.fetchval("SELECT pg_current_xact_id()::text::bigint")
            for _ in range(200):
                await writer.write("other.a", moved())
                await models.wait_for("tallies", writer.position, PATIENT_S)
            async with asyncio.timeout(PATIENT_S):
                while await models.position("tallies") < writer.position:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
            after = await connection.fetchval("SELECT pg_current_xact_id()::text::bigint")
            assert after - before < 50


async def test_a_character_that_postgresql_cannot_hold_does_not_stop_a_projector(fresh_database):
    store, writer = memory()
    async with projectors(fresh_database, store) as models, running(models):
        words = said("a\0b", tags=("\0",), data={"k": "\0 \\u0000"}, who="\0")
        await reached(models, await writer.write("talk.a", words))
        async with sql(fresh_database) as connection:
            row = await connection.fetchrow("SELECT text, tags, who FROM lines_v3.line")
            assert tuple(row) == ("a\ufffdb", ["\ufffd"], "\ufffd")
        assert (await models.verify("lines")).differences == ()


async def test_an_outage_while_idle_is_noticed(fresh_database, monkeypatch):
    monkeypatch.setattr("handlers.projecting.projector.IDLE_CHECK_S", 0.05)
    store, _ = memory()
    async with projectors(fresh_database, store, [TALLIES]) as models, running(models):
        await until(lambda: following(models) == ["tallies"])
        async with sql(fresh_database) as connection:
            holder = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted"
            before = await connection.fetchval(holder)
            await connection.execute("SELECT pg_terminate_backend($1)", before)
            async with asyncio.timeout(PATIENT_S):
                while await connection.fetchval(holder) in (before, None):  # noqa: ASYNC110
                    await asyncio.sleep(0.02)


async def test_what_a_projector_needs_is_a_log_and_rows():
    """The ports are enough: no database, no server."""

    class Rows:
        def __init__(self) -> None:
            self.place, self.tally, self.claims = Place(0, 1), {}, 0

        async def claim(self) -> Place:
            self.claims += 1
            return self.place

        async def write(
            self, place: Place, changes: Changes, position: int, mark: str = ""
        ) -> Place:
            if self.claims == 1:
                raise Fenced("somebody else was here")
            assert place == self.place
            self.tally |= changes.rows.get("tally", {})
            self.place = Place(position, 1, mark)
            return self.place

        async def check(self) -> None: ...

        async def release(self) -> None: ...

    async def no_build(_: Projection[Any]) -> None:
        raise AssertionError

    store, writer = memory()
    rows = Rows()
    projector = Projector(Folder(TALLIES), store, rows, no_build)
    task = asyncio.create_task(projector.run())
    await writer.write("walk.a", moved(4))
    assert await projector.reach(await writer.write("walk.a", moved(5)), 5)
    assert rows.tally == {("a",): ("a", 9, 2)}
    assert rows.claims == 2
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert projector.status.phase == "stopped"
