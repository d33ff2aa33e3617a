"""Who is woken for what, over HTTP, NATS and the command line; and why somebody was not."""

import json
from typing import Any

import pytest
from nats.aio.client import Client

from support.patience import eventually
from support.service_process import CONFIG, Process, outside

TERMINAL = """[channels.terminal]
kind = "console"
audiences = ["engineering"]
drills = true
stands_for = ["sms", "phone"]
"""


def level(*targets: tuple[str, str], timeout_s: int = 300, **more: Any) -> dict[str, Any]:
    named = [{"kind": kind, "name": name} for kind, name in targets]
    return {"targets": named, "timeout_s": timeout_s, **more}


async def person(service: Process, slug: str, *methods: str, **more: Any) -> None:
    ways = [{"kind": each, "address": f"+1 {slug}"} for each in methods]
    body = {"slug": slug, "name": slug.capitalize(), "contact_methods": ways, **more}
    assert (await service.post("/v1/people", body)).status == 201


async def register(service: Process, slug: str, *levels: Any, **more: Any) -> Any:
    body = {"slug": slug, "name": slug.capitalize(), "levels": levels, **more}
    return (await service.post("/v1/escalation-policies", body)).body


async def page_of(service: Process, incident: str) -> Any:
    """The page for an incident, once there is one."""

    async def found() -> Any:
        shown = await service.http.get("/v1/pages", params={"incident": incident})
        return shown.status_code == 200 and shown.json()

    (page,) = await eventually(found)
    return page


async def page_that(service: Process, ref: str, **wanted: Any) -> Any:
    """A page once it is so."""

    async def found() -> Any:
        shown = await service.get(f"/v1/pages/{ref}")
        return shown if all(shown[name] == value for name, value in wanted.items()) else None

    return await eventually(found)


async def test_a_policy_that_cannot_be_climbed_is_refused_with_a_reason(service: Process):
    async def strange() -> Any:  # people are known once the directory has been read
        said = await register(service, "strange", level(("person", "nobody"), ("channel", "x")))
        assert said["code"] == "escalation_policy.target_unknown"
        return "the person nobody, the channel x" in said["detail"]

    assert await eventually(strange)
    ceo = level(("position", "ceo"))
    await register(service, "one", ceo, severities=[])
    await register(service, "two", ceo, severities=[], then="one")
    again = await service.post("/v1/escalation-policies/one/change", {"then": "two"})
    assert (again.status, again.body["code"]) == (422, "escalation_policy.cycle")
    assert "one → two → one" in again.body["detail"]
    gone = await service.post("/v1/escalation-policies/one/change", {"then": "none-such"})
    assert gone.body["code"] == "escalation_policy.then_unknown"


async def test_why_nobody_was_woken_is_told_from_the_log(service: Process, bus: Client):
    """No channel of this service carries anything."""
    await person(service, "wilma", "sms")
    levels = (level(("person", "wilma")), level(("position", "nobody-has-it")))
    await register(service, "silent", *levels, services=["silent-service"])
    ref = (await service.declare("Nobody hears", services=["silent-service"], severity="SEV2"))[
        "reference"
    ]
    page = await page_of(service, ref)
    assert page["status"] == "unanswered"
    missed = await service.get("/v1/pages", missed="true", policy="silent")
    assert [each["reference"] for each in missed] == [page["reference"]]
    told = await service.get(f"/v1/pages/{page['reference']}/explain")
    assert told["verdict"] == (
        "Nobody answered it in time, at any of its levels."
        " No person was paged: no level that it came to had anybody to page."
    )
    text = "\n".join(each["text"] for each in told["lines"])
    assert "Wilma is not paged: is reached by sms, which no channel carries." in text
    assert "nobody who is active has that position" in text
    shown = await service.cli("pages", "explain", page["reference"])
    assert told["verdict"] in shown.out.replace("\n", " ")
    body = json.dumps({"page": page["reference"]}).encode()
    reply = json.loads((await bus.request("commands.page.acknowledge", body, 20)).data)
    assert reply["page"]["status"] == "acknowledged"
    again = json.loads((await bus.request("commands.page.acknowledge", body, 20)).data)
    assert again["outcome"] == "ignored"

    async def acknowledged() -> Any:
        return (await service.get(f"/v1/incidents/{ref}"))["acknowledged"]

    assert await eventually(acknowledged), "who takes the page takes the incident"


@pytest.fixture(scope="module")
async def waking() -> Any:
    """A service of which a terminal stands for carriers."""
    async with outside(CONFIG.replace("[channels]\n", TERMINAL)) as service:
        await person(service, "ada", "sms", "phone")
        await person(service, "grace", "phone")
        yield service


async def test_an_incident_that_is_taken_is_paged_no_more_and_one_that_is_open_again_is(
    waking: Process,
):
    await register(waking, "shop", level(("person", "ada")), services=["shop"])
    ref = (await waking.declare("The shop is down", services=["shop"]))["reference"]
    page = await page_of(waking, ref)
    assert (page["status"], page["people"]) == ("climbing", ["ada"])
    await waking.act(ref, "acknowledge")
    taken = await page_that(waking, page["reference"], status="acknowledged")
    assert [each["through"] for each in taken["acknowledgements"]] == ["incident"]
    await waking.act(ref, "cancel", reason="it was the test of the morning")
    over = await page_that(waking, page["reference"], status="ended")
    assert over["ended_because"] == "incident_over"
    refused = await waking.post(f"/v1/pages/{page['reference']}/acknowledge", {})
    assert refused.status == 200, "the same person has acknowledged it"
    await waking.act(ref, "reopen", reason="it was real")
    again = await page_that(waking, page["reference"], status="climbing")
    assert again["climb"] == 2


async def test_nobody_reads_in_a_page_what_a_private_incident_is_about(waking: Process):
    await register(waking, "secret", level(("person", "ada")), services=["secret"])
    body = {"title": "The ransom letter", "services": ["secret"], "severity": "SEV2"}
    done = await waking.post("/v1/incidents", {**body, "private": {"people": ["grace"]}})
    page = await page_of(waking, done.body["reference"])
    assert (page["title"], page["status"], page["people"]) == (None, "climbing", ["ada"])

    async def told() -> Any:
        sent = (waking.state / "out.txt").read_text()
        return f"you are paged for SEV2 {done.body['reference']}" in sent and sent

    assert "ransom" not in await eventually(told)
    token = (await waking.cli("token", "create", "mallory", "--role", "commander")).out.strip()
    hidden = await waking.http.get(
        f"/v1/pages/{page['reference']}", headers={"Authorization": f"Bearer {token}"}
    )
    assert (hidden.status_code, hidden.json()["code"]) == (404, "page.unknown")
