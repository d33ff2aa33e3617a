"""People, teams and services over HTTP, NATS and the command line, and a catalogue of Backstage."""

import json
from pathlib import Path
from typing import Any

from nats.aio.client import Client

from adapters.clock import utc_now
from commandpost_client import reads
from support.patience import eventually
from support.programs import asked
from support.service_process import Process, command
from support.webhooks import deliver, page

GROUP = """
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: shop}
spec: {type: team, children: [], members: [linus]}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: storefront, annotations: {github.com/project-slug: shop/storefront}}
spec: {type: service, lifecycle: production, owner: shop, dependsOn: ['component:till']}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: till}
spec: {type: service, lifecycle: experimental, owner: shop}
---
apiVersion: backstage.io/v1alpha1
kind: System
metadata: {name: sales}
spec: {owner: shop}
"""


async def post(service: Process, path: str, **body: Any) -> Any:
    return (await service.http.post(path, json=body)).json()


async def listed(service: Process, path: str, position: int, **query: Any) -> list[Any]:
    found = await service.get(path, min_position=position, **query)
    return list(found)


async def test_a_team_says_who_of_it_nobody_knows(service: Process):
    await post(service, "/v1/people", slug="barbara", name="Barbara Liskov")
    team = await post(
        service, "/v1/teams", slug="clu", name="Clu", members=["barbara", "nobody"], leads=[]
    )
    teams = await listed(service, "/v1/teams", team["position"], member="barbara")
    assert [(each["id"], each["unknown_members"]) for each in teams] == [("clu", ["nobody"])]
    people = await listed(service, "/v1/people", team["position"], team="clu")
    assert [(each["id"], each["teams"]) for each in people] == [("barbara", ["clu"])]
    left = await post(service, "/v1/people/barbara/deactivate", reason="retired")
    assert left["person"]["active"] is False
    assert await listed(service, "/v1/people", left["position"], team="clu", active=True) == []


async def test_who_suffers_and_what_is_missing(service: Process):
    for slug, needs in (("db", []), ("api", ["db"]), ("site", ["api", "cdn"])):
        done = await post(service, "/v1/services", slug=slug, name=slug, dependencies=needs, tier=1)
    radius = await service.get("/v1/services/db/blast-radius", min_position=done["position"])
    assert [(each["id"], each["distance"]) for each in radius["affected"]] == [
        ("api", 1), ("site", 2),
    ]  # fmt: skip
    assert "    db --> api" in radius["mermaid"].splitlines()
    gaps = await service.get("/v1/catalog/gaps")
    assert {"db", "api", "site"} <= set(gaps["tier_1_without_owner"])
    assert gaps["unknown_dependencies"]["site"] == ["cdn"]
    unknown = await service.http.get("/v1/services/nope/blast-radius")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "service.unknown")


async def test_who_owned_a_service_then(service: Process):
    first = await post(service, "/v1/services", slug="mail", name="Mail", owner="team:post")
    then = utc_now().isoformat()
    await post(service, "/v1/services/mail/change", owner="person:ray")
    assert first["service"]["owner"] == "team:post"
    assert (await service.get("/v1/services/mail"))["owner"] == "person:ray"
    assert (await service.get("/v1/services/mail", known_at=then))["owner"] == "team:post"


async def test_pages_of_services_go_on_behind_the_last_slug(service: Process):
    for slug in ("p-1", "p-2", "p-3"):
        done = await post(service, "/v1/services", slug=slug, name=slug, owner="team:pages")
    query = {"owner": "team:pages", "limit": 2, "min_position": done["position"]}
    first = await service.http.get("/v1/services", params=query)
    assert [each["id"] for each in first.json()] == ["p-1", "p-2"]
    rest = await service.get("/v1/services", owner="team:pages", after="p-2")
    assert [each["id"] for each in rest] == ["p-3"]
    assert "after=p-2" in first.headers["link"]


