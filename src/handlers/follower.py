"""Following the log from its head on, for who wants to hear of what happens and keeps no rows."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from domain.kernel.commit import Event, Recorded
from handlers.kernel.ports import LogChanged, Unavailable
from handlers.movement import Movement
from handlers.projecting.projector import BACKOFF_S, IDLE_CHECK_S
from handlers.projecting.shared_fold import Commits, by_stream
from handlers.projecting.shared_log import Log, Reading

AT_ONCE = 16
"""Streams that are handled side by side."""

log = structlog.get_logger()

Handle = Callable[[str, Commits], Awaitable[None]]
"""Hears of the next commits of a stream. Raises `Unavailable`: then it hears of them again."""


class Follower:
    """Hands all commits of the streams with these prefixes to `handle`, those of one stream in
    their order, from where the log ends when it begins. What was written before, and what was not
    handled when it ended, it does not hand over: who needs that asks for it at the start. What
    fails at one stream does not keep those of others back.
    """

    def __init__(
        self,
        name: str,
        prefixes: Sequence[str],
        handle: Handle,
        movement: Movement,
        changed: Callable[[LogChanged], None],
    ) -> None:
        self.name = name
        self.place: int | None = None
        """How far it has come; None: it has not begun."""
        self._prefixes = tuple(prefixes)
        self._handle = handle
        self._movement = movement
        self._changed = changed

    async def run(self, store: Log, begun: Callable[[], None] = lambda: None) -> None:
        """Follow until cancelled; outages are waited out. What is written once it has `begun` is
        handed over.
        """
        failures = 0
        while True:
            before = self.place
            try:
                if self.place is None:
                    self.place = await store.head()
                    begun()
                await self._follow(store, self.place)
            except LogChanged as change:
                self.place = None
                self._changed(change)
            except Unavailable as outage:
                failures = 0 if self.place != before else failures + 1
                log.info("follower.waiting", follower=self.name, reason=str(outage))
                await asyncio.sleep(BACKOFF_S[min(failures, len(BACKOFF_S) - 1)])

    async def _follow(self, store: Log, place: int) -> None:
        async with Reading(store.read(after=place, follow=True)) as reading:
            while True:
                batch = await reading.take(IDLE_CHECK_S)
                if batch is not None:
                    self._movement.note(self.name, len(batch), place)
                    await self._hand_over(batch)
                    self.place = place = batch[-1].position
                self._movement.note(self.name, 0, place)

    async def _hand_over(self, batch: Sequence[Recorded[Event]]) -> None:
        ours = {
            stream: commits
            for stream, commits in by_stream(batch).items()
            if stream.startswith(self._prefixes)
        }
        waiting = iter(ours.items())

        async def take() -> None:
            for stream, commits in waiting:
                await self._one(stream, commits)

        done = await asyncio.gather(
            *(take() for _ in range(min(AT_ONCE, len(ours)))), return_exceptions=True
        )
        for fault in done:
            if isinstance(fault, BaseException):
                raise fault

    async def _one(self, stream: str, commits: Commits) -> None:
        try:
            await self._handle(stream, commits)
        except (Unavailable, LogChanged):
            raise
        except Exception:
            self._movement.faults[self.name] += 1
            log.exception("follower.fault", follower=self.name, stream=stream)
