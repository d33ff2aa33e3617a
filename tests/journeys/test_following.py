"""Server-sent events: the history of an incident, then what happens to it, resumable."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any, NamedTuple

import httpx2

from domain.policy import DEFAULT
from support.patience import PATIENT_S
from support.service_process import Process


class Message(NamedTuple):
    """One server-sent event."""

    id: str
    event: str
    data: Any


@asynccontextmanager
async def stream(
    service: Process, ref: str, **headers: str
) -> AsyncIterator[AsyncIterator[Message]]:
    """The messages of an incident, as a browser's EventSource reads them."""
    headers = {
        "accept": "text/event-stream",
        **{k.replace("_", "-"): v for k, v in headers.items()},
    }
    async with service.http.stream(
        "GET", f"/v1/incidents/{ref}/events", headers=headers, timeout=30
    ) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        async with aclosing(_parsed(response.aiter_lines())) as messages:
            yield messages


async def _parsed(lines: Any) -> AsyncIterator[Message]:
    fields: dict[str, str] = {}
    async for line in lines:
        if line:
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
        elif "data" in fields:
            yield Message(fields["id"], fields["event"], json.loads(fields["data"]))
            fields = {}


async def take(messages: AsyncIterator[Message], count: int) -> list[Message]:
    async with asyncio.timeout(PATIENT_S):
        return [await anext(messages) for _ in range(count)]


async def test_the_history_comes_first_and_then_what_happens(service: Process):
    ref = (await service.declare(severity="SEV3", impact={"users_affected": 10}))["reference"]
    await service.act(ref, "acknowledge")
    async with stream(service, ref) as messages:
        history = await take(messages, 2)
        assert [m.event for m in history] == ["incident.declared.v1", "incident.acknowledged.v1"]
        answer = await service.act(ref, "reassess_impact", users_affected=30)
        live = await take(messages, 2)  # one commit of two events
        assert [m.id for m in live] == [f"{answer['position']}.{n}" for n in (0, 1)]
        assert live[1].event == "incident.severity_upgraded.v1"
        await service.act(ref, "add_note", text="line\nbreak\r\nand: colon\u2028")
        (note,) = await take(messages, 1)
        assert note.data["event"]["text"] == "line\nbreak\r\nand: colon\u2028"
    assert [m.data for m in (*history, *live, note)] == await service.events(ref)


async def test_each_event_says_under_which_policy_it_was_decided(service: Process):
    ref = (await service.declare())["reference"]
    await service.act(ref, "acknowledge")
    events = await service.events(ref)
    assert [event["event"]["tag"].split(".")[1] for event in events] == ["declared", "acknowledged"]
    assert {event["policy_version"] for event in events} == {DEFAULT.version}


async def test_a_reader_resumes_behind_what_it_has_seen(service: Process):
    ref = (await service.declare())["reference"]
    for n in range(5):
        await service.act(ref, "add_note", text=str(n))
    async with stream(service, ref) as messages:
        seen = await take(messages, 3)
    async with stream(service, ref, last_event_id=seen[-1].id) as messages:
        rest = await take(messages, 3)
        assert [m.data["event"]["text"] for m in rest] == ["2", "3", "4"]
        await service.act(ref, "add_note", text="live")
        assert (await take(messages, 1))[0].data["event"]["text"] == "live"


async def test_a_reader_resumes_in_the_middle_of_a_commit(service: Process):
    """Two events of one commit are two messages: who has seen one still gets the other."""
    ref = (await service.declare(severity="SEV3", impact={"users_affected": 10}))["reference"]
    await service.act(ref, "reassess_impact", users_affected=30)
    async with stream(service, ref) as messages:
        first, second, third = await take(messages, 3)
    assert second.id.split(".")[0] == third.id.split(".")[0]
    async with stream(service, ref, last_event_id=second.id) as messages:
        assert (await take(messages, 1))[0] == third
    async with stream(service, ref, last_event_id=third.id) as messages:
        await service.act(ref, "add_note", text="next")
        assert (await take(messages, 1))[0].data["event"]["text"] == "next"
    assert first.data["index"] == 0


async def test_many_readers_of_many_incidents_hear_their_own(service: Process):
    refs = [(await service.declare())["reference"] for _ in range(5)]

    async def read(ref: str) -> list[str]:
        async with stream(service, ref) as messages:
            await take(messages, 1)
            started.release()
            return [m.data["event"]["text"] for m in await take(messages, 3)]

    started = asyncio.Semaphore(0)
    readers = [asyncio.create_task(read(ref)) for ref in refs for _ in range(4)]
    for _ in readers:
        await started.acquire()
    for n in range(3):
        await asyncio.gather(*(service.act(r, "add_note", text=f"{r} {n}") for r in refs))
    heard = await asyncio.gather(*readers)
    assert heard == [[f"{ref} {n}" for n in range(3)] for ref in refs for _ in range(4)]


async def test_who_asks_for_the_headers_of_a_stream_gets_no_stream(service: Process):
    ref = (await service.declare())["reference"]
    one = httpx2.AsyncHTTPTransport(limits=httpx2.Limits(max_connections=1))
    url = service.where["http_url"]
    async with httpx2.AsyncClient(
        base_url=url, transport=one, timeout=5, headers=service.shown
    ) as client:
        for _ in range(2):  # on one connection, which a stream would keep for ever
            path, accept = f"/v1/incidents/{ref}/events", {"accept": "text/event-stream"}
            response = await client.head(path, headers=accept)
            assert response.status_code == 200
            assert response.headers["content-type"].startswith("text/event-stream")
            assert not response.content
