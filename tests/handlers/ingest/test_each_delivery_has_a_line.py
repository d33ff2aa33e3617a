"""Nothing that is answered 2xx is without a line in the list of signals, whatever became of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from domain.incident import INCIDENT
from domain.incident import commands as c
from domain.policy import Severity
from handlers.ingest.repeats import NO_NEWS
from handlers.kernel.asks import Meta
from support.signal_list import listed

OURS = "01970001-0000-7000-8000-000000000000"


async def lines(desk: Any, signal: int) -> list[tuple[str | None, str | None, str | None]]:
    """What is listed of a signal: what became of it, why, and of which incident."""
    return [
        (row["action"], row["because"], row["incident"])
        for row in await listed(desk.store)
        if row["signal"] == signal
    ]


async def test_an_alert_that_opens_an_incident_and_all_that_is_said_of_it_later(
    desk: Any, alertmanager: Callable[..., bytes]
):
    (incident,) = (await desk.deliver("am", alertmanager(("a", 0, None)))).incidents
    assert await lines(desk, 1) == [(None, None, incident)]
    await desk.deliver("am", alertmanager(("a", 0, None)))
    assert await lines(desk, 2) == [("follows", NO_NEWS, incident)]
    desk.now += timedelta(minutes=10)
    await desk.deliver("am", alertmanager(("a", 0, 5)))
    assert await lines(desk, 3) == [("told", "resolved", incident)]
    await desk.deliver("am", alertmanager(("a", 0, 5)))
    assert await lines(desk, 4) == [("follows", NO_NEWS, incident)]


async def test_an_alert_of_a_product_that_names_each_time_that_it_fires(desk: Any, pagerduty: Any):
    (incident,) = (await desk.deliver("pd", pagerduty("triggered"))).incidents
    await desk.deliver("pd", pagerduty("acknowledged", event="E2"))
    await desk.deliver("pd", pagerduty("acknowledged", event="E2"), x_webhook_id="again")
    assert await lines(desk, 1) == [("told", "triggered", incident)]
    assert await lines(desk, 2) == [("told", "acknowledged", incident)]
    assert await lines(desk, 3) == [("follows", NO_NEWS, incident)]


async def test_a_signal_that_is_translated_again_has_no_second_line(
    desk: Any, alertmanager: Callable[..., bytes], pagerduty: Callable[..., bytes]
):
    await desk.deliver("am", alertmanager(("a", 0, None)))
    await desk.deliver("am", alertmanager(("a", 0, None)))
    await desk.deliver("pd", pagerduty("triggered"))
    before = await listed(desk.store)
    for signal in (1, 2, 3):
        await desk.intake.translate(await desk.signal(signal))
    assert await listed(desk.store) == before


async def test_a_page_of_many_alerts_costs_one_line_when_it_says_nothing_new(
    desk: Any, alertmanager: Callable[..., bytes]
):
    body = alertmanager(*((f"a{number}", 0, None) for number in range(25)))
    incidents = (await desk.deliver("am", body)).incidents
    assert len(await lines(desk, 1)) == 25
    before = await desk.commits()
    await desk.deliver("am", body)
    assert await desk.commits() == before + 1
    (row,) = [each for each in await listed(desk.store) if each["signal"] == 2]
    assert (row["incident"], row["incidents"]) == (incidents[0], incidents[:20])


async def test_what_opens_nothing_has_a_line_each_time(new_desk: Any, pagerduty: Any):
    desk = new_desk(rules=[{"name": "noise", "title": "slow", "action": "ignore"}])
    for event in ("E1", "E2", "E3"):
        kind = "resolved" if event == "E3" else "triggered"
        await desk.deliver("pd", pagerduty(kind, event=event))
    assert await lines(desk, 1) == [("ignore", None, None)]
    for signal in (2, 3):
        assert await lines(desk, signal) == [("follows", "about what opens nothing: noise", None)]


async def test_what_is_said_again_of_an_alert_never_heard_of(
    desk: Any, alertmanager: Callable[..., bytes]
):
    for _ in range(2):
        await desk.deliver("am", alertmanager(("a", 0, 5)))
    why = "resolved, and was never heard of"
    assert await lines(desk, 1) == [("noted", why, None)]
    assert await lines(desk, 2) == [("follows", f"about what opens nothing: {why}", None)]


async def test_an_acknowledged_page_of_ours_names_the_incident(desk: Any, pagerduty: Any):
    command = c.Declare(title="Checkout fails", severity=Severity.SEV3)
    meta = Meta(command_id="declared", actor="ada", correlation_id="k")
    await desk.executor.run(INCIDENT, OURS, command, meta)
    for kind, event in (("triggered", "E1"), ("acknowledged", "E2"), ("reassigned", "E3")):
        await desk.deliver("pd", pagerduty(kind, event=event, incident_key=OURS))
    assert [each[0] for each in await lines(desk, 1)] == ["ignore"]
    assert await lines(desk, 2) == [("follows", "acknowledged the page that we had sent", OURS)]
    assert [each[2] for each in await lines(desk, 3)] == [None]


async def test_what_waits_in_quarantine_says_how_it_stands(desk: Any, pagerduty: Any):
    await desk.deliver("pd", b"{")
    ((action, because, _),) = await lines(desk, 1)
    assert (action, because and because.partition(":")[0]) == ("quarantined", "body.not_json")
    await desk.intake.discard(1, "a trial", "ada")
    assert await lines(desk, 1) == [("discarded", "a trial", None)]


async def test_a_heartbeat_has_a_line_for_each_beat(new_desk: Any, alertmanager: Any):
    desk = new_desk(rules=[{"name": "beats", "action": "heartbeat", "heartbeat": "prod"}])
    for _ in range(3):
        await desk.deliver("am", alertmanager(("w", 0, None)))
    beats = [each for signal in (1, 2, 3) for each in await lines(desk, signal)]
    assert [(action, incident) for action, _, incident in beats] == [
        ("ignore", None),
        ("follows", None),
        ("follows", None),
    ]


async def test_an_empty_batch_a_change_and_the_same_change_again(desk: Any):
    batch = {"content_type": "application/cloudevents-batch+json"}
    await desk.deliver("shop", b"[]", **batch)
    assert [each[0] for each in await lines(desk, 1)] == ["passed_over"]
    change = b"""{"routing_key": "a-public-test-secret", "event_action": "change",
        "payload": {"summary": "Deployed checkout", "timestamp": "2026-05-04T11:00:00Z"}}"""
    for _ in range(2):
        await desk.deliver("tools", change)
    assert [each[0] for each in await lines(desk, 2)] == ["change"]
    assert await lines(desk, 3) == [("follows", "a change that is known already", None)]
