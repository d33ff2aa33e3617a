"""Runbooks are to be tested quarterly; whose they are is reminded, and what is told is true."""

from datetime import datetime, timedelta
from typing import Any

from domain.kernel.commit import Commit, Recorded
from domain.kernel.deadline import Asked, Expire
from domain.kernel.decider import Context
from domain.policy import DEFAULT
from domain.runbook.publishing import RUNBOOK
from domain.runbook.publishing import commands as c
from domain.runbook.publishing import events as e
from domain.runbook.publishing.published import REMINDED_AGAIN, KeptRunbook, RunbookStatus
from domain.runbook.publishing.quarterly import DEADLINES, sentence
from domain.runbook.readiness import TESTED_WITHIN
from support.kept_runbooks import DAY, NOON, UNTESTED, after, executed

(DEADLINE,) = DEADLINES.all


def following(*said: Any) -> tuple[KeptRunbook, Expire | None]:
    """The runbook, and what its clock does next."""
    state, history = RUNBOOK.initial, DEADLINES.initial
    for number, each in enumerate(said):
        at, command = each if isinstance(each, tuple) else (NOON, each)
        events = RUNBOOK.decide(command, state, Context(at, f"c-{number}", DEFAULT))
        state = RUNBOOK.fold(state, events)
        commit: Commit[Any] = Commit(
            id=f"c-{number}",
            events=tuple(events),
            recorded_at=at,
            actor="ada",
            correlation_id=f"c-{number}",
        )
        recorded = Recorded(number + 1, "runbook.checkout-down", commit)
        history = DEADLINES.follow(history, recorded, DEFAULT, RUNBOOK.evolve)
    return state, DEADLINES.next_expiry(DEADLINE, history, NOON, DEFAULT)


def reminder(*said: Any) -> tuple[KeptRunbook, e.RunbookTestDue]:
    """The runbook as its clock has left it, and the reminder."""
    state, expire = following(*said)
    assert expire is not None
    context = Context(expire.fires_at, "clock", DEFAULT)
    (found,) = RUNBOOK.decide(expire, state, context)
    assert RUNBOOK.decide(expire, RUNBOOK.evolve(state, found), context) == []
    return RUNBOOK.evolve(state, found), found


def test_a_reminder_is_due_a_quarter_after_it_was_tested_or_written():
    assert due_at(UNTESTED) == NOON + TESTED_WITHIN
    assert due_at(UNTESTED, (NOON + DAY, executed())) == NOON + DAY + TESTED_WITHIN


def due_at(*said: Any) -> datetime | None:
    _, expire = following(*said)
    return expire.due_at if expire else None


def test_it_is_reminded_again_while_nobody_tests_it():
    first = NOON + TESTED_WITHIN
    reminded = (first, Expire(rule="runbook.test_due", fires_at=first, due_at=first, caused_by="x"))
    assert due_at(UNTESTED, reminded) == first + REMINDED_AGAIN
    tested = (first + DAY, executed())
    assert due_at(UNTESTED, reminded, tested) == first + DAY + TESTED_WITHIN


def test_after_an_outage_it_is_said_once():
    first, late = NOON + TESTED_WITHIN, NOON + 300 * DAY
    reminded = (late, Expire(rule="runbook.test_due", fires_at=first, due_at=first, caused_by="x"))
    assert due_at(UNTESTED, reminded) == late + REMINDED_AGAIN


def test_what_has_changed_is_due_at_once():
    change = c.NoteServiceChange(service="checkout", changed_at=NOON + DAY, fields=("owner",))
    assert due_at(UNTESTED, executed(), (NOON + 2 * DAY, change)) == NOON + 2 * DAY
    _, event = reminder(UNTESTED, executed(), (NOON + 2 * DAY, change))
    assert sentence(event) == (
        "payments: It was tested last on 2026-05-04, 2 days ago; the service checkout has"
        " changed since. Follow it in a drill, or say with `record_test` how it was tested: a"
        " runbook that was not tested within a quarter is not to be relied on."
    )


def test_what_was_never_tested_is_said_to_be_so():
    state, event = reminder(UNTESTED)
    assert state.status is RunbookStatus.UNTESTED
    assert sentence(event).startswith("payments: Nobody has tested it yet. Follow it")
    tested, told = reminder(UNTESTED, executed())
    assert tested.status is RunbookStatus.STALE
    assert "tested last on 2026-05-04, 92 days ago." in sentence(told)


def test_what_nobody_is_to_follow_is_not_tested():
    assert due_at(UNTESTED, c.DeactivateRunbook()) is None
    assert due_at(UNTESTED, c.DeactivateRunbook(), c.ReactivateRunbook()) == NOON + TESTED_WITHIN


def test_a_reminder_that_nobody_heard_is_not_told_once_it_was_tested():
    prompt = DEADLINE.prompts[e.RunbookTestDue]
    assert prompt is not None
    assert prompt.holds is not None
    then = after(UNTESTED)
    tested = after((NOON + timedelta(hours=1), executed()), state=then)

    assert prompt.holds(Asked(None, then), then)
    assert not prompt.holds(Asked(None, then), tested)
