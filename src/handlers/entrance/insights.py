"""What is learnt from many incidents: the scorecard, figures, patterns, alerts and reviews, as of
any time. All of it is computed beside the event loop, for others wait as well.
"""

import asyncio
from datetime import datetime

import msgspec

from domain.kernel.commit import EPOCH
from domain.kernel.refusal import Refused
from domain.learning.definitions import IN_FULL
from domain.learning.insight.alert_quality import AlertQuality, alert_quality
from domain.learning.insight.breakdown import Breakdown, WantedFigures, breakdown
from domain.learning.insight.measured import LearningRecord
from domain.learning.insight.patterns import Patterns, patterns
from domain.learning.insight.period_review import PeriodReview, review
from domain.learning.insight.periods import ReviewPeriod, Span, kind_of, span_at, span_named
from domain.learning.insight.scorecard import Scorecard, scorecard
from domain.sight import PUBLIC
from handlers.entrance.learning_record import asked_at, record_of
from handlers.entrance.service import Service
from handlers.queries.parameters import END, time_of
from projections.alerting.fired import FIRED
from projections.past import NOW, Cut


class Within(msgspec.Struct, frozen=True, kw_only=True):
    """Incidents that began in [since, until); without one of the two there is no such limit, and
    nothing is of later than the time that is asked about.
    """

    since: datetime | None = None
    until: datetime | None = None

    def span(self) -> Span:
        """As a period. Raises `Refused` where it would be empty."""
        since, until = self.since or EPOCH, self.until or END
        if since >= until:
            raise Refused(
                "query.invalid",
                f"from {since.isoformat()} is not before to {until.isoformat()}",
                field="from",
                rule="from < to",
            )
        return Span("", since, until)


def within_of(since: str | None, until: str | None) -> Within:
    """Those of a query. Raises `Refused`."""
    return Within(since=time_of(since, "from"), until=time_of(until, "to"))


async def scorecard_of(service: Service, now: datetime, cut: Cut = NOW) -> Scorecard:
    """The success metrics of the quarter of a time, up to then. Raises `Refused`, `Unavailable`."""
    period = span_at(asked_at(now, cut), "quarter")
    record = await record_of(service, period.before.since, period.until, now, cut)
    return await asyncio.to_thread(scorecard, record)


async def figures_of(
    service: Service, wanted: WantedFigures, within: Within, now: datetime, cut: Cut = NOW
) -> Breakdown:
    """Durations by group. Raises `Refused`, `Unavailable`."""
    check(wanted)
    span, record = await _read(service, within, now, cut)
    return await asyncio.to_thread(breakdown, record, IN_FULL, wanted, span)


async def patterns_of(service: Service, within: Within, now: datetime, cut: Cut = NOW) -> Patterns:
    """What fails together, and so on. Raises `Refused`, `Unavailable`."""
    span, record = await _read(service, within, now, cut)
    return await asyncio.to_thread(patterns, record, span)


async def alert_quality_of(
    service: Service, within: Within, now: datetime
) -> tuple[AlertQuality, ...]:
    """Alert by alert. Raises `Refused`, `Unavailable`."""
    span, record = await _read(service, within, now, NOW)
    fired = await service.read_models.ask(PUBLIC, FIRED, since=span.since, until=span.until)
    return await asyncio.to_thread(alert_quality, fired, {it.id: it for it in record.incidents})


async def _read(
    service: Service, within: Within, now: datetime, cut: Cut
) -> tuple[Span, LearningRecord]:
    span = within.span()
    return span, await record_of(service, span.since, span.until, now, cut)


def check(wanted: WantedFigures) -> None:
    """Raises `Refused` where nothing can be computed."""
    if wanted.series not in IN_FULL.series:
        rule = f"one of {', '.join(IN_FULL.series)}"
        raise Refused(
            "query.invalid", f"series: {wanted.series!r} is not {rule}", field="series", rule=rule
        )
    if not all(0 <= each <= 1 for each in wanted.quantiles):
        raise Refused(
            "query.invalid", "a quantile is from 0 to 1", field="quantile", rule="from 0 to 1"
        )
    if not all(each >= 0 for each in wanted.within_s):
        raise Refused(
            "query.invalid", "a threshold is 0 or more seconds", field="within", rule="seconds"
        )


async def review_of(
    service: Service, kind: ReviewPeriod, named: str | None, now: datetime, cut: Cut = NOW
) -> PeriodReview:
    """The review of the quarter or week of this name, else of that of the time that is asked about,
    up to then. Raises `Refused`, `Unavailable`.
    """
    period = _named(kind, named) if named else span_at(asked_at(now, cut), kind)
    record = await record_of(service, period.before.since, period.until, now, cut)
    until = max(period.since, min(period.until, record.at))
    fired = await service.read_models.ask(PUBLIC, FIRED, since=period.since, until=until)

    def compute() -> PeriodReview:
        alerts = alert_quality(fired, {it.id: it for it in record.incidents})
        return review(record, period, kind, alerts)

    return await asyncio.to_thread(compute)


def _named(kind: ReviewPeriod, name: str) -> Span:
    rule = "such as 2026-Q3" if kind == "quarter" else "such as 2026-W31"
    try:
        found = span_named(name)
    except ValueError:
        found = None
    if found is None or kind_of(found.name) != kind:
        raise Refused("query.invalid", f"of: {name!r} is no {kind}", field="of", rule=rule)
    return found
