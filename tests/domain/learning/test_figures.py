"""Figures: quantiles, and no trend where nothing can be said."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.learning.figures import change, mean, quantile, share_within

KNOWN = st.lists(st.floats(0, 1e7), min_size=2, max_size=40)


@given(KNOWN)
def test_quartiles_are_those_of_the_standard_library(values: list[float]):
    expected = statistics.quantiles(values, n=4, method="inclusive")
    assert [quantile(values, share) for share in (0.25, 0.5, 0.75)] == pytest.approx(expected)
    assert (quantile(values, 0), quantile(values, 1)) == (min(values), max(values))


def test_of_nothing_nothing_is_known():
    assert (quantile([], 0.5), mean([]), share_within([], 60)) == (None, None, None)
    unknown = change([], [1.0])
    assert (unknown.before, unknown.now, unknown.low, unknown.trend) == (None, 1.0, None, None)


def test_a_share_below_a_threshold_counts_the_threshold():
    assert share_within([30, 60, 61, 90], 60) == 0.5


def test_a_trend_is_said_only_where_the_interval_does_not_contain_zero():
    before = [float(value) for value in range(100, 160)]
    assert change(before, [value + 100 for value in before]).trend == "up"
    assert change(before, [value / 2 for value in before]).trend == "down"
    assert change(before, before).trend is None
    assert change([10, 200], [20, 400]).trend is None


def test_of_very_few_there_is_no_interval_however_far_they_are_apart():
    few = change([1.0] * 20, [1_000.0] * 4)
    assert (few.before, few.now, few.low, few.high, few.trend) == (1, 1_000, None, None, None)
    assert change([1.0] * 20, [1_000.0] * 5).trend == "up"


@given(KNOWN, KNOWN)
def test_the_same_question_has_the_same_answer_in_any_order(one: list[float], other: list[float]):
    assert change(one, other, resamples=20) == change(one, other, resamples=20)
