"""How many live streams there may be, of one principal and of all, and that none is counted longer
than it lasts.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest
from litestar.exceptions import LitestarException

from adapters.http.app import build, correlated
from adapters.http.followers import FollowerLimits, Followers, limits_of
from adapters.http.problems import ProblemError
from adapters.registry import REGISTRY
from adapters.telemetry import Telemetry
from domain.access.grants import AccessRole
from domain.access.samples import SAMPLES
from domain.kernel.commit import Commit, Recorded
from handlers.entrance.service import Service
from handlers.kernel.related import Seen
from support.access import NOON, OpenSights, gate, secret_of

PATH = "/v1/incidents/INC-1/events"
ROLES = (AccessRole.VIEWER, AccessRole.RESPONDER, AccessRole.COMMANDER)


class Silence:
    """A feed in which nothing happens, or that breaks."""

    broken = False

    async def follow(self, *_: Any) -> AsyncIterator[list[Any]]:
        if self.broken:
            raise RuntimeError("a fault")
        yield []
        await asyncio.Event().wait()


class OneIncident(OpenSights):
    """There is one, which everybody may see."""

    async def look(self, *_: object) -> Seen:
        return Seen("0197-one")


def service(feed: Any) -> Service:
    async def load(*_: object) -> list[Recorded[Any]]:
        commit = Commit(
            id="c", actor="ada", correlation_id="x", recorded_at=NOON, events=SAMPLES.events[:1]
        )
        return [Recorded(1, "incident.one", commit)]

    store, nothing = SimpleNamespace(load=load), SimpleNamespace()
    parts: tuple[Any, ...] = (nothing, store, nothing, feed, nothing, nothing, nothing)
    sights: Any = OneIncident()
    return Service(*parts, sights)


class Follower:
    """One request for a live stream, as a server makes it of a connection."""

    def __init__(self, app: Any, role: AccessRole, accept: str, method: str = "GET") -> None:
        self.answer: dict[str, Any] = {}
        self._app, self._role, self._accept, self._method = app, role, accept, method
        self._begun, self._gone = asyncio.Event(), asyncio.Event()
        self._asked = False

    async def begin(self) -> "Follower":
        self.task = asyncio.create_task(self._app(self._scope(), self._receive, self._send))
        waiting = asyncio.create_task(self._begun.wait())
        await asyncio.wait([waiting, self.task], return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        return self

    async def leave(self) -> None:
        self._gone.set()
        await self.task

    @property
    def status(self) -> int:
        return int(self.answer["status"])

    def header(self, name: str) -> str:
        return str(dict(self.answer["headers"]).get(name.encode(), b"").decode())

    def _scope(self) -> dict[str, Any]:
        shown = f"Bearer {secret_of(self._role)}".encode()
        return {
            "type": "http", "method": self._method, "path": PATH, "raw_path": PATH.encode(),
            "query_string": b"", "root_path": "", "scheme": "http", "http_version": "1.1",
            "headers": [
                (b"host", b"localhost"), (b"accept", self._accept.encode()),
                (b"authorization", shown),
            ],
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
        }  # fmt: skip

    async def _receive(self) -> dict[str, Any]:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.answer = message
            self._begun.set()


class Room:
    def __init__(self, each: int, in_all: int) -> None:
        self.feed, self.followers = Silence(), Followers(FollowerLimits(each, in_all))
        nothing: Any = None
        app = build(
            service(self.feed), nothing, Telemetry(),
            registry=REGISTRY, gate=gate(), followers=self.followers,
        )  # fmt: skip
        self._app: Any = correlated(app)

    async def follow(
        self, role: AccessRole = AccessRole.VIEWER, accept: str = "text/event-stream", **how: str
    ) -> Follower:
        return await Follower(self._app, role, accept, **how).begin()

    @property
    def count(self) -> float:
        return self.followers.count()[0][1]


async def test_one_principal_follows_no_more_than_its_share_and_others_do():
    room = Room(each=2, in_all=10)
    mine = [await room.follow() for _ in range(3)]
    assert [each.status for each in mine] == [200, 200, 429]
    assert int(mine[2].header("retry-after")) > 0
    other = await room.follow(AccessRole.RESPONDER)
    assert (other.status, room.count) == (200, 3)
    await mine[0].leave()
    again = await room.follow()
    assert (again.status, room.count) == (200, 3)
    for each in (mine[1], other, again):
        await each.leave()
    assert room.count == 0


async def test_what_is_followed_is_kept_by_nobody_on_its_way():
    follower = await Room(each=1, in_all=1).follow()
    assert follower.header("cache-control") == "no-store"
    await follower.leave()


async def test_all_together_follow_no_more_than_there_is_room_for():
    room = Room(each=2, in_all=3)
    held = [await room.follow(role) for role in ROLES]
    late = await room.follow()
    assert [each.status for each in (*held, late)] == [200, 200, 200, 503]
    assert int(late.header("retry-after")) > 0
    await held[1].leave()
    assert (await room.follow()).status == 200


async def test_a_list_of_events_takes_no_place_and_is_answered_whoever_follows():
    room = Room(each=1, in_all=1)
    await room.follow()
    listed = await room.follow(accept="application/json")
    assert (listed.status, room.count) == (200, 1)


async def test_no_place_is_lost_by_a_fault_or_by_who_asks_for_the_head_alone():
    room = Room(each=2, in_all=2)
    room.feed.broken = True
    for _ in range(3):
        broken = await room.follow()
        with suppress(LitestarException):
            await broken.task
    assert room.count == 0
    room.feed.broken = False
    for _ in range(3):
        head = await room.follow(method="HEAD")
        await head.leave()
    assert room.count == 0


@pytest.mark.parametrize(
    ("each", "in_all", "connections", "found"),
    [
        (100, 500, 1_000, FollowerLimits(100, 500)),
        (100, 500, 300, FollowerLimits(100, 150)),
        (100, 500, 64, FollowerLimits(32, 32)),
        (100, 500, 1, FollowerLimits(1, 1)),
    ],
)
def test_half_of_the_connections_are_left_to_others(
    each: int, in_all: int, connections: int, found: FollowerLimits
):
    assert limits_of(each, in_all, connections) == found


def test_who_is_refused_hears_which_limit_and_what_to_do():
    full = Followers(FollowerLimits(1, 2))
    full.admit("ada")
    with pytest.raises(ProblemError) as mine:
        full.admit("ada")
    full.admit("grace")
    with pytest.raises(ProblemError) as all_of_us:
        full.admit("linus")
    said = mine.value
    assert (said.status, said.code) == (429, "streams.too_many")
    assert said.detail.startswith("ada follows as many live streams as one may (1)")
    assert (all_of_us.value.status, all_of_us.value.code) == (503, "streams.exhausted")
    assert "grace" not in all_of_us.value.detail
