"""Every list comes in pages that together are all of it, each once, whatever else is asked."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from adapters.storage.memory.event_store import MemoryEventStore
from domain.alerting.quarantine import SignalQuarantined, SignalReleased
from domain.alerting.samples import ROUTED as SAMPLE
from domain.incident import INCIDENT
from domain.incident import commands as c
from domain.incident.alerts.alert import Alert, AlertKind
from domain.incident.events import AlertReceived
from domain.kernel.commit import Commit, Event
from domain.sight import SERVICE
from handlers.kernel.ports import Append
from handlers.queries.incidents import replay_incident
from handlers.queries.resources import Page, answer
from projections.alerting.quarantine import QUARANTINE, QUARANTINE_LIST
from projections.alerting.routes import ROUTES, SIGNALS
from projections.incident import timeline
from projections.incident.timeline import TIMELINE, TIMELINE_OF, TimelineOf
from projections.outbox.deliveries import DELIVERIES, told_of
from projections.outbox.intents import INTENTS
from projections.past import NOW, Cut
from projections.read_model import Resource
from support.delivery_harness import NOON, DeliveryHarness, FakeChannel
from support.read_models import rows_of
from support.worlds import IDS, WORLDS, times_of, written

WAYS = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


async def pages(
    store: Any, models: Any, resource: Resource, cut: Cut = NOW, **given: Any
) -> list[Page]:
    found: list[Page] = []
    takes: Any = resource.question.takes
    while len(found) < 200:
        page = await answer(store, models, SERVICE, resource, takes(**given), cut)
        assert page is not None
        found.append(page)
        if page.next is None:
            return found
        assert resource.paging is not None
        given[resource.paging.by] = page.next
    raise AssertionError("the pages do not end")


@WAYS
@given(world=WORLDS, limit=st.integers(1, 4), data=st.data())
async def test_a_timeline_in_pages_is_the_one_that_is_folded_from_the_log(
    fresh_database: str, world: Any, limit: int, data: st.DataObject
):
    """Now and at another time; also where bytes end a page before lines do."""
    store = await written(world)
    log = [recorded async for part in store.read() for recorded in part]
    if not log:
        return
    id_ = log[0].key
    name, at = data.draw(st.sampled_from(list(times_of(log))))
    most = data.draw(st.sampled_from([timeline.PAGE_BYTES, 1]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timeline, "PAGE_BYTES", most)
        async with rows_of(fresh_database, store, TIMELINE, INTENTS) as (models, _):
            for cut in (NOW, Cut(**{name: at})):
                then = await replay_incident(store, id_, cut)
                if then.shown is None:
                    asked = TIMELINE_OF.question.takes(id=id_)
                    assert await answer(store, models, SERVICE, TIMELINE_OF, asked, cut) is None
                    continue
                found = await pages(store, models, TIMELINE_OF, cut, id=id_, limit=limit)
                assert all(len(page.answer.entries) <= limit for page in found)
                whole = [line for page in found for line in page.answer.entries]
                assert whole == then.timeline
                assert {page.answer.reference for page in found} == {f"INC-{IDS.index(id_) + 1}"}


async def test_long_notes_fill_a_page_by_their_bytes_and_an_ordinary_timeline_is_one(
    fresh_database: str,
):
    harness = DeliveryHarness()
    await harness.run(IDS[0], c.Declare(title="a", occurred_at=NOON))
    for _ in range(300):
        await harness.run(IDS[0], c.AddNote(text="x" * 10_000, occurred_at=NOON))
    await harness.run(IDS[1], c.Declare(title="b", occurred_at=NOON))
    for _ in range(300):
        await harness.run(IDS[1], c.AddNote(text="short", occurred_at=NOON))
    async with rows_of(fresh_database, harness.store, TIMELINE, INTENTS) as (models, _):
        long = await pages(harness.store, models, TIMELINE_OF, id=IDS[0])
        short = await pages(harness.store, models, TIMELINE_OF, id=IDS[1])
        then = await pages(harness.store, models, TIMELINE_OF, Cut(as_of=harness.now), id=IDS[0])
    assert [len(page.answer.entries) for page in short] == [301]
    for found in (long, then):
        assert sum(len(page.answer.entries) for page in found) == 301
        sizes = [sum(len(it.text) for it in page.answer.entries) for page in found]
        assert max(sizes) <= timeline.PAGE_BYTES + 10_000
        assert len(found) == 3
        assert {page.answer.reference for page in found} == {"INC-1"}


async def test_a_page_behind_the_last_one_is_empty_and_one_of_nothing_is_none(fresh_database: str):
    harness = DeliveryHarness()
    await harness.run(IDS[0], c.Declare(title="a", occurred_at=NOON))
    async with rows_of(fresh_database, harness.store, TIMELINE, INTENTS) as (models, _):
        takes: Any = TIMELINE_OF.question.takes
        (page,) = await pages(harness.store, models, TIMELINE_OF, id=IDS[0])
        after = timeline.cursor_of(page.answer.entries[-1].occurred_at, 9, 9)
        behind = await answer(
            harness.store, models, SERVICE, TIMELINE_OF, takes(id=IDS[0], after=after)
        )
        assert behind is not None
        assert behind.answer == TimelineOf(id=IDS[0], reference="INC-1", entries=[])
        assert await answer(harness.store, models, SERVICE, TIMELINE_OF, takes(id=IDS[1])) is None


async def appended(
    store: MemoryEventStore, stream: str, *events: Event, cause: str | None = None
) -> None:
    known = await store.load(stream)
    commit: Commit[Any] = Commit(
        id=f"{stream}{len(known)}", actor="a", correlation_id="c", recorded_at=NOON, events=events,
        causation_id=cause,
    )  # fmt: skip
    await store.append(Append(stream, known[-1].position if known else 0, commit))


async def test_signals_in_pages_are_all_also_where_many_come_of_one_body(fresh_database: str):
    store = MemoryEventStore()
    for number in range(14):
        to = None if number % 3 else SAMPLE.incident
        routed = replace(SAMPLE, signal=number // 7 + 1, episode=f"e{number}", incident=to)
        await appended(store, f"alert.a{number % 5}", routed)
    async with rows_of(fresh_database, store, ROUTES) as (models, _):
        for all_, count in ((True, 14), (False, 9)):
            for limit in (1, 2, 100):
                found = await pages(store, models, SIGNALS, all=all_, limit=limit)
                assert all(len(page.items) <= limit for page in found)
                listed = [(it.signal, it.alert, it.episode) for page in found for it in page.items]
                assert listed == sorted(set(listed), reverse=True)
                assert len(listed) == count


async def test_where_a_firing_went_is_one_line_that_names_its_incident(fresh_database: str):
    """That its incident has heard of it is a line of its own only where nothing else says so."""
    store = MemoryEventStore()
    assert SAMPLE.incident
    await appended(store, "alert.a1", replace(SAMPLE, action=None))
    said = {"product": SAMPLE.product, "source": SAMPLE.source, "alert_id": SAMPLE.alert_id}
    for signal, kind in ((SAMPLE.signal, "triggered"), (SAMPLE.signal + 1, "resolved")):
        alert = Alert(**said, event_id=kind, kind=AlertKind(kind))
        heard = AlertReceived(occurred_at=NOON, alert=alert, policy_version="1", number=12)
        await appended(store, f"incident.{SAMPLE.incident}", heard, cause=f"signal.{signal}")
    async with rows_of(fresh_database, store, ROUTES) as (models, _):
        (page,) = await pages(store, models, SIGNALS, all=True)
        listed = [(it.signal, it.action, it.reference) for it in page.items]
        assert listed == [
            (SAMPLE.signal + 1, "told", "INC-12"),
            (SAMPLE.signal, None, "INC-12"),
        ]
        (page,) = await pages(store, models, SIGNALS)
        assert not page.items


async def test_the_quarantine_in_pages_is_all_that_waits_or_ever_did(fresh_database: str):
    store = MemoryEventStore()
    for number in range(1, 8):
        kept = SignalQuarantined(
            occurred_at=NOON, product="p", source="s", code="c", reason="r", received_at=NOON,
            body_bytes=1,
        )  # fmt: skip
        await appended(store, f"signal.{number}", kept)
        if number % 2:
            await appended(
                store, f"signal.{number}", SignalReleased(occurred_at=NOON, incidents=())
            )
    async with rows_of(fresh_database, store, QUARANTINE) as (models, _):
        for all_, wanted in ((True, [*range(1, 8)]), (False, [2, 4, 6])):
            for limit in (1, 2, 100):
                found = await pages(store, models, QUARANTINE_LIST, all=all_, limit=limit)
                assert [it.position for page in found for it in page.items] == wanted
                assert len(found) == max(1, -(-len(wanted) // limit))


async def test_deliveries_in_pages_are_all(fresh_database: str):
    harness = DeliveryHarness()
    await harness.worker(FakeChannel("ops")).step()
    await harness.worker(FakeChannel("mail")).step()
    await harness.declare(IDS[0])
    for name in ("ops", "mail"):
        await harness.worker(FakeChannel(name)).step()
    async with rows_of(fresh_database, harness.store, DELIVERIES) as (models, _):
        (whole,) = await pages(harness.store, models, told_of(INCIDENT), id=IDS[0])
        ones = await pages(harness.store, models, told_of(INCIDENT), id=IDS[0], limit=1)
    assert [it for page in ones for it in page.items] == list(whole.items)
    assert len(whole.items) > 1
