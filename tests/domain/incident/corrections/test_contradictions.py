"""Times that contradict each other are refused, or confirmed and marked."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.events import Milestone
from domain.incident.presentation.lines import describe
from domain.policy.audience import Audience
from support.spec import (
    NOW,
    SEV3,
    Log,
    acknowledged,
    at,
    canceled,
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

DAYS = 24 * 60


def corrected_to(milestone: Milestone, minute: float) -> c.CorrectTime:
    return c.CorrectTime(milestone=milestone, value=at(minute), reason="from the metrics")


def opened_at(minute: float) -> e.HypothesisOpened:
    return replace(hypothesis(), occurred_at=at(minute))


CONFIRMED = e.HypothesisConfirmed(occurred_at=at(40), hypothesis="H1", finding="f")
REJECTED = e.HypothesisRejected(occurred_at=at(40), hypothesis="H1", finding="f")
GOES_ON = replace(reopened(55), anew=True)
OVER = (declared(SEV3), mitigated(30), resolved(50))

CONTRADICTIONS: list[tuple[tuple[Any, ...], Any, str, str]] = [
    ((declared(),), c.Resolve(resolution="over", occurred_at=at(-30)), "occurred_at",
     "resolved at 2026-05-04 11:30 UTC, before it was declared at 2026-05-04 12:00 UTC"),
    ((), c.Declare(title="t", impact_started_at=at(20), detected_at=at(10)), "detected_at",
     "noticed at 2026-05-04 12:10 UTC, before it began at 2026-05-04 12:20 UTC"),
    ((), c.Declare(title="t", occurred_at=at(5), detected_at=at(10)), "detected_at",
     "declared at 2026-05-04 12:05 UTC, before it was noticed at 2026-05-04 12:10 UTC"),
    ((paged(),), c.Acknowledge(occurred_at=at(-2 * DAYS)), "occurred_at",
     "acknowledged at 2026-05-02 12:00 UTC, before it was noticed at 2026-05-04 12:00 UTC"),
    ((declared(),), c.Acknowledge(occurred_at=at(-5)), "occurred_at", "before it was noticed"),
    ((declared(), *staffed(), mitigated(30)), corrected_to(Milestone.IMPACT_STARTED, 40), "value",
     "mitigated at 2026-05-04 12:30 UTC, before it began at 2026-05-04 12:40 UTC"),
    ((declared(), resolved(40)), corrected_to(Milestone.DECLARED, 45), "value", "resolved at"),
    ((declared(), mitigated(30), resolved(50)), corrected_to(Milestone.RESOLVED, 20), "value",
     "before it was mitigated"),
    ((declared(),), c.Cancel(reason="a probe", occurred_at=at(-10)), "occurred_at", "canceled at"),
    (OVER, c.Reopen(reason="back", occurred_at=at(20)), "occurred_at",
     "reopened at 2026-05-04 12:20 UTC, before it was resolved at 2026-05-04 12:50 UTC"),
    (OVER, c.GiveAllClear(occurred_at=at(20)), "occurred_at", "all clear at"),
    (OVER, c.FileRecord(follow_ups="none needed", impact="none", occurred_at=at(20)),
     "occurred_at", "record filed at"),
    ((declared(SEV3), canceled(50)), c.Reopen(reason="real", occurred_at=at(20)), "occurred_at",
     "before it was canceled"),
    ((*OVER, GOES_ON), c.Resolve(resolution="b", early_reason="r", occurred_at=at(20)),
     "occurred_at", "resolved at 2026-05-04 12:20 UTC, before it went on again"),
    ((*OVER, GOES_ON), c.Cancel(reason="a probe", occurred_at=at(20)), "occurred_at",
     "canceled at 2026-05-04 12:20 UTC, before it went on again"),
    ((declared(), merged(30)), c.Unmerge(reason="another", occurred_at=at(20)), "occurred_at",
     "unmerged at 2026-05-04 12:20 UTC, before it was merged at 2026-05-04 12:30 UTC"),
    ((declared(), *staffed(), opened_at(30)),
     c.ConfirmHypothesis(hypothesis="H1", finding="f", occurred_at=at(20)), "occurred_at",
     "H1 confirmed at 2026-05-04 12:20 UTC, before it was opened at 2026-05-04 12:30 UTC"),
    ((declared(), *staffed(), opened_at(30)),
     c.RejectHypothesis(hypothesis="H1", finding="f", occurred_at=at(20)), "occurred_at",
     "H1 rejected at"),
    ((declared(), *staffed(), opened_at(30)),
     c.AbandonHypothesis(hypothesis="H1", reason="r", occurred_at=at(20)), "occurred_at",
     "H1 abandoned at"),
    ((declared(), *staffed()), c.IdentifyRootCause(cause="the pool", occurred_at=at(-83)),
     "occurred_at", "cause identified at 2026-05-04 10:37 UTC, before it was noticed"),
    ((declared(), *staffed()), c.Mitigate(mitigation="restart", occurred_at=at(-9)),
     "occurred_at", "mitigated at 2026-05-04 11:51 UTC, before it was noticed"),
    ((paged(), declared()), c.PostUpdate(text="t", occurred_at=at(-9)), "occurred_at",
     "update posted at 2026-05-04 11:51 UTC, before it was noticed"),
    ((declared(),), c.PostUpdate(text="t", audiences=(Audience.CUSTOMERS,), occurred_at=at(-9)),
     "occurred_at", "customers told at 2026-05-04 11:51 UTC, before it was noticed"),
    ((declared(), *staffed()), c.OpenHypothesis(statement="s", occurred_at=at(-9)),
     "occurred_at", "hypothesis opened at 2026-05-04 11:51 UTC, before it was noticed"),
    ((declared(),), c.Escalate(reason="r", occurred_at=at(-9)), "occurred_at",
     "escalated at 2026-05-04 11:51 UTC, before it was noticed"),
    ((declared(),), c.PublishPostmortem(url="https://wiki.example.com/1", occurred_at=at(-9)),
     "occurred_at", "post-mortem published at 2026-05-04 11:51 UTC, before it was noticed"),
    ((declared(), identified(20)), corrected_to(Milestone.DECLARED, 30), "value",
     "cause identified at 2026-05-04 12:20 UTC, before it was noticed"),
    ((declared(), *staffed(), opened_at(30), CONFIRMED), c.Correct(entry="H1", time=at(45)),
     "time", "H1 closed at 2026-05-04 12:40 UTC, before it was opened at 2026-05-04 12:45 UTC"),
    ((declared(), *staffed(), opened_at(30), REJECTED), c.Correct(entry="e/4", time=at(20)),
     "time", "H1 rejected at 2026-05-04 12:20 UTC, before it was opened at 2026-05-04 12:30 UTC"),
]  # fmt: skip


@pytest.mark.parametrize(("history", "command", "field", "words"), CONTRADICTIONS)
def test_what_cannot_be_is_refused_and_taken_with_a_mark_once_it_is_confirmed(
    history: Any, command: Any, field: str, words: str
):
    incident = given(*history)
    refused = incident.refusal(command)
    assert (refused.code, refused.field) == ("time.contradiction", field)
    assert words in refused.detail
    assert "confirm: true" in str(refused.rule)
    *_, mark = incident.when(replace(command, confirm=True))
    assert mark == e.RuleWaived(
        occurred_at=command.occurred_at or NOW, rules=("time.contradiction",), detail=refused.detail
    )
    line = describe(mark)
    assert line is not None
    assert line.text == f"Confirmed as meant (time.contradiction: {refused.detail})"


def test_the_mark_stays_with_the_incident_and_is_set_once():
    command = c.Acknowledge(occurred_at=at(-5), confirm=True)
    incident = given(declared())
    after = incident.then(*incident.when(command))
    assert [waiver.rules for waiver in after.facts.response.waivers] == [("time.contradiction",)]
    assert after.outcome(command) == "ignored"
    later = after.when(c.Resolve(resolution="over", occurred_at=at(50)))
    assert [type(event) for event in later] == [e.Resolved], "what was confirmed is not asked again"


def test_what_fits_needs_no_confirmation_and_leaves_no_mark():
    incident = given(declared(SEV3))
    (event,) = incident.when(c.Acknowledge(occurred_at=at(5), confirm=True))
    assert isinstance(event, e.Acknowledged)


def test_what_answers_another_thing_may_come_at_its_time():
    """The mirror: a reopening as of the resolution, an all-clear after it, a resolution since."""
    over, again = given(*OVER), given(*OVER, GOES_ON)
    assert over.outcome(c.Reopen(reason="back", occurred_at=at(50))) == "decided"
    assert over.outcome(c.GiveAllClear(occurred_at=at(51))) == "decided"
    since = c.Resolve(resolution="b", early_reason="r", occurred_at=at(56))
    assert [type(event) for event in again.when(since)] == [e.Resolved]
    did_not_hold = c.DidNotHold(reason="back", occurred_at=at(35))
    assert [type(event) for event in over.when(did_not_hold)] == [e.DidNotHold], (
        "what was mitigated had not held, and it was resolved later"
    )


def test_people_write_by_the_minute():
    assert given(declared()).outcome(c.Acknowledge(occurred_at=at(-0.9))) == "decided"
    assert given(declared()).outcome(c.Acknowledge(occurred_at=at(-1))) == "time.contradiction"


def test_the_order_in_which_they_are_told_does_not_matter():
    began, noticed = (
        corrected_to(Milestone.IMPACT_STARTED, -5),
        corrected_to(Milestone.DETECTED, -9),
    )
    for first, second in ((began, noticed), (noticed, began)):
        incident = given(declared()).after(first, start=NOW)
        assert incident.outcome(second, NOW + timedelta(minutes=5)) == "time.contradiction"


def test_products_and_imports_are_taken_at_their_word():
    incident = given(declared(impact_started_at=at(-2)))
    assert incident.outcome(page(at_min=-60)) == "decided"
    early = c.Resolve(resolution="over", occurred_at=at(-30))
    assert incident.when(early, actor="import:github-status")


def test_when_it_was_declared_does_not_become_unknown():
    unknown = c.CorrectTime(milestone=Milestone.DECLARED, value=None, reason="r")
    for incident in (given(declared()), given(declared(), resolved())):
        refused = incident.refusal(unknown)
        assert (refused.code, refused.field) == ("time.required", "value")
        assert incident.outcome(replace(unknown, confirm=True)) == "time.required"


# --- a second responder


def test_a_second_responder_is_a_line_and_changes_nothing_else():
    incident = given(declared(), acknowledged(2))
    (event,) = incident.when(c.Acknowledge(), actor="grace")
    assert event == e.AlsoAcknowledged(occurred_at=NOW, responder="grace")
    line = describe(event)
    assert line is not None
    assert line.text == "Also acknowledged by grace"
    after = incident.then(event)
    assert after.facts.milestones == incident.facts.milestones
    assert after.facts.acknowledged_by == incident.facts.acknowledged_by
    assert after.when(c.Acknowledge(), actor="grace") == []
    assert after.when(c.Acknowledge(), actor="alan") != []


@pytest.mark.parametrize("actor", ["unknown", "source:pagerduty", "import:x"])
def test_nobody_in_particular_is_no_second_responder(actor: str):
    assert given(declared(), acknowledged(2)).when(c.Acknowledge(), actor=actor) == []


def test_who_acknowledges_beside_a_page_that_somebody_took_is_one_more():
    incident = given(paged(), paged("acknowledged", at_min=2, by="Bo"))
    assert [type(event) for event in incident.when(c.Acknowledge(), actor="grace")] == [
        e.AlsoAcknowledged
    ]


def test_who_is_paged_may_acknowledge_it_before_anybody_declares_it():
    log = Log()
    log.run(page("acknowledged"), at(0))
    assert log.run(c.Declare(title="Checkout fails"), at(5)) == "decided"
