"""Entries of the timeline that are put right or retracted, and what becomes of the incident."""

from typing import Any

import pytest
from msgspec.structs import replace

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.events import Milestone
from domain.incident.hypothesis import HypothesisStatus
from domain.incident.impact import Changes, StatedChanges
from domain.incident.presentation.lines import describe
from domain.incident.severity.ruling import Raised
from domain.incident.state import Open
from domain.policy import Functionality, Role, Severity
from domain.policy.audience import Audience
from support.spec import (
    NOW,
    SEV1,
    SEV2,
    SEV3,
    Given,
    acknowledged,
    at,
    canceled,
    declared,
    given,
    hypothesis,
    identified,
    merged,
    mitigated,
    paged,
    reassessed,
    reopened,
    resolved,
    staffed,
)

NOTE = e.NoteAdded(occurred_at=at(5), text="errors since 11:50")
ACTION = e.ActionLogged(occurred_at=at(6), action="restarted one pod")
UPDATE = e.UpdatePosted(
    occurred_at=at(7),
    text="All payments fail.",
    status=e.UpdateStatus.INVESTIGATING,
    audiences=(Audience.ENGINEERING, Audience.CUSTOMERS),
    headline="Payments fail",
)


def corrected(incident: Given, **said: Any) -> Given:
    """The incident once something of it was put right."""
    return incident.then(*incident.when(c.Correct(**said)))


def retracted(incident: Given, entry: str) -> Given:
    return incident.then(*incident.when(c.Retract(entry=entry, reason="it was not so")))


# --- what it is called


def test_the_title_the_services_and_the_summary_are_put_right_and_what_was_said_stays_on_record():
    incident = given(declared(title="Chekout fails", services=("payments",)))
    (event,) = incident.when(
        c.Correct(title="Checkout fails", services=("checkout", "checkout"), summary="All of it")
    )
    assert event == e.DescriptionCorrected(
        occurred_at=NOW,
        now=e.Description("Checkout fails", "All of it", ("checkout",)),
        previous=e.Description("Chekout fails", None, ("payments",)),
    )
    about = incident.then(event).facts.about
    assert (about.title, about.services, about.summary) == (
        "Checkout fails",
        ("checkout",),
        "All of it",
    )


def test_null_takes_a_summary_away_and_what_is_left_out_stays():
    incident = corrected(given(declared(summary="Everything fails")), summary=None)
    assert incident.facts.about.summary is None
    assert incident.facts.about.title == "Checkout fails"


def test_what_people_have_called_it_stands_against_later_alerts_until_it_is_declared():
    incident = corrected(given(paged(opens="triage", service="shop")), title="Payments time out")
    incident = incident.then(paged("updated", title="High CPU", service="cart", at_min=3))
    assert incident.facts.about.title == "Payments time out"
    assert incident.facts.about.services == ("cart",)
    assert incident.then(declared(title="Declared")).facts.about.title == "Declared"


@pytest.mark.parametrize("end", [resolved(), canceled(), merged()])
def test_what_is_over_can_be_put_right_as_well(end: e.IncidentEvent):
    incident = given(declared(), NOTE, end)
    assert incident.outcome(c.Correct(title="Checkout fails in the EU")) == "decided"
    assert incident.outcome(c.Correct(entry="e/1", text="errors since 11:40")) == "decided"
    assert incident.outcome(c.Retract(entry="e/1", reason="another incident's")) == "decided"


def test_nothing_put_right_and_words_without_an_entry_are_refused_with_what_to_do():
    incident = given(declared())
    assert incident.refusal(c.Correct(reason="r")).code == "correction.empty"
    assert incident.refusal(c.Correct(entry="e/0")).code == "correction.empty"
    refused = incident.refusal(c.Correct(text="b"))
    assert (refused.code, refused.field) == ("correction.no_entry", "entry")


# --- entries


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (NOTE, "text"),
        (ACTION, "action"),
        (UPDATE, "text"),
        (hypothesis(), "statement"),
        (identified(), "cause"),
        (mitigated(), "mitigation"),
        (resolved(), "resolution"),
    ],
)
def test_words_are_put_right_once_and_say_what_they_were(said: Any, field: str):
    incident = given(declared(), said)
    correct = c.Correct(entry="e/1", text="as it was", reason="the log says so")
    (event,) = incident.when(correct)
    assert isinstance(event, e.EntryCorrected)
    assert (event.text, event.previous) == ("as it was", getattr(said, field))
    assert (event.at, event.previous_at) == (said.occurred_at, said.occurred_at)
    assert incident.then(event).outcome(correct) == "ignored"


