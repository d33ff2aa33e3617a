"""What CONTRIBUTING says suffices, suffices: an aggregate is its folder and a line in the registry.

Two toy aggregates, a read model, a source and a channel, listed in `tests/toys/registry.py` alone,
are used as people use those of the service: over HTTP and NATS, on the command line, in documents.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from types import ModuleType
from typing import Any

import nats
import pytest
from client_models import Document
from interface_docs import openapi

from adapters.interfaces import asyncapi
from commandpost_client import AsyncCommandpost, Options, reads
from commandpost_client.models import Delivery
from commandpost_client.over_nats import over_nats
from commandpost_client.wire import call
from support.patience import eventually
from support.programs import asked, options
from support.service_process import Process, outside
from toys.registry import TOYS

TOYS_FOLDER = Path(__file__).resolve().parents[1] / "toys"
CONFIG = """
[sources.loft]
kind = "pigeon"
secrets = ["a-long-random-text"]
[channels.hall]
kind = "notice_board"
wall = "hall"
logged = true
[log]
format = "json"
"""
KEY = "May I have a key?"


@pytest.fixture(scope="module")
async def toys() -> AsyncIterator[Process]:
    """The service with the toys, as a process of its own."""
    async with outside(CONFIG, program=(sys.executable, str(TOYS_FOLDER))) as service:
        yield service
        faults = [line for line in service.log_lines() if line["level"] in {"error", "critical"}]
        assert faults == []


async def opened(service: Process, question: str = KEY) -> Any:
    """The answer to a ticket that was opened."""
    reply = await service.http.post(
        "/v1/tickets", json={"question": question}, headers={"Commandpost-Actor": "Ada"}
    )
    assert reply.status_code == 201, reply.text
    return reply.json()


async def test_over_http_with_references_of_its_own_beside_those_of_incidents(toys: Process):
    incident = await toys.declare()
    ticket = await opened(toys)
    assert (incident["reference"], ticket["reference"]) == ("INC-1", "TKT-1")
    assert ticket["ticket"]["asked_by"] == "Ada"
    done = await toys.http.post("/v1/tickets/tkt-1/resolve", json={"answer": "On your desk."})
    assert done.json()["ticket"]["answer"] == "On your desk."
    shown = (await toys.http.get("/v1/tickets/TKT-1")).json()
    assert shown["answer"] == "On your desk."
    then = await toys.http.get("/v1/tickets/TKT-1", params={"as_of": "2020-01-01T00:00:00Z"})
    assert then.status_code == 404
    refused = (await toys.http.post("/v1/incidents/TKT-1/resolve", json={"resolution": "x"})).json()
    assert refused["code"] == "incident.unknown"
    refused = (await toys.http.post("/v1/tickets/TKT-9/resolve", json={"answer": "x"})).json()
    assert (refused["code"], refused["rule"]) == (
        "ticket.unknown",
        "the id or reference (TKT-123) of a ticket that is there",
    )


async def test_a_name_that_people_give_is_an_id_and_keys_count_for_it(toys: Process):
    for outcome in ("decided", "repeated"):
        reply = await toys.http.post(
            "/v1/lamps",
            json={"slug": "checkout", "room": "hall"},
            headers={"Idempotency-Key": "once"},
        )
        answer = reply.json()
        assert (answer["id"], answer["reference"], answer["outcome"]) == ("checkout", None, outcome)
    switched = (await toys.http.post("/v1/lamps/checkout/switch", json={"on": True})).json()
    position = switched["position"]
    lamps = await toys.http.get("/v1/lamps", params={"room": "hall", "min_position": position})
    assert lamps.json() == [{"id": "checkout", "room": "hall", "lit": True}]
    refused = await toys.http.post("/v1/lamps", json={"slug": "not a slug", "room": "hall"})
    assert refused.json()["code"] == "id.invalid"
    refused = await toys.http.post("/v1/lamps", json={"slug": "attic", "room": "attic"})
    assert (refused.status_code, refused.json()["code"]) == (422, "lamp.in_itself")
    assert (await toys.http.get("/v1/lamps/attic")).json()["code"] == "lamp.unknown"


async def test_a_name_in_the_body_is_the_one_that_the_command_is_sent_to(toys: Process):
    refused = await toys.http.post("/v1/lamps/attic/hang", json={"slug": "cellar", "room": "r"})
    assert (refused.status_code, refused.json()["code"]) == (422, "id.invalid")
    assert (await toys.http.get("/v1/lamps/attic")).status_code == 404


async def test_over_nats_under_the_name_of_the_aggregate(toys: Process):
    client = await nats.connect(toys.where["nats_url"])
    try:
        body = json.dumps({"slug": "desk", "room": "study"}).encode()
        hung = json.loads((await client.request("commands.lamp.hang", body, 5)).data)
        lamp = {"id": "desk", "room": "study", "on": False, "position": hung["position"]}
        assert hung["lamp"] == lamp
        reply = await client.request("commands.lamp.switch", b'{"on": true}', 5)
        assert (reply.headers or {})["Commandpost-Error"] == "field.missing"
        assert json.loads(reply.data)["field"] == "lamp"
        body = json.dumps({"slug": "attic", "room": "attic"}).encode()
        refused = json.loads((await client.request("commands.lamp.hang", body, 5)).data)
        assert (refused["status"], refused["code"]) == (422, "lamp.in_itself")
        body = json.dumps({"lamp": "desk", "on": True}).encode()
        assert json.loads((await client.request("commands.lamp.switch", body, 5)).data)["lamp"][
            "on"
        ]
    finally:
        await client.close()


async def test_with_the_typed_client_over_both(toys: Process, monkeypatch: pytest.MonkeyPatch):
    written = Document(openapi(TOYS), asyncapi.document(TOYS)).models()
    module = ModuleType("models_of_the_toys")
    monkeypatch.setitem(sys.modules, module.__name__, module)  # answers are read by its names
    made = vars(module)
    exec(written, made)
    async with AsyncCommandpost(options(toys, actor="Grace")) as client:
        answer = await client.send(made["OpenTicket"](question="And a badge?"))
    async with over_nats(Options(url=toys.where["nats_url"], actor="Grace")) as client:
        done = await client.send(made["ResolveTicket"](answer="Ask the porter."), answer.reference)
    assert (done.ticket.asked_by, done.ticket.answer) == ("Grace", "Ask the porter.")


async def test_on_the_command_line(toys: Process):
    said = await toys.cli("lamp", "hang", "slug=porch", "room=outside", "--actor", "Ada")
    assert said.out.startswith("porch (decided, position "), said.err
    assert (await toys.cli("lamp", "switch", "porch", "on=true")).status == 0
    assert (await toys.cli("lamp", "show", "porch")).json["on"] is True
    assert "hang slug=… room=…" in " ".join((await toys.cli("lamp", "hang", "--help")).out.split())
    assert "same" in (await toys.cli("verify", "lamps")).out


async def test_what_is_due_happens_and_is_told_unless_it_was_answered(toys: Process):
    """By timers of its own, through the outbox and the toy channel."""
    late = (await opened(toys, "Is anybody there?"))["reference"]
    answered = (await opened(toys, "Quick?"))["reference"]
    await toys.http.post(f"/v1/tickets/{answered}/resolve", json={"answer": "Yes."})

    async def told() -> set[str]:
        lines = [line for line in toys.log_lines() if line.get("event") == "process.step"]
        return {line["rule"] for line in lines if line.get("outcome") == "decided"}

    async def pinned() -> bool:
        lines = [line for line in toys.log_lines() if line.get("event") == "notice.pinned"]
        subjects = [line["subject"] for line in lines if late in line["subject"]]
        return len(subjects) == 2  # that it was opened, and that nobody has answered

    assert await eventually(told) == {"ticket.unanswered"}
    assert await eventually(pinned)
    shown = (await toys.http.get(f"/v1/tickets/{late}")).json()
    assert shown["answer"] is None


async def test_what_became_of_what_was_told_of_it_is_listed_as_that_of_an_incident_is(
    toys: Process,
):
    """Over HTTP about one and about anything, with the typed client, and on the command line."""
    ticket = await opened(toys, "Who has told me?")
    incident = await toys.declare()
    http = toys.http

    async def listed() -> list[Any]:
        path = f"/v1/tickets/{ticket['reference'].lower()}/deliveries"
        found: list[Any] = (await http.get(path)).json()
        return [each for each in found if each["status"] == "delivered"]

    (delivery, *_) = await eventually(listed)
    about = ("aggregate", "id", "incident_id")
    assert [delivery[name] for name in about] == ["ticket", ticket["id"], None]
    everything = (await http.get("/v1/deliveries")).json()
    assert {each["aggregate"] for each in everything} >= {"ticket"}
    only = {"aggregate": "ticket", "id": ticket["id"], "status": "delivered", "channel": "hall"}
    assert delivery in (await http.get("/v1/deliveries", params=only)).json()
    assert (await http.get("/v1/deliveries", params={**only, "channel": "attic"})).json() == []
    assert (await http.get("/v1/deliveries", params={"status": "lost"})).status_code == 422
    assert (await http.get("/v1/tickets/TKT-999/deliveries")).json()["code"] == "ticket.unknown"
    typed = await asked(toys, call(f"/v1/tickets/{ticket['id']}/deliveries", list[Delivery], {}))
    assert {(each.aggregate, each.id) for each in typed} == {("ticket", ticket["id"])}

    async def of_incident() -> list[Delivery]:
        return await asked(toys, reads.list_deliveries(incident["reference"]))

    (first, *_) = await eventually(of_incident)
    assert (first.aggregate, first.id, first.incident_id) == ("incident", *(incident["id"],) * 2)
    said = await toys.cli("notifications", "list", ticket["reference"], "--format", "json")
    assert delivery in said.json


async def test_a_source_and_its_alerts(toys: Process):
    reply = await toys.http.post(
        "/v1/webhooks/pigeon/loft",
        json={"letter": "L-1", "says": "The loft is on fire", "from": "loft"},
        headers={"X-Commandpost-Secret": "a-long-random-text"},
    )
    assert reply.status_code == 202, reply.text

    async def opened_by_it() -> list[Any]:
        found = (await toys.http.get("/v1/incidents")).json()["incidents"]
        return [each for each in found if each["title"] == "The loft is on fire"]

    assert await eventually(opened_by_it)


async def test_in_the_documents_of_the_interfaces(toys: Process):
    served = (await toys.http.get("/openapi.json")).json()
    assert served["paths"].keys() == openapi(TOYS)["paths"].keys()
    assert {"/v1/tickets", "/v1/tickets/{ref}", "/v1/tickets/{ref}/resolve"} <= served[
        "paths"
    ].keys()
    operations = [
        operation["operationId"] for path in served["paths"].values() for operation in path.values()
    ]
    assert len(operations) == len(set(operations))
    assert {
        "resolve",
        "ticket_resolve",
        "lamp_switch",
        "list_lamps",
        "ticket_list_deliveries",
    } <= set(operations)
    spoken = asyncapi.document(TOYS)
    assert spoken["channels"]["ticket_resolve"]["address"] == "commands.ticket.resolve"
    assert spoken["channels"]["resolve"]["address"] == "commands.incident.resolve"


async def test_it_is_all_there_again_after_a_crash(toys: Process):
    """Numbers, names, read models and references come out of the log."""
    first = await opened(toys)
    answer = {"answer": "On your desk."}
    await toys.http.post(f"/v1/tickets/{first['reference']}/resolve", json=answer)
    await asyncio.sleep(1.5)  # until its deadline has been suppressed: it says no more
    before = (await toys.http.get(f"/v1/tickets/{first['reference']}")).json()
    await toys.http.post("/v1/lamps", json={"slug": "porch-light", "room": "outside"})
    await toys.kill()
    await toys.start()
    assert (await toys.http.get(f"/v1/tickets/{first['reference']}")).json() == before
    assert (await toys.http.get("/v1/lamps/porch-light")).json()["room"] == "outside"
    last, number = (
        int(each["reference"].removeprefix("TKT-"))
        for each in (first, await opened(toys, "Once more?"))
    )
    assert number == last + 1
