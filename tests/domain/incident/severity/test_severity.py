"""Classification, escalation triggers, floors and explicit decisions on severity."""

from typing import Any

import pytest
from msgspec.structs import replace

from domain.incident import INCIDENT
from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.impact import Changes, Impact
from domain.incident.severity.floors import floor
from domain.incident.severity.matrix import classify
from domain.incident.severity.ruling import Doubt, Ruling
from domain.kernel.decider import UNKNOWN, Context
from domain.policy import DEFAULT, Concern, Functionality, Severity
from support.spec import (
    NOW,
    POLICY,
    SEV1,
    SEV2,
    SEV3,
    SEV4,
    Given,
    at,
    changed,
    declared,
    given,
    paged,
    reassessed,
    reopened,
    resolved,
    upgraded,
)

BOTH = {"customer_reported": True, "paying_customers": True}

CLASSIFIED: list[tuple[dict[str, Any], Severity]] = [
    ({}, SEV2),
    ({"percent_affected": 0}, SEV4),
    ({"percent_affected": 0.1}, SEV3),
    ({"percent_affected": 25}, SEV3),
    ({"percent_affected": 25.1}, SEV2),
    ({"percent_affected": 99.9}, SEV2),
    ({"percent_affected": 100}, SEV1),
    ({"users_affected": 0}, SEV4),
    ({"users_affected": 1}, SEV2),
    ({"users_affected": 10**12}, SEV2),
    ({"users_affected": 1, "functionality": Functionality.COSMETIC}, SEV3),
    ({"users_affected": 5, "percent_affected": 0}, SEV2),
    ({"users_affected": 0, "percent_affected": 30}, SEV2),
    ({"functionality": Functionality.FULL_OUTAGE}, SEV1),
    ({"functionality": Functionality.KEY_FEATURE_DOWN}, SEV2),
    ({"functionality": Functionality.MINOR_FEATURE_BROKEN}, SEV3),
    ({"functionality": Functionality.COSMETIC}, SEV4),
    ({"functionality": Functionality.COSMETIC, "percent_affected": 30}, SEV2),
    ({"functionality": Functionality.FULL_OUTAGE, "percent_affected": 1}, SEV1),
    ({"security_breach": True, "percent_affected": 0}, SEV1),
    ({"security_breach": False}, SEV2),
    ({"data_integrity_concern": True, "functionality": Functionality.COSMETIC}, SEV1),
    ({"functionality": Functionality.COSMETIC, **BOTH}, SEV2),
    ({"functionality": Functionality.FULL_OUTAGE, **BOTH}, SEV1),
    ({"functionality": Functionality.COSMETIC, "customer_reported": True}, SEV4),
    ({"functionality": Functionality.COSMETIC, "paying_customers": True}, SEV4),
    ({"scope": 50}, SEV2),
]


@pytest.mark.parametrize(("impact", "expected"), CLASSIFIED)
def test_a_declaration_without_a_severity_is_classified_by_the_matrix(
    impact: dict[str, Any], expected: Severity
):
    (event,) = given().when(c.Declare(title="t", impact=Impact(**impact)))
    assert isinstance(event, e.Declared)
    assert (event.severity, event.policy_version) == (expected, POLICY)
    assert event.because, "the criterion is recorded"


def test_a_stated_severity_counts_and_needs_no_criterion():
    (event,) = given().when(c.Declare(title="t", severity=SEV4, impact=Impact(users_affected=9)))
    assert isinstance(event, e.Declared)
    assert (event.severity, event.because) == (SEV4, None)


FLOORS: list[tuple[dict[str, Any], Severity | None]] = [
    ({}, None),
    ({"data_integrity_concern": True}, SEV1),
    ({"data_integrity_concern": False}, None),
    (BOTH, SEV2),
    ({"customer_reported": True}, None),
    ({"paying_customers": True}, None),
    ({"customer_reported": True, "paying_customers": False}, None),
    ({"data_integrity_concern": True, **BOTH}, SEV1),
    ({"percent_affected": 100}, None),
    ({"security_breach": True}, SEV1),
]


@pytest.mark.parametrize(("impact", "expected"), FLOORS)
def test_which_impact_sets_a_floor(impact: dict[str, Any], expected: Severity | None):
    held = floor(Impact(**impact), DEFAULT)
    assert (held.severity if held else None) is expected


