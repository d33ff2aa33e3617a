"""Rules at work: to which incident alerts go, what opens nothing, and how repetition converges."""

import asyncio
from datetime import timedelta
from typing import Any

import msgspec

from domain.alerting.default_rules import DEFAULT_RULES
from domain.incident import INCIDENT
from domain.incident.commands import Acknowledge, Declare, Merge, Resolve
from domain.incident.state import Closed, Open, Triage
from handlers.kernel.asks import Meta
from support.spec import NOON


def body(key: str, minute: int, action: str = "trigger", **data: Any) -> bytes:
    """A signal of a service."""
    return msgspec.json.encode(
        {
            "specversion": "1.0",
            "id": f"{key}-{action}-{minute}",
            "source": "/x",
            "type": "x.alert",
            "time": f"2026-05-04T11:{minute:02}:00Z",
            "data": {"action": action, "dedup_key": key, "summary": f"Alert {key}", **data},
        }
    )


async def ran(desk: Any, incident: str, *commands: Any) -> None:
    for number, command in enumerate(commands):
        name = f"{incident}-{type(command).__name__}-{number}"
        meta = Meta(command_id=name, actor="ada", correlation_id="c")
        await desk.executor.run(INCIDENT, incident, command, meta)


async def placed(desk: Any, *bodies: bytes, source: str = "shop") -> list[Any]:
    """Where each of these went."""
    return [
        incident
        for each in bodies
        for incident in ((await desk.deliver(source, each)).incidents or (None,))
    ]


async def state(desk: Any, incident: str) -> Any:
    return await desk.executor.state(INCIDENT, incident)


HUMAN = "0199c0de-0000-7000-8000-000000000001"


async def test_a_rule_says_what_an_alert_becomes(new_desk):
    desk = new_desk(
        rules=[
            {"action": "ignore", "title": "test", "name": "tests"},
            {"action": "triage", "severity": "SEV4"},
        ]
    )
    ignored = await desk.deliver("shop", body("a", 0, summary="A test"))
    assert (ignored.outcome, ignored.incidents, ignored.reason) == ("ignored", (), "tests")
    (low,) = await placed(desk, body("b", 0, severity="info"))
    (high,) = await placed(desk, body("c", 0, severity="critical"))
    assert isinstance(await state(desk, low), Triage)
    assert isinstance(await state(desk, high), Open)
    assert desk.counted["alerts_routed", "ignore", "tests"] == 1
    assert desk.counted["signals_translated", "cloudevents", "shop", "ignored", ""] == 1


async def test_what_follows_an_ignored_alert_opens_nothing_whatever_the_rules_say_of_it(new_desk):
    desk = new_desk(rules=[{"action": "ignore", "title": "noise"}])
    await desk.deliver("shop", body("a", 0, summary="noise"))
    assert (await desk.deliver("shop", body("a", 3, "resolve", summary="quiet"))).incidents == ()


async def test_rules_hold_for_every_product(new_desk, pagerduty, opsgenie):
    desk = new_desk(rules=[{"action": "ignore", "product": ["pagerduty", "opsgenie"]}])
    assert (await desk.deliver("pd", pagerduty("triggered"))).outcome == "ignored"
    assert (await desk.deliver("pd", pagerduty("acknowledged", event="E2"))).outcome == "ignored"
    assert (await desk.deliver("og", opsgenie("Create"))).outcome == "ignored"


async def test_a_rule_that_comes_later_does_not_part_an_alert_from_its_incident(
    new_desk, pagerduty
):
    desk = new_desk()
    (incident,) = await placed(desk, pagerduty("triggered"), source="pd")
    later = new_desk(rules=[{"action": "ignore"}])
    later.store, later.executor = desk.store, desk.executor
    later.intake._router._executor = later.intake._executor = desk.executor
    assert await placed(later, pagerduty("resolved", event="E2"), source="pd") == [incident]


async def test_alerts_attach_to_the_open_incident_of_their_service(new_desk):
    desk = new_desk(rules=[{"action": "attach"}])
    await ran(desk, HUMAN, Declare(title="Checkout fails", services=("checkout",)))
    first, second, other = await placed(
        desk,
        body("a", 1, service="checkout"),
        body("b", 2, service="checkout"),
        body("c", 3, service="cart"),
    )
    assert (first, second) == (HUMAN, HUMAN)
    assert other != HUMAN
    incident = await state(desk, HUMAN)
    assert (incident.facts.about.title, len(incident.facts.alerts.members)) == ("Checkout fails", 2)
    await ran(desk, HUMAN, Resolve(resolution="rolled back", override="nobody else is there"))
    (new,) = await placed(desk, body("d", 5, service="checkout"))
    assert new not in {HUMAN, other}


