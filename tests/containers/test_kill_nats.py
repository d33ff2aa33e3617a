"""`docker kill` of NATS under load: every acknowledged command is in the log exactly once."""

import asyncio
from collections import Counter

import pytest

from containers.engine import Nats
from support.patience import until
from support.service_process import Process

pytestmark = pytest.mark.docker

CLIENTS = 16
KILLS = 2


async def test_a_service_whose_nats_is_killed_does_every_acknowledged_command_once(
    service: Process, own_nats: Nats
):
    acknowledged: list[str] = []
    asked: set[str] = set()
    stop = asyncio.Event()

    async def client(n: int, ref: str) -> None:
        k = 0
        while not stop.is_set():
            text = f"client {n}, note {k}"
            asked.add(text)
            reply = await service.post(
                f"/v1/incidents/{ref}/add_note", {"text": text}, idempotency_key=f"{n}-{k}"
            )
            if reply.status == 200:
                acknowledged.append(text)
                k += 1
            else:
                assert reply.status == 503, reply
                await asyncio.sleep(0.05)

    async def more() -> None:
        enough = len(acknowledged) + 100
        await until(lambda: len(acknowledged) >= enough)

    refs = [(await service.declare(f"Load {n}"))["id"] for n in range(CLIENTS)]
    async with asyncio.TaskGroup() as clients:
        for n, ref in enumerate(refs):
            clients.create_task(client(n, ref))
        for _ in range(KILLS):
            await more()
            await own_nats.kill()
            await asyncio.sleep(0.5)
            await own_nats.restart()
        await more()
        stop.set()

    events = [line["event"] for ref in refs for line in await service.events(ref)]
    kept = Counter(event["text"] for event in events if event["tag"] == "incident.note_added.v1")
    assert set(acknowledged) <= kept.keys() <= asked
    assert set(kept.values()) == {1}
    verified = await service.cli("verify")
    assert verified.status == 0, verified.out + verified.err
