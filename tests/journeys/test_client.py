"""The client for services, over HTTP and NATS, and the example of a publisher."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from nats.aio.client import Client as Bus

from adapters import client as module
from adapters.client import Client, over_http, over_nats
from adapters.client_lists import lists_over_http
from adapters.products.cloudevents.translate import SignalData
from domain.incident.commands import AddNote, Declare, OpenHypothesis
from domain.kernel.refusal import Refused
from domain.policy import Severity
from handlers.kernel.ports import Unavailable
from support.patience import eventually
from support.service_process import SIGNAL_SECRET, Process, environment

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "publisher.py"


@pytest.fixture(params=["http", "nats"])
async def client(request: pytest.FixtureRequest, service: Process) -> AsyncIterator[Client]:
    where = service.where
    if request.param == "http":
        async with over_http(
            where["http_url"], actor="slo", secret=SIGNAL_SECRET, token=service.token
        ) as client:
            yield client
    else:
        async with over_nats(where["nats_url"], actor="slo") as client:
            yield client


async def test_a_command_is_typed_and_done_once(client: Client, unique: str):
    declare = Declare(title=f"Burns {unique}", severity=Severity.SEV2)
    first = await client.send(declare, key=f"{unique}-1")
    again = await client.send(declare, key=f"{unique}-1")
    assert (first.outcome, again.outcome) == ("decided", "repeated")
    assert (first.id, first.incident.severity) == (again.id, Severity.SEV2)
    noted = await client.send(AddNote(text="The burn rate falls"), first.reference)
    assert noted.events == ("incident.note_added.v1",)


async def test_a_refusal_is_raised_with_its_code(client: Client, unique: str):
    answer = await client.send(Declare(title=f"Burns {unique}"))
    with pytest.raises(Refused) as refused:
        await client.send(OpenHypothesis(statement="the deploy"), answer.id)
    assert refused.value.code == "roles.required"
    with pytest.raises(Refused) as refused:
        await client.send(AddNote(text="x"), "INC-999999")
    assert (refused.value.code, refused.value.field) == ("incident.unknown", "incident")
    with pytest.raises(ValueError, match="needs the incident"):
        await client.send(AddNote(text="x"))


async def titled(service: Process, title: str, status: str) -> Any:
    async def there() -> Any:
        found = (await service.get("/v1/incidents"))["incidents"]
        return next(
            (each for each in found if (each["title"], each["status"]) == (title, status)), None
        )

    return await eventually(there)


async def test_a_signal_becomes_an_incident_once(client: Client, service: Process, unique: str):
    data = SignalData(action="trigger", dedup_key=unique, summary=f"Slow {unique}")
    for _ in range(2):
        assert await client.signal("shop", data, event_id=unique) == unique
    incident = await titled(service, f"Slow {unique}", "investigating")
    assert len(await service.events(incident["id"])) == 1


async def test_what_a_signal_may_not_say_is_told_over_http(service: Process):
    async with over_http(service.where["http_url"], actor="slo", secret=SIGNAL_SECRET) as client:
        with pytest.raises(Refused) as refused:
            await client.signal("shop", SignalData(dedup_key="\x07"))
    assert refused.value.code == "alert_id.missing"


@pytest.mark.parametrize("lost", ["the request", "the answer"])
async def test_what_was_lost_on_the_way_is_sent_again_and_done_once(
    service: Process, unique: str, lost: str
):
    class Lossy(httpx2.AsyncBaseTransport):
        def __init__(self) -> None:
            self.inner = httpx2.AsyncHTTPTransport()
            self.tries = 0

        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            self.tries += 1
            if lost == "the request" and self.tries == 1:
                raise httpx2.ConnectError("cut")
            response = await self.inner.handle_async_request(request)
            if lost == "the answer" and self.tries == 1:
                raise httpx2.ReadError("cut")
            return response

    lossy = Lossy()
    async with httpx2.AsyncClient(
        base_url=service.where["http_url"], transport=lossy, headers=service.shown
    ) as http:
        client = Client(module._Http(http, None), actor="slo")
        answer = await client.send(Declare(title=f"Lost {unique}"))
    assert lossy.tries == 2
    assert answer.outcome == ("decided" if lost == "the request" else "repeated")


async def test_what_stays_out_of_reach_is_given_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "ATTEMPTS", 2)
    async with over_http("http://127.0.0.1:9", actor="slo") as client:
        with pytest.raises(Unavailable):
            await client.send(Declare(title="Nobody listens"))


async def test_the_example_publisher_signals_what_it_measures(
    service: Process, bus: Bus, unique: str
):
    where = {"NATS_URL": service.where["nats_url"], "COMMANDPOST_SOURCE": "shop"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(EXAMPLE), env=environment() | where, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        measure = f"measured.{unique}"

        async def heard() -> Any:
            await bus.publish(measure, b'{"error_rate": 0.07}')
            await asyncio.sleep(0.2)
            found = (await service.get("/v1/incidents"))["incidents"]
            return [each for each in found if each["services"] == [unique]]

        (incident,) = await eventually(heard)
        title = f"{unique} answers 7% of requests with errors"
        assert incident["title"] == title
        assert incident["severity"] == "SEV1"
        await bus.publish(measure, b'{"error_rate": 0.01}')
        await titled(service, title, "resolved")  # its end says nothing of what it was
    finally:
        if process.returncode is None:
            os.kill(process.pid, signal.SIGTERM)
        await process.wait()


async def test_lists_are_followed_to_their_end(service: Process, monkeypatch: pytest.MonkeyPatch):
    """More incidents than a page holds, each once; and a refusal names what was wrong."""
    made = [(await service.declare(f"listed {n}"))["id"] for n in range(3)]
    answer = await service.act(made[-1], "add_note", text="the last")
    await service.get("/v1/incidents", min_position=answer["position"])
    pages: list[str] = []
    async with lists_over_http(service.where["http_url"], service.token) as lists:
        whole = lists._get

        async def in_small_pages(address: str, query: Any) -> Any:
            pages.append(address)
            return await whole(address, query if query is None else {**query, "limit": 2})

        monkeypatch.setattr(lists, "_get", in_small_pages)
        found = [it.id async for it in lists.incidents()]
        assert found[:3] == made[::-1]
        assert len(found) == len(set(found))
        assert len(pages) == -(-len(found) // 2)
        lines = [it async for it in lists.timeline(made[-1])]
        assert [it.kind for it in lines] == ["declared", "note_added"]
        then = [it async for it in lists.timeline(made[-1], as_of=lines[0].occurred_at)]
        assert then == lines[:1]
        with pytest.raises(Refused) as refused:
            _ = [it async for it in lists.incidents(status=["odd"])]
        assert refused.value.field == "status"
        told = [it async for it in lists.deliveries(made[0])]
        assert {it.incident_id for it in told} <= {made[0]}
        quiet = [await service.declare(f"quiet {n}", severity="SEV4") for n in range(3)]
        await service.get("/v1/backlog", min_position=quiet[-1]["position"])
        waits = [it async for it in lists.backlog()]
        ids = [it.id for it in waits if it.title.startswith("quiet ")]
        assert ids == [one["id"] for one in quiet]
        assert all(it.deadlines for it in waits if it.id in ids)
        went = [it.signal async for it in lists.signals(all_=True)]
        assert went == sorted(went, reverse=True)
