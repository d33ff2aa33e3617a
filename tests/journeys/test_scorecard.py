"""The scorecard of a service: over HTTP as on the command line, now and then."""

import json
from typing import Any

from support.service_process import Process


def began(year: int) -> dict[str, str]:
    return {
        "impact_started_at": f"{year}-02-01T10:00:00Z",
        "detected_at": f"{year}-02-01T10:04:00Z",
        "occurred_at": f"{year}-02-01T10:05:00Z",
        "kind": "retrospective",
    }


def by_name(card: Any) -> dict[str, Any]:
    return {each["name"]: each for each in card["metrics"]}


async def past_incident(service: Process, title: str, year: int, **body: Any) -> Any:
    """One of a February of which no other test tells, resolved an hour after it began."""
    made = await service.declare(title, **began(year), **body)
    for name, at, more in (
        ("acknowledge", f"{year}-02-01T10:06:00Z", {}),
        ("mitigate", f"{year}-02-01T10:50:00Z", {"mitigation": "rolled back"}),
        (
            "resolve",
            f"{year}-02-01T11:00:00Z",
            {"resolution": "rolled back", "verification": "0.1 %", "early_reason": "a test"},
        ),
    ):
        made = await service.act(made["reference"], name, occurred_at=at, **more)
    return made


async def test_the_quarter_of_a_time_names_its_incidents_and_what_is_missing(service: Process):
    first = await past_incident(service, "Orders are lost", 2019, severity="SEV1")
    hidden = await service.declare(
        "Salaries leaked", severity="SEV1", private={"people": ["hr"]}, **began(2019)
    )
    card = await service.get(
        "/v1/scorecard", as_of="2019-03-31T00:00:00Z", min_position=hidden["position"]
    )
    assert (card["period"], card["version"], len(card["metrics"])) == ("2019-Q1", "1", 8)
    found = by_name(card)
    assert (found["mttd"]["value"], found["mttd"]["n"], found["mttd"]["met"]) == (240, 1, True)
    assert found["mttd"]["evidence"] == [first["reference"]]
    assert (found["mttr"]["value"], found["mttr"]["met"]) == (3600, False)
    assert found["postmortems_within_48_h"]["against"] == [first["reference"]]
    assert found["on_call_satisfaction"]["missing"]
    assert hidden["reference"] not in json.dumps(card)
    told = await service.cli("scorecard", "--as-of", "2019-03-31T00:00:00Z", "--format", "json")
    assert told.json == card
    shown = await service.cli("scorecard", "--as-of", "2019-03-31T00:00:00Z")
    assert f"against mttr: {first['reference']}" in shown.out


async def test_what_was_going_on_then_waits_and_before_it_nothing_is_known(service: Process):
    made = await past_incident(service, "It waits", 2017, severity="SEV2")
    ref = made["reference"]
    before = by_name(
        await service.get(
            "/v1/scorecard", as_of="2017-02-01T10:30:00Z", min_position=made["position"]
        )
    )
    assert (before["mttr"]["n"], ref in before["mttd"]["evidence"]) == (0, True)
    assert ref not in before["postmortems_within_48_h"]["evidence"]
    earlier = await service.get("/v1/scorecard", as_of="2017-01-01T00:00:00Z")
    assert {each["value"] for each in earlier["metrics"]} == {None}
    unknown = await service.get("/v1/scorecard", known_at="2017-03-31T00:00:00Z")
    assert {each["value"] for each in unknown["metrics"]} == {None}, "nobody had told of it yet"
    assert (await service.http.get("/v1/scorecard", params={"as_of": "soon"})).status_code == 422
