"""Who is told by no channel is said to whoever declares, and nothing counts as told to them."""

from typing import Any

import pytest

from domain.incident import INCIDENT
from domain.incident import commands as c
from domain.incident.deadlines.events import Escalated
from domain.incident.events import Kind
from domain.incident.unheard import (
    PAGE_ALONE,
    UNREACHED,
    is_heard,
    remark_on_update,
)
from domain.kernel.decider import Context
from domain.policy import DEFAULT, Severity
from domain.policy.audience import Audience
from domain.policy.reach import Reach, Subscription
from support.by_the_clock import played
from support.spec import (
    NOW,
    SEV1,
    SEV2,
    SEV3,
    SEV4,
    Given,
    at,
    declared,
    given,
    merged,
    page,
    resolved,
)

ENGINEERING, EXECUTIVES, CUSTOMERS = Audience
ENGINEERS = Subscription((ENGINEERING,), SEV4)
CHIEFS = Subscription((EXECUTIVES,), SEV1)
DRILLS = Subscription((ENGINEERING, EXECUTIVES), SEV4, drills=True)
CHECKOUT = Subscription((EXECUTIVES,), SEV4, ("checkout",))


def unheard(reach: Reach, command: Any, state: Given | None = None) -> list[str]:
    """What the sender of a command hears of who hears nothing."""
    before = state or given()
    events = before.when(command)
    remark = INCIDENT.remarks_on_reach.get(type(command))
    after = before.then(*events).incident
    found = remark(command, after, tuple(events), DEFAULT, reach) if remark else ()
    assert {each.code for each in found} <= {UNREACHED}
    return [each.detail for each in found]


def declare(severity: Severity, **more: Any) -> c.Declare:
    return c.Declare(title="Checkout fails", severity=severity, **more)


NO_ENGINEERS = "no channel tells engineering of INC-1, a SEV4"
NO_LEADS = "no channel tells engineering (Team Lead) of INC-1, a SEV3"
NO_CHIEFS = "no channel tells executives (VP Engineering, CTO, CEO) of INC-1, a {}"
NO_DRILL = "no channel that is marked for drills tells executives (VP Engineering, CTO, CEO) of"


@pytest.mark.parametrize(
    ("subscriptions", "command", "said"),
    [
        ((), declare(SEV4), [NO_ENGINEERS]),
        ((), declare(SEV3), [NO_LEADS]),
        ((ENGINEERS,), declare(SEV3), []),
        ((ENGINEERS,), declare(SEV2), [NO_CHIEFS.format("SEV2")]),
        ((ENGINEERS, CHIEFS), declare(SEV2), [NO_CHIEFS.format("SEV2")]),
        ((ENGINEERS, CHIEFS), declare(SEV1), []),
        ((ENGINEERS, CHECKOUT), declare(SEV1, services=("search",)), [NO_CHIEFS.format("SEV1")]),
        ((ENGINEERS, CHECKOUT), declare(SEV1, services=("checkout",)), []),
        ((ENGINEERS, CHECKOUT), declare(SEV1), []),
        ((ENGINEERS, CHIEFS, DRILLS), declare(SEV1, kind=Kind.DRILL), []),
        ((ENGINEERS, CHECKOUT), declare(SEV1, kind=Kind.TEST), []),
    ],
)
def test_who_declares_hears_whom_no_channel_tells(
    subscriptions: tuple[Subscription, ...], command: c.Declare, said: list[str]
) -> None:
    assert unheard(Reach(subscriptions), command) == said


def test_a_drill_is_told_through_channels_that_are_marked_for_drills_alone() -> None:
    said = unheard(Reach((ENGINEERS, CHIEFS)), declare(SEV1, kind=Kind.DRILL))
    assert len(said) == 2
    assert said[1].startswith(NO_DRILL)


@pytest.mark.parametrize(
    ("before", "command", "count"),
    [
        (declare(SEV3), c.ChangeSeverity(severity=SEV1, reason="worse"), 1),
        (declare(SEV3), c.ReassessImpact(percent_affected=100.0), 1),
        (declare(SEV1), c.ReassessImpact(users_affected=10), 0),
        (declare(SEV3), c.Escalate(tier="executive_team", reason="r"), 1),
        (declare(SEV3), c.Escalate(tier="team_lead", reason="r"), 0),
    ],
)
def test_so_does_who_raises_or_escalates_it_and_nobody_else(
    before: c.Declare, command: Any, count: int
) -> None:
    assert len(unheard(Reach((ENGINEERS,)), command, given().after(before))) == count


@pytest.mark.parametrize(
    ("ended", "command"),
    [
        (resolved(), c.Reopen(reason="it fails again")),
        (merged(), c.Unmerge(reason="another cause")),
    ],
)
def test_so_does_who_begins_again_what_was_over(ended: Any, command: Any) -> None:
    over = given().after(declare(SEV2)).then(ended)
    said = unheard(Reach((ENGINEERS,)), command, over)
    assert said == [NO_CHIEFS.format("SEV2")]


def escalated(state: Given, reach: Reach) -> Escalated:
    context = Context(NOW, "c-9", DEFAULT, actor="ada", reach=reach)
    command = c.Escalate(tier="engineering_leadership", reason="r")
    [event] = INCIDENT.decide(command, state.incident, context)
    assert isinstance(event, Escalated)
    return event


def test_who_heard_of_a_sev1_is_reached_when_it_is_lowered_as_channels_go_by_the_peak() -> None:
    lowered = given().after(declare(SEV1), c.ChangeSeverity(severity=SEV3, reason="less"))
    assert not escalated(lowered, Reach((CHIEFS,))).unreached
    assert escalated(given().after(declare(SEV2)), Reach((CHIEFS,))).unreached


