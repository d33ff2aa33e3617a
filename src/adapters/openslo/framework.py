"""The brief's own YAML of a service: `slis`, `slos` and an `error_budget_policy`, as it stands.

What such a file says can be read as something else than it means. It is taken as it stands, and
what cannot be computed from it, or says something else than its figures, is a note: a quantile is
no share of requests, raw counters only grow, an error ratio is the opposite of an SLI, and what a
burn rate comes to is not what is said beside it.
"""

import re
from fractions import Fraction
from typing import Any, NamedTuple

from adapters.openslo.fields import Field, Found
from domain.slo.burn_rate import PAGE, RULES, TICKET, Threshold, minutes_until_spent
from domain.slo.objective import Objective
from domain.slo.window_lengths import decimal_text, minutes_of, share_of

KNOWN = ("service", "owner", "review_cadence", "slis", "slos", "error_budget_policy")
CADENCES = ("weekly", "biweekly", "monthly", "quarterly", "yearly")
SLI = ("description", "metric", "good_event", "valid_event", "threshold")
SLO = ("sli", "target", "window", "error_budget", "burn_rate_alerts")
ALERT = ("severity", "short_window", "long_window", "burn_rate")
POLICY = (
    *("budget_remaining_above_50pct", "budget_remaining_25_to_50pct"),
    *("budget_remaining_below_25pct", "budget_exhausted"),
)

_RATE = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,9})?)x?", re.ASCII)
_BUDGET = re.compile(
    r"([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*(minutes?|hours?|days?)\s*/\s*month", re.ASCII
)
_UNITS = {"minute": 1, "hour": 60, "day": 1440}
_WINDOWED = re.compile(r"\b(?:rate|irate|increase|delta)\s*\(")
_FAILING = re.compile(r"\b\w*(?:error|fail)\w*\b", re.IGNORECASE)


class Framework(NamedTuple):
    """What a file says, as far as it can be read."""

    service: str | None
    objectives: tuple[Objective, ...]
    found: Found


def is_framework(content: Any) -> bool:
    """Whether a document is such a one: it has objectives, and no version of another form."""
    return (
        isinstance(content, dict)
        and "slos" in content
        and not {"apiVersion", "version"} & content.keys()
    )


def reading_of(content: Any) -> Framework:
    """Read such a document: what is wrong with it, and what of it cannot be computed."""
    said = Found()
    root = Field(content, "", said)
    root.mapping(KNOWN, required=True)
    service = root.at("service").text(required=True)
    root.at("owner").text()
    root.at("review_cadence").one_of(CADENCES)
    slis = root.at("slis")
    if slis.mapping(required=True):
        for name in slis.value:
            if isinstance(name, str):
                _check_sli(slis.at(name))
    objectives: list[Objective | None] = []
    if root.at("slos").sequence(1):
        objectives = [_slo(each, slis) for each in root.at("slos").items()]
    policy = root.at("error_budget_policy")
    if policy.mapping(POLICY):
        for name in POLICY:
            policy.at(name).text()
    return Framework(service, tuple(filter(None, objectives)), said)


def _check_sli(sli: Field) -> None:
    """Check an indicator, and say why it is no share of good events, where it is none."""
    if not sli.mapping(SLI, required=True):
        return
    for name in SLI:
        sli.at(name).text(required=name == "metric")
    metric = sli.at("metric")
    if not isinstance(metric.value, str):
        return
    if "histogram_quantile" in metric.value:
        metric.note(
            "quantile",
            "a quantile is no share of good events, so no budget can be computed of it; count the"
            " requests within the threshold (the bucket of the histogram) over all",
        )
        return
    if "/" not in metric.value:
        metric.note("no_ratio", "it is no ratio of two counts: no budget can be computed")
        return
    if not _WINDOWED.search(metric.value):
        metric.note(
            "raw_counters",
            "counters only grow, and fall when a process restarts: it is the ratio of all time, not"
            " that of a window; their increase in a window is needed",
        )
    if _FAILING.search(metric.value.partition("/")[0]):
        metric.note("error_ratio", "it counts failures: it is 1 minus the share of good events")


