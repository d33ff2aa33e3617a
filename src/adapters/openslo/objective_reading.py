"""The objectives of definitions, as our own: of valid documents alone."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from fractions import Fraction
from typing import Any

from adapters.openslo.alert_thresholds import target_of
from adapters.openslo.dialects import V1ALPHA
from adapters.openslo.framework import is_framework, reading_of
from domain.slo.objective import Calendar, Objective, Slices
from domain.slo.window_lengths import minutes_of

_UNITS = {"Day": "d", "Week": "w", "Month": "M", "Quarter": "Q"}


def objectives_of(contents: Iterable[Any]) -> Iterator[Objective]:
    """All objectives of these documents, each by the name of its SLO; where an SLO has several,
    they are counted from 1: `basket/2`. Raises `ValueError` for one that cannot be computed.
    """
    for content in contents:
        if is_framework(content):
            yield from reading_of(content).objectives
        elif content["kind"] == "SLO":
            yield from _of_slo(content)


def _of_slo(content: Any) -> Iterator[Objective]:
    spec, name = content["spec"], content["metadata"]["name"]
    windows = spec.get("timeWindows" if content["apiVersion"] == V1ALPHA else "timeWindow")
    if not windows:
        raise ValueError(f"{name} has no window, so it has no budget")
    if spec["budgetingMethod"] == "RatioTimeslices":
        raise ValueError(f"{name}: budgets of RatioTimeslices are not computed")
    length = _length(windows[0])
    for place, each in enumerate(spec["objectives"], 1):
        yield Objective(
            name=f"{name}/{place}" if len(spec["objectives"]) > 1 else name,
            target=target_of(each),
            window_minutes=minutes_of(length),
            calendar=_calendar(windows[0], length),
            slices=_slices(spec["budgetingMethod"], each),
        )


def _length(window: Any) -> str:
    if "duration" in window:
        return str(window["duration"])
    if window["unit"] == "Second":
        if window["count"] % 60:
            raise ValueError("a window of seconds is one of whole minutes")
        return f"{window['count'] // 60}m"
    return f"{window['count']}{_UNITS[window['unit']]}"


def _calendar(window: Any, length: str) -> Calendar | None:
    calendar = window.get("calendar")
    if calendar is None:
        return None
    starts = datetime.fromisoformat(calendar["startTime"])
    return Calendar(starts, calendar["timeZone"], int(length[:-1]), length[-1])


def _slices(method: str, objective: Any) -> Slices | None:
    if method != "Timeslices":
        return None
    window = objective.get("timeSliceWindow", "1m")
    minutes = window if isinstance(window, int) else minutes_of(window)
    return Slices(minutes, Fraction(str(objective["timeSliceTarget"])))
