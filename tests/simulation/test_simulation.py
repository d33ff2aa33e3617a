"""Random incidents in bad weather on a virtual clock: the log keeps every promise of the brief.

COMMANDPOST_SIMULATION_INCIDENTS makes it more of them; the seed is in the name of each test.
"""

import os
from collections import Counter
from functools import cache

import pytest

from simulation.paging import MONITORS_FROM
from simulation.stories import Verdict, simulate

INCIDENTS = int(os.environ.get("COMMANDPOST_SIMULATION_INCIDENTS", "80"))
EACH = 20
SEEDS = range(max(1, INCIDENTS // EACH))


@cache
def world(seed: int) -> Verdict:
    """Lived through once, for all tests that look at it."""
    return simulate(seed, EACH)


def told(verdict: Verdict) -> str:
    """What is wrong, each thing once, and how to see it again."""
    again = f"again: PYTHONPATH=tests .venv/bin/python -m simulation --seed {verdict.seed}"
    return "\n".join([str(verdict), *map(str, verdict.breaches[:3]), again])


@pytest.mark.parametrize("seed", [*SEEDS, MONITORS_FROM])
def test_no_promise_is_broken(seed: int):
    verdict = world(seed)
    print(verdict, dict(verdict.faults))
    assert not verdict.breaches, told(verdict)


def test_the_same_seed_is_the_same_history():
    first, again, other = simulate(4, 6), simulate(4, 6), simulate(8, 2)
    assert first.log == again.log
    assert first.faults == again.faults
    assert first.log != other.log


def test_the_weather_is_as_bad_as_it_should_be():
    """Everything happens that is to be survived."""
    worlds = [world(seed) for seed in (0, 1)]
    faults = sum((world.faults for world in worlds), Counter())
    events = sum((world.events for world in worlds), Counter())
    for what in (
        *("wake-up late", "wake-up lost", "wake-up twice", "wake-up early", "all timers lost"),
        *("news late", "news lost", "news twice", "call failed", "outage", "death"),
        *("write without an answer", "worker stopped", "message refused for now"),
    ):
        assert faults[what], what
    for what in ("UpdateOverdue", "ResponseOverdue", "Escalated", "EscalationSuppressed"):
        assert events[what], what
