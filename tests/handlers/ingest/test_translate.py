"""From stored signals to incidents: once, however often; and what cannot be used is kept."""

from datetime import timedelta
from types import MappingProxyType

import msgspec
import pytest
from msgspec.structs import replace

from adapters.products.registry import PRODUCTS
from domain.alerting.quarantine import (
    Discarded,
    Held,
    Released,
    SignalQuarantined,
    Unremarkable,
    stream_of,
)
from domain.incident import INCIDENT
from domain.incident.alerts.alert import AlertKind, Opens
from domain.incident.commands import AddNote, Declare, Merge, Resolve
from domain.incident.events import AlertReceived
from domain.incident.state import Closed, Open, Triage
from domain.kernel.refusal import Refused
from handlers.ingest.repeats import NO_NEWS
from handlers.ingest.reports import Report
from handlers.ingest.translate import incident_id
from handlers.kernel.asks import Meta
from handlers.kernel.ports import Unavailable

PAGERDUTY = PRODUCTS.source_kinds["pagerduty"]


async def alerts(desk, source="pd", alert="Q1"):
    """The alerts of an incident, in the order of the log."""
    product = "opsgenie" if source == "og" else "pagerduty"
    stream = INCIDENT.stream(incident_id(product, source, alert))
    return [e for r in await desk.store.load(stream) for e in r.commit.events]


async def of_incidents(desk):
    """All commits but those by which signals themselves say what became of them."""
    log = [recorded async for batch in desk.store.read() for recorded in batch]
    return [recorded for recorded in log if not recorded.stream.startswith("signal.")]


async def test_a_page_opens_an_incident_and_its_resolution_closes_it(desk, pagerduty):
    verdict = await desk.deliver("pd", pagerduty("triggered"))
    assert verdict.outcome == "used"
    assert verdict.incidents == (incident_id("pagerduty", "pd", "Q1"),)
    opened = await desk.incident("pd", "Q1")
    assert isinstance(opened, Open)
    assert opened.facts.about.title == "Checkout is slow"
    await desk.deliver("pd", pagerduty("resolved", event="E2", at="11:30:00"))
    assert isinstance(await desk.incident("pd", "Q1"), Closed)
    assert desk.counted["signals_translated", "pagerduty", "pd", "used", ""] == 2


async def test_a_source_may_open_triage_instead(desk, pagerduty):
    await desk.deliver("triage", pagerduty("triggered"))
    assert isinstance(await desk.incident("triage", "Q1"), Triage)


async def test_who_sent_it_and_with_which_signal_is_recorded(desk, pagerduty):
    await desk.deliver("pd", pagerduty("triggered"), x_correlation_id="c-7")
    (recorded,) = await desk.store.load(INCIDENT.stream(incident_id("pagerduty", "pd", "Q1")))
    commit = recorded.commit
    assert (commit.actor, commit.correlation_id, commit.causation_id) == (
        "source:pd",
        "c-7",
        "signal.1",
    )


async def test_translating_again_changes_nothing(desk, pagerduty):
    await desk.deliver("pd", pagerduty("triggered"))
    commits = await desk.commits()
    for _ in range(3):
        assert (await desk.intake.translate(await desk.signal(1))).outcome == "used"
    assert await desk.commits() == commits


async def test_a_late_repetition_is_stored_again_and_changes_nothing(desk, pagerduty, opsgenie):
    """Also where the product gives no time, so that the repetition seems to be later. Each has its
    line in the list of signals, and that is all.
    """
    escalation = opsgenie("Escalate", minute=None)
    early = pagerduty("triggered", at="12:00:30")
    await desk.deliver("og", escalation)
    await desk.deliver("pd", early, x_webhook_id="1")
    told = await of_incidents(desk)
    desk.now += timedelta(hours=1)
    for signals_from_now in ("2", "3"):
        verdict = await desk.deliver("pd", early, x_webhook_id=signals_from_now)
        assert verdict.outcome == "used"
    again = escalation.replace(b'"action"', b' "action"')
    assert (await desk.deliver("og", again)).outcome == "used"
    assert await of_incidents(desk) == told


async def test_a_repetition_costs_the_same_however_long_the_incident_is(desk, pagerduty, opsgenie):
    """With and without another time in it: the commit that told of it is looked up alone."""
    page, escalation = pagerduty("triggered"), opsgenie("Escalate", minute=None)
    told = [await desk.deliver("pd", page), await desk.deliver("og", escalation)]
    ids = [id_ for verdict in told for id_ in verdict.incidents]
    for n in range(30):
        for id_ in ids:
            meta = Meta(command_id=f"note {n}", actor="ada", correlation_id="c")
            await desk.executor.run(INCIDENT, id_, AddNote(text=f"note {n}"), meta)
    desk.now += timedelta(hours=1)
    desk.store.loaded.clear()
    for n in range(3):
        for source, body in (("pd", page), ("og", escalation.replace(b'"action"', b' "action"'))):
            verdict = await desk.deliver(source, body, x_webhook_id=str(n))
            assert (verdict.outcome, verdict.unlisted) == ("used", NO_NEWS)
    assert [desk.store.loaded[INCIDENT.stream(id_)] for id_ in ids] == [0, 0]


