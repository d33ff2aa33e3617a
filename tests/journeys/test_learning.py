"""From an incident to its post-mortem, final, and to action items that are done."""

import json
from pathlib import Path
from typing import Any

import msgspec
from nats.aio.client import Client

from adapters.clock import new_id, utc_now
from commandpost_client import reads
from domain.learning import POSTMORTEM
from domain.learning.postmortem import samples
from domain.learning.postmortem.commands import PostmortemCommand
from domain.learning.postmortem.public_events import PublicField
from support.access import bearer
from support.patience import eventually
from support.programs import asked
from support.service_process import Process

NAMES = {kind: name for name, kind in POSTMORTEM.commands.items()}
NEEDED = ("incident_commander", "technical_lead", "communications_lead")


async def post(service: Process, path: str, **body: Any) -> Any:
    return (await service.http.post(path, json=body)).json()


async def over(service: Process, title: str, **more: Any) -> str:
    """The reference of an incident that was resolved."""
    roles = dict.fromkeys(NEEDED, "ada")
    declared = await post(service, "/v1/incidents", title=title, roles=roles, **more)
    ref = str(declared["reference"])
    await resolve(service, ref)
    return ref


async def resolve(service: Process, ref: str) -> None:
    await post(service, f"/v1/incidents/{ref}/acknowledge")
    await post(service, f"/v1/incidents/{ref}/mitigate", mitigation="rolled back")
    done = await post(
        service,
        f"/v1/incidents/{ref}/resolve",
        resolution="rolled back",
        verification="errors at 0.1 %",
        early_reason="a test",
    )
    assert done["outcome"] == "decided", done
    for shown in (f"/v1/incidents/{ref}", "/v1/due"):
        await service.get(shown, min_position=done["position"])


async def postmortem_of(service: Process, ref: str) -> Any:
    async def found() -> Any:
        listed = await service.get("/v1/postmortems", incident=ref)
        return listed[0] if listed else None

    return await eventually(found)


async def send(service: Process, pm: str, *commands: PostmortemCommand) -> Any:
    for command in commands:
        path = f"/v1/postmortems/{pm}/{NAMES[type(command)]}"
        answer = await service.http.post(path, json=msgspec.to_builtins(command))
        assert answer.json().get("outcome") == "decided", answer.text
    return answer.json()


async def test_the_duty_of_an_incident_opens_its_post_mortem_and_is_done_by_it(service: Process):
    ref = await over(service, "The pool is empty", severity="SEV2")
    pm = await postmortem_of(service, ref)
    assert (pm["status"], pm["author"], pm["severity"]) == ("draft", "ada", "SEV2")
    due = [it for it in await service.get("/v1/due", limit=1_000) if it["reference"] == ref]
    [owed] = [it for it in due if it["mark"] == "postmortem.requested"]
    assert owed["due_at"] == pm["due_at"], "one clock"
    again = await post(service, "/v1/postmortems", incident=ref)
    assert (again["outcome"], again["reference"]) == ("ignored", pm["reference"])
    review = (samples.ASK, samples.APPROVE, samples.FINALISE)
    final = await send(service, pm["reference"], *samples.WRITTEN, *review)
    assert (final["postmortem"]["status"], final["postmortem"]["missing"]) == ("final", [])
    incident = await service.get(f"/v1/incidents/{ref}", min_position=final["position"] + 1)
    assert not [it for it in incident["deadlines"] if it["rule"].startswith("postmortem")]
    timeline = await service.get(f"/v1/incidents/{ref}/timeline")
    assert f"Post-mortem published: {pm['reference']}" in json.dumps(timeline)
    await post(service, f"/v1/incidents/{ref}/reopen", reason="it is back")
    await resolve(service, ref)

    async def reopened() -> bool:
        return bool((await postmortem_of(service, ref))["status"] == "draft")

    await eventually(reopened)
    shown = await service.get(f"/v1/postmortems/{pm['reference']}")
    assert "more has happened since it was final" in shown["reopened_because"]