async def test_alerts_that_come_at_once_attach_to_one_incident(new_desk):
    desk = new_desk(rules=[{"action": "attach"}])
    bodies = [body(key, 1, service="checkout") for key in "abcdefgh"]
    verdicts = await asyncio.gather(*(desk.deliver("shop", each) for each in bodies))
    assert len({verdict.incidents for verdict in verdicts}) == 1


async def test_without_the_board_a_page_becomes_an_incident_and_does_not_wait(new_desk):
    desk = new_desk(rules=[{"action": "attach"}])
    await ran(desk, HUMAN, Declare(title="Checkout fails", services=("checkout",)))
    desk.board.down = True
    (incident,) = await placed(desk, body("a", 1, service="checkout"))
    assert incident != HUMAN
    assert isinstance(await state(desk, incident), Open)


async def test_an_attached_alert_does_not_end_what_others_keep_open(new_desk):
    desk = new_desk(rules=[{"action": "attach"}])
    first, second, _ = await placed(
        desk,
        body("a", 1, service="checkout"),
        body("b", 2, service="checkout"),
        body("b", 3, "resolve", service="checkout"),
    )
    assert first == second
    assert isinstance(await state(desk, first), Open)
    await placed(desk, body("a", 4, "resolve"))
    assert isinstance(await state(desk, first), Closed)


async def test_a_dedup_key_brings_alerts_of_any_source_together(new_desk, alertmanager):
    desk = new_desk(rules=[{"action": "declare", "dedup_key": "{labels.region}"}])
    (one,) = await placed(desk, body("a", 1, labels={"region": "eu"}))
    (two,) = await placed(desk, alertmanager(("f", 2, None), region="eu"), source="am")
    (three,) = await placed(desk, alertmanager(("g", 2, None), region="us"), source="am")
    assert one == two != three


async def test_alerts_of_a_group_have_one_incident_where_the_source_says_so(desk, alertmanager):
    (one,) = await placed(desk, alertmanager(("a", 0, None), ("b", 1, None)), source="groups")
    (other,) = await placed(desk, alertmanager(("c", 0, None), group="h"), source="groups")
    assert one != other
    await placed(desk, alertmanager(("a", 0, 5), ("b", 1, None)), source="groups")
    assert isinstance(await state(desk, one), Open)
    await placed(desk, alertmanager(("a", 0, 5), ("b", 1, 6)), source="groups")
    closed = await state(desk, one)
    assert isinstance(closed, Closed)
    assert closed.facts.milestones.resolved_at.minute == 6
    (again,) = await placed(desk, alertmanager(("a", 9, None)), source="groups")
    assert again != one


async def test_an_alert_that_fires_anew_is_a_new_incident(desk, alertmanager):
    first, _, second = await placed(
        desk,
        alertmanager(("a", 0, None)),
        alertmanager(("a", 0, 5)),
        alertmanager(("a", 9, None)),
        source="am",
    )
    assert first != second
    assert isinstance(await state(desk, first), Closed)
    assert isinstance(await state(desk, second), Open)


async def test_an_alert_that_fires_anew_while_responders_work_on_it_stays_theirs(
    new_desk, alertmanager
):
    desk = new_desk(rules=[{"action": "triage"}])
    (first,) = await placed(desk, alertmanager(("a", 0, None)), source="am")
    await ran(desk, first, Acknowledge(), Declare(title="Disk fills up"))
    again = await placed(desk, alertmanager(("a", 0, 5)), alertmanager(("a", 9, None)), source="am")
    assert again == [first, first]


async def test_a_service_may_use_a_key_again(desk):
    keys = [
        body("disk", 0),
        body("disk", 1),
        body("disk", 5, "resolve"),
        body("disk", 9),
        body("disk", 10, "acknowledge"),
        body("disk", 12, "resolve"),
    ]
    first, again, over, second, acknowledged, ended = await placed(desk, *keys)
    assert first == again == over
    assert second == acknowledged == ended != first
    facts = (await state(desk, second)).facts
    assert (facts.milestones.detected_at.minute, facts.milestones.resolved_at.minute) == (9, 12)


FLAPS = {"rules": [{"action": "declare", "flap_window_s": 600}]}


async def test_the_end_of_an_alert_that_may_fire_again_waits_for_its_window(new_desk):
    desk = new_desk(**FLAPS)
    desk.now = NOON - timedelta(minutes=54)  # 11:06
    (incident,) = await placed(desk, body("a", 0))
    verdict = await desk.deliver("shop", body("a", 5, "resolve"))
    assert (verdict.outcome, verdict.again_in_s) == ("waiting", 540)
    assert isinstance(await state(desk, incident), Open)
    desk.now += timedelta(seconds=verdict.again_in_s)
    assert (await desk.intake.translate(await desk.signal(2))).outcome == "used"
    closed = await state(desk, incident)
    assert closed.facts.milestones.resolved_at.minute == 5, "it was over when it was over"