@pytest.mark.parametrize("severity", [SEV2, SEV3, SEV4])
def test_a_declaration_below_a_floor_is_raised_at_once(severity: Severity):
    """The declaration keeps what the responder said; the rule speaks for itself."""
    impact = Impact(data_integrity_concern=True)
    said, raised = given().when(c.Declare(title="t", severity=severity, impact=impact))
    assert isinstance(said, e.Declared)
    assert said.severity is severity
    rule, reason = "escalation.data_integrity", "data integrity concern"
    assert raised == upgraded(SEV1, severity, rule, reason)


# --- impact doubles

DOUBLES: list[tuple[dict[str, Any], dict[str, Any], bool]] = [
    ({"users_affected": 100}, {"users_affected": 199}, False),
    ({"users_affected": 100}, {"users_affected": 200}, True),
    ({"users_affected": 100}, {"users_affected": 800}, True),
    ({"users_affected": 1}, {"users_affected": 2}, True),
    ({}, {"users_affected": 10**9}, False),
    ({"users_affected": 100}, {"users_affected": None}, False),
    ({"users_affected": 100}, {"users_affected": 0}, False),
    ({"percent_affected": 12.5}, {"percent_affected": 25.0}, True),
    ({"percent_affected": 12.5}, {"percent_affected": 24.9}, False),
    ({"percent_affected": 33.3}, {"percent_affected": 66.6}, True),
    ({"percent_affected": 0.0}, {"percent_affected": 20.0}, False),
    ({"percent_affected": 13.0}, {"percent_affected": 25.0}, False),
    ({"scope": 1}, {"scope": 2}, True),
    ({"scope": 3}, {"scope": 5}, False),
    ({"users_affected": 10, "scope": 1}, {"users_affected": 11, "scope": 2}, True),
    ({"users_affected": 10}, {"scope": 1000}, False),
]


@pytest.mark.parametrize(("before", "now", "fires"), DOUBLES)
def test_a_measure_that_doubles_raises_the_severity_by_one_level(
    before: dict[str, Any], now: dict[str, Any], fires: bool
):
    events = given(declared(SEV3, **before)).when(c.ReassessImpact(**now))
    assert [type(event) for event in events] == [e.ImpactReassessed] + [e.SeverityUpgraded] * fires
    if fires:
        assert isinstance(events[1], e.SeverityUpgraded)
        assert (events[1].previous, events[1].severity) == (SEV3, SEV2)


def test_an_upgrade_cites_rule_policy_version_and_causing_event():
    assert given(declared(SEV3, users_affected=1_000_000)).when(
        c.ReassessImpact(users_affected=2_000_000)
    ) == [
        e.ImpactReassessed(
            occurred_at=NOW,
            impact=Impact(users_affected=2_000_000),
            matrix=Ruling(
                SEV2, in_doubt("2,000,000 users affected, share unknown"), Doubt.SHARE_UNKNOWN
            ),
            stated=Changes(users_affected=2_000_000),
        ),
        upgraded(
            SEV2,
            SEV3,
            "escalation.impact_doubled",
            "impact doubled: users affected 1,000,000 → 2,000,000",
        ),
    ]


def in_doubt(known: str) -> str:
    return f"{known}: the higher level in doubt"


def test_several_measures_at_once_are_one_level_and_all_are_named():
    before = declared(SEV3, users_affected=10, percent_affected=1.0, scope=1)
    now = c.ReassessImpact(users_affected=80, percent_affected=8.0, scope=8)
    _, raised = given(before).when(now)
    reason = "impact doubled: users affected 10 → 80, percent affected 1 → 8, scope 1 → 8"
    assert raised == upgraded(SEV2, SEV3, "escalation.impact_doubled", reason)


def levels(incident: Given, *users: int) -> list[str]:
    """The severity after each of these assessments in turn."""
    found = []
    for count in users:
        incident = incident.then(*incident.when(c.ReassessImpact(users_affected=count)))
        found.append(incident.facts.severity.value)
    return found


def test_doubling_fires_again_against_the_impact_at_the_last_decision():
    incident = given(declared(SEV4, users_affected=100))
    assert levels(incident, 199, 200, 399, 400) == ["SEV4", "SEV3", "SEV3", "SEV2"]


def test_small_steps_add_up():
    incident = given(declared(SEV4, users_affected=100))
    assert levels(incident, 150, 199, 201) == ["SEV4", "SEV4", "SEV3"]


def test_falling_and_rising_again_does_not_count_twice():
    incident = given(declared(SEV4, users_affected=100))
    assert levels(incident, 200, 50, 200, 399) == ["SEV3", "SEV3", "SEV3", "SEV3"]


