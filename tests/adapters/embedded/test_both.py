"""Both servers together: nothing is left behind, however the process that started them ends."""

import asyncio
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg
import msgspec
import nats
import pytest

from adapters.embedded import EmbeddedServerError, Servers, embedded_servers
from adapters.embedded.processes import ServerProcess
from adapters.embedded.server_log import ServerLog
from support.patience import PATIENT_S

Until = Callable[[Callable[[], bool], float], Awaitable[bool]]
PARENT = """
import asyncio, pathlib, sys
import msgspec
from adapters.embedded import embedded_servers

async def main():
    async with embedded_servers(pathlib.Path(sys.argv[1])) as servers:
        print(msgspec.json.encode(servers).decode(), flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


def there(pid: int) -> bool:
    """Whether a process runs: one that ended but was not reaped does not count."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def family(pid: int) -> list[int]:
    """A process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


async def start_parent(state: Path) -> tuple[asyncio.subprocess.Process, Servers]:
    """Another Python process that runs both servers."""
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, str(state), stdout=subprocess.PIPE
    )
    assert parent.stdout is not None
    line = await asyncio.wait_for(parent.stdout.readline(), PATIENT_S)
    return parent, msgspec.json.decode(line, type=Servers)


async def use(servers: Servers) -> bytes:
    """Write something new to both, durably."""
    body = secrets.token_bytes(8)
    client = await nats.connect(servers.nats_admin_url)
    stream = client.jetstream()
    await stream.add_stream(name="EVENTS", subjects=["incident.*"])
    await stream.publish("incident.1", body)
    await client.close()
    connection = await asyncpg.connect(servers.database_url)
    await connection.execute("SET synchronous_commit = on")
    await connection.execute("CREATE TABLE IF NOT EXISTS t (body bytea)")
    await connection.execute("INSERT INTO t VALUES ($1)", body)
    await connection.close()
    return body


async def assert_intact(servers: Servers, body: bytes) -> None:
    """What `use` wrote last is there."""
    client = await nats.connect(servers.nats_url)
    assert (await client.jetstream().get_last_msg("EVENTS", "incident.1")).data == body
    await client.close()
    connection = await asyncpg.connect(servers.database_url)
    assert await connection.fetchval("SELECT count(*) FROM t WHERE body = $1", body) == 1
    await connection.close()


async def test_kill_9_of_the_parent_leaves_no_process_and_all_data(
    shared_state: Path, until: Until
):
    parent, servers = await start_parent(shared_state)
    written = await use(servers)
    busy = await asyncpg.connect(servers.database_url)  # a backend at work must not linger either
    query = asyncio.ensure_future(busy.execute("SELECT pg_sleep(60)"))
    await asyncio.sleep(0.1)
    pids = family(servers.nats_pid) + family(servers.postgres_pid)
    assert len(pids) > 5
    parent.kill()
    await parent.wait()
    assert await until(lambda: not any(map(there, pids)), 6.0), [p for p in pids if there(p)]
    with pytest.raises(Exception, match=r"connection|shutdown|terminat"):
        await query
    async with embedded_servers(shared_state) as again:
        await assert_intact(again, written)


async def test_a_start_right_after_kill_9_waits_for_the_old_servers(shared_state: Path):
    parent, servers = await start_parent(shared_state)
    written = await use(servers)
    parent.kill()
    await parent.wait()
    async with embedded_servers(shared_state) as again:
        assert (again.nats_url, again.database_url) == (servers.nats_url, servers.database_url)
        await assert_intact(again, written)


async def test_a_second_process_is_told_which_one_holds_the_folder(shared_state: Path):
    parent, servers = await start_parent(shared_state)
    try:
        with pytest.raises(EmbeddedServerError, match=f"in use by process {parent.pid};"):
            async with embedded_servers(shared_state):
                pass
        assert there(servers.nats_pid)
        assert there(servers.postgres_pid)
    finally:
        parent.kill()
        await parent.wait()


async def test_an_interrupted_parent_stops_its_servers(shared_state: Path):
    parent, servers = await start_parent(shared_state)
    parent.send_signal(signal.SIGINT)
    await asyncio.wait_for(parent.wait(), PATIENT_S)
    assert not there(servers.nats_pid)
    assert not there(servers.postgres_pid)


async def test_leaving_the_block_by_an_error_stops_both(shared_state: Path):
    with pytest.raises(ZeroDivisionError):
        async with embedded_servers(shared_state) as servers:
            raise ZeroDivisionError
    assert not there(servers.nats_pid)
    assert not there(servers.postgres_pid)


async def test_when_one_cannot_start_the_other_is_stopped(state: Path):
    (state / "nats").mkdir()
    (state / "nats" / "jetstream").write_text("a file where a folder has to be")
    with pytest.raises(EmbeddedServerError, match="nats-server ended"):
        async with embedded_servers(state):
            pass
    (state / "nats" / "jetstream").unlink()
    async with embedded_servers(state) as servers:
        assert there(servers.postgres_pid)


async def test_descriptors_are_given_back(shared_state: Path):
    def open_files() -> int:
        return len(os.listdir("/proc/self/fd"))

    async with embedded_servers(shared_state):
        pass
    before = open_files()
    for _ in range(3):
        async with embedded_servers(shared_state):
            pass
    assert open_files() == before


async def test_the_lifeline_ends_a_server_where_the_kernel_does_not(state: Path):
    """The way of systems without PDEATHSIG, which works here too: closing the pipe is our death."""
    lock = os.open(state / "lock", os.O_RDWR | os.O_CREAT)
    process = ServerProcess.spawn(
        ["/bin/sleep", "60"],
        log=ServerLog(state / "log" / "sleep.log"),
        death_signal=signal.SIGTERM,
        lock_fd=lock,
        use_lifeline=True,
    )
    await asyncio.sleep(0.3)
    assert process.running
    os.close(process._lifeline)
    process._lifeline = -1
    assert await process.gone(3.0)
    assert process.returncode == -signal.SIGTERM
    os.close(lock)
