"""What a sender may call itself, its requests and what they are about; over HTTP and NATS alike."""

import asyncio
from typing import Any

import pytest

from domain.incident import INCIDENT
from handlers.ingest.translate import incident_id
from support.service_process import Process, ask
from support.webhooks import appears, deliver, page

CHOSEN = (
    "0198c9f8-0000-7000-8000-00000000c0de",
    "5b0d3a3e-3f6a-4b55-8e0b-0d5c8a4b9f11",
    "6f0f9f3e-0f0c-5c56-9d0e-3f2b6c1a7d94",
    "00000000-0000-0000-0000-000000000000",
)
FORMS = ("{bare}", "urn:uuid:{id}", "{{{id}}}", "{wide}", "{id}%20", "%EF%BB%BF{id}")
TAKEN = ("commandpost", "intake", "policy", "preview", "source:pd", "import:github-status")


def dressed(name: str) -> tuple[str, ...]:
    return (
        name,
        name.upper(),
        f"\u00a0{name}\u2003",
        " ".join(name),
        f"{name}\u200b",
        name.replace("p", "\N{FULLWIDTH LATIN SMALL LETTER P}"),
    )


async def test_the_same_key_of_somebody_else_is_another_request(
    service: Process, send: Any, unique: str
):
    ref = (await service.declare())["reference"]
    keyed = {"idempotency_key": unique}
    for name, target, body in (("add_note", ref, {"text": "n"}), ("declare", None, {"title": "d"})):
        first = await send(name, target, body, commandpost_actor="ada", **keyed)
        other = await send(name, target, body, commandpost_actor="grace", **keyed)
        nobody = await send(name, target, body, **keyed)
        again = await send(name, target, body, commandpost_actor="ada", **keyed)
        assert [each.body["outcome"] for each in (first, other, nobody)] == ["decided"] * 3
        assert (again.body["outcome"], again.body["id"]) == ("repeated", first.body["id"])
        assert again.body["position"] == first.body["position"]


async def test_a_key_that_somebody_else_has_used_for_something_else_is_not_refused(
    service: Process, send: Any, unique: str
):
    ref = (await service.declare())["reference"]
    await send("add_note", ref, {"text": "n"}, commandpost_actor="ada", idempotency_key=unique)
    other = await send("acknowledge", ref, {}, commandpost_actor="eve", idempotency_key=unique)
    assert other.body["outcome"] == "decided"
    same = await send("acknowledge", ref, {}, commandpost_actor="ada", idempotency_key=unique)
    assert same.body["code"] == "idempotency.key_reused"


async def test_two_with_one_key_at_once_are_two(service: Process, bus: Any, unique: str):
    ref = (await service.declare())["reference"]
    said = {"incident": ref, "text": "n"}
    replies = await asyncio.gather(
        *(
            ask(bus, "add_note", said, idempotency_key=unique, commandpost_actor=who)
            for who in ("ada", "grace") * 8
        )
    )
    outcomes = sorted(each.body["outcome"] for each in replies)
    assert outcomes == ["decided"] * 2 + ["repeated"] * 14
    assert len(await service.events(ref)) == 3


@pytest.mark.parametrize("id_", CHOSEN)
async def test_an_id_is_not_chosen_by_who_declares(service: Process, send: Any, id_: str):
    before = await service.head()
    reply = await send("declare", id_, {"title": "Mine", "kind": "drill"})
    assert (reply.body["status"], reply.body["code"]) == (404, "incident.unknown")
    assert await service.head() == before


@pytest.mark.parametrize("drill_first", [True, False])
async def test_a_drill_never_stands_where_a_page_is_to_come(
    service: Process, send: Any, unique: str, drill_first: bool
):
    alert = f"Q{unique}{drill_first}{send.__name__}"
    id_ = incident_id("pagerduty", "pd", alert)
    if drill_first:
        refused = await send("declare", id_, {"title": "A drill", "kind": "drill"})
        assert refused.body["code"] == "incident.unknown"
    await deliver(service, page("triggered", alert, f"E{alert}"))
    (event,) = await appears(service, id_, 1)
    assert event["event"]["tag"] == "incident.alert_received.v1"
    if not drill_first:
        refused = await send("declare", id_, {"title": "A drill", "kind": "drill"})
        assert refused.body["code"] == "incident.exercise"
    assert (await service.get(f"/v1/incidents/{id_}/events"))[0]["actor"] == "source:pd"


