"""The embedded nats-server: its life, its data, and what the application may not do."""

import asyncio
import os
import socket
import stat
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import nats
import pytest
from nats.aio.client import Client
from nats.errors import NoRespondersError
from nats.js.api import StreamConfig
from nats.js.errors import NotFoundError

from adapters.embedded import (
    EmbeddedNats,
    EmbeddedServerError,
    embedded_nats,
    nats_server,
    processes,
)
from adapters.embedded.server_log import LOG_LIMIT_BYTES
from support.patience import PATIENT_S

Until = Callable[[Callable[[], bool], float], Awaitable[bool]]
LOG = StreamConfig(name="EVENTS", subjects=["incident.*"], deny_delete=True, deny_purge=True)


async def connected(url: str) -> Client:
    """A connection that does not outlive a failing test by much."""
    return await nats.connect(url, max_reconnect_attempts=1, connect_timeout=2)


async def stored(server: EmbeddedNats) -> list[bytes]:
    """The bodies in EVENTS, in order."""
    client = await connected(server.admin_url)
    stream = client.jetstream()
    try:
        count = (await stream.stream_info("EVENTS")).state.messages
        bodies = [(await stream.get_msg("EVENTS", n)).data for n in range(1, count + 1)]
    finally:
        await client.close()
    return [body or b"" for body in bodies]


async def write(server: EmbeddedNats, *bodies: bytes) -> None:
    """Store bodies in EVENTS, which is made if it is not there."""
    client = await connected(server.admin_url)
    stream = client.jetstream()
    await stream.add_stream(LOG)
    for body in bodies:
        await stream.publish("incident.1", body)
    await client.close()


async def test_the_log_survives_a_stop_and_a_start(state: Path):
    async with embedded_nats(state) as server:
        await write(server, b"declared")
        before = server.url
    async with embedded_nats(state) as server:
        assert await stored(server) == [b"declared"]
        assert server.url == before, "ports and passwords stay, so clients need no news"


async def test_a_killed_server_restarts_on_the_same_port_with_every_acknowledged_message(
    state: Path,
):
    async with embedded_nats(state, sync_always=True) as server:
        await write(server, b"one", b"two")
        url, pid = server.url, server.pid
        await server.kill()
        assert not server.running
        await server.restart()
        assert (server.url, server.running) == (url, True)
        assert server.pid != pid
        assert await stored(server) == [b"one", b"two"]


async def test_a_client_reconnects_by_itself_after_a_restart(state: Path, until: Until):
    async with embedded_nats(state) as server:
        client = await nats.connect(server.url, reconnect_time_wait=0.05, max_reconnect_attempts=-1)
        await server.kill()
        await asyncio.sleep(0.3)
        await server.restart()
        assert await until(lambda: client.is_connected, 5)
        await client.flush(timeout=2)
        await client.close()


async def test_it_listens_on_loopback_only(state: Path):
    async with embedded_nats(state) as server:
        assert await asyncio.to_thread(read, f"{server.monitor_url}/varz")
        for url in (server.url, server.monitor_url):
            assert not reachable_from_outside(urlsplit(url).port or 0)


def read(url: str) -> bytes:
    """The body of an answer."""
    with urlopen(url, timeout=5) as answer:
        return bytes(answer.read())


