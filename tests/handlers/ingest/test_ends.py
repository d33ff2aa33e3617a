"""What is over, what is not, and what never was: ends, merges and second thoughts of products."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from domain.incident import INCIDENT
from domain.incident.commands import Merge, Resolve
from domain.incident.state import Closed, Duplicate, Open
from domain.incident.wording import describe
from domain.policy import Severity
from handlers.ingest.translate import incident_id
from handlers.kernel.transact import Meta
from projections.alerting.routes import FIRING, ROUTES
from projections.incident.fold import NOTHING_FOLDED, follow

NAMES = [column.name for column in FIRING.columns]


async def state(desk: Any, incident: str) -> Any:
    return await desk.executor.state(INCIDENT, incident)


async def incidents(desk: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    async for batch in desk.store.read():
        for recorded in batch:
            kind, _, incident = recorded.stream.partition(".")
            if kind == "incident":
                before = found.get(incident, INCIDENT.initial)
                found[incident] = INCIDENT.follow(before, recorded.commit)
    return found


async def told(desk: Any, incident: str) -> list[str]:
    """What people hear of an incident, by kind."""
    known, kinds = NOTHING_FOLDED, []
    for recorded in await desk.store.load(f"incident.{incident}"):
        known = follow(known, recorded)
        kinds += [item.kind for _, item in known.found]
    return kinds


async def listed(desk: Any) -> list[Any]:
    """Rows of `signals list --all`."""
    rows = []
    async for batch in desk.store.read():
        for recorded in batch:
            if recorded.stream.startswith("alert."):
                rows += [
                    dict(zip(NAMES, put.row, strict=True))
                    for put in ROUTES.each(None, None, recorded)
                ]
    return rows


async def resolved(desk: Any, incident: str) -> None:
    meta = Meta(command_id=f"{incident}-{desk.now}", actor="ada", correlation_id="c")
    await desk.executor.run(INCIDENT, incident, Resolve(resolution="restarted"), meta)


def event(action: str, **more: Any) -> bytes:
    """An event of the Events API v2."""
    payload = {"summary": "Disk 97% full", "source": "db-7", "severity": "error"}
    payload |= more.pop("payload", {})
    return msgspec.json.encode({"event_action": action, "payload": payload, **more})


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


# --- merges


def merging(pagerduty: Any, incident: str, into: str, **more: Any) -> bytes:
    reason = {
        "type": "merge_resolve_reason",
        "incident": {"id": into, "type": "incident_reference", "summary": "DB down"},
    }
    more = {"event": "E9", "at": "11:20:00", **more}
    return pagerduty("resolved", incident=incident, resolve_reason=reason, **more)


async def test_what_pagerduty_merges_is_merged_and_not_resolved(desk, pagerduty):
    (one,) = (await desk.deliver("pd", pagerduty("triggered", incident="Q1"))).incidents
    (two,) = (await desk.deliver("pd", pagerduty("triggered", incident="Q2", event="E2"))).incidents
    for _ in range(2):
        assert (await desk.deliver("pd", merging(pagerduty, "Q1", "Q2"))).incidents == (one, two)
    merged, survivor = await state(desk, one), await state(desk, two)
    assert isinstance(merged, Duplicate)
    assert isinstance(survivor, Open)
    assert (merged.into, survivor.facts.about.duplicates) == (two, (one,))
    assert await told(desk, one) == ["page", "merged"]
    await desk.deliver("pd", pagerduty("resolved", incident="Q2", event="E10", at="11:30:00"))
    assert isinstance(await state(desk, two), Closed)


async def test_a_merge_into_what_was_never_heard_of_ends_nothing(desk, pagerduty):
    """The incident stands for the other one then, until that is over."""
    (one,) = (await desk.deliver("pd", pagerduty("triggered", incident="Q1"))).incidents
    for _ in range(2):
        assert (await desk.deliver("pd", merging(pagerduty, "Q1", "Q2"))).incidents == (one,)
    assert isinstance(await state(desk, one), Open)
    assert await told(desk, one) == ["page"]
    over = pagerduty("resolved", incident="Q2", event="E10", at="11:30:00")
    assert (await desk.deliver("pd", over)).incidents == (one,)
    assert isinstance(await state(desk, one), Closed)


async def test_what_is_merged_into_its_own_incident_is_one_alert_less(new_desk, pagerduty):
    desk = new_desk(rules=[{"action": "declare", "dedup_key": "all"}])
    (one,) = (await desk.deliver("pd", pagerduty("triggered", incident="Q1"))).incidents
    second = pagerduty("triggered", incident="Q2", event="E2")
    assert (await desk.deliver("pd", second)).incidents == (one,)
    assert (await desk.deliver("pd", merging(pagerduty, "Q1", "Q2"))).incidents == (one,)
    assert isinstance(await state(desk, one), Open)
    assert incident_id("pagerduty", "pd", "Q2") != one


@pytest.mark.parametrize("known", [True, False], ids=["target known", "target unknown"])
async def test_a_merge_that_overtakes_what_it_merges_is_a_merge(desk, pagerduty, known):
    """Nobody hears of an end, and no post-mortem is asked for, in this order either."""
    two = None
    if known:
        (two,) = (await desk.deliver("pd", pagerduty("triggered", incident="Q2"))).incidents
    assert (await desk.deliver("pd", merging(pagerduty, "Q1", "Q2"))).outcome == "ignored"
    assert [row["because"] for row in await listed(desk) if row["action"] == "noted"] == [
        "Merged into DB down, and was never heard of"
    ]
    late = pagerduty("triggered", incident="Q1", event="E2", at="11:05:00")
    one = (await desk.deliver("pd", late)).incidents[0]
    if known:
        merged = await state(desk, one)
        assert isinstance(merged, Duplicate)
        assert merged.into == two
        assert isinstance(await state(desk, two), Open)
    else:
        assert isinstance(await state(desk, one), Open)
        over = pagerduty("resolved", incident="Q2", event="E10", at="11:30:00")
        assert (await desk.deliver("pd", over)).incidents == (one,)
        assert isinstance(await state(desk, one), Closed)
    assert "postmortem_requested" not in await told(desk, one)


async def test_a_merge_into_what_was_never_heard_of_is_not_told_as_an_end(desk, pagerduty):
    (one,) = (await desk.deliver("pd", pagerduty("triggered", incident="Q1"))).incidents
    await desk.deliver("pd", merging(pagerduty, "Q1", "Q2"))
    assert (await lines(desk, one))[1:] == [
        "Checkout is slow — goes on as the one that it was merged into, by Ada (pagerduty)",
        "Checkout is slow — merged into DB down, by Ada (pagerduty)",
    ]


# --- words


async def lines(desk: Any, incident: str) -> list[str]:
    """The timeline."""
    loaded = await desk.store.load(f"incident.{incident}")
    said = [describe(event) for recorded in loaded for event in recorded.commit.events]
    return [line.text for line in said if line]


async def test_what_says_only_a_key_is_told_by_what_fired_under_it(desk):
    await desk.deliver("tools", event("trigger", dedup_key="d"))
    for action in ("acknowledge", "resolve"):
        body = msgspec.json.encode({"event_action": action, "dedup_key": "d"})
        (incident,) = (await desk.deliver("tools", body)).incidents
    assert (await lines(desk, incident))[1:] == [
        "Disk 97% full — acknowledged (events_v2)",
        "Disk 97% full — resolved (events_v2)",
    ]


async def test_so_is_what_is_told_to_the_incident_that_carries_on(desk):
    (one,) = (await desk.deliver("tools", event("trigger", dedup_key="d"))).incidents
    other = event("trigger", dedup_key="e", payload={"summary": "Queue is full"})
    (two,) = (await desk.deliver("tools", other)).incidents
    meta = Meta(command_id="merge", actor="ada", correlation_id="c")
    await desk.executor.run(INCIDENT, one, Merge(into=two, reason="same"), meta)
    over = msgspec.json.encode({"event_action": "resolve", "dedup_key": "d"})
    assert (await desk.deliver("tools", over)).incidents == (one, two)
    assert (await lines(desk, two))[-1] == "Disk 97% full — resolved (events_v2)"


async def test_an_alert_that_opsgenie_creates_for_another_team_has_fired_once(desk, opsgenie):
    (incident,) = (await desk.deliver("og", opsgenie("Create"))).incidents
    alert = msgspec.json.decode(opsgenie("Create"))["alert"]
    alert |= {"updatedAt": alert["updatedAt"] + 5 * 10**9, "teams": ["T2"]}
    again = msgspec.json.encode({"action": "Create", "alert": alert})
    verdict = await desk.deliver("og", again)
    assert (verdict.incidents, verdict.reason) == ((incident,), "says nothing new")
    assert len(await lines(desk, incident)) == 1


async def test_what_is_new_in_a_body_is_not_hidden_by_what_is_not(desk, alertmanager, pagerduty):
    """Neither to the sender of a group, nor where a late beginning brings in what overtook it."""
    await desk.deliver("am", alertmanager(("a", 0, None)))
    both = alertmanager(("a", 0, None), ("b", 5, None))
    verdict = await desk.deliver("am", both)
    assert (verdict.outcome, len(verdict.incidents), verdict.reason) == ("used", 2, None)
    assert (await desk.deliver("am", both)).reason == "says nothing new"
    await desk.deliver("pd", pagerduty("acknowledged", at="11:10:00"))
    await desk.deliver("pd", pagerduty("triggered", event="E2", at="11:00:00"))
    late = await desk.deliver("pd", pagerduty("reassigned", event="E3", at="11:05:00"))
    assert late.reason is None


async def test_an_end_that_states_an_old_start_moves_no_beginning(desk, alertmanager):
    """Alertmanager says for weeks since when, also of what a person has resolved meanwhile."""
    (first,) = (await desk.deliver("am", alertmanager(("a", 0, None)))).incidents
    desk.now += timedelta(minutes=5)
    await resolved(desk, first)
    desk.now += timedelta(minutes=5)
    (second,) = (await desk.deliver("am", alertmanager(("a", 0, None)))).incidents
    began = (await state(desk, second)).facts.milestones.detected_at
    assert began == desk.now
    desk.now += timedelta(minutes=5)
    await desk.deliver("am", alertmanager(("a", 0, 59)))
    over = await state(desk, second)
    assert isinstance(over, Closed)
    assert over.facts.milestones.detected_at == began


async def test_a_dashboard_alert_without_data_says_so_and_its_end_nothing_of_the_matter(desk):
    def body(at: str) -> bytes:
        said = {"ruleId": 7, "ruleName": "CPU", "state": at, "message": "look at it"}
        matches = [{"metric": "cpu", "value": 99}]
        return msgspec.json.encode({**said, "evalMatches": matches})

    for at in ("alerting", "no_data", "ok"):
        desk.now += timedelta(minutes=1)
        (incident,) = (await desk.deliver("gf", body(at))).incidents
    assert (await lines(desk, incident))[1:] == [
        "CPU — now No data (grafana)",
        "CPU — resolved (grafana)",
    ]
