"""An incident from its declaration to its end, as responders live it."""

from typing import Any

from support.service_process import Process


async def took(send: Any, ref: str, name: str, **body: Any) -> Any:
    reply = await send(name, ref, body, commandpost_actor="ada")
    assert reply.status in {0, 200}, reply
    assert "code" not in reply.body, reply
    return reply.body


async def test_an_incident_goes_from_declaration_to_reopening(service: Process, send: Any):
    """Every command of the response, in the order in which a response takes its course."""
    declared = await send(
        "declare", None, {"title": "Checkout is slow", "severity": "SEV3", "services": ["shop"],
                          "impact": {"users_affected": 100}},
        commandpost_actor="ada",
    )  # fmt: skip
    assert declared.status in {0, 201}
    ref = declared.body["reference"]
    for name, body in (
        ("acknowledge", {}),
        ("assign_role", {"role": "incident_commander", "assignee": "ada"}),
        ("assign_role", {"role": "technical_lead", "assignee": "lin"}),
        ("hand_over_role", {"role": "technical_lead", "assignee": "kim", "note": "end of shift"}),
        ("open_hypothesis", {"statement": "the cache is cold", "owner": "kim"}),
        ("reject_hypothesis", {"hypothesis": "H1", "finding": "hit rate is normal"}),
        ("open_hypothesis", {"statement": "a deploy at 11:58"}),
        ("confirm_hypothesis", {"hypothesis": "H2", "finding": "the rollback helps"}),
        ("open_hypothesis", {"statement": "the moon"}),
        ("abandon_hypothesis", {"hypothesis": "H3", "reason": "enough"}),
        ("log_action", {"action": "rolled back"}),
        ("add_note", {"text": "graphs look better"}),
        ("post_update", {"text": "we are on it", "status": "identified"}),
        ("identify_root_cause", {"cause": "a deploy"}),
        ("mitigate", {"mitigation": "rolled back"}),
        ("resolve", {"resolution": "rolled back, and a test added", "early_reason": "rehearsed"}),
        ("reopen", {"reason": "it is back"}),
        ("change_severity", {"severity": "SEV2", "reason": "support is flooded"}),
        ("cancel", {"reason": "it was the test environment"}),
    ):
        assert (await took(send, ref, name, **body))["outcome"] == "decided", name

    answer = await took(send, ref, "reopen", reason="no, it was not")
    shown = await service.get(f"/v1/incidents/{ref}", min_position=answer["position"])
    assert answer["incident"].items() <= shown.items()
    assert (shown["status"], shown["severity"], shown["reopenings"]) == ("identified", "SEV2", 2)
    assert shown["roles"] == {"incident_commander": "ada", "technical_lead": "kim"}
    assert [path["status"] for path in shown["hypotheses"]] == [
        "rejected", "confirmed", "abandoned",
    ]  # fmt: skip

    events = await service.events(ref)
    assert len(events) == 22
    assert {event["actor"] for event in events} == {"ada"}
    timeline = await service.get(f"/v1/incidents/{ref}/timeline", min_position=answer["position"])
    assert [line["kind"] for line in timeline["entries"]] == [
        event["event"]["tag"].split(".")[1] for event in events
    ]


async def test_a_doubled_impact_raises_the_severity_and_the_event_cites_the_rule(
    service: Process,
):
    ref = (await service.declare(severity="SEV3", impact={"users_affected": 100}))["reference"]
    answer = await service.act(ref, "reassess_impact", users_affected=200)
    assert answer["incident"]["severity"] == "SEV2"
    *_, first, raised = await service.events(ref)
    assert raised["event"]["automatic"]["rule"] == "escalation.impact_doubled"
    assert raised["event"]["automatic"]["caused_by"] == first["id"]
    assert raised["event"]["automatic"]["policy_version"]


async def test_a_declaration_without_a_severity_is_classified(service: Process):
    declared = await service.declare(impact={"percent_affected": 100})
    assert declared["incident"]["severity"] == "SEV1"
    event, *_ = await service.events(declared["id"])
    assert "full outage" in event["event"]["because"]


