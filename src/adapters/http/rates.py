"""How fast one may ask: each principal has a share of its own, and each address that shows no token
which counts. Webhooks and signals are not concerned: what pages must not be turned away.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import NamedTuple, Protocol

from adapters.http.problems import ProblemError
from domain.access.principal import Principal, Unauthentic
from domain.access.tokens import OWNER
from domain.kernel.refusal import Refused

KEYS_MOST = 10_000
"""So many are remembered; who has not asked for longest is forgotten."""


class AdmitOverNats(Protocol):
    """Who sends a message with this header. Raises `Refused`."""

    async def __call__(
        self, authorization: str | None, *, look_again: bool = True
    ) -> Principal: ...


class Rate(NamedTuple):
    """Requests a minute in the long run, and how many at once after a rest."""

    per_minute: int
    burst: int


STRANGERS = Rate(per_minute=60, burst=100)
LOGINS = Rate(per_minute=120, burst=200)
"""A company may stand behind one address; each login is a few requests."""
OF_PRINCIPALS = "http_server.requests_per_minute, for each principal"


class Rates:
    """Counts requests by who sends them, as the generic cell rate algorithm does (ITU-T I.371): of
    each is known when all that was admitted would have come at a steady pace.
    """

    def __init__(
        self,
        rate: Rate,
        clock: Callable[[], float] = time.monotonic,
        refusal: Callable[[float], ProblemError] | None = None,
    ) -> None:
        self._refusal = refusal or _too_soon
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
        if wait_s := self.take(key):
            raise self._refusal(wait_s)

    def take(self, key: str) -> float:
        """Count a request; how long to wait where it comes too soon, and is not counted."""
        if wait_s := self.wait_s(key):
            return wait_s
        now = self._clock()
        self._paced[key] = max(self._paced.get(key, now), now) + self._every_s
        self._paced.move_to_end(key)
        if len(self._paced) > KEYS_MOST:
            self._paced.popitem(last=False)
        return 0.0


OVER_NATS = "nats"
"""What stands for an address where there is none."""


def paced(admit: AdmitOverNats, rates: "RatesOfRequests") -> AdmitOverNats:
    """The same over NATS: each principal has one share, whichever way it comes. A flood of guesses
    makes nobody read the log there either.
    """

    async def admitted(authorization: str | None, *, look_again: bool = True) -> Principal:
        guesses = rates.strangers.wait_s(OVER_NATS)
        try:
            found = await admit(authorization, look_again=look_again and not guesses)
        except Unauthentic:
            rates.strangers.take(OVER_NATS)
            raise
        owner = found.digest is None and found.name == OWNER  # who could as well open the log
        if wait_s := 0.0 if owner else rates.principals.take(found.name):
            raise Refused(
                "rate.exceeded",
                f"{found.name} has sent more requests than one may; wait for {int(wait_s) + 1} s",
                field="Authorization",
                rule=OF_PRINCIPALS,
            )
        return found

    return admitted


class RatesOfRequests(NamedTuple):
    """Of principals by name, of strangers by address, and of logins by address."""

    principals: Rates
    strangers: Rates
    logins: Rates


def rates_of_requests(per_minute: int = 60_000) -> RatesOfRequests:
    """With so many requests a minute for each principal, and a tenth of that at once."""
    principals = Rates(Rate(per_minute, max(per_minute // 10, 10)))
    return RatesOfRequests(principals, Rates(STRANGERS), Rates(LOGINS, refusal=_too_many_logins))


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
    return _too_many(
        wait_s,
        f"{why}. From this address come more requests without a token that counts than are"
        " answered: one with such a token is let in all the same, others wait for the seconds of"
        " Retry-After",
        f"{STRANGERS.per_minute} requests a minute of an address without a token that counts",
    )


def _too_many_logins(wait_s: float) -> ProblemError:
    return _too_many(
        wait_s,
        "from this address come more logins than are answered; wait for the seconds of Retry-After,"
        " or show a token",
        f"{LOGINS.per_minute} requests of logins a minute of an address",
    )


def _too_soon(wait_s: float) -> ProblemError:
    return _too_many(
        wait_s,
        "this principal has sent more requests than one may; wait for the seconds of Retry-After",
        OF_PRINCIPALS,
    )


def _too_many(wait_s: float, detail: str, rule: str) -> ProblemError:
    after = {"Retry-After": str(int(wait_s) + 1)}
    return ProblemError(
        429, "rate.exceeded", detail, field="Authorization", rule=rule, headers=after
    )
