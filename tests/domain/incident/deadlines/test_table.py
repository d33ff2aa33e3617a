"""Each rule, event and prompt of the incident's deadlines is somebody's."""

import ast
import inspect
import sys
from types import ModuleType
from typing import Any, get_args

import pytest

from domain.incident.audiences import KINDS
from domain.incident.deadlines import table
from domain.incident.deadlines.events import DeadlineEvent, DeadlineRule
from domain.incident.deadlines.table import DEADLINES, TIMED_RULES, TOLD
from domain.incident.deadlines.timed_rule import TimedRule, check

LINES = [
    *("RESPONSE", "BY_LEVEL", "WITHOUT_RESPONSE", "OVERDUE", "ROOT_CAUSE", "TIMEBOX", "CADENCE"),
    *("FIRST_UPDATE", "CUSTOMER_UPDATE", "MONITORING", "ALERTS_OVER", "ALL_CLEAR", "POSTMORTEM"),
    "SHORT_RECORD",
]


def imported(module: ModuleType, without: str) -> dict[str, Any]:
    """What a module says when an entry of its tables is left out."""

    class Without(ast.NodeTransformer):
        def visit_Tuple(self, node: ast.Tuple) -> ast.Tuple:
            node.elts = [each for each in node.elts if ast.unparse(each) != without]
            return node

        def visit_Dict(self, node: ast.Dict) -> ast.Dict:
            pairs = zip(node.keys, node.values, strict=True)
            kept = [(key, value) for key, value in pairs if not key or ast.unparse(key) != without]
            node.keys, node.values = [key for key, _ in kept], [value for _, value in kept]
            return node

    tree = Without().visit(ast.parse(inspect.getsource(module)))
    names: dict[str, Any] = {"__name__": module.__name__}
    exec(compile(tree, str(module.__file__), "exec"), names)
    return names


def test_every_rule_has_one_deadline():
    rules = [rule for deadline in DEADLINES.all for rule in deadline.rules]
    assert sorted(rules) == sorted(DeadlineRule)


def test_every_event_has_a_prompt_or_says_that_it_has_none():
    assert TOLD.keys() == set(get_args(DeadlineEvent))
    assert {prompt.kind for prompt in TOLD.values() if prompt} <= set(KINDS)


@pytest.mark.parametrize("line", LINES)
def test_without_its_line_a_rule_is_nobodys(line: str):
    assert imported(table, without="nothing")
    with pytest.raises(TypeError, match="rules of the deadlines: it says nothing about"):
        imported(table, without=line)


@pytest.mark.parametrize(
    "event", ["Escalated", "EscalationSuppressed", "PostmortemPublished", "RecordFiled"]
)
def test_what_is_told_of_an_event_is_not_left_out(event: str):
    with pytest.raises(TypeError, match=f"what is not of a clock alone: it says nothing .*{event}"):
        imported(table, without=event)


@pytest.mark.parametrize("column", ["folds", "words"])
@pytest.mark.parametrize("timed", TIMED_RULES, ids=lambda timed: timed.deadline.name)
def test_what_an_event_changes_and_a_rule_says_is_not_left_out(timed: TimedRule, column: str):
    known = getattr(timed, column)
    assert known
    for left_out in known:
        kept = {key: said for key, said in known.items() if key != left_out}
        with pytest.raises(TypeError, match=f"{timed.deadline.name}.*it says nothing about"):
            check(timed._replace(**{column: kept}))


def assemble(module: ModuleType, constant: str, without: str, patch: pytest.MonkeyPatch) -> None:
    """The table of all deadlines, one of which does not mention something."""
    patch.setattr(module, constant, imported(module, without)[constant])
    imported(table, without="nothing")


@pytest.mark.parametrize("name", ["all_clear", "cadence", "monitoring", "postmortem", "timebox"])
def test_an_event_that_its_rule_does_not_tell_of_is_found(name: str, monkeypatch):
    """A prompt whose last piece was left out would be told to nobody."""
    module = sys.modules[f"domain.incident.deadlines.{name}"]
    constant = name.upper()
    deadline = getattr(module, constant).deadline
    for kind in deadline.prompts.keys() & set(get_args(DeadlineEvent)):
        with pytest.raises(TypeError, match=f"{kind.__name__}|says of no event"):
            assemble(module, constant, kind.__name__, monkeypatch)
