"""A notification goes out once: with several couriers, crashes at every point, and rebuilds."""

import asyncio
from collections import Counter
from collections.abc import Callable

import pytest

from adapters.storage.memory.outbox import MemoryIntents
from domain.notification.events import NotificationAttempted, NotificationDelivered
from domain.notification.ledger import Delivered
from handlers.kernel.ports import Append
from support.delivery_harness import CrashError, Office, Outbox

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


def before_the_claim(office: Office, _: Outbox) -> None:
    office.store.before = crash_once(NotificationAttempted)


def after_the_claim(office: Office, _: Outbox) -> None:
    office.store.after = crash_once(NotificationAttempted)


def before_it_is_taken(_: Office, outbox: Outbox) -> None:
    outbox.answer = crash_once(object)


def after_it_is_taken(_: Office, outbox: Outbox) -> None:
    outbox.afterwards = crash_once(object)


def before_the_receipt_is_recorded(office: Office, _: Outbox) -> None:
    office.store.before = crash_once(NotificationDelivered)


def after_the_receipt_is_recorded(office: Office, _: Outbox) -> None:
    office.store.after = crash_once(NotificationDelivered)


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
    office: Office, crash: Callable[[Office, Outbox], None], times_taken: int, lease: bool
) -> None:
    """Where the outcome was not known, the same id goes out again, once the lease is over; where
    it was, nothing does.
    """
    outbox = Outbox()
    await office.courier(outbox).step()
    await office.declare(INCIDENT)
    crash(office, outbox)
    with pytest.raises(CrashError):
        await office.courier(outbox).step()

    successor = office.courier(outbox)
    await successor.step()
    assert len(outbox.taken) == times_taken - (1 if lease else 0)
    for _ in range(3):
        office.pass_s(61)
        await successor.step()
    assert len(outbox.taken) == times_taken
    assert len({intent.id for intent in outbox.taken}) == 1
    [entry] = (await office.entries(INCIDENT)).values()
    assert isinstance(entry.phase, Delivered)


async def test_many_couriers_on_the_same_intents_send_each_once(office: Office) -> None:
    outbox = Outbox()
    couriers = [office.courier(outbox) for _ in range(4)]
    for courier in couriers:
        await courier.step()
    for number in range(40):
        await office.declare(f"01970001-0000-7000-8000-{number:012}")
    for _ in range(4):
        await asyncio.gather(*(courier.step() for courier in couriers))
    assert Counter(intent.incident_id for intent in outbox.taken).most_common(1)[0][1] == 1
    assert len(outbox.taken) == 40
    assert office.results["ops", "delivered"] == 40


async def test_read_models_that_lag_behind_the_ledger_cause_nothing(office: Office) -> None:
    outbox, means = Outbox(), office.means()
    assert isinstance(means.intents, MemoryIntents)
    courier = office.courier(outbox, means=means)
    await courier.step()
    await office.declare(INCIDENT)
    await means.intents.catch_up()
    means.intents.live = False
    for _ in range(3):
        await courier.step()
    successor = office.means()
    assert isinstance(successor.intents, MemoryIntents)
    successor.intents.live, successor.intents.intents = False, means.intents.intents
    await office.courier(outbox, means=successor).step()
    assert len(outbox.taken) == 1
    assert office.results == {("ops", "delivered"): 1, ("ops", "taken"): 1}


async def test_read_models_rebuilt_from_the_log_send_nothing_again(office: Office) -> None:
    outbox = Outbox()
    courier = office.courier(outbox)
    await courier.step()
    for number in range(5):
        await office.declare(f"01970001-0000-7000-8000-{number:012}")
    await courier.step()
    office.pass_s(3600)
    await office.courier(outbox).step()  # with read models of its own, folded anew
    assert len(outbox.taken) == 5
    assert office.results == {("ops", "delivered"): 5}
