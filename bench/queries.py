"""What questions cost where there are 100,000 incidents, beside `SELECT 1` by the same way.

    python bench/queries.py [incidents]

Rows are those of a few made-up incidents under other names, numbers and times; 1 in 500 is open,
and 1 in 1,000 was written to once more a month later: these stand in the log as well, where looking
back finds them. Statistics are asked of a service that has just started (`first`), again, and after
one incident has `changed`. Times are from the question to decoded answers. What is touched depends
less than time on what else the machine does: rows and blocks of 8 KiB, as PostgreSQL counts them.
"""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import quantiles
from typing import Any

import msgspec
import uvloop
from histories import FIRST, incident

from adapters.embedded import Servers, embedded_servers
from adapters.storage.codec import Codec
from adapters.storage.codec.upcasters import UPCASTERS
from adapters.storage.nats.connection import connect
from adapters.storage.nats.event_store import JetStreamEventStore, open_store
from adapters.storage.nats.requests import Requests
from adapters.storage.nats.streams import provision
from adapters.storage.postgres.pool import Pool, ask, open_pool
from adapters.storage.postgres.projectors import Projectors
from adapters.storage.postgres.read_models import PostgresReadModels
from domain.incident import events as e
from domain.kernel.commit import Commit, Event, Recorded
from domain.policy import DEFAULT
from domain.registry import AnyEvent
from domain.sight import SERVICE
from handlers.kernel.ports import Append
from handlers.projecting.folder import state_after
from handlers.queries.resources import answer
from projections.incident.board import BOARD, UNFINISHED
from projections.incident.figures import DURATIONS
from projections.incident.incident_list import INCIDENTS, LIST_INCIDENTS, IncidentFilter
from projections.incident.period import Period
from projections.incident.statistics import STATISTICS
from projections.past import Cut
from projections.projection import Projection
from projections.read_model import Question, sight_of
from projections.registry import ALL

SHAPES = 20
ASKED = 41
LATE = timedelta(days=30)
Timed = tuple[str, Callable[[], Awaitable[Any]]]


def story(number: int) -> list[list[Event]]:
    """Of 500 the last is still open, of 1,000 the first gets a note a month later."""
    told = incident(number)
    if number % 500 == 499:
        return told[:8]
    if number % 1_000 == 0:
        note = e.NoteAdded(occurred_at=told[-1][-1].occurred_at + LATE, text="for the review")
        return [*told, [note]]
    return told


def commits(number: int) -> Iterator[Commit[Event]]:
    for step, happened in enumerate(story(number)):
        yield Commit(
            id=f"{number}-{step}", actor="ada", correlation_id="c",
            recorded_at=happened[-1].occurred_at + timedelta(seconds=1), events=tuple(happened),
        )  # fmt: skip


def key(number: int) -> str:
    return f"{0x01970000 + number:08x}-0000-7000-8000-000000000000"


def rows(projection: Projection[Any], incidents: int) -> Iterator[tuple[Any, ...]]:
    """The row of each incident: that of one of its shape, under its own name and times."""
    names = [column.name for column in projection.tables[0].columns]
    shapes: dict[Any, tuple[int, list[Any]]] = {}
    for number in range(incidents):
        shape = (number % SHAPES, number % 500 == 499, number % 1_000 == 0)
        if shape not in shapes:
            told = [Recorded(n, f"incident.{key(number)}", it)
                    for n, it in enumerate(commits(number), start=1)]  # fmt: skip
            (put,) = projection.show(key(number), state_after(projection, told))
            shapes[shape] = number, list(put.row)
        first, row = shapes[shape]
        later = timedelta(minutes=7 * (number - first))
        made = dict(zip(names, row, strict=True))
        for name, value in made.items():
            if name.endswith("_at") and value is not None:
                made[name] = value + later
        made |= {"id": key(number), "position": number + 1}
        if "number" in made:
            made["number"] = number + 1
            made["view"] = made["view"].replace(f'"INC-{first + 1}"', f'"INC-{number + 1}"')
        elif made["started_at"] is not None:
            made["month"] = made["started_at"].strftime("%Y-%m")
        yield tuple(made.values())


async def fill(pool: Pool, store: JetStreamEventStore, incidents: int) -> None:
    for projection in (BOARD, STATISTICS):
        table = projection.tables[0]
        async with pool.acquire() as connection:
            await connection.copy_records_to_table(
                table.name,
                schema_name=projection.schema,
                columns=[column.name for column in table.columns],
                records=rows(projection, incidents),
                timeout=300,
            )
            await connection.execute(f'VACUUM ANALYZE "{projection.schema}"."{table.name}"')
    around = range(incidents // 2 - 20, incidents // 2 + 20)
    for number in {*range(0, incidents, 1_000), *around}:
        end = 0
        for commit in commits(number):
            end = await store.append(Append(f"incident.{key(number)}", end, commit))


async def change_one(pool: Pool) -> None:
    """An incident took a minute longer than was known."""
    table = f'"{STATISTICS.schema}"."{STATISTICS.tables[0].name}"'
    last = f"SELECT max(position) AS place, random() AS at FROM {table}"
    await ask(pool, f"""
        WITH last AS ({last}), one AS (
            SELECT id FROM {table}, last WHERE position > at * place ORDER BY position LIMIT 1
        ) UPDATE {table} AS row SET position = place + 1, ttm_s = ttm_s + 60
        FROM last, one WHERE row.id = one.id
    """)  # fmt: skip


async def touched(pool: Pool, schema: str, question: Question[..., Any], **given: Any) -> str:
    taken = question.takes(**given)
    values = [getattr(taken, name) for name in question.parameters]
    tables = next(each.tables for each in (BOARD, STATISTICS) if each.name == question.of)
    values += sight_of(SERVICE) if question.of == BOARD.name else ()
    statement = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {question.over(schema, tables)}"
    (row,) = await ask(pool, statement, *values)
    plan = json.loads(row[0])[0]["Plan"]
    blocks = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    return f"{_scanned(plan):9,} rows {blocks:8,} blocks"


def _scanned(plan: dict[str, Any]) -> int:
    """Rows that scans of tables and indexes gave or passed by."""
    below = sum(map(_scanned, plan.get("Plans", ())))
    if "Relation Name" not in plan:
        return below
    seen = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)
    return below + round(seen * plan["Actual Loops"])