async def test_an_event_id_that_says_something_else_the_second_time_is_noticed(desk, pagerduty):
    await desk.deliver("pd", pagerduty("triggered"))
    verdict = await desk.deliver("pd", pagerduty("resolved", at="11:30:00"))
    assert (verdict.outcome, verdict.code) == ("quarantined", "idempotency.key_reused")
    assert isinstance(await desk.incident("pd", "Q1"), Open)


async def test_a_clock_that_runs_ahead_counts_as_the_time_of_arrival(desk, pagerduty):
    await desk.deliver("pd", pagerduty("triggered", at="23:59:59"))
    (event,) = await alerts(desk)
    assert event.occurred_at == desk.now


async def test_without_a_time_it_was_when_it_arrived_however_late_it_is_translated(desk, opsgenie):
    position = await desk.accept("og", opsgenie("Escalate", minute=None))
    arrived = desk.now
    desk.now += timedelta(days=3)
    await desk.intake.translate(await desk.signal(position))
    (event,) = await alerts(desk, "og", "a-1")
    assert (event.occurred_at, event.alert.kind) == (arrived, AlertKind.ESCALATED)


async def test_a_signal_store_whose_clock_is_ahead_loses_no_page(desk, opsgenie):
    position = await desk.accept("og", opsgenie("Escalate", minute=None))
    desk.now -= timedelta(minutes=5)
    assert (await desk.intake.translate(await desk.signal(position))).outcome == "used"


async def test_what_concerns_no_incident_is_counted_and_listed_once_with_why(desk):
    body = b'{"event": {"id": "1", "event_type": "pagey.ping", "data": {"type": "ping"}}}'
    position = await desk.accept("pd", body)
    for _ in range(2):
        outcome = await desk.intake.translate(await desk.signal(position))
        assert outcome.outcome == "unwanted"
    (kept,) = await desk.store.load(stream_of(position))
    (event,) = kept.commit.events
    assert (event.product, event.source, event.reason) == ("pagerduty", "pd", outcome.reason)
    assert await desk.commits() == 1
    assert desk.counted["signals_translated", "pagerduty", "pd", "unwanted", ""] == 2


async def test_what_is_not_understood_goes_to_quarantine_once(desk):
    for _ in range(3):
        verdict = await desk.deliver("pd", b"not JSON")
        assert (verdict.outcome, verdict.code) == ("quarantined", "body.not_json")
    (recorded,) = await desk.store.load("signal.1")
    (event,) = recorded.commit.events
    assert isinstance(event, SignalQuarantined)
    assert (event.product, event.source, event.body_bytes) == ("pagerduty", "pd", 8)
    assert event.received_at == desk.now


async def test_what_the_domain_refuses_goes_to_quarantine_with_its_code(desk, pagerduty):
    async def refuse(*_):
        raise Refused("incident.some_rule", "not now")

    desk.executor.run = refuse
    verdict = await desk.deliver("pd", pagerduty("triggered"))
    assert (verdict.code, verdict.reason) == ("incident.some_rule", "not now")
    assert await desk.fate(1) == Held("incident.some_rule", "not now")


async def test_a_fault_of_a_translator_goes_to_quarantine_and_a_replay_mends_it(
    new_desk, pagerduty
):
    broken = True

    def translate(body, source, opens):
        if broken:
            raise KeyError("data")
        return PAGERDUTY.translate(body, source, opens)

    products = {"pagerduty": replace(PAGERDUTY, translate=translate)}
    desk = new_desk(MappingProxyType(products))
    verdict = await desk.deliver("pd", pagerduty("triggered"))
    assert (verdict.outcome, verdict.code) == ("quarantined", "translator.failed")
    assert (await desk.intake.replay(1)).code == "translator.failed", "not mended yet"
    broken = False
    verdict = await desk.intake.replay(1)
    assert (verdict.outcome, verdict.incidents) == (
        "used",
        (incident_id("pagerduty", "pd", "Q1"),),
    )
    assert isinstance(await desk.fate(1), Released)
    assert isinstance(await desk.incident("pd", "Q1"), Open)


async def test_a_fault_behind_the_command_goes_to_quarantine_too(desk, pagerduty):
    async def fail(*_):
        raise AssertionError("history is impossible")

    desk.executor.run = fail
    assert (await desk.deliver("pd", pagerduty("triggered"))).code == "command.failed"


async def test_a_signal_of_a_product_that_nobody_knows_is_kept(desk):
    position = await desk.signals.put("nagios", "ng", b"{}", {}, "1")
    verdict = await desk.intake.translate(await desk.signal(position))
    assert (verdict.outcome, verdict.code) == ("quarantined", "product.unknown")


async def test_a_source_that_was_removed_is_still_translated(desk, pagerduty):
    position = await desk.signals.put("pagerduty", "gone", pagerduty("triggered"), {}, "1")
    assert (await desk.intake.translate(await desk.signal(position))).outcome == "used"