async def test_lists_on_the_command_line_and_for_programs(service: Process):
    await post(service, "/v1/people", slug="leslie", name="Leslie Lamport")
    await post(service, "/v1/teams", slug="tla", name="Tla", members=["leslie"])
    await post(service, "/v1/services", slug="paxos", name="Paxos", owner="team:tla", tier=2)
    said = await service.cli("service", "list", "owner=team:tla", "tier=2")
    _, line = said.out.splitlines()
    assert line.split()[:4] == ["paxos", "team:tla", "2", "production"]
    assert line.endswith("Paxos")
    found = (await service.cli("team", "list", "member=leslie", "--format", "json")).json
    assert [each["id"] for each in found] == ["tla"]
    wrong = await service.cli("person", "list", "tier=2")
    assert "the list is narrowed by active=…, team=…" in wrong.err
    assert "[tier]: tier: Expected" in (await service.cli("service", "list", "tier=high")).err
    assert [it.id for it in await asked(service, reads.list_people(team="tla"))] == ["leslie"]
    assert [it.id for it in await asked(service, reads.list_teams(member="leslie"))] == ["tla"]
    owned = await asked(service, reads.list_services(owner="team:tla"))
    assert [it.id for it in owned] == ["paxos"]


async def test_over_nats(service: Process, bus: Client):
    body = json.dumps({"slug": "edsger", "name": "Edsger"}).encode()
    reply = json.loads((await bus.request("commands.person.register", body, 20)).data)
    assert (reply["id"], reply["person"]["name"]) == ("edsger", "Edsger")


async def test_a_catalogue_of_backstage_is_checked_and_entered_once(
    service: Process, tmp_path: Path
):
    (tmp_path / "catalog-info.yaml").write_text(GROUP)
    checked = await command("catalog", "check", str(tmp_path), "--format", "json")
    assert (checked.status, checked.json["counts"]["entities"]) == (0, 4)
    assert checked.json["dangling"] == ["user:default/linus"]
    for expected in ("3 entered, 0 changed, 0 as they were", "0 entered, 0 changed, 3 as they"):
        done = await service.cli("catalog", "import", str(tmp_path))
        assert done.out.startswith(expected), done.err
    await post(service, "/v1/services/till/change", tier=1, owner="team:other")
    done = await service.cli("catalog", "import", str(tmp_path))
    assert done.out.startswith("0 entered, 1 changed, 2 as they were")
    till = await service.get("/v1/services/till")
    assert (till["owner"], till["tier"], till["lifecycle"]) == ("team:shop", 1, "experimental")
    shown = await service.cli("catalog", "blast-radius", "till", "--format", "mermaid")
    assert "till --> storefront" in shown.out


async def test_a_catalogue_that_is_not_valid_has_an_exit_status(service: Process, tmp_path: Path):
    (tmp_path / "a.yaml").write_text("kind: Component\n")
    checked = await command("catalog", "check", str(tmp_path))
    assert checked.status == 1
    assert "not valid: a.yaml[0]: apiVersion, metadata" in checked.out
    nowhere = await command("catalog", "check", str(tmp_path / "nowhere"))
    assert nowhere.status != 0
    assert "is no folder" in nowhere.err


