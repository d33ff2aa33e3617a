"""Statistics are those of plain arithmetic over a fold of everything, and are computed once."""

from collections import defaultdict
from datetime import datetime
from statistics import fmean, quantiles
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import asdict, replace

from adapters.storage.memory.event_store import MemoryEventStore
from adapters.storage.postgres import read_models
from domain.incident import INCIDENT
from domain.incident.course.durations import SERIES
from domain.kernel.refusal import Refused
from domain.sight import PUBLIC, SERVICE
from handlers.kernel.ports import Append
from handlers.queries import summaries
from handlers.queries.resources import answer
from projections.incident.figures import DURATIONS, DURATIONS_OF_PERIOD
from projections.incident.period import Grouping, Period
from projections.incident.statistics import STATISTICS, Group, Summary, durations, measure
from projections.past import NOW, Cut, stood_then
from support.patience import PATIENT_S, until
from support.read_models import rows_of, running
from support.spec import (
    SEV1,
    SEV3,
    Log,
    acknowledged,
    at,
    declared,
    log_of,
    mitigated,
    reopened,
    resolved,
    rows,
)
from support.worlds import IDS, WORLDS, times_of, written

LIMITS = st.none() | st.integers(0, 20).map(at)


def summary(values: list[float | None]) -> Summary:
    """Percentiles interpolate linearly between the closest ranks."""
    known = sorted(value for value in values if value is not None)
    deciles = (
        quantiles(known * (1 if len(known) > 1 else 2), n=10, method="inclusive") if known else []
    )
    return Summary(
        n=len(known),
        unknown=len(values) - len(known),
        median_s=pytest.approx(deciles[4]) if known else None,
        p90_s=pytest.approx(deciles[8]) if known else None,
        mean_s=pytest.approx(fmean(known)) if known else None,
    )


def measured(log: Log, cut: Cut) -> list[dict[str, Any]]:
    """What a row says of an incident, at a time."""
    if not cut:
        return rows(STATISTICS, log)["incident"]
    then = stood_then(INCIDENT, log.commits, cut)
    if not then.begun:
        return []
    seconds = durations(then.state.facts.milestones)
    return [{**asdict(measure(then.state)), **{f"{name}_s": v for name, v in seconds.items()}}]


async def plainly(store: MemoryEventStore, asked: Period, cut: Cut = NOW) -> list[Group]:
    grouped: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for id_ in IDS:
        log = log_of()
        log.commits = await store.load(INCIDENT.stream(id_))
        for row in measured(log, cut):
            began: datetime | None = row["started_at"]
            late = asked.since and (began is None or began < asked.since)
            over = asked.until and (began is None or began >= asked.until)
            if not row["counted"] or late or over:
                continue
            groups = {
                "all": ["all"],
                "severity": [row["severity"]],
                "month": [row["month"] or "unknown"],
                "service": sorted({*row["services"]}) or ["unknown"],
            }
            for group in groups[asked.by]:
                grouped[group].append(row)
    return [
        Group(
            group=group,
            incidents=len(found),
            reopened=sum(row["reopenings"] > 0 for row in found),
            series={name: summary([row[f"{name}_s"] for row in found]) for name in SERIES},
        )
        for group, found in sorted(grouped.items())
    ]


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(world=WORLDS, limits=st.lists(st.tuples(LIMITS, LIMITS), min_size=3, max_size=3))
async def test_every_grouping_of_every_period_is_plain_arithmetic(
    fresh_database: str, world: Any, limits: list[tuple[datetime | None, datetime | None]]
):
    store = await written(world)
    async with rows_of(fresh_database, store, STATISTICS) as (found, _):
        for since, until in [(None, None), *limits]:
            if since and until and since >= until:
                continue
            for by in ("all", "severity", "service", "month"):
                asked = Period(since=since, until=until, by=by)  # type: ignore[arg-type]
                answered = await found.ask(PUBLIC, DURATIONS, since=since, until=until, by=by)
                assert answered == await plainly(store, asked)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(world=WORLDS, since=LIMITS, data=st.data())
