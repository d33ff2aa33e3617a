"""Every public command in every phase: the whole life of an incident on one page."""

from datetime import datetime

import pytest
from domain_docs import SAMPLES, in_phase, tried

from domain.incident import COMMANDS, INCIDENT
from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.events import Milestone
from domain.incident.impact import Impact
from domain.incident.state import Open, Triage, status
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.policy import DEFAULT, Role, Severity
from support.spec import (
    NOW,
    NUMBER,
    acknowledged,
    at,
    canceled,
    corrected,
    declared,
    given,
    identified,
    merged,
    mitigated,
    page,
    paged,
    reopened,
    resolved,
    staffed,
)

# decided: events were written; ignored: nothing new to say; all else: the code of the refusal,
# without its first word `incident.`
LIFECYCLE = """
command              undeclared  triage       investigating     resolved          canceled          merged
declare              decided     decided      ignored           already_declared  already_declared  already_declared
acknowledge          unknown     decided      decided           wrong_phase       wrong_phase       wrong_phase
assign_role          unknown     decided      decided           wrong_phase       wrong_phase       wrong_phase
hand_over_role       unknown     decided      decided           decided           wrong_phase       wrong_phase
unassign_role        unknown     decided      decided           decided           wrong_phase       wrong_phase
reassess_impact      unknown     decided      decided           decided           wrong_phase       wrong_phase
change_severity      unknown     decided      decided           decided           wrong_phase       wrong_phase
open_hypothesis      unknown     wrong_phase  decided           wrong_phase       wrong_phase       wrong_phase
confirm_hypothesis   unknown     wrong_phase  decided           decided           wrong_phase       wrong_phase
reject_hypothesis    unknown     wrong_phase  decided           decided           wrong_phase       wrong_phase
abandon_hypothesis   unknown     wrong_phase  decided           decided           wrong_phase       wrong_phase
log_action           unknown     decided      decided           decided           decided           decided
add_note             unknown     decided      decided           decided           decided           decided
post_update          unknown     wrong_phase  decided           decided           wrong_phase       wrong_phase
identify_root_cause  unknown     wrong_phase  decided           decided           wrong_phase       wrong_phase
withdraw_root_cause  unknown     wrong_phase  root_cause.none   root_cause.none   wrong_phase       wrong_phase
mitigate             unknown     wrong_phase  decided           wrong_phase       wrong_phase       wrong_phase
did_not_hold         unknown     wrong_phase  mitigation.none   decided           wrong_phase       wrong_phase
escalate             unknown     decided      decided           wrong_phase       wrong_phase       wrong_phase
resolve              unknown     wrong_phase  decided           wrong_phase       wrong_phase       wrong_phase
give_all_clear       unknown     wrong_phase  wrong_phase       decided           wrong_phase       wrong_phase
publish_postmortem   unknown     wrong_phase  decided           decided           wrong_phase       wrong_phase
file_record          unknown     wrong_phase  wrong_phase       decided           wrong_phase       wrong_phase
reopen               unknown     wrong_phase  wrong_phase       decided           decided           wrong_phase
cancel               unknown     decided      decided           wrong_phase       ignored           wrong_phase
merge                unknown     decided      decided           decided           wrong_phase       ignored
unmerge              unknown     wrong_phase  wrong_phase        wrong_phase       wrong_phase       decided
correct_time         unknown     decided      decided           decided           wrong_phase       wrong_phase
correct              unknown     decided      decided           decided           decided           decided
retract              unknown     entry.unknown  decided          decided           decided           decided
link                 unknown     decided      decided           decided           decided           decided
set_visibility       unknown     decided      decided           decided           decided           wrong_phase
"""  # noqa: E501 - a table

HEAD, *LINES = [line.split() for line in LIFECYCLE.strip().splitlines()]
CASES = [
    (line[0], phase, outcome)
    for line in LINES
    for phase, outcome in zip(HEAD[1:], line[1:], strict=True)
]


