"""How fast one may ask: each principal has a share of its own, and each address that shows no token
which counts. Webhooks and signals are not concerned: what pages must not be turned away.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, IPv6Network, ip_address
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

    def wait_s(self, key: str) -> float:
        """How long to wait before the next one; 0: it may come now."""
        now = self._clock()
        paced = max(self._paced.get(key, now), now)
        wait_s = paced + self._every_s - now - self._ahead_s
        return wait_s if wait_s > 1e-9 else 0.0

    def admit(self, key: str) -> None:
        """Count a request. Raises `ProblemError` where it comes too soon."""
        if wait_s := self.wait_s(key):
            raise _too_soon(wait_s)
        now = self._clock()
        self._paced[key] = max(self._paced.get(key, now), now) + self._every_s
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


def origin_of(host: str) -> str:
    """What counts as one address: of IPv6 the network of 64 bits, of which a single machine may
    have all addresses (RFC 4291, 2.5.4).
    """
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return host
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address), 64), strict=False))


def too_many_strangers(wait_s: float, why: str) -> ProblemError:
    """What is said to one address without a token that counts, behind `why` it does not."""
    return ProblemError(
        429,
        "rate.exceeded",
        f"{why}. From this address come more requests without a token that counts than are"
        " answered: one with such a token is let in all the same, others wait for the seconds of"
        " Retry-After",
        field="Authorization",
        rule=f"{STRANGERS.per_minute} requests a minute of an address without a token that counts",
        headers={"Retry-After": str(int(wait_s) + 1)},
    )


def _too_soon(wait_s: float) -> ProblemError:
    return ProblemError(
        429,
        "rate.exceeded",
        "this principal has sent more requests than one may; wait for the seconds of Retry-After",
        field="Authorization",
        rule="http_server.requests_per_minute, for each principal",
        headers={"Retry-After": str(int(wait_s) + 1)},
    )
