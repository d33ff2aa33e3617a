"""One metric: a figure, what it rests on, and what is missing to know it."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from domain.incident.course.durations import seconds_between
from domain.learning.figures import change, mean
from domain.learning.insight.measured import LearningRecord, MeasuredIncident
from domain.learning.insight.periods import Span
from domain.policy import Severity

Unit = Literal["seconds", "share", "pages", "count", "score"]


class Metric(msgspec.Struct, frozen=True, kw_only=True):
    """A metric of the scorecard. `value` is that of the period, `before` that of the period before;
    null: not known, for the reasons in `missing`. `met` says whether the target is kept, null where
    that is not known. `n` are those that it rests on, `unknown` those of which the figure cannot be
    told, `waiting` those whose time is not up yet. `low` to `high` is the interval of 95 % of the
    change; `trend` is `up`, `down`, or null where that contains 0 or is not known. `evidence`
    names what the figure is made of, `against` those of it that stand against the target.
    """

    name: str
    definition: str
    target: str
    unit: Unit
    value: float | None
    n: int
    unknown: int = 0
    waiting: int = 0
    before: float | None = None
    n_before: int = 0
    low: float | None = None
    high: float | None = None
    trend: str | None = None
    met: bool | None = None
    missing: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    against: tuple[str, ...] = ()


def began_in(
    record: LearningRecord, period: Span, severities: Sequence[Severity]
) -> list[MeasuredIncident]:
    """The incidents of a period that count, of these severities at their highest."""
    return [each for each in record.began_in(period) if each.highest in severities]


def duration_metric(  # noqa: PLR0913
    record: LearningRecord,
    period: Span,
    *,
    name: str,
    definition: str,
    target: str,
    ends: tuple[str, str],
    severities: Sequence[Severity],
    within_s: float,
    lacking: str,
) -> Metric:
    now, earlier = (began_in(record, it, severities) for it in (period, period.before))
    known = {it.reference: s for it in now if (s := _seconds(it, ends)) is not None}
    others = [it for it in now if it.reference not in known]
    goes_on = [it.reference for it in others if not it.over]
    lacks = [it.reference for it in others if it.over]
    past = [s for it in earlier if (s := _seconds(it, ends)) is not None]
    values = list(known.values())
    value, differs = mean(values), change(past, values, mean)
    nothing = not now and none_of(severities)
    return Metric(
        name=name,
        definition=definition,
        target=target,
        unit="seconds",
        value=value,
        n=len(known),
        unknown=len(lacks),
        waiting=len(goes_on),
        before=differs.before,
        n_before=len(past),
        low=differs.low,
        high=differs.high,
        trend=differs.trend,
        met=None if value is None else value < within_s,
        missing=said(
            nothing,
            lacks and f"of {listed(lacks)} nobody has said {lacking}",
            goes_on and f"{listed(goes_on)} {is_or_are(goes_on)} not over, and not known yet",
        ),
        evidence=tuple(known),
        against=tuple(ref for ref, seconds in known.items() if seconds >= within_s),
    )


def _seconds(incident: MeasuredIncident, ends: tuple[str, str]) -> float | None:
    return seconds_between(incident.timestamps, *ends)


def share_metric(  # noqa: PLR0913
    name: str,
    definition: str,
    target: tuple[float, str],
    verdicts: dict[str, bool],
    past: Sequence[float],
    *,
    waiting: int,
    missing: tuple[str, ...],
) -> Metric:
    values = [float(each) for each in verdicts.values()]
    value, differs = mean(values), change(past, values, mean)
    return Metric(
        name=name,
        definition=definition,
        target=target[1],
        unit="share",
        value=value,
        n=len(values),
        waiting=waiting,
        before=differs.before,
        n_before=len(past),
        low=differs.low,
        high=differs.high,
        trend=differs.trend,
        met=None if value is None else value >= target[0],
        missing=missing,
        evidence=tuple(verdicts),
        against=tuple(ref for ref, kept in verdicts.items() if not kept),
    )


def said(*reasons: str | bool | list[str]) -> tuple[str, ...]:
    return tuple(each for each in reasons if each and isinstance(each, str))


def none_of(severities: Sequence[Severity]) -> str:
    return f"no incident of this time was {' or '.join(severities)}"


NAMED_MOST = 5


def listed(references: Sequence[str]) -> str:
    more = len(references) - NAMED_MOST
    return ", ".join(references[:NAMED_MOST]) + (f" and {more} more" if more > 0 else "")


def is_or_are(many: Sequence[object]) -> str:
    return "is" if len(many) == 1 else "are"
