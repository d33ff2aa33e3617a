"""A monitor closes no incident under its commander: who has one in hand, and what follows."""

from itertools import permutations
from typing import Any

import pytest
from msgspec.structs import replace

from domain.incident import INCIDENT
from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.deadlines import events as k
from domain.incident.engagement import is_left_to_people
from domain.incident.events import IncidentEvent, Milestone
from domain.incident.impact import StatedImpact
from domain.incident.presentation.lines import describe
from domain.incident.state import status
from domain.policy import Functionality
from domain.policy.audience import Audience
from support.spec import (
    SEV1,
    SEV2,
    SEV3,
    Given,
    acknowledged,
    at,
    changed,
    corrected,
    declared,
    given,
    hypothesis,
    identified,
    mitigated,
    paged,
    reassessed,
    reopened,
    resolved,
    staffed,
)


def over(at_min: float = 30, **fields: Any) -> e.AlertReceived:
    return paged("resolved", at_min=at_min, **fields)


def taken(at_min: float = 5, *, in_person: bool = True) -> e.AlertReceived:
    """Acknowledged where the alert comes from."""
    return paged("acknowledged", at_min=at_min, in_person=in_person, by="Eve")


BY_EVE: dict[str, Any] = {"in_person": True, "by": "Eve"}


UPDATE = e.UpdatePosted(occurred_at=at(6), text="We look.", status=e.UpdateStatus.INVESTIGATING)
ESCALATED = k.Escalated(
    occurred_at=at(6), tier="team_lead", to=("x",), audience=Audience.ENGINEERING, reason="help"
)
BY_CLOCK = k.Automatic(rule="r", policy_version="p", caused_by="c/0")
BY_A_PERSON: dict[str, tuple[IncidentEvent, ...]] = {
    "acknowledged": (acknowledged(5),),
    "roles": staffed(),
    "impact": (reassessed(users_affected=3),),
    "severity": (changed(SEV3, SEV2),),
    "hypothesis": (hypothesis(),),
    "action": (e.ActionLogged(occurred_at=at(6), action="restarted"),),
    "note": (e.NoteAdded(occurred_at=at(6), text="it is the disk"),),
    "update": (UPDATE,),
    "cause": (identified(6),),
    "mitigation": (mitigated(6),),
    "escalation": (ESCALATED,),
}


@pytest.mark.parametrize("what", BY_A_PERSON)
def test_once_a_person_has_acted_the_end_of_its_alerts_ends_nothing(what: str):
    incident = given(paged(), *BY_A_PERSON[what])
    before = status(incident.incident)
    ended = incident.then(over())
    assert status(ended.incident) == before
    assert ended.facts.milestones.resolved_at is None
    assert is_left_to_people(ended.incident)


BY_THE_CLOCK: tuple[IncidentEvent, ...] = (
    replace(UPDATE, text="No change.", automatic=BY_CLOCK),
    replace(ESCALATED, due_at=at(6), automatic=BY_CLOCK),
    k.ResponseOverdue(occurred_at=at(6), due_at=at(6), automatic=BY_CLOCK, severity=SEV2),
    corrected(Milestone.DETECTED, at(-3)),
)


@pytest.mark.parametrize("event", BY_THE_CLOCK, ids=lambda event: type(event).__name__)
def test_what_the_clock_does_and_what_is_put_right_takes_nothing_in_hand(event: IncidentEvent):
    assert status(given(paged(), event, over()).incident) == "resolved"


@pytest.mark.parametrize("actor", ["source:pd", "intake", "commandpost", "import:github"])
def test_an_acknowledgement_that_no_person_has_given_takes_nothing_in_hand(actor: str):
    incident = INCIDENT.evolve(given(paged()).incident, acknowledged(5), actor)
    assert status(Given(INCIDENT, incident).then(over()).incident) == "resolved"  # type: ignore[arg-type]


def test_nobody_there_an_alert_opens_and_closes_by_itself():
    assert status(given(paged(), over()).incident) == "resolved"
    assert not is_left_to_people(given(paged(), over()).incident)


