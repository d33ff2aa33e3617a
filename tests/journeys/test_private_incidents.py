"""Private incidents, walked on all paths by somebody who may not see them: a new route, command or
subject that no table names fails here.
"""

import json
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
from nats.aio.client import Client

from adapters.cli.over_http.dispatch import QUESTIONS
from adapters.cli.rights import NEEDS
from adapters.clock import new_id
from adapters.registry import REGISTRY
from domain.incident.samples import SAMPLES
from journeys.test_learning import NEEDED
from support.access import bearer
from support.patience import eventually
from support.private_paths import CLI, CLI_APART, KNOWN, QUERIES, ROUTES, Walk
from support.service_process import Process, ask

BODIES: dict[str, Any] = {
    "preview_update": {"text": "x"},
    "preview_schedule_change": {"name": "x"},
    "declare_from_triage": {"title": "x"},
    "what_if": {"policy": {"version": "other-1"}, "since": "2020-01-01T00:00:00Z"},
}
ASYNCAPI = Path(__file__).parents[2] / "docs" / "asyncapi.json"
EVENTS_AND_SIGNALS = {"signals", *(each.name for each in REGISTRY.aggregates)}
"""What is published and not asked: readers of events are the `reader` of deploy/nats.conf."""


class Cast(NamedTuple):
    """A private incident, and who is there: tokens of whoever declared it, of somebody in the team
    that is named, of a commander and an administrator who may not see it.
    """

    ref: str
    id: str
    mark: str
    team: str
    owner: str
    member: str
    other: str
    admin: str

    def told_by(self, text: str) -> list[str]:
        return [each for each in (self.ref, self.id, self.mark) if each in text]


async def token(service: Process, name: str, role: str, *more: str) -> str:
    done = await service.cli("token", "create", name, "--role", role, *more)
    assert done.status == 0, done.err
    return done.out.strip()


async def send(service: Process, secret: str, path: str, body: Any, **more: str) -> Any:
    return await service.http.post(path, json=body, headers={**bearer(secret), **more})


@pytest.fixture(scope="module")
async def cast(service: Process) -> Cast:
    mark = f"m{new_id()[-10:]}"
    names = {each: f"{each}{mark[:6]}" for each in ("ada", "grace", "mallory", "boss")}
    for name in (names["ada"], names["grace"]):
        made = await service.post("/v1/people", {"slug": name, "name": name.title()})
        assert made.status == 201, made
    team = f"security{mark[:6]}"
    body = {"slug": team, "name": team, "members": [names["grace"]]}
    assert (await service.post("/v1/teams", body)).status == 201
    ada = await token(service, names["ada"], "responder", "--person", names["ada"])
    grace = await token(service, names["grace"], "viewer", "--person", names["grace"])
    mallory = await token(service, names["mallory"], "commander")
    boss = await token(service, names["boss"], "admin")
    declared = {
        "title": f"Somebody reads {mark}",
        "summary": mark,
        "services": [mark],
        "severity": "SEV3",
        "private": {"teams": [team]},
    }
    answer = (await send(service, ada, "/v1/incidents", declared)).json()
    found = Cast(answer["reference"], answer["id"], mark, team, ada, grace, mallory, boss)
    await send(service, ada, f"/v1/incidents/{found.ref}/add_note", {"text": mark})
    for model in ("", "/timeline"):
        path = f"/v1/incidents/{found.ref}{model}?min_position={answer['position']}"
        seen = await service.http.get(path, headers=bearer(grace))
        assert (model, seen.status_code) == (model, 200), seen.text
    return found


async def operations(service: Process) -> dict[str, tuple[str, str]]:
    """By operation id, the method and the path, as the service describes itself."""
    paths = (await service.get("/openapi.json"))["paths"]
    return {
        named["operationId"]: (method, path)
        for path, methods in paths.items()
        for method, named in methods.items()
        if isinstance(named, dict) and "operationId" in named
    }


async def test_every_route_is_in_the_table(service: Process):
    others = {each.qualified(name) for each in REGISTRY.public for name in each.commands}
    assert set(await operations(service)) - others == set(ROUTES)


