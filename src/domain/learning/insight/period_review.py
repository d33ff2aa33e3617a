"""The review of a quarter or a week: what happened, beside the period before, and what follows."""

from datetime import datetime

import msgspec

from domain.learning.definitions import IN_FULL
from domain.learning.insight.alert_quality import AlertQuality
from domain.learning.insight.breakdown import (
    GroupFigures,
    WantedFigures,
    beside,
    group_figures,
)
from domain.learning.insight.measured import LearningRecord, MeasuredAction, MeasuredIncident
from domain.learning.insight.patterns import Patterns, patterns
from domain.learning.insight.periods import Span
from domain.learning.insight.recommendations import Findings, Recommendation, recommendations
from domain.learning.insight.scorecard import Scorecard, scorecard

VERSION = "1"
REVIEWED = (
    *("ttd", "tta", "ttm", "ttresolve"),
    *("declare_to_acknowledge", "declare_to_mitigate", "declare_to_resolve"),
    "first_public_update",
)
RECOVERY = "declare_to_resolve"
SERVICES_MOST = 10


class ReviewedSeries(msgspec.Struct, frozen=True, kw_only=True):
    """A series over the period, with what has changed since the period before."""

    series: str
    definition: str
    figures: GroupFigures


class ReviewedIncident(msgspec.Struct, frozen=True, kw_only=True):
    """An incident of the period, as a line."""

    reference: str
    title: str
    severity: str
    highest: str
    status: str
    began_at: datetime
    services: tuple[str, ...]
    published: bool


class PeriodReview(msgspec.Struct, frozen=True, kw_only=True):
    """All of a period, up to `as_of`. `severities` are the incidents by the highest severity,
    `benchmarks` how long services took to recover (declared → resolved), those with most incidents
    first; `overdue` are the action items that wait beyond their day.
    """

    version: str
    kind: str
    period: str
    since: datetime
    until: datetime
    as_of: datetime
    before: str
    incidents: tuple[ReviewedIncident, ...]
    incidents_before: int
    severities: dict[str, tuple[str, ...]]
    scorecard: Scorecard
    series: tuple[ReviewedSeries, ...]
    benchmarks: tuple[GroupFigures, ...]
    patterns: Patterns
    alerts: tuple[AlertQuality, ...]
    overdue: tuple[MeasuredAction, ...]
    recommendations: tuple[Recommendation, ...]


def review(
    record: LearningRecord, period: Span, kind: str, alerts: tuple[AlertQuality, ...]
) -> PeriodReview:
    """The review of what is on record."""
    held, earlier = record.began_in(period), record.began_in(period.before)
    card, found = scorecard(record, period), patterns(record, period)
    overdue = tuple(it for it in record.actions if it.ended_at is None and it.due_at <= record.at)
    findings = Findings(
        record=record, card=card, patterns=found, alerts=alerts, overdue=overdue, held=tuple(held)
    )
    return PeriodReview(
        version=VERSION,
        kind=kind,
        period=period.name,
        since=period.since,
        until=min(period.until, record.at),
        as_of=record.at,
        before=period.before.name,
        incidents=tuple(_line(it, it.began_at) for it in held if it.began_at),
        incidents_before=len(earlier),
        severities=_severities(held),
        scorecard=card,
        series=tuple(_series(held, earlier, name, period) for name in REVIEWED),
        benchmarks=_benchmarks(held),
        patterns=found,
        alerts=alerts,
        overdue=overdue,
        recommendations=tuple(recommendations(findings)),
    )


def _line(incident: MeasuredIncident, began_at: datetime) -> ReviewedIncident:
    return ReviewedIncident(
        reference=incident.reference,
        title=incident.title,
        severity=incident.severity,
        highest=incident.highest,
        status=incident.status,
        began_at=began_at,
        services=incident.services,
        published=incident.published,
    )


def _severities(incidents: list[MeasuredIncident]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for each in incidents:
        found.setdefault(each.highest.value, []).append(each.reference)
    return {name: tuple(refs) for name, refs in sorted(found.items())}


def _series(
    held: list[MeasuredIncident], earlier: list[MeasuredIncident], name: str, period: Span
) -> ReviewedSeries:
    series, wanted = IN_FULL.series[name], WantedFigures(series=name, quantiles=(0.5, 0.9))
    now = group_figures(period.name, held, series, wanted)
    before = group_figures(period.before.name, earlier, series, wanted)
    return ReviewedSeries(series=name, definition=series.words, figures=beside(now, before))


def _benchmarks(incidents: list[MeasuredIncident]) -> tuple[GroupFigures, ...]:
    groups: dict[str, list[MeasuredIncident]] = {}
    for each in incidents:
        for service in each.services:
            groups.setdefault(service, []).append(each)
    most = sorted(groups, key=lambda name: (-len(groups[name]), name))[:SERVICES_MOST]
    wanted = WantedFigures(series=RECOVERY, quantiles=(0.5, 0.9))
    series = IN_FULL.series[wanted.series]
    return tuple(group_figures(name, groups[name], series, wanted) for name in most)
