"""Alerts and responders: what a late, repeated or contradicting page may and may not change."""

from itertools import permutations
from typing import Any

import pytest

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.events import Milestone
from domain.incident.state import status
from domain.incident.view import view
from support.spec import (
    SEV1,
    SEV2,
    SEV3,
    acknowledged,
    at,
    canceled,
    changed,
    corrected,
    declared,
    given,
    identified,
    merged,
    mitigated,
    paged,
    reopened,
    resolved,
)


def ack(at_min: float) -> e.AlertReceived:
    return paged("acknowledged", at_min=at_min)


def unack(at_min: float) -> e.AlertReceived:
    return paged("unacknowledged", at_min=at_min)


def over(at_min: float) -> e.AlertReceived:
    return paged("resolved", at_min=at_min)


def again(at_min: float) -> e.AlertReceived:
    return paged("reopened", at_min=at_min)


def seen(at_min: float) -> e.AlertReceived:
    return paged("annotated", at_min=at_min)


def test_a_page_opens_an_incident_detected_and_declared_by_it():
    facts = given(paged(title="Checkout fails", service="checkout")).facts
    assert (facts.about.title, facts.about.services, facts.severity) == (
        "Checkout fails",
        ("checkout",),
        SEV2,
    )
    assert (facts.milestones.detected_at, facts.milestones.declared_at) == (at(0), at(0))


def test_a_page_for_triage_is_detected_and_not_declared():
    milestones = given(paged(opens="triage")).facts.milestones
    assert (milestones.detected_at, milestones.declared_at) == (at(0), None)


def test_every_alert_carries_what_begins_an_incident():
    """Whichever arrives first, and whichever a look back leaves out, the number is known."""
    (event,) = given(paged()).when(c.ReceiveAlert(alert=over(5).alert))
    assert isinstance(event, e.AlertReceived)
    assert (event.number, event.unassessed) == (1, SEV2)


# histories, the status they end in, when it was resolved
ENDS = [
    ((paged(), over(5)), "resolved", 5),
    ((over(5), paged()), "resolved", 5),
    ((paged(), over(5), again(6)), "investigating", None),
    ((paged(), again(6), over(5)), "investigating", None),
    ((paged(), over(5), again(6), over(7)), "resolved", 7),
    ((paged(), over(7), over(5), again(6)), "resolved", 7),
    # closed and later deleted: the closing counts
    ((paged(), over(5), over(90)), "resolved", 5),
    ((paged(), over(90), over(5)), "resolved", 5),
    # of one instant: the reopening came second
    ((paged(), again(5), over(5)), "investigating", None),
    # a responder resolved it: that time counts
    ((paged(), resolved(5), over(6)), "resolved", 5),
    ((paged(), over(4), identified(5)), "resolved", 4),
    # a page that fires again after a responder has resolved it reopens it
    ((paged(), resolved(5), again(6)), "investigating", None),
    ((paged(), resolved(5), again(6), over(8)), "resolved", 8),
    # what comes in late changes nothing that a responder has done since
    ((paged(), resolved(5), again(4)), "resolved", 5),
    ((paged(), over(4), reopened(5), over(4.5)), "investigating", None),
    ((paged(), over(4), reopened(5), over(6)), "investigating", None),
    # what was known to a responder does not come back with an unrelated alert
    ((paged(), over(6), reopened(5), seen(7)), "investigating", None),
    ((paged(), over(5), again(7), resolved(6), seen(8)), "resolved", 6),
    ((paged(), over(5), again(7), mitigated(6), seen(8)), "monitoring", None),
    # triage
    ((paged(opens="triage"), paged("resolved", opens="triage", at_min=5)), "resolved", 5),
    (
        (
            paged(opens="triage"),
            paged("resolved", opens="triage", at_min=5),
            paged("reopened", opens="triage", at_min=6),
        ),
        "triage",
        None,
    ),
    ((paged(opens="triage"), declared(at_min=5), over(4)), "investigating", None),
    # responders alone end what they have declared; a page may take that back, and end it again
    ((paged(opens="triage"), declared(at_min=5), over(6)), "investigating", None),
    ((paged(opens="triage"), over(6), declared(at_min=5)), "investigating", None),
    ((paged(opens="triage"), declared(at_min=5), resolved(7), over(6)), "resolved", 7),
    ((paged(opens="triage"), declared(at_min=5), resolved(7), again(8)), "investigating", None),
    (
        (paged(opens="triage"), declared(at_min=5), resolved(7), over(9), again(8)),
        "resolved",
        9,
    ),
    # settled by people
    ((paged(), canceled(5), over(6)), "canceled", None),
    ((paged(), canceled(5), again(6)), "investigating", None),
    ((paged(), merged(5), over(6)), "merged", None),
    ((paged(), over(5), merged(6)), "merged", 5),
]


