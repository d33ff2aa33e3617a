"""Judges objectives as samples arrive and as time passes: their budgets, and their alerts.

What is said of one stands in the log, so several instances, and one that starts again, say it once.
Samples are kept in memory as far as they are of use, and read behind the last one known.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

import structlog

from domain.kernel.refusal import Refused
from domain.sight import PUBLIC
from domain.slo.live_series import LiveSeries
from domain.slo.series import Sample
from domain.slo.tracking import SLO
from domain.slo.tracking.definition import objective_of
from domain.slo.tracking.judging import assessment, minute_of, minutes_needed
from domain.slo.tracking.tracked import TrackedSlo
from handlers.kernel.asks import Meta
from handlers.kernel.executor import Executor
from handlers.queries.read_models import ReadModels
from projections.read_model import Question
from projections.slo.measurements import FIRST_SAMPLE, LIST_MEASURED, SAMPLES_WITHIN
from projections.slo.objectives import LIST_SLOS

ACTOR = "commandpost"
PAGE = 500
EVER_S = 2**40
"""Later than any sample, in seconds since 1970."""

log = structlog.get_logger(__name__)


class _KnownSamples(NamedTuple):
    """The samples of one from a minute on, as far as they stood at a position."""

    series: LiveSeries
    since: int
    position: int


class SloKeeper:
    """Looks whether there is something new to be said of an objective."""

    def __init__(
        self,
        executor: Executor,
        read_models: ReadModels,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._executor = executor
        self._read_models = read_models
        self._clock = clock
        self._new_id = new_id
        self._known: dict[str, _KnownSamples] = {}
        self._done: dict[str, tuple[Any, ...]] = {}

    def forget(self) -> None:
        """What was read of the log is not what it holds any more."""
        self._known.clear()
        self._done.clear()

    async def assess_due(self) -> int:
        """Judge those of which samples came, or a minute has passed; how many had news. Raises
        `Unavailable`.
        """
        active = await self._all(LIST_SLOS, active=True)
        measured = {each.id: each for each in await self._all(LIST_MEASURED)}
        self._known = {id_: it for id_, it in self._known.items() if id_ in measured}
        news = 0
        for each in active:
            found, now = measured.get(each.id), self._clock()
            upto = found.position if found else 0
            mark = (each.defined_at, upto, minute_of(now))
            if self._done.get(each.id) == mark:
                continue
            news += await self._assess(each.id, upto, now)
            self._done[each.id] = mark
        return news

    async def _all(self, question: Question[..., Any], **asked: Any) -> list[Any]:
        found: list[Any] = []
        after = ""
        while True:
            page = await self._read_models.ask(PUBLIC, question, **asked, after=after, limit=PAGE)
            found += page
            if len(page) < PAGE:
                return found
            after = page[-1].id

    async def _assess(self, id_: str, upto: int, now: datetime) -> bool:
        """One that cannot be judged does not stop the others."""
        slo = await self._executor.state(SLO, id_)
        if slo.entry.profile is None or not slo.entry.active:
            return False
        series = await self._series(id_, slo, upto, now)
        key = self._new_id()
        meta = Meta(command_id=key, actor=ACTOR, correlation_id=key)
        try:
            outcome = await self._executor.run(SLO, id_, assessment(series, slo, now), meta)
        except Refused as refused:  # its history cannot be read in full, say
            log.warning("slo.not_assessed", slo=id_, reason=refused.detail)
            return False
        if outcome.outcome == "decided":
            log.info("slo.assessed", slo=id_, events=[type(it).__name__ for it in outcome.events])
        return outcome.outcome == "decided"

    async def _series(self, id_: str, slo: TrackedSlo, upto: int, now: datetime) -> LiveSeries:
        """The samples that are of use, with those that came since it was last asked."""
        ends = minute_of(now)
        since = ends - minutes_needed(objective_of(slo.profile), ends)
        known = self._known.get(id_)
        if known is None or known.since > since:
            first = await self._read_models.ask(PUBLIC, FIRST_SAMPLE, slo=id_)
            series = LiveSeries(first[0] // 60 if first else None)
            known = _KnownSamples(series, since, 0)
        if upto > known.position:
            rows = await self._read_models.ask(
                PUBLIC, SAMPLES_WITHIN, slo=id_, since_s=since * 60, until_s=EVER_S,
                behind=known.position,
            )  # fmt: skip
            known.series.add(Sample(each.at_s, each.good, each.total) for each in rows)
            behind = max((each.position for each in rows), default=known.position)
            known = known._replace(position=max(behind, upto))
        known.series.forget_before(since)
        self._known[id_] = known._replace(since=since)
        return known.series
