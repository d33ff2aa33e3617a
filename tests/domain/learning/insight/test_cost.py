"""Person-minutes: roles while it goes on, acts for some minutes, and no minute twice."""

import pytest

from domain.incident import events as e
from domain.learning.insight.cost import cost_of, minutes
from domain.policy import Role
from support.spec import ACTOR, acknowledged, at, declared, log_of, reopened, resolved

IC, TECH = Role.INCIDENT_COMMANDER, Role.TECHNICAL_LEAD


def took(role: Role, who: str, at_min: float) -> e.RoleAssigned:
    return e.RoleAssigned(occurred_at=at(at_min), role=role, assignee=who)


def test_a_role_counts_while_the_incident_goes_on():
    log = log_of(declared(), took(IC, "grace", 10), took(TECH, "linus", 20), resolved(40))
    found = cost_of(log.commits)
    assert found is not None
    assert found.roles == {IC: 30, TECH: 20}
    assert (found.people, found.acting) == (3, 20), f"{ACTOR} acted four times, for 5 min each"
    assert found.person_minutes == 30 + 20 + 20


def test_who_holds_two_roles_and_acts_is_counted_once():
    log = log_of(declared(), took(IC, ACTOR, 0), took(TECH, ACTOR.upper(), 0), resolved(40))
    found = cost_of(log.commits)
    assert found is not None
    assert (found.people, found.roles) == (1, {IC: 40, TECH: 40})
    assert found.person_minutes == 45, "40 min of roles, and 5 min from the resolution on"


def test_between_an_end_and_a_reopening_nobody_is_counted():
    log = log_of(declared(), took(IC, "grace", 0), resolved(10), reopened(100), resolved(110))
    found = cost_of(log.commits)
    assert found is not None
    assert found.roles == {IC: 20}


def test_of_a_past_time_only_what_had_happened_counts():
    log = log_of(declared(), took(IC, "grace", 0), acknowledged(10), resolved(40))
    found = cost_of(log.commits, lambda then: then <= at(10))
    assert found is not None
    assert (found.roles, found.until) == ({IC: 10}, at(10))
    assert cost_of([]) is None


def test_overlapping_spans_count_once():
    assert minutes([(at(0), at(10)), (at(5), at(7)), (at(9), at(12)), (at(20), at(21))]) == 13
    assert minutes([]) == pytest.approx(0)
