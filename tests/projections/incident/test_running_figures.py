"""Figures that are kept up are those of plain arithmetic over the rows, whatever changed before."""

import struct
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from math import isnan
from statistics import fmean, quantiles
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.incident.course.durations import SERIES
from projections.incident.period import Period
from projections.incident.running_figures import PERIODS_KEPT, RowChanged, RunningFigures
from projections.incident.statistics import Group, Summary

START = datetime(2026, 1, 1, tzinfo=UTC)
SECONDS = st.none() | st.integers(0, 10**10).map(lambda us: us / 1e6)
ROWS = st.builds(
    RowChanged,
    id=st.sampled_from("abcdefgh"),
    position=st.just(1),
    counted=st.booleans(),
    severity=st.sampled_from(("SEV1", "SEV2")),
    month=st.none() | st.sampled_from(("2026-01", "2026-02")),
    services=st.lists(st.sampled_from(("web", "api", "db")), max_size=3).map(tuple),
    reopened=st.booleans(),
    started_at=st.none() | st.integers(0, 9).map(lambda day: START + timedelta(days=day)),
    seconds=st.lists(SECONDS, min_size=len(SERIES), max_size=len(SERIES)).map(
        lambda known: b"".join(
            struct.pack(">d", float("nan") if one is None else one) for one in known
        )
    ),
)
ASKED = [
    Period(by=by, since=since, until=until)  # type: ignore[arg-type]
    for by in ("all", "severity", "service", "month")
    for since, until in ((None, None), (START + timedelta(days=3), START + timedelta(days=7)))
]


def summary(values: list[float]) -> Summary:
    known = sorted(value for value in values if not isnan(value))
    if not known:
        return Summary(n=0, unknown=len(values), median_s=None, p90_s=None, mean_s=None)
    deciles = quantiles(known * (2 if len(known) == 1 else 1), n=10, method="inclusive")
    return Summary(
        n=len(known),
        unknown=len(values) - len(known),
        median_s=pytest.approx(deciles[4]),
        p90_s=pytest.approx(deciles[8]),
        mean_s=pytest.approx(fmean(known)),
    )


def plainly(rows: list[RowChanged], asked: Period) -> list[Group]:
    grouped: defaultdict[str, list[RowChanged]] = defaultdict(list)
    for row in rows:
        began = row.started_at
        late = asked.since and (began is None or began < asked.since)
        over = asked.until and (began is None or began >= asked.until)
        if row.counted and not late and not over:
            names: dict[Any, set[str]] = {
                "all": {"all"},
                "severity": {row.severity},
                "month": {row.month or "unknown"},
                "service": {*row.services} or {"unknown"},
            }
            for name in names[asked.by]:
                grouped[name].append(row)
    return [
        Group(
            group=name,
            incidents=len(found),
            reopened=sum(row.reopened for row in found),
            series={
                series: summary(values)
                for series, values in zip(
                    SERIES, _columns([row.seconds for row in found]), strict=True
                )
            },
        )
        for name, found in sorted(grouped.items())
    ]


def _columns(packed: list[bytes]) -> list[list[float]]:
    unpacked = [struct.unpack(f">{len(SERIES)}d", each) for each in packed]
    return [list(column) for column in zip(*unpacked, strict=True)]


@given(before=st.lists(ROWS, max_size=12), after=st.lists(ROWS, max_size=12))
@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_they_are_plain_arithmetic_whatever_changed(
    asked: Period, before: list[RowChanged], after: list[RowChanged]
):
    running = RunningFigures()
    running.put(before)
    list(running.prepare(asked))
    assert running.answer(asked) == plainly([*{row.id: row for row in before}.values()], asked)
    running.put(after)
    assert running.answer(asked) == plainly(
        [*{row.id: row for row in (*before, *after)}.values()], asked
    )


def test_the_questions_asked_last_are_kept_up():
    running = RunningFigures()
    asked = [Period(until=START + timedelta(days=day)) for day in range(PERIODS_KEPT + 1)]
    for each in asked:
        list(running.prepare(each))
    assert [running.is_prepared(each) for each in asked] == [False] + [True] * PERIODS_KEPT
    running.unprepare()
    assert not any(map(running.is_prepared, asked))
