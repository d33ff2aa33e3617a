"""The end comes within 8 s, whatever hangs, and at once for who asks twice."""

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import pytest

from support.patience import until
from support.service_process import Process, outside
from support.webhook_sink import receiver, with_webhook

WITHIN_S = 8


@contextmanager
def frozen(pid: int) -> Iterator[list[int]]:
    """A server with all its processes stands still: connected, and silent."""
    family = [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]
    for each in family:
        os.kill(each, signal.SIGSTOP)
    try:
        yield family
    finally:
        for each in family:
            if runs(each):
                os.kill(each, signal.SIGCONT)


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def ends(service: Process) -> float:
    """The seconds that its end takes."""
    began = monotonic()
    await service.stop(within_s=20)
    return monotonic() - began


@pytest.mark.parametrize("server", ["nats-server", "postgres"])
async def test_a_frozen_server_does_not_hold_the_end_up_and_is_ended(server: str):
    async with outside() as service:
        await service.declare()
        with frozen(service.children()[server]) as family:
            waiting = asyncio.create_task(service.http.post("/v1/incidents", json={"title": "t"}))
            await asyncio.sleep(0.2)
            assert await ends(service) < WITHIN_S
            await asyncio.gather(waiting, return_exceptions=True)
            await until(lambda: not any(runs(pid) for pid in family), 2)
        # On a busy machine the end may take as long as it may, and then it is one all the same.
        assert service.status == 0 or "service.ended_at_once" in service.log(), service.log()[
            -2000:
        ]
        assert "Traceback" not in service.log()


async def test_a_receiver_that_hangs_does_not_hold_the_end_up():
    async with receiver() as hook:
        hook.answers.clear()
        async with outside(with_webhook(hook)) as service:
            await service.declare(severity="SEV1")
            await until(lambda: bool(hook.deliveries))
            assert await ends(service) < WITHIN_S
            assert service.status == 0
            assert "Traceback" not in service.log()


async def test_a_second_ctrl_c_means_now():
    async with outside() as service:
        servers = service.children()
        with frozen(servers["nats-server"]):
            os.kill(service.pid, signal.SIGINT)
            await asyncio.sleep(0.7)
            began = monotonic()
            os.kill(service.pid, signal.SIGINT)
            assert await service.ended() == 1
            assert monotonic() - began < WITHIN_S / 2
        await until(lambda: not any(runs(pid) for pid in servers.values()))
        told = service.log_lines()[-1]
        assert (told["event"], told["reason"]) == ("service.ended_at_once", "a second SIGINT")
