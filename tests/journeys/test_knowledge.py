"""At 3 a.m.: what was like this, what helped then; and afterwards, what was known when."""

from typing import Any, NamedTuple

import pytest

from adapters.clock import new_id, utc_now
from support.service_process import Process


class Night(NamedTuple):
    """One that was resolved, one like it that goes on, and a time between two notes of that."""

    before: str
    ref: str
    between: str
    word: str


@pytest.fixture(scope="module")
async def night(service: Process) -> Night:
    word = "".join(chr(ord("g") + int(each, 16)) for each in new_id()[-10:])
    roles = {"incident_commander": "ada", "technical_lead": "grace"}
    said: dict[str, Any] = {"severity": "SEV3", "roles": roles, "services": [f"pay-{word}"]}
    before = (await service.declare(f"The {word} pool is exhausted", **said))["reference"]
    await service.act(before, "log_action", action="Raised max_connections to 400")
    await service.act(before, "acknowledge")
    await service.act(before, "post_update", text="A larger pool is rolled out")
    await service.act(before, "mitigate", mitigation="a larger pool")
    await service.act(
        before, "resolve", resolution="a larger pool", verification="errors at 0.1 %",
        early_reason="a test",
    )  # fmt: skip
    ref = (await service.declare(f"Exhausted pools of {word}", **said))["reference"]
    await service.act(ref, "add_note", text="errors at 5 %")
    between = utc_now().isoformat()
    last = await service.act(ref, "add_note", text="it began with a deploy", occurred_at=between)
    await service.get("/v1/search", q="pool", min_position=last["position"])
    return Night(before, ref, between, word)


async def test_what_was_like_it_is_named_with_what_helped_then(service: Process, night: Night):
    found = await service.get(f"/v1/incidents/{night.ref}/similar", limit="1")
    [like] = found["similar"]
    assert (like["reference"], like["helped"]["resolution"]) == (night.before, "a larger pool")
    assert like["helped"]["actions"] == ["Raised max_connections to 400"]
    assert like["helped"]["last_update"] == "A larger pool is rolled out"
    assert {each["kind"] for each in like["reasons"]} >= {"services", "words"}
    done = await service.cli("similar", night.ref, "--limit", "1")
    assert done.status == 0, done.err
    assert f"{night.before} SEV3 resolved: The {night.word} pool is exhausted" in done.out
    assert "logged action: Raised max_connections to 400" in done.out


async def test_what_was_known_at_a_time_is_shown_beside_what_is_known_now(
    service: Process, night: Night
):
    path = f"/v1/incidents/{night.ref}/known"
    found = await service.get(path, known_at=night.between)
    assert found["then_known"] is True
    assert "errors at 5 %" in [row["text"] for row in found["timeline"]]
    assert [each["text"] for each in found["learnt_later"]] == ["it began with a deploy"]
    page = await service.http.get(path, params={"known_at": night.between, "format": "html"})
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "it began with a deploy" in page.text
    done = await service.cli("known", night.ref, "--known-at", night.between)
    assert done.status == 0, done.err
    assert "Learnt later of the time before:" in done.out
    refused = await service.http.get(path)
    assert (refused.status_code, refused.json()["field"]) == (422, "known_at")
    assert (await service.http.get(path, params={"format": "pdf"})).status_code == 422
