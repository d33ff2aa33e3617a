"""After the mitigation messages speak of the past: what it did to users, and what is being done."""

import pytest

from adapters.templates import Templates
from adapters.templates.filters import effect
from adapters.templates.samples import KNOWN, sample
from adapters.templates.stories import CAUSE, ENGINEERING, EXECUTIVES, MITIGATED, RESPONSE, Story
from domain.incident import INCIDENT
from domain.incident import events as e
from domain.incident.audiences import HEARD, KINDS
from domain.incident.deadlines import events as k
from domain.incident.impact import Impact
from domain.incident.state import Closed, Open, Stage
from domain.policy import DEFAULT, Functionality

PRESENT = (
    *("are experiencing", "are affected", "are among", "is in doubt", "is suspected"),
    *("still investigating", "we are investigating", "users are no longer"),
)
ALL_OF_IT = e.ImpactReassessed(
    occurred_at=MITIGATED.occurred_at,
    impact=Impact(
        percent_affected=100.0,
        functionality=Functionality.FULL_OUTAGE,
        paying_customers=True,
        data_integrity_concern=True,
        security_breach=True,
    ),
)
WORDS = Templates()


def after_mitigation(kind: str) -> Story | None:
    """What is told as a kind of what is mitigated; None: with that it is not."""
    story = Story((*RESPONSE, CAUSE, ALL_OF_IT, MITIGATED), KNOWN[kind].event)
    if isinstance(story.event, e.Declared | e.AlertReceived | k.AllClear | e.Unmerged):
        return None
    incident = INCIDENT.fold(INCIDENT.initial, (*story.before, story.event))
    watched = isinstance(incident, Open) and incident.stage is Stage.MONITORING
    return story if watched or isinstance(incident, Closed) else None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("audience", [ENGINEERING, EXECUTIVES])
def test_what_is_told_of_what_is_mitigated_is_past(audience: str, kind: str):
    story = after_mitigation(kind)
    if story is None or kind not in HEARD[audience]:  # type: ignore[index]
        return
    subject, text = WORDS(sample(audience, kind, story, DEFAULT))  # type: ignore[arg-type]
    if kind != "update":  # the words of a person stand as they are
        assert not [words for words in PRESENT if words in f"{subject} {text}"], text


@pytest.mark.parametrize("kind", ["update_due", "update_overdue", "first_update_overdue"])
def test_nobody_is_asked_to_write_that_a_cause_is_sought_which_is_known(kind: str):
    told = sample(ENGINEERING, kind, Story((*RESPONSE, CAUSE), KNOWN[kind].event), DEFAULT)  # type: ignore[arg-type]
    _, text = WORDS(told)
    assert "removing the cause" in text
    assert "investigating" not in text
    _, unknown = WORDS(sample(ENGINEERING, kind, Story(RESPONSE, KNOWN[kind].event), DEFAULT))  # type: ignore[arg-type]
    assert "investigating" in unknown


def test_most_kinds_are_told_of_what_is_mitigated():
    assert len([kind for kind in KINDS if after_mitigation(kind)]) > 15


@pytest.mark.parametrize("claimed", ["monitoring", "resolved"])
def test_an_update_that_claims_a_recovery_leaves_users_affected(claimed: str):
    said = e.UpdatePosted(
        occurred_at=MITIGATED.occurred_at, text="It works.", status=e.UpdateStatus(claimed)
    )
    _, text = WORDS(sample(ENGINEERING, "update", Story((*RESPONSE, ALL_OF_IT), said), DEFAULT))
    assert "100% of users are experiencing a full outage." in text


def test_an_update_of_another_status_speaks_of_the_past_as_well():
    said = e.UpdatePosted(
        occurred_at=MITIGATED.occurred_at,
        text="We look for the cause.",
        status=e.UpdateStatus.INVESTIGATING,
    )
    story = Story((*RESPONSE, ALL_OF_IT, MITIGATED), said)
    _, text = WORDS(sample(ENGINEERING, "update", story, DEFAULT))
    assert "100% of users experienced a full outage." in text
    assert "Paying customers were among them." in text


def test_what_a_person_wrote_of_the_impact_is_what_was_said_then():
    impact = Impact(users_affected=10, summary="payments are failing", paying_customers=True)
    assert effect(impact, "past") == (
        "10 users experienced problems. Paying customers were among them."
        " As responders put it then: “payments are failing”."
    )
    assert "Payments are failing. Paying" in effect(impact, "present")
