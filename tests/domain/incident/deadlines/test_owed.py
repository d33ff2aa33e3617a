"""What is due stays on the list until it is done: the clock complains of it, and it is overdue."""

from datetime import datetime
from typing import Any

import pytest
from msgspec.structs import replace

from domain.incident import events as e
from domain.incident.deadlines import events as k
from domain.incident.deadlines.events import DeadlineRule
from domain.incident.deadlines.history import under
from domain.incident.deadlines.owed import MARKS, owed
from domain.incident.events import Kind
from domain.kernel.commit import Event
from domain.kernel.deadline import mark
from domain.policy import DEFAULT, Policy, Severity
from support.by_the_clock import recorded
from support.spec import (
    SEV1,
    SEV2,
    SEV3,
    SEV4,
    acknowledged,
    at,
    changed,
    declared,
    hypothesis,
    identified,
    merged,
    mitigated,
    reopened,
    resolved,
)

HOUR = 60


def due(*events: Event, policy: Policy = DEFAULT) -> dict[str, float]:
    """In which minute what is due, by the rule and what it is about."""
    found = owed(recorded(*events), policy)
    assert list(found) == sorted(found, key=lambda each: each.due_at), "the soonest first"
    return {mark(each.rule, each.about or each.audience): _minute(each.due_at) for each in found}


def _minute(time: datetime) -> float:
    return (time - at(0)).total_seconds() / 60


def by_clock(kind: Any, rule: DeadlineRule, due_min: float, **more: Any) -> Any:
    automatic = k.Automatic(rule=rule, policy_version="p", caused_by="c1/0")
    return kind(occurred_at=at(due_min), due_at=at(due_min), automatic=automatic, **more)


def update(minute: float) -> e.UpdatePosted:
    return e.UpdatePosted(occurred_at=at(minute), text="t", status=e.UpdateStatus.INVESTIGATING)


RESPONSE, CAUSE = "response.overdue", "root_cause.overdue"
UPDATE, TO_EXECUTIVES = "update.due:engineering", "update.due:executives"
FIRST, IN_PUBLIC = "update.first_overdue", "update.customers_overdue:customers"
LEVEL, AGAIN = "escalation.severity", "escalation.response_overdue"
UP = "escalation.no_root_cause"


def test_a_sev1_that_was_just_declared_owes_what_the_matrix_asks_of_it():
    assert due(declared(SEV1)) == {
        LEVEL: 0, RESPONSE: 5, AGAIN: 10, FIRST: 10, UPDATE: 15, TO_EXECUTIVES: 15, CAUSE: 30,
        UP: 30,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("severity", "response", "cadence"), [(SEV1, 5, 15), (SEV2, 15, 30), (SEV3, 60, 120)]
)
def test_each_severity_has_its_own_times(severity: Severity, response: float, cadence: float):
    found = due(declared(severity))
    assert (found[RESPONSE], found[UPDATE]) == (response, cadence)


def test_a_sev4_is_answered_on_the_next_business_day():
    # Monday noon: until the end of Tuesday's business hours.
    assert due(declared(SEV4))[RESPONSE] > 24 * HOUR


def test_what_a_clock_has_complained_of_is_still_due_when_it_was():
    breach = by_clock(k.ResponseOverdue, DeadlineRule.RESPONSE, 5, severity=SEV1)
    assert due(declared(SEV1), breach)[RESPONSE] == 5
    missed = by_clock(k.UpdateOverdue, DeadlineRule.UPDATE_OVERDUE, 15)
    again = by_clock(k.UpdateOverdue, DeadlineRule.UPDATE_OVERDUE, 30)
    assert due(declared(SEV1), missed, again)[UPDATE] == 15
    told = by_clock(
        k.Escalated, DeadlineRule.ESCALATE_CAUSE, 30,
        tier="engineering_leadership", to=("CTO",), audience=e.Audience.EXECUTIVES, reason="r",
    )  # fmt: skip
    found = due(declared(SEV1), told)
    assert (found[CAUSE], found[UP]) == (30, 60)


def test_each_audience_is_owed_its_own_update():
    to_customers = replace(update(5), audiences=(e.Audience.CUSTOMERS,))
    found = due(declared(SEV1, percent_affected=100), to_customers)
    assert (found[UPDATE], found[TO_EXECUTIVES], found["update.due:customers"]) == (15, 15, 20)
    assert (FIRST in found, IN_PUBLIC in found) == (False, False)
    assert due(declared(SEV2, percent_affected=30))[IN_PUBLIC] == 30


