"""From what is said of an objective to what is computed; what cannot be is refused."""

from collections.abc import Callable
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from typing import TypeVar

from domain.directory.registration import check_zone
from domain.kernel.refusal import Refused
from domain.slo.burn_rate import Threshold, thresholds
from domain.slo.objective import Calendar, Objective, Slices
from domain.slo.series import MINUTES_MOST
from domain.slo.tracking.events import BurnRateAlert, SloProfile
from domain.slo.window_lengths import decimal_text, minutes_of, share_of

P = TypeVar("P", int, Fraction)

KEPT_MINUTES = 7 * 1440
"""So long before the window samples are still of use: the long windows of alerts, and what comes
late.
"""


@lru_cache(maxsize=256)
def objective_of(profile: SloProfile) -> Objective:
    """What is computed of it, with its alerts. Raises `Refused`."""
    target = _parsed("target", share_of, profile.target)
    window = _parsed("window", minutes_of, profile.window)
    if window > MINUTES_MOST - KEPT_MINUTES:
        raise _invalid("window", f"{profile.window} is longer than two years")
    found = thresholds(window, target)
    if profile.alerts:
        found = tuple(
            _threshold(place, each, window, target) for place, each in enumerate(profile.alerts)
        )
    for place, each in enumerate(found):
        if not each.can_fire:
            raise _never_fires(profile, place, each)
    return Objective(
        name=profile.name,
        target=target,
        window_minutes=window,
        thresholds=tuple(
            each._replace(min_bad=profile.min_bad, min_total=profile.min_total) for each in found
        ),
        calendar=_calendar(profile),
        slices=_slices(profile, window),
    )


def span_text(minutes: int) -> str:
    """`1 h`, `3 d`, `30 min`."""
    for length, unit in ((1440, "d"), (60, "h")):
        if minutes % length == 0:
            return f"{minutes // length} {unit}"
    return f"{minutes} min"


def rule_text(threshold: Threshold) -> str:
    """`page, 14.4x over 1 h and 5 min`."""
    windows = f"{span_text(threshold.long_minutes)} and {span_text(threshold.short_minutes)}"
    return f"{threshold.severity}, {decimal_text(threshold.burn_rate)}x over {windows}"


def _threshold(place: int, alert: BurnRateAlert, window: int, target: Fraction) -> Threshold:
    at = f"alerts.{place}"
    long_ = _parsed(f"{at}.long_window", minutes_of, alert.long_window)
    short = _parsed(f"{at}.short_window", minutes_of, alert.short_window)
    if short >= long_:
        raise _invalid(f"{at}.short_window", "the short window is not shorter than the long one")
    if long_ > window:
        raise _invalid(f"{at}.long_window", "the long window is longer than that of the objective")
    if long_ > KEPT_MINUTES:
        raise _invalid(f"{at}.long_window", f"it is longer than {span_text(KEPT_MINUTES)}")
    rate = Fraction(alert.burn_rate.removesuffix("x"))
    if not rate:
        raise _invalid(f"{at}.burn_rate", "a rate of 0 is above nothing: every failure would alert")
    return Threshold(alert.severity, long_, short, rate, 1 - target)


def _never_fires(profile: SloProfile, place: int, threshold: Threshold) -> Refused:
    own = f"alerts.{place}.burn_rate" if profile.alerts else "target"
    rule = rule_text(threshold)
    share = f"{decimal_text(100 * threshold.limit)} %"
    instead = "" if profile.alerts else "; name alerts of its own for such a target"
    return Refused(
        "slo.never_fires",
        f"the alert {rule} asks for more than {share} of all to fail: it can never fire{instead}",
        field=own,
        rule="A burn rate times the budget is less than all events.",
        invalid=True,
    )


def _calendar(profile: SloProfile) -> Calendar | None:
    said = profile.calendar
    if said is None:
        return None
    check_zone(said.time_zone)
    try:
        starts = datetime.fromisoformat(said.starts)
    except ValueError:
        raise _invalid("calendar.starts", f"{said.starts} is no date and time") from None
    return Calendar(starts, said.time_zone, int(profile.window[:-1]), profile.window[-1])


def _slices(profile: SloProfile, window: int) -> Slices | None:
    said = profile.slices
    if said is None:
        return None
    minutes = _parsed("slices.length", minutes_of, said.length)
    if minutes > window:
        raise _invalid("slices.length", "a slice is longer than the window")
    return Slices(minutes, _parsed("slices.target", share_of, said.target))


def _parsed(field: str, parse: Callable[[str], P], text: str) -> P:
    try:
        return parse(text)
    except ValueError as error:
        raise _invalid(field, str(error)) from None


def _invalid(field: str, detail: str) -> Refused:
    return Refused(
        "slo.invalid",
        detail,
        field=field,
        rule="An objective is one that can be computed.",
        invalid=True,
    )
