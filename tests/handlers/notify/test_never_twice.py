"""A notification goes out once: with several workers, crashes at every point, and rebuilds."""

import asyncio
from collections import Counter
from collections.abc import Callable

import pytest

from adapters.storage.memory.outbox import MemoryIntents
from domain.notification.events import NotificationAttempted, NotificationDelivered
from domain.notification.ledger import Delivered
from handlers.kernel.ports import Append
from support.delivery_harness import CrashError, DeliveryHarness, FakeChannel

INCIDENT = "01970001-0000-7000-8000-000000000000"


def crash_once(at: type) -> Callable[[object], None]:
    """Dies at the first write of an event of this type, or at the first message."""
    armed = [True]

    def check(what: object) -> None:
        hit = isinstance(what.commit.events[0], at) if isinstance(what, Append) else True
        if armed and hit:
            armed.clear()
            raise CrashError

    return check


def before_the_claim(harness: DeliveryHarness, _: FakeChannel) -> None:
    harness.store.before = crash_once(NotificationAttempted)


def after_the_claim(harness: DeliveryHarness, _: FakeChannel) -> None:
    harness.store.after = crash_once(NotificationAttempted)


def before_it_is_taken(_: DeliveryHarness, channel: FakeChannel) -> None:
    channel.answer = crash_once(object)


def after_it_is_taken(_: DeliveryHarness, channel: FakeChannel) -> None:
    channel.afterwards = crash_once(object)


def before_the_receipt_is_recorded(harness: DeliveryHarness, _: FakeChannel) -> None:
    harness.store.before = crash_once(NotificationDelivered)


def after_the_receipt_is_recorded(harness: DeliveryHarness, _: FakeChannel) -> None:
    harness.store.after = crash_once(NotificationDelivered)


@pytest.mark.parametrize(
    ("crash", "times_taken", "lease"),
    [
        (before_the_claim, 1, False),
        (after_the_claim, 1, True),
        (before_it_is_taken, 1, True),
        (after_it_is_taken, 2, True),
        (before_the_receipt_is_recorded, 2, True),
        (after_the_receipt_is_recorded, 1, False),
    ],
)
async def test_a_crash_at_any_point(
    harness: DeliveryHarness,
    crash: Callable[[DeliveryHarness, FakeChannel], None],
    times_taken: int,
    lease: bool,
) -> None:
    """Where the outcome was not known, the same id goes out again, once the lease is over; where
    it was, nothing does.
    """
    channel = FakeChannel()
    await harness.worker(channel).step()
    await harness.declare(INCIDENT)
    crash(harness, channel)
    with pytest.raises(CrashError):
        await harness.worker(channel).step()

    successor = harness.worker(channel)
    await successor.step()
    assert len(channel.taken) == times_taken - (1 if lease else 0)
    for _ in range(3):
        harness.pass_s(61)
        await successor.step()
    assert len(channel.taken) == times_taken
    assert len({intent.id for intent in channel.taken}) == 1
    [entry] = (await harness.entries(INCIDENT)).values()
    assert isinstance(entry.phase, Delivered)


async def test_many_workers_on_the_same_intents_send_each_once(harness: DeliveryHarness) -> None:
    channel = FakeChannel()
    workers = [harness.worker(channel) for _ in range(4)]
    for worker in workers:
        await worker.step()
    for number in range(40):
        await harness.declare(f"01970001-0000-7000-8000-{number:012}")
    for _ in range(4):
        await asyncio.gather(*(worker.step() for worker in workers))
    assert Counter(intent.subject.id for intent in channel.taken).most_common(1)[0][1] == 1
    assert len(channel.taken) == 40
    assert harness.results["ops", "delivered"] == 40


async def test_read_models_that_lag_behind_the_ledger_cause_nothing(
    harness: DeliveryHarness,
) -> None:
    channel, dependencies = FakeChannel(), harness.dependencies()
    assert isinstance(dependencies.intents, MemoryIntents)
    worker = harness.worker(channel, dependencies=dependencies)
    await worker.step()
    await harness.declare(INCIDENT)
    await dependencies.intents.catch_up()
    dependencies.intents.live = False
    for _ in range(3):
        await worker.step()
    successor = harness.dependencies()
    assert isinstance(successor.intents, MemoryIntents)
    successor.intents.live, successor.intents.intents = False, dependencies.intents.intents
    await harness.worker(channel, dependencies=successor).step()
    assert len(channel.taken) == 1
    assert harness.results == {("ops", "delivered"): 1, ("ops", "taken"): 1}


async def test_read_models_rebuilt_from_the_log_send_nothing_again(
    harness: DeliveryHarness,
) -> None:
    channel = FakeChannel()
    worker = harness.worker(channel)
    await worker.step()
    for number in range(5):
        await harness.declare(f"01970001-0000-7000-8000-{number:012}")
    await worker.step()
    harness.pass_s(3600)
    await harness.worker(channel).step()  # with read models of its own, folded anew
    assert len(channel.taken) == 5
    assert harness.results == {("ops", "delivered"): 5}
