"""It did not hold; that was not the cause: back to where it was, in whatever order it is told."""

from itertools import permutations
from typing import Any

import pytest

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.hypothesis import HypothesisStatus
from domain.incident.state import Closed, Open, Stage, status
from domain.policy import Role
from domain.policy.audience import Audience
from support.spec import (
    SEV1,
    Given,
    acknowledged,
    at,
    canceled,
    corrected,
    declared,
    given,
    hypothesis,
    identified,
    merged,
    mitigated,
    page,
    paged,
    reopened,
    resolved,
    staffed,
)
from support.theatre import Theatre, clock

FAILED = c.DidNotHold(reason="errors are back")
WITHDRAWN = c.WithdrawRootCause(reason="it fails without it as well")


def failed(at_min: float) -> e.DidNotHold:
    return e.DidNotHold(occurred_at=at(at_min), reason="errors are back", what="rolled back")


def withdrawn(at_min: float) -> e.RootCauseWithdrawn:
    return e.RootCauseWithdrawn(occurred_at=at(at_min), reason="no", cause="a full disk")


def also(incident: Given, command: c.Command) -> Given:
    events = incident.when(command)
    assert events, f"{command} said nothing new"
    return incident.then(*events)


def times(incident: Given) -> tuple[object, object]:
    known = incident.facts.milestones
    return known.mitigated_at, known.first_mitigated_at


# --- a mitigation


def test_what_was_mitigated_and_did_not_hold_is_investigated_again_with_its_reason():
    (event,) = given(declared(), mitigated(30)).when(FAILED)
    assert event == e.DidNotHold(occurred_at=at(60), reason="errors are back", what="rolled back")


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ((mitigated(30), failed(40)), "investigating"),
        ((identified(20), mitigated(30), failed(40)), "identified"),
        ((mitigated(30), failed(40), mitigated(50)), "monitoring"),
        ((mitigated(30), resolved(35), failed(40)), "investigating"),
        ((identified(20), resolved(35), failed(40)), "identified"),
        ((mitigated(30), mitigated(45), failed(40)), "monitoring"),
        ((mitigated(30), resolved(50), failed(40)), "resolved"),
        ((mitigated(30), failed(40), mitigated(35)), "investigating"),
    ],
)
def test_the_stage_goes_back_unless_something_that_came_later_holds(
    history: tuple[e.IncidentEvent, ...], expected: str
):
    assert status(given(declared(), *history).incident) == expected


def test_the_time_to_mitigate_is_that_of_what_held_and_the_first_one_stays_visible():
    incident = given(declared(), mitigated(30))
    assert times(incident) == (at(30), None)
    assert times(incident.then(failed(40))) == (None, at(30))
    assert times(incident.then(failed(40), mitigated(50))) == (at(50), at(30))
    assert times(incident.then(failed(40), mitigated(50), failed(55))) == (None, at(30))
    assert times(incident.then(mitigated(35))) == (at(30), None)


def test_mitigations_and_setbacks_give_the_same_times_in_any_order():
    told = [mitigated(10), failed(20), mitigated(30), mitigated(35)]
    found = set()
    for order in permutations(told):
        incident = given(declared(), *order)
        found.add((status(incident.incident), *times(incident)))
    assert found == {("monitoring", at(30), at(10))}


def test_it_says_nothing_new_twice_and_is_refused_where_nothing_was_mitigated():
    set_back = given(declared(), mitigated(30), failed(40))
    assert set_back.outcome(FAILED) == "ignored"
    other = c.DidNotHold(reason="latency is back")
    assert set_back.outcome(other) == given(declared()).outcome(FAILED) == "mitigation.none"
    assert (
        given(declared(), mitigated(30)).outcome(c.DidNotHold(reason="no", occurred_at=at(20)))
        == "mitigation.none"
    )
    assert set_back.then(mitigated(50)).outcome(other) == "decided"


@pytest.mark.parametrize("end", [canceled(), merged()])
def test_a_false_alarm_and_a_duplicate_had_nothing_to_hold(end: e.IncidentEvent):
    assert given(declared(), mitigated(30), end).outcome(FAILED) == "incident.wrong_phase"


