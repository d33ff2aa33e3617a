"""Whom PagerDuty's escalation policies reach for at each level, as `GET /escalation_policies`
answers.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from adapters.migration.account import Account, Fields, folder, pages
from adapters.migration.shadow import Reach, ShadowLevel, ShadowPolicy

_KINDS = {
    **dict.fromkeys(("user_reference", "user"), "person"),
    **dict.fromkeys(("schedule_reference", "schedule"), "schedule"),
}
_IN_TURN = "round_robin"


def policies_of(path: Path) -> Mapping[str, ShadowPolicy]:
    """The escalation policies of an export by id. Raises `Unreadable`."""
    found = pages(folder(path), "escalation_policies", "escalation_policies", Account())
    return {str(each.get("id")): _policy(each) for each in found}


def _policy(found: Fields) -> ShadowPolicy:
    levels = tuple(_level(each) for each in found.get("escalation_rules") or ())
    return ShadowPolicy(levels, int(found.get("num_loops") or 0))


def _level(found: Fields) -> ShadowLevel:
    strategy = found.get("escalation_rule_assignment_strategy")
    how = strategy.get("type") if isinstance(strategy, dict) else strategy
    reached = tuple(_reach(each) for each in found.get("targets") or ())
    return ShadowLevel(reached, in_turn=how == _IN_TURN)


def _reach(target: Any) -> Reach:
    kind = str(target.get("type"))
    return Reach(_KINDS.get(kind, kind), str(target.get("id")))
