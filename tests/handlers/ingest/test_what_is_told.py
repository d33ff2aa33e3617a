"""What the sender of a report hears, and what the timeline of its incident says, in true words."""

from datetime import timedelta

import msgspec

from domain.incident import INCIDENT
from domain.incident.commands import Merge
from domain.incident.state import Closed
from domain.policy import Severity
from domain.policy.audience import Audience
from domain.policy.reach import Reach, Subscription
from handlers.kernel.asks import Meta
from support.desks import event, lines, resolved, state


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


async def test_a_priority_that_only_states_what_it_is_now_is_told_by_what_it_was(desk, opsgenie):
    await desk.deliver("og", opsgenie("Create", priority="P2"))
    now = opsgenie("UpdatePriority", minute=3, priority="P1")
    (incident,) = (await desk.deliver("og", now)).incidents
    assert (await lines(desk, incident))[-1] == (
        "Disk is full — priority P2 → P1, which stands for SEV1 (opsgenie)"
    )


async def test_who_sends_an_alert_hears_whom_no_channel_tells_of_it(desk, pagerduty):
    desk.executor.transactor.reach = Reach((Subscription((Audience.EXECUTIVES,), Severity.SEV1),))
    fired = await desk.deliver("pd", pagerduty("triggered"))
    assert [each.split(" of INC")[0] for each in fired.warnings] == [
        "no channel tells engineering (Engineering Manager)",
        "no channel tells executives (VP Engineering, CTO, CEO)",
    ]
    again = await desk.deliver("pd", pagerduty("acknowledged", event="E2", at="11:20:00"))
    assert again.warnings == ()