def test_a_correction_of_a_correction_starts_from_what_stands_now():
    incident = corrected(given(declared(), NOTE), entry="e/1", text="errors since 11:40")
    (event,) = incident.when(c.Correct(entry="e/1", text="errors since 11:45"))
    assert event.previous == "errors since 11:40"
    back = corrected(incident, entry="e/1", text=NOTE.text)
    assert back.outcome(c.Correct(entry="e/1", text=NOTE.text)) == "ignored"


def test_the_time_of_an_entry_moves_and_lies_in_no_future():
    incident = given(declared(), ACTION)
    (event,) = incident.when(c.Correct(entry="e/1", time=at(4)))
    assert (event.at, event.previous_at, event.text) == (at(4), at(6), ACTION.action)
    assert incident.refusal(c.Correct(entry="e/1", time=at(61))).code == "time.in_future"


def test_words_put_right_stand_wherever_the_incident_shows_them():
    incident = given(declared(), identified(), mitigated(), resolved())
    for place, name in enumerate(("root_cause", "mitigation", "resolution"), start=1):
        found = corrected(incident, entry=f"e/{place}", text="as it was")
        assert getattr(found.facts.response, name) == "as it was"


def test_the_cause_of_today_is_not_overwritten_by_a_correction_of_an_earlier_one():
    incident = given(declared(), identified(20, "a full disk"), identified(25, "a full log"))
    found = corrected(incident, entry="e/1", text="a full disk on node 3")
    assert found.facts.response.root_cause == "a full log"


def test_a_hypothesis_goes_by_its_name_as_by_its_event():
    incident = given(declared(), *staffed(), hypothesis())
    by_name = corrected(incident, entry="H1", text="a bad configuration")
    assert by_name.facts.response.hypotheses[0].statement == "a bad configuration"
    assert by_name.outcome(c.Correct(entry="e/3", text="a bad configuration")) == "ignored"


def test_a_retracted_hypothesis_is_pursued_no_more_and_its_name_is_not_given_again():
    incident = retracted(given(declared(), *staffed(), hypothesis()), "H1")
    assert incident.facts.response.hypotheses[0].status is HypothesisStatus.RETRACTED
    assert incident.outcome(c.ConfirmHypothesis(hypothesis="H1", finding="f")) == (
        "hypothesis.closed"
    )
    (event,) = incident.when(c.OpenHypothesis(statement="a bad deploy"))
    assert event.hypothesis == "H2"


def test_a_retracted_outcome_opens_the_hypothesis_again():
    rejected = e.HypothesisRejected(occurred_at=at(12), hypothesis="H1", finding="it was before")
    incident = retracted(given(declared(), *staffed(), hypothesis(), rejected), "e/4")
    (path,) = incident.facts.response.hypotheses
    assert (path.status, path.finding, path.closed_at) == (HypothesisStatus.OPEN, None, None)
    assert incident.outcome(c.ConfirmHypothesis(hypothesis="H1", finding="f")) == "decided"


def test_what_was_retracted_is_retracted_once_and_not_put_right_any_more():
    incident = retracted(given(declared(), NOTE), "e/1")
    assert incident.outcome(c.Retract(entry="e/1", reason="another reason")) == "ignored"
    assert incident.refusal(c.Correct(entry="e/1", text="b")).code == "entry.retracted"


RETRACTED_OTHERWISE = [
    (declared(), "cancel"),
    (acknowledged(), "hand_over_role"),
    (staffed()[0], "unassign_role"),
    (mitigated(), ""),
    (resolved(), "reopen"),
]


@pytest.mark.parametrize(("said", "instead"), RETRACTED_OTHERWISE)
def test_what_had_consequences_names_the_command_that_takes_it_back(
    said: e.IncidentEvent, instead: str
):
    history = (said,) if isinstance(said, e.Declared) else (declared(), said)
    refused = given(*history).refusal(c.Retract(entry=f"e/{len(history) - 1}", reason="r"))
    assert (refused.code, refused.field) == ("entry.not_retractable", "entry")
    assert instead in refused.detail


def test_what_a_product_reports_and_what_a_rule_does_stands():
    incident = given(paged(), declared())
    for asked in (c.Correct(entry="e/0", text="b"), c.Retract(entry="e/0", reason="r")):
        assert incident.refusal(asked).code == "entry.fixed"


def test_an_entry_that_is_not_there_is_unknown():
    refused = given(declared()).refusal(c.Retract(entry="elsewhere/0", reason="r"))
    assert (refused.code, refused.field) == ("entry.unknown", "entry")


def test_what_an_entry_does_not_have_cannot_be_put_right():
    incident = given(declared(), NOTE)
    assert incident.refusal(c.Correct(entry="e/0", text="t")).code == "entry.has_none"
    for wrong in (
        {"headline": "h"},
        {"impact": StatedChanges(users_affected=1)},
    ):
        refused = incident.refusal(c.Correct(entry="e/1", **wrong))
        assert (refused.code, refused.field) == ("entry.has_none", *wrong)


