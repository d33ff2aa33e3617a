"""Thresholds of burn rates, exact, by the window of the objective."""

from fractions import Fraction

import pytest

from domain.slo.burn_rate import Threshold, minutes_until_spent, thresholds
from domain.slo.window_lengths import decimal_text, minutes_of, share_of

DAY = 1440


@pytest.mark.parametrize(
    ("days", "rates"),
    [
        (30, ["14.4", "6", "3", "1"]),
        (28, ["13.44", "5.6", "2.8", "14/15"]),
        (7, ["3.36", "1.4", "0.7", "7/30"]),
        (90, ["43.2", "18", "9", "3"]),
    ],
)
def test_rates_scale_with_the_window(days: int, rates: list[str]):
    found = thresholds(days * DAY, Fraction("0.999"))
    assert [each.burn_rate for each in found] == [Fraction(each) for each in rates]


def test_a_window_that_is_longer_than_the_objective_is_left_out():
    assert [each.long_minutes for each in thresholds(DAY, Fraction("0.99"))] == [60, 360, 1440]


def test_a_threshold_that_asks_for_all_or_more_can_never_fire():
    assert [each.can_fire for each in thresholds(30 * DAY, Fraction("0.9"))] == [
        False,  # 14.4 times 10 %
        True,
        True,
        True,
    ]
    all_of_it = Threshold("page", 60, 5, Fraction(10), Fraction(1, 10))
    assert (all_of_it.can_fire, all_of_it.outage_minutes) == (False, None)


def test_how_long_a_budget_lasts():
    assert minutes_until_spent(30 * DAY, Fraction("14.4")) == 50 * 60
    assert minutes_until_spent(30 * DAY, Fraction(0)) is None


@pytest.mark.parametrize(
    ("text", "share"), [("99.9", "0.999"), ("99.95%", "0.9995"), ("0.5%", "0.005"), ("1", "0.01")]
)
def test_targets_are_in_per_cent(text: str, share: str):
    assert share_of(text) == Fraction(share)


NO_TARGETS = ["100", "100%", "101", "0.999", "-1", "1e2", "", "%", "99,9", "9%9"]


@pytest.mark.parametrize("text", NO_TARGETS)
def test_what_is_no_target_is_refused(text: str):
    with pytest.raises(ValueError, match=r"percentage|budget|per cent"):
        share_of(text)


@pytest.mark.parametrize(("text", "minutes"), [("5m", 5), ("4w", 40320), ("1M", 43200)])
def test_lengths(text: str, minutes: int):
    assert minutes_of(text) == minutes


@pytest.mark.parametrize("text", ["0d", "1D", "d", "1.5h", "999999999d", "11Y", "", "1h "])
def test_what_is_no_length_is_refused(text: str):
    with pytest.raises(ValueError, match=r"duration|longer"):
        minutes_of(text)


def test_fractions_are_shown_with_what_goes_on():
    assert decimal_text(Fraction("14.4")) == "14.4"
    assert decimal_text(Fraction(7, 30)) == "0.233333…"
    assert decimal_text(Fraction(50)) == "50"
