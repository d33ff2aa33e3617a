"""What was said is put right, retracted and linked, over HTTP as over NATS."""

from typing import Any

from support.service_process import Process


async def lines(service: Process, ref: str, **query: Any) -> list[dict[str, Any]]:
    found = await service.get(f"/v1/incidents/{ref}/timeline", **query)
    return list(found["entries"])


async def entry(service: Process, ref: str, kind: str, answer: dict[str, Any]) -> str:
    """The `event_id` of the line of this kind, as whoever reads the timeline finds it."""
    found = await lines(service, ref, min_position=answer["position"])
    return next(line["event_id"] for line in found if line["kind"] == kind)


async def test_an_entry_is_put_right_and_retracted_by_its_event_id(service: Process, send: Any):
    ref = (await service.declare(severity="SEV3"))["reference"]
    note = (await send("add_note", ref, {"text": "errors since 11:50"})).body
    named = await entry(service, ref, "note_added", note)
    correct = {"entry": named, "text": "errors since 11:40"}
    assert (await send("correct", ref, correct)).body["outcome"] == "decided"
    assert (await send("correct", ref, correct)).body["outcome"] == "ignored"
    retract = {"entry": named, "reason": "another incident's"}
    assert (await send("retract", ref, retract)).body["outcome"] == "decided"
    assert (await send("retract", ref, retract)).body["outcome"] == "ignored"
    assert (await send("correct", ref, correct)).body["code"] == "entry.retracted"


async def test_an_entry_of_another_incident_is_unknown_here(service: Process, send: Any):
    one, other = [(await service.declare(severity="SEV3"))["reference"] for _ in range(2)]
    note = await service.act(one, "add_note", text="errors since 11:50")
    named = await entry(service, one, "note_added", note)
    refused = (await send("correct", other, {"entry": named, "text": "b"})).body
    assert (refused["code"], refused["status"], refused["field"]) == ("entry.unknown", 422, "entry")


async def test_the_title_and_the_services_are_put_right(service: Process, send: Any):
    ref = (await service.declare("Chekout fails", severity="SEV3"))["reference"]
    body = {"title": "Checkout fails", "services": ["checkout"], "reason": "a typing error"}
    shown = (await send("correct", ref, body)).body["incident"]
    assert (shown["title"], shown["services"]) == ("Checkout fails", ["checkout"])


async def test_a_role_is_freed(service: Process, send: Any):
    ref = (await service.declare(severity="SEV3"))["reference"]
    await service.act(ref, "assign_role", role="scribe", assignee="Edsger")
    shown = (await send("unassign_role", ref, {"role": "scribe"})).body["incident"]
    assert "scribe" not in shown["roles"]


async def test_two_incidents_that_are_linked_know_of_each_other(service: Process, send: Any):
    one, other = [await service.declare(severity="SEV3") for _ in range(2)]
    body = {"to": other["reference"], "relation": "caused_by"}
    answer = (await send("link", one["reference"], body)).body
    assert answer["incident"]["related"] == [
        {"id": other["id"], "reference": other["reference"], "relation": "caused_by"}
    ]
    shown = await service.get(f"/v1/incidents/{other['id']}", min_position=answer["position"] + 1)
    assert shown["related"] == [
        {"id": one["id"], "reference": one["reference"], "relation": "causes"}
    ]
    assert (await send("link", one["reference"], body)).body["outcome"] == "ignored"
    lines = (await service.get(f"/v1/incidents/{other['id']}/timeline"))["entries"]
    (link,) = [line["event_id"] for line in lines if line["kind"] == "incident_linked"]
    itself = (await send("link", one["reference"], {"to": one["reference"]})).body
    assert (itself["code"], itself["status"]) == ("link.to_itself", 422)
    nowhere = (await send("link", one["reference"], {"to": "INC-999999"})).body
    assert (nowhere["code"], nowhere["field"]) == ("incident.unknown", "to")
    back = {"entry": link, "reason": "another cause"}
    answer = (await send("retract", other["reference"], back)).body
    assert answer["incident"]["related"] == []
    shown = await service.get(f"/v1/incidents/{one['id']}", min_position=answer["position"] + 1)
    assert shown["related"] == []


async def test_addresses_of_pages_and_files_are_attached(service: Process, send: Any):
    ref = (await service.declare(severity="SEV3"))["reference"]
    shown = (await send("link", ref, {"url": "https://example.com/d/1", "name": "Graph"})).body
    assert shown["incident"]["links"] == [{"url": "https://example.com/d/1", "name": "Graph"}]
    for url in ("javascript://%0aalert(1)", "data:text/html,x", "example.com"):
        assert (await send("link", ref, {"url": url})).body["code"] == "field.invalid"


async def test_every_view_knows_the_corrected_past_and_what_was_believed(
    service: Process, unique: str
):
    """Mitigated at 12:20, as was said at first; put right to 12:10."""
    day = "2026-02-03T"
    declared = await service.declare(
        unique, severity="SEV3", occurred_at=f"{day}12:00:00Z", services=[unique]
    )
    ref = declared["reference"]
    said = await service.act(
        ref,
        "mitigate",
        mitigation="rolled back",
        occurred_at=f"{day}12:20:00Z",
        override="told afterwards",
    )
    named = await entry(service, ref, "mitigated", said)
    believed = (await lines(service, ref))[-1]["recorded_at"]
    answer = await service.act(ref, "correct", entry=named, time=f"{day}12:10:00Z")
    position = {"min_position": answer["position"]}

    async def mitigated(**times: str) -> set[bool]:
        shown = await service.get(f"/v1/incidents/{ref}", **times, **position)
        listed = await service.get("/v1/incidents", limit=1000, **times, **position)
        timeline = await lines(service, ref, **times, **position)
        of_service = await service.get("/v1/statistics", by="service", **times, **position)
        (group,) = [each for each in of_service["groups"] if each["group"] == unique]
        return {
            shown["status"] == "monitoring",
            *(
                one["status"] == "monitoring"
                for one in listed["incidents"]
                if one["reference"] == ref
            ),
            any(line["kind"] == "mitigated" for line in timeline),
            group["series"]["declare_to_mitigate"]["n"] == 1,
        }

    assert await mitigated(as_of=f"{day}12:15:00Z") == {True}
    assert await mitigated(as_of=f"{day}12:15:00Z", known_at=believed) == {False}
    assert await mitigated(as_of=f"{day}12:20:00Z", known_at=believed) == {True}
    for path in ("", "/timeline"):
        before = await service.http.get(
            f"/v1/incidents/{ref}{path}", params={"as_of": f"{day}11:59:00Z"}
        )
        assert before.status_code == 404
