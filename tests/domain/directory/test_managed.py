"""What code manages is changed by that code alone, until it is released for a reason."""

from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from domain.directory import PERSON, SERVICE, TEAM
from domain.directory import person as p
from domain.directory import service as s
from domain.directory import team as t
from domain.directory.registration import Managed
from domain.kernel.aggregate import AnyAggregate
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.policy import DEFAULT

CONTEXT = Context(datetime(2026, 5, 4, 12, tzinfo=UTC), "c-1", DEFAULT)
PLATFORM = Managed(name="platform", where="https://git.example.com/directory")
SHOP = Managed(name="shop")
ADA = p.RegisterPerson(slug="ada", name="Ada Lovelace")
PAYMENTS = t.RegisterTeam(slug="payments", name="Payments", members=("ada",))
CHECKOUT = s.RegisterService(slug="checkout", name="Checkout")
EACH = pytest.mark.parametrize(
    ("aggregate", "register", "change", "release"),
    [
        (PERSON, ADA, p.ChangePerson(name="Ada King"), p.ReleasePerson),
        (TEAM, PAYMENTS, t.ChangeTeam(name="Money"), t.ReleaseTeam),
        (SERVICE, CHECKOUT, s.ChangeService(name="Till"), s.ReleaseService),
    ],
)


def after(aggregate: AnyAggregate, *commands: Any) -> tuple[Any, int]:
    """The view that these commands leave, and how many events they caused."""
    state, count = aggregate.initial, 0
    for command in commands:
        events = aggregate.decide(command, state, CONTEXT)
        state, count = aggregate.fold(state, events), count + len(events)
    assert aggregate.view is not None
    return aggregate.view.show("one", state, 1), count


@EACH
def test_whoever_else_says_something_new_of_it_hears_where_it_is_said(
    aggregate: AnyAggregate, register: Any, change: Any, release: Any
):
    ours = replace(register, managed_by=PLATFORM)
    for other in (change, replace(change, managed_by=SHOP), replace(register, managed_by=SHOP)):
        with pytest.raises(Refused) as refused:
            after(aggregate, ours, other)
        assert refused.value.code == f"{aggregate.name}.managed"
        assert "platform (https://git.example.com/directory)" in refused.value.detail
    shown, count = after(aggregate, ours, register, replace(change, name=register.name))
    assert (shown.managed, count) == (PLATFORM, 2), "what says nothing new is no change"


@EACH
def test_the_code_that_manages_it_changes_it(
    aggregate: AnyAggregate, register: Any, change: Any, release: Any
):
    moved = replace(PLATFORM, where="https://git.example.com/moved")
    shown, count = after(
        aggregate, replace(register, managed_by=PLATFORM), replace(change, managed_by=moved)
    )
    assert (shown.name, shown.managed, count) == (change.name, moved, 4)


@EACH
def test_what_was_there_before_is_taken_over_with_the_first_word_of_the_code(
    aggregate: AnyAggregate, register: Any, change: Any, release: Any
):
    same = replace(change, name=register.name, managed_by=PLATFORM)
    shown, count = after(aggregate, register, same, same)
    assert (shown.name, shown.managed, count) == (register.name, PLATFORM, 2)


@EACH
def test_a_release_gives_it_back_to_everybody_and_to_the_next_code(
    aggregate: AnyAggregate, register: Any, change: Any, release: Any
):
    ours, free = replace(register, managed_by=PLATFORM), release(reason="the repository is away")
    shown, count = after(aggregate, ours, free, free, change)
    assert (shown.name, shown.managed, count) == (change.name, None, 4)
    shown, _ = after(aggregate, ours, free, change, replace(change, managed_by=SHOP))
    assert shown.managed == SHOP
    with pytest.raises(Refused, match="there is no such"):
        after(aggregate, free)


def test_members_of_a_managed_team_and_who_has_left_are_said_by_the_code_as_well():
    ours = replace(PAYMENTS, managed_by=PLATFORM)
    for command in (t.AddMember(person="grace"), t.RemoveMember(person="ada"), t.DeactivateTeam()):
        with pytest.raises(Refused) as refused:
            after(TEAM, ours, command)
        assert refused.value.code == "team.managed"
        shown, _ = after(TEAM, ours, replace(command, managed_by=PLATFORM))
        assert shown.managed == PLATFORM


@EACH
def test_what_does_not_say_where_it_is_kept_leaves_that_as_it_is_known(
    aggregate: AnyAggregate, register: Any, change: Any, release: Any
):
    bare = Managed(name=PLATFORM.name)
    shown, _ = after(
        aggregate, replace(register, managed_by=PLATFORM), replace(change, managed_by=bare)
    )
    assert (shown.name, shown.managed) == (change.name, PLATFORM)