# reports of one alert, and the status in which all of their orders end
THERE = [
    ((paged(), taken(), over()), "investigating"),
    ((paged(), taken(in_person=False), over()), "resolved"),
    # withdrawn, or run out where it was given: nobody has it any more
    ((paged(), taken(), paged("unacknowledged", at_min=9), over()), "resolved"),
    # who has taken it on there ends it there
    ((paged(), taken(), over(in_person=True)), "resolved"),
    ((paged(), taken(), over(20, event_id="m"), over(30, in_person=True)), "resolved"),
    # there was nothing to take on any more
    ((paged(), over(), taken(40)), "resolved"),
    # it was held as its alerts ended, whatever is said of it afterwards
    ((paged(), taken(), over(), paged("unacknowledged", at_min=40)), "investigating"),
    ((paged(), taken(), over(), paged("acknowledged", "m", at_min=40)), "investigating"),
    ((paged(), taken(), over(), paged("acknowledged", "m", at_min=40, **BY_EVE)), "investigating"),
    # what acknowledges by itself takes it out of nobody's hands
    ((paged(), taken(), paged("acknowledged", "m", at_min=9), over()), "investigating"),
]


@pytest.mark.parametrize(("reports", "expected"), THERE)
def test_who_acknowledges_where_the_alert_comes_from_has_it_in_hand_there(
    reports: tuple[e.AlertReceived, ...], expected: str
):
    for order in permutations(reports):
        assert status(given(*order).incident) == expected, order


def test_a_person_who_ends_it_there_does_not_end_what_people_have_in_hand_here():
    assert status(given(paged(), staffed()[0], over(in_person=True)).incident) == "investigating"
    assert status(given(declared(), paged(), over(in_person=True)).incident) == "investigating"


def test_who_looks_at_it_when_it_is_over_does_not_bring_it_back():
    ended = given(paged(), over())
    noted = ended.then(e.NoteAdded(occurred_at=at(40), text="it was the nightly job"), UPDATE)
    assert status(noted.incident) == "resolved"
    assert noted.facts.milestones.resolved_at == at(30)
    assert status(noted.then(paged("annotated", at_min=50)).incident) == "resolved"


def test_what_fires_again_after_people_have_ended_it_is_nobody_s_until_somebody_acts():
    again = given(paged(), *staffed(), taken(), resolved(40)).then(paged("reopened", at_min=60))
    assert status(again.incident) == "investigating"
    assert status(again.then(over(70)).incident) == "resolved"
    assert status(again.then(acknowledged(65), over(70)).incident) == "investigating"
    by_hand = given(paged(), over(), reopened(50))
    assert status(by_hand.then(over(70)).incident) == "investigating"


def test_a_monitoring_watch_goes_on_when_its_alerts_are_over():
    watched = given(paged(), mitigated(10), over(12))
    assert status(watched.incident) == "monitoring"
    assert watched.facts.response.monitoring_since == at(10)


def test_of_several_alerts_the_last_one_leaves_it_to_people_until_one_fires_again():
    other = paged("triggered", "o1", alert_id="Q2", at_min=2)
    other_over = paged("resolved", "o2", alert_id="Q2", at_min=31)
    taken_on = given(paged(), other, acknowledged(5), over())
    assert not is_left_to_people(taken_on.incident)
    assert is_left_to_people(taken_on.then(other_over).incident)
    again = paged("reopened", "o3", alert_id="Q2", at_min=40)
    assert not is_left_to_people(taken_on.then(other_over, again).incident)


def test_what_is_merged_into_it_was_in_somebody_s_hands_and_so_is_it():
    attached = e.DuplicateAttached(occurred_at=at(9), duplicate="i-2", duplicate_number=2)
    by_source = INCIDENT.evolve(given(paged()).incident, attached, "source:pd")
    assert status(INCIDENT.evolve(by_source, over())) == "resolved"
    held = e.DuplicateAttached(occurred_at=at(9), duplicate="i-2", duplicate_number=2, in_hand=True)
    by_source = INCIDENT.evolve(given(paged()).incident, held, "source:pd")
    assert status(INCIDENT.evolve(by_source, over())) == "investigating"


def test_an_end_that_an_earlier_release_recorded_ends_what_it_ended_then():
    former = replace(over(), edition=1)
    assert status(given(paged(), acknowledged(5), former).incident) == "resolved"
    assert status(given(declared(), paged(), former).incident) == "investigating"


