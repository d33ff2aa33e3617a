"""Samples that come one by one, in any order, are the minutes of all of them at once."""

from hypothesis import given
from hypothesis import strategies as st

from domain.slo.live_series import LiveSeries
from domain.slo.series import Minutes, Sample, by_minute

SAMPLE = st.builds(
    Sample,
    st.integers(0, 1_000),
    st.one_of(st.none(), st.integers(-1, 9)),
    st.one_of(st.none(), st.integers(0, 9)),
)


@given(st.lists(SAMPLE, min_size=1), st.integers(1, 3))
def test_kept_up_is_what_all_of_them_come_to(samples: list[Sample], at_once: int):
    kept = LiveSeries()
    for start in range(0, len(samples), at_once):
        kept.add(samples[start : start + at_once])
    whole = by_minute(samples).minutes
    found = kept.until(whole.begins + len(whole), 10_000)
    assert (found.begins, found.bad, found.total) == (whole.begins, whole.bad, whole.total)


def test_there_is_nothing_before_the_first_sample_that_there_ever_was():
    kept = LiveSeries(first=7)
    kept.add([Sample(600, 1, 1)])
    assert kept.until(11, 100) == Minutes(7, [None, None, None, 0], [None, None, None, 1])
    assert len(LiveSeries().until(11, 100)) == 0


def test_what_is_forgotten_is_unknown_and_the_series_does_not_begin_later():
    kept = LiveSeries()
    kept.add([Sample(0, 1, 1), Sample(120, 1, 1)])
    kept.forget_before(1)
    assert kept.until(3, 3).total == [None, None, 1]
    assert kept.last_minute == 2
