"""Alerts of OpenSLO: when, by which condition, and whom they reach."""

from collections.abc import Callable

from adapters.openslo.cross_references import REFERENCES
from adapters.openslo.dialects import OPERATORS, Dialect, check_description, check_metadata
from adapters.openslo.fields import Field
from adapters.openslo.times import check_duration

INLINE = ("kind", "metadata", "spec")
Check = Callable[[Field, Dialect], None]


def check_alert_policy(spec: Field, dialect: Dialect) -> None:
    """The `spec` of an AlertPolicy: one condition, and whoever is told."""
    known = (
        *("description", "alertWhenNoData", "alertWhenBreaching", "alertWhenResolved"),
        *("conditions", "notificationTargets"),
    )
    if not spec.mapping(known, required=True):
        return
    check_description(spec)
    for name in ("alertWhenNoData", "alertWhenBreaching", "alertWhenResolved"):
        spec.at(name).flag()
    if spec.at("conditions").sequence(1, 1):
        for each in spec.at("conditions").items():
            _check_use(each, dialect, "conditionRef", check_alert_condition)
    if spec.at("notificationTargets").sequence(1):
        for each in spec.at("notificationTargets").items():
            _check_use(each, dialect, "targetRef", check_target)


def check_alert_policy_use(use: Field, dialect: Dialect) -> None:
    """A policy as an SLO has it: inline, or by its name."""
    _check_use(use, dialect, "alertPolicyRef", check_alert_policy)


def check_alert_condition(spec: Field, dialect: Dialect) -> None:
    """The `spec` of an AlertCondition."""
    if not spec.mapping(("description", "severity", "condition"), required=True):
        return
    check_description(spec)
    spec.at("severity").text(required=True)
    condition = spec.at("condition")
    known = ("kind", "op", "threshold", "lookbackWindow", "alertAfter")
    if not condition.mapping(known, required=True):
        return
    if not condition.at("kind").one_of(("burnrate",), required=True):
        return  # what else is needed follows from its kind
    condition.at("op").one_of(OPERATORS, required=True)
    condition.at("threshold").number(required=True)
    check_duration(condition.at("lookbackWindow"), required=True)
    check_duration(condition.at("alertAfter"), zero=True)


def check_target(spec: Field, dialect: Dialect) -> None:
    """The `spec` of an AlertNotificationTarget."""
    if spec.mapping(("description", "target"), required=True):
        check_description(spec)
        spec.at("target").text(required=True)


def _check_use(use: Field, dialect: Dialect, reference: str, check: Check) -> None:
    """Something inline, or the name of it."""
    if not use.mapping((reference, *INLINE), required=True):
        return
    inline = use.has(*INLINE)
    if bool(use.at(reference)) == bool(inline):
        there = "both are" if inline else "none is"
        use.wrong("exclusive", f"{reference} or one that is written here is needed, and {there}")
        return
    use.at(reference).label()
    if inline:
        use.at("kind").one_of((REFERENCES[reference],), required=True)
        check_metadata(use.at("metadata"), dialect.version)
        check(use.at("spec"), dialect)
