"""Which alerts lead to incidents, and which train people to ignore pages: alert by alert."""

from collections.abc import Iterable, Mapping

import msgspec

from domain.incident.state import CATEGORIES
from domain.learning.insight.measured import MeasuredIncident
from domain.learning.insight.patterns import FEW

ALERTS_MOST = 200


class FiredAlert(msgspec.Struct, frozen=True, kw_only=True):
    """So many firings of an alert, by its source and title, that the same `rule` sent the same way:
    to an `incident`, or nowhere.
    """

    source: str
    title: str | None
    rule: str | None
    incident: str | None
    firings: int


class AlertQuality(msgspec.Struct, frozen=True, kw_only=True):
    """An alert: of its `firings`, `kept_out` opened nothing, by a `rule`, a silence or a window.
    Of the incidents that it was part of, `real` were declared and stood, `false_positives` were
    canceled, `ignored` ended without anybody having declared them, and `open` ones say nothing yet.
    `precision` is the share of real ones among those that are settled; null: none is. `few`: a
    small number.
    """

    source: str
    alert: str
    rules: tuple[str, ...]
    firings: int
    kept_out: int
    real: tuple[str, ...]
    false_positives: tuple[str, ...]
    ignored: tuple[str, ...]
    open: tuple[str, ...]
    precision: float | None
    few: bool


def alert_quality(
    fired: Iterable[FiredAlert], incidents: Mapping[str, MeasuredIncident]
) -> tuple[AlertQuality, ...]:
    """The alerts that fired most, by the incidents with these ids; others are not looked at."""
    groups: dict[tuple[str, str], list[FiredAlert]] = {}
    for each in fired:
        if each.incident is None or each.incident in incidents:
            groups.setdefault((each.source, each.title or "without a title"), []).append(each)
    found = [_quality(*key, rows, incidents) for key, rows in groups.items()]
    return tuple(sorted(found, key=lambda it: (-it.firings, it.source, it.alert)))[:ALERTS_MOST]


def _quality(
    source: str, alert: str, rows: list[FiredAlert], incidents: Mapping[str, MeasuredIncident]
) -> AlertQuality:
    ids = dict.fromkeys(row.incident for row in rows if row.incident)
    fates: dict[str, list[str]] = {"real": [], "false_positives": [], "ignored": [], "open": []}
    for id_ in ids:
        fates[_fate(incidents[id_])].append(incidents[id_].reference)
    settled = sum(len(fates[each]) for each in ("real", "false_positives", "ignored"))
    return AlertQuality(
        source=source,
        alert=alert,
        rules=tuple(dict.fromkeys(row.rule for row in rows if row.rule)),
        firings=sum(row.firings for row in rows),
        kept_out=sum(row.firings for row in rows if row.incident is None),
        precision=len(fates["real"]) / settled if settled else None,
        few=settled < FEW,
        **{name: tuple(refs) for name, refs in fates.items()},
    )


def _fate(incident: MeasuredIncident) -> str:
    match CATEGORIES[incident.status]:
        case "canceled":
            return "false_positives"
        case "triage" | "live":
            return "real" if incident.declared else "open"
        case "closed" if not incident.declared:
            return "ignored"
        case _:
            return "real"
