"""The scorecard: the eight success metrics of the brief, each with its target, its figure, how many
it rests on, where it is going, which incidents it is made of, and what is missing to know it. What
is not known is null, never 0.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from domain.learning.insight.measured import LearningRecord, MeasuredIncident
from domain.learning.insight.metric import (
    Metric,
    began_in,
    duration_metric,
    listed,
    none_of,
    said,
    share_metric,
)
from domain.learning.insight.periods import Span, span_at
from domain.learning.insight.repeats import repeats_among
from domain.policy import Severity

VERSION = "1"
SERIOUS = (Severity.SEV1, Severity.SEV2)
POSTMORTEM_WITHIN = timedelta(hours=48)


class Scorecard(msgspec.Struct, frozen=True, kw_only=True):
    """All metrics over the quarter of `as_of` up to then, beside the quarter before."""

    version: str
    as_of: datetime
    period: str
    since: datetime
    until: datetime
    before: str
    metrics: tuple[Metric, ...]


def scorecard(record: LearningRecord, period: Span | None = None) -> Scorecard:
    """The scorecard of what is on record."""
    period = period or span_at(record.at, "quarter")
    return Scorecard(
        version=VERSION,
        as_of=record.at,
        period=period.name,
        since=period.since,
        until=min(period.until, record.at),
        before=period.before.name,
        metrics=tuple(each(record, period) for each in METRICS),
    )


def _detection(record: LearningRecord, period: Span) -> Metric:
    return duration_metric(
        record,
        period,
        name="mttd",
        definition="Mean time to detect: impact start → detected, of incidents that were SEV1 or"
        " SEV2 at their highest",
        target="under 5 minutes",
        ends=("impact_started_at", "detected_at"),
        severities=SERIOUS,
        within_s=300,
        lacking="when the impact began, or when it was detected",
    )


def _resolution(record: LearningRecord, period: Span) -> Metric:
    return duration_metric(
        record,
        period,
        name="mttr",
        definition="Mean time to resolve: impact start → resolved, of incidents that were SEV1 at"
        " their highest; to decrease quarter over quarter",
        target="under 30 minutes",
        ends=("impact_started_at", "resolved_at"),
        severities=(Severity.SEV1,),
        within_s=1_800,
        lacking="when the impact began, or when it was resolved",
    )


def _postmortems(record: LearningRecord, period: Span) -> Metric:
    def in_time(incident: MeasuredIncident) -> bool | None:
        """None: the 48 h are not over, or nobody knows when they began, or whether it was later."""
        over_at = incident.timestamps.resolved_at
        if over_at is None or (incident.published and incident.published_at is None):
            return None
        due_at = incident.postmortem_due_at or over_at + POSTMORTEM_WITHIN
        if incident.published_at is None:
            return False if record.at > due_at else None
        return incident.published_at <= due_at

    now, earlier = (began_in(record, it, SERIOUS) for it in (period, period.before))
    verdicts = {it.reference: verdict for it in now if (verdict := in_time(it)) is not None}
    waiting = [it.reference for it in now if it.reference not in verdicts]
    past = [float(verdict) for it in earlier if (verdict := in_time(it)) is not None]
    return share_metric(
        "postmortems_within_48_h",
        "Share of the incidents that were SEV1 or SEV2 at their highest whose post-mortem was"
        " published within 48 h of the resolution (or within what the policy asks for)",
        (1.0, "100 %"),
        verdicts,
        past,
        waiting=len(waiting),
        missing=said(
            not now and none_of(SERIOUS),
            waiting
            and f"the 48 h of {listed(waiting)} are not over or have not begun, or nobody knows"
            " when it was published",
        ),
    )


def _actions(record: LearningRecord, period: Span) -> Metric:
    def in_time(span: Span) -> dict[str, bool]:
        return {
            it.reference: it.ended_at is not None
            and it.status == "done"
            and it.ended_at < it.due_at
            for it in record.actions
            if it.of_postmortem and it.status != "declined" and span.holds(it.due_at)
            if it.due_at <= record.at or it.status == "done"
        }

    now = in_time(period)
    waiting = sum(
        it.of_postmortem and period.holds(it.due_at) and it.ended_at is None
        for it in record.actions
        if it.due_at > record.at
    )
    return share_metric(
        "action_items_in_time",
        "Share of the action items of post-mortems that were due in the period and were done by"
        " then; declined ones do not count",
        (0.9, "90 % or more"),
        now,
        [float(each) for each in in_time(period.before).values()],
        waiting=waiting,
        missing=said(not now and "no action item of a post-mortem was due in this time"),
    )


def _pages(record: LearningRecord, period: Span) -> Metric:
    def loads(span: Span) -> dict[str, int]:
        found: dict[str, int] = {}
        for each in record.incidents:
            if span.holds(each.began_at):
                for key, count in each.pages.items():
                    found[key] = found.get(key, 0) + count
        return found

    now, past = loads(period), loads(period.before)
    worst = max(now.values(), default=None)
    return Metric(
        name="pages_per_engineer_and_week",
        definition="The most pages that one engineer had in one week: firings of alerts that their"
        " product had assigned to them, in incidents of the period",
        target="below 5",
        unit="pages",
        value=worst,
        n=len(now),
        before=max(past.values(), default=None),
        n_before=len(past),
        met=False if worst is not None and worst >= PAGES_BELOW else None,
        missing=said(
            not now and "no alert of this time says whom it was assigned to",
            "pages that opened no incident, or of which no alert says whom, are not counted: there"
            " may have been more",
        ),
        evidence=tuple(now),
        against=tuple(key for key, count in now.items() if count >= PAGES_BELOW),
    )


PAGES_BELOW = 5


def _error_budgets(_: LearningRecord, __: Span) -> Metric:
    return Metric(
        name="error_budget_burn",
        definition="Error budget burn rate within policy thresholds for all tier-1 services",
        target="all tier-1 services within thresholds",
        unit="share",
        value=None,
        n=0,
        missing=("service level objectives and what they burn are not on record",),
    )


def _repeats(record: LearningRecord, period: Span) -> Metric:
    found, earlier = (repeats_among(record, it) for it in (period, period.before))
    unread = len(found.unknown)
    return Metric(
        name="repeats",
        definition="Incidents that a person has confirmed as repeats, or that a contributing factor"
        " caused which an earlier post-mortem had named, by its id or words, unless a person has"
        " said that it is none",
        target="0",
        unit="count",
        value=float(len(found.repeats)) if found.judged else None,
        n=len(found.judged),
        unknown=unread,
        before=float(len(earlier.repeats)) if earlier.judged else None,
        n_before=len(earlier.judged),
        met=False if found.repeats else (True if found.judged and not unread else None),
        missing=said(
            not found.judged and "no incident of this time has a post-mortem that names factors",
            unread > 0
            and f"{unread} of {unread + len(found.judged)} incidents have no post-mortem that names"
            " factors: they may be repeats as well",
        ),
        evidence=found.judged,
        against=tuple(found.repeats),
    )


def _satisfaction(_: LearningRecord, __: Span) -> Metric:
    return Metric(
        name="on_call_satisfaction",
        definition="On-call satisfaction in quarterly engineering surveys, from 1 to 5",
        target="above 4",
        unit="score",
        value=None,
        n=0,
        missing=("surveys of on-call satisfaction are not on record",),
    )


METRICS: tuple[Callable[[LearningRecord, Span], Metric], ...] = (
    _detection,
    _resolution,
    _postmortems,
    _actions,
    _pages,
    _error_budgets,
    _repeats,
    _satisfaction,
)
"""In the order of the brief ("Your Success Metrics")."""
