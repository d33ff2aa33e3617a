"""What only the timers in memory can do: lose, repeat and delay wake-ups, as a simulation asks."""

from datetime import UTC, datetime, timedelta

import pytest

from adapters.storage.memory.timers import ON_TIME, MemoryTimers
from handlers.kernel.ports import Unavailable
from handlers.processes.timers import Timer

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def at(minutes: float, key: str = "a") -> Timer:
    return Timer("incident", key, "cadence", NOON + minutes * MINUTE)


async def test_what_is_due_comes_in_the_order_of_its_times_whatever_the_order_of_arming():
    timers = MemoryTimers()
    for minutes in (3, 1, 2, 9):
        await timers.arm(at(minutes, f"k{minutes}"))
    assert timers.next_at() == at(1).due_at
    assert [timer.key for timer in timers.due(NOON + 5 * MINUTE)] == ["k1", "k2", "k3"]
    assert timers.next_at() == at(9).due_at


async def test_wake_ups_are_lost_repeated_and_delayed_on_request():
    fates = {"lost": (), "twice": (*ON_TIME, *ON_TIME), "late": (5 * MINUTE,)}
    timers = MemoryTimers(lambda timer: fates.get(timer.key, ON_TIME))
    for key in ("lost", "twice", "late", "plain"):
        await timers.arm(at(1, key))
    assert [timer.key for timer in timers.due(NOON + MINUTE)] == ["plain", "twice", "twice"]
    assert await timers.armed() == [], "a lost or late one has left, too"
    assert timers.next_at() == NOON + 6 * MINUTE
    assert timers.due(NOON + 5.9 * MINUTE) == []
    assert timers.due(NOON + 6 * MINUTE) == [at(1, "late")]
    assert timers.next_at() is None


async def test_a_wake_up_under_way_can_be_neither_cancelled_nor_replaced():
    timers = MemoryTimers(lambda _: (5 * MINUTE,))
    await timers.arm(at(1))
    assert timers.due(NOON + MINUTE) == []
    await timers.cancel("incident", "a", "cadence")
    assert timers.due(NOON + 6 * MINUTE) == [at(1)]


async def test_a_delay_counts_from_now_where_a_timer_is_armed_too_late():
    timers = MemoryTimers(lambda _: (5 * MINUTE,))
    timers.due(NOON)
    await timers.arm(at(-600))
    assert timers.due(NOON + 4 * MINUTE) == []
    assert timers.due(NOON + 5 * MINUTE) == [at(-600)]


async def test_while_they_are_down_nothing_is_taken_and_nothing_fires():
    timers = MemoryTimers()
    await timers.arm(at(1))
    timers.down = True
    for call in (timers.arm(at(2)), timers.cancel("incident", "a", "cadence"), timers.armed()):
        with pytest.raises(Unavailable):
            await call
    assert timers.due(NOON + 2 * MINUTE) == []
    timers.down = False
    assert timers.due(NOON + 2 * MINUTE) == [at(1)]


async def test_all_can_be_lost_at_once():
    timers = MemoryTimers()
    await timers.arm(at(1))
    timers.lose()
    assert timers.due(NOON + 2 * MINUTE) == []
    assert await timers.armed() == []
