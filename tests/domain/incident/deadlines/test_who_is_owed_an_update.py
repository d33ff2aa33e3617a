"""Whom an update answers: who may not hear waits for nothing, and what is taken back is none."""

from typing import Any

import pytest

from domain.incident import events as e
from domain.incident.events import Kind, UpdateStatus
from domain.policy.audience import OURS, Audience
from domain.sight import Sight
from support.by_the_clock import played
from support.spec import SEV1, at, declared, given

AFFECTED = {"percent_affected": 100}
FIRST, IN_PUBLIC = "update.first_overdue", "update.customers_overdue"


def said(minute: float, *audiences: Audience) -> e.UpdatePosted:
    return e.UpdatePosted(
        occurred_at=at(minute),
        text="We are looking into it.",
        status=UpdateStatus.INVESTIGATING,
        audiences=audiences or OURS,
    )


def taken_back(update: e.UpdatePosted, minute: float) -> e.EntryRetracted:
    return e.EntryRetracted(
        occurred_at=at(minute),
        entry="c/0",
        kind="update_posted",
        at=update.occurred_at,
        reason="it was another incident",
        text=update.text,
        told=update.audiences,
    )


def missed(*events: Any, until: float = 40) -> set[str]:
    """The rules of first updates that were broken."""
    return {
        event.automatic.rule
        for event in played(*events, until=until)
        if type(event).__name__ == "FirstUpdateOverdue"
    }


PRIVATE = e.VisibilitySet(occurred_at=at(1), private=Sight(people=("ada",)), reason="security")
FOR_ALL = e.VisibilitySet(occurred_at=at(20), private=None, reason="announced")


def test_customers_who_are_affected_are_told_in_time():
    assert missed(declared(SEV1, **AFFECTED), said(1)) == {IN_PUBLIC}
    assert missed(declared(SEV1, **AFFECTED), said(1, *Audience)) == set()


@pytest.mark.parametrize(
    "begun", [(declared(SEV1, kind=Kind.DRILL, **AFFECTED),), (declared(SEV1, **AFFECTED), PRIVATE)]
)
@pytest.mark.parametrize("update", [(), (said(2, Audience.CUSTOMERS),)])
def test_of_what_they_may_not_hear_customers_are_owed_nothing(begun: Any, update: Any):
    told = played(*begun, said(1), *update, until=60)
    assert not [each for each in told if Audience.CUSTOMERS in getattr(each, "audiences", ())]


def test_they_are_from_the_moment_on_that_they_may():
    begun = (declared(SEV1, **AFFECTED), PRIVATE, said(2))
    (late,) = [
        each
        for each in played(*begun, FOR_ALL, until=60)
        if getattr(each, "automatic", None) and each.automatic.rule == IN_PUBLIC
    ]
    assert late.due_at == at(35)


def test_an_update_that_was_taken_back_answers_no_clock():
    ours, public = said(2), said(3, Audience.CUSTOMERS)
    begun = (declared(SEV1, **AFFECTED), ours, public)
    assert missed(*begun) == set()
    assert missed(*begun, taken_back(public, 4)) == {IN_PUBLIC}
    assert missed(*begun, taken_back(public, 4), taken_back(ours, 5)) == {FIRST, IN_PUBLIC}
    assert missed(*begun, taken_back(public, 4), said(6, Audience.CUSTOMERS)) == set()


def test_nor_after_it_was_due():
    ours = said(2)
    assert missed(declared(SEV1), ours, taken_back(ours, 25)) == {FIRST}
    assert missed(declared(SEV1), ours, said(3), taken_back(ours, 25)) == set()


def test_the_last_update_is_the_last_that_stands():
    first, second = said(2), said(9)
    told = given(declared(SEV1), first, second)
    assert told.facts.response.last_update_at == at(9)
    assert told.then(taken_back(second, 10)).facts.response.last_update_at == at(2)
    both = told.then(taken_back(second, 10), taken_back(first, 11))
    assert both.facts.response.last_update_at is None