def test_every_command_of_the_command_line_is_in_a_table():
    walked = {name.removesuffix(" REF") for name in CLI}
    walked -= {"preview declared", "incident show", "what-if --policy", "search somebody", KNOWN}
    walked |= {"preview", "what-if", "search", "known", *CLI_APART}
    assert walked == {*NEEDS, *QUESTIONS, "declare", "act"}


@pytest.mark.parametrize("name", [each for each, walk in ROUTES.items() if walk is Walk.ABOUT_ONE])
@pytest.mark.parametrize("who", ["other", "admin"])
async def test_asked_about_it_answers_as_of_one_that_is_not_there(
    service: Process, cast: Cast, name: str, who: str
):
    method, path = (await operations(service))[name]
    shown, unknown = bearer(getattr(cast, who)), new_id()
    for query in ({}, *QUERIES.get(name, ())):
        answers = []
        for ref in (cast.ref, f"{cast.ref[:-1]}{(int(cast.ref[-1]) + 1) % 10}", cast.id, unknown):
            body = {"json": BODIES[name]} if method == "post" else {}
            answer = await service.http.request(
                method, path.replace("{ref}", ref), params=query, headers=shown, **body
            )
            kept = {key: value for key, value in answer.json().items() if key != "correlation_id"}
            answers.append((answer.status_code, json.dumps(kept).replace(ref, "REF")))
        assert answers[0][0] == 404, answers
        assert answers[0] == answers[1]
        assert answers[2] == answers[3]


@pytest.mark.parametrize("name", [each for each, walk in ROUTES.items() if walk is Walk.OF_MANY])
@pytest.mark.parametrize("who", ["other", "admin"])
async def test_of_many_it_is_told_to_nobody_else(service: Process, cast: Cast, name: str, who: str):
    method, path = (await operations(service))[name]
    body = {"json": BODIES[name]} if method == "post" else {}
    for query in ({}, *QUERIES.get(name, ())):
        shown = bearer(getattr(cast, who))
        answer = await service.http.request(
            method, path.replace("{ref}", "checkout"), params=query, headers=shown, **body
        )
        assert cast.told_by(answer.text) == [], query


@pytest.mark.parametrize("over", ["http", "nats"])
async def test_no_command_finds_it(service: Process, cast: Cast, bus: Client, over: str):
    unknown = new_id()
    for name, command in SAMPLES.commands.items():
        if name == "declare":
            continue
        body, answers = msgspec.to_builtins(command), []
        for ref in (cast.id, unknown):
            if over == "http":
                path = f"/v1/incidents/{ref}/{name}"
                found = (await send(service, cast.other, path, body)).json()
            else:
                shown = {"authorization": f"Bearer {cast.other}"}
                found = (await ask(bus, name, {"incident": ref, **body}, **shown)).body
            found.pop("correlation_id", None)
            answers.append(json.dumps(found).replace(ref, "REF"))
        assert answers[0] == answers[1], name
        assert "incident.unknown" in answers[0], name


async def test_logs_and_labels_do_not_name_it(service: Process, cast: Cast):
    """Also not by what happens by itself: once it is resolved, its post-mortem is asked for."""
    roles = dict.fromkeys(NEEDED, "ada")
    body = {"title": cast.mark, "severity": "SEV2", "roles": roles, "private": {}}
    other = (await send(service, cast.owner, "/v1/incidents", body)).json()
    ended = {"resolution": "x", "verification": "0.1 % errors", "early_reason": "x"}
    for name, fields in (
        ("acknowledge", {}),
        ("mitigate", {"mitigation": "x"}),
        ("resolve", ended),
    ):
        done = await send(service, cast.owner, f"/v1/incidents/{other['id']}/{name}", fields)
        assert done.status_code == 200, done.text

    async def asked() -> bool:
        path = f"/v1/incidents/{other['id']}/events"
        seen = (await service.http.get(path, headers=bearer(cast.owner))).text
        return "incident.postmortem_requested" in seen

    await eventually(asked)
    metrics = (await service.http.get("/metrics")).text
    for text in (service.log(), metrics):
        assert cast.told_by(text) == []
        assert other["id"] not in text
        assert other["reference"] not in text


