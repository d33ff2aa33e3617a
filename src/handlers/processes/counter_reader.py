"""Reads the counters of objectives, minute by minute, and records how they have grown.

What was read is read again a while later, for what measures may be late, or its clock behind; only
what is other than before is recorded. Whoever cannot be read is asked again from where it was left,
so an outage of the monitoring loses nothing that the monitoring itself still has.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Protocol
from uuid import uuid5

import msgspec
import structlog

from domain.kernel.aggregate import namespace_of
from domain.kernel.refusal import Refused
from domain.sight import PUBLIC
from domain.slo.budget import EPOCH
from domain.slo.counter_growth import LONG_GAP_S, CounterSeries, MinuteGrowth, growth_of
from domain.slo.measurement import MEASUREMENT, MeasuredSample, RecordMeasurement
from domain.slo.tracking import SLO
from domain.slo.tracking.definition import objective_of
from domain.slo.tracking.events import PrometheusCounters
from domain.slo.tracking.judging import minute_of
from handlers.kernel.asks import Meta
from handlers.kernel.executor import Executor
from handlers.queries.read_models import ReadModels
from projections.slo.measurements import LIST_MEASURED, SAMPLES_WITHIN
from projections.slo.objectives import LIST_SLOS

ACTOR = "commandpost"
AGAIN_MINUTES = 10
"""So much is read once more."""
CHUNK_MINUTES = 360
"""So much at once; whoever has more to catch up goes on at the next look."""
RETRY = timedelta(seconds=10)
AT_MOST = 1_000

log = structlog.get_logger(__name__)


class CannotReadError(Exception):
    """Why counters cannot be read now, in words."""


class CounterSource(Protocol):
    """Who has counters."""

    async def counters(self, query: str, begins_s: int, ends_s: int) -> tuple[CounterSeries, ...]:
        """The series of a query at each whole minute. Raises `CannotReadError`."""
        ...


class CounterReader:
    """Looks what is to be read."""

    def __init__(
        self,
        executor: Executor,
        read_models: ReadModels,
        sources: Mapping[str, CounterSource],
        clock: Callable[[], datetime],
    ) -> None:
        self._executor, self._read_models = executor, read_models
        self._sources, self._clock = sources, clock
        self._read: dict[str, int] = {}
        """The minute up to which each was read."""
        self._rests: dict[str, datetime] = {}
        """Until when a source that could not be read is left alone."""
        self._faults: dict[str, str] = {}

    async def read_due(self) -> int:
        """Read those of which a minute has passed; how many samples were recorded. Raises
        `Unavailable`.
        """
        rows = await self._read_models.ask(PUBLIC, LIST_SLOS, active=True, limit=AT_MOST)
        last: dict[str, int] = {}
        if any(row.id not in self._read for row in rows):
            measured = await self._read_models.ask(PUBLIC, LIST_MEASURED, limit=AT_MOST)
            last = {each.id: minute_of(each.last_at) for each in measured}
        recorded = 0
        for row in rows:
            now = minute_of(self._clock())
            if self._read.get(row.id, -1) >= now:
                continue
            slo = await self._executor.state(SLO, row.id)
            profile = slo.entry.profile
            if profile is None or profile.prometheus is None:
                self._read[row.id] = now
                continue
            earliest = now - objective_of(profile).window_minutes
            begins = max(self._read.get(row.id, last.get(row.id, earliest)), earliest)
            ends = min(begins + CHUNK_MINUTES, now)
            recorded += await self._read_one(row.id, profile.prometheus, begins, ends)
        return recorded

    async def _read_one(self, id_: str, of: PrometheusCounters, begins: int, ends: int) -> int:
        """One that cannot be read does not stop those of other sources."""
        if self._rests.get(of.source, EPOCH) > self._clock():
            return 0
        try:
            found = await self._grown(self._source(of.source), of, begins, ends)
            recorded = await self._record(id_, found)
        except (CannotReadError, Refused) as fault:
            self._rests[of.source] = self._clock() + RETRY
            self._note(id_, of.source, str(fault))
            return 0
        self._read[id_] = ends
        self._note(id_, of.source, "")
        return recorded

    def _source(self, name: str) -> CounterSource:
        if name not in self._sources:
            raise CannotReadError("the configuration has no [prometheus] of this name")
        return self._sources[name]

    async def _grown(
        self, source: CounterSource, of: PrometheusCounters, begins: int, ends: int
    ) -> list[MinuteGrowth]:
        since_s = (begins - AGAIN_MINUTES) * 60
        # A counter is compared with the point before it, which may be behind a gap.
        good, total = [
            await source.counters(query, since_s - LONG_GAP_S, ends * 60)
            for query in (of.good, of.total)
        ]
        return list(growth_of(good, total, since_s))

    async def _record(self, id_: str, found: list[MinuteGrowth]) -> int:
        if not found:
            return 0
        rows = await self._read_models.ask(
            PUBLIC, SAMPLES_WITHIN, slo=id_, since_s=found[0].at_s, until_s=found[-1].at_s + 1
        )
        known = {each.at_s: (each.good, each.total) for each in rows}
        news = tuple(
            MeasuredSample(
                at=EPOCH + timedelta(seconds=each.at_s), good=each.good, total=each.total
            )
            for each in found
            if known.get(each.at_s) != (each.good, each.total)
        )
        if not news:
            return 0
        command = RecordMeasurement(slo=id_, samples=news)
        key = str(uuid5(namespace_of(id_), msgspec.json.encode(command).decode()))
        meta = Meta(command_id=key, actor=ACTOR, correlation_id=key)
        outcome = await self._executor.run(MEASUREMENT, id_, command, meta)
        return len(news) if outcome.outcome == "decided" else 0

    def _note(self, id_: str, source: str, fault: str) -> None:
        """Say in the log what is wrong, as it changes."""
        if self._faults.get(id_, "") != fault:
            tell = log.warning if fault else log.info
            tell("slo.counters", slo=id_, source=source, reason=fault or "they are read again")
        self._faults[id_] = fault
