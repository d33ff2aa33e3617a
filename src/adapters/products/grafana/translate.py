"""What a Grafana webhook says.

Source: grafana.com/docs/grafana/latest/alerting (webhook notifier). The body is that of
Alertmanager with more in it: `orgId`, `title`, `message`, and for each alert `values` or
`valueString` and links. Versions before 9 knew dashboard alerts, of which one body holds one, with
a `state` and no times (grafana.com/docs/grafana/v7.5/alerting/notifications).
"""

import msgspec

from adapters.products.kit.alert_group import (
    SHAPE,
    AlertGroup,
    NamedLinks,
    Object,
    labels_of,
    reports,
)
from adapters.products.kit.alert_words import links_of
from domain.incident.alerts.alert import Alert, AlertKind, Opens
from handlers.ingest.reading import of_reports
from handlers.ingest.reports import (
    Reading,
    Report,
    Translation,
    UnusableError,
    Unwanted,
    digest,
    items,
    line,
    link,
    part,
    text,
)
from handlers.ingest.shapes import OBJECT, TEXT, TEXTS

PRODUCT = "grafana"

STATES = {
    "alerting": AlertKind.TRIGGERED,
    # Whoever looks at a dashboard without data does not know that all is well.
    "no_data": AlertKind.TRIGGERED,
    "ok": AlertKind.RESOLVED,
}
"""By the state of a dashboard alert."""

TEST = "Test notification"
"""The name of the rule by which Grafana tries a channel of dashboard alerts."""
PASSED_OVER = ("pending", "paused", "unknown")
"""States in which a dashboard alert tells nothing yet, or nothing any more."""


def _reports(body: Object, source: str, opens: Opens) -> Translation:
    group = AlertGroup(PRODUCT, source, opens, body)
    if not body.keys() & {"alerts", "status"} and "state" in body:
        return (_dashboard_alert(group),)
    return reports(group, _details)


translate = of_reports(
    _reports,
    {
        **SHAPE,
        "state": TEXT,
        "ruleName": TEXT,
        "ruleUrl": TEXT,
        "message": TEXT,
        "orgId": TEXT,
        "tags": TEXTS,
        "evalMatches": [OBJECT],
    },
    per="alerts",
)


def _details(alert: Object) -> tuple[str | None, NamedLinks]:
    """The values that made it fire, and where to look at them."""
    values = part(alert.get("values"))
    said = ", ".join(
        f"{line(key)} = {line(value) or 'no value'}" for key, value in list(values.items())[:50]
    )
    said = said or text(alert.get("valueString")) or ""
    links = tuple((name, alert.get(field)) for field, name in LINKS.items())
    return f"Values: {said}" if said else None, links


LINKS = {
    "panelURL": "Panel",
    "dashboardURL": "Dashboard",
    "generatorURL": "Alert rule",
    "imageURL": "Image",
    "silenceURL": "Silence",
}
"""Fields with links, the best one first, and what is there."""


def _dashboard_alert(group: AlertGroup) -> Reading:
    body = group.body
    if line(body.get("ruleName")) == TEST and (line(body.get("title")) or "").endswith(TEST):
        return Unwanted("somebody has tried whether notifications arrive")
    state = (line(body.get("state")) or "").lower()
    if state in PASSED_OVER:
        return Unwanted(f"a dashboard alert is {state}")
    if state not in STATES:
        raise UnusableError("event_type.unknown", f"unknown state: {line(body.get('state'))!r}")
    said = (line(body.get("title")) or "").rpartition("] ")[2]
    rule = line(body.get("ruleId")) or line(body.get("ruleName")) or said
    if not rule:
        raise UnusableError("alert_id.missing", "the body has neither `ruleId` nor `ruleName`")
    tags = labels_of(body, "tags")
    values = (
        f"{line(part(match).get('metric')) or '?'} = {line(part(match).get('value'))}"
        for match in items(body.get("evalMatches"))
    )
    kind = STATES[state]
    no_data = "No data" if state == "no_data" else None
    said_lines = (no_data, text(body.get("message")), ", ".join(values))
    alert = Alert(
        product=PRODUCT,
        source=group.source,
        alert_id=f"{line(body.get('orgId')) or '1'}/{rule}",
        event_id=digest([rule, kind.value, msgspec.json.encode(body, order="sorted").decode()]),
        kind=kind,
        opens=group.opens,
        title=line(body.get("ruleName")) or said or rule,
        service=tags.get("service") or tags.get("app"),
        priority=tags.get("severity") or tags.get("priority"),
        # What is the matter is no more so once it is over.
        text=None if kind is AlertKind.RESOLVED else text("\n".join(filter(None, said_lines))),
        url=link(body.get("ruleUrl")),
        links=links_of({}, (("Panel", body.get("ruleUrl")), ("Image", body.get("imageUrl")))),
    )
    return Report(alert, labels=tags, recurs=True)