def test_the_ceiling_is_sev1():
    incident = given(declared(SEV2, users_affected=100))
    assert levels(incident, 200, 400, 800) == ["SEV1", "SEV1", "SEV1"]
    assert (
        len(given(declared(SEV1, users_affected=1)).when(c.ReassessImpact(users_affected=9))) == 1
    )


def test_an_explicit_change_resets_the_baseline():
    at_300 = given(declared(SEV4, users_affected=200), reassessed(users_affected=300))
    assert levels(at_300, 400) == ["SEV3"]
    decided = at_300.then(changed(SEV3, SEV4))
    assert levels(decided, 400, 599, 600) == ["SEV3", "SEV3", "SEV2"]


def test_a_doubling_after_the_resolution_still_raises_the_severity():
    incident = given(declared(SEV3, users_affected=100), resolved())
    assert levels(incident, 250) == ["SEV2"]


def test_a_reopening_keeps_severity_and_baseline():
    incident = given(declared(SEV3, users_affected=100), resolved(), reopened())
    assert levels(incident, 150, 200) == ["SEV3", "SEV2"]


def test_what_an_assessment_leaves_out_stays_and_null_forgets():
    incident = given(declared(SEV3, users_affected=100, scope=2))
    (kept,) = incident.when(c.ReassessImpact(scope=3))
    assert kept.impact == Impact(users_affected=100, scope=3)
    (forgot,) = incident.when(c.ReassessImpact(scope=None))
    assert forgot.impact == Impact(users_affected=100)


def test_an_assessment_without_news_is_ignored():
    incident = given(declared(SEV3, users_affected=100))
    assert incident.outcome(c.ReassessImpact()) == "ignored"
    assert incident.outcome(c.ReassessImpact(users_affected=100)) == "ignored"


# --- floors while the incident goes on


@pytest.mark.parametrize("severity", [SEV2, SEV3, SEV4])
def test_a_data_integrity_concern_raises_to_sev1_at_once(severity: Severity):
    _, raised = given(declared(severity)).when(c.ReassessImpact(data_integrity_concern=True))
    rule = "escalation.data_integrity"
    assert raised == upgraded(SEV1, severity, rule, "data integrity concern")


@pytest.mark.parametrize("severity", [SEV3, SEV4])
def test_customer_reports_on_paying_accounts_raise_to_sev2(severity: Severity):
    incident = given(declared(severity, customer_reported=True))
    _, raised = incident.when(c.ReassessImpact(paying_customers=True))
    assert isinstance(raised, e.SeverityUpgraded)
    assert (raised.severity, raised.automatic.rule) == (SEV2, "escalation.customer_reported")


def test_a_floor_that_is_met_already_raises_nothing():
    assert len(given(declared(SEV1)).when(c.ReassessImpact(data_integrity_concern=True))) == 1
    assert len(given(declared(SEV2)).when(c.ReassessImpact(**BOTH))) == 1


def test_a_floor_and_a_doubling_together_give_the_floor():
    incident = given(declared(SEV4, users_affected=1))
    _, raised = incident.when(c.ReassessImpact(users_affected=9, data_integrity_concern=True))
    assert isinstance(raised, e.SeverityUpgraded)
    assert (raised.severity, raised.automatic.rule) == (SEV1, "escalation.data_integrity")


def test_a_doubling_above_a_floor_that_is_met_still_fires():
    _, raised = given(declared(SEV2, users_affected=1, **BOTH)).when(
        c.ReassessImpact(users_affected=2)
    )
    assert isinstance(raised, e.SeverityUpgraded)
    assert (raised.severity, raised.automatic.rule) == (SEV1, "escalation.impact_doubled")


@pytest.mark.parametrize("lower", [SEV2, SEV3, SEV4])
def test_a_downgrade_below_a_floor_is_refused_and_says_how_to_go_on(lower: Severity):
    incident = given(declared(SEV1, data_integrity_concern=True))
    refused = incident.refusal(c.ChangeSeverity(severity=lower, reason="it looks fine"))
    assert (refused.code, refused.field) == ("severity.below_floor", "severity")
    assert "data integrity concern" in refused.detail
    assert "reassess the impact first" in (refused.rule or "")


def test_a_downgrade_to_the_floor_itself_is_allowed():
    incident = given(declared(SEV1, **BOTH))
    assert incident.outcome(c.ChangeSeverity(severity=SEV2, reason="r")) == "decided"
    assert incident.outcome(c.ChangeSeverity(severity=SEV3, reason="r")) == "severity.below_floor"


