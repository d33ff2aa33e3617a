"""A request that is repeated with its key changes nothing, however it is repeated."""

import asyncio
from typing import Any

from support.service_process import Process, ask


def essence(body: Any) -> Any:
    """An answer without what tells the first time from the others."""
    return {name: body[name] for name in ("id", "reference", "position", "incident")}


async def test_the_same_declaration_twice_is_one_incident(service: Process, send: Any, unique: str):
    body = {"title": "Twice"}
    first = await send("declare", None, body, idempotency_key=f"d-{unique}")
    second = await send("declare", None, body, idempotency_key=f"d-{unique}")
    assert (first.body["outcome"], second.body["outcome"]) == ("decided", "repeated")
    assert essence(first.body) == essence(second.body)
    assert len(await service.events(first.body["id"])) == 1


async def test_the_same_command_twice_is_one_event(service: Process, send: Any, unique: str):
    ref = (await service.declare())["reference"]
    first = await send("add_note", ref, {"text": "seen"}, idempotency_key=unique)
    await service.act(ref, "add_note", text="in between")
    second = await send("add_note", ref, {"text": "seen"}, idempotency_key=unique)
    assert (first.body["outcome"], second.body["outcome"]) == ("decided", "repeated")
    assert first.body["position"] == second.body["position"]
    assert len(await service.events(ref)) == 3


async def test_a_key_with_another_body_is_refused(service: Process, send: Any, unique: str):
    ref = (await service.declare())["reference"]
    await send("add_note", ref, {"text": "this"}, idempotency_key=unique)
    for name, body in (("add_note", {"text": "that"}), ("log_action", {"action": "this"})):
        reply = await send(name, ref, body, idempotency_key=unique)
        assert (reply.body["status"], reply.body["code"]) == (422, "idempotency.key_reused")
        assert reply.body["field"] == "Idempotency-Key"
        assert reply.body["rule"]
    declared = await send("declare", None, {"title": "This"}, idempotency_key=f"d-{unique}")
    reply = await send("declare", None, {"title": "That"}, idempotency_key=f"d-{unique}")
    assert reply.body["code"] == "idempotency.key_reused"
    assert len(await service.events(ref)) == 2
    assert len(await service.events(declared.body["id"])) == 1


async def test_a_refused_command_may_be_sent_again_with_its_key(service: Process, unique: str):
    """A refusal writes nothing, so there is nothing to repeat: the same key may work later."""
    ref = (await service.declare())["reference"]
    path, body = f"/v1/incidents/{ref}/open_hypothesis", {"statement": "the cache"}
    refused = await service.post(path, body, idempotency_key=unique)
    assert refused.body["code"] == "roles.required"
    for role in ("incident_commander", "technical_lead"):
        await service.act(ref, "assign_role", role=role, assignee="ada")
    assert (await service.post(path, body, idempotency_key=unique)).body["outcome"] == "decided"


async def test_twenty_at_once_are_one(service: Process, bus: Any, unique: str):
    """Ten over HTTP and ten over NATS, all with one key: one is written, all get its position."""
    body = {"title": "All at once"}
    key = f"d-{unique}"
    replies = await asyncio.gather(
        *(service.post("/v1/incidents", body, idempotency_key=key) for _ in range(10)),
        *(ask(bus, "declare", body, idempotency_key=key) for _ in range(10)),
    )
    assert sorted(reply.body["outcome"] for reply in replies) == ["decided"] + ["repeated"] * 19
    assert len({reply.body["position"] for reply in replies}) == 1
    (declared,) = {reply.body["id"] for reply in replies}

    note = {"text": "x"}
    replies = await asyncio.gather(
        *(service.post(f"/v1/incidents/{declared}/add_note", note, idempotency_key=unique)
          for _ in range(10)),
        *(ask(bus, "add_note", {"incident": declared, **note}, idempotency_key=unique)
          for _ in range(10)),
    )  # fmt: skip
    assert sorted(reply.body["outcome"] for reply in replies) == ["decided"] + ["repeated"] * 19
    assert len(await service.events(declared)) == 2


async def test_twenty_different_ones_at_once_are_twenty(service: Process, bus: Any):
    ref = (await service.declare())["reference"]
    replies = await asyncio.gather(
        *(service.post(f"/v1/incidents/{ref}/add_note", {"text": f"h{n}"}) for n in range(10)),
        *(ask(bus, "add_note", {"incident": ref, "text": f"n{n}"}) for n in range(10)),
    )
    assert {reply.body["outcome"] for reply in replies} == {"decided"}
    texts = {event["event"].get("text") for event in await service.events(ref)} - {None}
    assert texts == {f"{way}{n}" for way in "hn" for n in range(10)}


async def test_declarations_at_once_have_numbers_of_their_own(service: Process):
    declared = await asyncio.gather(*(service.declare(f"No. {n}") for n in range(30)))
    assert len({answer["reference"] for answer in declared}) == 30
    for answer in declared[:3]:
        shown = await service.get(
            f"/v1/incidents/{answer['reference']}", min_position=answer["position"]
        )
        assert shown["id"] == answer["id"]
