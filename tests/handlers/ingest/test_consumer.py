"""The translation consumer on a real nats-server."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from nats.js import JetStreamContext

from adapters.embedded import embedded_nats
from adapters.storage.nats import signal_feed
from adapters.storage.nats.connection import connect
from adapters.storage.nats.requests import Requests
from adapters.storage.nats.signal_store import JetStreamSignalStore
from adapters.storage.nats.streams import log_stream, provision
from adapters.storage.nats.wire import header_block
from handlers import messaging
from handlers.consumers import Consumer, backoff_s
from handlers.ingest import consumer
from handlers.ingest.consumer import translating
from handlers.ingest.open_signal import KeyedReading, OpenSignal
from handlers.ingest.reports import Unwanted
from handlers.ingest.translate import SignalOutcome
from handlers.kernel.ports import Signal, SignalStore, Unavailable
from handlers.messaging import keep
from support.patience import until


class Recorder:
    """In the place of the intake: notes what it is given, and fails as it is told."""

    def __init__(self) -> None:
        self.seen: Counter[int] = Counter()
        self.taken: list[tuple[int, float]] = []
        self.failures: list[Exception] = []
        self.verdicts: list[SignalOutcome] = []
        self.ended: list[Signal] = []
        self.keys: Callable[[Signal], set[str]] = lambda _: set()
        self.takes_s: Callable[[Signal], float] = lambda _: 0
        self.under_way = self.most_under_way = 0

    async def open(self, signal: Signal) -> OpenSignal:
        reading = KeyedReading(Unwanted("a test"), frozenset(self.keys(signal)))
        return OpenSignal([reading], Noting(self, signal), "a test")


class Noting:
    """What the recorder does about a signal."""

    def __init__(self, recorder: Recorder, signal: Signal) -> None:
        self.recorder, self.signal = recorder, signal

    async def begin(self) -> None:
        return None

    async def translate(self, _: object) -> SignalOutcome:
        self.recorder.seen[self.signal.position] += 1
        self.recorder.taken.append((self.signal.position, time.perf_counter()))
        if self.recorder.failures:
            raise self.recorder.failures.pop()
        self.recorder.under_way += 1
        self.recorder.most_under_way = max(self.recorder.most_under_way, self.recorder.under_way)
        await asyncio.sleep(self.recorder.takes_s(self.signal))
        self.recorder.under_way -= 1
        return self.recorder.verdicts.pop() if self.recorder.verdicts else SignalOutcome("used")

    async def settle(self, _: SignalOutcome) -> None:
        self.recorder.ended.append(self.signal)


class Site:
    """A stream of signals, the store on it, and subscribers to start and stop."""

    def __init__(
        self, url: str, feed: Consumer, signals: SignalStore, js: JetStreamContext
    ) -> None:
        self.url, self.feed, self.signals, self.js = url, feed, signals, js

    async def put(self, count: int, source: str = "pd") -> list[int]:
        return [
            await self.signals.put("pagerduty", source, b"{}", {}, f"{source}-{number}")
            for number in range(count)
        ]

    @asynccontextmanager
    async def translating(self, recorder: Recorder) -> AsyncIterator[None]:
        intake: Any = recorder
        async with (
            keep(self.js, self.feed),
            translating(self.signals.waiting(self.feed.durable), intake),
        ):
            yield


@asynccontextmanager
async def opened(url: str, admin_url: str, mark: str) -> AsyncIterator[Site]:
    feed = Consumer(f"SIGNALS_{mark}", f"raw{mark}.*.*", f"translate{mark}", pending_max=50_000)
    async with AsyncExitStack() as stack:
        admin, app = await connect(admin_url), await connect(url)
        stack.push_async_callback(admin.close)
        stack.push_async_callback(app.close)
        stream = log_stream(feed.stream, [feed.subject], message_bytes_max=2 * 1024 * 1024)
        await provision(admin, (stream,))
        stack.push_async_callback(admin.jetstream().delete_stream, feed.stream)
        requests = await Requests(app).start()
        store = JetStreamSignalStore(requests, stream=feed.stream, subject=f"raw{mark}")
        yield Site(url, feed, store, app.jetstream())


@pytest.fixture
async def site(nats_url: str, nats_admin_url: str, unique: str) -> AsyncIterator[Site]:
    async with opened(nats_url, nats_admin_url, unique) as site:
        yield site


async def test_what_was_stored_before_and_after_the_start_is_translated_once(site):
    recorder = Recorder()
    before = await site.put(100, "before")
    async with site.translating(recorder):
        await until(lambda: len(recorder.seen) == 100)
        after = await site.put(100, "after")
        await until(lambda: len(recorder.seen) == 200)
        await asyncio.sleep(0.2)
    assert recorder.seen == Counter([*before, *after])


async def test_a_signal_is_translated_promptly(site):
    recorder = Recorder()
    async with site.translating(recorder):
        await site.put(1, "first")
        await until(lambda: len(recorder.seen) == 1)
        waited = []
        for number in range(10):
            begun = time.perf_counter()
            await site.put(1, f"s{number}")
            await until(lambda: len(recorder.seen) == 2 + number)  # noqa: B023
            waited.append(time.perf_counter() - begun)
    assert sorted(waited)[5] < 0.25


async def test_what_is_to_wait_is_translated_again_then_and_keeps_nobody_waiting(site):
    recorder = Recorder()
    recorder.verdicts = [SignalOutcome("used"), SignalOutcome("waiting", again_in_s=1)]
    async with site.translating(recorder):
        first, second = await site.put(2)
        await until(lambda: recorder.seen[first] == 2)
        await asyncio.sleep(1.2)
    assert [position for position, _ in recorder.taken] == [first, second, first]
    (_, at), _, (_, again_at) = recorder.taken
    assert again_at - at >= 1


async def test_an_outage_is_waited_out(site):
    recorder = Recorder()
    recorder.failures = [Unavailable("no log")] * 3
    async with site.translating(recorder):
        await site.put(2)
        await until(lambda: sum(recorder.seen.values()) == 5)
        await asyncio.sleep(0.3)
    assert sum(recorder.seen.values()) == 5, "two successes after three failures"
    assert set(recorder.seen) == {1, 2}


async def test_a_fault_stops_neither_the_others_nor_itself_for_good(site, monkeypatch):
    monkeypatch.setattr(consumer, "DELAY_MAX_S", 0.5)
    recorder = Recorder()
    recorder.failures = [RuntimeError("a fault of ours")]
    async with site.translating(recorder):
        await site.put(20)
        await until(lambda: sum(recorder.seen.values()) == 21)
    assert len(recorder.seen) == 20


async def test_after_a_restart_nothing_is_skipped(site):
    first, second = Recorder(), Recorder()
    await site.put(50, "a")
    async with site.translating(first):
        await until(lambda: len(first.seen) > 10)
    await site.put(50, "b")
    async with site.translating(second):
        await until(lambda: len(first.seen | second.seen) == 100)


async def test_a_consumer_that_vanishes_comes_back_and_starts_again(site, monkeypatch):
    monkeypatch.setattr(messaging, "WATCH_EVERY_S", 0.1)
    recorder = Recorder()
    async with site.translating(recorder):
        await site.put(5, "a")
        await until(lambda: len(recorder.seen) == 5)
        await site.js.delete_consumer(site.feed.stream, site.feed.durable)
        await site.put(5, "b")
        await until(lambda: len(recorder.seen) == 10)
    assert all(times in {1, 2} for times in recorder.seen.values())


async def test_another_configuration_of_the_consumer_is_put_right(site):
    """Limited deliveries, say, would lose signals in a long outage; bodies were left out before."""
    wrong = messaging.config_of(site.feed)
    wrong.max_deliver, wrong.headers_only = 3, True
    await site.js.add_consumer(site.feed.stream, wrong)
    async with keep(site.js, site.feed):
        info = await site.js.consumer_info(site.feed.stream, site.feed.durable)
    assert info.config.max_deliver == -1
    assert not info.config.headers_only


async def test_two_instances_share_the_work(site):
    one, two = Recorder(), Recorder()
    await site.put(1)
    async with site.translating(one), site.translating(two):
        await site.put(300, "many")
        await until(lambda: len(one.seen | two.seen) == 301)
        await asyncio.sleep(0.2)
    assert sum((one.seen + two.seen).values()) == 301


async def test_kill_9_of_the_server_skips_nothing(tmp_path: Path, unique: str):
    recorder = Recorder()
    async with (
        embedded_nats(tmp_path) as server,
        opened(server.url, server.admin_url, unique) as site,
        site.translating(recorder),
    ):
        stored: list[int] = []
        for number in range(3):
            stored += await put_for_sure(site, 30, f"r{number}")
            await server.kill()
            await server.restart()
        stored += await put_for_sure(site, 30, "last")
        await until(lambda: set(recorder.seen) >= set(stored), within_s=90)


async def put_for_sure(site: Site, count: int, source: str) -> list[int]:
    positions: list[int] = []
    while len(positions) < count:
        try:
            name = f"{source}-{len(positions)}"
            positions.append(await site.signals.put("pagerduty", source, b"{}", {}, name))
        except Unavailable:
            await asyncio.sleep(0.02)
    return positions


def test_the_wait_between_attempts_grows_and_is_limited():
    waits = [backoff_s(attempts) for attempts in (1, 2, 3, 10, 1000)]
    assert waits == [0.5, 1.0, 2.0, 60.0, 60.0]


async def test_what_is_about_one_alert_is_done_in_its_order_and_the_rest_side_by_side(site):
    recorder = Recorder()
    recorder.keys = lambda signal: {f"alert {signal.position % 7}"}
    recorder.takes_s = lambda signal: signal.position % 5 / 1_000
    await site.put(210)
    async with site.translating(recorder):
        await until(lambda: len(recorder.ended) == 210)
    for alert in range(7):
        told = [each.position for each in recorder.ended if each.position % 7 == alert]
        assert told == sorted(told)
    assert 1 < recorder.most_under_way <= 7


async def test_what_cannot_be_done_now_keeps_its_place_before_what_is_behind_it(site):
    recorder = Recorder()
    recorder.keys = lambda _: {"one alert"}
    recorder.failures = [Unavailable("no log")]
    positions = await site.put(5)
    async with site.translating(recorder):
        await until(lambda: len(recorder.ended) == 5)
    assert [each.position for each in recorder.ended] == positions


async def test_a_source_with_a_backlog_holds_no_other_up(site):
    recorder = Recorder()
    recorder.takes_s = lambda _: 0.05
    await site.put(3_000, "noisy")
    await site.put(1, "quiet")
    async with site.translating(recorder):
        await until(lambda: any(each.source == "quiet" for each in recorder.ended), within_s=30)
        assert len(recorder.ended) < 1_500
        await until(lambda: len(recorder.ended) == 3_001, within_s=60)
    assert set(recorder.seen.values()) == {1}


async def test_bodies_come_with_the_message_as_they_are_kept(site, monkeypatch):
    recorder = Recorder()
    body = bytes(range(256)) * 4_000
    at = await site.signals.put("pagerduty", "pd", body, {"X-Webhook-Id": "w\u00fc"}, "one")
    kept = await site.signals.get(at)
    monkeypatch.delattr(JetStreamSignalStore, "get")
    async with site.translating(recorder):
        await until(lambda: len(recorder.ended) == 1)
    assert recorder.ended == [kept], "its time, too"


async def test_what_takes_longer_than_a_crash_is_noticed_in_is_not_handed_out_twice(
    site, monkeypatch
):
    monkeypatch.setattr(messaging, "ACK_WAIT_S", 1.0)
    monkeypatch.setattr(signal_feed, "IN_HAND_S", 0.2)
    recorder = Recorder()
    recorder.takes_s = lambda signal: 2.5 if signal.position == 1 else 0
    await site.put(20)
    async with site.translating(recorder):
        await until(lambda: len(recorder.ended) == 20)
    assert set(recorder.seen.values()) == {1}


async def test_what_an_ended_instance_had_not_begun_is_handed_out_at_once(site):
    """Not after the time in which a crash is noticed."""
    first, second = Recorder(), Recorder()
    first.takes_s = lambda _: 0.05
    await site.put(1_000)
    async with site.translating(first):
        await until(lambda: len(first.ended) > 10)
    begun = time.perf_counter()
    async with site.translating(second):
        await until(lambda: len(first.seen | second.seen) == 1_000)
    assert time.perf_counter() - begun < messaging.ACK_WAIT_S


async def test_the_subject_of_a_stranger_stops_nobody(site):
    """One that is not UTF-8, and one whose headers are not those of the receiver."""
    recorder = Recorder()
    connection = site.signals._requests.connection
    prefix = site.feed.subject.partition(".")[0]
    async with site.translating(recorder):
        connection._transport.write(b"PUB %b.x.\xff 2\r\n{}\r\n" % prefix.encode())
        headers = header_block({"Signal-Headers": "no JSON"})
        connection.send(f"{prefix}.x.y", "", headers, b"{}")
        await site.put(1)
        await until(lambda: len(recorder.ended) == 3)
    assert {each.source for each in recorder.ended} == {r"\xff", "y", "pd"}
