"""The kinds of objects that OpenSLO has, and what each of them must be like."""

from collections.abc import Mapping
from typing import Any

from adapters.openslo.alerting import (
    Check,
    check_alert_condition,
    check_alert_policy,
    check_target,
)
from adapters.openslo.dialects import (
    DIALECTS,
    V1ALPHA,
    VERSIONS,
    Dialect,
    check_description,
    check_metadata,
)
from adapters.openslo.fields import Field, Found
from adapters.openslo.first_version import check_first_slo
from adapters.openslo.indicators import check_data_source, check_sli
from adapters.openslo.objectives import check_slo


def _service(spec: Field, dialect: Dialect | None = None) -> None:
    if spec.mapping(("description",)):
        check_description(spec)


def _data_source(spec: Field, dialect: Dialect) -> None:
    check_data_source(spec)


KINDS: Mapping[str, Check] = {
    "Service": _service,
    "SLO": check_slo,
    "SLI": check_sli,
    "DataSource": _data_source,
    "AlertPolicy": check_alert_policy,
    "AlertCondition": check_alert_condition,
    "AlertNotificationTarget": check_target,
}
FIRST_KINDS = ("Service", "SLO")


def found_in(content: Any) -> Found:
    """What is to be said of an object; its references to others are not looked at."""
    found = Found()
    root = Field(content, "", found)
    if not root.mapping(("apiVersion", "kind", "metadata", "spec"), required=True):
        return found
    version = root.at("apiVersion").one_of(VERSIONS, required=True)
    if version is None:
        return found  # what the other fields are depends on it
    kinds = FIRST_KINDS if version == V1ALPHA else tuple(KINDS)
    kind = root.at("kind").one_of(kinds, required=True)
    check_metadata(root.at("metadata"), version)
    if kind is None:
        return found
    spec = root.at("spec")
    if version != V1ALPHA:
        KINDS[kind](spec, DIALECTS[version])
    elif kind == "SLO":
        check_first_slo(spec)
    else:
        _service(spec)
    return found
