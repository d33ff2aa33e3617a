"""Whoever may publish can send what no library would: nothing behind it waits, nothing is lost."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from support.load import assert_caught_up
from support.nats_wire import RawClient, raw_client
from support.patience import PATIENT_S, eventually
from support.service_process import Process, ask, messages, outside

OK = b"NATS/1.0\r\n"

SUBJECTS = [b"\xff", b"sh\xc3op", b"a\x0bb", b"a\x0cb", b"\x00", b"\x1b[31mred", "größe".encode()]
SHOWN = [r"\xff", r"sh\xc3op", r"a\x0bb", r"a\x0cb", r"\x00", r"\x1b[31mred", "größe"]

HEADERS = [
    OK + b"Status: 404\r\n\r\n",
    OK + b"Status: 408\r\nDescription: Request Timeout\r\n\r\n",
    b"NATS/1.0 503\r\n\r\n",
    b"NATS/1.0 \xff\xff\xff\r\n\r\n",
    OK + b"X-Key: \xff\xfe\r\n\r\n",
    OK + b"Nats-Msg-Id: \xff\x00\r\n\r\n",
    OK + b"Nats-Msg-Id: a\rb\r\n\r\n",
    OK + b"Nats-Msg-Id:\r\nNats-Msg-Id: 2\r\n: none\r\nnothing\r\n\r\n",
    OK + b"Content-Type: " + b"x" * 60_000 + b"\r\n\r\n",
    OK + b"correlation_id: \xff\r\nreply_to: incident.evil\r\n\r\n",
    b"NATS/1.0",
    b"\x00\xff\r\n",
]


@pytest.fixture(scope="module")
async def service() -> AsyncIterator[Process]:
    async with outside() as running:
        await assert_caught_up(running)
        yield running
        broken = [line for line in running.log_lines() if line["level"] in {"error", "critical"}]
        assert broken == []


@pytest.fixture
async def stranger(service: Process) -> AsyncIterator[RawClient]:
    async with raw_client(service.where["nats_url"]) as client:
        yield client


async def quarantined(service: Process, count: int) -> list[Any]:
    """The last signals put into quarantine, once there are `count` more than when it is called."""
    before = len(await service.get("/v1/quarantine", all=True))

    async def there() -> list[Any] | None:
        found = sorted(
            await service.get("/v1/quarantine", all=True), key=lambda each: int(each["position"])
        )
        return found[before:] if len(found) == before + count else None

    found: list[Any] = await eventually(there)
    return found


async def assert_commands_are_answered(service: Process) -> None:
    async with messages(service) as bus, asyncio.timeout(PATIENT_S):
        for _ in range(20):
            reply = await ask(bus, "declare", {"title": ""})
            assert reply.headers["Commandpost-Error"] == "field.invalid"


async def test_a_subject_of_any_bytes_is_listed_and_holds_nothing_up(
    service: Process, stranger: RawClient
):
    listed = asyncio.create_task(quarantined(service, len(SUBJECTS)))
    await asyncio.sleep(0.2)
    for token in SUBJECTS:
        assert await stranger.publish(b"signals." + token) == []
    await assert_commands_are_answered(service)
    found = await listed
    assert [(each["source"], each["code"]) for each in found] == [
        (shown, "source.unknown") for shown in SHOWN
    ]
    one = found[0]
    kept = await service.get(f"/v1/quarantine/{one['position']}")
    assert (kept["source"], kept["body"]) == (SHOWN[0], "{}")
    again = await service.post(f"/v1/quarantine/{one['position']}/replay", {})
    assert again.body["outcome"] == "quarantined"
    gone = await service.post(f"/v1/quarantine/{one['position']}/discard", {"reason": "a scanner"})
    assert gone.body["outcome"] == "discarded"


@pytest.mark.parametrize("headers", HEADERS, ids=range(len(HEADERS)))
async def test_headers_of_any_bytes_hold_nothing_up(
    headers: bytes, service: Process, stranger: RawClient
):
    listed = asyncio.create_task(quarantined(service, 1))
    await asyncio.sleep(0.2)
    assert await stranger.publish(b"signals.shop", headers=headers) == []
    await assert_commands_are_answered(service)
    [found] = await listed
    assert (found["source"], found["code"]) == ("shop", "field.missing")


async def test_a_good_signal_behind_bad_ones_is_translated(service: Process, stranger: RawClient):
    event = {
        "specversion": "1.0", "id": "behind-1", "source": "/shop", "type": "com.example.trigger",
        "data": {"dedup_key": "behind", "summary": "Behind bad ones"},
    }  # fmt: skip
    for token, headers in zip(SUBJECTS, HEADERS[: len(SUBJECTS)], strict=True):
        await stranger.publish(b"signals." + token, headers=headers)
    await stranger.publish(b"signals.shop", json.dumps(event).encode(), headers=HEADERS[0])

    async def opened() -> bool:
        found = (await service.get("/v1/incidents"))["incidents"]
        return "Behind bad ones" in [each["title"] for each in found]

    await eventually(opened)


@pytest.mark.parametrize("name", [b"\xff", b"a\x0bb", b"\x00", b"declare\x0c"])
async def test_a_command_of_any_name_is_refused_and_holds_nothing_up(
    name: bytes, service: Process, stranger: RawClient
):
    assert await stranger.publish(b"commands.incident." + name, reply=b"_INBOX.x") == []
    await assert_commands_are_answered(service)


@pytest.mark.parametrize(
    "reply",
    [
        b"incident.evil", b"reference.2", b"reference.abc", b"signals.shop", b"raw.pagerduty.pd",
        b"timer.set.incident.x.y", b"commands.incident.declare", b"_INBOX.\xff", b"$JS.API.INFO",
        b"$JS.API.CONSUMER.DELETE.SIGNALS.translate",
    ],
)  # fmt: skip
async def test_an_answer_goes_to_no_subject_but_an_inbox(
    reply: bytes, service: Process, stranger: RawClient, unique: str
):
    async def withheld() -> float:
        lines = (await service.http.get("/metrics")).text.splitlines()
        counts = [line for line in lines if line.startswith("commandpost_answers_withheld_total")]
        return float(counts[0].rsplit(" ", 1)[1]) if counts else 0.0

    before = await withheld()
    body = json.dumps({"title": f"Asked elsewhere {unique}"}).encode()
    assert await stranger.publish(b"commands.incident.declare", body, reply=reply) == []

    async def counted() -> bool:
        return await withheld() == before + 1

    await eventually(counted)

    async def on_the_board() -> list[Any]:
        found = (await service.get("/v1/incidents"))["incidents"]
        return [each for each in found if each["title"].endswith(unique)]

    # The log holds that command, and nothing behind it that nobody can read.
    [incident] = await eventually(on_the_board)
    assert incident["reference"]
    assert (await service.get("/health/ready"))["status"] == "ready"
    await assert_commands_are_answered(service)
