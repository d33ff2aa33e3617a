"""A table of deadlines is whole, or it is none: what is left out is found as it is imported."""

from typing import Any

import pytest
from msgspec.structs import replace

from domain.kernel.commit import Event
from domain.kernel.deadline import Deadlines, Expire, Prompt
from domain.kernel.decider import Context
from domain.policy import DEFAULT
from support.quarterly import DEADLINES, GONE_STALE, STALE, Runbook, WentStale
from support.spec import NOON, at

CONTEXT = Context(at(1), "c", DEFAULT)


def expires(**more: Any) -> Expire:
    return Expire(**{"rule": STALE, "fires_at": NOON, "due_at": NOON, "caused_by": "c/0", **more})


def table(*deadlines: Any, **more: Any) -> Deadlines[Any, Any, Event]:
    return replace(DEADLINES, all=deadlines, **more)


def test_a_timer_belongs_to_one_deadline():
    other = replace(GONE_STALE, rules=("another.rule",))
    with pytest.raises(TypeError, match="timer stale belongs to more than one"):
        table(GONE_STALE, other)


def test_a_rule_belongs_to_one_deadline():
    with pytest.raises(TypeError, match=r"rule runbook\.stale belongs to more than one"):
        table(GONE_STALE, replace(GONE_STALE, name="another"))


def test_an_answer_that_was_first_is_an_event():
    with pytest.raises(TypeError, match="no event says what answered stale"):
        table(GONE_STALE, suppressed=None)


def test_an_event_is_told_in_one_way():
    prompt = GONE_STALE.prompts[WentStale]
    assert prompt is not None
    other = replace(GONE_STALE, name="another", rules=("another.rule",))
    table(GONE_STALE, replace(other, prompts={WentStale: replace(prompt, holds=None)}))
    for told in (replace(prompt, kind="other"), replace(prompt, to=None), None):
        with pytest.raises(TypeError, match="WentStale is told in more than one way"):
            table(GONE_STALE, replace(other, prompts={WentStale: told}))


def test_a_prompt_says_its_kind_who_hears_it_and_for_how_long():
    whole: dict[str, Any] = {"kind": "k", "to": None, "holds": None}
    for left_out in whole:
        with pytest.raises(TypeError, match=left_out):
            Prompt(**{name: value for name, value in whole.items() if name != left_out})


def test_what_is_answered_by_one_of_two_rules_is_not_clear():
    with pytest.raises(TypeError, match="what was answered is not clear"):
        replace(GONE_STALE, rules=(STALE, "another.rule"))


def test_one_question_decides_that_it_fires_and_what_is_suppressed():
    used, retired = Runbook(1), Runbook(1, retired=True)
    assert len(DEADLINES.expire(expires(), used, CONTEXT)) == 1
    assert DEADLINES.expire(expires(), retired, CONTEXT) == []


@pytest.mark.parametrize(
    ("command", "runbook"),
    [
        (expires(fires_at=at(2)), Runbook(1)),
        (expires(seen=1), Runbook(2)),
        (expires(), Runbook(1, settled=NOON)),
    ],
    ids=["early", "outdated", "settled"],
)
def test_what_is_early_outdated_or_settled_has_no_effect(command: Expire, runbook: Runbook):
    assert DEADLINES.expire(command, runbook, CONTEXT) == []


def test_a_rule_of_nobody_is_a_fault():
    with pytest.raises(LookupError, match=r"no deadline has the rule strange\.rule"):
        DEADLINES.expire(expires(rule="strange.rule"), Runbook(1), CONTEXT)
