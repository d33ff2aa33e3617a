"""How much counters have grown: by series, through restarts and gaps."""

import pytest

from domain.slo.counter_growth import CounterPoint, CounterSeries, MinuteGrowth, growth_of


def series(*values: int | str | None) -> CounterSeries:
    """A point a minute; `-`: there is none."""
    return tuple(
        CounterPoint(60 * place, None if value is None else int(value))
        for place, value in enumerate(values)
        if value != "-"
    )


def grown(good: list[CounterSeries], total: list[CounterSeries]) -> list[tuple[int | None, ...]]:
    return [(each.at_s // 60, each.good, each.total) for each in growth_of(good, total, 0)]


def test_series_are_summed_up_each_by_itself():
    total = [series(100, 110, 130), series(5, 5, 6)]
    assert grown([series(90, 100, 119)], total) == [(0, 10, 10), (1, 19, 21)]


def test_what_begins_anew_has_lost_nothing_of_the_others():
    total = [series(1000, 1010, 4, 14), series(50, 60, 70, 80)]
    assert grown(total, total) == [(0, 20, 20), (1, 14, 14), (2, 20, 20)]


def test_one_that_appears_counts_from_its_first_point():
    total = [series(0, 10, 20), series("-", 500, 510)]
    assert grown(total, total) == [(0, 10, 10), (1, 20, 20)]


@pytest.mark.parametrize("gap", ["-", None])
def test_a_gap_is_unknown_and_what_was_over_it_counts_at_its_end(gap: str | None):
    total = [series(0, 10, gap, gap, 40, 50)]
    assert grown(total, total) == [(0, 10, 10), (3, 30, 30), (4, 10, 10)]


def test_over_a_long_gap_nobody_can_say_when():
    total = [series(0, 10, *["-"] * 10, 120, 130)]
    assert grown(total, total) == [(0, 10, 10), (12, 10, 10)]


def test_without_any_series_of_good_events_none_was_good():
    assert grown([], [series(0, 10)]) == [(0, 0, 10)]
    assert grown([series(None, None)], [series(0, 10)]) == []


def test_more_good_ones_than_all_is_no_figure():
    assert list(growth_of([series(0, 11)], [series(0, 10)], 0)) == [MinuteGrowth(0, None, None)]


def test_what_was_before_is_only_compared_with():
    total = [series(0, 10, 30)]
    assert [each.at_s for each in growth_of(total, total, 60)] == [60]