REASSESS_BREACH = c.ReassessImpact(security_breach=True, customer_reported=True)


def adopt(**fields: Any) -> c.Declare:
    return c.Declare(**{"title": "Checkout fails for everyone", **fields})


def adopted(command: c.Declare, *history: IncidentEvent) -> Given:
    before = given(*(history or (paged(title="CPU high", service="db-7"),)))
    return before.then(*before.when(command))


def test_what_alerts_have_opened_is_adopted_by_whoever_declares_it():
    facts = adopted(adopt(services=("checkout",), severity=SEV1)).facts
    assert (facts.about.title, facts.about.services) == (
        "Checkout fails for everyone",
        ("checkout",),
    )
    assert (facts.severity, facts.about.number, facts.about.declared) == (SEV1, 1, True)
    assert (facts.milestones.detected_at, facts.milestones.declared_at) == (at(0), at(0))


def test_an_adopted_incident_keeps_its_alerts_and_no_alert_ends_it():
    incident = adopted(adopt(), paged(), acknowledged(3)).then(over(90))
    assert status(incident.incident) == "investigating"
    assert is_left_to_people(incident.incident)
    assert incident.facts.milestones.acknowledged_at == at(3)


def test_to_adopt_twice_says_nothing_new_and_to_say_something_else_is_refused():
    incident = adopted(adopt(severity=SEV1))
    assert incident.outcome(adopt(severity=SEV1)) == "ignored"
    assert incident.outcome(adopt()) == "ignored"
    for other in (adopt(severity=SEV3), adopt(title="Another"), adopt(services=("cart",))):
        assert incident.outcome(other) == "incident.already_declared"


def test_what_is_adopted_keeps_its_title_where_none_is_given_and_a_new_one_needs_one():
    incident = adopted(c.Declare(severity=SEV1))
    assert (incident.facts.about.title, incident.facts.about.declared) == ("CPU high", True)
    assert incident.outcome(c.Declare()) == "ignored"
    assert incident.outcome(c.Declare(title="Another")) == "incident.already_declared"
    assert given().outcome(c.Declare()) == "field.missing"


def test_what_is_over_is_reopened_and_not_adopted():
    assert given(paged(), over()).outcome(adopt()) == "incident.wrong_phase"


def test_what_is_real_does_not_become_a_drill():
    assert given(paged()).outcome(adopt(kind=e.Kind.DRILL)) == "incident.exercise"


def test_who_adopts_does_not_lower_the_severity_without_saying_so():
    page = paged(priority="P1")
    (unstated,) = given(page).when(adopt(impact=StatedImpact(users_affected=3)))
    assert (unstated.severity, unstated.because) == (SEV1, "severity of its alerts")
    (stated,) = given(page).when(adopt(severity=SEV3))
    assert (stated.severity, stated.previous) == (SEV3, SEV1)
    line = describe(stated)
    assert line is not None
    assert line.text == "Incident declared SEV3, SEV1 until then: Checkout fails for everyone"


def test_a_floor_falls_with_the_concern_that_a_declaration_takes_back():
    breach = given(paged()).then(*given(paged()).when(REASSESS_BREACH))
    assert breach.facts.severity is SEV1
    denied = StatedImpact(security_breach=False, functionality=Functionality.MINOR_FEATURE_BROKEN)
    calm = breach.then(*breach.when(adopt(severity=SEV2, impact=denied)))
    lower = calm.then(*calm.when(c.ChangeSeverity(severity=SEV3, reason="a dialog alone")))
    assert (calm.facts.severity, lower.facts.severity) == (SEV2, SEV3)


def test_whoever_has_acknowledged_it_and_is_at_work_has_also_when_an_alert_fires_again():
    incident = given(paged(), acknowledged(2), paged("resolved", at_min=5))
    again = incident.then(paged("reopened", at_min=9))
    assert again.facts.acknowledged
    let_go = again.then(paged("unacknowledged", at_min=12))
    assert not let_go.facts.acknowledged
    ended = incident.then(resolved(7), paged("reopened", at_min=9))
    assert not ended.facts.acknowledged, "whoever had it has ended it"
