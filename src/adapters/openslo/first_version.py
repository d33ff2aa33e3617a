"""OpenSLO v1alpha: services, and SLOs whose metrics stand in the SLO itself."""

from adapters.openslo.dialects import DESCRIPTION_MOST, OPERATORS, check_description
from adapters.openslo.fields import Field
from adapters.openslo.times import check_rolling

UNITS = ("Second", "Day", "Week", "Month", "Quarter")
METHODS = ("Occurrences", "Timeslices")


def check_first_slo(spec: Field) -> None:
    """The `spec` of an SLO of v1alpha."""
    known = (
        *("description", "service", "indicator", "budgetingMethod", "timeWindows"),
        "objectives",
    )
    if not spec.mapping(known, required=True):
        return
    check_description(spec)
    spec.at("service").text(required=True)
    method = spec.at("budgetingMethod").one_of(METHODS, required=True)
    _check_windows(spec.at("timeWindows"))
    ratios = [each for each in spec.at("objectives").items() if each.at("ratioMetrics")]
    if bool(ratios) == bool(spec.at("indicator")):
        spec.wrong("exclusive", "one of indicator and objectives[*].ratioMetrics is needed")
    if spec.at("indicator").mapping(("thresholdMetric",)):
        _check_source(spec.at("indicator").at("thresholdMetric"))
    if spec.at("objectives").sequence(1):
        for each in spec.at("objectives").items():
            _check_objective(each, method)


def _check_windows(windows: Field) -> None:
    if not windows.sequence(1, 1):
        return
    for each in windows.items():
        if each.mapping(("unit", "count", "isRolling", "calendar"), required=True):
            each.at("unit").one_of(UNITS, required=True)
            count = each.at("count")
            count.within("[1, inf)", required=True)
            if isinstance(count.value, float):
                count.wrong("type", "a whole number stands here")
            check_rolling(each)


def _check_objective(objective: Field, method: str | None) -> None:
    known = ("displayName", "value", "ratioMetrics", "target", "timeSliceTarget", "op")
    if not objective.mapping(known, required=True):
        return
    objective.at("displayName").text(most=DESCRIPTION_MOST)
    objective.at("value").number(required=True)
    objective.at("target").within("[0, 1)", required=True)
    objective.at("timeSliceTarget").within("[0, 1]", required=method == "Timeslices")
    ratio = objective.at("ratioMetrics")
    if not ratio:
        objective.at("op").one_of(OPERATORS, required=True)
        return
    if objective.at("op"):
        objective.at("op").wrong("forbidden", "a ratio is compared with nothing")
    if ratio.mapping(("good", "total", "incremental")):
        ratio.at("incremental").flag()
        _check_source(ratio.at("good"))
        _check_source(ratio.at("total"))


def _check_source(source: Field) -> None:
    if not source.mapping(("source", "queryType", "query"), required=True):
        return
    for name in ("source", "queryType"):
        word = source.at(name).text(required=True)
        if word and not (word.isascii() and word.isalpha()):
            source.at(name).wrong("letters", f"{word!r} has something else than letters")
    source.at("query").text(required=True)
