"""In which minutes an alert on the burn rate is true, over a series of minutes.

A window holds the last whole minutes including this one, and weighs events, not minutes. A rule is
silent until its long window is full. A window without events is unknown: neither bad nor good, so
what fires goes on, and what does not begins nothing. Only integers and fractions are compared.
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import accumulate
from typing import NamedTuple

from domain.slo.budget import ErrorBudget, budget_of
from domain.slo.burn_rate import Threshold, thresholds
from domain.slo.objective import Objective, Slices
from domain.slo.series import Minutes, Number


class MinuteSpan(NamedTuple):
    """Minutes of a series, from the first until before `to`."""

    begins: int
    ends: int


class RuleReplay(NamedTuple):
    """What became of a rule: when it was true, when it is not known (once the long window was
    full), and when its alert was on: from when it is true until it is known to be false.
    """

    threshold: Threshold
    true: tuple[MinuteSpan, ...]
    unknown: tuple[MinuteSpan, ...]
    alert: tuple[MinuteSpan, ...]


class Replay(NamedTuple):
    """An objective over a series: what became of each rule, the budget at the end (None where the
    calendar has not begun), and the minutes of which nothing is known.
    """

    objective: Objective
    rules: tuple[RuleReplay, ...]
    budget: ErrorBudget | None
    gaps: tuple[MinuteSpan, ...]


def replay_of(
    minutes: Minutes, objective: Objective, *, min_bad: int = 0, min_total: int = 0
) -> Replay:
    """Replay the rules of an objective: its own, or where it has none those of the field, for its
    window and target.
    """
    counted = in_slices(minutes, objective.slices) if objective.slices else minutes
    rules = objective.thresholds or thresholds(objective.window_minutes, objective.target)
    return Replay(
        objective,
        tuple(
            replayed(counted, each._replace(min_bad=min_bad, min_total=min_total)) for each in rules
        ),
        budget_of(counted, objective),
        spans(each is None for each in minutes.total),
    )


def replayed(minutes: Minutes, threshold: Threshold, *, on: bool = False) -> RuleReplay:
    """Judge each minute of a series by one rule. One that can never fire is never true. `on`: its
    alert was on before the series begins.
    """
    states = list(_states(minutes, threshold))
    full = min(threshold.long_minutes - 1, len(states))
    return RuleReplay(
        threshold,
        true=spans(each is True for each in states),
        unknown=spans(n >= full and each is None for n, each in enumerate(states)),
        alert=spans(_held(states, on=on)),
    )


def in_slices(minutes: Minutes, slices: Slices) -> Minutes:
    """Slices in place of events: each counts once, in its last minute, as good or as failed. A
    slice without events is none, and so is one of which nothing is known, or which is not over.
    """
    length = len(minutes)
    bad: list[Number | None] = [None if each is None else 0 for each in minutes.total]
    total: list[Number | None] = list(bad)
    first = -minutes.begins % slices.minutes
    for start in range(first, length - slices.minutes + 1, slices.minutes):
        part = range(start, start + slices.minutes)
        events = sum(minutes.total[n] or 0 for n in part)
        if events:
            failed = sum(minutes.bad[n] or 0 for n in part)
            bad[part[-1]] = int(events - failed < slices.target * events)
            total[part[-1]] = 1
    return Minutes(minutes.begins, bad, total)


def spans(marked: Iterable[bool]) -> tuple[MinuteSpan, ...]:
    """The runs of minutes that are marked."""
    found = []
    begins = None
    n = -1
    for n, each in enumerate(marked):
        if each and begins is None:
            begins = n
        elif not each and begins is not None:
            found.append(MinuteSpan(begins, n))
            begins = None
    if begins is not None:
        found.append(MinuteSpan(begins, n + 1))
    return tuple(found)


def _states(minutes: Minutes, threshold: Threshold) -> Iterator[bool | None]:
    bad, total = _sums(minutes.bad), _sums(minutes.total)
    limit = threshold.limit
    for end in range(1, len(minutes) + 1):
        start = end - threshold.long_minutes
        if start < 0:
            yield None
            continue
        failed, events = bad[end] - bad[start], total[end] - total[start]
        if not events or events < threshold.min_total:
            yield None
            continue
        if failed < threshold.min_bad or not _is_above(failed, events, limit):
            yield False
            continue
        start = end - threshold.short_minutes
        failed, events = bad[end] - bad[start], total[end] - total[start]
        yield _is_above(failed, events, limit) if events else None


def _is_above(failed: Number, events: Number, limit: Fraction) -> bool:
    return failed * limit.denominator > limit.numerator * events


def _held(states: Iterable[bool | None], *, on: bool) -> Iterator[bool]:
    for each in states:
        on = on if each is None else each
        yield on


def _sums(values: Sequence[Number | None]) -> list[Number]:
    return list(accumulate((each or 0 for each in values), initial=0))