def test_a_corrected_time_of_a_mitigation_that_failed_stays_as_the_first_one():
    fixed = corrected(e.Milestone.MITIGATED, at(25), at_min=35)
    incident = given(declared(), mitigated(30), fixed, failed(40))
    assert times(incident) == (None, at(25))
    assert times(incident.then(mitigated(50))) == (at(50), at(25))


def test_an_alert_that_takes_a_mitigation_back_leaves_it_visible_as_the_first():
    incident = given(paged(), mitigated(10), paged("reopened", at_min=20))
    assert times(incident) == (None, at(10))
    assert times(incident.then(mitigated(30))) == (at(30), at(10))


def test_recovery_is_watched_anew_after_a_setback():
    incident = given(declared(), mitigated(30), failed(40), mitigated(55))
    assert incident.outcome(c.Resolve(resolution="over")) == "monitoring.too_early"


# --- a resolution


def test_a_resolution_that_did_not_hold_goes_on_as_after_a_reopening():
    over = given(declared(), acknowledged(2), mitigated(20), resolved(40))
    after = also(over, FAILED)
    assert isinstance(after.incident, Open)
    assert (after.facts.response.reopenings, after.facts.milestones.resolved_at) == (1, None)
    assert times(after) == (None, at(20))
    assert not after.facts.acknowledged
    assert after.facts.milestones.acknowledged_at == at(2)


@pytest.mark.parametrize("again", [FAILED, c.Reopen(reason="errors are back")])
def test_what_goes_on_again_has_no_resolution(again: c.Command):
    after = also(given(declared(), acknowledged(2), resolved(40)), again)
    response = after.facts.response
    assert (response.resolution, response.verification) == (None, None)


def test_what_did_not_hold_before_the_resolution_reopens_nothing():
    over = given(declared(), acknowledged(2), mitigated(20), resolved(40))
    after = also(over, c.DidNotHold(reason="a second wave", occurred_at=at(30)))
    assert isinstance(after.incident, Closed)
    assert after.facts.acknowledged
    assert times(after) == (None, at(20))
    assert after.facts.milestones.resolved_at == at(40)


def test_an_end_by_alerts_may_not_have_held_either():
    over = given(paged(), paged("resolved", at_min=20))
    assert isinstance(over.incident, Closed)
    after = also(over, FAILED)
    assert status(after.incident) == "investigating"
    assert isinstance(after.then(paged("annotated", at_min=70)).incident, Open)


# --- acknowledged again


REOPENED = e.Reopened(occurred_at=at(50), reason="errors are back", anew=True)


def test_what_is_reopened_is_to_be_acknowledged_again():
    over = given(declared(), acknowledged(2), resolved(40))
    (event,) = over.when(c.Reopen(reason="errors are back", occurred_at=at(50)))
    assert event == REOPENED
    after = over.then(event)
    assert (after.facts.acknowledged, after.facts.acknowledged_by) == (False, None)
    assert after.outcome(c.Acknowledge(occurred_at=at(45))) == "ignored"
    again = also(after, c.Acknowledge())
    assert again.facts.acknowledged
    assert again.facts.milestones.acknowledged_at == at(2)
    assert again.outcome(c.Acknowledge()) == "ignored"


def test_a_first_acknowledgement_told_late_does_not_answer_a_reopening():
    late = c.Acknowledge(occurred_at=at(5))
    after = also(given(declared(), resolved(40), REOPENED), late)
    assert not after.facts.acknowledged
    assert after.facts.milestones.acknowledged_at == at(5)
    assert after.outcome(late) == "ignored"
    assert also(after, c.Acknowledge()).facts.acknowledged


def test_a_pager_acknowledges_what_was_reopened_only_after_that():
    over = given(paged(), paged("acknowledged", at_min=3), resolved(40), REOPENED)
    assert not over.facts.acknowledged
    late = page("acknowledged", event_id="late", at_min=45)
    assert not also(over, late).facts.acknowledged
    assert also(over, page("acknowledged", event_id="new", at_min=55)).facts.acknowledged