async def timed(
    run: Callable[[], Awaitable[Any]], before: Callable[[], Awaitable[Any]] | None = None
) -> list[float]:
    """Milliseconds; what happens `before` each does not count."""
    found = []
    for _ in range(ASKED):
        if before is not None:
            await before()
        start = time.perf_counter()
        await run()
        found.append((time.perf_counter() - start) * 1e3)
    return found


def lists(models: PostgresReadModels, store: JetStreamEventStore, incidents: int) -> list[Timed]:
    middle = FIRST + timedelta(minutes=7 * (incidents // 2))

    def one(label: str, cut: Cut = Cut(), **given: Any) -> Timed:  # noqa: B008 - a value
        asked = IncidentFilter(**given)
        return label, lambda: answer(store, models, SERVICE, INCIDENTS, asked, cut)

    return [
        one("newest 100"),
        one("open", statuses=("open",)),
        one("resolved SEV1", statuses=("resolved",), severities=("SEV1",)),
        one("before the middle", before=incidents // 2),
        one("open, before the middle", statuses=("open",), before=incidents // 2),
        one("as of the middle", Cut(as_of=middle)),
        one("open as of the middle", Cut(as_of=middle), statuses=("open",)),
        one("resolved as of the middle", Cut(as_of=middle), statuses=("resolved",)),
        one("open, known at the middle", Cut(known_at=middle), statuses=("open",)),
        ("unfinished", lambda: models.ask(SERVICE, UNFINISHED, since=middle + LATE * 1_000)),
    ]


async def report(pool: Pool, store: JetStreamEventStore, projectors: Projectors, most: int) -> None:
    codec = Codec(AnyEvent, UPCASTERS)
    models = PostgresReadModels(pool, projectors, codec)
    floor = quantiles(await timed(lambda: ask(pool, "SELECT 1")), n=100)[49]
    print(f"  {'SELECT 1':28} p50 {floor:8.2f} ms")

    async def show(
        label: str,
        run: Callable[[], Awaitable[Any]],
        before: Callable[[], Awaitable[Any]] | None = None,
    ) -> None:
        found = quantiles(await timed(run, before), n=100)
        print(f"  {label:28} p50 {found[49]:8.2f} ms  p99 {found[98]:8.2f} ms"
              f"  {found[49] / floor:7.1f} x SELECT 1", flush=True)  # fmt: skip

    for label, run in lists(models, store, most):
        await show(label, run)
    for by in ("all", "severity", "service", "month"):

        async def afresh(by: Any = by) -> Any:
            return await PostgresReadModels(pool, projectors, codec).ask(SERVICE, DURATIONS, by=by)

        async def asked(by: Any = by) -> Any:
            return await models.ask(SERVICE, DURATIONS, by=by)

        await show(f"statistics by {by}, first", afresh)
        for _ in range(2):
            await change_one(pool)
            await asked()  # now it is known to be asked again
        while models.is_preparing:  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.01)
        await show(f"statistics by {by}, changed", asked, partial(change_one, pool))
        await show(f"statistics by {by}, again", asked)
    for label, given in (("newest 100", {}), ("open", {"statuses": ("open",)}),
                         ("before the middle", {"before": most // 2})):  # fmt: skip
        print(f"  {label:28} {await touched(pool, BOARD.schema, LIST_INCIDENTS, **given)}")
    then = INCIDENTS.look_back and INCIDENTS.look_back.candidates
    assert then is not None
    middle = FIRST + timedelta(minutes=7 * (most // 2))
    for label, given in (("as of the middle", {}), ("open as of it", {"statuses": ("open",)})):
        print(f"  {label:28} {await touched(pool, BOARD.schema, then, as_of=middle, **given)}")
    period = msgspec.structs.asdict(Period())
    print(f"  {'statistics':28} {await touched(pool, STATISTICS.schema, DURATIONS, **period)}")


async def run(servers: Servers, incidents: int) -> None:
    connection = await connect(servers.nats_admin_url)
    await provision(connection)
    store = await open_store(await Requests(connection).start(), Codec(AnyEvent, UPCASTERS))
    pool = await open_pool(servers.database_url)
    projectors = Projectors(servers.database_url, pool, store, [each.by(DEFAULT) for each in ALL])
    await projectors.prepare()
    start = time.perf_counter()
    await fill(pool, store, incidents)
    print(f"{incidents:,} incidents seeded in {time.perf_counter() - start:.1f} s")
    for _ in range(2):
        await report(pool, store, projectors, incidents)
    await pool.close()
    await connection.close()


async def main(incidents: int) -> None:
    with tempfile.TemporaryDirectory(prefix="commandpost-bench-") as state:
        async with embedded_servers(Path(state)) as servers:
            await run(servers, incidents)


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
