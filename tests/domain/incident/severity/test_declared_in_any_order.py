"""What alerts have opened and somebody declares ends equal, in whatever order that is recorded."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.impact import UNKNOWN, StatedImpact
from domain.incident.severity.ruling import Doubt
from domain.incident.state import Undeclared
from domain.incident.view import view
from domain.policy import Severity
from support.spec import SEV1, SEV2, SEV3, SEV4, Log, at, page
from support.strategies import MEASURES

STATED = st.fixed_dictionaries({}, optional=MEASURES).filter(bool)
PRIORITIES = st.sampled_from(["P1", "P2", "P3", "P4", None])
MINUTES = st.integers(1, 9)
thorough = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def said(minute: float, **impact: Any) -> c.ReassessImpact:
    return c.ReassessImpact(occurred_at=at(minute), **impact)


def declare(minute: float, severity: Severity | None = None, **impact: Any) -> c.Declare:
    stated = StatedImpact(**impact)
    return c.Declare(title="t", severity=severity, impact=stated, occurred_at=at(minute))


def fires(minute: float, priority: str | None, alert_id: str = "Q2") -> c.ReceiveAlert:
    return page(alert_id=alert_id, priority=priority, at_min=minute)


def decided(minute: float, severity: Severity) -> c.ChangeSeverity:
    return c.ChangeSeverity(severity=severity, reason="seen", occurred_at=at(minute))


def told(commands: Any) -> tuple[Log, set[str]]:
    log = Log()
    return log, {log.run(each, at(60 + place)) for place, each in enumerate(commands)}


def stands(log: Log) -> tuple[object, ...]:
    """What an incident comes to."""
    shown = view("i-1", log.incident, 1)
    assert shown is not None
    return (
        shown.status,
        shown.severity,
        shown.matrix_severity,
        shown.severity_held,
        shown.impact,
        shown.milestones,
    )


GROWTH = (said(3, users_affected=100, percent_affected=3.0), said(5, users_affected=210))
OUTAGE = fires(4, "P1")
FAMILIES: dict[str, tuple[tuple[Any, ...], Severity]] = {
    "named, raised by a page and growth": ((OUTAGE, declare(2, SEV3), *GROWTH), SEV1),
    "named after all that": ((OUTAGE, declare(6, SEV3), *GROWTH), SEV3),
    "not named, doubled": ((declare(2), *GROWTH), SEV2),
    "not named, a page before": ((declare(6), fires(4, "P2"), said(5, users_affected=3)), SEV2),
    "not named, less than was in doubt": ((declare(6), said(3, percent_affected=3.0)), SEV3),
    "not named, decided before": ((declare(6), decided(4, SEV4), said(2, regions=1)), SEV4),
    "not named, decided then": ((declare(4), decided(4, SEV4), said(5, regions=2)), SEV4),
    "figures of its own": ((declare(3, SEV4, regions=1), said(2, regions=2), OUTAGE), SEV1),
    "what was so before, is no growth": ((declare(6, SEV4), *GROWTH), SEV4),
}


@pytest.mark.parametrize("name", FAMILIES)
def test_every_order_ends_equal(name: str):
    commands, severity = FAMILIES[name]
    begun = page(priority=None if "doubt" in name else "P3")
    ends = {}
    for order in permutations(commands):
        log, outcomes = told([begun, *order])
        assert outcomes == {"decided"}
        ends[stands(log)] = order
    (end,) = ends
    assert end[1] == severity


@thorough
@given(
    named=st.none() | st.sampled_from(Severity),
    figures=st.just({}) | STATED,
    minute=MINUTES,
    priority=PRIORITIES,
    told_beside=st.tuples(
        st.lists(st.tuples(MINUTES, STATED), max_size=2),
        st.lists(st.tuples(MINUTES, PRIORITIES), max_size=2),
        st.lists(st.tuples(MINUTES, st.sampled_from(Severity)), max_size=1),
    ),
    data=st.data(),
)
def test_declarations_pages_assessments_and_decisions_end_equal_in_any_order(
    named: Severity | None,
    figures: dict[str, Any],
    minute: int,
    priority: str | None,
    told_beside: tuple[list[Any], list[Any], list[Any]],
    data: st.DataObject,
):
    stated, paged, levels = told_beside
    commands: list[Any] = [declare(minute, named, **figures)]
    commands += [said(then, **impact) for then, impact in stated]
    commands += [fires(*each, alert_id=f"Q{place}") for place, each in enumerate(paged, 2)]
    # Of two decisions of one minute that say the same, the last one that was told gives the reason.
    commands += [decided(*each) for each in levels if each[0] != minute]
    shuffled = data.draw(st.permutations(commands))
    (one, first), (other, second) = (
        told([page(priority=priority), *order]) for order in (commands, shuffled)
    )
    if first | second <= {"decided", "ignored"}:
        assert stands(one) == stands(other)


def test_what_was_declared_stays_in_view_of_what_was_known_then():
    log, _ = told([page(priority="P3"), said(3, users_affected=9), declare(2, SEV4)])
    declared, raised = log.commits[-1].commit.events
    assert isinstance(declared, e.Declared)
    assert (declared.occurred_at, declared.severity, declared.impact) == (at(2), SEV4, UNKNOWN)
    assert isinstance(raised, e.SeverityUpgraded)
    assert (raised.occurred_at, raised.previous, raised.severity) == (at(3), SEV4, SEV3)


def test_what_is_told_of_the_time_before_a_declaration_without_a_level_says_so():
    log, _ = told([page(priority="P4"), declare(4), fires(2, "P1")])
    raised = log.commits[-1].commit.events[-1]
    assert isinstance(raised, e.SeverityUpgraded)
    assert (raised.occurred_at, raised.severity) == (at(4), SEV1)
    assert raised.automatic.rule == "severity.backfilled"
    assert raised.reason == (
        "so severe as it was declared, by what is known now (severity of its alerts)"
    )
    log, _ = told([page(priority=None), declare(4), said(2, percent_affected=3.0)])
    fell = log.commits[-1].commit.events[-1]
    assert isinstance(fell, e.SeverityRaiseWithdrawn)
    assert (fell.occurred_at, fell.withdrawn, fell.severity) == (at(4), SEV2, SEV3)
    assert fell.declared


def test_a_declaration_without_a_time_is_one_of_all_that_is_known():
    log = Log()
    log.run(page(priority="P3", at_min=20), at(31))
    log.run(said(28, percent_affected=40.0), at(32))
    log.run(c.Declare(title="t", severity=SEV4), at(27))
    assert not isinstance(log.incident, Undeclared)
    facts = log.incident.facts
    assert facts.severity is SEV4
    assert facts.assessment.matrix is not None
    assert facts.assessment.matrix.doubt is not Doubt.NOT_ASSESSED
    assert log.run(said(33, percent_affected=41.0), at(34)) == "decided"
    assert log.incident.facts.severity is SEV2
    assert log.commits[2].commit.recorded_at == at(27)
