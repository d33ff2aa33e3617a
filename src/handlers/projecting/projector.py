"""A projector: follows the log and keeps one projection's rows up to date, for ever.

Of all processes that run it, one is active; the others stand by and take over. Rows and position
are written together, and only if the position is still the one that was read: whoever else wrote in
between has fenced us out, and we begin again from what is stored. States are not stored: that of a
key which is not in memory is folded again from the streams of the key.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Generic, Literal, Protocol, TypeVar

import msgspec
import structlog

from domain.kernel.commit import Event, Recorded, Unreadable
from domain.log import SKIPS
from handlers.kernel.ports import LogChanged, Unavailable
from handlers.kernel.snapshots import SnapshotsOf
from handlers.projecting.folder import Changes, Folder, in_order, state_after, unreadable_in
from handlers.projecting.log_watch import check_place
from handlers.projecting.shared_log import Log, Moves, Reading
from projections.projection import Projection

S = TypeVar("S")

STANDBY_POLL_S = 0.2  # a takeover is noticed within this time
FLUSH_S = 0.25  # how long a position without rows may stay unwritten
FLUSH_COMMITS = 5_000
RECALLED_AT_ONCE = 64  # streams
IDLE_CHECK_S = 5.0  # how soon a silent loss of the rows is noticed
BACKOFF_S = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0)

log = structlog.get_logger()


class Fenced(Exception):  # noqa: N818 - an outcome: start again from what is stored
    """Somebody else has written these rows since we read their position."""


class Unbuilt(Exception):  # noqa: N818
    """The tables of this projection do not exist (yet, or any more)."""


class Lagging(Exception):  # noqa: N818
    """The read model did not reach the wanted position in time."""

    def __init__(self, name: str, wanted: int, reached: int) -> None:
        super().__init__(f"{name} is at position {reached}, {wanted} was asked for")
        self.name, self.wanted, self.reached = name, wanted, reached


class Place(msgspec.Struct, frozen=True):
    """How far stored rows have come, in which build of their tables, the mark of what stood there
    in the log (one of another position says nothing), and what no row shows because it could not
    be read: it is `aside`.
    """

    position: int
    build: int
    mark: str = ""
    aside: Mapping[int, Unreadable] = {}


class RowStore(Protocol):
    """The rows of one projection. Every method raises `Unavailable` or `Unbuilt`."""

    async def claim(self) -> Place | None:
        """Become the one active writer, until `release` or the loss of the connection; None while
        another is.
        """
        ...

    async def reached(self) -> int:
        """How far the rows have come that another writes, 0 if nothing is known of them."""
        ...

    async def write(self, place: Place, changes: Changes, position: int, mark: str = "") -> Place:
        """Apply changes and move to `position`, where `mark` stands, all or nothing. Raises
        `Fenced` unless the rows are still at `place`.
        """
        ...

    async def check(self) -> None:
        """Nothing, while we are the active writer and connected."""
        ...

    async def release(self) -> None:
        """Let another writer in. Never fails."""
        ...


Phase = Literal["starting", "standby", "following", "building", "waiting", "failed", "stopped"]


class Status(msgspec.Struct):
    """What a projector is doing, for health checks and metrics; `position` is the last one whose
    rows can be read, `error` why it waits or failed.
    """

    name: str
    version: int
    phase: Phase = "starting"
    position: int = 0
    error: str | None = None


async def recall(
    store: Log,
    projection: Projection[S],
    keys: Sequence[str],
    upto: int,
    kept: SnapshotsOf[S] | None = None,
) -> dict[str, S]:
    """The states of keys as of position `upto`, folded from their streams, or from what was `kept`
    of them on. Raises `Unavailable`.
    """
    states: dict[str, S] = {}
    for start in range(0, len(keys), RECALLED_AT_ONCE):
        some = keys[start : start + RECALLED_AT_ONCE]
        found = await asyncio.gather(*(_state(store, projection, key, upto, kept) for key in some))
        states.update(zip(some, found, strict=True))
    return states


async def _state(
    store: Log, projection: Projection[S], key: str, upto: int, kept: SnapshotsOf[S] | None
) -> S:
    since, streams = None, [f"{prefix}{key}" for prefix in projection.follows]
    if kept is None:
        found = in_order(*[await store.load(stream) for stream in streams])
    else:
        since, _, found = await kept.recall(store, streams[0], upto)
    # What could not be read is of no stream to who follows the log; so it is here.
    past = [each for each in found if each.position <= upto and each.unreadable is None]
    state = state_after(projection, past, since)
    if kept is not None and kept.is_due(streams[0], len(past)):
        kept.keep(streams[0], state, past[-1])
    return state


async def apply(
    folder: Folder[S], rows: RowStore, store: Log, place: Place, batch: Sequence[Recorded[Event]]
) -> Place:
    """Fold a batch and write it; the new place, or the old one if the batch changes nothing."""
    changes = Changes(rows={}, aside=unreadable_in(batch))
    for part in folder.parts:
        followed = part.select(batch)
        if unknown := part.find_unknown(followed):
            before = batch[0].position - 1
            part.learn(await recall(store, part.projection, unknown, before, part.kept))
        changes.add(part.fold(followed))
        part.keep_long(followed)
    if not changes:
        return place
    return await rows.write(place, changes, batch[-1].position, batch[-1].mark)


async def catch_up(
    folder: Folder[S], rows: RowStore, store: Log, place: Place, upto: int | None = None
) -> Place:
    """Apply the log from `place` up to `upto`, or to its head, and store where that is."""
    last = None
    async for batch in store.read(after=place.position, upto=upto):
        place, last = await apply(folder, rows, store, place, batch), batch[-1]
    if last is None or last.position == place.position:
        return place
    return await rows.write(place, Changes(rows={}), last.position, last.mark)


async def build_nothing(_: LogChanged) -> None:
    """For those who do not care what the log is."""


class Projector(Generic[S]):
    """Runs the projection of a folder. `build` makes its tables from the log where they are
    missing, `changed` where they are made of what does not stand in the log any more.
    """

    def __init__(
        self,
        folder: Folder[S],
        store: Log,
        rows: RowStore,
        build: Callable[[Projection[Any]], Awaitable[None]],
        changed: Callable[[LogChanged], Awaitable[None]] = build_nothing,
    ) -> None:
        self.projection = projection = folder.projection
        self.status = Status(name=projection.name, version=projection.version)
        self._store = store
        self._rows = rows
        self._build = build
        self._changed = changed
        self._folder = folder
        self._moved = Moves()

    async def run(self) -> None:
        """Follow until cancelled, or until the projection itself fails: then say so and stop,
        so that the others go on. Outages are waited out.
        """
        failures = 0
        while True:
            before = self.status.position
            try:
                await self._take_part()
            except asyncio.CancelledError:
                self.status.phase = "stopped"
                raise
            except Fenced as fenced:
                log.info("projector.fenced", projection=self.projection.name, reason=str(fenced))
            except Unavailable as outage:
                failures = 0 if self.status.position > before else failures + 1
                self._note("waiting", str(outage))
                await asyncio.sleep(BACKOFF_S[min(failures, len(BACKOFF_S) - 1)])
            except Exception as fault:
                at = self.status.position
                self._note("failed", f"behind position {at}: {type(fault).__name__}: {fault}")
                log.exception(
                    "projector.failed",
                    projection=self.projection.name,
                    position=self.status.position,
                )
                return

    async def reach(self, position: int, timeout_s: float) -> bool:
        """Whether this projector's rows contain `position`, waiting up to `timeout_s` for it."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._moved.until(lambda: self.status.position >= position)
        except TimeoutError:
            return False
        return True

    async def _take_part(self) -> None:
        """Stand by, then follow. Ends by an exception, or after a build."""
        try:
            while (place := await self._rows.claim()) is None:
                self.status.phase, self.status.position = "standby", await self._rows.reached()
                await asyncio.sleep(STANDBY_POLL_S)
            await check_place(self._store, place.position, place.mark)
            self._folder.forget()
            # It may lie behind what we had: a database that crashed has lost its last moments.
            self.status.position = place.position
            await self._store.head()  # who cannot ask the log does not follow it
            await self._require_current(place)
            self._note("following")
            await self._follow(place)
        except Unbuilt:
            await self._rows.release()
            self._note("building")
            await self._build(self.projection)
        except LogChanged as change:
            await self._rows.release()
            self._note("building", str(change))
            self.status.position = 0
            await self._changed(change)
        finally:
            await self._rows.release()

    async def _follow(self, place: Place) -> None:
        async with Reading(self._store.read(after=place.position, follow=True)) as reading:
            seen, mark = place.position, place.mark
            while True:
                unwritten = seen - place.position
                batch = await reading.take(FLUSH_S if unwritten else IDLE_CHECK_S)
                if batch is None:
                    place = await self._idle(place, seen, mark)
                    continue
                assert batch[0].position == seen + 1, f"gap in the log behind {seen}"
                place = await apply(self._folder, self._rows, self._store, place, batch)
                seen, mark = batch[-1].position, batch[-1].mark
                if seen - place.position >= FLUSH_COMMITS:
                    place = await self._idle(place, seen, mark)
                self.status.position = seen
                self._moved.tell()
                if any(recorded.stream == SKIPS for recorded in batch):
                    await self._require_current(place)

    async def _require_current(self, place: Place) -> None:
        """Raises `Unbuilt` where the log reads otherwise now than when the rows were written."""
        projection = self.projection
        why = await self._store.outdated(place.position, place.aside, projection.streams)
        if why is not None:
            log.warning("projector.outdated", projection=projection.name, reason=why)
            raise Unbuilt(f"{projection.name}: {why}")

    async def _idle(self, place: Place, seen: int, mark: str) -> Place:
        if seen == place.position:
            await self._rows.check()
            return place
        return await self._rows.write(place, Changes(rows={}), seen, mark)

    def _note(self, phase: Phase, error: str | None = None) -> None:
        changed = (self.status.phase, self.status.error) != (phase, error)
        self.status.phase, self.status.error = phase, error
        if changed:
            log.info("projector.phase", projection=self.projection.name, phase=phase, error=error)
