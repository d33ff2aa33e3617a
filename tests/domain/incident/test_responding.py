"""What responders do: acknowledge, take roles, follow hypotheses, tell others, put times right."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from domain.incident import Command
from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.events import Milestone, UpdateStatus
from domain.policy import Role
from support.spec import (
    NOON,
    NOW,
    SEV3,
    acknowledged,
    at,
    canceled,
    corrected,
    declared,
    given,
    hypothesis,
    identified,
    mitigated,
    paged,
    reopened,
    resolved,
    staffed,
)

COMMANDER, LEAD = Role.INCIDENT_COMMANDER, Role.TECHNICAL_LEAD

# --- acknowledgement


def test_the_first_acknowledgement_counts():
    assert given(declared()).when(c.Acknowledge()) == [e.Acknowledged(occurred_at=NOW)]
    assert given(declared(), acknowledged(2)).when(c.Acknowledge()) == []


def test_an_earlier_acknowledgement_that_we_hear_of_late_is_news():
    incident = given(declared(), acknowledged(5))
    events = incident.when(c.Acknowledge(occurred_at=at(3)))
    assert events == [e.Acknowledged(occurred_at=at(3))]
    assert incident.then(*events).facts.milestones.acknowledged_at == at(3)


@pytest.mark.parametrize("value", [at(9), None])
def test_a_corrected_acknowledgement_is_not_overwritten_by_another_one(value: datetime | None):
    incident = given(
        declared(), acknowledged(5), corrected(Milestone.ACKNOWLEDGED, value, at_min=10)
    )
    assert incident.outcome(c.Acknowledge(occurred_at=at(3))) == "ignored"
    assert incident.outcome(c.Acknowledge()) == "ignored"


# --- roles


def test_a_free_role_is_assigned_and_a_held_one_only_handed_over():
    assign = c.AssignRole(role=COMMANDER, assignee="ada")
    held = given(declared(), *staffed())
    assert given(declared()).when(assign) == [
        e.RoleAssigned(occurred_at=NOW, role=COMMANDER, assignee="ada")
    ]
    assert held.outcome(assign) == "ignored"
    refused = held.refusal(c.AssignRole(role=COMMANDER, assignee="grace"))
    assert (refused.code, refused.field) == ("role.already_assigned", "role")


def test_a_handover_names_both_and_carries_the_note():
    hand_over = c.HandOverRole(role=COMMANDER, assignee="grace", note="end of shift")
    assert given(declared(), *staffed()).when(hand_over) == [
        e.RoleHandedOver(
            occurred_at=NOW, role=COMMANDER, previous="ada", assignee="grace", note="end of shift"
        )
    ]


def test_only_a_role_that_is_held_can_be_handed_over_and_not_to_its_holder():
    incident = given(declared(), *staffed())
    assert incident.outcome(c.HandOverRole(role=Role.SCRIBE, assignee="x")) == "role.not_assigned"
    assert incident.outcome(c.HandOverRole(role=COMMANDER, assignee="ada")) == "ignored"


def test_one_person_may_hold_two_roles():
    assert (
        given(declared(), *staffed()).outcome(c.AssignRole(role=Role.SCRIBE, assignee="ada"))
        == "decided"
    )


# --- hypotheses


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ((), "assign Incident Commander and Technical Lead before troubleshooting INC-1"),
        (staffed()[:1], "assign Technical Lead before troubleshooting INC-1"),
        (staffed()[1:], "assign Incident Commander before troubleshooting INC-1"),
    ],
)
def test_roles_come_before_troubleshooting(held: tuple[e.RoleAssigned, ...], said: str):
    refused = given(declared(), *held).refusal(c.OpenHypothesis(statement="a bad deploy"))
    assert (refused.code, refused.detail) == ("roles.required", said)


def test_hypotheses_are_named_in_order_of_opening():
    incident = given(declared(), *staffed(), hypothesis("H1"))
    (event,) = incident.when(c.OpenHypothesis(statement="a full disk", owner="grace"))
    assert event == e.HypothesisOpened(
        occurred_at=NOW, hypothesis="H2", statement="a full disk", owner="grace"
    )


def test_a_path_that_is_being_followed_is_not_opened_twice_but_may_be_taken_up_again():
    followed = given(declared(), *staffed(), hypothesis("H1", "a bad deploy"))
    again = c.OpenHypothesis(statement="a bad deploy")
    assert followed.outcome(again) == "ignored"
    left = e.HypothesisAbandoned(occurred_at=at(25), hypothesis="H1", reason="15 min")
    assert followed.then(left).outcome(again) == "decided"


CLOSINGS: list[tuple[Command, e.IncidentEvent]] = [
    (
        c.ConfirmHypothesis(hypothesis="H1", finding="seen"),
        e.HypothesisConfirmed(occurred_at=NOW, hypothesis="H1", finding="seen"),
    ),
    (
        c.RejectHypothesis(hypothesis="H1", finding="seen"),
        e.HypothesisRejected(occurred_at=NOW, hypothesis="H1", finding="seen"),
    ),
    (
        c.AbandonHypothesis(hypothesis="H1", reason="seen"),
        e.HypothesisAbandoned(occurred_at=NOW, hypothesis="H1", reason="seen"),
    ),
]


@pytest.mark.parametrize(("command", "event"), CLOSINGS)
def test_a_hypothesis_is_closed_once_and_stays_as_it_was_found(
    command: Command, event: e.IncidentEvent
):
    incident = given(declared(), *staffed(), hypothesis())
    assert incident.when(command) == [event]
    closed = incident.then(event)
    for other, _ in CLOSINGS:
        expected = "ignored" if other is command else "hypothesis.closed"
        assert closed.outcome(other) == expected


def test_an_unknown_hypothesis_is_refused_by_name():
    refused = given(declared()).refusal(c.ConfirmHypothesis(hypothesis="H7", finding="seen"))
    assert (refused.code, refused.field) == ("hypothesis.unknown", "hypothesis")
    assert "H7" in refused.detail


# --- updates


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ((), UpdateStatus.INVESTIGATING),
        ((identified(),), UpdateStatus.IDENTIFIED),
        ((mitigated(),), UpdateStatus.MONITORING),
        ((resolved(),), UpdateStatus.RESOLVED),
    ],
)
def test_an_update_reports_the_present_status(
    history: tuple[e.IncidentEvent, ...], expected: UpdateStatus
):
    (event,) = given(declared(), *history).when(c.PostUpdate(text="No change."))
    assert event == e.UpdatePosted(occurred_at=NOW, text="No change.", status=expected)


def test_a_sender_may_name_the_status_and_the_latest_update_counts_for_the_cadence():
    named = c.PostUpdate(text="x", status=UpdateStatus.MITIGATING)
    (event,) = given(declared()).when(named)
    assert isinstance(event, e.UpdatePosted)
    assert event.status is UpdateStatus.MITIGATING
    late = e.UpdatePosted(occurred_at=at(5), text="y", status=UpdateStatus.INVESTIGATING)
    assert given(declared(), event, late).facts.response.last_update_at == NOW


# --- cause, mitigation, resolution


def test_a_cause_may_be_refined_and_counts_from_its_first_identification():
    incident = given(declared(), identified(20, "a full disk"))
    assert incident.outcome(c.IdentifyRootCause(cause="a full disk")) == "ignored"
    (event,) = incident.when(c.IdentifyRootCause(cause="a log without rotation"))
    after = incident.then(event).facts
    assert after.response.root_cause == "a log without rotation"
    assert after.milestones.identified_at == at(20)


def test_the_first_mitigation_counts_and_a_late_but_earlier_one():
    incident = given(declared(), mitigated(30))
    assert incident.outcome(c.Mitigate(mitigation="rolled back")) == "ignored"
    assert incident.then(mitigated(35)).facts.milestones.mitigated_at == at(30)
    assert incident.then(mitigated(25)).facts.milestones.mitigated_at == at(25)


def test_resolving_again_in_the_same_words_is_ignored_in_others_refused():
    incident = given(declared(), resolved())
    assert incident.outcome(c.Resolve(resolution="disk extended")) == "ignored"
    assert incident.outcome(c.Resolve(resolution="rebooted")) == "incident.wrong_phase"


# --- times


@pytest.mark.parametrize("seconds", [0, 1, 2])
def test_a_clock_that_runs_ahead_a_little_counts_as_now(seconds: int):
    note = c.AddNote(text="x", occurred_at=NOW + timedelta(seconds=seconds))
    assert given(declared()).when(note) == [e.NoteAdded(occurred_at=NOW, text="x")]


def test_a_time_in_the_future_is_refused():
    late = NOW + timedelta(seconds=2.001)
    refused = given(declared()).refusal(c.AddNote(text="x", occurred_at=late))
    assert (refused.code, refused.field) == ("time.in_future", "occurred_at")


@pytest.mark.parametrize("field", ["impact_started_at", "detected_at"])
def test_times_of_a_declaration_lie_in_the_past_too(field: str):
    ahead = c.Declare(title="t", **{field: NOW + timedelta(seconds=3)})  # type: ignore[arg-type]
    assert given().refusal(ahead).field == field
    (event,) = given().when(c.Declare(title="t", **{field: NOW + timedelta(seconds=1)}))  # type: ignore[arg-type]
    assert getattr(event, field) == NOW


def test_a_corrected_value_lies_in_the_past_too():
    correct = c.CorrectTime(milestone=Milestone.DETECTED, value=at(99), reason="r")
    assert given(declared()).refusal(correct).field == "value"


def test_times_are_kept_in_utc():
    """So that a month, a day and a text are the same for everybody."""
    zone = timezone(timedelta(hours=-5))
    moment = datetime(2026, 5, 4, 7, 30, tzinfo=zone)
    (event,) = given().when(c.Declare(title="t", occurred_at=moment, detected_at=moment))
    assert isinstance(event, e.Declared)
    assert (event.occurred_at, event.occurred_at.tzinfo) == (at(30), UTC)
    assert event.detected_at is not None
    assert event.detected_at.tzinfo is UTC
    correct = c.CorrectTime(milestone=Milestone.DETECTED, value=moment, reason="r")
    (correction,) = given(declared()).when(correct)
    assert isinstance(correction, e.TimeCorrected)
    assert correction.value is not None
    assert correction.value.tzinfo is UTC


def test_a_time_before_the_first_year_is_refused():
    moment = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5)))
    refused = given(declared()).refusal(c.AddNote(text="x", occurred_at=moment))
    assert (refused.code, refused.field) == ("time.out_of_range", "occurred_at")


def test_history_may_be_filled_in_later():
    events = given(declared()).when(c.LogAction(action="restarted", occurred_at=at(-600)))
    assert events == [e.ActionLogged(occurred_at=at(-600), action="restarted")]


# --- corrections


def test_a_correction_is_an_event_that_remembers_what_was_believed():
    incident = given(declared(detected_at=at(3)))
    correct = c.CorrectTime(milestone=Milestone.DETECTED, value=at(1), reason="first alert")
    (event,) = incident.when(correct)
    assert event == e.TimeCorrected(
        occurred_at=NOW,
        milestone=Milestone.DETECTED,
        value=at(1),
        reason="first alert",
        previous=at(3),
    )
    assert incident.then(event).facts.milestones.detected_at == at(1)
    assert incident.then(event).outcome(correct) == "ignored"


def test_a_milestone_may_turn_out_to_be_unknown():
    incident = given(declared(), resolved(), corrected(Milestone.RESOLVED, None))
    assert incident.facts.milestones.resolved_at is None


@pytest.mark.parametrize(
    ("history", "milestone"),
    [
        ((declared(),), Milestone.RESOLVED),
        ((declared(), mitigated()), Milestone.RESOLVED),
        ((declared(), resolved(), reopened()), Milestone.RESOLVED),
        ((paged(opens="triage"),), Milestone.RESOLVED),
        ((paged(opens="triage"),), Milestone.DECLARED),
    ],
)
def test_what_has_not_happened_has_no_time_to_correct(
    history: tuple[e.IncidentEvent, ...], milestone: Milestone
):
    """An open incident with an end time would be open in one view and over in another."""
    refused = given(*history).refusal(c.CorrectTime(milestone=milestone, value=NOON, reason="r"))
    assert (refused.code, refused.field) == ("milestone.not_reached", "milestone")


@pytest.mark.parametrize("milestone", list(Milestone))
def test_every_milestone_of_a_resolved_incident_can_be_put_right(milestone: Milestone):
    incident = given(declared(), resolved())
    (event,) = incident.when(c.CorrectTime(milestone=milestone, value=at(7), reason="r"))
    after = incident.then(event).facts.milestones
    assert getattr(after, milestone.value) == at(7)


def test_after_a_reopening_a_corrected_end_no_longer_stands():
    history = (declared(), resolved(40), corrected(Milestone.RESOLVED, at(38)), reopened(50))
    assert given(*history).facts.milestones.resolved_at is None
    assert given(*history, resolved(55)).facts.milestones.resolved_at == at(55)


def test_a_mitigation_whose_time_is_unknown_is_still_a_mitigation():
    incident = given(declared(), mitigated(), corrected(Milestone.MITIGATED, None))
    assert incident.outcome(c.Mitigate(mitigation="rolled back")) == "ignored"
    assert incident.then(mitigated(50)).facts.milestones.mitigated_at is None


def test_a_false_positive_is_canceled_with_its_time_and_taken_up_again_without():
    incident = given(declared(SEV3), canceled(40))
    assert incident.facts.milestones.canceled_at == at(40)
    assert incident.then(reopened()).facts.milestones.canceled_at is None
