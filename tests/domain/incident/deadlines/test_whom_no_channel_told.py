"""Whom no channel told does not know of it: what follows for the ladder."""

import pytest
from msgspec.structs import replace

from domain.incident.deadlines import events as k
from domain.incident.deadlines.owed import owed
from domain.policy import DEFAULT
from domain.policy.audience import Audience
from domain.policy.reach import Reach, Subscription
from support.by_the_clock import played, recorded
from support.spec import (
    SEV1,
    SEV2,
    SEV3,
    SEV4,
    acknowledged,
    at,
    changed,
    declared,
    reopened,
    resolved,
)

ENGINEERS = Reach((Subscription((Audience.ENGINEERING,), SEV4),))
EXECUTIVES = Reach((Subscription((Audience.EXECUTIVES,), SEV4),))
EVERYBODY = Reach((Subscription(tuple(Audience), SEV4),))
NOBODY = Reach(())
UNTOLD = (
    "VP Engineering, CTO are to know of it, and no channel tells them, unless the root cause is"
    " identified"
)
WEEK = 7 * 24 * 60
CLIMBS = (
    k.DeadlineRule.ESCALATE_LEVEL,
    k.DeadlineRule.ESCALATE_RESPONSE,
    k.DeadlineRule.ESCALATE_CAUSE,
)


def escalated(*events, until=60.0, reach=ENGINEERS):
    """Which tiers were to be told, in which minute, and whether a channel told them."""
    return [
        ((it.occurred_at - at(0)).total_seconds() / 60, it.tier, not it.unreached)
        for it in played(*events, until=until, policy=DEFAULT, reach=reach)
        if isinstance(it, k.Escalated)
    ]


def test_the_engineering_manager_hears_of_a_sev2_that_was_a_sev1_of_which_nobody_heard():
    """VP Engineering and CTO have no channel, so they do not know of it in anybody's stead."""
    assert escalated(declared(SEV1), acknowledged(1), changed(SEV2, SEV1), until=25) == [
        (0, "engineering_leadership", False),
        (20, "engineering_manager", True),
    ]
    whole = [(0, "engineering_leadership", True)]
    events = (declared(SEV1), acknowledged(1), changed(SEV2, SEV1))
    assert escalated(*events, until=25, reach=EVERYBODY) == whole


def test_nobody_in_the_whole_ladder_is_asked_for_ever_before_the_next_one():
    """Without any channel the ladder is climbed all the same, and each rung is on record once."""
    tiers = [tier for _, tier, _ in escalated(declared(SEV1), until=45, reach=NOBODY)]
    assert tiers[:2] == ["engineering_leadership", "executive_team"]


def test_once_it_is_reopened_the_whole_ladder_is_climbed_anew():
    """What the highest tier was told before holds up nothing."""
    found = escalated(
        declared(SEV1), resolved(11), replace(reopened(12), anew=True), until=30, reach=EVERYBODY
    )
    assert found == [
        (0, "engineering_leadership", True),
        (10, "executive_team", True),
        (12, "engineering_leadership", True),
        (22, "executive_team", True),
    ]


@pytest.mark.parametrize(("reach", "times"), [(NOBODY, 2), (ENGINEERS, 1)])
def test_a_team_lead_who_was_not_told_hears_of_what_goes_on_again(reach, times):
    found = escalated(
        declared(SEV3),
        resolved(2 * 24 * 60),
        reopened(2 * 24 * 60 + 5),
        until=WEEK,
        reach=reach,
    )
    assert [tier for _, tier, _ in found] == ["team_lead"] * times


def owed_by(*events, reach):
    """What is to be told of itself, in the words of `due`."""
    return [due.what for due in owed(recorded(*events, reach=reach), DEFAULT) if due.rule in CLIMBS]


def test_what_is_due_names_each_tier_once_and_in_its_turn():
    assert owed_by(declared(SEV2), reach=EVERYBODY) == [
        "Engineering Manager hears of it",
        "VP Engineering, CTO hear of it, unless somebody acknowledges it",
        "CEO hears of it, unless the root cause is identified",
    ]
    assert owed_by(declared(SEV1), reach=EVERYBODY) == [
        "VP Engineering, CTO hear of it",
        "CEO hears of it, unless somebody acknowledges it",
        "CEO hears of it again, unless the root cause is identified",
    ]


def test_what_is_due_says_of_nobody_that_they_hear_of_it_whom_no_channel_tells():
    assert owed_by(declared(SEV2), acknowledged(1), reach=ENGINEERS) == [
        "Engineering Manager hears of it",
        UNTOLD,
    ]
    assert owed_by(declared(SEV2), acknowledged(1), reach=EXECUTIVES) == [
        "VP Engineering, CTO hear of it, as no channel tells Engineering Manager",
        "CEO hears of it, unless the root cause is identified",
    ]


@pytest.mark.parametrize(
    ("reach", "waiting"),
    [(EVERYBODY, ("engineering", "executives")), (ENGINEERS, ("engineering",))],
)
def test_a_first_update_is_missed_by_those_who_wait_for_one(reach, waiting):
    (missed,) = [
        it
        for it in played(declared(SEV1), until=12, reach=reach)
        if isinstance(it, k.FirstUpdateOverdue)
    ]
    assert missed.audiences == waiting
