"""Weird but legal text goes through the whole service and comes back as it was sent."""

from typing import Any

import pytest

from support.service_process import Process

TEXTS = {
    "nul": "before\x00after",
    "only nul and a letter": "\x00a\x00",
    "controls": "".join(map(chr, range(1, 32))) + "x\x7f\x80\x85\x9f",
    "emoji": "🔥🧯👩🏽‍🚒 é e\u0301 \u202e right to left \ufeff",
    "terminal": "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b31m",
    "markup": "<script>alert(1)</script> | **bold** `code` [a](javascript:x) {{ 7*7 }} %s {0}",
    "sql": '\'); DROP TABLE incident; -- \\ \\\\ \\N \\x00 \\u0000 $1 "q"',
    "array": '{a,"b",\\c} NULL, "q", {}',
    "null": "NULL",
    "lines": "a\nb\r\nc\u2028d\u2029e\x0bf\x0cg",
    "long": "x" * 10_000,
    "long in bytes": "🔥" * 10_000,
    "last characters": "\ufffd\uffff\U0010ffff\ue000",
}


@pytest.mark.parametrize("name", TEXTS)
async def test_strange_text_comes_back_as_it_was_sent(service: Process, send: Any, name: str):
    """From the log exactly; from the read models with U+FFFD where PostgreSQL has no U+0000."""
    text = TEXTS[name]
    line = text[:300]
    declared = await send(
        "declare", None,
        {"title": line, "summary": text, "services": [line], "severity": "SEV3"},
        commandpost_actor="ada",
    )  # fmt: skip
    ref = declared.body["reference"]
    for role in ("incident_commander", "technical_lead"):
        await service.act(ref, "assign_role", role=role, assignee=line[:200])
    for command, body in (
        ("add_note", {"text": text}),
        ("log_action", {"action": text}),
        ("open_hypothesis", {"statement": text, "owner": line[:200]}),
        ("post_update", {"text": text}),
        ("identify_root_cause", {"cause": text}),
        ("reassess_impact", {"summary": text[:1000]}),
        ("resolve", {"resolution": text}),
    ):
        reply = await send(command, ref, body)
        assert reply.body.get("outcome") == "decided", reply.body
    position = reply.body["position"]

    events = [event["event"] for event in await service.events(ref)]
    assert events[0]["title"] == line
    assert events[0]["summary"] == text
    assert events[3]["text"] == text

    shown = await service.get(f"/v1/incidents/{ref}", min_position=position)
    kept = text.replace("\x00", "\ufffd")
    assert shown["title"] == line
    assert shown["resolution"] == text
    timeline = await service.get(f"/v1/incidents/{ref}/timeline", min_position=position)
    assert text in {entry["text"] for entry in timeline["entries"]}
    statistics = await service.get("/v1/statistics", by="service", min_position=position)
    assert kept[:300] in {group["group"] for group in statistics["groups"]}
    for projection in ("board", "timeline", "statistics", "intents"):
        status = (await service.get("/health/ready"))["read_models"][projection]
        assert status["phase"] == "following", status

    folded = await service.get(f"/v1/incidents/{ref}/timeline", as_of="2100-01-01T00:00:00Z")
    assert text in {entry["text"] for entry in folded["entries"]}


async def test_a_lone_surrogate_is_refused_wherever_it_stands(service: Process, send: Any):
    before = await service.head()
    for body in (b'{"title": "\\ud800"}', b'{"title": "a\\udfffb"}', b'{"\\ud83d": 1}'):
        reply = await send("declare", None, body)
        assert reply.body["code"] == "body.not_json"
    assert await service.head() == before


async def test_an_actor_may_have_any_letters(service: Process):
    response = await service.http.post(
        "/v1/incidents",
        content=b'{"title": "x"}',
        headers={
            b"Commandpost-Actor": "Zoë 🔥".encode(),
            b"Content-Type": b"application/json",
        },
    )
    (event,) = await service.events(response.json()["id"])
    assert event["actor"] == "Zoë 🔥"


async def test_times_and_numbers_at_their_limits(service: Process):
    """The first and the last moment, the largest numbers: kept, and shown."""
    declared = await service.declare(
        occurred_at="1970-01-01T00:00:00Z", impact_started_at="1970-01-01T00:00:00Z",
        impact={"users_affected": 10**12, "percent_affected": 1e-300, "scope": 0},
    )  # fmt: skip
    ref = declared["reference"]
    answer = await service.act(ref, "resolve", resolution="done")
    shown = await service.get(f"/v1/incidents/{ref}", min_position=answer["position"])
    assert answer["incident"].items() <= shown.items()
    assert shown["milestones"]["impact_started_at"] == "1970-01-01T00:00:00Z"
    for by in ("all", "month", "severity", "service"):
        await service.get("/v1/statistics", by=by, min_position=answer["position"])
    first, last = "1970-01-01T00:00:00Z", "9998-12-31T23:59:59.999999Z"
    for at in (first, last):
        for name in ("as_of", "known_at"):
            await service.get("/v1/incidents", **{name: at})
    assert (await service.get("/v1/statistics", **{"from": first, "to": last}))["groups"]


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
async def test_times_out_of_all_range_are_refused(service: Process, at: str):
    for path, name in (
        ("/v1/incidents", "as_of"),
        ("/v1/incidents", "known_at"),
        ("/v1/statistics", "from"),
        ("/v1/statistics", "to"),
    ):
        response = await service.http.get(path, params={name: at})
        assert response.status_code == 422, (path, name, response.text)
        assert response.json()["field"] == name
    ref = (await service.declare())["reference"]
    for name in ("", "/timeline"):
        response = await service.http.get(f"/v1/incidents/{ref}{name}", params={"as_of": at})
        assert response.status_code == 422
