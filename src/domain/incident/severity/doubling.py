"""Which figures of an impact have doubled. Brief, "Escalation Triggers": "Impact scope doubles →
upgrade one level".
"""

from enum import StrEnum

from domain.incident.impact import Impact
from domain.incident.severity.ruling import Demand
from domain.policy import Severity

DOUBLED = "escalation.impact_doubled"
"""The rule that events cite which a growing impact has caused."""


class Measure(StrEnum):
    """The figures whose doubling raises the severity, each in a unit of its own."""

    USERS = "users_affected"
    PERCENT = "percent_affected"
    SCOPE = "scope"
    REGIONS = "regions"
    TENANTS = "tenants"
    SERVICES = "services"


def doubled(severity: Severity, baseline: Impact, impact: Impact, factor: float) -> Demand | None:
    """One level more, if a figure has grown `factor` times."""
    grown = multiplied(baseline, impact, factor)
    if not grown or severity is Severity.SEV1:
        return None
    words = ", ".join(
        f"{measure.value.replace('_', ' ')} {_figure(getattr(baseline, measure))} → "
        f"{_figure(getattr(impact, measure))}"
        for measure in grown
    )
    how = "doubled" if factor == 2 else f"grew {factor:g} times"
    return Demand(severity.one_level_up(), DOUBLED, f"impact {how}: {words}")


def multiplied(before: Impact, now: Impact, factor: float) -> list[Measure]:
    """The measures that are at least so many times what they were; an unknown or zero baseline is
    none.

    Source: brief, "Escalation Triggers": impact scope doubles → upgrade one level.
    """
    return [
        measure
        for measure in Measure
        if (old := getattr(before, measure))
        and (new := getattr(now, measure))
        and new >= factor * old
    ]


def _figure(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:.10g}"
