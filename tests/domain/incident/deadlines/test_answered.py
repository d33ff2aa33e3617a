"""Which prompts are not worth sending any more, and what answered them."""

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from domain.incident import INCIDENT, IncidentEvent
from domain.incident import events as e
from domain.incident.deadlines import events as k
from domain.incident.deadlines.events import DeadlineRule
from domain.incident.state import Undeclared
from domain.kernel.commit import Commit, Recorded
from domain.policy.audience import Audience
from support.spec import (
    SEV1,
    acknowledged,
    at,
    canceled,
    changed,
    declared,
    hypothesis,
    identified,
    mitigated,
    paged,
    reopened,
    resolved,
)

NOTE = e.NoteAdded(occurred_at=at(16), text="looking")
UPDATE = e.UpdatePosted(occurred_at=at(16), text="x", status=e.UpdateStatus.INVESTIGATING)
REJECTED = e.HypothesisRejected(occurred_at=at(16), hypothesis="H1", finding="no")


def automatic(rule: str) -> k.Automatic:
    return k.Automatic(rule=rule, policy_version="1", caused_by="c1/0")


def timed(kind: type[k.Timed], **more: Any) -> Any:
    return kind(occurred_at=at(15), due_at=at(15), automatic=automatic("a.rule"), **more)


def escalated(rule: str | None) -> k.Escalated:
    return k.Escalated(
        occurred_at=at(15),
        tier="lead",
        to=("Lead",),
        audience=Audience.ENGINEERING,
        reason="so it is",
        automatic=automatic(rule) if rule else None,
    )


UNANSWERED = timed(k.ResponseOverdue, severity=SEV1)
TIMEBOX = timed(k.TimeboxExpired, hypothesis="H1")


DEADLINES = INCIDENT.deadlines
assert DEADLINES is not None


def answered(event: IncidentEvent, then: Any, later: list[Recorded[Any]]) -> str | None:
    return DEADLINES.answered_by(event, then, later, INCIDENT.evolve)


def answer(event: IncidentEvent, *later: IncidentEvent) -> str | None:
    then = INCIDENT.fold(INCIDENT.initial, [declared(SEV1), hypothesis(), event])
    assert not isinstance(then, Undeclared)
    return answered(event, then, [committed(*later)])


def committed(*events: IncidentEvent) -> Recorded[Any]:
    commit = Commit[Any](
        id="later", actor="ada", correlation_id="c", recorded_at=at(20), events=events
    )
    return Recorded(9, "incident.i-1", commit)


@pytest.mark.parametrize(
    ("event", "answers"),
    [
        (UNANSWERED, [acknowledged(16), resolved(), canceled()]),
        (escalated(DeadlineRule.ESCALATE_RESPONSE), [acknowledged(16), resolved(), canceled()]),
        (escalated(DeadlineRule.ESCALATE_CAUSE), [identified(), mitigated(), resolved()]),
        (escalated(DeadlineRule.ESCALATE_LEVEL), [resolved(), canceled()]),
        (escalated(None), [resolved(), canceled()]),
        (timed(k.UpdateDue), [UPDATE, identified(), mitigated(), resolved()]),
        (timed(k.UpdateOverdue), [UPDATE, resolved()]),
        (TIMEBOX, [REJECTED, resolved()]),
    ],
)
def test_a_prompt_is_answered_by_the_event_after_which_it_asks_for_nothing(
    event: IncidentEvent, answers: list[IncidentEvent]
) -> None:
    assert answer(event) is None
    assert answer(event, NOTE) is None
    for it in answers:
        assert answer(event, NOTE, it, NOTE) == "later/1", it


@pytest.mark.parametrize(
    ("event", "no_answers"),
    [
        (UNANSWERED, [UPDATE, identified()]),
        (escalated(DeadlineRule.ESCALATE_RESPONSE), [identified(), UPDATE]),
        (escalated(DeadlineRule.ESCALATE_CAUSE), [acknowledged(16), UPDATE]),
        (escalated(DeadlineRule.ESCALATE_LEVEL), [identified(), UPDATE]),
        (escalated(None), [acknowledged(16), identified(), UPDATE]),
        (timed(k.UpdateDue), [acknowledged(16)]),
        (TIMEBOX, [acknowledged(16), UPDATE]),
    ],
)
def test_other_things_are_no_answer(event: IncidentEvent, no_answers: list[IncidentEvent]) -> None:
    assert answer(event, *no_answers) is None


def test_an_update_missed_later_says_it_all() -> None:
    """A channel that was down for hours must not tell of each interval in turn."""
    missed = msgspec.structs.replace(
        timed(k.UpdateOverdue), automatic=automatic(DeadlineRule.UPDATE_OVERDUE)
    )
    later = msgspec.structs.replace(missed, due_at=at(45))
    assert answer(timed(k.UpdateDue), NOTE, missed) == "later/1"
    assert answer(missed, NOTE, later) == "later/1"
    assert answer(later) is None


def test_what_holds_again_is_asked_for_again() -> None:
    assert answer(UNANSWERED, resolved(), reopened()) is None
    assert answer(UNANSWERED, resolved(), reopened(), acknowledged(60)) == "later/2"


def test_an_acknowledgement_by_the_paging_product_is_an_answer() -> None:
    then = INCIDENT.fold(INCIDENT.initial, [paged(at_min=0), UNANSWERED])
    assert not isinstance(then, Undeclared)
    acknowledgement = paged("acknowledged", at_min=16)
    assert answered(UNANSWERED, then, [committed(acknowledgement)]) == "later/0"


def test_what_is_no_prompt_is_never_answered() -> None:
    then = INCIDENT.fold(INCIDENT.initial, [declared(SEV1)])
    assert not isinstance(then, Undeclared)
    for event in (declared(), changed(SEV1, SEV1), UPDATE, resolved(), timed(k.MonitoringEnded)):
        assert answered(event, then, [committed(resolved())]) is None


def test_who_answered_is_known_where_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str | None] = []

    def holds(_: Any, incident: Any) -> bool:
        seen.append(incident.facts.acknowledged_by)
        return True

    prompt = DEADLINES.prompt_of(UNANSWERED)
    assert prompt is not None
    watched = replace(prompt, holds=holds)
    monkeypatch.setattr(type(DEADLINES), "prompt_of", lambda *_: watched)
    answer(UNANSWERED, acknowledged(16))
    assert seen == ["ada"]