@pytest.mark.parametrize(
    ("kind", "subscription", "unreached"),
    [
        (Kind.DRILL, CHIEFS, True),
        (Kind.DRILL, DRILLS, False),
        (Kind.TEST, DRILLS, True),
        (Kind.STANDARD, DRILLS, False),
    ],
)
def test_an_escalation_of_a_drill_is_told_to_marked_channels_and_of_a_test_to_nobody(
    kind: Kind, subscription: Subscription, *, unreached: bool
) -> None:
    state = given().after(declare(SEV1, kind=kind))
    assert escalated(state, Reach((subscription,))).unreached is unreached


# --- the ladder goes on at once to whom a channel tells

MANAGER, LEADERSHIP, TOP = "engineering_manager", "engineering_leadership", "executive_team"
CHIEFS_ALWAYS = Subscription((EXECUTIVES,), SEV4)


def ladder(reach: Reach, severity: Severity, until: float) -> list[tuple[float, str, bool]]:
    """When each tier is to hear, and whether no channel tells it."""
    return [
        ((event.occurred_at - at(0)).total_seconds() / 60, event.tier, event.unreached)
        for event in played(declared(severity), until=until, reach=reach)
        if isinstance(event, Escalated)
    ]


@pytest.mark.parametrize(
    ("subscriptions", "severity", "until", "expected"),
    [
        ((CHIEFS_ALWAYS,), SEV2, 20, [(15, MANAGER, True), (15, LEADERSHIP, False)]),
        ((ENGINEERS, CHIEFS_ALWAYS), SEV2, 20, [(15, MANAGER, False)]),
        # Nobody above is told either: it is on record, and the clock goes on.
        ((), SEV2, 20, [(15, MANAGER, True)]),
        ((ENGINEERS,), SEV1, 8, [(0, LEADERSHIP, True)]),
        # A SEV3 does not climb, whoever is not told.
        ((CHIEFS_ALWAYS,), SEV3, 24 * 60, [(21 * 60, "team_lead", True)]),
    ],
)
def test_a_rung_that_no_channel_tells_is_no_rung(
    subscriptions: tuple[Subscription, ...],
    severity: Severity,
    until: float,
    expected: list[tuple[float, str, bool]],
) -> None:
    assert ladder(Reach(subscriptions), severity, until) == expected


def test_who_hears_instead_is_told_why() -> None:
    found = played(declared(SEV2), until=20, reach=Reach((CHIEFS_ALWAYS,)))
    first, second = (event for event in found if isinstance(event, Escalated))
    assert first.reason == "SEV2 (Major)"
    assert second.reason == "SEV2 (Major); no channel tells Engineering Manager"
    assert second.automatic == first.automatic


# --- an update


def remarks(reach: Reach, command: c.PostUpdate, state: Given) -> list[tuple[str, str]]:
    found = remark_on_update(command, state.incident, (), DEFAULT, reach)
    return [(each.code, each.detail) for each in found]


@pytest.mark.parametrize(
    ("subscriptions", "audiences", "codes"),
    [
        ((), (ENGINEERING,), [UNREACHED]),
        ((ENGINEERS,), (ENGINEERING, EXECUTIVES), [UNREACHED]),
        ((ENGINEERS, CHIEFS), (ENGINEERING, EXECUTIVES), []),
        ((ENGINEERS, CHIEFS), (CUSTOMERS,), [PAGE_ALONE]),
        ((Subscription(tuple(Audience), SEV4),), tuple(Audience), []),
        ((), tuple(Audience), [UNREACHED, UNREACHED, PAGE_ALONE]),
    ],
)
def test_who_posts_an_update_hears_whom_of_those_it_is_for_no_channel_tells(
    subscriptions: tuple[Subscription, ...], audiences: tuple[Audience, ...], codes: list[str]
) -> None:
    state = given().after(declare(SEV1))
    update = c.PostUpdate(text="All payments fail.", audiences=audiences)
    assert [code for code, _ in remarks(Reach(subscriptions), update, state)] == codes


def test_executives_who_do_not_hear_of_a_sev3_are_missed_by_nobody() -> None:
    state = given().after(declare(SEV3))
    assert remarks(Reach((ENGINEERS,)), c.PostUpdate(text="One pod restarts."), state) == []


def test_customers_are_told_nothing_of_a_drill_and_who_writes_to_them_hears_so() -> None:
    state = given().after(declare(SEV1, kind=Kind.DRILL))
    update = c.PostUpdate(text="All payments fail.", audiences=(CUSTOMERS,))
    ((code, said),) = remarks(Reach((DRILLS,)), update, state)
    assert (code, "is a drill" in said) == (UNREACHED, True)


# --- an alert


def test_an_alert_that_fires_says_whom_nothing_tells_and_one_that_ends_does_not() -> None:
    assert unheard(Reach((ENGINEERS,)), page(priority="P1")) == [NO_CHIEFS.format("SEV1")]
    assert unheard(Reach((ENGINEERS,)), page(priority="P1", opens="triage")) == []
    assert unheard(Reach(()), page(priority="P1", opens="triage")) == [
        "no channel tells engineering of INC-1, a SEV1"
    ]
    fired = given().after(page(priority="P1"))
    assert unheard(Reach(()), page("resolved", at_min=5), fired) == []


def test_who_heard_of_a_page_before_anybody_had_named_a_severity_is_reached_when_it_is_lower() -> (
    None
):
    paged = given().after(page())
    heard = paged.facts.severity
    lowered = paged.after(c.ChangeSeverity(severity=SEV4, reason="a probe")).facts
    assert heard.outranks(lowered.severity)
    for level, reached in ((heard, True), (heard.one_level_up(), False)):
        reach = Reach((Subscription((ENGINEERING,), level),))
        assert is_heard(ENGINEERING, lowered, reach) is reached
