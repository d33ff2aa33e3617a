"""What is over, what is not, and what never was: ends and second thoughts of products."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from domain.incident.state import Closed, Open
from domain.policy import Severity
from support.desks import event, incidents, listed, resolved, state, told


def page(*updates: tuple[str, str, int], created: int = 0, **more: Any) -> bytes:
    """What a status page tells, newest update last: id, status and minute of each."""

    def at(minute: int) -> str:
        return f"2026-05-04T08:{minute:02}:00.000Z"

    said = [
        {"id": id_, "status": status, "body": "b", "created_at": at(m), "display_at": at(m)}
        for id_, status, m in updates
    ]
    incident = {
        "id": "s1",
        "name": "Provider",
        "status": updates[-1][1],
        "impact": "major",
        "created_at": at(created),
        "updated_at": at(updates[-1][2]),
        "incident_updates": said[::-1],
        **more,
    }
    return msgspec.json.encode({"page": {"id": "p"}, "incident": incident})


def of_a_reference(kind: str, *, event: str) -> bytes:
    """What PagerDuty says of something that belongs to its incident `Q1`."""
    data = {"type": "x", "incident": {"id": "Q1", "type": "incident_reference"}}
    said = {"id": event, "event_type": f"incident.{kind}", "data": data}
    return msgspec.json.encode({"event": {**said, "occurred_at": "2026-05-04T11:06:00Z"}})


# --- the same key again


@pytest.mark.parametrize("by_hand", [False, True])
async def test_the_same_bytes_after_an_end_are_a_new_firing(desk, by_hand):
    fires = event("trigger", dedup_key="disk")
    (first,) = (await desk.deliver("tools", fires)).incidents
    assert (await desk.deliver("tools", fires)).incidents == (first,)
    desk.now += timedelta(minutes=5)
    if by_hand:
        await resolved(desk, first)
    else:
        await desk.deliver("tools", event("resolve", dedup_key="disk"))
    assert isinstance(await state(desk, first), Closed)
    desk.now += timedelta(minutes=5)
    (second,) = (await desk.deliver("tools", fires)).incidents
    assert second != first
    assert isinstance(await state(desk, second), Open)
    await desk.deliver("tools", event("resolve", dedup_key="disk"))
    assert isinstance(await state(desk, second), Closed), "the bytes of its end are not new either"


async def test_what_fires_on_after_a_person_has_resolved_it_began_again_then(desk, alertmanager):
    """Alertmanager repeats what fires; the second incident is no older than that end."""
    (first,) = (await desk.deliver("am", alertmanager(("a", 0, None)))).incidents
    desk.now += timedelta(minutes=5)
    await resolved(desk, first)
    desk.now += timedelta(hours=4)
    (second,) = (await desk.deliver("am", alertmanager(("a", 0, None)))).incidents
    assert second != first
    assert (await state(desk, second)).facts.milestones.detected_at == desk.now
    assert (await desk.deliver("am", alertmanager(("a", 0, None)))).incidents == (second,)


async def test_two_alertmanagers_whose_starts_differ_tell_of_one_firing(desk, alertmanager):
    (first,) = (await desk.deliver("am", alertmanager(("a", 15, None)))).incidents
    assert (await desk.deliver("am", alertmanager(("a", 14, None)))).incidents == (first,)
    assert (await desk.deliver("am", alertmanager(("a", 14, 30)))).incidents == (first,)
    assert isinstance(await state(desk, first), Closed)
    assert len(await incidents(desk)) == 1


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        ("2026-05-04T11:20:00Z", "2026-05-04T11:20:00Z"),  # Grafana 12: both are the end
        ("2026-05-04T11:00:00.000123Z", "2026-05-04T11:30:00Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        (None, None),
        ("2026-05-04T11:00:00Z", "2026-05-04T10:59:00Z"),
    ],
)
@pytest.mark.parametrize("source", ["am", "gf"])
async def test_an_end_ends_what_is_open_whatever_its_times_say(
    desk, alertmanager, source, starts, ends
):
    (incident,) = (await desk.deliver(source, alertmanager(("a", 0, None)))).incidents
    over = msgspec.json.decode(alertmanager(("a", 0, 5)))
    over["alerts"][0] |= {"startsAt": starts, "endsAt": ends}
    await desk.deliver(source, msgspec.json.encode(over))
    closed = await state(desk, incident)
    assert isinstance(closed, Closed)
    assert closed.facts.milestones.resolved_at >= closed.facts.milestones.detected_at
    assert len(await incidents(desk)) == 1


async def test_what_has_no_key_gets_one_for_each_firing(desk):
    """It ends that firing, and none after it."""
    fires = event("trigger")
    (first,) = (await desk.deliver("tools", fires)).incidents
    (again,) = (await desk.deliver("tools", fires)).incidents
    assert again == first, "while it is open, the same words are the same firing"
    words = desk.intake._products["events_v2"].translate(fires, "tools", "incident")
    alert_id = words[0].alert.alert_id
    for key in (f"commandpost:{alert_id}:2", f"commandpost:{alert_id}:1"):
        await desk.deliver("tools", event("resolve", dedup_key=key))
        assert isinstance(await state(desk, first), Closed)
    (second,) = (await desk.deliver("tools", fires)).incidents
    assert second != first
    await desk.deliver("tools", event("resolve", dedup_key=f"commandpost:{alert_id}:1"))
    assert isinstance(await state(desk, second), Open)


async def test_what_changes_within_a_firing_is_told_and_what_does_not_is_not(desk):
    for words in ("91 %", "91 %", "99 %", "99 %", "91 %"):
        desk.now += timedelta(minutes=1)
        verdict = await desk.deliver(
            "tools", event("trigger", dedup_key="d", payload={"summary": f"Disk {words} full"})
        )
    recorded = await desk.store.load(f"incident.{verdict.incidents[0]}")
    titles = [each.commit.events[0].alert.title for each in recorded]
    assert titles == ["Disk 91 % full", "Disk 99 % full", "Disk 91 % full"]


# --- what never was


async def test_an_end_or_an_acknowledgement_of_what_was_never_heard_of_opens_nothing(
    desk, alertmanager, pagerduty, opsgenie
):
    component = {
        "component_update": {"id": "x", "component_id": "k", "new_status": "operational"},
        "component": {"id": "k", "name": "API", "status": "operational"},
    }
    ends = [
        ("am", alertmanager(("never-am", 0, 5))),
        ("gf", alertmanager(("never-gf", 0, 5))),
        ("tools", event("resolve", dedup_key="never-resolved")),
        ("tools", event("acknowledge", dedup_key="never-acknowledged")),
        ("pd", pagerduty("resolved", incident="never-pd")),
        ("pd", pagerduty("acknowledged", incident="never-pd-ack", event="E2")),
        ("og", opsgenie("Close", alert="never-og")),
        ("og", opsgenie("Acknowledge", alert="never-og-ack")),
        ("sp", page(("u1", "resolved", 5), id="never-sp")),
        ("sp", page(("u1", "resolved", 5), ("u2", "postmortem", 9), id="never-sp-2")),
        ("sp", msgspec.json.encode(component)),
    ]
    for source, body in ends:
        for _ in range(2):
            assert (await desk.deliver(source, body)).outcome == "ignored"
    assert await incidents(desk) == {}
    rows = await listed(desk)
    assert len(rows) == len(ends), "each once, however often it is repeated"
    assert {row["action"] for row in rows} == {"noted"}
    assert all("never heard of" in row["because"] for row in rows)
    assert {row["alert_id"] for row in rows} >= {"never-am", "never-resolved", "never-pd"}


async def test_a_change_of_what_is_over_or_of_unknown_state_opens_nothing(desk, pagerduty):
    """Whose priority is changed, or who is asked to help, says nothing of whether it goes on."""
    asides = [
        pagerduty("priority_updated", event="E2", at="11:05:00", status="resolved"),
        of_a_reference("responder.added", event="E3"),
        of_a_reference("workflow.started", event="E4"),
    ]
    for body in asides:
        assert (await desk.deliver("pd", body)).outcome == "ignored"
    assert await incidents(desk) == {}
    rows = await listed(desk)
    assert {row["action"] for row in rows} == {"noted"}
    assert {row["because"] for row in rows} == {
        "priority updated, and was never heard of",
        "updated, and was never heard of",
    }
    goes_on = pagerduty("escalated", event="E5", at="11:08:00", status="triggered")
    (incident,) = (await desk.deliver("pd", goes_on)).incidents
    assert isinstance(await state(desk, incident), Open)


async def test_what_was_said_aside_of_a_firing_that_is_heard_of_later_is_told_to_it(
    desk, pagerduty
):
    await desk.deliver("pd", of_a_reference("responder.added", event="E3"))
    verdict = await desk.deliver("pd", pagerduty("triggered", at="11:00:00", status="triggered"))
    recorded = await desk.store.load(f"incident.{verdict.incidents[0]}")
    alerts = [e.alert for each in recorded for e in each.commit.events if hasattr(e, "alert")]
    assert {each.event_id for each in alerts} == {"E1", "E3"}


async def test_what_fires_after_an_end_that_was_not_understood_is_an_incident(desk, alertmanager):
    await desk.deliver("am", alertmanager(("a", 0, 5)))
    (incident,) = (await desk.deliver("am", alertmanager(("a", 6, None)))).incidents
    assert isinstance(await state(desk, incident), Open)


async def test_the_end_of_what_has_a_key_from_us_says_that_it_was_over(desk):
    """It was heard of, and by hand or by its job it ended before."""
    await desk.deliver("tools", event("trigger"))
    (row,) = await listed(desk)
    key = f"commandpost:{row['alert_id']}:{row['signal']}"
    over = msgspec.json.encode({"event_action": "resolve", "dedup_key": key})
    await resolved(desk, row["incident"])
    desk.now += timedelta(minutes=5)
    await desk.deliver("tools", event("trigger"))
    verdicts = [await desk.deliver("tools", over) for _ in range(2)]
    assert {each.reason for each in verdicts} == {"resolved, and was over already"}
    assert (await listed(desk))[-1]["because"] == "resolved, and was over already"
    stranger = f"commandpost:{'0' * 32}:1"
    over = msgspec.json.encode({"event_action": "resolve", "dedup_key": stranger})
    assert (await desk.deliver("tools", over)).reason == "resolved, and was never heard of"


# --- what is over is not rewritten


@pytest.mark.parametrize("source", ["tools", "shop"])
async def test_a_recovery_rewrites_neither_title_nor_severity(desk, source):
    if source == "tools":
        fires = event("trigger", dedup_key="d")
        over = event(
            "resolve", dedup_key="d", payload={"summary": "OK: 40% full", "severity": "info"}
        )
    else:
        common = {"specversion": "1.0", "source": "/x", "type": "x.alert"}
        data = {"dedup_key": "d", "summary": "Disk 97% full", "severity": "error"}
        back = {**data, "action": "resolve", "summary": "OK: 40% full", "severity": "info"}
        fires = msgspec.json.encode({**common, "id": "1", "data": {**data, "action": "trigger"}})
        over = msgspec.json.encode({**common, "id": "2", "data": back})
    (incident,) = (await desk.deliver(source, fires)).incidents
    before = (await state(desk, incident)).facts
    await desk.deliver(source, over)
    after = await state(desk, incident)
    assert isinstance(after, Closed)
    assert (after.facts.about.title, after.facts.severity) == ("Disk 97% full", Severity.SEV2)
    assert (before.about.title, before.severity) == ("Disk 97% full", Severity.SEV2)


# --- second thoughts


@pytest.mark.parametrize("whole", [True, False])
async def test_a_provider_that_investigates_again_reopens_and_that_is_told(desk, whole):
    """Whether its hook tells of all updates or of the latest one alone."""
    one, two, three = (
        ("a", "investigating", 0),
        ("b", "resolved", 10),
        ("c", "investigating", 30),
    )
    bodies = [page(one), page(one, two), page(one, two, three)]
    if not whole:
        bodies = [page(one), page(two), page(three)]
    for body in bodies:
        verdict = await desk.deliver("sp", body)
    (incident,) = verdict.incidents
    assert isinstance(await state(desk, incident), Open)
    assert await told(desk, incident) == ["page", "resolved", "reopened"]


async def test_what_a_provider_has_learnt_afterwards_does_not_reopen(desk):
    one, two = ("a", "investigating", 0), ("b", "resolved", 10)
    for body in (page(one), page(one, two), page(one, two, ("c", "postmortem", 50))):
        verdict = await desk.deliver("sp", body)
    assert isinstance(await state(desk, verdict.incidents[0]), Closed)
