"""Service level indicators: what is measured, as a ratio or against a threshold."""

from adapters.openslo.dialects import V2ALPHA, Dialect, check_description, check_metadata
from adapters.openslo.fields import Field

RATIO = ("counter", "good", "bad", "total", "rawType", "raw")


def check_sli(spec: Field, dialect: Dialect) -> None:
    """The `spec` of an SLI."""
    if not spec.mapping(("description", "thresholdMetric", "ratioMetric"), required=True):
        return
    check_description(spec)
    spec.only_one("thresholdMetric", "ratioMetric")
    if spec.at("thresholdMetric"):
        _check_metric(spec.at("thresholdMetric"), dialect)
    if spec.at("ratioMetric").mapping(RATIO):
        _check_ratio(spec.at("ratioMetric"), dialect)


def check_inline_sli(inline: Field, dialect: Dialect) -> None:
    """An SLI that stands within an SLO."""
    if inline.mapping(("metadata", "spec")):
        check_metadata(inline.at("metadata"), dialect.version)
        check_sli(inline.at("spec"), dialect)


def check_data_source(spec: Field, *, required: bool = True) -> None:
    """The `spec` of a DataSource; how one connects is up to its type."""
    if spec.mapping(("description", "type", "connectionDetails"), required=required):
        check_description(spec)
        spec.at("type").text(required=True)
        if not spec.at("connectionDetails"):
            spec.at("connectionDetails").wrong("required", "it is missing")


def _check_ratio(ratio: Field, dialect: Dialect) -> None:
    """`good` or `bad` over `total`, or a ratio that is computed already, with what it is of."""
    ratio.at("counter").flag()
    for each in ("good", "bad", "total", "raw"):
        if ratio.at(each):
            _check_metric(ratio.at(each), dialect)
    raw, total, parts = ratio.at("raw"), ratio.at("total"), ratio.has("good", "bad")
    if bool(raw) == bool(total):
        ratio.only_one("total", "raw")
    elif raw and parts:
        ratio.wrong("exclusive", f"raw is a ratio already, and {' and '.join(parts)} is here")
    elif total and len(parts) != 1:
        ratio.only_one("good", "bad")
    elif raw:
        ratio.at("rawType").one_of(("success", "failure"), required=True)
    elif ratio.at("rawType"):
        ratio.at("rawType").wrong("forbidden", "it says what raw is a ratio of, and raw is absent")


def _check_metric(metric: Field, dialect: Dialect) -> None:
    if dialect.version == V2ALPHA:
        if metric.mapping(("dataSourceRef", "dataSourceSpec", "spec")):
            metric.only_one("dataSourceRef", "dataSourceSpec")
            metric.at("dataSourceRef").label()
            check_data_source(metric.at("dataSourceSpec"), required=False)
            metric.at("spec").mapping()
        return
    if not metric.mapping(("metricSource",)):
        return
    source = metric.at("metricSource")
    if not source.mapping(("metricSourceRef", "type", "spec"), required=True):
        return
    source.at("metricSourceRef").label()
    source.at("type").text()
    spec = source.at("spec")
    if spec.mapping(required=True) and not spec.value:
        spec.wrong("required", "it is empty: nothing says what to ask for")
    if not source.has("metricSourceRef", "type"):
        source.wrong("required", "a type is needed, where no metricSourceRef says it")