def test_earlier_releases_kept_the_acknowledgement_over_a_reopening():
    over = given(declared(), acknowledged(2), mitigated(20), resolved(40), reopened(50))
    assert over.facts.acknowledged
    assert over.facts.response.mitigation == "rolled back"


# --- a cause


def test_a_withdrawn_cause_is_sought_again():
    known = given(declared(), identified(20))
    (event,) = known.when(WITHDRAWN)
    assert event == e.RootCauseWithdrawn(
        occurred_at=at(60), reason="it fails without it as well", cause="a full disk"
    )
    after = known.then(event)
    assert status(after.incident) == "investigating"
    assert (after.facts.response.root_cause, after.facts.milestones.identified_at) == (None, None)
    assert after.outcome(WITHDRAWN) == "ignored"
    assert after.outcome(c.WithdrawRootCause(reason="other")) == "root_cause.none"
    again = after.then(identified(65, "a lock"))
    assert status(again.incident) == "identified"
    assert again.facts.milestones.identified_at == at(65)


def test_causes_and_withdrawals_give_the_same_in_any_order():
    told = [identified(10), withdrawn(20), identified(30, "a lock")]
    found = set()
    for order in permutations(told):
        facts = given(declared(), *order).facts
        stage = status(given(declared(), *order).incident)
        found.add((stage, facts.response.root_cause, facts.milestones.identified_at))
    assert found == {("identified", "a lock", at(30))}


def test_a_cause_is_withdrawn_while_recovery_is_watched_and_after_the_end():
    watched = also(given(declared(), identified(20), mitigated(30)), WITHDRAWN)
    assert status(watched.incident) == "monitoring"
    assert status(watched.then(failed(60)).incident) == "investigating"
    over = also(given(declared(), identified(20), resolved(30)), WITHDRAWN)
    assert isinstance(over.incident, Closed)
    assert over.facts.response.root_cause is None
    again = over.then(REOPENED)
    assert again.incident == Open(again.facts, Stage.INVESTIGATING)


# --- a hypothesis that is the cause

PATH = (declared(), *staffed(), hypothesis("H1", "the last deploy"))
CONFIRM = c.ConfirmHypothesis(hypothesis="H1", finding="errors began with it")
REJECT = c.RejectHypothesis(hypothesis="H1", finding="it fails on the old build as well")


def test_a_confirmed_hypothesis_is_the_cause():
    after = also(given(*PATH), CONFIRM)
    assert status(after.incident) == "identified"
    assert after.facts.response.root_cause == "the last deploy"
    assert after.facts.milestones.identified_at == at(60)


def test_a_cause_in_words_of_its_own_stays_whichever_came_first():
    words = c.IdentifyRootCause(cause="build 1842 leaks connections")
    for first, second in ((words, CONFIRM), (CONFIRM, words)):
        after = also(also(given(*PATH), first), second)
        assert after.facts.response.root_cause == "build 1842 leaks connections"


@pytest.mark.parametrize("command", [REJECT, WITHDRAWN])
def test_a_confirmed_hypothesis_may_turn_out_not_to_be_the_cause(command: c.Command):
    after = also(also(given(*PATH), CONFIRM), command)
    (path,) = after.facts.response.hypotheses
    assert path.status is HypothesisStatus.REJECTED
    assert after.facts.response.root_cause is None
    assert status(after.incident) == "investigating"
    assert after.outcome(command) == "ignored"


def test_a_hypothesis_confirmed_by_an_earlier_release_is_rejected_alone():
    confirmed = e.HypothesisConfirmed(occurred_at=at(20), hypothesis="H1", finding="seen")
    (event,) = given(*PATH, confirmed).when(REJECT)
    assert isinstance(event, e.HypothesisRejected)


# --- whom it is told, and when they hear next


