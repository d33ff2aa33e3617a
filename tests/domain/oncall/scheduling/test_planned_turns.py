"""What is planned stays planned, whatever else is said of a schedule before it begins."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.oncall.scheduling import commands as c
from domain.oncall.scheduling.kept import KeptSchedule
from domain.oncall.scheduling.rota import shifts_of
from support.rotas import DAY, HOUR, MONDAY, PAYMENTS, WEEK, after, layer, on_call, rota

SOON = MONDAY + 3 * WEEK
PLAN = c.ChangeSchedule(layers=(layer("eve"),), since=SOON)


def in_turn(state: KeptSchedule) -> list[tuple[str, ...]]:
    """Who is on call tomorrow, and once the plan holds."""
    return [on_call(state, MONDAY + 2 * DAY), on_call(state, SOON + HOUR)]


def test_another_name_leaves_what_is_planned_where_it_is():
    for said in (
        (c.ChangeSchedule(name="Money"),),
        (c.ChangeSchedule(time_zone="America/New_York"),),
        (c.ChangeSchedule(description=None, team="money"),),
        (c.DeactivateSchedule(), (MONDAY + HOUR, c.ReactivateSchedule())),
        (c.ChangeSchedule(name="Money"), (MONDAY + HOUR, c.ChangeSchedule(team="money"))),
    ):
        assert in_turn(after(PAYMENTS, PLAN, *said)) == [("ada",), ("eve",)]


def test_nobody_is_on_call_of_what_is_planned_either_while_it_is_not_active():
    off = after(PAYMENTS, PLAN, c.DeactivateSchedule())
    assert in_turn(off) == [(), ()]
    assert on_call(after((SOON + DAY, c.ReactivateSchedule()), state=off), SOON + 2 * DAY) == (
        "eve",
    )


def test_a_plan_begins_sooner_or_later_when_that_is_said():
    def again(since: Any) -> KeptSchedule:
        return after(
            PAYMENTS, PLAN, (MONDAY + HOUR, c.ChangeSchedule(layers=PLAN.layers, since=since))
        )

    assert on_call(again(SOON - WEEK), SOON - DAY) == ("eve",)
    later = again(SOON + WEEK)
    assert (on_call(later, SOON + DAY), on_call(later, SOON + 8 * DAY)) == (("ada",), ("eve",))
    assert on_call(again(None), MONDAY + DAY) == ("eve",)
    assert again(SOON) == after(PAYMENTS, PLAN)
    named = after(PAYMENTS, PLAN, c.ChangeSchedule(name="M", layers=PLAN.layers, since=SOON - WEEK))
    assert on_call(named, SOON - DAY) == ("eve",)


def test_what_is_said_of_a_time_that_is_over_leaves_who_was_active_then():
    off = after(PAYMENTS, (MONDAY + DAY, c.DeactivateSchedule()))
    change = c.ChangeSchedule(layers=(layer("eve"),), since=MONDAY)
    told_late = after((MONDAY + 2 * DAY, change), state=off)
    assert [on_call(told_late, MONDAY + each * HOUR) for each in (1, 25)] == [("eve",), ()]
    on = after((MONDAY + 2 * DAY, c.ReactivateSchedule()), (MONDAY + 3 * DAY, change), state=off)
    found = [on_call(on, MONDAY + each * HOUR) for each in (1, 25, 49)]
    assert found == [("eve",), (), ("eve",)]


SAID = st.one_of(
    st.tuples(st.just("turns"), st.integers(-5, 30)),
    st.tuples(st.just("off"), st.just(0)),
    st.tuples(st.just("on"), st.just(0)),
    st.tuples(st.just("name"), st.just(0)),
)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), SAID), max_size=7))
def test_of_each_time_that_holds_which_was_said_last_of_it(said: list[tuple[int, Any]]):
    """A slow reference: for each hour, the last word on turns and the last on being active."""
    state, turns, active = after(PAYMENTS), [(-100, "ada")], [(-100, True)]
    state = after(c.ChangeSchedule(layers=(layer("ada"),), since=MONDAY - 100 * DAY), state=state)
    for number, (day, (kind, ahead)) in enumerate(sorted(said, key=lambda each: each[0])):
        at, who = MONDAY + day * DAY + timedelta(minutes=number), f"p{number}"
        since = MONDAY + (day + ahead) * DAY
        command: Any = c.ChangeSchedule(name=f"Name {number}")
        if kind == "turns":
            command = c.ChangeSchedule(layers=(layer(who),), since=since)
            turns.append((day + ahead, who))
        elif kind in {"on", "off"}:
            command = c.ReactivateSchedule() if kind == "on" else c.DeactivateSchedule()
            active.append((day, kind == "on"))
        state = after((at, command), state=state)
    for day in range(-3, 52):
        at = MONDAY + day * DAY + 12 * HOUR
        who = [name for since, name in turns if since <= day][-1]
        is_on = [each for since, each in active if since <= day][-1]
        assert shifts_of(rota(state), at, at + HOUR)[0].people == ((who,) if is_on else ())