def reachable_from_outside(port: int) -> bool:
    """Whether a port answers on another address of the loopback network than ours."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.2", port)) == 0


async def test_secrets_are_the_owners_alone(state: Path):
    async with embedded_nats(state) as server:
        secret = urlsplit(server.url).password or "no password"
        holders = [
            path
            for path in (state / "nats").rglob("*")
            if path.is_file() and secret.encode() in path.read_bytes()
        ]
        assert {path.name for path in holders} == {"settings.json", "server.conf"}
        assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in holders)
        assert secret not in command_line(server.pid)


def command_line(pid: int) -> str:
    """What every user of the machine can see of a process."""
    return Path(f"/proc/{pid}/cmdline").read_text()


async def test_a_stranger_without_a_password_is_refused(state: Path):
    async with embedded_nats(state) as server:
        stranger = f"nats://127.0.0.1:{urlsplit(server.url).port}"
        with pytest.raises(Exception, match="Authorization Violation"):
            await nats.connect(stranger, allow_reconnect=False, connect_timeout=2)


async def test_a_taken_port_is_given_up_for_another_one(state: Path):
    async with embedded_nats(state) as server:
        port = urlsplit(server.url).port or 0
    with socket.create_server(("127.0.0.1", port)):
        async with embedded_nats(state) as server:
            assert urlsplit(server.url).port != port


async def test_a_port_lost_between_choice_and_start_is_tried_anew(
    state: Path, monkeypatch: pytest.MonkeyPatch
):
    with socket.create_server(("127.0.0.1", 0)) as occupied:
        taken = occupied.getsockname()[1]
        choices: list[int] = []

        def loses_the_race_once(preferred: int = 0, avoid: int = 0) -> int:
            choices.append(processes.free_port(preferred, avoid) if choices else taken)
            return choices[-1]

        monkeypatch.setattr(nats_server, "free_port", loses_the_race_once)
        async with embedded_nats(state) as server:
            assert choices[0] == taken
            assert urlsplit(server.url).port in choices[1:]


async def test_a_server_that_cannot_start_shows_the_end_of_its_log(state: Path):
    (state / "nats").mkdir()
    (state / "nats" / "jetstream").write_text("a file where a folder has to be")
    with pytest.raises(EmbeddedServerError, match=r"ended with status(.|\n)*not a directory"):
        await EmbeddedNats(state).start()


async def test_a_server_that_is_not_ready_in_time_is_ended_and_reported(state: Path):
    server = EmbeddedNats(state, start_timeout_s=0.0)
    with pytest.raises(EmbeddedServerError, match="not ready after 0 s"):
        await server.start()
    assert not server.running


async def test_a_running_server_can_be_restarted(state: Path):
    async with embedded_nats(state) as server:
        await write(server, b"one")
        before = server.url
        await server.restart()
        assert server.url == before
        assert await stored(server) == [b"one"]


async def test_the_folder_is_free_again_after_a_failed_start(state: Path):
    (state / "nats").mkdir()
    (state / "nats" / "jetstream").write_text("")
    with pytest.raises(EmbeddedServerError):
        await EmbeddedNats(state).start()
    (state / "nats" / "jetstream").unlink()
    async with embedded_nats(state) as server:
        assert server.running


async def test_a_second_server_on_the_folder_is_told_who_holds_it(state: Path):
    async with embedded_nats(state):
        with pytest.raises(EmbeddedServerError, match=rf"in use by process {os.getpid()};"):
            await EmbeddedNats(state).start()


async def test_the_application_cannot_change_the_log(state: Path):
    async with embedded_nats(state) as server:
        await write(server, b"one", b"two")
        client = await connected(server.url)
        harmless = b'{"name":"EVENTS","subjects":["incident.*"],"max_msgs":1}'
        for request, body in [
            ("STREAM.UPDATE.EVENTS", harmless),
            ("STREAM.DELETE.EVENTS", b""),
            ("STREAM.PURGE.EVENTS", b""),
            ("STREAM.MSG.DELETE.EVENTS", b'{"seq":1}'),
            ("STREAM.RESTORE.EVENTS", b"{}"),
            ("STREAM.PEER.REMOVE.EVENTS", b'{"peer":"x"}'),
            ("CONSUMER.PAUSE.EVENTS.processes", b'{"pause_until":"2099-01-01T00:00:00Z"}'),
        ]:
            with pytest.raises((TimeoutError, NoRespondersError)):
                await client.request(f"$JS.API.{request}", body, timeout=0.2)
        await client.close()
        assert await stored(server) == [b"one", b"two"]


async def test_the_application_can_do_its_work(state: Path):
    async with embedded_nats(state) as server:
        await write(server, b"one")
        client = await connected(server.url)
        stream = client.jetstream()
        assert (await stream.publish("incident.2", b"two")).seq == 2
        pulled = await stream.pull_subscribe("incident.*", durable="reader", stream="EVENTS")
        assert [m.data for m in await pulled.fetch(2, timeout=2)] == [b"one", b"two"]
        await stream.delete_consumer("EVENTS", "reader")
        await client.close()


async def test_the_administrator_may_change_streams(state: Path):
    async with embedded_nats(state) as server:
        client = await connected(server.admin_url)
        stream = client.jetstream()
        await stream.add_stream(StreamConfig(name="SCRATCH", subjects=["scratch"]))
        await stream.delete_stream("SCRATCH")
        with pytest.raises(NotFoundError):
            await stream.stream_info("SCRATCH")
        await client.close()


async def test_a_body_of_one_mebibyte_with_headers_fits(state: Path):
    async with embedded_nats(state) as server:
        await write(server)
        client = await connected(server.url)
        body = b"x" * (1024 * 1024)
        await client.jetstream().publish(
            "incident.1", body, headers={"Signature": "v1=" + "0" * 64}
        )
        await client.close()
        assert await stored(server) == [body]


async def test_a_large_log_file_makes_room(state: Path):
    (state / "log").mkdir()
    (state / "log" / "nats.log").write_bytes(b"old\n" * 3_000_000)
    async with embedded_nats(state):
        assert (state / "log" / "nats.log").stat().st_size < 100_000
        assert (state / "log" / "nats.log.1").stat().st_size == LOG_LIMIT_BYTES


async def test_the_user_who_answers_may_publish_to_inboxes_alone(tmp_path):
    refused: list[str] = []

    async def note(error: Exception) -> None:
        refused.append(str(error))

    async with embedded_nats(tmp_path) as server:
        app = await nats.connect(server.url)
        answers = await nats.connect(server.answers_url, error_cb=note)
        await app.jetstream().add_stream(name="EVENTS", subjects=["incident.*"])
        for subject in ("incident.x", "signals.x", "_INBOX.commandpost.x", "$JS.API.INFO"):
            await answers.publish(subject, b"{}")
        await answers.subscribe("commands.incident.*")
        await answers.subscribe("_INBOX.>")
        await answers.flush()
        async with asyncio.timeout(PATIENT_S):
            while len(refused) < 6:  # noqa: ASYNC110 - the client tells of them one by one
                await asyncio.sleep(0.01)
        assert len(refused) == 6
        assert (await app.jetstream().stream_info("EVENTS")).state.messages == 0

        async def answer(message):
            await message.respond(b"done")

        await answers.subscribe("commands.incident.*", queue="commandpost", cb=answer)
        await answers.flush()
        assert (await app.request("commands.incident.declare", b"{}", 2)).data == b"done"
        await answers.close()
        await app.close()
