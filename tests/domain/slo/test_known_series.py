"""Thresholds and series with known answers."""

import csv
import json
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from domain.slo.burn_rate import minutes_until_spent, thresholds
from domain.slo.burn_replay import replay_of
from domain.slo.objective import Objective
from domain.slo.series import Sample, by_minute

pytestmark = pytest.mark.realdata

DATA = Path(__file__).resolve().parents[4] / "shared/data/slo"


def known(file: str, key: str) -> list[Any]:
    path = DATA / file
    return json.loads(path.read_text())[key] if path.exists() else []


@pytest.fixture(autouse=True)
def _present():
    if not DATA.exists():
        pytest.skip(f"{DATA} is absent")


@pytest.mark.parametrize(
    "case",
    known("burn_rate_thresholds.json", "windows"),
    ids=lambda each: f"{each['slo_window_days']}d",
)
def test_thresholds_are_the_computed_ones(case: dict[str, Any]):
    window = case["slo_window_days"] * 1440
    for target in ("0.99", "0.999", "0.9995"):
        for found, rule in zip(thresholds(window, Fraction(target)), case["rules"], strict=True):
            assert found.burn_rate == Fraction(rule["exact"])
            assert (found.severity, found.long_minutes, found.short_minutes) == (
                rule["severity"],
                rule["long_minutes"],
                rule["short_minutes"],
            )
            assert found.can_fire is (target not in rule["can_never_fire_for"])
            assert found.outage_minutes == rule["minutes_of_total_outage_until_it_fires"][target]
            up_to = rule["one_failure_fires_up_to_this_many_requests_in_the_long_window"]
            assert found.one_failure_total == up_to[target]
            spent = minutes_until_spent(window, found.burn_rate)
            assert spent is not None
            assert spent / 60 in {Fraction(x) for x in case["hours_until_all_is_spent"].values()}


def samples(file: str) -> list[Sample]:
    with (DATA / "series" / file).open() as rows:
        return [
            Sample(
                int(datetime.fromisoformat(each["minute"]).timestamp()),
                int(each["good"]),
                int(each["total"]),
            )
            for each in csv.DictReader(rows)
        ]


def fires(case: dict[str, Any], rules: list[Any], counted: list[Sample], min_bad: int) -> None:
    objective = Objective("a", Fraction(str(case["target"])), case["slo_window_days"] * 1440)
    found = replay_of(by_minute(counted).minutes, objective, min_bad=min_bad)
    assert [[(each.begins, each.ends - 1) for each in rule.true] for rule in found.rules] == [
        [(each["from"], each["to"]) for each in rule["fires"]] for rule in rules
    ]


@pytest.mark.parametrize(
    "case", known("series/expected.json", "series"), ids=lambda each: each["file"]
)
def test_each_series_alerts_in_exactly_these_minutes(case: dict[str, Any]):
    """In live order, and late and out of order: an hour at the end, and all of it mixed."""
    live = samples(case["file"])
    late = [*live[:4990], *live[5050:], *live[4990:5050]]
    mixed = [each for start in range(7) for each in live[start::7]]
    for order in (live, late, mixed):
        fires(case, case["rules"], order, 0)
    if "with_minimum" in case:
        fires(case, case["with_minimum"]["rules"], mixed, case["with_minimum"]["bad"])
