"""The same facts give the same incident, in whatever order they are told."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.impact import StatedImpact
from domain.incident.view import view
from domain.policy import Functionality, Severity
from projections.incident.board import BOARD
from projections.incident.statistics import STATISTICS
from support.spec import SEV1, SEV2, SEV3, SEV4, Log, at, page, resolved, rows
from support.stated import told
from support.strategies import MEASURES

LATER = at(24 * 60)


def said(minute: float, **impact: Any) -> c.ReassessImpact:
    return c.ReassessImpact(occurred_at=at(minute), **impact)


def declare(severity: Severity | None = SEV3, **impact: Any) -> c.Declare:
    return c.Declare(title="t", severity=severity, impact=StatedImpact(**impact), occurred_at=at(0))


def severity_as_of(log: Log, minute: float) -> str:
    """As the board says it, looking back."""
    then: datetime = at(minute)
    found = Log()
    for recorded in log.commits:
        had = [event for event in recorded.commit.events if event.occurred_at <= then]
        if had:
            found.append(had, recorded.commit.recorded_at, recorded.commit.id)
    shown = view("i-1", found.incident, 1)
    assert shown is not None
    return shown.severity


thorough = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
STATED = st.fixed_dictionaries({}, optional=MEASURES).filter(bool)


@thorough
@given(
    beginning=st.sampled_from([None, *Severity]).flatmap(
        lambda severity: STATED.map(lambda impact: declare(severity, **impact))
    )
    | st.just(page(priority="P3"))
    | st.just(page(opens="triage")),
    stated=st.lists(st.tuples(st.integers(-3, 12), STATED), min_size=2, max_size=5),
    over=st.booleans(),
    data=st.data(),
)
def test_any_permutation_of_assessments_ends_equal(
    beginning: Any, stated: list[tuple[int, dict[str, Any]]], over: bool, data: st.DataObject
):
    # Of the time before a page, see below.
    earliest = -3 if isinstance(beginning, c.Declare) else 0
    commands = [said(max(minute, earliest), **impact) for minute, impact in stated]
    shuffled = data.draw(st.permutations(commands))
    end = [resolved(20)] * over
    one, other = (_played(beginning, order, end) for order in (commands, shuffled))
    assert one.incident == other.incident
    for projection in (BOARD, STATISTICS):
        assert _without_places(rows(projection, one)) == _without_places(rows(projection, other))


@thorough
@given(
    beginning=st.sampled_from([None, *Severity]).flatmap(
        lambda severity: STATED.map(lambda impact: declare(severity, **impact))
    )
    | st.just(page(priority="P3")),
    stated=st.lists(st.tuples(st.integers(1, 9), STATED), min_size=1, max_size=3),
    decided=st.lists(
        st.tuples(st.integers(1, 9), st.sampled_from(Severity)), min_size=1, max_size=3
    ),
    over=st.booleans(),
    data=st.data(),
)
def test_decisions_and_assessments_end_equal_in_any_order(
    beginning: Any,
    stated: list[tuple[int, dict[str, Any]]],
    decided: list[tuple[int, Severity]],
    over: bool,
    data: st.DataObject,
):
    """A decision that is told late raises what came later, or takes that back, as one told then.
    Of one moment, it was made in view of what is stated of it, and the more severe one counts.
    """
    commands: list[Any] = [said(minute, **impact) for minute, impact in stated]
    commands += [
        c.ChangeSeverity(severity=level, reason=f"seen at {minute}", occurred_at=at(minute))
        for minute, level in decided
    ]
    shuffled = data.draw(st.permutations(commands))
    end = [resolved(20)] * over
    logs = []
    for order in (commands, shuffled):
        log = told(beginning)
        for event in end:
            log.append([event], LATER, "end")
        outcomes = {log.run(each, at(24 * 60 + 10 + i)) for i, each in enumerate(order)}
        assume("severity.below_floor" not in outcomes)
        assert outcomes <= {"decided", "ignored", "severity.decided_then"}
        logs.append(log)
    one, other = (log.incident for log in logs)
    assert one == other


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_looking_back_nothing_is_known_of_what_came_later(order: tuple[int, int]):
    commands = [said(5, security_breach=True), said(2, users_affected=10)]
    log = told(declare(SEV3), *[commands[place] for place in order])
    assert [severity_as_of(log, minute) for minute in (1, 2, 5)] == ["SEV3", "SEV3", "SEV1"]


def test_a_decision_that_is_told_late_raises_what_came_later():
    log = told(
        declare(None, percent_affected=20.0),
        said(9, users_affected=40),
        c.ChangeSeverity(severity=SEV4, reason="internal", occurred_at=at(7)),
    )
    changed, raised = log.events[-2:]
    assert (changed.occurred_at, raised.occurred_at) == (at(7), at(9))
    assert (raised.previous, raised.severity, raised.automatic.rule) == (
        SEV4,
        SEV3,
        "severity.matrix",
    )


def test_a_decision_that_is_told_late_takes_back_what_it_left_no_ground_for():
    log = told(
        declare(SEV4, percent_affected=20.0),
        said(9, percent_affected=39.0),
        c.ChangeSeverity(severity=SEV2, reason="it spreads", occurred_at=at(7)),
    )
    changed, withdrawn = log.events[-2:]
    assert (changed.severity, withdrawn.withdrawn, withdrawn.severity) == (SEV2, SEV2, SEV2)
    assert [severity_as_of(log, minute) for minute in (5, 8, 9)] == ["SEV4", "SEV2", "SEV2"]


def test_a_figure_of_the_time_of_the_declaration_is_a_baseline_whenever_it_is_told():
    first, later = said(0, regions=1), said(1, regions=2)
    again = said(1, users_affected=0)
    ends = [
        _played(declare(None, users_affected=0), list(order), []).incident
        for order in ((first, later, again), (later, first, again), (later, again, first))
    ]
    assert ends[0] == ends[1] == ends[2]
    assert ends[0].facts.severity is SEV3


def test_what_is_told_of_the_time_before_a_page_counts_in_any_order():
    told_of = [said(0, users_affected=None), said(-1, percent_affected=25.1)]
    told_of.append(said(0, percent_affected=25.1))
    orders = (told_of, [told_of[0], told_of[2], told_of[1]])
    one, other = (_played(page(priority="P3"), order, []) for order in orders)
    assert one.incident == other.incident


def _played(beginning: Any, commands: list[Any], end: list[Any]) -> Log:
    log = told(beginning)
    for event in end:
        log.append([event], LATER, "end")
    for minute, command in enumerate(commands):
        assert log.run(command, at(24 * 60 + 10 + minute)) in {"decided", "ignored"}
    return log


def _without_places(found: dict[str, list[dict[str, Any]]]) -> Any:
    """Neither how many commits it took, nor when the last of them was recorded."""
    kept = {"severity", "status", "started_at", "month", "counted", "kind"}
    return {
        name: [{key: row[key] for key in row if key in kept} for row in table]
        for name, table in found.items()
    }


# --- what is told of an earlier time


def test_backfill_does_not_override_the_present():
    log = told(declare(SEV3, percent_affected=20.0), said(30, percent_affected=10.0))
    backfilled = told(
        declare(SEV3, percent_affected=20.0),
        said(30, percent_affected=10.0),
        said(10, percent_affected=39.0),
    )
    now: Any = backfilled.incident
    assert now.facts.assessment.impact.percent_affected == 10.0
    then = [severity_as_of(backfilled, minute) for minute in (5, 10, 30)]
    assert then == ["SEV3", "SEV2", "SEV2"]
    assert now.facts.severity is SEV2, "it was reached, and nobody has lowered it since"
    assert severity_as_of(log, 30) == "SEV3"


def test_a_decision_of_an_earlier_time_is_what_was_known_of_then():
    log = told(
        declare(SEV3, percent_affected=20.0),
        said(30, percent_affected=39.0),
        c.ChangeSeverity(severity=SEV4, reason="internal users", occurred_at=at(10)),
    )
    assert [severity_as_of(log, minute) for minute in (5, 15, 30)] == ["SEV3", "SEV4", "SEV2"]
    incident: Any = log.incident
    assert incident.facts.severity is SEV2
    assert (log.events[-1].previous, log.events[-1].severity) == (SEV3, SEV4)


def test_a_decision_that_came_later_stands():
    log = told(
        declare(SEV3, percent_affected=20.0),
        c.ChangeSeverity(severity=SEV3, reason="as reviewed", occurred_at=at(30)),
        said(10, percent_affected=60.0),
    )
    incident: Any = log.incident
    assert incident.facts.severity is SEV3
    assert severity_as_of(log, 15) == "SEV2"


def test_a_doubling_is_found_whenever_the_first_figure_is_told():
    for order in ([said(1, users_affected=100), said(5, users_affected=200)],) * 2:
        for commands in (order, order[::-1]):
            log = told(declare(SEV3), *commands)
            assert [severity_as_of(log, minute) for minute in (0, 1, 5)] == ["SEV3", "SEV3", "SEV2"]


def test_a_raise_whose_ground_falls_away_is_taken_back_and_said_so():
    log = told(
        declare(SEV3),
        said(2, users_affected=50),
        said(3, users_affected=100),
        said(1, users_affected=100),
    )
    withdrawn = log.events[-1]
    assert isinstance(withdrawn, e.SeverityRaiseWithdrawn)
    assert (withdrawn.occurred_at, withdrawn.withdrawn, withdrawn.severity) == (at(3), SEV2, SEV3)
    incident: Any = log.incident
    assert incident.facts.severity is SEV3


def test_what_was_so_before_the_declaration_counts_from_it():
    log = told(declare(SEV3), said(-10, functionality=Functionality.FULL_OUTAGE))
    assert log.events[-1].occurred_at == at(0)
    assert severity_as_of(log, 0) == "SEV1"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_one_instant_the_worse_counts(order: tuple[int, int]):
    commands = [said(5, users_affected=10), said(5, users_affected=30)]
    log = told(declare(SEV4, users_affected=9), *[commands[place] for place in order])
    incident: Any = log.incident
    assert incident.facts.assessment.impact.users_affected == 30


def test_the_same_again_of_another_time_is_kept_and_without_one_is_no_news():
    first = said(5, users_affected=10)
    log = told(declare(SEV3), first)
    assert log.run(first, LATER) == "ignored"
    assert log.run(replace(first, occurred_at=None), LATER) == "ignored"
    assert log.run(replace(first, occurred_at=at(7)), LATER) == "decided"
    assert log.run(said(6, users_affected=3), LATER) == "decided"
    incident: Any = log.incident
    assert incident.facts.assessment.impact.users_affected == 10


def test_whose_clock_is_behind_says_what_is_so_now():
    log = Log()
    log.run(declare(SEV3), at(10))
    log.run(c.ReassessImpact(users_affected=10), at(20))
    log.run(c.ReassessImpact(users_affected=5), at(19.99))
    incident: Any = log.incident
    assert incident.facts.assessment.impact.users_affected == 5


# --- an impact that a signal states


def signal(minute: float, **impact: Any) -> c.ReceiveAlert:
    return page("updated", at_min=minute, impact=StatedImpact(**impact))


def test_the_impact_that_a_signal_states_is_that_of_the_incident_with_its_floors():
    log = told(page(), signal(5, users_affected=12, customer_reported=True))
    shown = view("i-1", log.incident, 1)
    assert shown is not None
    assert (shown.impact.users_affected, shown.matrix_severity) == (12, SEV2)
    log.run(said(6, paying_customers=True), LATER)
    log.run(c.ChangeSeverity(severity=SEV2, reason="r"), LATER)
    assert log.run(c.ChangeSeverity(severity=SEV3, reason="r"), LATER) == "severity.below_floor"


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
def test_signals_and_people_state_it_together(order: tuple[int, ...]):
    commands = [
        signal(5, paying_customers=True, percent_affected=1.0),
        said(6, customer_reported=True),
        said(4, percent_affected=2.0),
    ]
    log = told(declare(SEV4), *[commands[place] for place in order])
    incident: Any = log.incident
    assert incident.facts.assessment.impact.percent_affected == 1.0
    assert incident.facts.severity is SEV2
    assert incident.facts.assessment.matrix.severity is SEV2
    assert SEV1.outranks(SEV2)
