"""Entries of the directory: registered once, changed field by field, never deleted."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.directory import PERSON, SERVICE, TEAM
from domain.directory import person as p
from domain.directory import service as s
from domain.directory import team as t
from domain.kernel.aggregate import AnyAggregate
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.policy import DEFAULT

CONTEXT = Context(datetime(2026, 5, 4, 12, tzinfo=UTC), "c-1", DEFAULT)
ADA = p.RegisterPerson(slug="ada", name="Ada Lovelace", time_zone="Europe/London")
PAYMENTS = t.RegisterTeam(slug="payments", name="Payments", members=("ada",), leads=("ada",))
CHECKOUT = s.RegisterService(slug="checkout", name="Checkout", dependencies=("ledger",))


def after(aggregate: AnyAggregate, *commands: Any) -> Any:
    """The view that these commands leave."""
    state = aggregate.initial
    for command in commands:
        state = aggregate.fold(state, aggregate.decide(command, state, CONTEXT))
    assert aggregate.view is not None
    return aggregate.view.show("one", state, 1)


def refusal(aggregate: AnyAggregate, *commands: Any) -> tuple[str, str | None]:
    with pytest.raises(Refused) as refused:
        after(aggregate, *commands)
    return refused.value.code, refused.value.field


@pytest.mark.parametrize(
    ("aggregate", "opening", "other"),
    [
        (PERSON, ADA, p.RegisterPerson(slug="ada", name="Ada King")),
        (TEAM, PAYMENTS, t.RegisterTeam(slug="payments", name="Money")),
        (SERVICE, CHECKOUT, s.RegisterService(slug="checkout", name="Till")),
    ],
)
def test_a_slug_names_one_entry_for_ever(aggregate: AnyAggregate, opening: Any, other: Any):
    assert after(aggregate, opening, opening) == after(aggregate, opening)
    assert refusal(aggregate, opening, other) == (f"{aggregate.name}.already_registered", "slug")


def test_what_is_given_changes_and_all_else_stays():
    ada = after(PERSON, ADA, p.ChangePerson(email="ada@example.com"))
    assert (ada.name, ada.email, ada.time_zone) == (
        "Ada Lovelace", "ada@example.com", "Europe/London",
    )  # fmt: skip
    assert after(PERSON, ADA, p.ChangePerson(time_zone=None)).time_zone is None


def test_what_changes_nothing_writes_nothing():
    state = PERSON.fold(PERSON.initial, PERSON.decide(ADA, PERSON.initial, CONTEXT))
    assert PERSON.decide(p.ChangePerson(), state, CONTEXT) == []
    assert PERSON.decide(p.ChangePerson(name="Ada Lovelace"), state, CONTEXT) == []
    assert PERSON.decide(p.ReactivatePerson(), state, CONTEXT) == []


def test_who_has_left_stays_on_record_and_can_still_be_put_right():
    left = p.DeactivatePerson(reason="moved on")
    ada = after(PERSON, ADA, left, p.ChangePerson(name="Ada King"))
    assert (ada.active, ada.inactive_because, ada.name) == (False, "moved on", "Ada King")
    back = after(PERSON, ADA, left, p.ReactivatePerson())
    assert (back.active, back.inactive_because) == (True, None)


def test_who_changed_an_entry_last_and_when_is_shown():
    state = PERSON.fold(PERSON.initial, PERSON.decide(ADA, PERSON.initial, CONTEXT), "grace")
    later = replace(CONTEXT, now=CONTEXT.now + timedelta(days=1))
    renamed = PERSON.decide(p.ChangePerson(name="Ada King"), state, later)
    for found, who in ((state, "grace"), (PERSON.fold(state, renamed, "ray"), "ray")):
        shown = p.show("ada", found, 1)
        assert shown is not None
        assert (shown.changed_by, shown.changed_at) == (
            who, later.now if who == "ray" else CONTEXT.now,
        )  # fmt: skip


@pytest.mark.parametrize("zone", ["Europe/Lond", "../etc/passwd", "/etc/passwd", "Europe", "\0"])
def test_a_time_zone_is_one_that_there_is(zone: str):
    bad = p.RegisterPerson(slug="ada", name="Ada", time_zone=zone)
    assert refusal(PERSON, bad) == ("time_zone.unknown", "time_zone")
    assert refusal(PERSON, ADA, p.ChangePerson(time_zone=zone)) == (
        "time_zone.unknown", "time_zone",
    )  # fmt: skip
    assert refusal(TEAM, t.RegisterTeam(slug="a", name="A", time_zone=zone))[0] == (
        "time_zone.unknown"
    )


def test_working_hours_may_go_over_midnight_but_not_be_empty():
    night = p.WorkingHours(begins=time(22), ends=time(6))
    assert after(PERSON, ADA, p.ChangePerson(working_hours=night)).working_hours == night
    for hours in (p.WorkingHours(weekdays=()), p.WorkingHours(begins=time(9), ends=time(9))):
        assert refusal(PERSON, ADA, p.ChangePerson(working_hours=hours))[0] == "working_hours.empty"


def test_working_hours_go_by_the_clock_on_the_wall_so_they_name_no_zone():
    for hours in (
        p.WorkingHours(begins=time(9, tzinfo=UTC)),
        p.WorkingHours(ends=time(9, tzinfo=UTC)),
    ):
        assert refusal(PERSON, ADA, p.ChangePerson(working_hours=hours)) == (
            "working_hours.zoned", "working_hours",
        )  # fmt: skip


def test_who_leads_a_team_is_in_it_whichever_way_one_comes_or_goes():
    both = after(TEAM, PAYMENTS, t.AddMember(person="grace", lead=True))
    assert (both.members, both.leads) == (("ada", "grace"), ("ada", "grace"))
    assert after(
        TEAM, PAYMENTS, t.AddMember(person="grace"), t.AddMember(person="grace")
    ).leads == ("ada",)
    none = after(TEAM, PAYMENTS, t.RemoveMember(person="ada"))
    assert (none.members, none.leads) == ((), ())
    assert refusal(TEAM, PAYMENTS, t.ChangeTeam(members=("grace",)))[0] == "team.lead_outside"


def test_removing_who_is_not_there_writes_nothing():
    state = TEAM.fold(TEAM.initial, TEAM.decide(PAYMENTS, TEAM.initial, CONTEXT))
    assert TEAM.decide(t.RemoveMember(person="grace"), state, CONTEXT) == []


def test_a_service_needs_others_each_once():
    assert refusal(SERVICE, CHECKOUT, s.ChangeService(dependencies=("checkout",))) == (
        "service.needs_itself", "dependencies",
    )  # fmt: skip
    twice = s.RegisterService(slug="web", name="Web", dependencies=("checkout", "checkout"))
    assert refusal(SERVICE, twice) == ("list.repeats", "dependencies")


def test_headlines_say_what_a_person_wants_to_know_first():
    assert SERVICE.view is not None
    assert SERVICE.view.headline is not None
    shown = after(SERVICE, CHECKOUT, s.ChangeService(tier=1, owner="team:payments"))
    assert SERVICE.view.headline(shown) == "one: Checkout, tier 1, owned by team:payments"
    retired = after(SERVICE, CHECKOUT, s.ChangeService(lifecycle="retired"))
    assert SERVICE.view.headline(retired) == "one: Checkout, without an owner (retired)"
