"""Who is told by no channel is said to whoever declares, and nothing counts as told to them."""

from typing import Any

import pytest

from domain.incident import INCIDENT
from domain.incident import commands as c
from domain.incident.deadlines.events import Escalated
from domain.incident.events import Kind
from domain.incident.unheard import UNREACHED, remark_on_reach
from domain.kernel.decider import Context
from domain.policy import DEFAULT, Severity
from domain.policy.audience import Audience
from domain.policy.reach import Reach, Subscription
from support.spec import NOW, SEV1, SEV2, SEV3, SEV4, Given, given

ENGINEERING, EXECUTIVES, _ = Audience
ENGINEERS = Subscription((ENGINEERING,), SEV4)
CHIEFS = Subscription((EXECUTIVES,), SEV1)
DRILLS = Subscription((ENGINEERING, EXECUTIVES), SEV4, drills=True)
CHECKOUT = Subscription((EXECUTIVES,), SEV4, ("checkout",))


def unheard(reach: Reach, command: Any, state: Given | None = None) -> list[str]:
    """What the sender of a command hears of who hears nothing."""
    before = state or given()
    events = before.when(command)
    found = remark_on_reach(command, before.then(*events).incident, tuple(events), DEFAULT, reach)
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
