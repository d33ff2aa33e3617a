"""What floors and the matrix have wanted holds until somebody decides, whatever pages claim."""

from typing import Any

import pytest

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.events import Milestone
from domain.incident.impact import StatedImpact
from domain.policy import Severity
from support.spec import SEV1, SEV2, SEV3, SEV4, Log, at, page

BREACH, NO_BREACH = {"security_breach": True}, {"security_breach": None}
ALL_OF_THEM, SOME = {"percent_affected": 100.0}, {"percent_affected": 10.0}


def says(minute: int, priority: str | None, kind: str = "updated", **more: Any) -> c.ReceiveAlert:
    return page(kind, f"{kind}@{minute}", priority=priority, at_min=minute, **more)


def played(*commands: Any) -> Log:
    """One command a minute; assessments and decisions are about now."""
    log = Log()
    for minute, command in enumerate(commands):
        assert log.run(command, at(minute)) == "decided", command
    return log


def severities(*commands: Any) -> list[Severity]:
    """How severe it is after each command."""
    found = []
    for place in range(len(commands)):
        facts: Any = played(*commands[: place + 1]).incident.facts  # type: ignore[union-attr]
        found.append(facts.severity)
    return found


def now(**impact: Any) -> c.ReassessImpact:
    return c.ReassessImpact(**impact)


def decide(severity: Severity) -> c.ChangeSeverity:
    return c.ChangeSeverity(severity=severity, reason="r")


def test_a_breach_that_came_while_a_page_said_as_much_leaves_it_as_severe():
    """Found by the model: the page stated less since, and it fell without a word."""
    assert severities(
        says(0, None, "triggered"),
        says(1, "P1"),
        now(**BREACH),
        says(3, "P2", "acknowledged"),
        now(percent_affected=50.0, **NO_BREACH),
    ) == [SEV2, SEV1, SEV1, SEV1, SEV1]


@pytest.mark.parametrize("wanted", [BREACH, ALL_OF_THEM])
@pytest.mark.parametrize("declared", [False, True])
def test_an_assessment_and_a_page_in_both_orders(wanted: dict[str, Any], *, declared: bool):
    begun = [says(0, "P3", "triggered")]
    if declared:
        begun.append(c.Declare(title="t", severity=SEV3, impact=StatedImpact(percent_affected=5)))
    minute = len(begun)
    one = [*begun, now(**wanted), says(minute + 1, "P1"), says(minute + 2, "P4")]
    other = [*begun, says(minute, "P1"), now(**wanted), says(minute + 2, "P4")]
    less = now(**NO_BREACH, **SOME)
    assert severities(*one)[-1] is severities(*other)[-1] is SEV1
    assert severities(*one, less)[-1] is severities(*other, less)[-1] is SEV1


def test_whoever_decides_decides():
    raised = (says(0, "P1", "triggered"), now(**ALL_OF_THEM), says(2, "P4"), now(**SOME))
    assert severities(*raised)[-1] is SEV1
    assert severities(*raised, decide(SEV3))[-1] is SEV3
    assert severities(*raised, decide(SEV3), says(5, None))[-1] is SEV3


def test_what_was_never_so_keeps_nothing():
    said = (says(0, "P1", "triggered"), now(**ALL_OF_THEM), says(2, "P4"), now(**SOME))
    log = Log()
    for minute, command in enumerate(said):
        log.run(command, at(minute), f"c{minute}")
    assert log.run(c.Retract(entry="c1/0", reason="a wrong dashboard"), at(9)) == "decided"
    assert log.incident.facts.severity is SEV3  # type: ignore[union-attr]
    taken_back = log.events[-1]
    assert isinstance(taken_back, e.SeverityRaiseWithdrawn)
    assert (taken_back.withdrawn, taken_back.severity) == (SEV1, SEV3)


def test_to_acknowledge_lowers_nothing():
    """Nobody knows any more how many are affected, and somebody takes it on."""
    assert severities(
        says(0, None, "triggered"),
        now(percent_affected=25.0),
        says(2, "P4"),
        now(percent_affected=None),
        c.Acknowledge(),
    ) == [SEV2, SEV2, SEV3, SEV3, SEV3]


def test_what_nobody_has_weighed_is_asked_about_again():
    """A count of users is at least SEV3, also where it was in doubt as a page came that said less;
    the raise that follows says from where.
    """
    said = (
        says(0, None, "triggered"),
        now(users_affected=1, scope=2),
        says(2, "P4"),
        now(percent_affected=0.0),
        now(scope=7),
    )
    assert severities(*said) == [SEV2, SEV2, SEV3, SEV3, SEV2]
    raised = played(*said).events[-1]
    assert isinstance(raised, e.SeverityUpgraded)
    assert (raised.previous, raised.severity) == (SEV3, SEV2)
    assert severities(says(0, "P4", "triggered"), now(users_affected=1)) == [SEV4, SEV3]


@pytest.mark.parametrize("rest", [{}, {"customer_reported": True, "paying_customers": True}])
def test_a_floor_that_a_declaration_takes_back_holds_nothing_afterwards(rest: dict[str, Any]):
    """The matrix says as much as the floor did, so it is no wonder that it is as severe."""
    declared = c.Declare(title="t", severity=SEV2, impact=StatedImpact(security_breach=False))
    assert severities(
        says(0, None, "triggered", opens="triage"),
        now(**ALL_OF_THEM, **BREACH, **rest),
        declared,
        decide(SEV1),
        decide(SEV2),
    ) == [SEV2, SEV1, SEV2, SEV1, SEV2]


def test_what_ended_before_anybody_declared_it_was_declared_at_no_time():
    pages = (says(0, None, "triggered", opens="triage"), says(1, None, "resolved", opens="triage"))
    log = played(*pages)
    correct = c.CorrectTime(milestone=Milestone.DECLARED, value=at(0), reason="r")
    assert log.run(correct, at(9)) == "milestone.not_reached"


def test_a_mitigation_that_a_page_took_back_has_no_time():
    log = played(
        says(0, None, "triggered"),
        says(1, None, "resolved"),
        c.CorrectTime(milestone=Milestone.MITIGATED, value=at(0), reason="r"),
        says(3, None, "reopened"),
    )
    correct = c.CorrectTime(milestone=Milestone.MITIGATED, value=at(1), reason="r")
    assert log.run(correct, at(9)) == "milestone.not_reached"