async def test_what_needs_none_may_have_one_and_an_exercise_is_marked(service: Process):
    ref = await over(service, "A label is cut off", severity="SEV4", kind="drill")
    opened = await post(service, "/v1/postmortems", incident=ref, author="grace")
    pm = opened["postmortem"]
    assert (pm["drill"], pm["due_at"], pm["author"]["name"]) == (True, None, "grace")
    unknown = await service.http.post("/v1/postmortems", json={"incident": "INC-99999"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "incident.unknown")


async def test_what_is_carried_on_as_another_incident_has_the_post_mortem_of_that(
    service: Process,
):
    into, same = [(await service.declare(title))["reference"] for title in ("One", "Same")]
    await service.act(same, "merge", into=into)
    refused = await service.http.post("/v1/postmortems", json={"incident": same})
    assert (refused.status_code, refused.json()["code"]) == (409, "postmortem.merged")
    assert f"carried on as {into}" in refused.json()["detail"]


async def test_lines_of_the_timeline_are_hidden_annotated_and_asked_about(service: Process):
    ref = await over(service, "Curated", severity="SEV4")
    pm = (await post(service, "/v1/postmortems", incident=ref))["reference"]
    timeline = await service.get(f"/v1/incidents/{ref}/timeline")
    entry = timeline["entries"][0]["event_id"]
    path = f"/v1/postmortems/{pm}"
    unknown = await service.http.post(f"{path}/hide_entry", json={"entry": "x/0", "reason": "?"})
    assert (unknown.status_code, unknown.json()["code"]) == (409, "postmortem.unknown_entry")
    await post(service, f"{path}/hide_entry", entry=entry, reason="said twice")
    await post(service, f"{path}/annotate_entry", entry=entry, text="nobody saw it then")
    done = await post(service, f"{path}/comment", entry=entry, text="Who saw it first?")
    shown = done["postmortem"]
    assert (shown["hidden"], shown["annotations"]) == (
        {entry: "said twice"}, {entry: "nobody saw it then"},
    )  # fmt: skip
    assert [(each["comment"], each["entry"]) for each in shown["comments"]] == [("c1", entry)]


async def test_an_action_item_is_on_record_with_its_post_mortem_at_once(
    service: Process, bus: Client
):
    await post(service, "/v1/people", slug="tony", name="Tony Hoare")
    await post(service, "/v1/teams", slug="csp", name="Csp", members=["tony"], leads=["tony"])
    ref = await over(service, "With items", severity="SEV4")
    pm = (await post(service, "/v1/postmortems", incident=ref))["reference"]
    said = {
        "title": "Load the configuration in a test",
        "outcome": "A wrong unit fails in CI",
        "owner": "tony",
        "due_on": "2099-05-20",
        "kind": "prevent",
        "postmortem": pm,
    }
    headers = {"Idempotency-Key": f"item-{pm}"}
    first = await service.http.post("/v1/action-items", json=said, headers=headers)
    again = await service.http.post("/v1/action-items", json=said, headers=headers)
    item = first.json()["reference"]
    assert (again.json()["outcome"], again.json()["reference"]) == ("repeated", item)
    shown = await service.get(f"/v1/postmortems/{pm}")
    assert list(shown["action_items"].values()) == [item]
    for owner, code in (("csp", "action_item.owner_is_team"), (None, "field.missing")):
        body = {name: it for name, it in {**said, "owner": owner}.items() if it}
        refused = await service.http.post("/v1/action-items", json=body)
        assert refused.json()["code"] == code
    message = json.dumps({"action_item": item}).encode()
    reply = json.loads((await bus.request("commands.action_item.start", message, 20)).data)
    assert reply["action_item"]["status"] == "in_progress"
    query = {"owner": "tony", "postmortem": pm, "status": "in_progress"}
    listed = await service.get("/v1/action-items", min_position=reply["position"], **query)
    assert [(each["reference"], each["incident"]) for each in listed] == [(item, ref)]
    then = utc_now().isoformat()
    done = await service.cli("action_item", "complete", item, "evidence=pull/7")
    assert f"{item} (done): Load the configuration in a test (decided" in done.out
    past = await service.get(f"/v1/action-items/{item}", known_at=then)
    assert past["status"] == "in_progress"
    said_so = await service.cli("action_item", "list", "owner=tony", "status=done")
    assert item in said_so.out
    items = await asked(service, reads.list_action_items(postmortem=pm))
    written = await asked(service, reads.list_postmortems(incident=ref))
    assert [[it.reference for it in each] for each in (items, written)] == [[item], [pm]]


async def test_a_document_is_exported_edited_and_read_back(service: Process, tmp_path: Path):
    ref = await over(service, "Written down", severity="SEV4")
    pm = (await post(service, "/v1/postmortems", incident=ref))["reference"]
    await send(service, pm, *samples.WRITTEN, samples.COMMANDS["set_fault_tree"])
    path = f"/v1/postmortems/{pm}"
    await post(
        service, f"{path}/add_entry", at="2026-05-04T11:00:00Z", text="It rained", source="me"
    )
    file = tmp_path / "pm.md"
    file.write_bytes((await service.cli("postmortem", "export", pm)).raw)
    text = file.read_text()
    over_http = await service.http.get(f"{path}/document")
    assert over_http.text == text
    for line in (
        "| 2026-05-04 11:00 | It rained (source: me) |",
        "Resolved: rolled back",
        "**Duration**: 20",
    ):
        assert line in text
    same = await service.cli("postmortem", "import", pm, str(file))
    assert "The document says what the post-mortem does." in same.out
    file.write_text(f"{text.replace('4200', '4300')}\n## Weather\n\nIt rained.\n")
    shown = await service.cli("postmortem", "import", pm, str(file))
    assert shown.status == 0, shown.err
    assert "-4200\n+4300" in shown.out
    assert "not known to the template, kept as a comment: Weather" in shown.out
    assert (await service.get(path))["impact"]["users_affected"] == "4200"
    written = await service.cli("postmortem", "import", pm, str(file), "--apply")
    assert "2 of 2 written." in written.out
    now = await service.get(path)
    assert now["impact"]["users_affected"] == "4300"
    assert "It rained." in now["comments"][0]["text"]
    file.write_text(text.replace("4200", "5000"))
    stale = await service.cli("postmortem", "import", pm, str(file), "--apply")
    assert stale.status == 1
    assert "4300" in stale.out
    assert "goes on from version 1" in stale.out
    page = await service.http.get(f"{path}/document", params={"format": "html"})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-store"
    assert "single point of failure" in page.text
    wrong = await service.http.get(f"{path}/document", params={"format": "pdf"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "query.invalid")
    none = await service.http.get(f"{path}/meeting.ics")
    assert (none.status_code, none.json()["code"]) == (409, "postmortem.no_meeting")
    begins = utc_now().isoformat()
    await post(service, f"{path}/schedule_meeting", begins_at=begins, invited=["ada"])
    invited = await service.http.get(f"{path}/meeting.ics")
    assert invited.headers["content-type"] == "text/calendar; charset=utf-8"
    assert (await service.cli("postmortem", "invite", pm)).out == invited.text


async def test_what_follows_from_a_drill_or_a_review_says_so(service: Process):
    drill = await over(service, "Fire", severity="SEV4", kind="drill")
    body = {
        "title": "Unlock the door", "outcome": "It opens", "owner": "ada",
        "due_on": "2099-01-01", "kind": "process",
    }  # fmt: skip
    of_drill = await post(service, "/v1/action-items", incident=drill, **body)
    assert of_drill["action_item"]["origin"]["kind"] == "drill"
    assert "person.unsure" in [each["code"] for each in of_drill["warnings"]]
    of_review = await post(service, "/v1/action-items", review="Q2 2026", **body)
    assert of_review["action_item"]["origin"] == {"kind": "review", "reference": "Q2 2026"}
    nothing = await service.http.post("/v1/action-items", json=body)
    assert (nothing.status_code, nothing.json()["code"]) == (422, "action_item.origin")


async def test_notes_of_an_interview_are_there_for_those_who_talked_until_they_are_released(
    service: Process,
):
    mark = new_id()[-10:]
    tokens = [
        (await service.cli("token", "create", name, "--role", "commander")).out.strip()
        for name in (f"ada{mark}", f"grace{mark}", f"mallory{mark}", f"tony{mark}")
    ]
    ada, grace, mallory, _ = map(bearer, tokens)
    ref = await over(service, f"Talked about {mark}", severity="SEV4")
    pm = (await post(service, "/v1/postmortems", incident=ref))["reference"]
    said = {"postmortem": pm, "interviewee": f"grace{mark}", "text": f"The word is s{mark}."}
    kept = (await service.http.post("/v1/interviews", json=said, headers=ada)).json()
    iv, path = kept["reference"], f"/v1/interviews/{kept['reference']}"

    async def asked(who: dict[str, str], *paths: str) -> list[Any]:
        lists = {"/v1/interviews": {"min_position": kept["position"]}}
        return [await service.http.get(each, headers=who, params=lists.get(each)) for each in paths]

    everywhere = ("/v1/interviews", f"/v1/postmortems/{pm}", f"/v1/postmortems/{pm}/document")
    for who in (ada, grace):
        shown, listed = await asked(who, path, "/v1/interviews")
        assert shown.json()["text"] == said["text"]
        assert iv in {each["reference"] for each in listed.json()}
    mine = ("keep", f"postmortem={pm}", f"interviewee=tony{mark}", "text=It was loud.")
    written = await service.cli("interview", *mine, COMMANDPOST_TOKEN=tokens[3])
    printed = await service.cli("interview", "list", COMMANDPOST_TOKEN=tokens[3])
    assert (written.status, printed.status) == (0, 0), written.err + printed.err
    assert f"tony{mark}" in printed.out
    assert pm in printed.out
    assert iv not in printed.out, "it is of others"
    [hidden] = await asked(mallory, path)
    assert (hidden.status_code, hidden.json()["code"]) == (404, "interview.unknown")
    for answer in await asked(
        mallory, *everywhere, f"/v1/incidents/{ref}/timeline", "/v1/deliveries"
    ):
        assert answer.status_code == 200, answer.text
        assert f"s{mark}" not in answer.text
        assert iv not in answer.text
    release = {"reason": "It helps others", "consent": "in the talk"}
    none = await service.http.post(f"{path}/release", json=release, headers=mallory)
    assert (none.status_code, none.json()["code"]) == (404, "interview.unknown")
    done = await service.http.post(f"{path}/release", json=release, headers=ada)
    assert done.json()["outcome"] == "decided", done.text
    kept = done.json()
    answers = await asked(mallory, path, *everywhere)
    assert [iv in each.text for each in answers] == [True] * 4
    assert [f"s{mark}" in each.text for each in answers] == [True, False, False, True]
    for form in ("markdown", "html"):
        document = await service.http.get(
            f"/v1/postmortems/{pm}/document", params={"format": form}, headers=mallory
        )
        assert f"s{mark}" in document.text
        assert f"grace{mark}" in document.text
    assert f"s{mark}" not in service.log() and iv not in service.log()  # noqa: PT018


async def test_the_public_reads_a_post_mortem_that_was_written_for_it_until_it_is_withdrawn(
    service: Process,
):
    mark = new_id()[-10:]
    ref = await over(service, f"Inside {mark}", severity="SEV3")
    await service.act(ref, "post_update", audiences=["customers"], text="Payments failed.")
    pm = (await post(service, "/v1/postmortems", incident=ref))["reference"]
    await send(service, pm, *samples.WRITTEN, samples.ASK, samples.APPROVE, samples.FINALISE)
    await send(service, pm, *samples.PUBLIC_WRITTEN)
    path = f"/v1/postmortems/{pm}"
    draft = (await service.http.get(f"{path}/public")).text
    assert "*Draft: not published.*" in draft
    page = f"/status/incidents/{ref}"

    async def on_the_page(words: str) -> None:
        async def shown() -> bool:
            return words in (await service.http.get(page)).text

        await eventually(shown)

    await on_the_page("Payments failed.")
    assert samples.PUBLIC[PublicField.WHAT_FOLLOWS] not in (await service.http.get(page)).text
    await post(service, "/v1/people", slug="grace", name="Grace Hopper")
    await send(service, pm, samples.PUBLISH)
    await on_the_page(samples.PUBLIC[PublicField.WHAT_FOLLOWS])
    for document in ("history.atom", "history.json", "api/v2/incidents.json"):
        assert (
            samples.PUBLIC[PublicField.SUMMARY]
            in (await service.http.get(f"/status/{document}")).text
        )
    inside = (samples.HAPPENED, "Grace", mark, pm)
    for text in (
        (await service.http.get(page)).text,
        *[
            (await service.http.get(f"{path}/public", params={"format": form})).text
            for form in ("markdown", "html", "json")
        ],
    ):
        assert samples.PUBLIC[PublicField.WHAT_HAPPENED] in text
        assert [each for each in inside if each in text] == []
    printed = await service.cli("postmortem", "export", pm, "--public")
    assert printed.out == (await service.http.get(f"{path}/public")).text
    await post(service, f"{path}/withdraw", reason=f"{mark} asks for other words")
    await on_the_page("This post-mortem was withdrawn on")
    text = (await service.http.get(page)).text
    assert samples.PUBLIC[PublicField.SUMMARY] not in text
    assert mark not in text