async def test_a_role_is_held_by_a_person_whatever_they_are_called(service: Process):
    await post(
        service,
        "/v1/people",
        slug="margaret",
        name="Margaret Hamilton",
        handles={"slack": "U0APOLLO"},
    )
    roles = {"incident_commander": "margaret", "scribe": "mh-1969"}
    incident = await post(service, "/v1/incidents", title="Alarm 1202", roles=roles)
    assert [each["code"] for each in incident["warnings"] if "mh-1969" in each["detail"]] == [
        "person.unsure"
    ]
    path = f"/v1/incidents/{incident['reference']}"
    again = await post(
        service, f"{path}/hand_over_role", role="incident_commander", assignee="U0APOLLO"
    )
    assert (again["outcome"], again["warnings"]) == ("ignored", [])
    shown = await service.get(path, min_position=incident["position"])
    assert shown["roles"]["incident_commander"] == "Margaret Hamilton"
    assert shown["holders"] == {
        "incident_commander": {"name": "Margaret Hamilton", "person": "margaret"},
        "scribe": {"name": "mh-1969", "doubt": "not_in_directory"},
    }
    timeline = await service.get(f"{path}/timeline")
    assert "Scribe: mh-1969 (not in the directory)" in json.dumps(timeline, ensure_ascii=False)
    linked = await post(service, "/v1/people/margaret/change", known_as=["mh-1969"])
    shown = await service.get(path, min_position=linked["position"])
    assert shown["roles"]["scribe"] == "mh-1969", "the past stays as it was recorded"
    assert shown["holders"]["scribe"] == {"name": "Margaret Hamilton", "person": "margaret"}


async def test_who_leaves_while_on_a_role_is_seen_to_have_left(service: Process):
    """Wherever people look who has the role, until somebody else takes it."""
    for slug, name in (("mary", "Mary Jackson"), ("christine", "Christine Darden")):
        await post(service, "/v1/people", slug=slug, name=name)
    roles = {"incident_commander": "mary"}
    incident = await post(service, "/v1/incidents", title="Orbit is off", roles=roles)
    left = await post(service, "/v1/people/mary/deactivate", reason="left the company")
    path = f"/v1/incidents/{incident['reference']}"
    gone = {"name": "Mary Jackson", "person": "mary", "doubt": "not_active"}
    shown = await service.get(path, min_position=left["position"])
    assert shown["holders"] == {"incident_commander": gone}
    listed = (await service.get("/v1/incidents"))["incidents"]
    of_list = next(each for each in listed if each["reference"] == incident["reference"])
    assert of_list["holders"] == {"incident_commander": gone}
    over = await post(
        service, f"{path}/hand_over_role", role="incident_commander", assignee="christine"
    )
    shown = await service.get(path, min_position=over["position"])
    assert shown["holders"]["incident_commander"].get("doubt") is None


async def test_an_incident_says_whose_its_services_were(service: Process):
    await post(service, "/v1/services", slug="radar", name="Radar", owner="team:mit", tier=1)
    incident = await post(
        service, "/v1/incidents", title="No echo", services=["Radar", "landing-gear"]
    )
    moved = await post(service, "/v1/services/radar/change", owner="team:nasa", tier=2)
    path = f"/v1/incidents/{incident['reference']}"
    shown = await service.get(path, min_position=moved["position"])
    radar, gear = shown["catalogue"]
    assert (radar["service"], radar["owner"], radar["tier"]) == ("radar", "team:mit", 1)
    assert (radar["owner_now"], radar["tier_now"]) == ("team:nasa", 2)
    assert (gear["named"], gear["service"]) == ("landing-gear", None)
    listed = await service.get("/v1/incidents", min_position=moved["position"])
    assert next(each for each in listed["incidents"] if each["id"] == shown["id"])["catalogue"] == [
        radar,
        gear,
    ]


