"""Who is on call over HTTP, NATS and the command line; and who was believed to be, then."""

import json
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import tomli_w
from nats.aio.client import Client

from adapters.clock import utc_now
from commandpost_client import reads
from support.exports import layer as exported
from support.exports import layers, written
from support.programs import asked
from support.service_process import Process

WEEKS = {"type": "turns", "anchor": "2026-03-23T09:00:00", "length": "P7D"}
PATH = "/v1/schedules/night-watch"
WINDOW = {"from": "2026-03-23T00:00:00Z", "to": "2026-04-06T12:00:00Z"}


def layer(*people: str) -> dict[str, Any]:
    groups = [[each] for each in people]
    return {"id": "primary", "zone": "Europe/Berlin", "pattern": WEEKS, "groups": groups}


async def post(service: Process, path: str, **body: Any) -> Any:
    return (await service.http.post(path, json=body)).json()


async def test_a_schedule_from_its_first_turn_to_who_was_believed_on_call(
    service: Process, bus: Client
):
    await post(service, "/v1/people", slug="wanda", name="Wanda Watch")
    done = await post(
        service,
        "/v1/schedules",
        slug="night-watch",
        name="Night watch",
        time_zone="Europe/Berlin",
        layers=[layer("wanda", "otto")],
    )
    assert [each["code"] for each in done["warnings"]] == ["schedule.people.too_few"]
    found = await service.get(f"{PATH}/shifts", **WINDOW)
    assert found == [  # 09:00 on the wall, on both sides of the change of the clocks
        {"from": "2026-03-23T00:00:00Z", "to": "2026-03-23T08:00:00Z", "people": ["otto"]},
        {"from": "2026-03-23T08:00:00Z", "to": "2026-03-30T07:00:00Z", "people": ["wanda"]},
        {"from": "2026-03-30T07:00:00Z", "to": "2026-04-06T07:00:00Z", "people": ["otto"]},
        {"from": "2026-04-06T07:00:00Z", "to": "2026-04-06T12:00:00Z", "people": ["wanda"]},
    ]
    listed = await service.get("/v1/schedules", person="otto", min_position=done["position"])
    assert [(each["id"], each["unknown_people"]) for each in listed] == [("night-watch", ["otto"])]
    before, at = utc_now().isoformat(), "2026-03-25T12:00:00Z"
    body = {"schedule": "night-watch", "people": ["otto"], "reason": "it was otto, in truth"}
    body |= {"begins": "2026-03-25T00:00:00Z", "ends": "2026-03-26T00:00:00Z"}
    await bus.request("commands.schedule.override", json.dumps(body).encode(), 20)
    now = await service.get(f"{PATH}/on-call", at=at)
    believed = await service.get(f"{PATH}/on-call", at=at, known_at=before)
    assert (now["people"], now["next_people"]) == (["otto"], ["wanda"])
    assert believed["people"] == ["wanda"]


async def test_on_the_command_line_and_for_programs(service: Process):
    await post(
        service, "/v1/schedules", slug="day-watch", name="Day watch", time_zone="Europe/Berlin",
        layers=[layer("dora")],
    )  # fmt: skip
    said = await service.cli("oncall", "day-watch", "--at", "2026-03-25T12:00:00Z")
    assert said.out == "day-watch at 2026-03-25 12:00:00 UTC: dora\n"
    away = ("begins=2026-03-25T00:00:00Z", "ends=2026-03-26T00:00:00Z", "leaves=dora", "takes=ed")
    done = await service.cli("schedule", "forward", "day-watch", *away)
    assert done.status == 0, done.err
    window = ("--since", "2026-03-24T00:00:00Z", "--until", "2026-03-27T00:00:00Z")
    shifts = await service.cli("schedule", "shifts", "day-watch", *window)
    assert [line.split()[-1] for line in shifts.out.splitlines()] == ["dora", "ed", "dora"]
    review = await service.cli("schedule", "review", "day-watch", *window)
    assert "people.too_few" in review.out
    named = await service.cli("schedule", "list", "person=dora")
    _, line = named.out.splitlines()
    assert line.split()[:4] == ["day-watch", "yes", "Europe/Berlin", "dora"]
    found = await asked(service, reads.list_schedules(person="dora"))
    assert [each.id for each in found] == ["day-watch"]


async def test_who_is_on_call_by_all_schedules_and_what_to_put_right(service: Process):
    for slug, active in (("reach-ann", {"email": "ann@example.com"}), ("reach-ben", {})):
        await post(service, "/v1/people", slug=slug, name=slug.title(), **active)
    done = {}
    for slug in ("twice-1", "twice-2"):
        done = await post(
            service, "/v1/schedules", slug=slug, name="Twice", time_zone="Europe/Berlin",
            layers=[layer("reach-ann", "reach-ben", "stranger")],
        )  # fmt: skip
    await post(service, "/v1/people/reach-ann/deactivate")
    await service.get("/v1/schedules", min_position=done["position"])
    span = {"begins": utc_now().isoformat(), "ends": (utc_now() + timedelta(days=1)).isoformat()}
    for slug in ("twice-1", "twice-2"):
        await post(service, f"/v1/schedules/{slug}/override", people=["reach-ben"], **span)
    found = await service.get("/v1/on-call")
    first = next(each for each in found["schedules"] if each["schedule"] == "twice-1")
    assert first["people"] == ["reach-ben"]
    marks = ("unknown_people", "people_who_left", "without_contact")
    assert [first[each] for each in marks] == [
        ["stranger"], ["reach-ann"], ["reach-ben"],
    ]  # fmt: skip
    twice = {"person": "reach-ben", "schedules": ["twice-1", "twice-2"]}
    assert twice in found["several"]
    said = await service.cli("oncall")
    assert "twice-1: reach-ben until" in said.out
    assert "  have left, and have turns: reach-ann\n" in said.out
    assert "reach-ben is on call by twice-1 and twice-2\n" in said.out
    assert (await service.cli("oncall", "--known-at", "2026-05-04T00:00:00Z")).status != 0