def watched(*said: Any) -> Theatre:
    """A SEV1 that customers know of, mitigated at 10:20, of which they hear at once."""
    t = Theatre(clock(10, 0))
    roles = {Role.INCIDENT_COMMANDER: "Ana", Role.TECHNICAL_LEAD: "Jake"}
    t.does("INC-1", c.Declare(title="Checkout fails", severity=SEV1, roles=roles))
    t.does("INC-1", c.PostUpdate(text="Payments fail.", audiences=tuple(Audience)))
    for each in said:
        t.does("INC-1", each)
    t.until(clock(10, 20))
    t.does("INC-1", c.Mitigate(mitigation="rolled back"))
    t.does("INC-1", RECOVERS)
    return t


RECOVERS = c.PostUpdate(text="Payments work. We are watching.", audiences=tuple(Audience))


def test_what_customers_hear_of_a_setback_begins_their_interval():
    t = watched()
    t.until(clock(10, 27))
    t.does("INC-1", c.DidNotHold(reason="errors are back"))
    assert t.heard("customers")[-1].kind == "did_not_hold"
    assert "In 15 minutes" in t.heard("customers")[-1].text
    assert t.due("INC-1") == dict.fromkeys(
        ("engineering", "executives", "customers"), clock(10, 42)
    )


def test_a_setback_that_nobody_is_told_of_leaves_the_clocks():
    t = watched()
    t.until(clock(10, 24))
    t.does("INC-1", c.Mitigate(mitigation="scaled up"))
    told = len(t.told)
    t.does("INC-1", c.DidNotHold(reason="that was not it", occurred_at=clock(10, 22)))
    assert len(t.told) == told, "the one that came later holds"
    assert t.due("INC-1")["customers"] == clock(10, 35)


def test_each_setback_is_told_customers_and_begins_their_interval():
    t = watched()
    for minute in (24, 28):
        t.until(clock(10, minute))
        t.does("INC-1", c.DidNotHold(reason=f"errors at {minute}"))
        assert t.due("INC-1")["customers"] == clock(10, minute + 15)
        t.until(clock(10, minute + 1))
        t.does("INC-1", c.Mitigate(mitigation=f"again at {minute}"))
        t.does("INC-1", RECOVERS)
    kinds = [line.kind for line in t.heard("customers")]
    assert kinds == ["update", *["update", "did_not_hold"] * 2, "update"]


def test_customers_who_were_not_told_of_a_recovery_are_told_of_no_setback():
    t = watched()
    t.until(clock(10, 22))
    t.does("INC-1", c.DidNotHold(reason="errors are back"))
    t.does("INC-1", c.Mitigate(mitigation="scaled up"))
    told, due = len(t.heard("customers")), t.due("INC-1")["customers"]
    t.until(clock(10, 25))
    t.does("INC-1", c.DidNotHold(reason="and again"))
    assert (len(t.heard("customers")), t.due("INC-1")["customers"]) == (told, due)
    assert [line.kind for line in t.heard("page")].count("investigating") == 2
    assert t.heard("executives")[-1].kind == "did_not_hold"


def test_the_page_keeps_when_it_was_over_first():
    t = watched()
    t.until(clock(10, 40))
    t.does("INC-1", c.Acknowledge())
    t.does("INC-1", c.Resolve(resolution="held", verification="errors 0.1 %"))
    t.until(clock(11, 10))
    t.does("INC-1", c.DidNotHold(reason="errors are back"))
    page = t.known["INC-1"].public
    assert page is not None
    assert [entry.at for entry in page.entries if entry.status == "resolved"] == [
        clock(10, 40),
        clock(10, 55),
    ]


def test_what_is_known_to_have_failed_is_said_once():
    t = watched()
    t.until(clock(10, 27))
    t.does("INC-1", c.DidNotHold(reason="errors are back"))
    again = c.Mitigate(mitigation="a cache", occurred_at=clock(10, 22))
    assert t.does("INC-1", again)
    assert t.does("INC-1", again) == []
    t.does("INC-1", c.IdentifyRootCause(cause="a full disk"))
    t.does("INC-1", c.WithdrawRootCause(reason="it is half empty"))
    cause = c.IdentifyRootCause(cause="a bad disk", occurred_at=clock(10, 22))
    assert t.does("INC-1", cause)
    assert t.does("INC-1", cause) == []
