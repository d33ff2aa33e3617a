"""How many live streams are followed at once. Each holds a connection, and is asked every two
seconds whether it may go on; so they have limits of their own, and leave connections to others.
"""

from collections import Counter
from typing import NamedTuple

from litestar.types import ASGIApp, Receive, Scope, Send

from adapters.http.problems import ProblemError

RETRY_AFTER_S = 15
SEAT = "follower"
"""Under this name the state of a request has who follows by it."""


class FollowerLimits(NamedTuple):
    """Live streams of one principal, and of all."""

    each: int = 100
    in_all: int = 500


def limits_of(each: int, in_all: int, connections: int) -> FollowerLimits:
    """As configured, and never more than half of the connections."""
    most = max(min(in_all, connections // 2), 1)
    return FollowerLimits(min(each, most), most)


class Followers:
    """Counts who follows, by the names of principals."""

    def __init__(self, limits: FollowerLimits = FollowerLimits()) -> None:  # noqa: B008 - a value
        self._limits = limits
        self._of: Counter[str] = Counter()

    def admit(self, name: str) -> None:
        """Count one more stream of a principal. Raises `ProblemError`."""
        each, in_all = self._limits
        if self._of[name] >= each:
            raise ProblemError(
                429,
                "streams.too_many",
                f"{name} follows as many live streams as one may ({each}): end one of them, or ask"
                " for the list of events, without Accept: text/event-stream",
                field="Accept",
                rule="http_server.followers_per_principal, for each principal",
                headers={"Retry-After": str(RETRY_AFTER_S)},
            )
        if self._of.total() >= in_all:
            raise ProblemError(
                503,
                "streams.exhausted",
                f"as many live streams are followed as there may be ({in_all}): come again after"
                " the seconds of Retry-After, or ask for the list of events, without Accept:"
                " text/event-stream",
                field="Accept",
                rule="http_server.followers, and half of the connections at most",
                headers={"Retry-After": str(RETRY_AFTER_S)},
            )
        self._of[name] += 1

    def leave(self, name: str) -> None:
        """A stream is over."""
        self._of[name] -= 1
        self._of += Counter()  # forgets those at zero

    def count(self) -> list[tuple[tuple[str, ...], float]]:
        """Of now."""
        return [((), float(self._of.total()))]


def seated(app: ASGIApp) -> ASGIApp:
    """Count a follower no longer once its request is over, however that ends."""

    async def middleware(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        finally:
            name = scope.get("state", {}).pop(SEAT, None)
            if name is not None:
                scope["litestar_app"].state.followers.leave(name)

    return middleware
