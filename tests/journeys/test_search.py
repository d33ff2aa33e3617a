"""What is on record is found by its words, over HTTP, by the client and on the command line."""

from typing import Any

import pytest

from adapters.clock import new_id
from commandpost_client import reads
from support.programs import asked
from support.service_process import Process


@pytest.fixture(scope="module")
async def mark(service: Process) -> str:
    """A word that stands in an incident, in a note and in an update of it, and nowhere else."""
    word = "".join(chr(ord("g") + int(each, 16)) for each in new_id()[-10:])
    roles = {"incident_commander": "ada", "technical_lead": "grace"}
    declared = await service.declare(f"The {word} queue is full", severity="SEV4", roles=roles)
    ref = declared["reference"]
    await service.act(ref, "add_note", text=f"\x1b[31m<b>{word}</b>\u202e grew since\nnoon")
    await service.act(ref, "log_action", action=f"Purged {word}")
    last = await service.act(ref, "add_note", text=f"{word} is another one")
    entry = (await service.get(f"/v1/incidents/{ref}/timeline", min_position=last["position"]))[
        "entries"
    ][-1]["event_id"]
    gone = await service.act(ref, "retract", entry=entry, reason="it is not")
    await service.get("/v1/search", q=word, min_position=gone["position"])
    return word


async def test_it_is_found_over_http_page_by_page(service: Process, mark: str):
    whole = await service.get("/v1/search", q=mark)
    assert whole["hits"][0]["kind"] == "incident"
    assert sorted(each["kind"] for each in whole["hits"]) == ["action", "incident", "note"]
    assert whole["next"] is None
    first = await service.http.get("/v1/search", params={"q": mark, "limit": "1"})
    assert first.json()["hits"] == whole["hits"][:1]
    second = await service.http.get(first.links["next"]["url"])
    assert second.json()["hits"] == whole["hits"][1:2]
    [note] = (await service.get("/v1/search", q=mark, kind="note"))["hits"]
    assert note["excerpt"] == f"[31m<b>{mark}</b> grew since noon"
    assert [note["excerpt"][it["start"] : it["end"]] for it in note["found"]] == [mark]


async def test_it_is_found_by_the_client(service: Process, mark: str):
    found = await asked(service, reads.search(q=mark, kind=["action"]))
    assert [hit.kind for hit in found.hits] == ["action"]


async def test_it_is_found_on_the_command_line(service: Process, mark: str):
    done = await service.cli("search", f"{mark[:-1]}", "queue", "full")
    assert done.status == 0, done.err
    assert f"The {mark} queue is full" in done.out
    done = await service.cli("search", mark, "--kind", "note", "--limit", "1")
    assert f"<b>{mark}</b> grew since noon" in done.out
    assert not {"\x1b", "\u202e"} & {*done.out}
    done = await service.cli("search", f"{mark}x", "nowhere")
    assert (done.status, done.out) == (0, "Nothing has all these words.\n")


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"q": "x" * 10_240}, 422, "search.too_long"),
        ({"q": "!!! & | '"}, 422, "search.no_words"),
        ({}, 400, "request.invalid"),
        ({"q": "pool", "kind": "person"}, 422, "query.invalid"),
        ({"q": "pool", "limit": "101"}, 422, "query.invalid"),
        ({"q": "pool", "after": "5b5d"}, 422, "query.invalid"),
    ],
)
async def test_what_cannot_be_looked_for_is_refused(
    service: Process, query: dict[str, str], status: int, code: str
):
    answer = await service.http.get("/v1/search", params=query)
    problem: Any = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code)
    assert len(answer.content) < 1_000


@pytest.mark.parametrize(
    "q", ["'; DROP SCHEMA commandpost;--", "a:*A <-> !!b | (c", "\\' or 1=1", "$1 {document}"]
)
async def test_signs_of_a_query_are_none(service: Process, q: str):
    assert (await service.http.get("/v1/search", params={"q": q})).status_code == 200
    assert (await service.cli("search", q)).status == 0
