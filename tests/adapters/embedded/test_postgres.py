"""The embedded PostgreSQL: its life, its data, and as whom it runs."""

import asyncio
import json
import os
import socket
import stat
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from adapters.embedded import EmbeddedPostgres, EmbeddedServerError, embedded_postgres, placement


async def ask(url: str, *statements: str) -> object:
    """Run statements; the value of the last."""
    connection = await asyncpg.connect(url, timeout=5)
    try:
        for statement in statements[:-1]:
            await connection.execute(statement)
        return await connection.fetchval(statements[-1])
    finally:
        await connection.close()


async def test_the_data_survives_a_stop_and_a_start(shared_state: Path):
    async with embedded_postgres(shared_state) as server:
        await ask(
            server.url,
            "CREATE TABLE the_data_surviv AS SELECT 42 AS n",
            "SELECT n FROM the_data_surviv",
        )
        before = server.url
    async with embedded_postgres(shared_state) as server:
        assert await ask(server.url, "SELECT n FROM the_data_surviv") == 42
        assert server.url == before


async def test_a_killed_server_restarts_on_the_same_port_and_recovers(shared_state: Path):
    async with embedded_postgres(shared_state) as server:
        durable = "SET synchronous_commit = on"
        await ask(
            server.url,
            durable,
            "CREATE TABLE a_killed_server AS SELECT 42 AS n",
            "SELECT n FROM a_killed_server",
        )
        url, pid = server.url, server.pid
        idle = await asyncpg.connect(server.url)
        await server.kill()
        assert not server.running
        await server.restart()
        assert (server.url, server.running) == (url, True)
        assert server.pid != pid
        assert await ask(server.url, "SELECT n FROM a_killed_server") == 42
        idle.terminate()


async def test_a_running_server_can_be_restarted(shared_state: Path):
    async with embedded_postgres(shared_state) as server:
        await server.restart()
        assert await ask(server.url, "SELECT 1") == 1


async def test_it_is_what_the_read_models_need(shared_state: Path):
    async with embedded_postgres(shared_state) as server:
        settings = {
            name: await ask(server.url, f"SHOW {name}")
            for name in ("server_encoding", "fsync", "synchronous_commit", "password_encryption")
        }
        assert settings == {
            "server_encoding": "UTF8",
            "fsync": "on",
            "synchronous_commit": "off",
            "password_encryption": "scram-sha-256",
        }
        assert str(await ask(server.url, "SHOW server_version_num")).startswith("18")
        assert await ask(server.url, "SELECT 'É' > 'z' AND lower('É') = 'é'"), "by code point"


def as_superuser(server: EmbeddedPostgres, state: Path) -> str:
    """The URL by which the service does not use its database, and earlier releases did."""
    home = placement.data_home(state, placement.unprivileged_user())
    password = json.loads((home / "settings.json").read_bytes())["password"]
    parts = urlsplit(server.url)
    return parts._replace(netloc=f"commandpost:{password}@127.0.0.1:{parts.port}").geturl()


async def test_it_listens_on_loopback_only_and_asks_for_the_password(shared_state: Path):
    async with embedded_postgres(shared_state) as server:
        assert await ask(server.url, "SHOW listen_addresses") == "127.0.0.1"
        assert await ask(as_superuser(server, shared_state), "SHOW unix_socket_directories") == ""
        secret = urlsplit(server.url).password or ""
        with pytest.raises(asyncpg.InvalidPasswordError):
            await ask(server.url.replace(secret, "guess"), "SELECT 1")


def owner_of(pid: int) -> int:
    """The user a process runs as."""
    return Path(f"/proc/{pid}").stat().st_uid


async def test_it_never_runs_as_root(shared_state: Path):
    async with embedded_postgres(shared_state) as server:
        owner = owner_of(server.pid)
        assert owner != 0
        assert owner == (os.geteuid() or owner)


async def test_the_password_is_the_owners_alone(shared_state: Path):
    async with embedded_postgres(shared_state) as server:
        home = placement.data_home(shared_state, placement.unprivileged_user())
        secret = json.loads((home / "settings.json").read_bytes())["password"].encode()
        given = (urlsplit(server.url).password or "no password").encode()
        files = {each.name: each for each in home.iterdir() if each.is_file()}
        assert [name for name, each in files.items() if secret in each.read_bytes()] == [
            "settings.json"
        ]
        assert not [name for name, each in files.items() if given in each.read_bytes()]
        assert stat.S_IMODE(files["settings.json"].stat().st_mode) == 0o600
        assert stat.S_IMODE((home / "data").stat().st_mode) == 0o700


