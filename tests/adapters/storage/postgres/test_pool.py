"""Start-up errors tell an operator what to change, and never the password."""

import asyncio
from urllib.parse import urlsplit

import pytest

from adapters.embedded import embedded_postgres
from adapters.embedded.processes import free_port
from adapters.storage.postgres import pool as pools
from adapters.storage.postgres.pool import DatabaseError, ask, connect, open_pool
from handlers.entrance.outage import outage_of
from handlers.kernel.ports import TooCostly, Unavailable


def changed(url: str, **parts: object) -> str:
    """The URL with another user, password, port or database."""
    split = urlsplit(url)
    given = {
        "user": split.username,
        "password": split.password,
        "port": split.port,
        "database": split.path[1:],
    } | parts
    return "postgresql://{user}:{password}@127.0.0.1:{port}/{database}".format(**given)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"password": "s3cret"}, "check user and password"),
        ({"database": "nowhere"}, 'database "nowhere" does not exist; create it first'),
        ({"port": free_port()}, "no answer within 0 s"),
        ({"port": "x"}, "cannot be used"),
    ],
)
async def test_what_is_wrong_is_said(database_url, parts, said):
    with pytest.raises(DatabaseError) as error:
        await open_pool(changed(database_url, **parts), wait_s=0.4)
    assert said in str(error.value)
    password = str(parts.get("password") or urlsplit(database_url).password)
    assert password not in str(error.value)


async def test_a_server_that_is_starting_is_waited_for(tmp_path):
    async with embedded_postgres(tmp_path) as server:
        await server.kill()
        opening = asyncio.create_task(open_pool(server.url, wait_s=20))
        await asyncio.sleep(0.2)
        await server.restart()
        pool = await opening
        assert await pool.fetchval("SELECT 1") == 1
        await pool.close()


async def test_a_lone_connection_fails_as_unavailable(database_url):
    with pytest.raises(Unavailable, match="PostgreSQL"):
        await connect(changed(database_url, port=free_port()))


async def test_a_question_is_one_round_trip(fresh_database):
    """Nothing is set over a pooled connection, so nothing is reset as it is given back."""
    pool = await open_pool(fresh_database, size=1)
    async with pool.acquire() as connection:
        started = "SELECT query_start, query FROM pg_stat_activity WHERE pid = $1"
        pid = connection.get_server_pid()
    async with asyncio.timeout(10):
        other = await connect(fresh_database)
        await ask(pool, "SELECT 1 AS asked")
        row = await other.fetchrow(started, pid)
        await other.close()
    await pool.close()
    assert row["query"] == "SELECT 1 AS asked", "the last thing that the server was told"


async def test_what_fails_leaves_the_connection_as_it_was(fresh_database):
    pool = await open_pool(fresh_database, size=1)
    with pytest.raises(Exception, match="division by zero"):
        await ask(pool, "SELECT 1 / 0")
    async with pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute("CREATE TABLE left_open (n integer)")
    assert await ask(pool, "SELECT to_regclass('left_open') IS NULL AS gone") == [(True,)]
    await pool.close()


async def test_a_question_that_takes_too_long_is_none_of_an_outage(database_url, monkeypatch):
    monkeypatch.setattr(pools, "COSTS_S", 0.05)
    pool = await open_pool(database_url)
    try:
        with pytest.raises(TooCostly):
            await ask(pool, "SELECT pg_sleep(60)")
        assert (await ask(pool, "SELECT 1"))[0][0] == 1, "the server goes on"
        assert outage_of(TooCostly("")).code == "query.too_costly"
    finally:
        await pool.close()