def _slo(slo: Field, slis: Field) -> Objective | None:
    if not slo.mapping(SLO, required=True):
        return None
    name = slo.at("sli").text(required=True)
    if name and slis and not slis.at(name):
        slo.at("sli").wrong("reference", f"no SLI is called {name}")
    target = _parsed(slo.at("target"), share_of, "percentage")
    window = _parsed(slo.at("window"), minutes_of, "duration")
    alerts = slo.at("burn_rate_alerts")
    found: list[tuple[Field, Threshold]] = []
    if alerts.sequence(0):
        found = [
            (each, threshold)
            for each in alerts.items()
            if (threshold := _alert(each, target, window)) is not None
        ]
    if name is None or target is None or window is None:
        return None
    _check_stated_budget(slo.at("error_budget"), target, window)
    for each, threshold in found:
        _check_words(each, threshold, window)
    return Objective(name, target, window, tuple(each for _, each in found))


def _alert(alert: Field, target: Fraction | None, window: int | None) -> Threshold | None:
    if not alert.mapping(ALERT, required=True):
        return None
    severity = alert.at("severity").one_of((PAGE, TICKET), required=True)
    short = _parsed(alert.at("short_window"), minutes_of, "duration")
    long_ = _parsed(alert.at("long_window"), minutes_of, "duration")
    rate = _parsed(alert.at("burn_rate"), _rate, "burn_rate")
    if short is not None and long_ is not None and short >= long_:
        alert.at("short_window").wrong("range", "it is not shorter than the long window")
        return None
    if not (severity and short and long_ and rate and target is not None and window):
        return None
    found = Threshold(severity, long_, short, rate, 1 - target)
    if long_ > window:
        alert.at("long_window").wrong("range", "it is longer than the window of the SLO")
    elif not found.can_fire:
        alert.at("burn_rate").wrong(
            "never_fires",
            f"{decimal_text(rate)} times a budget of {decimal_text(100 * found.budget)} % is"
            f" {decimal_text(100 * found.limit)} %: more than all would have to fail",
        )
    else:
        return found
    return None


def _check_words(alert: Field, found: Threshold, window: int) -> None:
    """Say what a rate comes to, and where the field gives it another severity."""
    lasts = minutes_until_spent(window, found.burn_rate)
    if lasts is not None:
        alert.at("burn_rate").note(
            "budget_lasts",
            f"at {decimal_text(found.burn_rate)} times, the whole budget lasts"
            f" {decimal_text(lasts / 60, 1)} hours",
        )
    for each in RULES:
        if each.rate(window) == found.burn_rate and each.severity == PAGE != found.severity:
            alert.at("severity").note(
                "severity", f"this rate over {each.long_minutes // 60} hours usually pages"
            )


def _check_stated_budget(field: Field, target: Fraction, window: int) -> None:
    """A budget in minutes of a month is read, and compared with what the target leaves."""
    stated = field.text()
    if stated is None:
        return
    matched = _BUDGET.fullmatch(stated.strip())
    said = Fraction(matched[1]) * _UNITS[matched[2].rstrip("s")] if matched else None
    budget = (1 - target) * window
    if said != budget:
        field.note(
            "error_budget", f"the target leaves {decimal_text(budget, 2)} minutes of the window"
        )


def _parsed(field: Field, parse: Any, rule: str) -> Any:
    """What a text stands for; YAML may have made a number of it already."""
    value = field.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    elif field.text(required=True) is None:
        return None
    try:
        return parse(value)
    except ValueError as error:
        field.wrong(rule, str(error))
        return None


def _rate(text: str) -> Fraction:
    matched = _RATE.fullmatch(text.strip())
    if not matched or not Fraction(matched[1]):
        raise ValueError(f"{text!r} is no burn rate as 14.4x")
    return Fraction(matched[1])
