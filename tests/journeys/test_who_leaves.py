"""Somebody leaves while on a role: whoever says so reads where, responders hear of it, and nobody
learns of an incident that is not for them; through each entrance.
"""

import json
from pathlib import Path
from typing import Any

from support.access import bearer
from support.patience import PATIENT_S, eventually
from support.service_process import Process, messages

NOTED = "is not active any more, as the directory has it"


async def token(service: Process, name: str, role: str) -> str:
    done = await service.cli("token", "create", name, "--role", role)
    assert done.status == 0, done.err
    return done.out.strip()


async def person(service: Process, slug: str) -> None:
    made = await service.post("/v1/people", {"slug": slug, "name": f"Somebody called {slug}"})
    assert made.status == 201, made.body


def has_roles(answer: Any) -> list[str]:
    return [it["detail"] for it in answer["warnings"] if it["code"] == "person.has_roles"]


async def noted(service: Process, ref: str, times: int) -> list[str]:
    """The lines that say so of an incident, once there are so many."""

    async def enough() -> list[str]:
        lines = (await service.get(f"/v1/incidents/{ref}/timeline"))["entries"]
        found = [each["text"] for each in lines if "as the directory has it" in each["text"]]
        return found if len(found) >= times else []

    found: list[str] = await eventually(enough)
    return found


async def test_each_open_incident_says_it_and_whoever_may_not_see_one_reads_nothing_of_it(
    service: Process, unique: str
):
    slug = f"ada-{unique}"
    await person(service, slug)
    owner, other = (
        await token(service, f"boss-{unique}", "admin"),
        await token(service, f"other-{unique}", "admin"),
    )
    first = await service.declare(
        f"One {unique}", roles={"incident_commander": slug, "scribe": slug}
    )
    second = await service.declare(f"Two {unique}", roles={"technical_lead": slug})
    over = await service.declare(f"Over {unique}", roles={"incident_commander": slug})
    await service.act(over["reference"], "cancel", reason="a false alarm")
    hidden = await service.http.post(
        "/v1/incidents",
        json={
            "title": f"Hidden {unique}",
            "severity": "SEV2",
            "private": {"people": [f"boss-{unique}"]},
            "roles": {"incident_commander": slug},
        },
        headers=bearer(owner),
    )
    secret = hidden.json()["reference"]

    path = f"/v1/people/{slug}/deactivate"
    answer = await service.http.post(path, json={}, headers=bearer(other))
    [said] = has_roles(answer.json())
    assert said.startswith(f"{slug} has roles in open incidents, and keeps them: ")
    assert f"Incident Commander and Scribe in {first['reference']}" in said
    assert f"Technical Lead in {second['reference']}" in said
    assert over["reference"] not in said
    assert secret not in answer.text

    lines = await noted(service, first["reference"], 2)
    assert lines[0].startswith(f"Incident Commander: Somebody called {slug} {NOTED}")
    assert len(await noted(service, second["reference"], 1)) == 1

    # Again, by whoever may see the private one, and over NATS: the same roles, and that one.
    again = await service.http.post(path, json={}, headers=bearer(owner))
    assert again.json()["outcome"] == "ignored"
    assert f"Incident Commander in {secret}" in has_roles(again.json())[0]
    async with messages(service) as bus:
        asked = json.dumps({"person": slug}).encode()
        headers = {"Authorization": f"Bearer {other}"}
        reply = await bus.request("commands.person.deactivate", asked, PATIENT_S, headers=headers)
    assert has_roles(json.loads(reply.data)) == [said]

    # Back and gone again is said again; who has handed over is named no more.
    await service.post(f"/v1/people/{slug}/reactivate", {})
    await noted(service, second["reference"], 2)
    await service.act(second["reference"], "hand_over_role", role="technical_lead", assignee="x")
    done = await service.cli("person", "deactivate", slug)
    assert done.status == 0, done.err
    assert f"Incident Commander and Scribe in {first['reference']}" in " ".join(done.err.split())
    assert second["reference"] not in done.err
    assert [NOTED in it for it in await noted(service, first["reference"], 6)] == [
        *(True, True),
        *(False, False),
        *(True, True),
    ]
    assert len(await noted(service, second["reference"], 2)) == 2
    shown = await service.http.get(f"/v1/incidents/{secret}/timeline", headers=bearer(owner))
    assert NOTED in shown.text
    for each in (first, second):
        await service.act(each["reference"], "cancel", reason="the test is over")


async def test_a_configuration_that_lets_somebody_go_says_where_they_have_roles(
    service: Process, unique: str, tmp_path: Path
):
    slug, folder = f"bob-{unique}", tmp_path / "all.toml"
    head = f'[config]\nname = "{unique}"\n'
    folder.write_text(f'{head}[people.{slug}]\nname = "Bob {unique}"\n')
    done = await service.cli("config", "apply", str(tmp_path))
    assert done.status == 0, done.err
    ref = (await service.declare(f"On {unique}", roles={"incident_commander": slug}))["reference"]
    folder.write_text(head)
    done = await service.cli("config", "apply", str(tmp_path))
    assert done.status == 0, done.err
    assert f"note: people.{slug}: person.has_roles" in done.out
    assert f"Incident Commander in {ref}" in done.out
    assert len(await noted(service, ref, 1)) == 1
    await service.act(ref, "cancel", reason="the test is over")