async def test_an_alert_that_flaps_is_one_incident_that_never_closes_in_between(new_desk):
    desk = new_desk(**FLAPS)
    desk.now = NOON - timedelta(minutes=60)
    seen, waiting = set(), []
    for minute in range(0, 40, 8):
        desk.now = NOON - timedelta(minutes=60 - minute)
        seen.update(await placed(desk, body("a", minute)))
        (incident,) = seen
        assert isinstance(await state(desk, incident), Open)
        desk.now += timedelta(minutes=2)
        verdict = await desk.deliver("shop", body("a", minute + 2, "resolve"))
        waiting.append(verdict.again_in_s)
        assert isinstance(await state(desk, incident), Open)
    assert waiting == [600] * 5
    desk.now = NOON + timedelta(hours=1)
    for position in range(2, 11, 2):
        await desk.intake.translate(await desk.signal(position))
    closed = await state(desk, incident)
    assert isinstance(closed, Closed)
    assert (closed.facts.milestones.resolved_at.minute, closed.facts.response.reopenings) == (34, 0)


async def test_after_the_flap_window_an_alert_is_a_new_incident(new_desk):
    desk = new_desk(**FLAPS)
    first, _, second = await placed(desk, body("a", 0), body("a", 5, "resolve"), body("a", 16))
    assert first != second


def silenced(minutes: int = 30, **more: Any) -> dict[str, Any]:
    start = NOON - timedelta(hours=1)
    return {"from": start, "until": start + timedelta(minutes=minutes), **more}


async def test_what_begins_in_a_maintenance_window_opens_nothing(new_desk, alertmanager):
    desk = new_desk(maintenance=[silenced(service="db", name="db upgrade")])
    verdict = await desk.deliver("am", alertmanager(("a", 10, None), service="db"))
    assert (verdict.outcome, verdict.reason) == ("ignored", "db upgrade")
    assert (await desk.deliver("am", alertmanager(("b", 10, None)))).outcome == "used"
    over = await desk.deliver("am", alertmanager(("a", 10, 20), service="db"))
    assert over.outcome == "ignored"


async def test_what_still_fires_after_a_silence_is_looked_at_again(new_desk, alertmanager):
    desk = new_desk(silences=[silenced()])
    desk.now = NOON - timedelta(minutes=45)  # 11:15
    firing = alertmanager(("a", 10, None))
    assert (await desk.deliver("am", firing)).outcome == "ignored"
    assert (await desk.deliver("am", firing, x_webhook_id="2")).outcome == "ignored"
    desk.now = NOON - timedelta(minutes=29)  # 11:31
    verdict = await desk.deliver("am", firing, x_webhook_id="3")
    (incident,) = verdict.incidents
    assert (await state(desk, incident)).facts.milestones.detected_at.minute == 10
    again = await desk.deliver("am", firing, x_webhook_id="4")
    assert again.incidents == (incident,)


async def test_what_was_over_before_the_silence_was_stays_silent(new_desk, alertmanager):
    """Also where the first we hear of it is that it is over, long after."""
    desk = new_desk(silences=[silenced()])
    for reported in (("a", 10, None), ("a", 10, 20), ("a", 10, 20)):
        verdict = await desk.deliver("am", alertmanager(reported))
        assert verdict.outcome == "ignored"
    assert (await desk.deliver("am", alertmanager(("b", 10, 20)))).outcome == "ignored"


async def test_an_alert_whose_incident_was_merged_goes_where_that_went(new_desk):
    desk = new_desk(rules=[{"action": "attach"}])
    (first,) = await placed(desk, body("a", 1, service="checkout"))
    await ran(desk, HUMAN, Declare(title="Checkout fails"))
    await ran(desk, first, Merge(into=HUMAN))
    verdict = await desk.deliver("shop", body("b", 2, service="checkout"))
    assert verdict.incidents == (first, HUMAN)


async def test_which_rule_brought_an_alert_is_on_record(new_desk):
    desk = new_desk(rules=[{"action": "declare", "name": "payments"}])
    (incident,) = await placed(desk, body("a", 0))
    (recorded,) = await desk.store.load(f"incident.{incident}")
    assert recorded.commit.events[0].alert.rule == "payments"


async def test_a_signal_of_severity_none_opens_nothing_by_default_wherever_it_says_so(new_desk):
    desk = new_desk(defaults=DEFAULT_RULES)
    for key, said in (("a", {"severity": "none"}), ("b", {"labels": {"severity": "none"}})):
        verdict = await desk.deliver("shop", body(key, 0, **said))
        assert (verdict.outcome, verdict.reason) == ("ignored", "severity none")
    assert (await desk.deliver("shop", body("c", 0, severity="info"))).incidents