async def test_an_outage_is_no_verdict(desk, pagerduty):
    position = await desk.accept("pd", pagerduty("triggered"))
    desk.store.down = True
    with pytest.raises(Unavailable):
        await desk.intake.translate(await desk.signal(position))
    desk.store.down = False
    assert (await desk.intake.translate(await desk.signal(position))).outcome == "used"
    assert isinstance(await desk.fate(position), Unremarkable)


async def test_what_was_given_up_stays_so_until_somebody_asks(new_desk, pagerduty):
    understood = False

    def translate(body: bytes, source: str, opens: Opens):
        usual = PAGERDUTY.translate
        return usual(body if understood else b"", source, opens)

    products = {"pagerduty": replace(PAGERDUTY, translate=translate)}
    desk = new_desk(MappingProxyType(products))
    await desk.deliver("pd", pagerduty("triggered"))
    await desk.intake.discard(1, "a drill", "ada")
    understood = True
    assert (await desk.intake.translate(await desk.signal(1))).outcome == "discarded"
    assert isinstance(await desk.fate(1), Discarded)
    assert await alerts(desk) == []
    assert (await desk.intake.replay(1)).outcome == "used"
    assert isinstance(await desk.fate(1), Released)


async def test_a_signal_that_is_not_there_cannot_be_replayed_or_given_up(desk):
    with pytest.raises(Refused) as refused:
        await desk.intake.replay(7)
    assert refused.value.code == "signal.unknown"
    with pytest.raises(Refused) as refused:
        await desk.intake.discard(7, "why not", "ada")
    assert refused.value.code == "signal.unknown"


async def test_alerts_of_two_sources_never_meet(desk, pagerduty):
    first = await desk.deliver("pd", pagerduty("triggered"))
    second = await desk.deliver("triage", pagerduty("triggered"))
    assert first.incidents != second.incidents


async def test_the_log_holds_what_was_translated(desk, pagerduty):
    await desk.deliver("pd", pagerduty("triggered"))
    (event,) = await alerts(desk)
    assert isinstance(event, AlertReceived)
    (outcome,) = PAGERDUTY.translate(pagerduty("triggered"), "pd", Opens.INCIDENT)
    assert isinstance(outcome, Report)
    assert event.alert == outcome.alert


async def test_a_page_that_fires_again_on_a_merged_incident_is_heard_where_it_was_merged(
    desk, pagerduty
):
    await desk.deliver("pd", pagerduty("triggered"))
    merged, survivor = incident_id("pagerduty", "pd", "Q1"), "0199c0de-0000-7000-8000-000000000001"
    meta = Meta(command_id="by-hand", actor="ada", correlation_id="c-1")
    for incident, command in (
        (survivor, Declare(title="Checkout fails")),
        (merged, Merge(into=survivor)),
        (survivor, Resolve(resolution="rolled back", override="nobody else is there")),
    ):
        key = msgspec.structs.replace(meta, command_id=f"{type(command).__name__}")
        await desk.executor.run(INCIDENT, incident, command, key)
    desk.now += timedelta(minutes=30)
    verdict = await desk.deliver("pd", pagerduty("reopened", event="E9", at="12:15:00"))
    assert verdict.incidents == (merged, survivor)
    assert isinstance(await desk.executor.state(INCIDENT, survivor), Open)
    before = await desk.commits()
    assert (await desk.intake.translate(await desk.signal(2))).incidents == (merged, survivor)
    assert await desk.commits() == before


async def test_each_alert_of_a_body_has_an_incident_of_its_own(desk, alertmanager):
    await desk.deliver("am", alertmanager(("b", 1, None)))
    verdict = await desk.deliver("am", alertmanager(("a", 0, None), ("b", 1, 5)))
    assert verdict.outcome == "used"
    first, second = [
        await desk.executor.state(INCIDENT, incident) for incident in verdict.incidents
    ]
    assert (type(first), type(second)) == (Open, Closed)
    assert first.facts.about.title == "Alert a"


async def test_an_alert_that_is_not_understood_is_named_and_its_siblings_are_used(
    desk, alertmanager
):
    body = alertmanager(("a", 0, None), ("b", 1, None)).replace(b'"firing"', b'"napping"', 1)
    verdict = await desk.deliver("am", body)
    assert (verdict.outcome, verdict.code) == ("quarantined", "event_type.unknown")
    assert verdict.reason == "alert 1 of 2 (a): unknown status: 'napping'"
    (incident,) = verdict.incidents
    assert (await desk.executor.state(INCIDENT, incident)).facts.about.title == "Alert b"
    assert isinstance(await desk.fate(1), Held)


async def test_a_body_that_is_sent_again_and_again_adds_nothing(desk, alertmanager):
    await desk.deliver("am", alertmanager(("a", 0, None)))
    before = await of_incidents(desk)
    for number in range(3):
        desk.now += timedelta(hours=4)
        body = alertmanager(("a", 0, None))
        assert (await desk.deliver("am", body, x_webhook_id=str(number))).outcome == "used"
    assert await of_incidents(desk) == before