async def test_the_service_owns_its_database_and_is_no_superuser(shared_state: Path):
    async with embedded_postgres(shared_state) as server:
        role = "SELECT rolsuper OR rolcreaterole OR rolreplication OR rolbypassrls FROM pg_roles"
        assert await ask(server.url, f"{role} WHERE rolname = current_user") is False
        for denied in ("COPY (SELECT 1) TO PROGRAM 'true'", "SELECT pg_read_file('/etc/hostname')"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await ask(server.url, denied)
        assert await ask(server.url, "SELECT rolpassword FROM pg_roles WHERE rolsuper") == "*" * 8


async def test_what_an_earlier_release_made_as_superuser_is_handed_over(state: Path):
    """Rows, views, functions: the service goes on with them, and drops what it replaces."""
    async with embedded_postgres(state) as server:
        earlier = as_superuser(server, state)
        for made in (
            "ALTER DATABASE commandpost OWNER TO commandpost",
            'CREATE SCHEMA "board_v1"',
            'CREATE TABLE "board_v1".incident (id text, number int GENERATED ALWAYS AS IDENTITY)',
            'CREATE VIEW "board_v1".open AS SELECT id FROM "board_v1".incident',
            'CREATE FUNCTION "board_v1".one(text) RETURNS int LANGUAGE sql AS $$SELECT 1$$',
        ):
            await ask(earlier, made)
    async with embedded_postgres(state) as server:
        for owned in (
            'INSERT INTO "board_v1".incident (id) VALUES (1)',
            'DROP FUNCTION "board_v1".one(text)',
            'DROP SCHEMA "board_v1" CASCADE',
            'CREATE SCHEMA "board_v2"',
        ):
            await ask(server.url, owned)


async def test_a_second_server_on_the_folder_is_told_who_holds_it(shared_state: Path):
    async with embedded_postgres(shared_state):
        with pytest.raises(EmbeddedServerError, match=rf"in use by process {os.getpid()};"):
            await EmbeddedPostgres(shared_state).start()


async def test_a_taken_port_is_given_up_for_another_one(shared_state: Path):
    async with embedded_postgres(shared_state) as server:
        port = urlsplit(server.url).port or 0
    with socket.create_server(("127.0.0.1", port)):
        async with embedded_postgres(shared_state) as server:
            assert urlsplit(server.url).port != port


async def test_a_server_that_cannot_start_shows_the_end_of_its_log(state: Path):
    async with embedded_postgres(state):
        pass
    home = placement.data_home(state, placement.unprivileged_user())
    (home / "data" / "global" / "pg_control").unlink()
    with pytest.raises(EmbeddedServerError, match=r"ended with status(.|\n)*pg_control"):
        await EmbeddedPostgres(state).start()


async def test_a_server_that_is_not_ready_in_time_is_ended_and_reported(shared_state: Path):
    server = EmbeddedPostgres(shared_state, start_timeout_s=0.0)
    with pytest.raises(EmbeddedServerError, match="not ready after 0 s"):
        await server.start()
    assert not server.running


async def test_the_lock_file_of_a_killed_server_does_not_stop_the_next(shared_state: Path):
    async with embedded_postgres(shared_state):
        pass
    home = placement.data_home(shared_state, placement.unprivileged_user())
    sleeper = await asyncio.create_subprocess_exec("sleep", "60")
    try:
        # Another process has got the id of the killed postmaster: usual in containers.
        (home / "data" / "postmaster.pid").write_text(
            f"{sleeper.pid}\n{home}/data\n0\n0\n\n\n0 0\n"
        )
        async with embedded_postgres(shared_state) as server:
            assert await ask(server.url, "SELECT 1") == 1
    finally:
        sleeper.kill()
        await sleeper.wait()


async def test_an_initdb_that_was_cut_short_is_begun_anew(state: Path):
    home = placement.data_home(state, placement.unprivileged_user())
    (home / "data.new").mkdir()
    (home / "data.new" / "PG_VERSION").write_text("18\n")
    async with embedded_postgres(state) as server:
        assert await ask(server.url, "SELECT 1") == 1


async def test_data_of_another_major_version_is_refused_with_the_way_out(state: Path):
    home = placement.data_home(state, placement.unprivileged_user())
    (home / "data").mkdir()
    (home / "data" / "PG_VERSION").write_text("17\n")
    with pytest.raises(EmbeddedServerError, match=r"made by PostgreSQL 17.*delete it"):
        await EmbeddedPostgres(state).start()
