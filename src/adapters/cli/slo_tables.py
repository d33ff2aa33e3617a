"""Thresholds and replays of objectives, as documents and as lines."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from domain.slo.budget import EPOCH, ErrorBudget
from domain.slo.burn_rate import Threshold, minutes_until_spent
from domain.slo.burn_replay import MinuteSpan, Replay, RuleReplay
from domain.slo.series import CountedSeries
from domain.slo.window_lengths import decimal_text

NEVER = "it can never be true: more than all would have to fail"


def threshold_document(each: Threshold, window_minutes: int) -> dict[str, Any]:
    """All that follows from a threshold; `exact` and `failing_above` are fractions."""
    lasts = minutes_until_spent(window_minutes, each.burn_rate)
    return {
        **_named(each),
        "budget_share": str(each.burn_rate * each.long_minutes / window_minutes),
        "failing_above": str(each.limit),
        "can_fire": each.can_fire,
        "minutes_of_total_outage_until_it_fires": each.outage_minutes,
        "one_failure_fires_up_to_this_many_requests_in_the_long_window": each.one_failure_total,
        "hours_until_all_is_spent": None if lasts is None else float(lasts / 60),
    }


def threshold_line(each: Threshold, window_minutes: int) -> str:
    """A threshold in words."""
    head = f"{_rule(each)}: above {decimal_text(100 * each.limit)} % failing"
    if not each.can_fire:
        return f"{head}; {NEVER}"
    lasts = minutes_until_spent(window_minutes, each.burn_rate)
    hours = decimal_text(lasts / 60, 1) if lasts is not None else "more than all"
    return (
        f"{head}; true {each.outage_minutes} min into a total outage; the budget lasts {hours} h;"
        f" one failure is enough with up to {each.one_failure_total} requests in"
        f" {_length(each.long_minutes)}"
    )


def replay_document(found: Replay, counted: CountedSeries) -> dict[str, Any]:
    """A replay. Minutes are numbers from the first of the series on, and times beside them; each
    span is from its first minute until before `to`.
    """
    begins = counted.minutes.begins
    return {
        "slo": found.objective.name,
        "target": str(found.objective.target),
        "window_minutes": found.objective.window_minutes,
        "begins": _time(begins),
        "minutes": len(counted.minutes),
        "rules": [
            {
                **_named(each.threshold),
                "can_fire": each.threshold.can_fire,
                "fires": _spans(each.true, begins),
                "unknown": _spans(each.unknown, begins),
                "alerts": _spans(each.alert, begins),
            }
            for each in found.rules
        ],
        "budget": _budget(found.budget),
        "gaps": _spans(found.gaps, begins),
        "marks": [{"code": each.code, "time": _instant(each.at_s)} for each in counted.marks],
    }


def replay_lines(found: Replay, counted: CountedSeries) -> Iterator[str]:
    """A replay in words."""
    begins, length = counted.minutes.begins, len(counted.minutes)
    yield (
        f"{found.objective.name}: {decimal_text(100 * found.objective.target)} % of"
        f" {_length(found.objective.window_minutes)}, {_time(begins)} to {_time(begins + length)}"
    )
    for rule in found.rules:
        yield f"  {_rule(rule.threshold)}: {_outcome(rule)}"
        for each in rule.alert:
            yield f"    {_time(begins + each.begins)} to {_end(each, begins, length)}"
    yield f"  budget: {_budget_words(found.budget)}"
    missing = sum(each.ends - each.begins for each in found.gaps)
    if missing:
        yield f"  nothing is known of {missing} of {length} minutes"


def _outcome(rule: RuleReplay) -> str:
    if not rule.threshold.can_fire:
        return NEVER
    return f"{len(rule.alert)} alert{'' if len(rule.alert) == 1 else 's'}"


def _named(each: Threshold) -> dict[str, Any]:
    return {
        "severity": each.severity,
        "long_minutes": each.long_minutes,
        "short_minutes": each.short_minutes,
        "burn_rate": round(float(each.burn_rate), 6),
        "exact": str(each.burn_rate),
    }


def _rule(each: Threshold) -> str:
    windows = f"{_length(each.long_minutes)} and {_length(each.short_minutes)}"
    return f"{each.severity}, {decimal_text(each.burn_rate)}x over {windows}"


def _budget(budget: ErrorBudget | None) -> dict[str, Any] | None:
    if budget is None:
        return None
    return {
        "from": _time(budget.begins),
        "to": _time(budget.ends),
        "bad": _number(budget.bad),
        "total": _number(budget.total),
        "allowed": float(budget.allowed),
        "remaining_share": None if budget.remaining is None else float(budget.remaining),
        "exact": None if budget.remaining is None else str(budget.remaining),
        "state": str(budget.state),
        "unknown_minutes": budget.unknown_minutes,
    }


def _budget_words(budget: ErrorBudget | None) -> str:
    if budget is None:
        return "not known: its calendar has not begun"
    if budget.remaining is None:
        return "not known: nothing was counted"
    words = f"{decimal_text(100 * budget.remaining, 2)} % remaining ({budget.state})"
    whole = budget.ends - budget.begins
    if budget.unknown_minutes:
        words += f", of what is known: {budget.unknown_minutes} of {whole} minutes are not"
    return words


def _spans(spans: tuple[MinuteSpan, ...], begins: int) -> list[dict[str, Any]]:
    return [
        {
            "from": each.begins,
            "to": each.ends,
            "from_time": _time(begins + each.begins),
            "to_time": _time(begins + each.ends),
        }
        for each in spans
    ]


def _end(span: MinuteSpan, begins: int, length: int) -> str:
    return "the end of the series" if span.ends == length else _time(begins + span.ends)


def _time(minute: int) -> str:
    return f"{EPOCH + timedelta(minutes=minute):%Y-%m-%dT%H:%MZ}"


def _instant(at_s: int) -> str:
    return f"{EPOCH + timedelta(seconds=at_s):%Y-%m-%dT%H:%M:%SZ}"


def _number(value: Any) -> int | float:
    return value if isinstance(value, int) else float(value)


def _length(minutes: int) -> str:
    for unit, size in (("d", 1440), ("h", 60)):
        if minutes % size == 0:
            return f"{minutes // size} {unit}"
    return f"{minutes} min"