@pytest.mark.parametrize(("history", "expected", "resolved_min"), ENDS)
def test_when_an_incident_is_over(
    history: tuple[e.IncidentEvent, ...], expected: str, resolved_min: float | None
):
    incident = given(*history)
    assert status(incident.incident) == expected
    ended = incident.facts.milestones.resolved_at
    assert ended == (None if resolved_min is None else at(resolved_min))


STAGES = [
    ((paged(), identified(2), mitigated(3), over(5), again(6)), "identified", None),
    ((paged(), identified(2), mitigated(3), again(6), over(5)), "identified", None),
    ((paged(), mitigated(3), again(6)), "investigating", None),
    ((paged(), mitigated(7), again(6)), "monitoring", 7),
    ((paged(), mitigated(3), again(6), over(8)), "investigating", None),
    ((paged(), mitigated(3), over(8), again(6)), "investigating", None),
    ((paged(), mitigated(3), again(6), mitigated(9)), "monitoring", 9),
    ((paged(), mitigated(3), resolved(4), again(6), identified(7)), "identified", None),
]


@pytest.mark.parametrize(("history", "expected", "mitigated_min"), STAGES)
def test_a_page_that_reopens_takes_the_mitigation_before_it_back(
    history: tuple[e.IncidentEvent, ...], expected: str, mitigated_min: float | None
):
    incident = given(*history)
    assert status(incident.incident) == expected
    since = incident.facts.milestones.mitigated_at
    assert since == (None if mitigated_min is None else at(mitigated_min))


ACKNOWLEDGED = [
    ((paged(), ack(2)), True, 2),
    ((paged(), ack(2), ack(1)), True, 1),
    ((paged(), ack(2), unack(3)), False, 2),
    ((paged(), unack(3), ack(2)), False, 2),
    ((paged(), ack(2), again(3)), False, 2),
    ((paged(), acknowledged(5), ack(2)), True, 2),
    ((paged(), acknowledged(5), unack(3)), True, 5),
    ((paged(), acknowledged(5), unack(6)), False, 5),
    ((paged(), unack(6), acknowledged(5), seen(7)), True, 5),
    ((paged(), ack(2), over(4)), True, 2),
]


@pytest.mark.parametrize(("history", "expected", "first_min"), ACKNOWLEDGED)
def test_when_an_incident_is_acknowledged(
    history: tuple[e.IncidentEvent, ...], expected: bool, first_min: float
):
    facts = given(*history).facts
    assert facts.acknowledged is expected
    assert facts.milestones.acknowledged_at == at(first_min)


@pytest.mark.parametrize("kind", ["acknowledged", "unacknowledged", "annotated", "escalated"])
def test_only_a_reopening_reopens(kind: str):
    """An acknowledgement that un-resolves is what users of other tools complain of."""
    history = (paged(), resolved(5), paged(kind, at_min=6), paged("triggered", "T2", at_min=7))
    assert status(given(*history).incident) == "resolved"


def test_an_alert_wipes_nothing_that_people_have_said():
    people = (
        declared(SEV3, title="Checkout fails for everyone", services=("checkout",)),
        identified(2),
        changed(SEV2, SEV3, 3),
    )
    pages = (
        paged(opens="triage", at_min=-1),
        paged("updated", at_min=9, title="CPU high", service="db-7", priority="P5"),
    )
    before, after = given(pages[0], *people).facts, given(pages[0], *people, pages[1]).facts
    assert after.severity == before.severity
    for kept in ("about", "response", "assessment"):
        assert getattr(after, kept) == getattr(before, kept), kept