def test_once_the_floor_no_longer_holds_a_downgrade_is_allowed_but_never_automatic():
    incident = given(declared(SEV1, data_integrity_concern=True))
    (event,) = incident.when(c.ReassessImpact(data_integrity_concern=False))
    after = incident.then(event)
    assert after.facts.severity is SEV1
    assert after.outcome(c.ChangeSeverity(severity=SEV3, reason="all rows agree")) == "decided"


@pytest.mark.parametrize(("lower", "higher"), [(SEV4, SEV1), (SEV3, SEV2)])
def test_a_responder_may_go_up_and_down_with_a_reason(lower: Severity, higher: Severity):
    up, down = (
        c.ChangeSeverity(severity=severity, reason="as reviewed") for severity in (higher, lower)
    )
    matrix = Ruling(SEV2, in_doubt("impact not assessed yet"), Doubt.NOT_ASSESSED)
    assert given(declared(lower)).when(up, at(5)) == [
        replace(changed(higher, lower), matrix=matrix)
    ]
    assert given(declared(higher)).when(down, at(5)) == [
        replace(changed(lower, higher), matrix=matrix, held_by=UNKNOWN)
    ]


def test_the_present_severity_with_a_reason_is_a_decision_once():
    confirm = c.ChangeSeverity(severity=SEV3, reason="still few users")
    incident = given(declared(SEV3, users_affected=100))
    assert incident.after(confirm).outcome(confirm) == "ignored"
    other = replace(confirm, reason="and all of them internal")
    assert incident.after(confirm).outcome(other) == "decided"
    more = c.ReassessImpact(users_affected=150)
    assert incident.after(confirm, more).outcome(confirm) == "decided"


# --- alerts and severity

PRIORITIES = [
    ("P1", None, SEV1),
    ("p2", None, SEV2),
    ("P3 - Moderate", None, SEV3),
    ("P1: Critical", None, SEV1),
    ("P1-Critical", None, SEV1),
    ("SEV-2", None, SEV2),
    ("Sev 4", None, SEV4),
    ("SEV1 (major)", None, SEV1),
    ("P5", None, SEV4),
    ("P10", "low", SEV2),
    ("Highest", "high", SEV1),
    ("", "low", SEV3),
    (None, "high", SEV2),
    (None, "HIGH", SEV2),
]


@pytest.mark.parametrize(("priority", "urgency", "expected"), PRIORITIES[:-1])
def test_what_a_priority_or_urgency_stands_for(
    priority: str | None, urgency: str | None, expected: Severity
):
    event = paged(priority=priority, urgency=urgency)
    assert (event.severity, event.policy_version) == (expected, POLICY)


def test_an_alert_that_names_no_severity_opens_at_the_higher_of_the_levels_in_doubt():
    assert paged().severity is None
    assert given(paged()).facts.severity is DEFAULT.unassessed is SEV2


def test_a_later_alert_may_lower_what_alerts_alone_have_said():
    history = (paged(priority="P1"), paged("priority_updated", at_min=1, priority="P3"))
    assert given(*history).facts.severity is SEV3


def test_a_later_alert_raises_but_never_lowers_what_a_responder_decided():
    decided = (paged(priority="P4"), changed(SEV3, SEV4, at_min=5))
    for priority, expected in (("P1", SEV1), ("P4", SEV3)):
        later = paged("priority_updated", at_min=6, priority=priority)
        assert given(*decided, later).facts.severity is expected


def test_an_alert_from_before_a_decision_that_comes_in_late_changes_nothing():
    decided = (paged(priority="P4"), changed(SEV3, SEV4, at_min=5))
    late = paged("priority_updated", at_min=4, priority="P1")
    assert given(*decided, late).facts.severity is SEV3


def test_a_decision_is_made_in_view_of_the_alerts_before_it_also_when_backfilled():
    """What was recorded before a decision does not come back with the next, unrelated alert."""
    history = (paged(priority="P1", at_min=10), changed(SEV3, SEV1, at_min=5))
    assert given(*history).facts.severity is SEV3
    assert given(*history, paged("annotated", at_min=11)).facts.severity is SEV3


def test_naming_the_severity_of_an_alert_makes_it_a_decision():
    incident = given(paged(priority="P2"))
    confirm = c.ChangeSeverity(severity=SEV2, reason="as reviewed")
    (event,) = incident.when(confirm, at(5))
    assert replace(event, matrix=None) == changed(SEV2, SEV2)
    after = incident.then(event)
    assert after.outcome(confirm) == "ignored"
    assert after.then(paged("priority_updated", at_min=9, priority="P4")).facts.severity is SEV2


