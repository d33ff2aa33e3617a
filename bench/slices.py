"""Slices of several ways to do a thing, which take turns, so that a busy moment meets all alike."""

import statistics
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple

from servers import processor_s

ROUNDS = 3
Way = Callable[[], Awaitable[float]]
"""Goes one way for a while: how often a second."""


class Figure(NamedTuple):
    """Medians: how often a second, the share of the first way in the same round, and the processor
    time of one, in microseconds: ours, and that of nats-server.
    """

    rate: float
    share: float
    ours_us: float
    server_us: float

    def __str__(self) -> str:
        bill = f"{self.ours_us:4.0f} + {self.server_us:3.0f} µs"
        return f"{self.rate:9,.0f}/s ({self.share:5.2f}) {bill}"


async def take_turns(
    ways: Mapping[str, Way], nats_pid: int, rounds: int = ROUNDS
) -> dict[str, Figure]:
    """The figures of each."""
    rows: defaultdict[str, list[Figure]] = defaultdict(list)
    for _ in range(rounds):
        base = 0.0
        for name, way in ways.items():
            began, ours, server = time.perf_counter(), time.process_time(), processor_s(nats_pid)
            rate = await way()
            each = 1e6 / rate / (time.perf_counter() - began)
            base = base or rate
            ours, server = time.process_time() - ours, processor_s(nats_pid) - server
            rows[name].append(Figure(rate, rate / base, ours * each, server * each))
    return {
        name: Figure(*(statistics.median(column) for column in zip(*found, strict=True)))
        for name, found in rows.items()
    }


def show(title: str, figures: Mapping[str, Figure]) -> None:
    """A line for each way."""
    for name, figure in figures.items():
        print(f"{title} {name:22} {figure}", flush=True)
