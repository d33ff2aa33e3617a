"""What the samples of an objective say, as far as they are known: its budget, and its alerts.

The same functions replay a series from a file. Alerts are judged up to the last minute of which
something is known: what was not heard since begins none and ends none.
"""

from collections.abc import Container, Iterator
from datetime import datetime
from typing import NamedTuple

from domain.slo.budget import EPOCH, MINUTE, ErrorBudget, budget_of, window_begins
from domain.slo.burn_rate import Threshold
from domain.slo.burn_replay import MinuteSpan, in_slices, replayed
from domain.slo.live_series import LiveSeries
from domain.slo.objective import Objective
from domain.slo.series import Minutes
from domain.slo.tracking.commands import AssessSlo, BurningAlert, EndedAlert
from domain.slo.tracking.definition import KEPT_MINUTES, objective_of, rule_text
from domain.slo.tracking.events import AlertSeverity
from domain.slo.tracking.tracked import TrackedSlo

RECENT_MINUTES = 60
"""So far back alerts are judged anew each time, with what came late."""


def minute_of(at: datetime) -> int:
    """The minute that holds an instant, since 1970."""
    return (at - EPOCH) // MINUTE


def minutes_needed(objective: Objective, ends: int) -> int:
    """How many minutes before `ends` are of use for its budget and its alerts."""
    begins = window_begins(objective, ends)
    window = 0 if begins is None else ends - begins
    return max(window, objective.window_minutes) + KEPT_MINUTES


def budget_until(series: LiveSeries, objective: Objective, ends: int) -> ErrorBudget | None:
    """The budget of the window that has come as far as `ends`; None: its calendar has not begun."""
    begins = window_begins(objective, ends)
    if begins is None:
        return None
    return budget_of(counted_in(series.until(ends, ends - begins), objective), objective)


def assessment(series: LiveSeries, slo: TrackedSlo, now: datetime) -> AssessSlo:
    """What is to be said of an objective whose samples these are."""
    objective, ends = objective_of(slo.profile), minute_of(now)
    assert slo.defined_at is not None, "what has a profile was defined"
    budget = budget_until(series, objective, ends)
    on, ended = _alerts(series, objective, slo, ends)
    remaining = None if budget is None or budget.remaining is None else str(budget.remaining)
    return AssessSlo(
        until=EPOCH + ends * MINUTE,
        defined_at=slo.defined_at,
        remaining=remaining,
        bad=int(budget.bad) if budget else 0,
        total=int(budget.total) if budget else 0,
        unknown_minutes=budget.unknown_minutes if budget else objective.window_minutes,
        alerts=tuple(on),
        ended=tuple(ended),
    )


class _Judged(NamedTuple):
    """A rule, whether its alert is on, and the last span of minutes in which it was."""

    threshold: Threshold
    is_on: bool
    last: MinuteSpan | None


def _alerts(
    series: LiveSeries, objective: Objective, slo: TrackedSlo, ends: int
) -> tuple[list[BurningAlert], list[EndedAlert]]:
    known = {each.rule: each for each in slo.alerts}
    last = series.last_minute
    if last is None:
        return list(slo.alerts), []
    ends = min(last + 1, ends)
    longest = max((each.long_minutes for each in objective.thresholds), default=0)
    minutes = counted_in(series.until(ends, longest + RECENT_MINUTES), objective)
    on, ended = [], []
    for each in _judged(minutes, objective, known.keys()):
        rule, span = rule_text(each.threshold), each.last
        before = known.get(rule)
        if each.is_on and span is not None:
            since = _at(minutes, span.begins)
            if before is not None:
                since = before.since if span.begins == 0 else min(before.since, since)
            on.append(BurningAlert(severity=_severity(each.threshold), rule=rule, since=since))
        elif before is not None and span is not None:
            ended.append(EndedAlert(rule=rule, until=_at(minutes, span.ends)))
    return on, ended


def _judged(minutes: Minutes, objective: Objective, known: Container[str]) -> Iterator[_Judged]:
    for threshold in objective.thresholds:
        was_on = rule_text(threshold) in known
        spans = replayed(minutes, threshold, on=was_on).alert
        last = spans[-1] if spans else None
        yield _Judged(threshold, last is not None and last.ends == len(minutes), last)


def counted_in(minutes: Minutes, objective: Objective) -> Minutes:
    """What the objective counts of them: events, or slices."""
    return in_slices(minutes, objective.slices) if objective.slices else minutes


def _at(minutes: Minutes, place: int) -> datetime:
    return EPOCH + (minutes.begins + place) * MINUTE


def _severity(threshold: Threshold) -> AlertSeverity:
    return "page" if threshold.severity == "page" else "ticket"
