"""What another policy would have made of history, over HTTP and on the command line."""

from pathlib import Path
from typing import Any

from support.service_process import Process

STRICT = {"version": "strict", "major_percent": 5.0, "levels": {"SEV2": {"response": "1 min"}}}
SINCE = "2026-01-01T00:00:00Z"


async def asked(service: Process, policy: Any, since: str = SINCE) -> Any:
    return await service.post("/v1/what-if", {"policy": policy, "since": since})


async def test_it_differs_where_the_policy_does_and_nowhere_else(service: Process, tmp_path: Path):
    title = "Ten percent"
    made = await service.declare(title, severity=None, impact={"percent_affected": 10})
    events = f"/v1/incidents/{made['reference']}/events"
    before = await service.get(events)
    found = (await asked(service, STRICT)).body
    (mine,) = [each for each in found["differing"] if each["id"] == made["id"]]
    assert (mine["severity_now"], mine["severity_then"]) == ("SEV3", "SEV2")
    rows = {each["what"]: (each["now_at"], each["then_at"]) for each in mine["differences"]}
    assert rows["classified SEV3"][1] is None
    assert rows["classified SEV2"][0] is None
    same = (await asked(service, {"version": "renamed"})).body
    assert (same["differing"], same["incidents"]) == ([], found["incidents"])
    file = tmp_path / "strict.toml"
    file.write_text('version = "strict"\nmajor_percent = 5.0\n[levels.SEV2]\nresponse = "1 min"\n')
    told = await service.cli("what-if", "--policy", str(file), "--since", SINCE)
    assert f"{made['reference']} {title} (SEV3, it would be SEV2)" in " ".join(told.out.split())
    assert await service.get(events) == before, "nothing is written"


async def test_a_policy_that_does_not_validate_is_refused_with_key_and_rule(service: Process):
    answer = await asked(service, {"version": "bad", "major_percent": 200})
    assert (answer.status, answer.body["code"]) == (422, "policy.invalid")
    assert "major_percent: from 0 to outage_percent" in answer.body["detail"]
    assert (await asked(service, {"major_percent": 5})).body["code"] == "policy.invalid"
    assert (await asked(service, STRICT, "2999-01-01T00:00:00Z")).body["field"] == "since"
