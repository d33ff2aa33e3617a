"""Addresses of calendars: one leaked is replaced, without taking those of others away."""

from datetime import UTC, datetime
from hashlib import sha256

import pytest
from msgspec.structs import replace

from domain.access.events import CalendarFeedEnded
from domain.access.feeds import FEEDS_MOST, EndFeed, MakeFeed
from domain.access.grants import AccessRole
from domain.access.sessions import id_of
from domain.access.token_register import Register
from domain.access.tokens import AccessCommand, IssueToken, RevokeToken, decide, evolve
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.policy import DEFAULT

CONTEXT = Context(datetime(2026, 5, 4, tzinfo=UTC), "ada", DEFAULT)


def digest(number: int) -> str:
    return sha256(bytes(number)).hexdigest()


def make(number: int, of: str = "schedule:payments", name: str = "ada") -> MakeFeed:
    return MakeFeed(digest=digest(number), of=of, name=name)


def after(*commands: AccessCommand, register: Register | None = None) -> Register:
    found = register or Register()
    for command in commands:
        for event in decide(command, found, CONTEXT):
            found = evolve(found, event, "ada")
    return found


def test_a_new_address_replaces_the_one_that_the_same_principal_has_of_the_same():
    found = after(make(1), make(2, "person:ada"), make(3, name="grace"), make(4))
    assert set(found.feeds) == {digest(2), digest(3), digest(4)}


def test_the_same_twice_adds_nothing():
    assert decide(make(1), after(make(1)), CONTEXT) == []


def test_one_ends_its_own_and_an_administrator_anybodys():
    found = after(make(1), make(2, name="grace"))
    own = EndFeed(id=id_of(digest(1)), name="grace")
    with pytest.raises(Refused) as refused:
        decide(own, found, CONTEXT)
    assert refused.value.code == "feed.not_found"
    assert set(after(EndFeed(id=id_of(digest(1))), register=found).feeds) == {digest(2)}
    assert set(after(replace(own, name="ada"), register=found).feeds) == {digest(2)}


def test_what_has_ended_is_not_there_to_be_ended():
    found = after(make(1), EndFeed(id=id_of(digest(1))))
    with pytest.raises(Refused):
        decide(EndFeed(id=id_of(digest(1))), found, CONTEXT)


def test_with_the_last_token_of_a_name_end_its_calendars():
    tokens = [
        IssueToken(name="ada", digest=digest(each), role=AccessRole.VIEWER) for each in (8, 9)
    ]
    found = after(*tokens, make(1), make(2, name="grace"))
    still = after(RevokeToken(which=id_of(digest(8)), reason="rotated"), register=found)
    assert len(still.feeds) == 2
    events = decide(RevokeToken(which="ada", reason="left"), still, CONTEXT)
    assert [each.of for each in events if isinstance(each, CalendarFeedEnded)] == [
        "schedule:payments"
    ]


def test_a_principal_fills_no_register_and_may_still_replace_what_it_has():
    full = after(*(make(each, f"schedule:s{each}") for each in range(FEEDS_MOST)))
    with pytest.raises(Refused) as refused:
        decide(make(900, "schedule:more"), full, CONTEXT)
    assert refused.value.code == "feed.too_many"
    assert len(after(make(900, "schedule:s7"), register=full).feeds) == FEEDS_MOST
