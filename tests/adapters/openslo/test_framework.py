"""The form with `slis` and `slos`: read as it stands, with what cannot be computed from it."""

from fractions import Fraction
from typing import Any

import pytest
import yaml

from adapters.openslo.framework import Framework, is_framework, reading_of

TEXT = r"""
service: checkout-api
owner: payments-team
review_cadence: monthly
slis:
  availability:
    description: "Proportion of successful HTTP requests"
    metric: |
      sum(rate(http_requests_total{service="checkout-api", status!~"5.."}[5m]))
      /
      sum(rate(http_requests_total{service="checkout-api"}[5m]))
    good_event: "HTTP status < 500"
    valid_event: "Any HTTP request (excluding health checks)"
  latency:
    metric: |
      histogram_quantile(0.99,
        sum(rate(http_request_duration_seconds_bucket{service="checkout-api"}[5m]))
        by (le)
      )
    threshold: "400ms at p99"
  correctness:
    metric: "business_logic_errors_total / requests_total"
    good_event: "No business logic error"
slos:
  - sli: availability
    target: 99.95%
    window: 30d
    error_budget: "21.6 minutes/month"
    burn_rate_alerts:
      - {severity: page, short_window: 5m, long_window: 1h, burn_rate: 14.4x}
      - {severity: ticket, short_window: 30m, long_window: 6h, burn_rate: 6x}
  - sli: latency
    target: 99.0%
    window: 30d
    error_budget: "7.2 hours/month"
  - sli: correctness
    target: 99.99%
    window: 30d
error_budget_policy:
  budget_remaining_above_50pct: "Normal feature development"
  budget_remaining_25_to_50pct: "Feature freeze review with Eng Manager"
  budget_remaining_below_25pct: "All hands on reliability work until budget recovers"
  budget_exhausted: "Freeze all non-critical deploys, conduct review with VP Eng"
"""


def content(*changes: tuple[str, str]) -> Any:
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return yaml.safe_load(text)


def reading(*changes: tuple[str, str]) -> Framework:
    return reading_of(content(*changes))


def wrong(*changes: tuple[str, str]) -> list[tuple[str, str]]:
    return [(each.at, each.rule) for each in reading(*changes).found.problems]


def test_it_loads_as_it_stands():
    found = reading()
    assert is_framework(content())
    assert found.found.problems == []
    assert found.service == "checkout-api"
    assert [(each.name, each.target, each.window_minutes) for each in found.objectives] == [
        ("availability", Fraction(9995, 10000), 43200),
        ("latency", Fraction(99, 100), 43200),
        ("correctness", Fraction(9999, 10000), 43200),
    ]
    assert [
        (each.severity, each.long_minutes, each.short_minutes, each.burn_rate)
        for each in found.objectives[0].thresholds
    ] == [("page", 60, 5, Fraction("14.4")), ("ticket", 360, 30, Fraction(6))]


def test_what_cannot_be_computed_or_is_said_otherwise_is_named():
    notes = [(each.at, each.rule) for each in reading().found.notes]
    alerts = "slos[0].burn_rate_alerts"
    assert notes == [
        ("slis.latency.metric", "quantile"),
        ("slis.correctness.metric", "raw_counters"),
        ("slis.correctness.metric", "error_ratio"),
        (f"{alerts}[0].burn_rate", "budget_lasts"),
        (f"{alerts}[1].burn_rate", "budget_lasts"),
        (f"{alerts}[1].severity", "severity"),
    ]
    assert "lasts 50 hours" in reading().found.notes[3].detail


def test_a_stated_budget_is_compared_with_the_target():
    found = reading(("7.2 hours/month", "43.2 minutes/month")).found.notes
    [note] = [each for each in found if each.rule == "error_budget"]
    assert note.detail == "the target leaves 432 minutes of the window"


ALERT = "slos[0].burn_rate_alerts[0]"


@pytest.mark.parametrize(
    ("old", "new", "at", "rule"),
    [
        ("99.95%", "100%", "slos[0].target", "percentage"),
        ("99.95%", "0.9995", "slos[0].target", "percentage"),
        ("99.95%", "-1%", "slos[0].target", "percentage"),
        ("window: 30d", "window: 30D", "slos[0].window", "duration"),
        ("window: 30d", "window: 0d", "slos[0].window", "duration"),
        ("sli: latency", "sli: latenzy", "slos[1].sli", "reference"),
        ("14.4x", "fast", f"{ALERT}.burn_rate", "burn_rate"),
        ("14.4x", "2000x", f"{ALERT}.burn_rate", "never_fires"),
        ("short_window: 5m", "short_window: 1h", f"{ALERT}.short_window", "range"),
        ("long_window: 1h", "long_window: 60d", f"{ALERT}.long_window", "range"),
        ("severity: page", "severity: call", f"{ALERT}.severity", "one_of"),
        ("owner: payments-team", "owners: x", "owners", "unknown_field"),
    ],
)
def test_what_is_wrong_is_named(old: str, new: str, at: str, rule: str):
    assert wrong((old, new)) == [(at, rule)]


def test_a_rate_that_all_failures_only_reach_never_fires():
    """Above means more: at a budget of 0.05 %, 2000 times is all of it."""
    assert wrong(("14.4x", "1999.9x")) == []
    assert wrong(("14.4x", "2000x")) != []
