"""How fast one may ask: each principal has a share of its own, and each address that shows no token
which counts. Webhooks and signals are not concerned: what pages must not be turned away.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from adapters.http.problems import ProblemError

KEYS_MOST = 10_000
"""So many are remembered; who has not asked for longest is forgotten."""


class Rate(NamedTuple):
    """Requests a minute in the long run, and how many at once after a rest."""

    per_minute: int
    burst: int


STRANGERS = Rate(per_minute=60, burst=100)


class Rates:
    """Counts requests by who sends them, as the generic cell rate algorithm does (ITU-T I.371): of
    each is known when all that was admitted would have come at a steady pace.
    """

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        self._every_s = 60 / rate.per_minute
        self._ahead_s = self._every_s * rate.burst
        self._clock = clock
        self._paced: OrderedDict[str, float] = OrderedDict()

    def admit(self, key: str) -> None:
        """Count a request. Raises `ProblemError` where it comes too soon."""
        now = self._clock()
        paced = max(self._paced.get(key, now), now)
        wait_s = paced + self._every_s - now - self._ahead_s
        if wait_s > 1e-9:
            raise _too_soon(wait_s)
        self._paced[key] = paced + self._every_s
        self._paced.move_to_end(key)
        if len(self._paced) > KEYS_MOST:
            self._paced.popitem(last=False)


class RatesOfRequests(NamedTuple):
    """Of principals by name, and of strangers by address."""

    principals: Rates
    strangers: Rates


def rates_of_requests(per_minute: int = 60_000) -> RatesOfRequests:
    """With so many requests a minute for each principal, and a tenth of that at once."""
    return RatesOfRequests(Rates(Rate(per_minute, max(per_minute // 10, 10))), Rates(STRANGERS))


def _too_soon(wait_s: float) -> ProblemError:
    return ProblemError(
        429,
        "rate.exceeded",
        "these are more requests than one may send; wait for the seconds of Retry-After",
        field="Authorization",
        rule="http_server.requests_per_minute, for each principal",
        headers={"Retry-After": str(int(wait_s) + 1)},
    )