@pytest.mark.parametrize(("name", "phase", "expected"), CASES)
def test_what_each_command_does_in_each_phase(name: str, phase: str, expected: str):
    outcome, after = tried(SAMPLES[name], in_phase(phase), minute=30)
    assert outcome.removeprefix("incident.") == expected
    if expected != "decided":
        assert after == in_phase(phase)


def test_the_table_names_every_public_command():
    assert [line[0] for line in LINES] == list(COMMANDS) == list(SAMPLES)
    assert all(type(SAMPLES[name]) is kind for name, kind in COMMANDS.items())


@pytest.mark.parametrize("phase", HEAD[1:4])
def test_an_alert_is_noted_by_what_is_to_come_and_what_is_live(phase: str):
    expected = "alert.elsewhere" if phase == "resolved" else "decided"
    assert tried(page("annotated", text="still red"), in_phase(phase), minute=30)[0] == expected


@pytest.mark.parametrize("end", [resolved(), canceled(), merged()])
def test_an_alert_is_noted_by_the_incident_that_knows_it_in_every_phase(end: e.IncidentEvent):
    assert given(declared(), paged(), end).when(page("annotated", text="still red", at_min=50))
    other = page("annotated", alert_id="Q2", at_min=50)
    assert given(declared(), paged(), end).when(other)
    assert given(declared(), end).refusal(other).code == "alert.elsewhere"


@pytest.mark.parametrize("kind", [e.Kind.DRILL, e.Kind.TEST])
def test_a_drill_takes_no_alert_but_those_that_led_to_it(kind: e.Kind):
    drill = declared(kind=kind)
    assert given(drill).refusal(page()).code == "alert.elsewhere"
    assert given(paged(), drill).when(page("acknowledged", at_min=5))
    assert given(paged(), drill).refusal(page(alert_id="Q2")).code == "alert.elsewhere"


@pytest.mark.parametrize("phase", HEAD[2:])
def test_a_duplicate_is_attached_only_to_what_carries_on(phase: str):
    attach = c.AttachDuplicate(duplicate="i-9", duplicate_number=9)
    outcome, _ = tried(attach, in_phase(phase), minute=30)
    carries_on = phase in {"triage", "investigating", "resolved"}
    assert outcome == ("decided" if carries_on else "incident.wrong_phase")


def test_a_duplicate_is_attached_once():
    attached = e.DuplicateAttached(occurred_at=at(5), duplicate="i-9", duplicate_number=9)
    again = c.AttachDuplicate(duplicate="i-9", duplicate_number=9)
    assert given(declared(), attached).when(again) == []


def test_a_refusal_in_the_wrong_phase_names_the_incident_and_where_it_went():
    refused = given(declared(), merged()).refusal(c.Mitigate(mitigation="rollback"))
    assert (refused.code, refused.field) == ("incident.wrong_phase", "incident")
    assert (
        refused.detail == "cannot mitigate: INC-1 is merged into INC-2, where the response goes on"
    )


STATUSES = [
    ((declared(),), "investigating"),
    ((declared(), identified()), "identified"),
    ((declared(), mitigated()), "monitoring"),
    ((declared(), mitigated(), identified()), "monitoring"),
    ((declared(), resolved()), "resolved"),
    ((declared(), resolved(), reopened()), "investigating"),
    ((declared(), identified(), resolved(), reopened()), "identified"),
    ((declared(), mitigated(), resolved(), reopened()), "investigating"),
    ((declared(), canceled()), "canceled"),
    ((declared(), canceled(), reopened()), "investigating"),
    ((declared(), merged()), "merged"),
    ((paged(opens="triage"),), "triage"),
    ((paged(opens="triage"), canceled(), reopened()), "triage"),
    ((paged(opens="triage"), declared()), "investigating"),
    ((paged(),), "investigating"),
]


@pytest.mark.parametrize(("history", "expected"), STATUSES)
def test_the_status_after_a_history(history: tuple[e.IncidentEvent, ...], expected: str):
    assert status(given(*history).incident) == expected