# --- milestones


@pytest.mark.parametrize(
    ("said", "milestone"),
    [
        (acknowledged(), Milestone.ACKNOWLEDGED),
        (identified(), Milestone.IDENTIFIED),
        (mitigated(), Milestone.MITIGATED),
        (resolved(), Milestone.RESOLVED),
    ],
)
def test_the_time_of_an_entry_that_is_a_milestone_is_the_time_of_the_milestone(
    said: Any, milestone: Milestone
):
    incident = given(declared(), said)
    found = corrected(incident, entry="e/1", time=at(1.5), text=None or c.UNSET)
    assert getattr(found.facts.milestones, milestone.value) == at(1.5)
    again = corrected(found, entry="e/1", time=at(1.75))
    assert getattr(again.facts.milestones, milestone.value) == at(1.75)
    assert again.outcome(c.Correct(entry="e/1", time=at(1.75))) == "ignored"
    by_milestone = c.CorrectTime(milestone=milestone, value=at(1.75), reason="r")
    assert again.outcome(by_milestone) == "ignored"


def test_words_and_time_of_a_milestone_at_once():
    incident = corrected(given(declared(), mitigated()), entry="e/1", time=at(29), text="failover")
    facts = incident.facts
    assert (facts.milestones.mitigated_at, facts.response.mitigation) == (at(29), "failover")
    assert facts.response.monitoring_since == at(29)
    assert incident.outcome(c.Correct(entry="e/1", time=at(29), text="failover")) == "ignored"


def test_the_time_of_an_earlier_end_does_not_move_the_one_that_counts():
    incident = given(declared(), resolved(40), reopened(50), resolved(55))
    found = corrected(incident, entry="e/1", time=at(41))
    assert found.facts.milestones.resolved_at == at(55)


# --- impact


def test_a_figure_that_was_stated_wrongly_leaves_the_impact_as_it_should_have_been():
    incident = given(declared(SEV3))
    events = incident.when(c.ReassessImpact(users_affected=4_000_000, occurred_at=at(5)))
    incident = incident.then(*events)
    found = corrected(
        incident, entry="e/1", impact=StatedChanges(users_affected=4_000), reason="a typing error"
    )
    assert found.facts.assessment.impact.users_affected == 4_000


def test_a_raise_that_lost_its_ground_is_taken_back_by_an_event():
    incident = given(declared(SEV3, users_affected=100))
    incident = incident.then(
        *incident.when(c.ReassessImpact(security_breach=True, occurred_at=at(5)))
    )
    assert incident.facts.severity is SEV1
    found = retracted(incident, "e/1")
    back = found.history[-1]
    assert isinstance(back, e.SeverityRaiseWithdrawn)
    assert (back.withdrawn, back.severity, back.occurred_at) == (SEV1, SEV3, at(5))
    assert back.automatic.rule == "severity.corrected"
    assert found.facts.assessment.impact.security_breach is None
    assert found.facts.assessment.floor is None
    assert found.facts.severity is SEV3


def test_what_a_person_has_decided_since_stays():
    incident = given(declared(SEV3)).after(
        c.ReassessImpact(security_breach=True),
        c.ChangeSeverity(severity=SEV1, reason="the auditors were called"),
    )
    assert retracted(incident, "e/1").facts.severity is SEV1


def test_what_an_earlier_release_kept_stays_kept():
    """Its events say which raises it has kept, and that is how it was told."""
    incident = given(declared(SEV3)).after(c.ReassessImpact(security_breach=True))
    event, *_ = incident.when(c.Retract(entry="e/1", reason="r"))
    ruled = replace(event.ruled, kept=(Raised(event.at, SEV1),))
    assert incident.then(replace(event, ruled=ruled)).facts.severity is SEV1


def test_a_figure_that_is_put_right_raises_at_once():
    incident = given(declared(SEV3, users_affected=100), reassessed(5, users_affected=100))
    events = incident.when(c.Correct(entry="e/1", impact=StatedChanges(security_breach=True)))
    assert [type(each) for each in events] == [e.EntryCorrected, e.SeverityUpgraded]
    assert incident.then(*events).facts.severity is SEV1


def test_what_the_declaration_stated_of_the_impact_is_put_right_with_its_baseline():
    incident = given()
    declare = c.Declare(title="t", severity=SEV3, impact=c.StatedImpact(users_affected=1_000))
    incident = incident.then(*incident.when(declare, at(0)))
    incident = corrected(incident, entry="e/0", impact=StatedChanges(users_affected=100))
    found = incident.then(*incident.when(c.ReassessImpact(users_affected=190)))
    assert found.facts.severity is SEV3
    found = incident.then(*incident.when(c.ReassessImpact(users_affected=200)))
    assert found.facts.severity is SEV2


