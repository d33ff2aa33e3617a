"""Who gains and loses which hours by a change of turns."""

from domain.oncall.scheduling import commands as c
from domain.oncall.scheduling.difference import TurnSpan, difference
from domain.oncall.scheduling.rota import shifts_of
from support.rotas import DAY, MONDAY, PAYMENTS, WEEK, after, rota

WINDOW = MONDAY, MONDAY + 3 * WEEK


def test_hours_that_are_gained_and_lost_are_spans_of_each_person():
    before = after(PAYMENTS)
    override = c.OverrideTurns(people=("bo",), begins=MONDAY + 5 * DAY, ends=MONDAY + 9 * DAY)
    found = difference(
        shifts_of(rota(before), *WINDOW), shifts_of(rota(after(override, state=before)), *WINDOW)
    )
    span = TurnSpan(MONDAY + 5 * DAY, MONDAY + WEEK)
    assert [(each.person, each.gains, each.loses) for each in found.people] == [
        ("ada", (), (span,)),
        ("bo", (span,), ()),
    ]
    hours = [(each.hours_before, each.hours_after) for each in found.people]
    assert hours == [(168, 120), (168, 216)]


def test_a_gap_is_counted_and_no_change_names_nobody():
    state = after(PAYMENTS)
    same = shifts_of(rota(state), *WINDOW)
    assert difference(same, same).people == ()
    off = after((MONDAY + WEEK, c.DeactivateSchedule()), state=state)
    found = difference(same, shifts_of(rota(off), *WINDOW))
    assert (found.gap_hours_before, found.gap_hours_after) == (0, 336)
    assert {each.person for each in found.people} == {"bo", "cy"}