@pytest.mark.parametrize(
    ("impact", "held"), [({"data_integrity_concern": True}, SEV1), (BOTH, SEV2)]
)
def test_no_alert_goes_below_a_floor_even_one_that_was_met_already(
    impact: dict[str, Any], held: Severity
):
    """A P1 page needs no upgrade when the concern is raised; the next P4 must not undo it."""
    incident = given(paged(priority="P1"))
    events = incident.when(c.ReassessImpact(**impact))
    assert [type(event) for event in events] == [e.ImpactReassessed]
    after = incident.then(*events, paged("priority_updated", at_min=61, priority="P4"))
    assert after.facts.severity is held


@pytest.mark.parametrize(
    ("impact", "of_old"), [({"data_integrity_concern": True}, SEV1), (BOTH, SEV2)]
)
def test_a_floor_counts_as_the_policy_of_its_time_had_it(impact: dict[str, Any], of_old: Severity):
    """What the event says; before events said so, what the code had."""
    raised = (paged(priority="P1"), reassessed(at_min=2, **impact))
    lowered = paged("priority_updated", at_min=9, priority="P4")
    assert given(*raised, lowered).facts.severity is of_old
    recorded = replace(raised[1], floor=SEV3)
    assert given(raised[0], recorded, lowered).facts.severity is SEV3


def test_a_policy_with_other_floors_and_another_factor_decides_by_them():
    floors = {
        Concern.DATA_INTEGRITY: SEV3,
        Concern.CUSTOMER_REPORTED: SEV4,
        Concern.SECURITY_BREACH: SEV4,
    }
    policy = replace(DEFAULT, doubling_factor=3.0, floors=floors)
    context = Context(NOW, "command-1", policy, 1)
    incident = given(declared(SEV4, users_affected=100)).incident
    kept = INCIDENT.decide(c.ReassessImpact(users_affected=299, **BOTH), incident, context)
    assert [type(event) for event in kept] == [e.ImpactReassessed]
    (_, raised) = INCIDENT.decide(c.ReassessImpact(users_affected=300), incident, context)
    assert raised.reason == "impact grew 3 times: users affected 100 → 300"
    concern = c.ReassessImpact(data_integrity_concern=True)
    (assessed, raised) = INCIDENT.decide(concern, incident, context)
    assert (assessed.floor, raised.severity) == (SEV3, SEV3)


def test_a_floor_that_is_lifted_leaves_the_severity_where_it_was():
    incident = given(paged(priority="P1"))
    for command in (
        c.ReassessImpact(data_integrity_concern=True),
        c.ReassessImpact(data_integrity_concern=False),
    ):
        incident = incident.then(*incident.when(command))
    assert incident.then(paged("annotated", at_min=61)).facts.severity is SEV1


def test_a_declaration_out_of_triage_keeps_a_floor_found_in_triage():
    incident = given(paged(opens="triage"))
    incident = incident.then(*incident.when(c.ReassessImpact(data_integrity_concern=True)))
    events = incident.when(c.Declare(title="t", severity=SEV4))
    assert incident.then(*events).facts.severity is SEV1


TRIAGED = [
    ("P1", Impact(), None, SEV1),
    ("P4", Impact(), None, SEV4),
    (None, Impact(), None, SEV2),
    ("P1", Impact(percent_affected=1), None, SEV1),
    ("P4", Impact(percent_affected=30), None, SEV2),
    ("P1", Impact(), SEV3, SEV3),
]


@pytest.mark.parametrize(("priority", "impact", "stated", "expected"), TRIAGED)
def test_a_declaration_out_of_triage_takes_the_higher_of_matrix_and_page(
    priority: str | None, impact: Impact, stated: Severity | None, expected: Severity
):
    incident = given(paged(opens="triage", priority=priority))
    (event,) = incident.when(c.Declare(title="t", impact=impact, severity=stated))
    assert isinstance(event, e.Declared)
    assert event.severity is expected
    assert (event.because is None) == (stated is not None)


def test_the_matrix_is_the_brief_in_words():
    assert classify(Impact(percent_affected=30), DEFAULT).because == "30% of users affected"
    assert classify(Impact(percent_affected=99.99999), DEFAULT).because.startswith("99.99999%")
    many = classify(Impact(users_affected=1_234_567), DEFAULT)
    assert many.because == in_doubt("1,234,567 users affected, share unknown")
