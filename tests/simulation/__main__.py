"""A longer run: PYTHONPATH=tests .venv/bin/python -m simulation --incidents 5000"""

import argparse
import sys
import time
from collections import Counter

from simulation.hunt import hunt
from simulation.mutants import MUTANTS
from simulation.stories import simulate
from simulation.test_simulation import EACH, told


def run(seeds: range) -> int:
    """Worlds, one after the other; how many broke a promise."""
    began, broken = time.monotonic(), 0
    incidents, events, faults = 0, Counter[str](), Counter[str]()
    answers = Counter[str]()
    for seed in seeds:
        verdict = simulate(seed, EACH)
        print(verdict, flush=True)
        incidents += verdict.incidents
        events += verdict.events
        faults += verdict.faults
        answers += verdict.answers
        if verdict.breaches:
            broken += 1
            print(told(verdict))
    for title, counted in (("events", events), ("faults", faults), ("commands", answers)):
        print(f"\n{title}: {sum(counted.values())}")
        for name, number in counted.most_common():
            print(f"  {number:7} {name}")
    spent_s = time.monotonic() - began
    print(
        f"\nseeds {seeds.start} to {seeds.stop - 1}: {incidents} incidents,"
        f" {sum(events.values())} events, {sum(faults.values())} faults, {spent_s:.0f} s;"
        f" {broken} worlds with breaches"
    )
    return broken


def hunt_all() -> int:
    """Each planted bug, and how many incidents it took to find it; how many stayed hidden."""
    hidden = 0
    for name in MUTANTS:
        hunted = hunt(name)
        hidden += hunted.found is None
        told_by = f"seed {hunted.seed}: {hunted.found}" if hunted.found else f"NOT: {hunted.broke}"
        print(f"{hunted.incidents:5} incidents  {name}\n{'':17}{told_by[:110]}", flush=True)
    return hidden


def main() -> None:
    """Arguments as they come from the command line."""
    parser = argparse.ArgumentParser(prog="simulation", description=__doc__)
    parser.add_argument("--incidents", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--mutants", action="store_true", help="hunt for the planted bugs instead")
    asked = parser.parse_args()
    worlds = max(1, asked.incidents // EACH)
    sys.exit(hunt_all() if asked.mutants else run(range(asked.seed, asked.seed + worlds)))


if __name__ == "__main__":
    main()
