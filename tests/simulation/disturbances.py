"""How bad it gets: what becomes of wake-ups, news, calls and instances. All by dice with a seed."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from random import Random  # noqa: TID251 - seeded, and the seed is printed
from typing import NamedTuple


class Weather(NamedTuple):
    """Shares of what goes wrong, from 0 to 1, and spans in seconds; 0: that never happens.

    `watchdog_s` is how often the watchdog looks; without one nothing may be lost, and `limit_s` is
    how late anything may be even when nobody has looked.
    """

    name: str
    watchdog_s: float
    limit_s: float
    late: float = 0.1
    latest_s: float = 600.0
    twice: float = 0.1
    lost: float = 0.08
    early: float = 0.05
    call_fails: float = 0.004
    slow_call: float = 0.25
    slowest_call_s: float = 0.2
    outage_every_s: float = 4 * 3600.0
    outage_s: float = 120.0
    death_every_s: float = 2 * 3600.0
    dead_s: float = 1200.0
    blackout_every_s: float = 24 * 3600.0
    blackout_s: float = 2700.0
    timers_lost_every_s: float = 8 * 3600.0


STORM = Weather("storm", watchdog_s=30.0, limit_s=2 * 3600.0)
"""Everything goes wrong, and the watchdog has to mend it."""

BREEZE = Weather(
    "breeze",
    watchdog_s=0.0,
    limit_s=240.0,
    lost=0.0,
    call_fails=0.02,
    slow_call=0.4,
    latest_s=20.0,
    outage_s=30.0,
    dead_s=60.0,
    blackout_every_s=0.0,
    timers_lost_every_s=0.0,
)
"""Nothing is lost, though late, twice and out of order; there is no watchdog to hide behind."""


class Dice:
    """Throws for the weather, and keeps count of what went wrong."""

    def __init__(self, seed: str, weather: Weather) -> None:
        self.random = Random(seed)
        self.weather = weather
        self.faults: Counter[str] = Counter()

    def hit(self, share: float, fault: str) -> bool:
        """Whether it goes wrong this time."""
        wrong = self.random.random() < share
        if wrong:
            self.faults[fault] += 1
        return wrong

    def after_s(self, usual_s: float) -> float:
        """A waiting time that is `usual_s` in the mean."""
        return self.random.expovariate(1 / usual_s)

    def arrivals(self, what: str) -> Sequence[timedelta]:
        """How late something arrives: not at all, once, or twice."""
        if self.hit(self.weather.lost, f"{what} lost"):
            return ()
        found = [self._lateness(what)]
        if self.hit(self.weather.twice, f"{what} twice"):
            found.append(self._lateness(what))
        return found

    def _lateness(self, what: str) -> timedelta:
        if self.hit(self.weather.late, f"{what} late"):
            return timedelta(seconds=self.random.uniform(0.5, self.weather.latest_s))
        return timedelta(seconds=self.random.uniform(0.0, 0.3))
