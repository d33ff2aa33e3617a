"""Idle and slow clients over a service with few descriptors: whoever has something to say is heard,
and what the service has to tell is told.
"""

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import pytest

from support.http_server import Receiver, receiving
from support.patience import eventually
from support.raw_http import Connection, as_admin, connection, request
from support.service_process import CONFIG, PROGRAM, Process, state_folder
from support.webhooks import deliver, deliver_alert, page

DESCRIPTORS = 700
FEW = ("bash", "-c", f'ulimit -n {DESCRIPTORS} && exec "$0" "$@"', PROGRAM)
IDLE = 1_100  # more than the service has descriptors, fewer than its backlog of connections
SHORT = 1024 * 1024 - 1


@pytest.fixture(scope="module")
async def hook() -> AsyncIterator[Receiver]:
    async with receiving() as running:
        yield running


@pytest.fixture(scope="module")
async def service(hook: Receiver) -> AsyncIterator[Process]:
    """On every network, known as ops.example, telling a webhook of incidents."""
    config = CONFIG.replace(
        "[channels]",
        f"""
        [channels.hook]
        kind = "webhook"
        url = "{hook.url}"
        secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        audiences = ["engineering"]
        [http_server]
        hosts = ["ops.example"]
    """,
    )
    async with state_folder() as state:
        running = Process(state, config, program=FEW)
        try:
            yield await running.start("0.0.0.0:0")
        finally:
            await running.stop()


async def opened(service: Process, stack: AsyncExitStack, count: int) -> list[Connection]:
    url = service.where["http_url"]
    return [await stack.enter_async_context(connection(url)) for _ in range(count)]


async def waiting(service: Process) -> dict[str, int]:
    text = (await service.http.get("/metrics")).text
    found = re.findall(r'commandpost_http_connections\{waits="(\w+)"\} (\d+)', text)
    return {name: int(count) for name, count in found}


def memory_mib(service: Process) -> float:
    status = Path(f"/proc/{service.pid}/status").read_text()
    return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024


async def test_idle_connections_take_nothing_from_those_who_speak(service: Process, hook: Receiver):
    async with AsyncExitStack() as stack:
        idle = await opened(service, stack, IDLE)
        told = len(hook.requests)
        for number in range(5):
            event = page("triggered", f"QIDLE{number}", f"ev-idle-{number}")
            assert (await deliver(service, event)).status == 202
            await service.declare(f"Number {number} while many idle")
        assert sum((await waiting(service)).values()) <= DESCRIPTORS - 256

        async def all_told() -> bool:
            seen = b"".join(each.body for each in hook.requests[told:]).decode()
            return all(f"Number {number} while" in seen for number in range(5))

        await eventually(all_told)
        await asyncio.gather(*(each.ended(20) for each in idle))
    faults = [line for line in service.log_lines() if line["level"] in {"error", "critical"}]
    assert faults == []


async def test_half_sent_bodies_hold_little_memory_and_nobody_up(service: Process):
    before = memory_mib(service)
    async with AsyncExitStack() as stack:
        halves = await opened(service, stack, 300)
        body = b" " * SHORT
        head = request("POST", "/v1/incidents", body, content_length=str(SHORT + 1))
        head = as_admin(head, service.shown)
        for half in halves:
            with suppress(ConnectionError):
                await half.send(head)
        await service.declare("Said among three hundred halves")
        held = memory_mib(service) - before
        assert held < 225, f"{held:.0f} MiB of the 300 that were sent"
        given_up = await asyncio.gather(*(half.ended(60) for half in halves))
        told = [answer for answer in given_up if answer]  # who still sends may not get to see it
        assert len(told) >= 10
        assert all(b" 408 " in each and b'"body.too_slow"' in each for each in told)
    faults = [line for line in service.log_lines() if line["level"] in {"error", "critical"}]
    assert faults == []


async def test_without_the_secret_no_body_is_read(service: Process):
    before = memory_mib(service)
    async with AsyncExitStack() as stack:
        halves = await opened(service, stack, 50)
        for number, half in enumerate(halves):
            shown = {"x_commandpost_secret": "wrong-secret"} if number % 2 else {}
            head = request(
                "POST", "/v1/webhooks/opsgenie/og", b"", content_length=str(SHORT), **shown
            )
            await half.send(head)
        for path in ("/v1/webhooks/pagerduty/pd", "/v1/signals/shop"):
            (more,) = await opened(service, stack, 1)
            halves.append(more)
            await more.send(request("POST", path, b"", content_length=str(SHORT)))
        answers = await asyncio.gather(*(half.answer(5) for half in halves))
        assert {each.body["code"] for each in answers} == {"signature.invalid"}
        assert memory_mib(service) - before < 20
    assert (await deliver_alert(service, b'{"action": "Create"}')).status == 202


async def test_who_is_slow_is_told_why(service: Process):
    """A byte a second: the headers have 10 s, a body 30 s."""

    async def trickle(start: bytes) -> tuple[float, int, str]:
        clock = asyncio.get_running_loop().time
        async with connection(service.where["http_url"]) as slow:
            await slow.send(start)
            began = clock()
            answer = asyncio.create_task(slow.answer(60))
            while not answer.done():
                with suppress(ConnectionError):
                    await slow.send(b"x")
                await asyncio.wait([answer], timeout=1)
            return clock() - began, answer.result().status, answer.result().body["code"]

    head = b"POST /v1/incidents HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
    body = request("POST", "/v1/incidents", b"", content_length="1000")
    body = as_admin(body, service.shown)
    of_head, of_body = await asyncio.gather(trickle(head), trickle(body))
    assert of_head[1:] == (408, "head.too_slow")
    assert of_body[1:] == (408, "body.too_slow")
    assert 9 < of_head[0] < 20
    assert 29 < of_body[0] < 45


async def test_where_it_listens_is_told_and_who_calls_it_by_its_names_is_answered(
    service: Process,
):
    port = service.where["http_url"].rpartition(":")[2]
    assert service.where["listens"] == f"0.0.0.0:{port}"
    assert f"It listens on 0.0.0.0:{port}" in (service.state / "out.txt").read_text()
    answers = {}
    for host in ("ops.example", f"ops.example:{port}", "localhost", "127.0.0.1", "evil.example"):
        async with connection(service.where["http_url"]) as asked:
            await asked.send(request("GET", "/health/live", host=host))
            answers[host] = (await asked.answer()).status
    assert answers.pop("evil.example") == 421
    assert set(answers.values()) == {200}, answers
    address = socket.gethostbyname(socket.gethostname())
    async with connection(f"http://{address}:{port}") as asked:
        await asked.send(request("GET", "/health/live", host=f"{address}:{port}"))
        answer = await asked.answer()
    assert json.loads(answer.raw) == {"status": "live"}
