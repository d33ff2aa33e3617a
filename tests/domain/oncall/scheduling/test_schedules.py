"""A schedule says who is on call at any time; what held before stays, whatever is said later."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.directory.registration import Managed
from domain.kernel.refusal import Refused
from domain.kernel.roster import Roster, RosterPerson
from domain.oncall.layer import Recurring, Turns
from domain.oncall.scheduling import SCHEDULE
from domain.oncall.scheduling import commands as c
from domain.oncall.scheduling.rota import on_call_at, shifts_of
from support.rotas import (
    DAY,
    HOUR,
    MONDAY,
    PAYMENTS,
    WEEK,
    after,
    context,
    layer,
    on_call,
    refusal,
    rota,
)


def test_who_is_on_call_since_when_until_when_and_who_is_next():
    found = on_call_at(rota(after(PAYMENTS)), MONDAY + WEEK + HOUR)
    assert (found.people, found.since, found.until, found.next_people) == (
        ("bo",), MONDAY + WEEK, MONDAY + 2 * WEEK, ("cy",),
    )  # fmt: skip


def test_what_is_changed_today_leaves_last_night_as_it_was():
    changed = MONDAY + 3 * DAY
    state = after(PAYMENTS, (changed, c.ChangeSchedule(layers=(layer("dee", "eve"),))))
    assert on_call(state, changed - HOUR) == ("ada",)
    assert on_call(state, changed) == ("dee",)


def test_a_change_may_be_told_ahead_and_what_is_said_later_counts():
    ahead = c.ChangeSchedule(layers=(layer("dee"),), since=MONDAY + WEEK)
    state = after(PAYMENTS, ahead)
    assert on_call(state, MONDAY + WEEK - HOUR) == ("ada",)
    assert on_call(state, MONDAY + WEEK) == ("dee",)
    again = after((MONDAY + DAY, c.ChangeSchedule(layers=(layer("eve"),))), state=state)
    assert on_call(again, MONDAY + WEEK) == ("eve",)


def test_a_person_is_the_same_by_whatever_name_the_directory_knows():
    roster = Roster(people=(RosterPerson(id="ada", name="Ada Lovelace"),))
    named = replace(PAYMENTS, layers=(layer("Ada Lovelace", "Stranger"),))
    decided = SCHEDULE.decide(named, SCHEDULE.initial, replace(context(), roster=roster))
    assert SCHEDULE.fold(SCHEDULE.initial, decided).people == ("Stranger", "ada")


def test_nobody_is_on_call_while_it_is_not_active():
    state = after(
        PAYMENTS,
        (MONDAY + DAY, c.DeactivateSchedule(reason="moved")),
        (MONDAY + 2 * DAY, c.ReactivateSchedule()),
    )
    days = [on_call(state, MONDAY + each * DAY + HOUR) for each in range(3)]
    assert days == [("ada",), (), ("ada",)]


def test_an_override_holds_instead_and_ends_when_it_is_withdrawn():
    override = c.OverrideTurns(people=("dee",), begins=MONDAY, ends=MONDAY + DAY)
    state = after(PAYMENTS, override, override)
    assert len(state.stand_ins) == 1
    assert on_call(state, MONDAY + 5 * HOUR) == ("dee",)
    withdrawn = after((MONDAY + 2 * HOUR, c.WithdrawStandIn(number=1)), state=state)
    assert [on_call(withdrawn, MONDAY + it * HOUR) for it in (1, 3)] == [("dee",), ("ada",)]
    never = after((MONDAY - HOUR, c.WithdrawStandIn(number=1)), state=state)
    assert on_call(never, MONDAY + HOUR) == ("ada",)


def test_an_override_of_nobody_is_a_gap_that_is_meant():
    state = after(PAYMENTS, c.OverrideTurns(people=(), begins=MONDAY, ends=MONDAY + DAY))
    assert on_call(state, MONDAY + HOUR) == ()


def test_whoever_is_away_is_stood_in_for_wherever_that_would_be():
    away = c.ForwardTurns(leaves="bo", takes="cy", begins=MONDAY, ends=MONDAY + 4 * WEEK)
    state = after(PAYMENTS, away)
    assert on_call(state, MONDAY + WEEK + HOUR) == ("cy",)
    back = c.ForwardTurns(leaves="cy", takes="bo", begins=MONDAY + WEEK, ends=MONDAY + 2 * WEEK)
    assert refusal(PAYMENTS, away, back) == ("schedule.forwarding_circle", "takes")
    over = MONDAY + 4 * WEEK
    assert after(replace(back, begins=over, ends=over + DAY), state=state)


def test_who_learns_is_shown_beside_and_is_not_on_call():
    shadow = c.AddShadow(person="dee", begins=MONDAY, ends=MONDAY + DAY)
    found = on_call_at(rota(after(PAYMENTS, shadow)), MONDAY + HOUR)
    assert (found.people, found.shadows) == (("ada",), ("dee",))


SWAP = c.RequestSwap(leaves="bo", takes="cy", begins=MONDAY + WEEK, ends=MONDAY + 2 * WEEK)


def test_turns_change_hands_once_whoever_takes_them_has_said_so():
    asked = after(PAYMENTS, SWAP)
    at = MONDAY + WEEK + HOUR
    assert on_call(asked, at) == ("bo",)
    with pytest.raises(Refused, match="cy is to take these turns, and ada says so"):
        SCHEDULE.decide(c.AcceptSwap(number=1), asked, context(actor="ada"))
    taken = SCHEDULE.decide(c.AcceptSwap(number=1), asked, context(actor="cy"))
    state = SCHEDULE.fold(asked, taken)
    assert on_call(state, at) == ("cy",)
    assert SCHEDULE.decide(SWAP, state, context()) == []
    assert on_call(after(c.WithdrawStandIn(number=1), state=state), at) == ("bo",)
    assert on_call(after(c.AcceptSwap(number=1, confirm=True), state=asked), at) == ("cy",)


def test_turns_that_are_taken_over_late_change_hands_from_then_on():
    late = MONDAY + WEEK + DAY
    state = after(PAYMENTS, SWAP, (late, c.AcceptSwap(number=1, confirm=True)))
    assert [on_call(state, late - HOUR), on_call(state, late)] == [("bo",), ("cy",)]
    assert SCHEDULE.decide(SWAP, state, context(late)) == []


def test_a_swap_that_was_declined_changes_nothing_and_is_asked_again():
    declined = after(PAYMENTS, SWAP, c.DeclineSwap(number=1, reason="away as well"))
    assert on_call(declined, MONDAY + WEEK + HOUR) == ("bo",)
    with pytest.raises(Refused, match="ask again"):
        after(c.AcceptSwap(number=1, confirm=True), state=declined)


def test_turns_may_be_left_vacant_and_taken_where_nobody_has_them():
    span = {"begins": MONDAY, "ends": MONDAY + WEEK}
    left = after(PAYMENTS, c.RequestSwap(leaves="ada", **span))
    with pytest.raises(Refused, match="nobody is to take these turns"):
        after(c.AcceptSwap(number=1), state=left)
    vacant = after(c.AcceptSwap(number=1, confirm=True), state=left)
    assert on_call(vacant, MONDAY + HOUR) == ()
    asked = after(c.RequestSwap(takes="dee", **span), state=vacant)
    taken = after(c.AcceptSwap(number=2, confirm=True), state=asked)
    assert on_call(taken, MONDAY + HOUR) == ("dee",)
    assert refusal(PAYMENTS, c.RequestSwap(**span)) == ("schedule.same_person", "takes")


LATE = MONDAY + 9 * WEEK
YEARS = Recurring(start=datetime.fromisoformat("1970-01-01T09:00"), length=DAY, rule="FREQ=DAILY")
MINUTES = Turns(anchor=datetime.fromisoformat("2026-05-04T09:00"), length=timedelta(minutes=1))


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ((replace(PAYMENTS, time_zone="Mars/Olympus"),), "time_zone.unknown", "time_zone"),
        ((replace(PAYMENTS, layers=(layer(),)),), "schedule.layer_invalid", "layers"),
        (
            (replace(PAYMENTS, layers=(layer("a"), layer("b"))),),
            "list.repeats",
            "layers",
        ),
        (
            (replace(PAYMENTS, layers=(layer("a", pattern=YEARS),)),),
            "schedule.layer_invalid",
            "layers",
        ),
        (
            (replace(PAYMENTS, layers=(layer("a", pattern=MINUTES),)),),
            "schedule.too_many_turns",
            "layers",
        ),
        (
            (PAYMENTS, replace(PAYMENTS, name="Money")),
            "schedule.already_registered",
            "slug",
        ),
        ((SWAP,), "schedule.unknown", "schedule"),
        (
            (PAYMENTS, c.OverrideTurns(people=("a",), begins=MONDAY, ends=MONDAY)),
            "schedule.span_invalid",
            "ends",
        ),
        (
            (
                PAYMENTS,
                c.OverrideTurns(people=("a",), begins=MONDAY, ends=LATE, rotations=("other",)),
            ),
            "schedule.rotation_unknown",
            "rotations",
        ),
        ((PAYMENTS, replace(SWAP, leaves="dee")), "schedule.no_turns", "leaves"),
        ((PAYMENTS, replace(SWAP, takes="bo")), "schedule.same_person", "takes"),
        ((PAYMENTS, c.WithdrawStandIn(number=1)), "schedule.entry_unknown", "number"),
        (
            (PAYMENTS, SWAP, (LATE, c.WithdrawStandIn(number=1))),
            "schedule.entry_over",
            "number",
        ),
        (
            (PAYMENTS, SWAP, (LATE, c.AcceptSwap(number=1, confirm=True))),
            "schedule.entry_over",
            "number",
        ),
        (
            (
                PAYMENTS,
                c.AddShadow(person="dee", begins=MONDAY, ends=LATE),
                c.AcceptSwap(number=1),
            ),
            "schedule.no_swap",
            "number",
        ),
        (
            (replace(PAYMENTS, managed_by=Managed(name="code")), c.ChangeSchedule(name="Other")),
            "schedule.managed",
            "managed_by",
        ),
    ],
)
def test_what_cannot_be_is_refused(said: tuple[Any, ...], code: str, field: str):
    assert refusal(*said) == (code, field)


def test_what_code_manages_is_changed_by_it_and_stood_in_for_by_anybody():
    managed = replace(PAYMENTS, managed_by=Managed(name="code"))
    state = after(managed, c.OverrideTurns(people=("dee",), begins=MONDAY, ends=MONDAY + DAY))
    assert on_call(state, MONDAY + HOUR) == ("dee",)


SAID = st.one_of(
    st.builds(
        lambda people: c.ChangeSchedule(layers=(layer(*people),)),
        st.lists(st.sampled_from(["ada", "bo", "dee"]), min_size=1, max_size=3, unique=True),
    ),
    st.just(c.DeactivateSchedule()),
    st.just(c.ReactivateSchedule()),
    st.builds(lambda number: c.WithdrawStandIn(number=number), st.integers(1, 3)),
    st.just(c.ChangeSchedule(name="Money")),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), SAID), max_size=6))
def test_no_word_changes_who_was_on_call_before_it(said: list[tuple[int, Any]]):
    state = after(
        PAYMENTS,
        c.OverrideTurns(people=("eve",), begins=MONDAY + DAY, ends=MONDAY + 5 * DAY),
        c.ForwardTurns(leaves="bo", takes="cy", begins=MONDAY, ends=MONDAY + 3 * WEEK),
    )
    for days, command in sorted(said, key=lambda each: each[0]):
        at = MONDAY + days * DAY + HOUR
        try:
            later = after((at, command), state=state)
        except Refused:
            continue
        past = MONDAY - WEEK, at
        assert shifts_of(rota(later), *past) == shifts_of(rota(state), *past)
        state = later
    found = shifts_of(rota(state), MONDAY - WEEK, MONDAY + 5 * WEEK)
    for each in found:
        middle = each.begins + (each.ends - each.begins) / 2
        assert on_call(state, each.begins) == on_call(state, middle) == each.people
