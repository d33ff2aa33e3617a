"""How many connections there may be, and for how long each may wait: idle and slow clients take no
descriptor from those who have something to say, nor from what the service itself has to send.
"""

import resource
from collections import Counter
from collections.abc import Callable, Iterable
from enum import IntEnum
from ipaddress import ip_address, ip_network
from typing import NamedTuple, Protocol

import structlog
from uvicorn.server import ServerState

HEAD_S = 10.0
"""From the connection, or from the last answer, to the end of the next request's headers."""
BODY_S = 35.0
"""From the headers to the end of a body that nobody reads; who reads one gives up sooner."""
UNREAD_S = 30.0
"""For a client to take at least something of what we have sent."""
RESERVED = 256
"""Descriptors that are kept for channels, PostgreSQL, NATS, templates and files."""
BACKLOG = RESERVED // 2
"""Connections that the system may hand over at once, before any can be refused."""

log = structlog.get_logger()


class Waits(IntEnum):
    """What a connection waits for, in the order in which they are given up for a new one."""

    FOR_A_HEAD = 0
    FOR_A_BODY = 1
    FOR_US = 2


_REASONS = {Waits.FOR_A_HEAD: "head", Waits.FOR_A_BODY: "body", Waits.FOR_US: "unread"}


class ClientConnection(Protocol):
    """What is counted. `due` is the time of the loop by which it must have gone on; if not, it may
    `expire`, that is end, or show that it has and renew the time.
    """

    client: tuple[str, int] | None
    due: float

    @property
    def waits(self) -> Waits: ...
    def expire(self) -> None: ...


class Limits(NamedTuple):
    """Connections in all, and from one address unless it is a proxy of ours (networks)."""

    in_all: int = 1_000
    per_address: int = 250
    proxies: tuple[str, ...] = ("127.0.0.0/8", "::1")


class Connections(ServerState):
    """All connections of a server; uvicorn keeps them in here."""

    def __init__(self, limits: Limits, tally: Callable[..., None] = lambda *_, **__: None) -> None:
        super().__init__()
        self._limits = limits
        self._proxies = [ip_network(proxy) for proxy in limits.proxies]
        self._tally = tally
        self._held: dict[ClientConnection, str] = {}
        self._of: Counter[str] = Counter()
        self._unreported: Counter[str] = Counter()

    def admit(self, connection: ClientConnection) -> str | None:
        """Count a new connection; if it is one too many, one that waits for its client goes, the
        one whose time would be up first. Where each waits for us, why the new one is refused.
        """
        address = connection.client[0] if connection.client else ""
        limits = self._limits
        if self._of[address] >= limits.per_address and not self._is_proxy(address):
            same = (held for held, of in self._held.items() if of == address)
            if not self._give_up_one(same):
                self._note("address")
                return "there are too many connections from this address"
        elif len(self._held) >= limits.in_all and not self._give_up_one(self._held):
            self._note("all")
            return "there are too many connections"
        self._held[connection] = address
        self._of[address] += 1
        return None

    def leave(self, connection: ClientConnection) -> None:
        """One is over; also one that was refused."""
        address = self._held.pop(connection, None)
        if address is not None:
            self._of[address] -= 1
            self._of += Counter()  # forgets those at zero

    def sweep(self, now: float) -> None:
        """Once a second: end what has had its time."""
        for held in [held for held in self._held if held.due <= now]:
            waits = held.waits
            held.expire()
            if held.due <= now:
                self._note(_REASONS[waits])
        if self._unreported:
            log.warning("http.connections_ended", **self._unreported)
            self._unreported.clear()

    def count(self) -> list[tuple[tuple[str, ...], float]]:
        """Of now, by what they wait for."""
        found = Counter(held.waits for held in self._held)
        return [((each.name.lower(),), float(found[each])) for each in Waits]

    def _is_proxy(self, address: str) -> bool:
        try:
            at = ip_address(address.removeprefix("::ffff:"))
        except ValueError:  # a socket of UNIX has none
            return True
        return any(at in network for network in self._proxies)

    def _give_up_one(self, among: Iterable[ClientConnection]) -> bool:
        waiting = [held for held in among if held.waits < Waits.FOR_US]
        if not waiting:
            return False
        given_up = min(waiting, key=lambda held: (held.waits, held.due))
        self._note("crowd")
        self.leave(given_up)
        given_up.expire()
        return True

    def _note(self, reason: str) -> None:
        self._tally("http_connections_ended", reason=reason)
        self._unreported[reason] += 1


def room_for(wanted: int) -> int:
    """So many of the wanted connections as there are descriptors for, beside those that are kept.
    The soft limit is raised as far as it must and may.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + RESERVED
    if soft != resource.RLIM_INFINITY and soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    room = (
        wanted if soft == resource.RLIM_INFINITY else min(wanted, max(soft - RESERVED, soft // 4))
    )
    if room < wanted:
        log.warning("http.few_descriptors", connections=room, wanted=wanted, descriptors=soft)
    return room