def test_a_corrected_milestone_is_not_changed_by_alerts():
    history = (
        paged(at_min=3),
        ack(5),
        corrected(Milestone.DETECTED, at(1)),
        corrected(Milestone.DECLARED, at(2)),
        corrected(Milestone.ACKNOWLEDGED, None),
    )
    known = given(*history, paged("escalated", at_min=0), ack(4)).facts.milestones
    assert (known.detected_at, known.declared_at, known.acknowledged_at) == (at(1), at(2), None)


def test_a_corrected_end_stands_until_the_page_fires_again():
    ended = (paged(), over(5), corrected(Milestone.RESOLVED, at(4), at_min=10))
    assert given(*ended, over(9)).facts.milestones.resolved_at == at(4)
    assert given(*ended, again(11)).facts.milestones.resolved_at is None
    assert given(*ended, over(12), again(11)).facts.milestones.resolved_at == at(12)


def test_a_stated_detection_is_not_moved_by_a_page():
    history = (paged(opens="triage"), declared(at_min=5, detected_at=at(-9)))
    late = paged("escalated", at_min=-1, opens="triage")
    assert given(*history, late).facts.milestones.detected_at == at(-9)


def test_reopenings_are_counted_whoever_reopens():
    history = (paged(), over(5), again(6), resolved(7), reopened(8))
    assert given(*history).facts.response.reopenings == 2


def test_resolving_a_page_that_resolved_itself_is_refused_with_where_it_stands():
    assert given(paged(), over(5)).outcome(c.Resolve(resolution="x")) == "incident.wrong_phase"


def test_a_page_ends_an_incident_that_nobody_has_declared():
    assert status(given(paged(), over(10)).incident) == "resolved"


def test_a_declared_incident_is_ended_by_its_responders_and_not_by_a_page():
    assert status(given(declared(), seen(1), over(10)).incident) == "investigating"
    assert status(given(paged(opens="triage"), declared(at_min=5), over(10)).incident) == (
        "investigating"
    )


def test_a_page_takes_back_the_end_of_a_declared_incident_and_may_end_it_again():
    ended = given(declared(), seen(1), resolved(at_min=10))
    assert status(ended.then(again(20)).incident) == "investigating"
    assert status(ended.then(again(20), over(30)).incident) == "resolved"
    assert status(ended.then(over(30), again(20)).incident) == "resolved"
    assert ended.then(over(30), again(20)).facts.milestones.resolved_at == at(30)


def priority(name: str | None, at_min: float, urgency: str | None = None) -> e.AlertReceived:
    return paged("escalated", at_min=at_min, priority=name, urgency=urgency)


def test_a_page_that_repeats_its_priority_does_not_undo_what_a_responder_decided():
    decided = given(paged(priority="P1"), declared(SEV1, at_min=2), changed(SEV3, SEV1, at_min=5))
    assert decided.then(priority("P1", 10)).facts.severity is SEV3


def test_a_page_that_says_something_new_raises_what_a_responder_decided():
    decided = given(paged(priority="P3"), declared(SEV3, at_min=2))
    assert decided.then(priority("P1", 10)).facts.severity is SEV1
    assert decided.then(priority("P1", 10), priority("P1", 20)).facts.severity is SEV1


def test_the_urgency_of_a_page_does_not_replace_a_priority():
    assert given(paged(priority="P1"), priority(None, 10, "high")).facts.severity is SEV1
    assert given(priority(None, 10, "high"), paged(priority="P1")).facts.severity is SEV1


def test_where_the_beginning_of_a_page_is_not_known_nothing_is_made_up():
    milestones = given(over(10)).facts.milestones
    assert (milestones.detected_at, milestones.declared_at) == (None, None)
    assert milestones.resolved_at == at(10)


def test_a_product_may_say_when_it_all_began():
    told = given(paged("resolved", at_min=10, began_at=at(-50))).facts.milestones
    assert (told.detected_at, told.resolved_at) == (at(-50), at(10))


def test_an_incident_whose_pages_have_no_title_is_named_after_them():
    assert given(paged("escalated", title=None)).facts.about.title == "pagerduty alert Q1"