async def test_a_drill_and_a_page_at_once_leave_a_page(service: Process, bus: Any, unique: str):
    ids = {f"R{unique}{n}": incident_id("pagerduty", "pd", f"R{unique}{n}") for n in range(8)}
    drill = {"title": "A drill", "kind": "drill"}
    await asyncio.gather(
        *(deliver(service, page("triggered", alert, f"E{alert}")) for alert in ids),
        *(ask(bus, "declare", {"incident": id_, **drill}) for id_ in list(ids.values()) * 4),
    )
    for id_ in ids.values():
        (event,) = await appears(service, id_, 1)
        assert event["event"]["tag"] == "incident.alert_received.v1"


@pytest.mark.parametrize("form", FORMS)
async def test_an_id_has_one_form_over_http(service: Process, form: str):
    id_ = (await service.declare())["id"]
    wide = id_.translate({ord("0") + digit: 0xFF10 + digit for digit in range(10)})
    text = form.format(id=id_, bare=id_.replace("-", ""), wide=wide)
    for path in ("", "/timeline", "/deliveries", "/events"):
        reply = await service.http.get(f"/v1/incidents/{text}{path}")
        assert (reply.status_code, reply.json()["code"]) == (404, "incident.unknown")
    for name, body in (("acknowledge", {}), ("declare", {"title": "Again"})):
        reply = await service.post(f"/v1/incidents/{text}/{name}", body)
        assert (reply.status, reply.body["code"]) == (404, "incident.unknown")
    preview = await service.post(f"/v1/incidents/{text}/preview_update", {"text": "x"})
    assert preview.status == 404
    assert len(await service.events(id_)) == 1
    shown = await service.get(f"/v1/incidents/{id_.upper()}/events")
    assert len(shown) == 1


async def test_an_id_has_one_form_in_a_body_and_over_nats_and_on_the_command_line(
    service: Process, bus: Any
):
    id_, other = (await service.declare())["id"], (await service.declare())["id"]
    for text in (id_.replace("-", ""), f"urn:uuid:{id_}", f"{{{id_}}}", f" {id_}"):
        over_nats = await ask(bus, "acknowledge", {"incident": text})
        assert (over_nats.body["status"], over_nats.body["code"]) == (404, "incident.unknown")
        merged = await service.post(f"/v1/incidents/{other}/merge", {"into": text})
        assert (merged.status, merged.body["field"]) == (422, "into")
        done = await service.cli("act", "acknowledge", text)
        assert (done.status, "incident.unknown" in done.err) == (4, True)
    assert INCIDENT.id_kind.canonical(id_) == id_


@pytest.mark.parametrize("name", TAKEN)
async def test_the_names_of_the_service_itself_cannot_be_claimed(
    service: Process, send: Any, name: str
):
    ref = (await service.declare())["reference"]
    before = await service.head()
    for actor in dressed(name):
        shown: Any = actor if send.__name__ == "over_nats" else actor.encode()
        for command, target, body in (("acknowledge", ref, {}), ("declare", None, {"title": "x"})):
            reply = await send(command, target, body, commandpost_actor=shown)
            assert (reply.body["status"], reply.body["code"]) == (422, "actor.reserved"), actor
            assert (reply.body["field"], bool(reply.body["rule"])) == ("Commandpost-Actor", True)
    assert await service.head() == before


async def test_nor_on_the_command_line(service: Process):
    ref = (await service.declare())["reference"]
    for words in (("act", "acknowledge", ref), ("declare", "x"),
                  ("notifications", "resend", ref, "i", "c")):  # fmt: skip
        done = await service.cli(*words, "--actor", "Source: pd")
        assert (done.status, "actor.reserved" in done.err) == (3, True)
    discarded = await service.post(
        "/v1/quarantine/1/discard", {"reason": "x"}, commandpost_actor="intake"
    )
    assert discarded.body["code"] == "actor.reserved"


async def test_whose_name_only_resembles_one_is_let_in(service: Process, send: Any):
    ref = (await service.declare())["reference"]
    for actor in ("policy-team", "sourcerer", "ada", "commandpost-bot", "intake@example.com"):
        reply = await send("add_note", ref, {"text": actor}, commandpost_actor=actor)
        assert reply.body["outcome"] == "decided"
