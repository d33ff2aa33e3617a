"""A change is put on record once, however often it is sent."""

from datetime import timedelta

from msgspec.structs import replace

from domain.alerting import CHANGES, ChangeReported, ReportChange
from domain.alerting.change_log import AGAIN
from domain.alerting.change_samples import CHANGE
from support.spec import NOON, given


def told(*, after: timedelta = timedelta(), stated: bool = True) -> ReportChange:
    heard_at = NOON + after
    return ReportChange(
        change=replace(CHANGE, id="c", heard_at=heard_at),
        at=NOON if stated else heard_at,
        stated=stated,
        signal=1,
        place=0,
    )


def test_with_a_time_of_its_own_it_is_one_for_ever():
    first = given(CHANGES).when(told())
    assert [type(each) for each in first] == [ChangeReported]
    assert given(CHANGES, *first).when(told(after=timedelta(days=9))) == []


def test_without_a_time_the_same_words_soon_after_are_the_same_change():
    first = given(CHANGES).when(told(stated=False))
    known = given(CHANGES, *first)
    assert known.when(told(after=AGAIN - timedelta(seconds=1), stated=False)) == []
    (second,) = known.when(told(after=AGAIN, stated=False))
    assert (first[0].change.id, second.change.id) == ("c", "c/2")
    assert second.occurred_at == NOON + AGAIN
