"""One connection writes the rows of all read models of a process: what several have to write at the
same moment is one statement, so one round trip and one commit.

A part changes nothing unless its own position moves, so that one that was fenced out holds none of
the others back; and where a statement fails as a whole, each part is tried alone.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple, TypeVar

import asyncpg

from adapters.storage.postgres.pool import ANSWER_S, Connection, connect, outages
from handlers.kernel.ports import Unavailable

T = TypeVar("T")

WRITE_TIMEOUT_S = 60.0
CLOSE_TIMEOUT_S = 1.0
LOCK_TIMEOUT = "SET lock_timeout = '2s'"
"""So long may a part wait for whoever swaps in its rebuilt tables: the others wait as long."""
TRY_LOCK = "SELECT pg_try_advisory_lock(hashtext('commandpost.projector'), hashtext($1))"
"""Held from the claim of a schema to its release, or to the end of the session."""
UNLOCK = "SELECT pg_advisory_unlock(hashtext('commandpost.projector'), hashtext($1))"

REACHED = "SELECT schema, position FROM commandpost.projection"
REACHED_S = 1.0  # so long does what was asked of those who are led elsewhere count

GATHERED = 4
"""Turns of the event loop before the first write of a batch."""
STATEMENTS_MAX = 200

Written = Callable[[int, str], str]
"""Common table expressions by the number of their first parameter, and a prefix of their names; the
one named `fence` has a row if the position has moved.
"""


class Part(NamedTuple):
    """What one schema is to have written, and whether something is set `aside` with it, which takes
    another statement.
    """

    schema: str
    aside: bool
    written: Written
    arguments: Sequence[Any]


class RowSession:
    """The connection, and which schemas were claimed over it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Connection | None = None
        self._claimed: set[str] = set()
        self._turn = asyncio.Lock()
        self._statements: dict[tuple[tuple[str, bool], ...], str] = {}
        self._waiting: list[tuple[Part, asyncio.Future[bool]]] = []
        self._writing: asyncio.Task[None] | None = None
        self._reached: dict[str, int] = {}
        self._reached_at = -REACHED_S

    async def reached(self) -> Mapping[str, int]:
        """How far the rows of each schema have come, whoever writes them. Raises `Unavailable`."""
        async with self._turn:
            if time.monotonic() - self._reached_at >= REACHED_S:
                with outages():
                    rows = await self._connected().fetch(REACHED, timeout=ANSWER_S)
                self._reached = {row["schema"]: row["position"] for row in rows}
                self._reached_at = time.monotonic()
        return self._reached

    async def claim(self, schema: str) -> bool:
        """Become the one who writes this schema, unless another is. Raises `Unavailable`."""
        async with self._turn:
            if self._connection is None or self._connection.is_closed():
                self._claimed.clear()
                self._connection = await connect(self._url)
                await self._ask(LOCK_TIMEOUT)
            if schema not in self._claimed and await self._ask(TRY_LOCK, schema):
                self._claimed.add(schema)
            return schema in self._claimed

    async def in_turn(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """What else is asked over the connection. Raises `Unavailable`."""
        async with self._turn:
            with outages():
                return await work(self._connected())

    async def release(self, schema: str) -> None:
        """Let another write it; the last one ends the session, and so does who cannot get a turn:
        with the session go all locks. Never fails.
        """
        if schema not in self._claimed:
            return
        self._claimed.discard(schema)
        with suppress(Unavailable, TimeoutError):
            async with asyncio.timeout(CLOSE_TIMEOUT_S), self._turn:
                if self._claimed and await self._ask(UNLOCK, schema):
                    return
        await self._close()

    async def write(self, part: Part) -> bool:
        """Whether its position has moved, and its rows with it. Raises `Unavailable`, and what is
        wrong with this part alone.
        """
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((part, done))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all(), name="rows")
        return await done

    async def _ask(self, query: str, *given: Any) -> Any:
        with outages():
            return await self._connected().fetchval(query, *given, timeout=ANSWER_S)

    def _connected(self) -> Connection:
        if self._connection is None:
            raise Unavailable("PostgreSQL: the connection that writes is gone")
        return self._connection

    async def _write_all(self) -> None:
        for _ in range(GATHERED):  # who folds the same batch has its part ready by then
            await asyncio.sleep(0)
        while self._waiting:
            async with self._turn:
                # In one order, whoever was ready first: so the same parts are the same statement.
                together = sorted(self._waiting, key=lambda each: each[0].schema)
                self._waiting = []
                try:
                    await self._write_together(together)
                finally:
                    for _, done in together:
                        if not done.done():
                            done.set_exception(Unavailable("PostgreSQL: the write was given up"))

    async def _write_together(self, together: "list[tuple[Part, asyncio.Future[bool]]]") -> None:
        try:
            moved = await self._run([part for part, _ in together])
        except Exception as fault:  # noqa: BLE001 - it is raised where the part came from
            if len(together) == 1:
                _settle(together[0][1], fault)
                return
            for each in together:
                await self._write_together([each])
            return
        for (_, done), has_moved in zip(together, moved, strict=True):
            _settle(done, has_moved)

    async def _run(self, parts: Sequence[Part]) -> list[bool]:
        """Whether each has moved."""
        if any(part.schema not in self._claimed for part in parts):
            raise Unavailable("PostgreSQL: the connection that held the lock is gone")
        given = [value for part in parts for value in part.arguments]
        with outages():
            row = await self._connected().fetchrow(
                self._statement(parts), *given, timeout=WRITE_TIMEOUT_S
            )
        assert row is not None, "it selects without a table"
        return [bool(moved) for moved in row]

    def _statement(self, parts: Sequence[Part]) -> str:
        shape = tuple((part.schema, part.aside) for part in parts)
        if shape not in self._statements:
            if len(self._statements) >= STATEMENTS_MAX:
                self._statements.clear()
            self._statements[shape] = statement(parts)
        return self._statements[shape]

    async def _close(self) -> None:
        connection, self._connection = self._connection, None
        self._claimed.clear()
        if connection is not None:
            try:
                with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
                    await connection.close(timeout=CLOSE_TIMEOUT_S)
            finally:
                connection.terminate()


def statement(parts: Sequence[Part]) -> str:
    """All parts as one statement: a row that says of each whether its position has moved."""
    written, moved, first = [], [], 1
    for index, part in enumerate(parts):
        written.append(part.written(first, f"p{index}_"))
        moved.append(f"(SELECT count(*) FROM p{index}_fence)")  # noqa: S608 - a name of ours
        first += len(part.arguments)
    return f"WITH {', '.join(written)} SELECT {', '.join(moved)}"


def _settle(done: "asyncio.Future[bool]", outcome: bool | Exception) -> None:  # noqa: FBT001
    if done.done():  # whoever asked has been cancelled
        return
    if isinstance(outcome, Exception):
        done.set_exception(outcome)
    else:
        done.set_result(outcome)
