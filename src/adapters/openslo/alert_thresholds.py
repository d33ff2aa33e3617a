"""Alerts of an SLO that can never be true: they ask for more failures than there are events."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from adapters.openslo.cross_references import REFERENCES, Name
from adapters.openslo.fields import FieldFinding
from domain.slo.burn_rate import can_exceed
from domain.slo.window_lengths import decimal_text

Given = Mapping[Name, Any]
"""All valid objects of the files that were read, by name."""


def never_firing(slo: Any, given: Given) -> Iterator[FieldFinding]:
    """What is wrong with the alerts of a valid SLO: one is, where it fires for none of its
    objectives. Policies and conditions that are elsewhere are not known.
    """
    spec = slo["spec"]
    budgets = [1 - target_of(each) for each in spec["objectives"]]
    for place, use in enumerate(spec.get("alertPolicies") or ()):
        at = f"spec.alertPolicies[{place}]"
        policy, at = _followed(slo, use, "alertPolicyRef", at, given)
        for number, inner in enumerate(policy["spec"]["conditions"] if policy else ()):
            inner_at = _within(at, f"spec.conditions[{number}]")
            condition, where = _followed(slo, inner, "conditionRef", inner_at, given)
            found = _beyond(condition, budgets)
            if found:
                where = _within(where, "spec.condition.threshold")
                yield FieldFinding(where, "never_fires", found)


def target_of(objective: Any) -> Fraction:
    """What is written, not what a binary fraction makes of it."""
    if objective.get("target") is not None:
        return Fraction(str(objective["target"]))
    return Fraction(str(objective["targetPercent"])) / 100


def _followed(slo: Any, use: Any, reference: str, at: str, given: Given) -> tuple[Any, str]:
    """What is written out there, or what its name stands for, and the field of the SLO that says
    so.
    """
    name = use.get(reference)
    if name is None:
        return use, at
    found = given.get(Name(slo["apiVersion"], REFERENCES[reference], name))
    return found, _within(at, reference)


def _within(at: str, field: str) -> str:
    """A field of what is written out there: its path ends in a bracket. What is behind a name has
    no field of the SLO but that name.
    """
    return f"{at}.{field}" if at.endswith("]") else at


def _beyond(condition: Any, budgets: list[Fraction]) -> str | None:
    """Why a condition is never true; None where it may be, or is not known."""
    inner = (condition or {}).get("spec", {}).get("condition", {})
    if inner.get("op") not in {"gt", "gte"}:
        return None
    least = min(Fraction(str(inner["threshold"])) * each for each in budgets)
    if can_exceed(least, at_least=inner["op"] == "gte"):
        return None
    return (
        f"{inner['threshold']} times the budget is {decimal_text(100 * least)} %: more than all"
        " would have to fail"
    )