def test_reopening_takes_mitigation_and_resolution_back_and_keeps_the_first_acknowledgement():
    history = (declared(), acknowledged(2), identified(20), mitigated(30), resolved(40), reopened())
    known = given(*history).facts.milestones
    assert (known.mitigated_at, known.resolved_at) == (None, None)
    assert (known.acknowledged_at, known.identified_at) == (at(2), at(20))


def test_after_a_reopening_the_same_mitigation_and_resolution_are_news():
    history = (declared(), *staffed(), mitigated(30), resolved(40), reopened(50))
    assert given(*history).when(c.Mitigate(mitigation="rolled back")) != []
    assert given(*history).when(c.Resolve(resolution="disk extended")) != []


def test_the_end_time_is_that_of_the_last_resolution():
    history = (declared(), resolved(40), reopened(50), resolved(55))
    assert given(*history).facts.milestones.resolved_at == at(55)
    assert given(*history).facts.response.reopenings == 1


def test_a_declaration_out_of_triage_keeps_number_roles_and_detection():
    triaged = (paged(opens="triage", at_min=-5), *staffed())
    (event,) = given(*triaged).when(c.Declare(title="Checkout fails"))
    assert isinstance(event, e.Declared)
    assert event.number == NUMBER
    after = given(*triaged, event)
    assert isinstance(after.incident, Open)
    assert after.facts.response.roles[Role.INCIDENT_COMMANDER] == "ada"
    assert after.facts.milestones.detected_at == at(-5)


def test_a_declaration_out_of_triage_wipes_nothing_that_triage_has_found():
    triaged = given(
        paged(opens="triage"),
        e.ImpactReassessed(occurred_at=at(1), impact=Impact(users_affected=100, scope=2)),
        e.TimeCorrected(
            occurred_at=at(2),
            milestone=e.Milestone.IMPACT_STARTED,
            value=at(-30),
            reason="first error",
        ),
    )
    (event,) = triaged.when(c.Declare(title="Checkout fails", impact=Impact(scope=3)))
    assert isinstance(event, e.Declared)
    assert event.impact == Impact(users_affected=100, scope=3)
    assert triaged.then(event).facts.milestones.impact_started_at == at(-30)


def test_a_triage_source_that_now_opens_incidents_promotes():
    assert isinstance(given(paged(opens="triage")).incident, Triage)
    both = (paged(opens="triage"), paged("escalated", opens="incident", at_min=1))
    assert isinstance(given(*both).incident, Open)
    assert given(*both).facts.milestones.declared_at == at(0)


def test_a_merge_needs_a_known_target():
    unknown = Context(NOW, "command-1", DEFAULT, number=0)
    with pytest.raises(Refused) as refused:
        INCIDENT.decide(c.Merge(into="i-2"), given(declared()).incident, unknown)
    assert (refused.value.code, refused.value.field) == ("incident.unknown", "into")


def test_history_before_a_declaration_is_impossible_and_loud():
    with pytest.raises(AssertionError):
        given(resolved())


def test_an_incident_is_declared_once():
    with pytest.raises(AssertionError):
        given(declared(), declared(Severity.SEV1))


REFUSED = [case for case in CASES if case[2] not in {"decided", "ignored"}]


@pytest.mark.parametrize(("name", "phase", "code"), REFUSED)
def test_a_refusal_says_what_is_so_and_accuses_nobody(name: str, phase: str, code: str):
    context = Context(NOW, "command-1", DEFAULT, NUMBER)
    with pytest.raises(Refused) as refused:
        INCIDENT.decide(SAMPLES[name], in_phase(phase), context)
    said = f"{refused.value.detail} {refused.value.rule}"
    assert refused.value.code.removeprefix("incident.") == code
    assert refused.value.field == ("entry" if code.startswith("entry.") else "incident")
    assert ("INC-1" in refused.value.detail) == (phase != "undeclared")
    accusing = ("you ", "your", "fault", "wrong", "mistake", "forgot", "should have", "illegal")
    assert not [word for word in accusing if word in said.lower()]


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


# --- cause, mitigation, resolution


def test_a_cause_may_be_refined_and_counts_from_its_first_identification():
    incident = given(declared(), *staffed(), identified(20, "a full disk"))
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