async def test_a_change_is_looked_at_before_it_is_made(service: Process):
    body = {"slug": "preview-1", "name": "Preview", "time_zone": "Europe/Berlin"}
    await post(service, "/v1/schedules", **body, layers=[layer("pia")])
    path = "/v1/schedules/preview-1"
    found = await post(service, f"{path}/preview_change", layers=[layer("pia", "quin")])
    gained, lost = found["people"][1], found["people"][0]
    assert (lost["person"], lost["gains"], gained["person"], gained["loses"]) == (
        "pia", [], "quin", [],
    )  # fmt: skip
    assert lost["loses"] == gained["gains"] != []
    assert (found["gap_hours_before"], found["gap_hours_after"]) == (0, 0)
    assert (await service.get(path))["people"] == ["pia"]
    broken = await service.http.post(f"{path}/preview_change", json={"layers": [layer()]})
    assert broken.json()["code"] == "schedule.layer_invalid"


async def test_schedules_are_kept_as_code(service: Process, tmp_path: Path):
    weeks = {**layer("carla", "dario"), "restrictions": [{"at": "18:00:00", "length": "PT15H"}]}
    folder = {
        "config": {"name": "rota-code"},
        "schedules": {
            "by-code": {"name": "By code", "time_zone": "Europe/Berlin", "layers": [weeks]}
        },
    }
    root, out = tmp_path / "folder", tmp_path / "out"
    root.mkdir()
    (root / "all.toml").write_text(tomli_w.dumps(folder))
    for said in ("enter", "nothing"):
        done = await service.cli("config", "apply", str(root))
        assert done.status == 0, done.out + done.err
        assert ("by-code" in done.out) == (said == "enter")
    assert (await service.cli("config", "export", str(out), "--name", "rota-code")).status == 0
    exported_as = tomllib.loads((out / "schedules.toml").read_text())["schedules"]["by-code"]
    assert exported_as["layers"][0]["groups"] == [["carla"], ["dario"]]
    assert (await service.cli("config", "drift", str(root))).status == 0
    refused = await service.http.post("/v1/schedules/by-code/change", json={"name": "Other"})
    assert refused.json()["code"] == "schedule.managed"


async def test_what_is_asked_wrongly_says_what_is_wrong(service: Process):
    for path, field in (
        ("nobody/shifts", "schedule"),
        ("nobody/on-call?at=noon", "at"),
        ("day-watch/on-call?at=9999-12-31T00:00:00Z", "at"),
        ("nobody/shifts?from=2026-05-01T00:00:00", "from"),
        ("nobody/shifts?from=2026-05-02T00:00:00Z&to=2026-05-01T00:00:00Z", "to"),
        ("nobody/review?since=2026-05-01T00:00:00Z", "since"),
    ):
        answer = await service.http.get(f"/v1/schedules/{path}")
        assert answer.status_code in {404, 422}
        assert answer.json()["field"] == field


async def test_an_account_of_another_product_is_taken_over_once(service: Process, tmp_path: Path):
    begins = utc_now() + timedelta(days=3)
    span = {"start": begins.isoformat(), "end": (begins + timedelta(days=2)).isoformat()}
    override = {"id": "O1", **span, "user": {"id": "C", "type": "user_reference"}}
    later = {"id": "O2", **span, "user": {"id": "D", "type": "user_reference"}}
    files = layers(exported(people="A B"), name="Taken over", overrides=[override, later])
    path = str(written(tmp_path, files))
    for came_to in ("1 entered, 0 changed, 0 as they were", "0 entered, 0 changed, 1 as they were"):
        done = await service.cli("migrate", "apply", path, "--from", "pagerduty")
        assert done.out.startswith(came_to), done.err
        assert "1 of 1 say what the export says of the next 90 days" in done.out
    assert (await service.get("/v1/schedules/taken-over"))["description"] == "It was S before."
    found = await service.get("/v1/schedules/taken-over/on-call", at=span["start"])
    assert found["people"] == ["D"]
    others = str(written(tmp_path / "others", layers(exported(people="A"), name="Day watch")))
    done = await service.cli("migrate", "apply", others, "--from", "pagerduty")
    assert "another schedule has that name here" in done.out + done.err
    assert done.status == 1
    assert (await service.get("/v1/schedules/day-watch"))["people"] == ["dora"]
