"""What all timers must do. How late they are and what they survive is tested with the adapter."""

import asyncio
from datetime import timedelta, timezone

import pytest
from msgspec.structs import replace

from handlers.processes.timers import Timer

YEAR_S = 365 * 86_400
KEYS = ["", "a.b", "a b", "*", ">", "a\r\nNats-Rollup: all", "\u00fc", "x" * 201]
NAMES = ["", "a.b", "Cadence", "*", "1st", "x\n", "x" * 65]


async def test_a_timer_fires_once_and_not_early_and_is_armed_until_then(clockwork):
    soon = clockwork.timer("a", "cadence", 1.0)
    await clockwork.timers.arm(soon)
    assert await clockwork.timers.armed() == [soon]
    assert await clockwork.passes(0.2) == []
    assert await clockwork.fired(1) == [soon]
    assert await clockwork.timers.armed() == []
    assert await clockwork.passes(0.5) == []


async def test_another_time_replaces_the_first_in_either_direction(clockwork):
    await clockwork.timers.arm(clockwork.timer("later", "cadence", 0.5))
    await clockwork.timers.arm(clockwork.timer("sooner", "cadence", 3600))
    later, sooner = (clockwork.timer(key, "cadence", 1.5) for key in ("later", "sooner"))
    await clockwork.timers.arm(later)
    await clockwork.timers.arm(sooner)
    assert await clockwork.timers.armed() == [later, sooner]
    assert await clockwork.passes(0.9) == []
    assert {timer.key for timer in await clockwork.fired(2)} == {"later", "sooner"}


async def test_timers_of_another_key_or_name_are_left_alone(clockwork):
    timers = [
        clockwork.timer(key, name, at)
        for key, name, at in (("a", "one", 100), ("a", "two", 200), ("b", "one", 300))
    ]
    for timer in reversed(timers):
        await clockwork.timers.arm(timer)
    assert await clockwork.timers.armed() == timers, "soonest first"
    await clockwork.timers.cancel("incident", "a", "one")
    assert await clockwork.timers.armed() == timers[1:]


async def test_timers_of_another_aggregate_with_the_same_id_are_left_alone(clockwork):
    incident = clockwork.timer("a", "one", 100)
    runbook = replace(incident, aggregate="runbook")
    for timer in (incident, runbook):
        await clockwork.timers.arm(timer)
    await clockwork.timers.cancel("incident", "a", "one")
    assert await clockwork.timers.armed() == [runbook]


async def test_a_cancelled_timer_does_not_fire_and_can_be_armed_again(clockwork):
    await clockwork.timers.arm(clockwork.timer("a", "cadence", 1.0))
    await clockwork.timers.cancel("incident", "a", "cadence")
    assert await clockwork.timers.armed() == []
    await clockwork.timers.cancel("incident", "a", "cadence")
    assert await clockwork.passes(1.5) == []
    again = clockwork.timer("a", "cadence", 0.3)
    await clockwork.timers.arm(again)
    assert await clockwork.fired(1) == [again]


async def test_the_very_timer_that_was_cancelled_can_be_armed_again(clockwork):
    timer = clockwork.timer("a", "cadence", 1.0)
    for _ in range(3):
        await clockwork.timers.arm(timer)
        await clockwork.timers.cancel("incident", "a", "cadence")
    await clockwork.timers.arm(timer)
    assert await clockwork.timers.armed() == [timer]
    assert await clockwork.fired(1) == [timer]


async def test_cancelling_what_never_was_or_has_fired_has_no_effect(clockwork):
    await clockwork.timers.cancel("incident", "a", "cadence")
    timer = clockwork.timer("a", "cadence", 0)
    await clockwork.timers.arm(timer)
    assert await clockwork.fired(1) == [timer]
    await clockwork.timers.cancel("incident", "a", "cadence")
    assert await clockwork.passes(0.5) == []
    assert await clockwork.timers.armed() == []


async def test_arming_the_same_again_changes_nothing(clockwork):
    timer = clockwork.timer("a", "cadence", 0.6)
    elsewhere = timer.due_at.astimezone(timezone(timedelta(hours=5, minutes=30)))
    for _ in range(3):
        await clockwork.timers.arm(timer)
        await clockwork.timers.arm(Timer("incident", "a", "cadence", elsewhere))
    assert await clockwork.timers.armed() == [timer]
    assert await clockwork.fired(1) == [timer]
    assert await clockwork.passes(0.5) == []


@pytest.mark.parametrize("ago_s", [0.001, 60, 30 * YEAR_S, 2000 * YEAR_S])
async def test_what_is_due_already_fires_at_once(clockwork, ago_s):
    timer = clockwork.timer("a", "cadence", -ago_s)
    await clockwork.timers.arm(timer)
    assert await clockwork.fired(1) == [timer]


async def test_a_timer_that_has_fired_can_be_armed_again_also_the_very_same(clockwork):
    timer = clockwork.timer("a", "cadence", 0)
    for _ in range(3):
        await clockwork.timers.arm(timer)
        assert await clockwork.fired(1) == [timer]


async def test_times_far_away_are_kept_exactly(clockwork):
    far = [
        clockwork.timer(key, "postmortem", in_s)
        for key, in_s in (("a", 48 * 3600), ("b", 400 * 86_400), ("c", 7000 * YEAR_S))
    ]
    for timer in far:
        await clockwork.timers.arm(timer)
    assert await clockwork.passes(0.7) == []
    assert await clockwork.timers.armed() == far


async def test_a_thousand_timers_are_all_listed_and_all_fire(clockwork):
    later = [clockwork.timer(f"k{n:04}", "cadence", 3_600) for n in range(1_200)]
    await asyncio.gather(*map(clockwork.timers.arm, later))
    assert await clockwork.timers.armed() == later
    timers = [clockwork.timer(f"k{n:04}", "cadence", 1) for n in range(1_200)]
    await asyncio.gather(*map(clockwork.timers.arm, timers))
    assert sorted(await clockwork.fired(len(timers)), key=lambda timer: timer.key) == timers


@pytest.mark.parametrize("key", KEYS)
async def test_a_key_that_is_no_id_is_refused(clockwork, key):
    with pytest.raises(ValueError, match="key: not the id of an aggregate"):
        await clockwork.timers.arm(clockwork.timer(key, "cadence", 1))
    with pytest.raises(ValueError, match="key: not the id of an aggregate"):
        await clockwork.timers.cancel("incident", key, "cadence")


@pytest.mark.parametrize("aggregate", NAMES)
async def test_an_aggregate_that_is_no_name_is_refused(clockwork, aggregate):
    with pytest.raises(ValueError, match="aggregate: not a name of one"):
        await clockwork.timers.arm(replace(clockwork.timer("a", "b", 1), aggregate=aggregate))
    with pytest.raises(ValueError, match="aggregate: not a name of one"):
        await clockwork.timers.cancel(aggregate, "a", "b")


@pytest.mark.parametrize("name", NAMES)
async def test_a_name_that_is_none_is_refused(clockwork, name):
    with pytest.raises(ValueError, match="name: not a name of a timer"):
        await clockwork.timers.arm(clockwork.timer("a", name, 1))
    with pytest.raises(ValueError, match="name: not a name of a timer"):
        await clockwork.timers.cancel("incident", "a", name)


async def test_a_time_without_zone_is_refused(clockwork):
    naive = clockwork.timer("a", "cadence", 1).due_at.replace(tzinfo=None)
    with pytest.raises(ValueError, match="due_at: a time without zone"):
        await clockwork.timers.arm(Timer("incident", "a", "cadence", naive))
