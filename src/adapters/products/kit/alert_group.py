"""A group of alerts, as Alertmanager and Grafana alerting send it. Of all fields only what tells an
alert from others is needed; what an alert leaves out is taken from what the group has in common.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from adapters.products.kit.alert_words import IN_THE_TITLE, details_of, links_of
from adapters.products.kit.service_labels import service_of
from domain.incident.alerts.alert import Alert, AlertKind, Opens
from domain.incident.alerts.labels import telling_labels
from handlers.ingest.flaws import note
from handlers.ingest.reading import one_reading
from handlers.ingest.reports import (
    REPORTS_MAX,
    Reading,
    Report,
    Translation,
    Unintelligible,
    UnusableError,
    digest,
    line,
    link,
    moment,
    name,
    part,
    text,
    too_many,
)
from handlers.ingest.shapes import TEXT, TEXTS

KINDS = {"firing": AlertKind.TRIGGERED, "resolved": AlertKind.RESOLVED}
SEVERITY_LABELS = ("severity", "priority", "level")
LABELS_MAX = 100

Object = dict[str, object]

SHAPE: Mapping[str, Any] = {
    **dict.fromkeys(("status", "title", "groupKey", "externalURL"), TEXT),
    **dict.fromkeys(("commonLabels", "commonAnnotations", "groupLabels"), TEXTS),
    "alerts": [
        {
            **dict.fromkeys(("status", "fingerprint", "generatorURL", "valueString"), TEXT),
            **dict.fromkeys(("labels", "annotations"), TEXTS),
            **dict.fromkeys(("panelURL", "dashboardURL", "silenceURL", "imageURL"), TEXT),
        }
    ],
}


COMMON_CHARS_MAX = 64 * 1024 * 1024
"""What the alerts of a body have in common is repeated for each; all of it together is limited."""


@dataclass(frozen=True)
class AlertGroup:
    """One body, and where it came from."""

    product: str
    source: str
    opens: Opens
    body: Object

    @cached_property
    def labels(self) -> dict[str, str]:
        """Those that all of its alerts have."""
        return labels_of(self.body, "commonLabels")

    @cached_property
    def notes(self) -> dict[str, str]:
        """The annotations that all of its alerts have."""
        return labels_of(self.body, "commonAnnotations")

    @property
    def common_chars(self) -> int:
        """How long that is which all of its alerts have."""
        return sum(len(said) for each in (self.labels, self.notes) for said in each.values())

    @cached_property
    def key(self) -> str | None:
        """What tells it from others."""
        return group_key(self.body)


NamedLinks = tuple[tuple[str, object], ...]
"""Names and what should be URLs, the most useful first."""

Details = Callable[[Object], tuple[str | None, NamedLinks]]
"""What a product says of an alert in fields of its own: a text, and where to look."""


def graph_alone(alert: Object) -> tuple[str | None, NamedLinks]:
    """What every alert has."""
    return None, (("Graph", alert.get("generatorURL")),)


def reports(group: AlertGroup, details: Details = graph_alone) -> Translation:
    """A report for each alert of the group. One that is not understood costs only itself."""
    alerts = group.body.get("alerts")
    if alerts is None or alerts == []:
        # Cut down by somebody on the way: what the alerts have in common stands for them.
        if not (group.labels or group.body.get("groupKey")):
            fault = Unintelligible("body.wrong_shape", "the body has no `alerts`")
            return (fault,)
        alerts = [{}]
    if not isinstance(alerts, list):
        return (Unintelligible("body.wrong_shape", "`alerts` is not a list"),)
    if len(alerts) > REPORTS_MAX:
        return (too_many(len(alerts)),)
    if group.common_chars * len(alerts) > COMMON_CHARS_MAX:
        reason = f"{len(alerts):,} alerts have {group.common_chars:,} characters in common"
        return (Unintelligible("body.too_many", reason),)
    _note_what_was_left_out(group.body)
    return tuple(
        _outcome(group, alert, f"alert {place} of {len(alerts)}", details)
        for place, alert in enumerate(alerts, start=1)
    )


def _note_what_was_left_out(body: Object) -> None:
    """Senders cut off what is more than their `max_alerts`, and say how many alerts that were."""
    left_out = line(body.get("truncatedAlerts")) or ""
    if left_out.isascii() and left_out.isdigit() and len(left_out) < 10 and int(left_out):
        note(f"its sender has left out {int(left_out):,} more alerts of the group (`max_alerts`)")


def _outcome(group: AlertGroup, alert: object, place: str, details: Details) -> Reading:
    if not isinstance(alert, dict):
        return Unintelligible("body.wrong_shape", f"{place} is not an object")
    fingerprint = line(alert.get("fingerprint"), 50)
    named = f"{place} ({fingerprint})" if fingerprint else place
    return one_reading(lambda: _report(group, alert, details), named)


def _report(group: AlertGroup, alert: Object, details: Details) -> Report:
    body = group.body
    labels = group.labels | labels_of(alert, "labels")
    notes = group.notes | labels_of(alert, "annotations")
    kind = kind_of(alert, body)
    started, ended = _times(alert, kind)
    alert_id = identity(alert, labels, group)
    said, named = details(alert)
    home = (group.product.capitalize(), body.get("externalURL"))
    links = links_of(notes, (*named, home))
    return Report(
        Alert(
            product=group.product,
            source=group.source,
            alert_id=alert_id,
            event_id=event_id(alert_id, kind, started, ended),
            kind=kind,
            episode=started.isoformat() if started else None,
            opens=group.opens,
            title=title_of(labels, notes, body),
            service=service_of(labels),
            began_at=started,
            priority=first(labels, *SEVERITY_LABELS),
            # What is the matter is no more so once it is over.
            text=None if kind is AlertKind.RESOLVED else details_of(notes, said),
            url=next(filter(None, (link(url) for _, url in (*named, home))), None),
            labels=telling_labels(labels, group.labels),
            links=links,
        ),
        started if kind is AlertKind.TRIGGERED else ended,
        labels=labels,
        group=group.key,
        recurs=True,
        dated=kind is not AlertKind.TRIGGERED,
    )


def _times(alert: Object, kind: AlertKind) -> tuple[datetime | None, datetime | None]:
    """When it began, and when it ended, which is of no concern while it fires."""
    ended = moment(alert.get("endsAt"), "endsAt") if kind is AlertKind.RESOLVED else None
    return moment(alert.get("startsAt"), "startsAt"), ended


def kind_of(alert: Object, body: Object) -> AlertKind:
    """Whether it fires or is over. Raises `UnusableError` for another status."""
    status = alert.get("status") or body.get("status")
    if isinstance(status, str) and status.strip().lower() in KINDS:
        return KINDS[status.strip().lower()]
    if status is None or status == "":
        raise UnusableError("event_type.missing", "it has no `status`")
    raise UnusableError("event_type.unknown", f"unknown status: {line(status)!r}")


def labels_of(holder: Object, field: str) -> dict[str, str]:
    """Labels or annotations: short texts by name, those that say something."""
    found = {key: text(value) for key, value in list(part(holder.get(field)).items())[:LABELS_MAX]}
    return {key[:200]: value for key, value in found.items() if value}


def identity(alert: Object, labels: dict[str, str], group: AlertGroup) -> str:
    """What tells an alert from others: its fingerprint, or a digest of its labels where an old
    version sends none; of a group without alerts, its key. Raises `UnusableError`.
    """
    if alert.get("fingerprint") not in (None, ""):
        return name(alert["fingerprint"], "alert_id")
    said = labels or line(alert.get("generatorURL")) or group.key
    if not said:
        raise UnusableError("alert_id.missing", "it has neither `fingerprint` nor `labels`")
    return digest(said)


def group_key(body: Object) -> str | None:
    """What tells a group from others, short enough to be kept."""
    given = body.get("groupKey")
    if isinstance(given, str) and given.strip():
        return line(given) if len(given) <= 200 and given.isprintable() else digest(given)
    labels = labels_of(body, "groupLabels")
    return digest(labels) if labels else None


def event_id(
    alert_id: str, kind: AlertKind, started: datetime | None, ended: datetime | None
) -> str:
    """The same for each repetition. While it fires `endsAt` says nothing: some senders put there
    when they will give up waiting.
    """
    ends = ended.isoformat() if ended and kind is AlertKind.RESOLVED else ""
    starts = started.isoformat() if started else ""
    return digest([alert_id, kind.value, starts, ends])


STAND_INS = {"DatasourceNoData": "no data", "DatasourceError": "its query fails"}
"""What Grafana calls any alert whose rule finds nothing, or cannot ask; `rulename` is which one."""


def alert_name(labels: dict[str, str]) -> str | None:
    """The name of an alert: that of its rule, also where a stand-in fires."""
    named, rule = first(labels, "alertname"), first(labels, "rulename")
    if named in STAND_INS and rule:
        return f"{rule}: {STAND_INS[named]} ({named})"
    return named


def title_of(labels: dict[str, str], notes: dict[str, str], body: Object) -> str | None:
    """What it is about in a line: what its author wrote for people, else its name."""
    named = alert_name(labels)
    where = first(labels, "instance", "host", "pod", "node")
    fallback = f"{named} on {where}" if named and where else named
    written = first(notes, *IN_THE_TITLE)
    if written and named and not _names(written, named):
        written = line(f"{named}: {written}")
    return written or fallback or line(body.get("title")) or first(notes, "description")


def _names(text: str, named: str) -> bool:
    """Whether a name stands in a text by itself, and not within another one."""
    return re.search(rf"(?<!\w){re.escape(named)}(?!\w)", text, re.IGNORECASE) is not None


def first(said: dict[str, str], *names: str) -> str | None:
    """The first of these that says something, on one line."""
    return next(filter(None, (line(said.get(name)) for name in names)), None)
