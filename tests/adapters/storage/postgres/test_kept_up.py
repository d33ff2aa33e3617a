"""Answers are kept up for who asks again, from what has changed; never of rows that are gone."""

import asyncio
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import pytest

from adapters.storage.postgres import kept_up
from adapters.storage.postgres.kept_up import KeptUpAnswers
from handlers.kernel.ports import Unavailable
from projections.incident.running_figures import ROWS_CHANGED
from projections.read_model import KeptUp
from support.patience import until


class Row(NamedTuple):
    key: str
    position: int
    value: int


class Sums:
    """Keeps up the sum of all values."""

    def __init__(self) -> None:
        self.values: dict[str, int] = {}
        self.prepared: set[Any] = set()

    def __len__(self) -> int:
        return len(self.values)

    def put(self, rows: Iterable[Row]) -> None:
        self.values.update((row.key, row.value) for row in rows)

    def prepare(self, asked: Any) -> Iterator[None]:
        yield
        self.prepared.add(asked)

    def is_prepared(self, asked: Any) -> bool:
        return asked in self.prepared

    def answer(self, _: Any) -> list[int]:
        return [sum(self.values.values())]

    def unprepare(self) -> None:
        self.prepared.clear()


class Table:
    """Rows, and how many of them were handed out."""

    def __init__(self, rows: int) -> None:
        self.rows = {str(n): Row(str(n), n, 1) for n in range(1, rows + 1)}
        self.built = 1
        self.given = 0
        self.away = False
        self.meanwhile: int | None = None
        self.answers = KeptUpAnswers(
            KeptUp(changed=ROWS_CHANGED, begin=Sums), self.behind, self.build
        )

    def change(self, key: str, value: int) -> None:
        self.rows[key] = Row(key, max(row.position for row in self.rows.values()) + 1, value)

    async def behind(self, position: int, most: int) -> list[Row]:
        await asyncio.sleep(0)
        if self.away:
            raise Unavailable("away")
        rows = sorted(self.rows.values(), key=lambda row: row.position)
        found = [row for row in rows if row.position > position][:most]
        self.given += len(found)
        self.built, self.meanwhile = self.meanwhile or self.built, None
        return found

    async def build(self) -> int:
        return self.built

    async def settled(self) -> None:
        await until(lambda: not self.answers.is_preparing, every_s=0.001)


async def prepared(table: Table) -> None:
    for _ in range(3):
        await table.answers.find("q")
        await table.settled()


async def test_the_second_time_it_prepares_and_then_it_answers():
    table = Table(5_000)
    assert [await table.answers.find("q") for _ in range(2)] == [None, None]
    assert await table.answers.find("q") is None, "it is still preparing"
    await table.settled()
    assert await table.answers.find("q") == [5_000]
    assert await table.answers.find("another") is None


async def test_a_change_costs_what_has_changed():
    table = Table(5_000)
    await prepared(table)
    table.given = 0
    table.change("7", 11)
    table.change("8", 101)
    assert await table.answers.find("q") == [5_110]
    assert table.given == 2


async def test_too_many_changes_are_prepared_anew(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(kept_up, "CHANGED_MOST", 3)
    table = Table(100)
    await prepared(table)
    for n in range(1, 5):
        table.change(str(n), 0)
    assert await table.answers.find("q") is None
    await table.settled()
    assert await table.answers.find("q") == [96]


async def test_rows_of_tables_that_were_replaced_count_for_nothing():
    table = Table(100)
    await prepared(table)
    table.rows, table.built = {"1": Row("1", 1, 5)}, 2
    assert await table.answers.find("q") is None
    await table.settled()
    assert await table.answers.find("q") == [5]


async def test_nor_do_those_that_are_replaced_while_they_are_read():
    table = Table(100)
    await table.answers.find("q")
    table.meanwhile = 2
    await table.answers.find("q")
    await table.settled()
    assert await table.answers.find("q") is None
    await table.settled()
    assert await table.answers.find("q") == [100]
    table.meanwhile = 3
    table.change("1", 2)
    assert await table.answers.find("q") is None


async def test_too_many_rows_are_the_databases(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(kept_up, "ROWS_MOST", 50)
    table = Table(100)
    for _ in range(4):
        assert await table.answers.find("q") is None
        await table.settled()
    assert table.given == 100, "looked at once"
    table.rows, table.built = {"1": Row("1", 1, 5)}, 2
    await prepared(table)
    assert await table.answers.find("q") == [5]


async def test_an_outage_while_it_prepares_is_waited_for_by_nobody():
    table = Table(10)
    table.away = True
    for _ in range(3):
        assert await table.answers.find("q") is None
        await table.settled()
    table.away = False
    await prepared(table)
    assert await table.answers.find("q") == [10]