async def test_the_figures_of_another_time_are_plain_arithmetic_over_what_was_so_then(
    fresh_database: str, world: Any, since: datetime | None, data: st.DataObject
):
    store = await written(world)
    log = [recorded async for part in store.read() for recorded in part]
    moments = [*times_of(log)]
    async with rows_of(fresh_database, store, STATISTICS) as (found, _):
        for _ in range(4 if moments else 0):
            cut = Cut(**dict(data.draw(st.lists(st.sampled_from(moments), min_size=1, max_size=2))))
            for by in ("all", "severity", "service", "month"):
                asked = Period(since=since, by=by)  # type: ignore[arg-type]
                page = await answer(store, found, SERVICE, DURATIONS_OF_PERIOD, asked, cut)
                assert page is not None
                assert page.answer.groups == await plainly(store, asked, cut), (cut, by)


async def test_what_is_kept_up_is_what_the_database_would_answer(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
):
    """After each commit, and by the second change the database is not asked any more."""
    made: list[str] = []
    whole = read_models.ask

    async def counted(pool: Any, query: str, *values: Any) -> Any:
        made.extend(["made"] if "percentile_cont" in query else [])
        return await whole(pool, query, *values)

    monkeypatch.setattr(read_models, "ask", counted)
    store, ends = MemoryEventStore(), dict.fromkeys(IDS, 0)
    told = [
        (id_, recorded)
        for n, id_ in enumerate(IDS)
        for recorded in log_of(
            declared(SEV1 if n % 2 else SEV3, impact_started_at=at(-7 * n), services=("web", "db")),
            acknowledged(2 + n),
            mitigated(30 + n * n),
            resolved(40 + n),
            reopened(50),
        ).commits
    ]
    async with rows_of(fresh_database, store, STATISTICS) as (found, models), running(models):
        for id_, recorded in told:
            commit = replace(recorded.commit, id=f"c{sum(ends.values())}")
            ends[id_] = await store.append(Append(INCIDENT.stream(id_), ends[id_], commit))
            await models.wait_for(STATISTICS.name, ends[id_], PATIENT_S)
            for by in get_args(Grouping):
                asked = Period(by=by)
                assert await found.ask(PUBLIC, DURATIONS, by=by) == await plainly(store, asked)
                await until(lambda: not found.is_preparing)
    assert len(made) == 2 * len(get_args(Grouping))


async def test_figures_for_which_too_much_would_be_folded_are_refused(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(summaries, "COMMITS_MOST", 1)
    log, store, position = log_of(declared(), resolved()), MemoryEventStore(), 0
    for recorded in log.commits:
        position = await store.append(Append(INCIDENT.stream(IDS[0]), position, recorded.commit))
    async with rows_of(fresh_database, store, STATISTICS) as (found, _):
        with pytest.raises(Refused) as refused:
            await answer(store, found, SERVICE, DURATIONS_OF_PERIOD, Period(), Cut(as_of=at(20)))
    assert (refused.value.code, refused.value.field) == ("query.too_wide", "as_of")


async def test_an_answer_is_made_again_when_a_row_changes_and_not_before(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
):
    """Whatever else is written to the log in between."""
    asked: list[str] = []
    whole = read_models.ask

    async def counted(pool: Any, query: str, *values: Any) -> Any:
        asked.append(query)
        return await whole(pool, query, *values)

    monkeypatch.setattr(read_models, "ask", counted)
    story = log_of(declared(impact_started_at=at(-10), detected_at=at(-8)), resolved())
    store = MemoryEventStore()
    async with rows_of(fresh_database, store, STATISTICS) as (found, models), running(models):

        async def made() -> int:
            before = sum("percentile_cont" in query for query in asked)
            groups = [await found.ask(PUBLIC, DURATIONS, by="all") for _ in range(3)]
            assert groups[0] == groups[1] == groups[2]
            return sum("percentile_cont" in query for query in asked) - before

        assert await made() == 1
        assert await made() == 0
        position, stream = 0, INCIDENT.stream(IDS[0])
        for recorded in story.commits:
            position = await store.append(Append(stream, position, recorded.commit))
            await models.wait_for(STATISTICS.name, position, PATIENT_S)
            assert await made() == 1
        (group,) = await found.ask(PUBLIC, DURATIONS, by="all")
        assert (group.series["ttd"].n, group.series["ttresolve"].n) == (1, 1)
        elsewhere = Append("notification.x", 0, story.commits[0].commit)
        await models.wait_for(STATISTICS.name, await store.append(elsewhere), PATIENT_S)
        assert await made() == 0
        assert await found.ask(PUBLIC, DURATIONS, by="severity") != [group]
        await models.rebuild([STATISTICS.name])
        assert await made() == 1
