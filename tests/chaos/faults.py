"""What may go wrong, each for a few seconds at most. A fault leaves the world able to recover."""

import asyncio
import os
import secrets
import signal
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from random import Random  # noqa: TID251 - seeded, and the seed is printed
from urllib.parse import urlsplit

import nats

from chaos.world import World
from support.http_server import Answer
from support.webhooks import page, signature

Fault = Callable[[World, Random], Awaitable[None]]

GARBAGE = (b"", b"{", b"\xff\xfe\x00", b"[]", b'{"id":"x"}', b"+OK", b"null")


async def kill_service(world: World, _: Random) -> None:
    await world.service.kill()


async def kill_service_and_servers(world: World, _: Random) -> None:
    for pid in world.service.children().values():
        os.kill(pid, signal.SIGKILL)
    await world.service.kill()


async def restart_service(world: World, _: Random) -> None:
    await world.service.stop(within_s=30)


async def kill_nats(world: World, _: Random) -> None:
    _kill(world.pid_of("nats-server"))


async def kill_postgres(world: World, _: Random) -> None:
    _kill(world.pid_of("postgres"))


def _kill(pid: int | None) -> None:
    if pid is not None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


async def freeze_service(world: World, random: Random) -> None:
    async with world.paused(world.service.pid):
        await asyncio.sleep(random.uniform(0.2, 3))


async def freeze_nats(world: World, random: Random) -> None:
    await _freeze(world, random, "nats-server")


async def freeze_postgres(world: World, random: Random) -> None:
    await _freeze(world, random, "postgres")


async def _freeze(world: World, random: Random, server: str) -> None:
    pid = world.pid_of(server)
    if pid is not None:
        async with world.paused(pid):
            await asyncio.sleep(random.uniform(0.2, 4))


async def garbage_into_the_log(world: World, random: Random) -> None:
    """Bytes that are no commit, on subjects that are no stream of ours, or are one."""
    subject = random.choice(
        [
            "incident.evil",
            f"incident.{_uuid(random)}",
            "notification.x",
            f"quarantine.{_uuid(random)}",
        ]
    )
    await _publish(world, subject, random.choice(GARBAGE), in_log=True)


async def garbage_elsewhere(world: World, random: Random) -> None:
    """On the streams of signals and numbers, and on subjects of commands."""
    subject = random.choice(
        ["signals.nobody", "signals.shop", "reference.abc", "commands.incident.declare"]
    )
    await _publish(world, subject, random.choice(GARBAGE), in_log=False)


async def a_stranger_wants_the_answer_in_the_log(world: World, _: Random) -> None:
    await _publish(
        world, "commands.incident.declare", b'{"title":"x"}', in_log=False, reply="incident.evil"
    )


async def _publish(
    world: World, subject: str, body: bytes, *, in_log: bool, reply: str = ""
) -> None:
    try:
        client = await world.head_of_log()
        try:
            if not in_log:
                await client.publish(subject, body, reply=reply)
                await client.flush()
                return
            ack = await client.jetstream().publish(subject, body)
            world.garbage.append(ack.seq)
        finally:
            await client.close()
    except (nats.errors.Error, OSError, TimeoutError):
        return  # NATS is away: another fault has been quicker


async def receiver_is_slow(world: World, random: Random) -> None:
    await _receiver(world, Answer(204, wait_s=random.uniform(0.5, 3)), random)


async def receiver_hangs_up(world: World, random: Random) -> None:
    await _receiver(world, Answer(0), random)


async def receiver_is_broken(world: World, random: Random) -> None:
    await _receiver(world, Answer(503), random)


async def _receiver(world: World, answer: Answer, random: Random) -> None:
    world.receiver.answer = answer
    await asyncio.sleep(random.uniform(0.5, 2))
    world.receiver.answer = Answer(204)


async def idle_connections(world: World, random: Random) -> None:
    """Many that say nothing, and some that say half of a request."""
    host, port = urlsplit(world.service.where["http_url"]).netloc.split(":")
    opened = []
    try:
        for place in range(150):
            reader, writer = await asyncio.open_connection(host, int(port))
            if place % 3 == 0:
                writer.write(b"POST /v1/incidents HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-le")
            opened.append((reader, writer))
        await asyncio.sleep(random.uniform(0.2, 1))
    except OSError:
        pass  # refused: that is an answer, too
    finally:
        for _, writer in opened:
            writer.close()


async def storm_of_pages(world: World, _: Random) -> None:
    """Many alerts at once; each is to become an incident."""

    async def one(alert: str) -> None:
        body = page("triggered", alert, f"event-{alert}")
        headers = {**signature(body), "content-type": "application/json"}
        answer = await world.clients.post("/v1/webhooks/pagerduty/pd", body, headers)
        if answer.status == 200:
            world.clients.pages[alert] = time.monotonic()

    mark = secrets.token_hex(4)
    await asyncio.gather(*(one(f"storm-{mark}-{n}") for n in range(20)))


async def full_disk(world: World, random: Random) -> None:
    """The disk of the log has no room for some seconds; nothing happens where it has no own one."""
    if world.disk is None:
        return
    world.disk.fill()
    await asyncio.sleep(random.uniform(1, 7))
    world.disk.make_room()


async def keep_copy_of_log(world: World, _: Random) -> None:
    await world.keep_copy()


async def lose_end_of_log(world: World, random: Random) -> None:
    """Put back what was copied at some time before; without a copy, make one now."""
    if world.copy is None:
        await world.keep_copy()
        await world.clients.flowing(random.randint(20, 100))
    await world.lose_end()
    world.copy = None


def _uuid(random: Random) -> str:
    digits = f"{random.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:]}"


FAULTS: dict[Fault, int] = {
    kill_service: 4,
    kill_service_and_servers: 2,
    restart_service: 3,
    kill_nats: 6,
    kill_postgres: 6,
    freeze_service: 4,
    freeze_nats: 5,
    freeze_postgres: 5,
    garbage_into_the_log: 10,
    garbage_elsewhere: 10,
    a_stranger_wants_the_answer_in_the_log: 6,
    receiver_is_slow: 8,
    receiver_hangs_up: 8,
    receiver_is_broken: 8,
    idle_connections: 6,
    storm_of_pages: 5,
    full_disk: 3,
    keep_copy_of_log: 1,
    lose_end_of_log: 2,
}
"""How often each comes, among the others."""
