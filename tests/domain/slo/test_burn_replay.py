"""When rules on burn rates are true, against a reference that walks each window by minutes."""

from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.slo.burn_rate import Threshold
from domain.slo.burn_replay import MinuteSpan, in_slices, replayed, spans
from domain.slo.objective import Slices
from domain.slo.series import Minutes


def threshold(long: int = 12, short: int = 3, **more: Any) -> Threshold:
    rate = more.pop("rate", Fraction(10))
    return Threshold("page", long, short, rate, Fraction(1, 100), **more)


def series(*minutes: tuple[int, int] | None) -> Minutes:
    return Minutes(
        0,
        [None if each is None else each[0] for each in minutes],
        [None if each is None else each[1] for each in minutes],
    )


def walked(minutes: Minutes, rule: Threshold) -> list[bool | None]:
    """Slowly, as one would say it: look at every minute of both windows, each time."""
    found: list[bool | None] = []
    for now in range(len(minutes)):
        if now + 1 < rule.long_minutes:
            found.append(None)
            continue
        verdicts: list[bool | None] = []
        for length in (rule.long_minutes, rule.short_minutes):
            bad: Any = 0
            total: Any = 0
            for each in range(now - length + 1, now + 1):
                if minutes.total[each] is not None:
                    bad += minutes.bad[each]
                    total += minutes.total[each]
            is_long = length == rule.long_minutes
            if total == 0 or (is_long and total < rule.min_total):
                verdicts.append(None)
            elif is_long and bad < rule.min_bad:
                verdicts.append(False)
            else:
                verdicts.append(Fraction(bad) / total > rule.burn_rate * rule.budget)
        long, short = verdicts
        if long is None:
            found.append(None)
        else:
            found.append(short if long else False)
    return found


MINUTE = st.one_of(
    st.none(),
    st.just((0, 0)),
    st.integers(1, 12).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
)
RULES = st.builds(
    lambda long, short, rate, bad, total: threshold(
        long, min(short, long), rate=rate, min_bad=bad, min_total=total
    ),
    st.integers(1, 20),
    st.integers(1, 8),
    st.fractions(Fraction(1, 10), 120, max_denominator=20),
    st.integers(0, 3),
    st.integers(0, 9),
)


@given(st.lists(MINUTE, max_size=60), RULES)
def test_every_minute_is_as_the_slow_reference_has_it(minutes: list[Any], rule: Threshold):
    counted = series(*minutes)
    states = walked(counted, rule)
    found = replayed(counted, rule)
    assert found.true == spans(each is True for each in states)
    on = False
    held = []
    for each in states:
        on = on if each is None else each
        held.append(on)
    assert found.alert == spans(held)


@given(st.lists(MINUTE, min_size=1, max_size=60), RULES, st.integers(0, 60))
def test_what_comes_later_changes_no_minute_before(minutes: list[Any], rule: Threshold, cut: int):
    """Whoever looks live sees what a look back at the same samples shows."""
    begun = minutes[:cut]
    found = replayed(series(*minutes), rule)
    live = replayed(series(*begun), rule)
    for now, then in ((live.true, found.true), (live.alert, found.alert)):
        cut_off = [MinuteSpan(a, min(b, len(begun))) for a, b in then if a < len(begun)]
        assert list(now) == cut_off


def test_at_ten_requests_an_hour_one_outage_is_one_alert():
    """The rule alone is true anew with each request; the alert goes on while nothing is known."""
    minutes = [(int(n >= 60), 1) if n % 6 == 0 else (0, 0) for n in range(60 + 12 * 60)]
    rule = Threshold("page", 60, 5, Fraction("14.4"), Fraction(1, 1000))
    found = replayed(series(*minutes), rule)
    assert (len(found.true), len(found.alert)) == (120, 1)


def test_it_is_silent_until_the_long_window_is_full():
    found = replayed(series(*[(1, 1)] * 15), threshold())
    assert found.true == (MinuteSpan(11, 15),)
    assert found.unknown == ()


def test_above_is_more_than():
    """Ten of a hundred is ten times a budget of one per cent, which is not above it."""
    level = [(10, 100)] * 12
    assert replayed(series(*level), threshold()).true == ()
    assert replayed(series(*level[1:], (11, 100)), threshold()).true == (MinuteSpan(11, 12),)


def test_what_fires_goes_on_while_nothing_is_known_and_ends_when_it_is():
    quiet = [(0, 0)] * 5
    found = replayed(series(*[(1, 1)] * 12, *quiet, (0, 9)), threshold())
    assert found.true == (MinuteSpan(11, 14),)
    assert found.unknown == (MinuteSpan(14, 17),)
    assert found.alert == (MinuteSpan(11, 17),)


def test_unknown_begins_nothing():
    found = replayed(series(*[None] * 30), threshold())
    assert (found.true, found.alert) == ((), ())
    assert found.unknown == (MinuteSpan(11, 30),)


def test_few_failures_are_no_rate():
    lonely = [*[(0, 1)] * 11, (1, 1), *[(0, 1)] * 5]
    assert replayed(series(*lonely), threshold(rate=Fraction(5))).true != ()
    assert replayed(series(*lonely), threshold(rate=Fraction(5), min_bad=2)).alert == ()
    few = replayed(series(*lonely), threshold(rate=Fraction(5), min_total=13))
    assert few.alert == ()
    assert few.unknown == (MinuteSpan(11, 17),)


def test_a_rule_that_cannot_fire_is_never_true():
    rule = threshold(rate=Fraction(100))
    assert not rule.can_fire
    assert replayed(series(*[(1, 1)] * 20), rule).true == ()


def test_slices_count_once_when_they_are_over():
    counted = series((0, 5), (1, 5), (0, 0), (0, 0), (2, 4), None, (9, 9))
    found = in_slices(counted, Slices(2, Fraction(9, 10)))
    assert list(found.total) == [0, 1, 0, 0, 0, 1, 0]
    assert list(found.bad) == [0, 0, 0, 0, 0, 1, 0]
    strict = in_slices(counted, Slices(2, Fraction(91, 100)))
    assert list(strict.bad)[1] == 1
    later = in_slices(Minutes(1, counted.bad, counted.total), Slices(2, Fraction(9, 10)))
    assert list(later.total) == [0, 0, 1, 0, 1, None, 1]