def test_the_words_of_an_assessment_are_its_summary():
    incident = given(declared(), reassessed(5, users_affected=10))
    found = corrected(incident, entry="e/1", text="in the EU alone")
    assert found.facts.assessment.impact.summary == "in the EU alone"


# --- roles and links


def test_a_role_is_freed_and_free_is_free():
    incident = given(declared(), *staffed())
    free = c.UnassignRole(role=Role.INCIDENT_COMMANDER)
    (event,) = incident.when(free)
    assert event == e.RoleUnassigned(occurred_at=NOW, role=Role.INCIDENT_COMMANDER, previous="ada")
    after = incident.then(event)
    assert Role.INCIDENT_COMMANDER not in after.facts.response.roles
    assert after.outcome(free) == "ignored"
    assert after.outcome(c.OpenHypothesis(statement="a bad deploy")) == "roles.required"
    assign = c.AssignRole(role=Role.INCIDENT_COMMANDER, assignee="bob")
    assert after.outcome(assign) == "decided"


def test_a_role_is_taken_from_whom_it_was_meant_to_be_taken_from():
    incident = given(declared(), *staffed())
    late = c.UnassignRole(role=Role.INCIDENT_COMMANDER, assignee="bob")
    assert incident.refusal(late).code == "role.held_by_another"


def test_an_address_is_attached_once_renamed_and_taken_back():
    incident = given(declared())
    attach = c.Link(url="s3://evidence/heap.hprof", name="Heap dump")
    found = incident.then(*incident.when(attach))
    assert [each.name for each in found.facts.links] == ["Heap dump"]
    assert found.outcome(attach) == "ignored"
    renamed = corrected(found, entry="e/1", text="Heap dump of node 3")
    assert [each.name for each in renamed.facts.links] == ["Heap dump of node 3"]
    assert retracted(renamed, "e/1").facts.links == ()


def test_a_link_leads_to_one_thing():
    incident = given(declared())
    assert incident.refusal(c.Link()).code == "link.unclear"
    assert incident.refusal(c.Link(to="i-2", url="https://example.com")).code == "link.unclear"


def test_open_or_over_the_same_correction_gives_the_same_words():
    history = (declared(), NOTE)
    opened = corrected(given(*history), entry="e/1", text="b").facts.amended
    closed = corrected(given(*history, resolved()), entry="e/1", text="b").facts.amended
    assert opened == closed
    assert isinstance(given(*history).incident, Open)


def test_impact_that_was_never_stated_apart_is_put_right_too():
    """Of events of earlier releases, which kept the whole assessment alone."""
    incident = given(declared(), reassessed(5, users_affected=10, regions=2))
    (event, *_) = incident.when(c.Correct(entry="e/1", impact=StatedChanges(regions=3)))
    assert isinstance(event.impact, Changes)
    found = incident.then(event).facts.assessment.impact
    assert (found.users_affected, found.regions) == (10, 3)


def test_a_decision_keeps_its_reason_as_it_was_put_right():
    incident = given(declared(SEV1, functionality=Functionality.FULL_OUTAGE))
    incident = incident.then(*incident.when(c.ChangeSeverity(severity=SEV2, reason="alone")))
    found = corrected(incident, entry="e/1", text="one tenant alone")
    assert "one tenant alone" in (found.facts.held or "")
    assert found.facts.severity is Severity.SEV2


@pytest.mark.parametrize(
    ("stated", "right", "words"),
    [
        ({"users_affected": 10}, {"users_affected": 20}, "users affected 10 → 20"),
        ({"percent_affected": 100.0}, {"percent_affected": 40.0}, "percent affected 100 → 40"),
        (
            {"percent_affected": 100.0},
            {"paying_customers": False, "functionality": Functionality.COSMETIC},
            "functionality not stated → cosmetic, paying customers not stated → no",
        ),
        ({"paying_customers": True}, {"paying_customers": None}, "customers yes → not known"),
        ({"users_affected": 10}, {"summary": "in the EU"}, ": none → “in the EU”"),
    ],
)
def test_a_line_says_what_of_an_impact_was_put_right(
    stated: dict[str, Any], right: dict[str, Any], words: str
):
    incident = given(declared()).after(c.ReassessImpact(**stated))
    event, *_ = incident.when(c.Correct(entry="e/1", impact=StatedChanges(**right)))
    said = describe(event).text
    assert said.endswith(words)
    assert "impact 1" not in said
