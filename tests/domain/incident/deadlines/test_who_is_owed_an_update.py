"""Whom an update answers: who may not hear waits for nothing, and what is taken back is none."""

from typing import Any

import pytest
from msgspec.structs import replace

from domain.incident import INCIDENT
from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.deadlines import events as k
from domain.incident.events import Kind, UpdateStatus
from domain.kernel.decider import Context
from domain.policy import DEFAULT
from domain.policy.audience import OURS, Audience
from domain.policy.reach import Reach, Subscription
from domain.sight import Sight
from support.by_the_clock import played
from support.spec import SEV1, SEV4, at, declared, given

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


def reach(*audiences: Audience, **marks: Any) -> Reach:
    """One channel, which tells these."""
    return Reach((Subscription(audiences, SEV4, **marks),))


ENGINEERING, EXECUTIVES, CUSTOMERS = Audience
DRILL = declared(SEV1, kind=Kind.DRILL, **AFFECTED)
REAL = declared(SEV1, **AFFECTED)


@pytest.mark.parametrize(
    ("begun", "channels", "missed"),
    [
        ((REAL,), reach(*OURS), ()),
        ((REAL,), reach(ENGINEERING), (EXECUTIVES,)),
        ((REAL,), reach(EXECUTIVES), (ENGINEERING,)),
        ((REAL,), None, ()),
        # Where no channel tells anybody of ours, they read here what is posted here.
        ((REAL,), Reach(()), ()),
        ((REAL,), reach(CUSTOMERS), ()),
        ((DRILL,), reach(*Audience), tuple(Audience)),
        ((DRILL,), reach(*Audience, drills=True), (CUSTOMERS,)),
        ((DRILL,), Reach(()), (CUSTOMERS,)),
        ((REAL, PRIVATE), reach(*Audience), tuple(Audience)),
        ((REAL, PRIVATE), reach(*Audience, private=Sight(people=("ada",))), (CUSTOMERS,)),
        ((REAL, PRIVATE, FOR_ALL), reach(*Audience), ()),
        ((declared(SEV1, kind=Kind.RETROSPECTIVE),), reach(ENGINEERING), ()),
    ],
)
def test_an_update_says_whom_of_its_audiences_nothing_told(begun: Any, channels: Any, missed: Any):
    command = c.PostUpdate(text="Restarting the pods.", audiences=tuple(Audience))
    context = Context(at(30), "c", DEFAULT, reach=channels)
    (update,) = INCIDENT.decide(command, given(*begun).state, context)
    assert update.unreached == missed


def test_an_update_that_reaches_nobody_answers_no_clock():
    unheard = replace(said(2), unreached=OURS)
    assert missed(REAL, unheard) == {FIRST, IN_PUBLIC}
    assert missed(REAL, replace(said(2), unreached=(EXECUTIVES,))) == {IN_PUBLIC}
    assert missed(REAL, unheard, said(4)) == {IN_PUBLIC}
    to_all = replace(said(2, *Audience), unreached=(CUSTOMERS,))
    assert missed(REAL, to_all) == {IN_PUBLIC}


def overdue(*events: Any) -> list[float]:
    """In which minutes the next update to engineering was missed."""
    return [
        (it.due_at - at(0)).total_seconds() / 60
        for it in played(*events, until=40)
        if isinstance(it, k.UpdateOverdue) and ENGINEERING in it.audiences
    ]


def test_nor_does_it_begin_the_next_interval():
    assert overdue(REAL, said(5)) == [20, 35]
    assert overdue(REAL, replace(said(5), unreached=OURS)) == [15, 30]
    assert overdue(REAL, replace(said(5), unreached=(EXECUTIVES,))) == [20, 35]


def test_taken_back_it_leaves_those_that_were_told():
    unheard, half = replace(said(2), unreached=OURS), replace(said(3), unreached=(EXECUTIVES,))
    told = given(REAL, unheard, said(4))
    after = told.then(taken_back(unheard, 5)).facts.response
    assert (after.last_update_at, after.updates_to) == (at(4), {ENGINEERING: 1, EXECUTIVES: 1})
    assert missed(REAL, unheard, said(4), taken_back(unheard, 5)) == {IN_PUBLIC}
    assert missed(REAL, half, taken_back(half, 5)) == {FIRST, IN_PUBLIC}
    both = given(REAL, half, said(4), taken_back(half, 5)).facts.response
    assert both.retracted_to == {ENGINEERING: 1}


def test_moved_it_is_still_none():
    unheard = replace(said(2), unreached=OURS)
    moved = e.EntryCorrected(
        occurred_at=at(4),
        entry="c/0",
        kind="update_posted",
        at=at(3),
        previous_at=at(2),
        text=unheard.text,
        previous=unheard.text,
        told=OURS,
    )
    assert given(REAL, unheard, moved).facts.response.missed == {at(3): OURS}
    assert missed(REAL, unheard, moved) == {FIRST, IN_PUBLIC}


def test_what_was_addressed_to_customers_while_it_was_private_is_on_the_page_once_it_is_not():
    """From then on they wait for the next one."""
    hidden = replace(said(2, CUSTOMERS), unreached=(CUSTOMERS,))
    assert missed(REAL, PRIVATE, hidden, said(3)) == set()
    assert missed(REAL, PRIVATE, hidden, said(3), FOR_ALL) == set()
    shown = given(REAL, PRIVATE, hidden, FOR_ALL).facts.response
    assert (shown.public, shown.updates_to, shown.first_public_at) == (True, {CUSTOMERS: 1}, at(20))
    back = (REAL, PRIVATE, hidden, taken_back(hidden, 5), said(6), FOR_ALL)
    assert missed(*back) == {IN_PUBLIC}


def test_an_automatic_update_goes_to_whom_a_channel_tells_and_is_missed_by_the_others():
    level = replace(DEFAULT.levels[SEV1], automatic_update=True, automatic_to=tuple(Audience))
    policy = replace(DEFAULT, levels={**DEFAULT.levels, SEV1: level})
    began = (REAL, said(1, *Audience))

    def posted(channels: Reach) -> list[Any]:
        return [
            (type(each).__name__, each.occurred_at, each.audiences)
            for each in played(*began, until=17, policy=policy, reach=channels)
            if isinstance(each, e.UpdatePosted | k.UpdateOverdue)
        ]

    assert posted(reach(*OURS)) == [
        ("UpdatePosted", at(16), OURS),
        ("UpdatePosted", at(16), (CUSTOMERS,)),
    ]
    assert posted(reach(EXECUTIVES)) == [
        ("UpdatePosted", at(16), (EXECUTIVES,)),
        ("UpdatePosted", at(16), (CUSTOMERS,)),
        ("UpdateOverdue", at(16), (ENGINEERING,)),
    ]
