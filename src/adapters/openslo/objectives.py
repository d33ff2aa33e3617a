"""Service level objectives of v1 and v2alpha: one indicator for all objectives, or one for each."""

from adapters.openslo.alerting import check_alert_policy_use
from adapters.openslo.dialects import OPERATORS, Dialect, check_description
from adapters.openslo.fields import Field
from adapters.openslo.indicators import check_inline_sli
from adapters.openslo.times import check_duration, check_rolling, check_slice_window

METHODS = ("Occurrences", "Timeslices", "RatioTimeslices")


def check_slo(spec: Field, dialect: Dialect) -> None:
    """The `spec` of an SLO."""
    known = (
        *("description", "service", *dialect.own, "budgetingMethod", "timeWindow"),
        *("objectives", "alertPolicies"),
    )
    if not spec.mapping(known, required=True):
        return
    if not spec.value:
        spec.wrong("required", "it is empty")
        return
    check_description(spec)
    spec.at("service").text(required=True)
    method = spec.at("budgetingMethod").one_of(METHODS, required=True)
    _check_window(spec.at("timeWindow"))
    _check_indicator(spec, dialect)
    objectives = spec.at("objectives")
    if objectives.sequence(1):
        _check_objectives(spec, objectives, method, dialect)
    if spec.at("alertPolicies").sequence(0):
        for each in spec.at("alertPolicies").items():
            check_alert_policy_use(each, dialect)


def measures(holder: Field, dialect: Dialect) -> str | None:
    """Which metric an inline indicator has; None where none is inline."""
    inline = holder.at(dialect.inline).at("spec")
    return next(iter(inline.has("ratioMetric", "thresholdMetric")), None)


def _check_window(window: Field) -> None:
    if not window:
        window.note("no_window", "without a window there is no budget to be computed")
    elif window.sequence(1, 1):
        for each in window.items():
            if each.mapping(("duration", "isRolling", "calendar"), required=True):
                check_duration(each.at("duration"), required=True)
                check_rolling(each)


def _check_indicator(spec: Field, dialect: Dialect) -> None:
    """It is on one level: of the SLO, or of its objectives, which are then parts of a whole."""
    apart = any(each.has(*dialect.own) for each in spec.at("objectives").items())
    if not spec.has(*dialect.own) and not apart:
        spec.wrong("exclusive", f"{' or '.join(dialect.own)} is needed here, or in each objective")
    elif spec.has(*dialect.own) and apart:
        spec.wrong("exclusive", f"{' or '.join(dialect.own)} is here, and in objectives as well")
    else:
        spec.only_one(*dialect.own, required=False)
    _check_use(spec, dialect)


def _check_use(holder: Field, dialect: Dialect) -> None:
    check_inline_sli(holder.at(dialect.inline), dialect)
    holder.at(dialect.reference).label()


def _check_objectives(spec: Field, objectives: Field, method: str | None, dialect: Dialect) -> None:
    of_all = spec.has(*dialect.own)
    apart = any(each.has(*dialect.own) for each in objectives.items())
    known = (
        *("displayName", "op", "value", "target", "targetPercent", "timeSliceTarget"),
        *("timeSliceWindow", *dialect.own, "compositeWeight"),
    )
    for each in objectives.items():
        if not each.mapping(known, required=True):
            continue
        _check_target(each)
        _check_slices(each, method)
        each.at("compositeWeight").within("(0, inf)")
        if apart and not of_all:
            each.only_one(*dialect.own)
        _check_use(each, dialect)
        _check_threshold(each, measures(each, dialect) or measures(spec, dialect))
    if measures(spec, dialect) == "thresholdMetric" and len(objectives.value) > 1:
        objectives.wrong("length", "a thresholdMetric has one objective")


def _check_target(objective: Field) -> None:
    objective.at("displayName").text()
    objective.only_one("target", "targetPercent")
    objective.at("target").within("[0, 1)")
    objective.at("targetPercent").within("[0, 100)")


def _check_slices(objective: Field, method: str | None) -> None:
    objective.at("timeSliceTarget").within("(0, 1]", required=method == "Timeslices")
    sliced = method in {"Timeslices", "RatioTimeslices"}
    check_slice_window(objective.at("timeSliceWindow"), required=sliced)


def _check_threshold(objective: Field, metric: str | None) -> None:
    """`op` and `value` compare a threshold metric; a ratio has nothing to compare. What an SLI that
    is referred to needs, its reader may not know.
    """
    op, value = objective.at("op"), objective.at("value")
    if metric == "ratioMetric":
        for each in (op, value):
            if each:
                each.note("not_used", "the indicator is a ratio, which is compared with nothing")
        return
    op.one_of(OPERATORS, required=metric == "thresholdMetric")
    value.number(required=metric == "thresholdMetric")