def test_an_answer_takes_it_off_the_list():
    assert RESPONSE not in due(declared(SEV1), acknowledged(2))
    assert due(declared(SEV1), update(10))[UPDATE] == 25
    assert CAUSE not in due(declared(SEV1), identified(20))


def test_each_open_hypothesis_has_its_timebox():
    later = replace(hypothesis("H2"), occurred_at=at(9))
    found = due(declared(SEV3), replace(hypothesis("H1"), occurred_at=at(5)), later)
    assert (found["timebox.hypothesis:H1"], found["timebox.hypothesis:H2"]) == (20, 24)
    expired = by_clock(k.TimeboxExpired, DeadlineRule.TIMEBOX, 20, hypothesis="H1")
    assert (
        due(declared(SEV3), replace(hypothesis("H1"), occurred_at=at(5)), expired)[
            "timebox.hypothesis:H1"
        ]
        == 20
    ), "pivot: it is neither confirmed nor left"
    left = e.HypothesisAbandoned(occurred_at=at(21), hypothesis="H1", reason="r")
    assert "timebox.hypothesis:H1" not in due(declared(SEV3), hypothesis("H1"), left)


def test_a_mitigation_is_watched_until_it_may_be_resolved_and_then_until_it_must():
    story = (declared(SEV3), acknowledged(2), mitigated(30))
    assert due(*story)["monitoring.window"] == 45
    ended = by_clock(k.MonitoringEnded, DeadlineRule.MONITORING, 45)
    assert due(*story, ended)["monitoring.window"] == 60
    last = by_clock(k.MonitoringEnded, DeadlineRule.MONITORING, 60, last=True)
    assert due(*story, ended, last)["monitoring.window"] == 60, "it is overdue from then on"


def test_after_the_resolution_only_what_still_is_due():
    story = (declared(SEV1), acknowledged(2), hypothesis("H1"), identified(20), resolved(40))
    assert due(*story) == {"all_clear.due": 55, "postmortem.requested": 40 + 48 * HOUR}
    clear = k.AllClear(occurred_at=at(55))
    late = by_clock(k.PostmortemOverdue, DeadlineRule.POSTMORTEM_OVERDUE, 40 + 48 * HOUR)
    assert due(*story, clear, late) == {"postmortem.requested": 40 + 48 * HOUR}
    published = k.PostmortemPublished(occurred_at=at(50 * HOUR), url="https://example.org/pm")
    assert due(*story, clear, late, published) == {}


def test_what_was_merged_or_is_kept_for_the_record_owes_nothing():
    assert due(declared(SEV1), merged(40)) == {}
    for kind in (Kind.RETROSPECTIVE, Kind.TEST, Kind.MAINTENANCE):
        assert due(declared(SEV1, kind=kind)) == {}
    assert due(declared(SEV1, kind=Kind.DRILL))[RESPONSE] == 5


def test_a_reopened_incident_owes_its_updates_anew():
    story = (declared(SEV2), acknowledged(2), resolved(40), reopened(50))
    assert due(*story)[UPDATE] == 80


def test_what_was_told_long_after_owes_nothing_unless_the_policy_calls_that_live():
    late = recorded(declared(SEV1), late_min=72 * HOUR)
    assert owed(late, DEFAULT) == ()
    patient = replace(DEFAULT, live_within_s=96 * 3600)
    assert owed(under(late, patient), patient)


def test_it_says_what_has_to_happen_since_when_and_by_which_policy():
    (told, response, *_) = owed(recorded(declared(SEV2), changed(SEV1, SEV2, 3)), DEFAULT)
    assert told.what == "VP Engineering, CTO hear of it"
    assert response.what == "somebody acknowledges it"
    assert (response.since, _minute(response.due_at)) == (at(3), 8)
    assert response.policy_version == DEFAULT.version


def test_all_that_can_be_due_is_known_beforehand_so_that_rows_of_it_can_go():
    stories = (
        (declared(SEV1), hypothesis("H1")),
        (declared(SEV1), acknowledged(2), mitigated(30)),
        (declared(SEV1), acknowledged(2), resolved(40)),
    )
    known = {*MARKS, "timebox.hypothesis:H1"}
    assert {name for story in stories for name in due(*story)} <= known
