"""Samples as they come, and the minutes that they make."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.slo.series import MINUTES_MOST, Sample, SampleMark, by_minute

SAMPLES = [Sample(60 * n, n % 7, 7) for n in range(100) if n not in {20, 21, 90}]


@given(st.permutations(SAMPLES), st.lists(st.sampled_from(SAMPLES), max_size=20))
def test_minutes_are_the_same_whatever_the_order(samples: list[Sample], again: list[Sample]):
    expected = by_minute(SAMPLES)
    assert by_minute([*samples, *again]) == expected
    assert [n for n, each in enumerate(expected.minutes.total) if each is None] == [20, 21, 90]


def test_what_comes_last_of_one_time_holds():
    found = by_minute([Sample(0, 1, 1), Sample(60, 1, 2), Sample(0, 0, 1)])
    assert list(found.minutes.bad) == [1, 1]
    assert found.marks == (SampleMark("superseded", 0),)


def test_samples_within_a_minute_are_summed():
    found = by_minute([Sample(0, 1, 2), Sample(15, 2, 2), Sample(59, Fraction(1, 2), 1)])
    assert (list(found.minutes.bad), list(found.minutes.total)) == ([Fraction(3, 2)], [5])


@pytest.mark.parametrize(
    ("sample", "code"),
    [
        (Sample(60, None, 1), "no_number"),
        (Sample(60, 1, None), "no_number"),
        (Sample(60, 2, 1), "impossible"),
        (Sample(60, -1, 1), "impossible"),
        (Sample(60, -2, -1), "impossible"),
    ],
)
def test_what_cannot_be_is_unknown_and_not_none_at_all(sample: Sample, code: str):
    found = by_minute([Sample(0, 1, 1), sample, Sample(119, 1, 1), Sample(120, 0, 0)])
    assert list(found.minutes.total) == [1, None, 0]
    assert found.marks == (SampleMark(code, 60),)


def test_counters_are_differences_and_may_begin_anew():
    found = by_minute(
        [
            Sample(60, 100, 110),
            Sample(120, 104, 115),
            Sample(180, 2, 3),  # restarted
            Sample(240, None, None),
            Sample(300, 5, 9),
        ],
        counters=True,
    )
    assert found.minutes.begins == 1
    assert list(found.minutes.total) == [5, 3, None, 6]
    assert list(found.minutes.bad) == [1, 1, None, 3]
    assert [each.code for each in found.marks] == ["reset", "reset", "no_number"]


def test_a_row_of_a_wrong_year_makes_no_series_of_a_thousand_years():
    with pytest.raises(ValueError, match="spans"):
        by_minute([Sample(0, 1, 1), Sample(60 * MINUTES_MOST, 1, 1)])
    with pytest.raises(ValueError, match="no sample"):
        by_minute([])
    with pytest.raises(ValueError, match="no sample"):
        by_minute([Sample(0, 1, 1)], counters=True)
