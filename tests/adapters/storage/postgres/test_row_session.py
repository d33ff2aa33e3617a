"""Several read models write over one connection: at once, and none at the expense of another."""

import asyncio
from typing import Any

import msgspec
import pytest

from adapters.storage.postgres.row_session import RowSession
from adapters.storage.postgres.rows import PostgresRows
from handlers.kernel.ports import Unavailable
from handlers.projecting.folder import Changes
from handlers.projecting.projector import Fenced, Place
from support.read_models import CATALOG, ECHO, TALLIES, memory, named, projectors

NAMES = ("one", "two", "three")


def moved_to(total: int) -> Changes:
    """The tally of a walk."""
    return Changes(rows={"tally": {("a",): ("a", total, 1)}})


class Counting(RowSession):
    """Counts the statements that write."""

    statements = 0

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.orders = set[tuple[str, ...]]()

    async def _run(self, parts: Any) -> list[bool]:
        self.statements += 1
        self.orders.add(tuple(each.schema for each in parts))
        return await super()._run(parts)


async def claimed(url: str, session: RowSession, catalog: list[Any]) -> list[tuple[Any, Place]]:
    rows = [PostgresRows(url, projection, session=session) for projection in catalog]
    places = [await each.claim() for each in rows]
    assert None not in places
    return list(zip(rows, places, strict=True))  # type: ignore[arg-type]


async def test_what_is_written_at_once_is_one_statement(fresh_database):
    catalog = [named(TALLIES, name) for name in NAMES]
    store, _ = memory()
    async with projectors(fresh_database, store, catalog):
        session = Counting(fresh_database)
        ours = await claimed(fresh_database, session, catalog)
        found = await asyncio.gather(*(rows.write(place, moved_to(7), 1) for rows, place in ours))
        assert [place.position for place in found] == [1, 1, 1]
        assert session.statements == 1
        for rows, _ in ours:
            await rows.release()


async def test_whoever_is_ready_first_it_is_the_same_statement(fresh_database):
    catalog = [named(TALLIES, name) for name in NAMES]
    store, _ = memory()
    async with projectors(fresh_database, store, catalog):
        session = Counting(fresh_database)
        ours = await claimed(fresh_database, session, catalog)
        for position in (1, 2):
            found = await asyncio.gather(
                *(rows.write(place, moved_to(position), position) for rows, place in ours)
            )
            assert [place.position for place in found] == [position] * 3
            ours = [(rows, place) for (rows, _), place in zip(ours, found, strict=True)][::-1]
        assert session.statements == 2
        assert len(session.orders) == 1
        for rows, _ in ours:
            await rows.release()


async def test_one_that_is_fenced_out_holds_none_of_the_others_back(fresh_database):
    catalog = [named(TALLIES, name) for name in NAMES]
    store, _ = memory()
    async with projectors(fresh_database, store, catalog):
        session = Counting(fresh_database)
        (first, place), (second, other), (third, last) = await claimed(
            fresh_database, session, catalog
        )
        outdated = msgspec.structs.replace(other, position=5)
        results = await asyncio.gather(
            first.write(place, moved_to(7), 1),
            second.write(outdated, moved_to(7), 6),
            third.write(last, moved_to(7), 1),
            return_exceptions=True,
        )
        assert [type(each) for each in results] == [Place, Fenced, Place]
        for each in (first, second, third):
            await each.release()


async def test_one_whose_rows_are_refused_is_refused_alone(fresh_database):
    catalog = [named(TALLIES, name) for name in NAMES]
    store, _ = memory()
    async with projectors(fresh_database, store, catalog):
        session = Counting(fresh_database)
        (first, place), (second, other), _ = await claimed(fresh_database, session, catalog)
        wrong = Changes(rows={"tally": {("a",): ("a", 2**70, 1)}})
        results = await asyncio.gather(
            first.write(place, moved_to(7), 1),
            second.write(other, wrong, 1),
            return_exceptions=True,
        )
        assert isinstance(results[0], Place)
        assert isinstance(results[1], Exception)
        assert not isinstance(results[1], (Fenced, Unavailable))
        await first.release()
        await second.release()


async def test_with_the_connection_go_all_locks_and_nothing_is_written_without(fresh_database):
    store, _ = memory()
    async with projectors(fresh_database, store, CATALOG):
        session = RowSession(fresh_database)
        (echo, place), (tallies, other) = await claimed(fresh_database, session, [ECHO, TALLIES])
        await echo.release()
        elsewhere = PostgresRows(fresh_database, ECHO)
        assert await elsewhere.claim() is not None, "it is free"
        with pytest.raises(Unavailable):
            await echo.write(place, Changes(rows={}), 1)
        assert (await tallies.write(other, Changes(rows={}), 1)).position == 1
        await tallies.release()
        await elsewhere.release()