async def test_a_merged_incident_answers_to_its_old_reference(service: Process, send: Any):
    old, new = await service.declare("Search is slow"), await service.declare("Database is slow")
    answer = await took(send, old["reference"], "merge", into=new["reference"], reason="same cause")
    assert answer["incident"]["status"] == "merged"
    assert answer["incident"]["merged_into"] == new["id"]
    for ref in (old["id"], old["reference"], old["reference"].lower()):
        shown = await service.get(f"/v1/incidents/{ref}", min_position=answer["position"])
        assert shown["id"] == old["id"]
        assert await service.events(ref)
        timeline = await service.get(f"/v1/incidents/{ref}/timeline")
        assert timeline["entries"][-1]["text"].startswith(f"Merged into {new['reference']}")
    survivor = await service.get(f"/v1/incidents/{new['reference']}")
    assert survivor["duplicates"] == [old["id"]]
    again = await took(send, old["reference"], "merge", into=new["id"])
    assert again["outcome"] == "ignored"


async def test_the_timeline_of_a_survivor_shows_both_marked_by_origin(service: Process):
    """In place, in pages, by the command line too; after an unmerge for what was known before."""
    old, new = await service.declare("Search is slow"), await service.declare("Database is slow")
    ref, origin = new["reference"], old["reference"]
    await service.act(origin, "add_note", text="shards are cold")
    await service.act(ref, "add_note", text="disk is full")
    await service.act(origin, "merge", into=ref)
    position = (await service.act(ref, "add_note", text="disk is extended"))["position"]
    path = f"/v1/incidents/{ref}/timeline"
    whole = await service.get(path, min_position=position)
    assert [
        (line["origin"], line["kind"])
        for line in whole["entries"]
        if not line["kind"].startswith("notification")
    ] == [
        (origin, "declared"),
        (None, "declared"),
        (origin, "note_added"),
        (None, "note_added"),
        (origin, "merged"),
        (None, "duplicate_attached"),
        (None, "note_added"),
    ]
    paged, after = [], None
    while True:
        page = await service.get(path, limit=2, **({"after": after} if after else {}))
        paged += page["entries"]
        if (after := page["next"]) is None:
            break
    assert paged == whole["entries"]
    for_postmortem = await service.get(path, **{"for": "postmortem"})
    assert origin in {row["origin"] for row in for_postmortem["entries"]}
    for arguments in ((), ("--format", "markdown"), ("--for", "postmortem")):
        said = (await service.cli("timeline", ref, *arguments)).out
        assert f"shards are cold (from {origin})" in said, said
        assert f"disk is full (from {origin})" not in said

    merged_at = (await service.events(origin))[-1]["recorded_at"]
    answer = await service.act(origin, "unmerge", reason="another database")
    now = await service.get(path, min_position=answer["position"])
    assert {line["origin"] for line in now["entries"]} == {None}
    then = await service.get(path, known_at=merged_at)
    assert ("shards are cold", origin) in {(it["text"], it["origin"]) for it in then["entries"]}
    own = await service.get(f"/v1/incidents/{origin}/timeline")
    assert {line["origin"] for line in own["entries"]} == {None}


async def test_what_happened_earlier_is_recorded_now_and_can_be_put_right(service: Process):
    """Backfill keeps occurred-at and recorded-at apart; a correction is an event more."""
    declared = await service.declare(
        occurred_at="2026-05-04T14:00:00+02:00", detected_at="2026-05-04T11:55:00Z"
    )
    ref = declared["reference"]
    assert declared["incident"]["milestones"]["declared_at"] == "2026-05-04T12:00:00Z"
    await service.act(
        ref, "correct_time", milestone="impact_started_at", value="2026-05-04T11:50:00Z",
        reason="seen in the graphs",
    )  # fmt: skip
    answer = await service.act(
        ref, "correct_time", milestone="detected_at", value=None, reason="it was another alert"
    )
    times = answer["incident"]["milestones"]
    assert times["impact_started_at"] == "2026-05-04T11:50:00Z"
    assert times["detected_at"] is None
    first = (await service.events(ref))[0]
    assert first["event"]["detected_at"] == "2026-05-04T11:55:00Z"
    assert first["recorded_at"] > "2026-05-05"