def test_a_page_that_fires_again_takes_back_that_it_was_a_false_positive():
    ended = given(paged(), canceled(at_min=10))
    assert status(ended.then(over(20)).incident) == "canceled"
    assert status(ended.then(again(5)).incident) == "canceled"
    fires = ended.then(again(20))
    assert status(fires.incident) == "investigating"
    assert fires.facts.milestones.canceled_at is None


def other(kind: str = "triggered", at_min: float = 0, **fields: Any) -> e.AlertReceived:
    """A report of a second alert of the same incident."""
    return paged(kind, f"other-{kind}@{at_min}", alert_id="Q2", at_min=at_min, **fields)


def refired(kind: str = "triggered", at_min: float = 0) -> e.AlertReceived:
    """A report of the second firing of the same alert."""
    return paged(kind, f"second-{kind}@{at_min}", episode="2", at_min=at_min)


# histories of two alerts, the status they end in, when it was resolved
TOGETHER = [
    ((paged(), other(at_min=1), over(5)), "investigating", None),
    ((paged(), other(at_min=1), over(5), other("resolved", 7)), "resolved", 7),
    ((paged(), other(at_min=1), over(7), other("resolved", 5)), "resolved", 7),
    ((paged(), over(5), other(at_min=6)), "investigating", None),
    ((paged(), over(5), other(at_min=6), other("resolved", 8)), "resolved", 8),
    # the same alert fires again: it is over when its last firing is
    ((paged(), over(5), refired(at_min=6)), "investigating", None),
    ((paged(), over(5), refired(at_min=6), refired("resolved", 9)), "resolved", 9),
    # a responder watches the recovery, and the rest of the alerts do not end that
    ((paged(), other(at_min=1), over(4), mitigated(5), other("resolved", 6)), "monitoring", None),
    ((paged(), other(at_min=1), mitigated(5), over(6)), "monitoring", None),
    # a responder has closed it over an alert that still fires: what fires since counts alone
    ((paged(), resolved(5), other(at_min=6)), "investigating", None),
    ((paged(), resolved(5), other(at_min=6), other("resolved", 8)), "resolved", 8),
    ((paged(), resolved(5), other(at_min=4)), "resolved", 5),
    # a declared incident is ended by its responders
    ((declared(), other(at_min=1), over(2), other("resolved", 3)), "investigating", None),
]


@pytest.mark.parametrize(("history", "expected", "resolved_min"), TOGETHER)
def test_an_incident_of_several_alerts_is_over_with_the_last_of_them(
    history: tuple[e.IncidentEvent, ...], expected: str, resolved_min: float | None
):
    pages = [event for event in history if isinstance(event, e.AlertReceived)]
    people = [event for event in history if not isinstance(event, e.AlertReceived)]
    orders = [history] if people else permutations(pages)
    for order in orders:
        incident = given(*order)
        assert status(incident.incident) == expected, order
        ended = incident.facts.milestones.resolved_at
        assert ended == (None if resolved_min is None else at(resolved_min))


def test_an_alert_that_fires_again_does_not_count_as_a_reopening():
    assert given(paged(), over(5), refired(at_min=6)).facts.response.reopenings == 0


def test_the_alert_that_was_first_names_the_incident_whichever_arrived_first():
    pages = (
        paged(title="Checkout fails", service="checkout"),
        other(at_min=1, title="Queue is long", service="queue"),
    )
    for order in permutations(pages):
        facts = given(*order).facts
        assert (facts.about.title, facts.about.services) == ("Checkout fails", ("checkout",))


def test_an_incident_is_as_severe_as_the_worst_of_its_alerts():
    pages = (paged(priority="P1"), other(at_min=1, priority="P4"))
    for order in permutations(pages):
        assert given(*order).facts.severity is SEV1
    decided = given(*pages, changed(SEV3, SEV1, at_min=5))
    assert decided.then(other("updated", 6, priority="P4")).facts.severity is SEV3
    assert decided.then(other("updated", 6, priority="P2")).facts.severity is SEV2


def test_both_alerts_are_on_record():
    shown = view("i-1", given(paged(), other(at_min=1), refired(at_min=2)).incident, 3)
    assert shown is not None
    assert shown.alerts == (("pagerduty", "pd", "Q1"), ("pagerduty", "pd", "Q2"))
