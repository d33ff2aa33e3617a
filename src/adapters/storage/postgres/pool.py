"""Connections to PostgreSQL, and how its outages look to us."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urlsplit

import asyncpg

from handlers.kernel.ports import TooCostly, Unavailable
from handlers.projecting.projector import Unbuilt

if TYPE_CHECKING:  # generic in the stubs only
    from asyncpg.pool import PoolConnectionProxy

    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]
    Pool: TypeAlias = asyncpg.Pool[asyncpg.Record]
else:
    Connection, Pool = asyncpg.Connection, asyncpg.Pool

OLDEST_SERVER = 14
START_PAUSE_S = 0.1
ANSWER_S = 5.0  # who asks hears of an outage soon, also where the server hangs
COSTS_S = 4.5
"""A server that is there gives up a question after that, before it counts as silent."""
TURN_S = 2.0  # for a connection to get, and to give back

SETTINGS = {
    "application_name": "commandpost",
    # Rows and position are committed together, so a crash that loses the last moments loses both,
    # and the projector writes them again. The truth is elsewhere: nothing here waits for a disk.
    "synchronous_commit": "off",
    "timezone": "UTC",  # checksums are taken over text
    "jit": "off",
    # A dead peer's advisory lock is freed after about 10 s even when its host has vanished.
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
}

_GONE = (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError)
_OUTAGE = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.TransactionRollbackError,  # deadlock, serialization: the next try may succeed
    asyncpg.LockNotAvailableError,  # somebody swaps in tables just now
    asyncpg.ReadOnlySQLTransactionError,  # a primary that has become a standby
    asyncpg.InternalClientError,  # also raised when a session ends while a statement is prepared
    OSError,
    TimeoutError,
)


class DatabaseError(Exception):
    """PostgreSQL cannot be used as configured; the message says what to change."""


@contextmanager
def outages() -> Iterator[None]:
    """Turn asyncpg's errors into `Unavailable` and `Unbuilt`; faults of ours stay what they are.
    Whoever was cancelled stays cancelled, though giving a connection back has failed after that.
    """
    try:
        yield
    except _GONE as error:
        raise Unbuilt(str(error)) from error
    except asyncpg.QueryCanceledError as error:
        raise TooCostly(f"PostgreSQL: {error}") from error
    except _OUTAGE as error:
        if (task := asyncio.current_task()) and task.cancelling():
            raise asyncio.CancelledError from error
        raise Unavailable(f"PostgreSQL: {error or type(error).__name__}") from error
    except asyncpg.InterfaceError as error:
        if "clos" not in str(error):  # closed, or closing: the rest are mistakes of ours
            raise
        raise Unavailable(f"PostgreSQL: {error}") from error


async def connect(url: str, *, timeout_s: float = 5.0) -> Connection:
    """One connection of its own, for a lock or a long COPY. Raises `Unavailable`."""
    with outages():
        return await asyncpg.connect(url, timeout=timeout_s, server_settings=SETTINGS)


async def open_pool(url: str, *, size: int = 8, wait_s: float = 15.0) -> Pool:
    """A pool of at most `size` connections; waits up to `wait_s` for a server that is starting.

    Raises `DatabaseError`, which names the server but never the password.
    """
    where = _without_password(url)
    try:
        async with asyncio.timeout(wait_s):
            return await _open(url, size)
    except TimeoutError as error:
        reason = f"no answer within {wait_s:.0f} s (is it running, is the port right?)"
        raise DatabaseError(f"PostgreSQL at {where}: {reason}") from error
    except (ValueError, asyncpg.InterfaceError) as error:
        raise DatabaseError(f"database URL {where} cannot be used: {error}") from error
    except asyncpg.PostgresError as error:
        raise DatabaseError(f"PostgreSQL at {where}: {_advice(error)}") from error


async def _open(url: str, size: int) -> Pool:
    # No minimum: asyncpg restores one in the background, with a traceback for every failed try.
    pool = await asyncpg.create_pool(
        url,
        min_size=0,
        max_size=size,
        command_timeout=30.0,
        server_settings={**SETTINGS, "statement_timeout": f"{COSTS_S * 1000:.0f}"},
        reset=_leave,
    )
    while True:
        try:
            async with pool.acquire() as connection:
                version = connection.get_server_version()
            break
        except (OSError, asyncpg.CannotConnectNowError, asyncpg.TooManyConnectionsError):
            await asyncio.sleep(START_PAUSE_S)
    if version.major < OLDEST_SERVER:
        await pool.close()
        raise DatabaseError(
            f"PostgreSQL {version.major} at {_without_password(url)} is too old: "
            f"{OLDEST_SERVER} or later is needed"
        )
    return pool


async def _leave(_: Connection) -> None:
    """Who borrows a connection of the pool asks, and sets nothing: it is given back as it is, which
    saves a second round trip for each question. A transaction left open is rolled back all the
    same, and a connection that is broken is given up.
    """


async def ask(pool: Pool, query: str, *values: Any) -> list[asyncpg.Record]:
    """The rows that answer a question. A server that is there but silent is as good as gone: its
    connection is given up. Raises `Unavailable` within 9 s, `Unbuilt`.
    """
    with outages():
        async with pool.acquire(timeout=TURN_S) as connection:  # that long for its release as well
            return list(await connection.fetch(query, *values, timeout=ANSWER_S))


def _advice(error: Exception) -> str:
    match error:
        case asyncpg.InvalidPasswordError() | asyncpg.InvalidAuthorizationSpecificationError():
            return f"{error} (check user and password in the database URL)"
        case asyncpg.InvalidCatalogNameError():
            return f"{error}; create it first: CREATE DATABASE …"
        case asyncpg.InsufficientPrivilegeError():
            return f"{error}; the user must own the database, or hold CREATE on it"
        case _:
            return str(error)


def _without_password(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port or 5432
    except ValueError:
        return "(not a URL)"
    return f"{parts.hostname or 'localhost'}:{port}{parts.path}"
