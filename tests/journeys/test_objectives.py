"""Objectives from their first sample to a gate that is closed, overridden and open again: over
HTTP, NATS and the command line.
"""

import json
from datetime import datetime, timedelta
from typing import Any

from nats.aio.client import Client

from adapters.clock import utc_now
from support.patience import eventually
from support.service_process import Process

RULES = [{"severity": "page", "long_window": "20m", "short_window": "5m", "burn_rate": "2"}]


def minute(back: int) -> datetime:
    return utc_now().replace(second=0, microsecond=0) - timedelta(minutes=back)


def counted(*bad: int | None, ends: datetime, total: int = 100) -> list[dict[str, Any]]:
    """A sample for each of the minutes before `ends`."""
    begins = ends - timedelta(minutes=len(bad))
    return [
        {"at": (begins + timedelta(minutes=place)).isoformat()}
        | ({} if each is None else {"good": total - each, "total": total})
        for place, each in enumerate(bad)
    ]


async def post(process: Process, path: str, **body: Any) -> Any:
    answer = (await process.http.post(path, json=body)).json()
    assert "code" not in answer, answer
    return answer


async def objective(service: Process, slug: str, **more: Any) -> None:
    await post(service, "/v1/services", slug=f"{slug}-service", name=f"{slug} service")
    said = {"target": "90", "window": "2h", "alerts": RULES, **more}
    await post(service, "/v1/slos", slug=slug, name=slug, service=f"{slug}-service", **said)


async def record(service: Process, slug: str, *samples: dict[str, Any]) -> int:
    done = await post(service, "/v1/measurements", slo=slug, samples=list(samples))
    position: int = done["position"]
    return position


async def state_of(service: Process, slug: str, state: str) -> Any:
    async def look() -> Any:
        shown = await service.get(f"/v1/slos/{slug}")
        return shown if shown["state"] == state else None

    return await eventually(look)


async def test_a_budget_that_is_spent_pages_and_closes_the_gate(service: Process):
    await objective(service, "till")
    now = minute(0)
    outage = counted(*[0] * 60, *[100] * 15, ends=now)
    position = await record(service, "till", *outage)
    budget = await service.get("/v1/slos/till/budget", min_position=position)
    assert (budget["bad"], budget["total"], budget["allowed"]) == (1500, 7500, "750")
    assert (budget["remaining"], budget["remaining_percent"], budget["consumed_percent"]) == (
        "-1", -100.0, 200.0,
    )  # fmt: skip
    assert (budget["state"], budget["unknown_minutes"] >= 44) == ("frozen", True)
    shown = await state_of(service, "till", "frozen")
    assert [each["rule"] for each in shown["burning"]] == ["page, 2x over 20 min and 5 min"]
    since = shown["burning"][0]["since"]
    assert datetime.fromisoformat(since) == now - timedelta(minutes=11)

    async def opened() -> Any:
        found = (await service.get("/v1/incidents", status="open", limit=500))["incidents"]
        return next((each for each in found if "till-service" in each["services"]), None)

    incident = await eventually(opened)
    assert incident["severity"] == "SEV2"
    closed = await service.get("/v1/deploy-gate", service="till-service")
    assert closed["may_deploy"] is False
    assert "-100 % of the error budget remains" in closed["why"]
    assert "nothing is deployed but by override" in closed["why"]
    assert "override_gate" in closed["who_may_override"]
    said = await service.cli("gate", "till-service")
    assert (said.status, said.out.splitlines()[0]) == (
        1, "till-service may not be deployed (feature)",
    )  # fmt: skip


async def test_an_override_is_recorded_ends_by_itself_and_can_be_withdrawn(
    service: Process, bus: Client
):
    await objective(service, "desk")
    await record(service, "desk", *counted(*[0] * 30, *[100] * 5, ends=minute(0)))
    await state_of(service, "desk", "frozen")
    until = (utc_now() + timedelta(hours=1)).isoformat()
    body = {"slo": "desk", "reason": "the fix itself", "until": until}
    answer = await bus.request("commands.slo.override_gate", json.dumps(body).encode(), 20)
    assert json.loads(answer.data)["outcome"] == "decided"
    gate = await service.get("/v1/deploy-gate", service="desk-service")
    assert (gate["may_deploy"], gate["objectives"][0]["override"]["reason"]) == (
        True, "the fix itself",
    )  # fmt: skip
    assert (await service.cli("gate", "desk-service")).status == 0
    await post(service, "/v1/slos/desk/withdraw_override", reason="the fix is out")
    gate = await service.get("/v1/deploy-gate", service="desk-service")
    assert gate["may_deploy"] is False
    far = (utc_now() + timedelta(days=8)).isoformat()
    refused = await service.http.post(
        "/v1/slos/desk/override_gate", json={"reason": "for good", "until": far}
    )
    assert refused.json()["code"] == "slo.override_length"