def test_over_nats_there_are_the_commands_that_are_walked_and_no_questions():
    """Whoever adds a subject that is asked decides here how it is walked."""
    described = json.loads(ASYNCAPI.read_text())["channels"].values()
    asked = {
        each["address"] for each in described if (each.get("address") or "").startswith("comm")
    }
    assert asked == {
        f"commands.{each.name}.{name}" for each in REGISTRY.public for name in each.commands
    }
    others = {each["address"] for each in described if each.get("address")} - asked
    assert {each.partition(".")[0] for each in others} <= EVENTS_AND_SIGNALS


@pytest.mark.parametrize(("name", "field"), [("merge", "into"), ("link", "to")])
async def test_it_is_no_target_either(service: Process, cast: Cast, name: str, field: str):
    own = (await service.declare("Everybody sees this"))["reference"]
    wrong = f"{cast.ref[:-1]}{(int(cast.ref[-1]) + 1) % 10}"
    for one, other in ((cast.ref, wrong), (cast.id, new_id())):
        answers = []
        for target in (one, other):
            found = await send(service, cast.other, f"/v1/incidents/{own}/{name}", {field: target})
            problem = {k: v for k, v in found.json().items() if k != "correlation_id"}
            answers.append((found.status_code, json.dumps(problem).replace(target, "REF")))
        assert answers[0] == answers[1]
        assert '"code": "incident.unknown"' in answers[0][1]


async def test_references_have_no_gap_that_tells(service: Process, cast: Cast):
    first = (await service.declare("Before"))["reference"]
    body = {"title": "Between", "private": {}}
    between = (await send(service, cast.owner, "/v1/incidents", body)).json()["reference"]
    second = (await service.declare("After"))["reference"]
    assert int(second.removeprefix("INC-")) == int(first.removeprefix("INC-")) + 1
    assert len(between) > len(second) + 8


@pytest.mark.parametrize("name", CLI)
async def test_the_command_line_says_no_more(service: Process, cast: Cast, name: str):
    words = name.split()
    if CLI[name] is Walk.ABOUT_ONE:
        words = [each for each in words if each != "REF"] + [cast.ref]
    if words[0] == "what-if":
        words.append(str(service.state / "policy.toml"))
        (service.state / "policy.toml").write_text('version = "other-1"\n')
    if words[:2] == ["config", "export"]:
        words.append(str(service.state.parent / f"exported-{cast.team}"))
    done = await service.cli(*words, COMMANDPOST_TOKEN=cast.admin)
    said = (done.out + done.err).replace(cast.ref, "" if CLI[name] is Walk.ABOUT_ONE else cast.ref)
    assert cast.told_by(said) == []
    assert done.status == (0 if CLI[name] is Walk.OF_MANY else 4), done


async def test_whoever_is_named_sees_it_and_that_is_on_record(service: Process, cast: Cast):
    for secret in (cast.owner, cast.member):
        shown = (await service.http.get("/v1/incidents", headers=bearer(secret))).text
        assert cast.ref in shown
        one = await service.http.get(f"/v1/incidents/{cast.ref}/timeline", headers=bearer(secret))
        assert cast.mark in one.text
    boss = bearer(cast.admin)
    audit = (await service.http.get("/v1/audit", headers=boss)).text
    assert cast.told_by(audit) == []
    taken = await send(service, cast.admin, "/v1/emergency", {"reason": "whoever knew has left"})
    assert taken.status_code == 200
    try:

        async def reads() -> list[str]:
            entries = (await service.http.get("/v1/audit", headers=boss)).json()
            return [each["text"] for each in entries if each.get("incident") == cast.id]

        assert {each.split()[0][:3] for each in await reads()} >= {"ada", "gra"}
        assert (
            await service.http.get(f"/v1/incidents/{cast.ref}", headers=boss)
        ).status_code == 200
        assert any(each.startswith("boss") for each in await reads())
    finally:
        await send(service, cast.admin, "/v1/emergency/end", {})
    assert (await service.http.get(f"/v1/incidents/{cast.ref}", headers=boss)).status_code == 404
