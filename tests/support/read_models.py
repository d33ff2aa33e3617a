"""Two small projections that use all that projections can do, and histories for them."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from hypothesis import strategies as st

from adapters.storage.codec import Codec
from adapters.storage.codec.upcasters import UPCASTERS
from adapters.storage.memory.event_store import MemoryEventStore
from adapters.storage.postgres.pool import open_pool
from adapters.storage.postgres.projectors import Projectors
from adapters.storage.postgres.read_models import PostgresReadModels
from adapters.storage.postgres.rebuild import building_alone, forget, rebuild
from domain.kernel.commit import Commit, Event, Recorded
from domain.registry import AnyEvent
from handlers.kernel.ports import Append, EventStore
from projections.projection import Change, Column, Drop, Projection, Put, Table
from support.patience import PATIENT_S

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


class Said(Event, frozen=True, kw_only=True, tag="test.said.v1"):
    text: str
    tags: tuple[str, ...] | None = None
    data: dict[str, Any] | None = None
    who: str | None = None


class Erased(Event, frozen=True, kw_only=True, tag="test.erased.v1"):
    """Takes back the last thing said."""


class Moved(Event, frozen=True, kw_only=True, tag="test.moved.v1"):
    amount: int


class Talk(msgspec.Struct, frozen=True):
    """What has been said and not erased: position and place in the commit."""

    said: tuple[tuple[int, int], ...] = ()


def _talk(talk: Talk, recorded: Recorded[Event]) -> Talk:
    for index, event in enumerate(recorded.commit.events):
        match event:
            case Said():
                talk = Talk((*talk.said, (recorded.position, index)))
            case Erased():
                talk = Talk(talk.said[:-1])
    return talk


def _lines(before: Talk, after: Talk, recorded: Recorded[Event]) -> Iterable[Change]:
    topic = recorded.stream.partition(".")[2]
    for index, event in enumerate(recorded.commit.events):
        if isinstance(event, Said):
            data = None if event.data is None else msgspec.json.encode(event.data).decode()
            at = event.occurred_at
            words = (event.text, event.tags, data, event.who, at)
            yield Put("line", (topic, recorded.position, index, *words))
            yield Put("latest", (topic, event.text, event.who is not None, 0.1 * recorded.position))
    for position, index in before.said:
        if (position, index) not in after.said:
            yield Drop("line", (topic, position, index))
    for index, event in enumerate(recorded.commit.events):
        if isinstance(event, Said) and (recorded.position, index) not in after.said:
            yield Drop("line", (topic, recorded.position, index))


LINES: Projection[Talk] = Projection(
    name="lines",
    version=3,
    follows=("talk.",),
    tables=(
        Table(
            name="line",
            about=(),
            columns=(
                Column("topic", "text"),
                Column("position", "bigint"),
                Column("index", "integer"),
                Column("text", "text"),
                Column("tags", "text[]", null=True),
                Column("data", "jsonb", null=True),
                Column("who", "text", null=True),
                Column("at", "timestamptz"),
            ),
            keys=3,
            indexes=(("at",), ("who", "at")),
        ),
        Table(
            name="latest",
            about=(),
            columns=(
                Column("topic", "text"),
                Column("text", "text"),
                Column("named", "boolean"),
                Column("weight", "double precision"),
            ),
        ),
    ),
    initial=Talk(),
    evolve=_talk,
    each=_lines,
)
"""Rows for each commit, some of them put again and again, some dropped."""


class Tally(msgspec.Struct, frozen=True):
    total: int = 0
    moves: int = 0


def _tally(tally: Tally, recorded: Recorded[Event]) -> Tally:
    for event in recorded.commit.events:
        if isinstance(event, Moved):
            tally = Tally(tally.total + event.amount, tally.moves + 1)
    return tally


def _shown(topic: str, tally: Tally) -> Iterable[Change]:
    if tally.total < 0:
        yield Drop("tally", (topic,))
    else:
        yield Put("tally", (topic, tally.total, tally.moves))


TALLIES: Projection[Tally] = Projection(
    name="tallies",
    version=1,
    follows=("talk.", "walk."),
    tables=(
        Table(
            name="tally",
            about=(),
            columns=(
                Column("topic", "text"),
                Column("total", "bigint"),
                Column("moves", "integer"),
            ),
        ),
    ),
    initial=Tally(),
    evolve=_tally,
    show=_shown,
)
"""A state per key, shown after each batch. Applying a commit twice, or not at all, shows."""


def _echo(_before: None, _after: None, recorded: Recorded[Event]) -> Iterable[Change]:
    yield Put("echo", (recorded.position, recorded.stream, len(recorded.commit.events)))


ECHO: Projection[None] = Projection(
    name="echo",
    version=1,
    follows=("talk.", "walk."),
    tables=(
        Table(
            name="echo",
            about=(),
            columns=(
                Column("position", "bigint"),
                Column("stream", "text"),
                Column("events", "integer"),
            ),
        ),
    ),
    each=_echo,
)
"""No state at all: a row for each commit."""


def _side(stream: str) -> Projection[Tally]:
    """One part of `SIDES`."""

    def evolve(tally: Tally, recorded: Recorded[Event]) -> Tally:
        return _tally(tally, recorded)

    def each(_: Tally, tally: Tally, recorded: Recorded[Event]) -> Iterable[Change]:
        yield Put("turn", (recorded.position, stream, tally.total))

    def show(topic: str, tally: Tally) -> Iterable[Change]:
        yield Put("side", (stream, topic, tally.total))

    return Projection(
        name="sides",
        version=1,
        follows=(stream,),
        tables=(
            Table(
                name="turn",
                about=(),
                columns=(
                    Column("position", "bigint"),
                    Column("stream", "text"),
                    Column("total", "bigint"),
                ),
                once=True,
            ),
            Table(
                name="side",
                about=(),
                columns=(
                    Column("stream", "text"),
                    Column("topic", "text"),
                    Column("total", "bigint"),
                ),
                keys=2,
            ),
        ),
        initial=Tally(),
        evolve=evolve,
        each=each,
        show=show,
    )


SIDES: Projection[Any] = msgspec.structs.replace(_side("talk."), beside=(_side("walk."),))
"""States of two kinds for the same tables: keys that both have are two."""

CATALOG: tuple[Projection[Any], ...] = (LINES, TALLIES, ECHO)


def named(projection: Projection[Any], suffix: str) -> Projection[Any]:
    """The same under another name, so in tables of its own."""
    return msgspec.structs.replace(projection, name=f"{projection.name}_{suffix}")


def said(text: str, **more: Any) -> Said:
    return Said(occurred_at=NOON, text=text, **more)


def moved(amount: int = 1) -> Moved:
    return Moved(occurred_at=NOON, amount=amount)


ERASED = Erased(occurred_at=NOON)

TEXTS = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    ["null", "", "\\", '"', "\n", '"]\n["', "\\n", "\\.", "a,b", "\x00", "\t\r\b\f\x1b", "→", "{}"]
)
EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(
        Said,
        occurred_at=st.datetimes(
            datetime(1971, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
            datetime(2100, 1, 1),  # noqa: DTZ001
            timezones=st.just(UTC),
        ),
        text=TEXTS,
        tags=st.none() | st.lists(TEXTS, max_size=3).map(tuple),
        data=st.none() | st.dictionaries(TEXTS, TEXTS | st.integers(-9, 9), max_size=2),
        who=st.none() | TEXTS,
    ),
    st.just(ERASED),
    st.builds(Moved, occurred_at=st.just(NOON), amount=st.integers(-5, 5)),
)
STREAMS = st.sampled_from(["talk.a", "talk.b", "talk.c", "walk.b", "walk.d", "other.a"])
HISTORIES = st.lists(
    st.tuples(STREAMS, st.lists(EVENTS, min_size=1, max_size=3)), min_size=1, max_size=30
)


class Writer:
    """Appends events, one commit at a time, and knows where each stream is."""

    def __init__(self, store: EventStore) -> None:
        self.store = store
        self.position = 0
        self.ends: dict[str, int] = {}
        self._count = 0

    async def write(self, stream: str, *events: Event) -> int:
        self._count += 1
        commit = Commit(
            id=f"c{self._count}",
            actor="ada",
            correlation_id="c",
            recorded_at=NOON + timedelta(seconds=self._count),
            events=events,
        )
        append = Append(stream, self.ends.get(stream, 0), commit)
        self.position = self.ends[stream] = await self.store.append(append)
        return self.position

    async def write_all(self, history: Sequence[tuple[str, Sequence[Event]]]) -> int:
        for stream, events in history:
            await self.write(stream, *events)
        return self.position


def talk(commits: int) -> list[tuple[str, list[Event]]]:
    """A history that changes every table of every projection above."""
    history: list[tuple[str, list[Event]]] = []
    for n in range(commits):
        topic = f"{n * n % 17:02d}"
        match n % 5:
            case 0 | 1:
                words = said(f"{n}: so “{topic}”\n", tags=(topic, "x\\"), data={"n": n, "who": '"'})
                history.append((f"talk.{topic}", [words, moved(n % 7)]))
            case 2:
                history.append((f"talk.{topic}", [ERASED]))
            case 3:
                history.append((f"walk.{topic}", [moved(2), moved(-3)]))
            case _:
                history.append((f"other.{topic}", [moved()]))
    return history


@asynccontextmanager
async def projectors(
    url: str, store: EventStore, catalog: Sequence[Projection[Any]] = CATALOG
) -> AsyncIterator[Projectors]:
    """Built, but not running."""
    pool = await open_pool(url)
    try:
        models = Projectors(url, pool, store, catalog)
        await models.prepare()
        yield models
    finally:
        await pool.close()


@asynccontextmanager
async def running(models: Projectors) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(models.run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def all_checksums(
    models: Projectors, catalog: Sequence[Projection[Any]] = CATALOG
) -> dict[str, dict[str, str]]:
    return {one.name: await models.checksums(one.name) for one in catalog}


async def reached(
    models: Projectors,
    position: int,
    within_s: float = PATIENT_S,
    catalog: Sequence[Projection[Any]] = CATALOG,
) -> None:
    for one in catalog:
        await models.wait_for(one.name, position, within_s)


async def rebuilt_checksums(
    url: str, store: EventStore, catalog: Sequence[Projection[Any]] = CATALOG
) -> dict[str, dict[str, str]]:
    """Those of the same log in tables built anew."""
    async with projectors(url, store, catalog) as models:
        await models.rebuild([one.name for one in catalog])
        return await all_checksums(models, catalog)


@asynccontextmanager
async def rows_of(
    url: str, store: EventStore, *catalog: Projection[Any]
) -> AsyncIterator[tuple[PostgresReadModels, Projectors]]:
    """Questions to the rows of these projections, built from this log, whatever was there before;
    and who keeps them, not running.
    """
    async with building_alone(url) as control:
        for projection in catalog:
            await forget(control, projection.schema)  # of another log
    await rebuild(url, store, catalog)
    pool = await open_pool(url, size=2)
    try:
        models = Projectors(url, pool, store, catalog)
        yield PostgresReadModels(pool, models, Codec(AnyEvent, UPCASTERS)), models
    finally:
        await pool.close()


def memory() -> tuple[MemoryEventStore, Writer]:
    store = MemoryEventStore()
    return store, Writer(store)