async def test_how_much_of_a_service_hangs_on_few_people(service: Process):
    await post(service, "/v1/services", slug="abacus", name="Abacus", labels={"app": ["beads"]})
    await post(service, "/v1/people", slug="blaise", name="Blaise Pascal", known_as=["bp"])
    nobody = await service.get("/v1/services/abacus/bus-factor")
    assert (nobody["bus_factor"], nobody["people"]) == (None, [])
    for actor, named in (("blaise", "Abacus"), ("bp", "beads"), ("gottfried", "abacus")):
        headers = {"Commandpost-Actor": actor}
        body = {"title": "Beads stick", "services": [named, "slide-rule"]}
        answer = await service.http.post("/v1/incidents", json=body, headers=headers)
    position = answer.json()["position"]
    found = await service.get("/v1/services/abacus/bus-factor", min_position=position)
    assert (found["bus_factor"], found["incidents"], found["days"]) == (1, 3, 180)
    assert [(each["name"], each["person"], each["incidents"]) for each in found["people"]] == [
        ("Blaise Pascal", "blaise", 2), ("gottfried", None, 1),
    ]  # fmt: skip
    drill = {"title": "A drill", "services": ["abacus"], "kind": "drill"}
    answer = await service.http.post("/v1/incidents", json=drill, headers=headers)
    position = answer.json()["position"]
    again = await service.get("/v1/services/abacus/bus-factor", min_position=position)
    assert again["incidents"] == 3, "exercises do not count"
    unknown = await service.get("/v1/catalog/unknown-services", min_position=position)
    [rule] = [each for each in unknown if each["service"] == "slide-rule"]
    assert rule["incidents"] == 3
    assert not {"abacus", "Abacus", "beads"} & {each["service"] for each in unknown}
    missing = await service.http.get("/v1/services/nope/bus-factor")
    assert (missing.status_code, missing.json()["code"]) == (404, "service.unknown")
    shown = await command("catalog", "bus-factor", "abacus", "--state", str(service.state))
    assert "bus factor of abacus: 1 (3 incidents in 180 days" in shown.out
    listed = await command("catalog", "unknown", "--state", str(service.state))
    assert "slide-rule" in listed.out


async def test_who_is_behind_a_tier(service: Process, tmp_path: Path):
    person = await post(
        service,
        "/v1/people",
        slug="katherine",
        name="Katherine Johnson",
        handles={"slack": "U0FRIEND7"},
        positions=["vp-engineering"],
    )
    await service.get("/v1/incidents", min_position=person["position"])  # it has been looked up
    incident = await post(service, "/v1/incidents", title="Off course", severity="SEV1")
    path = f"/v1/incidents/{incident['reference']}"
    done = await post(
        service, f"{path}/escalate", tier="engineering_leadership", reason="no way back"
    )
    timeline = await service.get(f"{path}/timeline", min_position=done["position"])
    assert "VP Engineering: Katherine Johnson; CTO" in json.dumps(timeline, ensure_ascii=False)
    policy = tmp_path / "policy.toml"
    policy.write_text('version = "p1"\n')
    checked = await command("policy", "check", str(policy), "--state", str(service.state))
    assert "warning: the tier " in checked.out
    assert "names nobody who is in the directory, and active" in checked.out
    assert "the tier engineering_leadership names nobody" not in checked.out


async def test_what_alerts_call_otherwise_is_the_service_of_the_catalogue(service: Process):
    await post(service, "/v1/services", slug="kiln", name="Kiln", labels={"service": ["Kiln (EU)"]})
    person = await post(
        service, "/v1/people", slug="ada-k", name="Ada Kiln", handles={"pagerduty": "PU1"}
    )
    await service.get("/v1/incidents", min_position=person["position"])  # it has been looked up
    named = {"service": {"id": "PS1", "type": "service_reference", "summary": "Kiln (EU)"}}
    await deliver(service, page("triggered", "PKILN", "EK1", **named))
    await deliver(service, page("acknowledged", "PKILN", "EK2", "11:01:00", **named))

    async def acknowledged() -> Any:
        listed = (await service.get("/v1/incidents"))["incidents"]
        return next(
            (it for it in listed if it["services"] == ["kiln"] and it["acknowledged"]), None
        )

    incident = await eventually(acknowledged)
    assert incident["acknowledged_by"] == "Ada Kiln"
    [entry] = incident["catalogue"]
    assert (entry["named"], entry["service"]) == ("kiln", "kiln")
    events = await service.get(f"/v1/incidents/{incident['id']}/events")
    assert "Kiln (EU)" in json.dumps(events), "what was said is not lost"
    head = incident["position"]
    found = await service.get("/v1/services/kiln/bus-factor", min_position=head, days=3650)
    assert [each["person"] for each in found["people"]] == ["ada-k"]
