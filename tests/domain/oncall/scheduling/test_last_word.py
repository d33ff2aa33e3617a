"""Of what is put over turns the last word counts, in whichever order it is said."""

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from domain.kernel.roster import Roster, RosterPerson
from domain.oncall.scheduling import SCHEDULE
from domain.oncall.scheduling import commands as c
from domain.oncall.scheduling.rota import on_call_at, renamed
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
)  # fmt: skip

SPAN: dict[str, Any] = {"begins": MONDAY, "ends": MONDAY + DAY}
AT = MONDAY + HOUR
MINUTE = timedelta(minutes=1)


def over(*people: str) -> c.OverrideTurns:
    return c.OverrideTurns(people=people, **SPAN)


def forward(leaves: str, takes: str, **more: Any) -> c.ForwardTurns:
    return c.ForwardTurns(leaves=leaves, takes=takes, **{**SPAN, **more})


def minutes(*said: Any) -> list[Any]:
    return [(MONDAY - HOUR + number * MINUTE, each) for number, each in enumerate(said)]


def test_who_is_put_back_is_on_call_again():
    state = after(PAYMENTS, *minutes(over("dee"), over("eve"), over("dee")))
    assert on_call(state, AT) == ("dee",)
    assert after(*minutes(over("dee")), state=state) == state
    away = after(
        PAYMENTS, *minutes(forward("ada", "bo"), forward("ada", "cy"), forward("ada", "bo"))
    )
    assert on_call(away, AT) == ("bo",)


SWAP = c.RequestSwap(leaves="ada", takes="bo", **SPAN)
TAKEN = c.AcceptSwap(number=1, confirm=True)


def test_an_override_holds_over_what_changed_hands_before_and_changes_hands_after():
    assert on_call(after(PAYMENTS, *minutes(SWAP, TAKEN, over("ada"))), AT) == ("ada",)
    assert on_call(after(PAYMENTS, *minutes(SWAP, over("ada"), TAKEN)), AT) == ("bo",)
    later = c.AcceptSwap(number=2, confirm=True)
    assert on_call(after(PAYMENTS, *minutes(over("ada"), SWAP, later)), AT) == ("bo",)


def test_turns_change_hands_in_the_order_in_which_that_was_accepted():
    on = replace(SWAP, leaves="bo", takes="cy")
    bo = c.OverrideTurns(people=("ada", "bo"), **SPAN)
    first = (TAKEN, replace(TAKEN, number=3))
    asked = (SWAP, bo, on)
    assert on_call(after(PAYMENTS, *minutes(*asked, *first)), AT) == ("cy",)
    assert on_call(after(PAYMENTS, *minutes(*asked, *reversed(first))), AT) == ("bo", "cy")


def test_somebody_can_be_put_where_nobody_takes_turns():
    nobody = replace(PAYMENTS, layers=())
    assert on_call(after(nobody, over("dee")), AT) == ("dee",)
    swapped = after(nobody, over("dee"), c.RequestSwap(leaves="dee", takes="eve", **SPAN))
    assert on_call(after(replace(TAKEN, number=2), state=swapped), AT) == ("eve",)


def test_a_rotation_is_one_of_the_turns_that_hold_then():
    plan = c.ChangeSchedule(layers=(layer("eve", id="later"),), since=MONDAY + WEEK)
    named = replace(over("dee"), rotations=("primary",))
    assert on_call(after(PAYMENTS, plan, named), AT) == ("dee",)
    refused = ("schedule.rotation_unknown", "rotations")
    assert refusal(PAYMENTS, plan, replace(named, rotations=("later",))) == refused


def test_whoever_is_not_away_any_more_passes_nothing_on():
    off = forward("ada", "bo", begins=MONDAY + 2 * DAY, ends=MONDAY + 3 * DAY)
    back = forward("bo", "ada", begins=MONDAY, ends=MONDAY + WEEK)
    state = after(PAYMENTS, off, c.WithdrawStandIn(number=1), back)
    assert len(state.stand_ins) == 2


def test_a_circle_is_one_of_those_who_are_away_at_one_time():
    def days(leaves: str, takes: str, first: int, last: int) -> c.ForwardTurns:
        return forward(leaves, takes, begins=MONDAY + first * DAY, ends=MONDAY + last * DAY)

    apart = (days("ada", "bo", 0, 2), days("bo", "cy", 4, 6), days("cy", "ada", 0, 6))
    assert len(after(PAYMENTS, *apart).stand_ins) == 3
    hidden = (days("ada", "bo", 0, 2), days("ada", "cy", 4, 6), days("bo", "ada", 0, 6))
    assert refusal(PAYMENTS, *hidden) == ("schedule.forwarding_circle", "takes")


def test_whoever_came_into_the_directory_later_is_the_same_person():
    known = replace(
        context(actor="otto"), roster=Roster(people=(RosterPerson(id="o-1", name="otto"),))
    )
    state = after(replace(PAYMENTS, layers=(layer("otto", "bo"),)))
    for command in (forward("otto", "bo"), c.RequestSwap(leaves="otto", takes="bo", **SPAN)):
        decided = SCHEDULE.fold(state, SCHEDULE.decide(command, state, known))
        if isinstance(command, c.RequestSwap):
            decided = SCHEDULE.fold(decided, SCHEDULE.decide(TAKEN, decided, known))
        named = renamed(rota(decided), known.who_is)
        assert on_call_at(named, AT).people == ("bo",)
    asked = after(PAYMENTS, replace(SWAP, takes="otto"))
    assert SCHEDULE.decide(c.AcceptSwap(number=1), asked, known)
