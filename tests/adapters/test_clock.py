"""A clock that runs faster than the real one, and knows when it will be what time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.clock import ScaledClock

ORIGIN = datetime(2018, 10, 21, 22, 52, tzinfo=UTC)
START = datetime(2026, 5, 4, 12, tzinfo=UTC)


class Real:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


def test_it_begins_at_its_origin_and_runs_at_its_speed():
    real = Real()
    clock = ScaledClock(ORIGIN, 3600, real)
    assert clock.now() == ORIGIN
    real.now += timedelta(seconds=2)
    assert clock.now() == ORIGIN + timedelta(hours=2)


@given(
    st.floats(min_value=0.01, max_value=1e6), st.timedeltas(timedelta(days=-900), timedelta(900))
)
def test_who_waits_until_the_real_time_of_a_moment_is_not_early_and_hardly_late(speed, after):
    real = Real()
    clock = ScaledClock(ORIGIN, speed, real)
    real.now = clock.real(ORIGIN + after)
    assert timedelta(0) <= clock.now() - (ORIGIN + after) <= timedelta(microseconds=2 * speed + 2)


@pytest.mark.parametrize("speed", [0, -1, float("nan")])
def test_a_clock_that_does_not_advance_is_refused(speed):
    with pytest.raises(ValueError, match="speed: must be positive"):
        ScaledClock(ORIGIN, speed)
