"""Times that are put right, and what comes of it later."""

import pytest

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.events import Milestone
from support.spec import (
    NOON,
    NOW,
    SEV3,
    at,
    canceled,
    corrected,
    declared,
    given,
    mitigated,
    paged,
    reopened,
    resolved,
)


def test_a_correction_is_an_event_that_remembers_what_was_believed():
    incident = given(declared(detected_at=at(-1)))
    correct = c.CorrectTime(milestone=Milestone.DETECTED, value=at(-3), reason="first alert")
    (event,) = incident.when(correct)
    assert event == e.TimeCorrected(
        occurred_at=NOW,
        milestone=Milestone.DETECTED,
        value=at(-3),
        reason="first alert",
        previous=at(-1),
    )
    assert incident.then(event).facts.milestones.detected_at == at(-3)
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
        ((declared(),), Milestone.ACKNOWLEDGED),
        ((declared(),), Milestone.MITIGATED),
        ((declared(),), Milestone.IDENTIFIED),
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
    incident = given(declared(at_min=8), resolved())
    correct = c.CorrectTime(milestone=milestone, value=at(7), reason="r", confirm=True)
    event, *_ = incident.when(correct)
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


@pytest.mark.parametrize("milestone", [Milestone.ACKNOWLEDGED, Milestone.MITIGATED])
def test_what_is_over_is_put_right_by_its_times_alone(milestone: Milestone):
    """No other command says then that it had been acknowledged or mitigated before."""
    put_right = c.CorrectTime(milestone=milestone, value=at(9), reason="from the pager")
    (event,) = given(declared(), resolved()).when(put_right)
    assert (
        given(declared(), resolved(), event).facts.milestones
        != given(declared(), resolved()).facts.milestones
    )


def test_a_refused_time_names_the_command_that_says_that_it_happened():
    put_right = c.CorrectTime(milestone=Milestone.MITIGATED, value=at(9), reason="r")
    assert "mitigate says that it has" in str(given(declared()).refusal(put_right).rule)