async def test_a_budget_as_of_any_time_and_as_known_at_any_time(service: Process):
    await objective(service, "shelf")
    now = minute(0)
    await record(service, "shelf", *counted(*[0] * 30, *[None] * 10, ends=now))
    before = utc_now().isoformat()
    position = await record(service, "shelf", *counted(*[100] * 10, ends=now))
    now_known = await service.get("/v1/slos/shelf/budget", min_position=position)
    then_known = await service.get("/v1/slos/shelf/budget", known_at=before)
    as_of = (now - timedelta(minutes=5)).isoformat()
    earlier = await service.get("/v1/slos/shelf/budget", as_of=as_of)
    assert [each["bad"] for each in (now_known, then_known, earlier)] == [1000, 0, 500]
    assert then_known["unknown_minutes"] == now_known["unknown_minutes"] + 10
    assert datetime.fromisoformat(earlier["as_of"]) == now - timedelta(minutes=5)


async def test_what_was_never_counted_is_unknown_and_closes_nothing(service: Process):
    await objective(service, "attic")
    budget = await service.get("/v1/slos/attic/budget")
    assert (budget["remaining"], budget["remaining_percent"], budget["state"]) == (
        None, None, "unknown",
    )  # fmt: skip
    gate = await service.get("/v1/deploy-gate", service="attic-service")
    assert (gate["may_deploy"], gate["objectives"][0]["remaining_percent"]) == (True, None)
    assert "Nothing was ever counted" in gate["why"]


async def test_the_gate_of_a_service_without_an_objective_and_of_none(service: Process):
    await post(service, "/v1/services", slug="barn", name="Barn")
    gate = await service.get("/v1/deploy-gate", service="Barn")
    assert (gate["service"], gate["may_deploy"], gate["objectives"]) == ("barn", True, [])
    nowhere = await service.http.get("/v1/deploy-gate", params={"service": "barm"})
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "service.unknown")
    said = await service.cli("gate", "barm")
    assert (said.status, "barm" in said.err) == (2, True)


async def test_alerts_are_those_of_all_samples_in_whatever_order_they_came(service: Process):
    await objective(service, "loft")
    ends = minute(0)
    samples = counted(*[0] * 40, *[100] * 10, *[0] * 10, ends=ends)
    await record(service, "loft", *samples[1::2])
    position = await record(service, "loft", *reversed(samples[::2]))
    window = {"from": samples[0]["at"], "to": ends.isoformat(), "min_position": position}
    (rule,) = await service.get("/v1/slos/loft/alerts", **window)
    at = [datetime.fromisoformat(each["at"]) for each in samples]
    spans = [
        (datetime.fromisoformat(each["from"]), datetime.fromisoformat(each["to"]))
        for each in rule["fires"]
    ]
    assert spans == [(at[44], at[53])]
    picture = await service.http.get("/v1/slos/loft/graph.svg")
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert "budget that remains" in picture.text


async def test_what_cannot_be_is_refused_and_nothing_of_it_is_kept(service: Process):
    await objective(service, "yard")
    for sample, code in (
        ({"at": minute(1).isoformat(), "good": 2, "total": 1}, "measurement.impossible"),
        ({"at": minute(-10).isoformat(), "good": 1, "total": 1}, "measurement.impossible"),
        ({"at": minute(1).isoformat(), "good": 1}, "measurement.impossible"),
        ({"at": minute(1).isoformat(), "good": -1, "total": 1}, "field.invalid"),
    ):
        body = {"slo": "yard", "samples": [counted(0, ends=minute(1))[0], sample]}
        refused = await service.http.post("/v1/measurements", json=body)
        assert (refused.status_code, refused.json()["code"]) == (422, code)
    unknown = await service.http.post(
        "/v1/measurements", json={"slo": "yart", "samples": counted(0, ends=minute(1))}
    )
    assert unknown.json()["code"] == "slo.unknown"
    measured = await service.http.get("/v1/measurements/yard")
    assert measured.status_code == 404
    never = {"slug": "never", "name": "a", "service": "b", "target": "90", "window": "30d"}
    refused = await service.http.post("/v1/slos", json=never)
    assert (refused.status_code, refused.json()["code"]) == (422, "slo.never_fires")
