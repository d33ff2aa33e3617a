"""Wake-ups on a real nats-server: at least once, by any instance, and for as long as it takes."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import anyio.to_thread
import pytest
from nats.js import JetStreamContext
from structlog.testing import capture_logs

from adapters.clock import utc_now
from adapters.storage.nats.connection import NatsConnection, connect
from adapters.storage.nats.requests import Requests
from adapters.storage.nats.streams import provision, timer_stream
from adapters.storage.nats.timers import JetStreamTimers
from adapters.telemetry import Telemetry
from handlers import messaging
from handlers.consumers import Consumer
from handlers.kernel.ports import Unavailable
from handlers.messaging import Broker, keep
from handlers.processes import timers
from handlers.processes.timers import Timer, UnknownAggregate, subscribe
from support.patience import PATIENT_S, until


class Sleeper:
    """Notes each wake-up, and fails as it is told."""

    def __init__(self) -> None:
        self.woken: Counter[Timer] = Counter()
        self.failures: list[Exception] = []
        self.telemetry = Telemetry()

    async def wake(self, timer: Timer) -> None:
        self.woken[timer] += 1
        await asyncio.sleep(0)
        if self.failures:
            raise self.failures.pop()

    def counted(self, outcome: str) -> float:
        labels = {"timer": "cadence", "outcome": outcome}
        return self.telemetry.registry.get_sample_value("commandpost_wake_ups_total", labels) or 0


class Site(NamedTuple):
    """A stream of timers, those on it, and subscribers to start and stop."""

    url: str
    feed: Consumer
    timers: JetStreamTimers
    requests: Requests
    js: JetStreamContext
    admin: NatsConnection

    async def arm(self, count: int, mark: str, in_s: float = 0) -> set[Timer]:
        at = utc_now() + timedelta(seconds=in_s)
        timers = [Timer("incident", f"{mark}-{n}", "cadence", at) for n in range(count)]
        await asyncio.gather(*map(self.timers.arm, timers))
        return set(timers)

    @asynccontextmanager
    async def waking(
        self, sleeper: Sleeper, clock: Callable[[], datetime] = utc_now
    ) -> AsyncIterator[None]:
        async with keep(self.js, self.feed, self.timers.restore):
            broker = Broker(self.url, graceful_timeout=5, logger=None)
            subscribe(broker, sleeper.wake, clock, sleeper.telemetry, self.feed)
            async with broker:
                await broker.start()
                yield


@pytest.fixture
async def site(nats_url: str, nats_admin_url: str, unique: str) -> AsyncIterator[Site]:
    name, subject = f"TIMERS_{unique}", f"timer{unique}"
    async with AsyncExitStack() as stack:
        admin, app = await connect(nats_admin_url), await connect(nats_url)
        stack.push_async_callback(admin.close)
        stack.push_async_callback(app.close)
        await provision(admin, (timer_stream(name, subject),))
        stack.push_async_callback(admin.jetstream().delete_stream, name)
        requests = await Requests(app).start()
        timers = JetStreamTimers(requests, stream=name, subject=subject)
        feed = Consumer(
            name, f"{subject}.fired.*.*.*", f"wake{unique}", also=(f"{subject}.fired.*.*",)
        )
        yield Site(nats_url, feed, timers, requests, app.jetstream(), admin)


async def test_what_fired_before_and_after_the_start_wakes_once_and_is_measured(site):
    sleeper = Sleeper()
    before = await site.arm(50, "before")
    await asyncio.sleep(0.5)
    async with site.waking(sleeper):
        after = await site.arm(50, "after", in_s=0.3)
        await until(lambda: len(sleeper.woken) == 100)
        await asyncio.sleep(0.3)
    assert sleeper.woken == Counter([*before, *after])
    assert sleeper.counted("handled") == 100
    lateness = sleeper.telemetry.registry.get_sample_value(
        "commandpost_timer_lateness_seconds_sum", {"timer": "cadence"}
    )
    assert 50 * 0.5 < lateness < 100 * 15


async def test_where_our_clock_is_slow_a_wake_up_waits_instead_of_firing_again_and_again(
    site, monkeypatch
):
    monkeypatch.setattr(timers, "DELAY_MAX_S", 0.5)
    sleeper, slow_by = Sleeper(), timedelta(minutes=5)
    with capture_logs() as logs:
        async with site.waking(sleeper, lambda: utc_now() - slow_by):
            (timer,) = await site.arm(1, "a")
            await until(lambda: sleeper.counted("early") == 2)
            assert not sleeper.woken
            slow_by = timedelta()
            await until(lambda: sleeper.woken[timer] == 1)
    warned = [line["early_s"] for line in logs if line["event"] == "timer.early"]
    assert 290 < warned[0] < 300, "whoever reads the log learns of the clock"


async def test_an_outage_is_waited_out_and_counted(site):
    sleeper = Sleeper()
    sleeper.failures = [Unavailable("no log")] * 2
    async with site.waking(sleeper):
        (timer,) = await site.arm(1, "a")
        await until(lambda: sleeper.woken[timer] == 3)
        await asyncio.sleep(0.3)
    assert sleeper.woken[timer] == 3
    assert (sleeper.counted("deferred"), sleeper.counted("handled")) == (2, 1)


async def test_a_timer_of_an_aggregate_that_nobody_knows_is_counted_as_such_and_kept(
    site, monkeypatch
):
    """Another instance, of another release, may know it."""
    monkeypatch.setattr(timers, "DELAY_MAX_S", 0.3)
    sleeper = Sleeper()
    sleeper.failures = [UnknownAggregate("what is a runbook?")] * 2
    with capture_logs() as logs:
        async with site.waking(sleeper):
            (timer,) = await site.arm(1, "a")
            await until(lambda: sleeper.woken[timer] == 3)
            await asyncio.sleep(0.3)
    assert sleeper.woken[timer] == 3
    assert (sleeper.counted("unknown"), sleeper.counted("handled")) == (2, 1)
    unknown = [line for line in logs if line["event"] == "timer.unknown"]
    assert [line["reason"] for line in unknown] == ["what is a runbook?"] * 2


async def test_what_an_earlier_release_had_armed_wakes_its_incident(site):
    """Its subjects and bodies say nothing of an aggregate."""
    sleeper, due_at = Sleeper(), "2026-05-04T12:00:00Z"
    subject = f"{site.feed.subject.removesuffix('*.*.*')}01970001.cadence"
    body = f'{{"key":"01970001","name":"cadence","due_at":"{due_at}"}}'
    async with site.waking(sleeper):
        await site.requests.ask(subject, body.encode())
        await until(lambda: sleeper.counted("handled") == 1)
    assert set(sleeper.woken) == {
        Timer("incident", "01970001", "cadence", datetime.fromisoformat(due_at))
    }


async def test_a_fault_stops_neither_the_others_nor_itself_for_good(site, monkeypatch):
    monkeypatch.setattr(messaging, "DELAY_MAX_S", 0.5)
    sleeper = Sleeper()
    sleeper.failures = [RuntimeError("a fault of ours")]
    async with site.waking(sleeper):
        timers = await site.arm(20, "a")
        await until(lambda: sum(sleeper.woken.values()) == 21)
    assert set(sleeper.woken) == timers
    assert (sleeper.counted("failed"), sleeper.counted("handled")) == (1, 20)


async def test_a_timer_armed_again_while_its_wake_up_waits_wakes_with_the_newer_time(site):
    sleeper = Sleeper()
    sleeper.failures = [Unavailable("no log")]
    async with site.waking(sleeper):
        (first,) = await site.arm(1, "a")
        await until(lambda: sleeper.woken[first] == 1)
        (second,) = await site.arm(1, "a")
        await until(lambda: sleeper.woken[second] == 1)
        await asyncio.sleep(0.8)
    assert sleeper.woken == Counter([first, second]), "one message for each timer is enough"


async def test_two_instances_share_the_work(site):
    one, two = Sleeper(), Sleeper()
    async with site.waking(one), site.waking(two):
        timers = await site.arm(600, "many", in_s=0.5)
        await until(lambda: len(one.woken | two.woken) == 600)
        await asyncio.sleep(0.3)
    assert one.woken + two.woken == Counter(timers)
    assert min(len(one.woken), len(two.woken)) > 0


async def test_a_consumer_that_vanishes_comes_back(site, monkeypatch):
    monkeypatch.setattr(messaging, "WATCH_EVERY_S", 0.1)
    sleeper = Sleeper()
    async with site.waking(sleeper):
        first = await site.arm(5, "a")
        await until(lambda: len(sleeper.woken) == 5)
        await site.js.delete_consumer(site.feed.stream, site.feed.durable)
        second = await site.arm(5, "b")
        await until(lambda: len(sleeper.woken) == 10)
    assert set(sleeper.woken) == first | second
    assert set(sleeper.woken.values()) <= {1, 2}, "what was handled may wake once more"


async def test_a_stream_that_vanishes_comes_back_and_what_is_armed_again_wakes(site, monkeypatch):
    monkeypatch.setattr(messaging, "WATCH_EVERY_S", 0.1)
    sleeper = Sleeper()
    async with site.waking(sleeper):
        await site.arm(5, "lost", in_s=0.5)
        await site.admin.jetstream().delete_stream(site.feed.stream)
        again: set[Timer] = set()
        async with asyncio.timeout(PATIENT_S):
            while not again:
                try:
                    again = await site.arm(5, "again")
                except Unavailable:
                    await asyncio.sleep(0.05)
        await until(lambda: len(sleeper.woken) == 5)
    assert set(sleeper.woken) == again


async def test_garbage_among_what_fired_is_logged_and_stops_nobody(site):
    sleeper = Sleeper()
    subject = site.feed.subject.removesuffix("*.*.*")
    bodies = {
        "empty.cadence": b"",
        "text.cadence": b"hello",
        "list.cadence": b"[1]",
        "naive.cadence": b'{"key":"naive","name":"cadence","due_at":"2026-05-04T12:00:00"}',
        "other.cadence": b'{"key":"a","name":"cadence","due_at":"2026-05-04T12:00:00Z"}',
        "runbook.old.cadence": b'{"key":"old","name":"cadence","due_at":"2026-05-04T12:00:00Z"}',
        "runbook.a.cadence": b'{"aggregate":"incident","key":"a","name":"cadence",'
        b'"due_at":"2026-05-04T12:00:00Z"}',
        "odd.cadence": b'{"key":"a.b","name":"cadence","due_at":"2026-05-04T12:00:00Z"}',
    }
    with capture_logs() as logs:
        async with site.waking(sleeper):
            for end, body in bodies.items():
                await site.requests.ask(subject + end, body)
            (timer,) = await site.arm(1, "good")
            await until(lambda: sleeper.woken[timer] == 1)
    assert set(sleeper.woken) == {timer}
    unreadable = [line for line in logs if line["event"] == "timer.unreadable"]
    assert {line["subject"] for line in unreadable} == {subject + end for end in bodies}
    info = await site.js.consumer_info(site.feed.stream, site.feed.durable)
    assert (info.num_pending, info.num_ack_pending) == (0, 0)


async def test_no_message_costs_a_hop_to_a_thread(site, monkeypatch):
    """FastDepends would make one for each thing that it injects, and that is half of the cost."""
    hops: list[object] = []
    run_sync = anyio.to_thread.run_sync

    async def hopping(*arguments: Any, **more: Any) -> Any:
        hops.append(arguments)
        return await run_sync(*arguments, **more)

    monkeypatch.setattr(anyio.to_thread, "run_sync", hopping)
    sleeper = Sleeper()
    await site.arm(20, "due", in_s=0.1)
    async with site.waking(sleeper):
        await until(lambda: len(sleeper.woken) == 20)
    assert hops == []
