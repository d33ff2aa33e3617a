"""What an Opsgenie alert webhook says.

Source: support.atlassian.com/opsgenie/docs/opsgenie-edge-connector-alert-action-data (the same
bodies come from Jira Service Management Operations). There is no event id and no status. A custom
action puts its own name in `action`. `createdAt` is in milliseconds, `updatedAt` in nanoseconds or
milliseconds; an escalation carries neither.
"""

from datetime import datetime, timedelta

from adapters.products.kit.alert_words import links_of
from adapters.products.opsgenie.wording import named, wording
from domain.incident.alerts.alert import Alert, AlertKind, Opens
from domain.incident.alerts.labels import telling_labels
from domain.kernel.commit import EPOCH
from handlers.ingest.reports import (
    Reading,
    Report,
    UnusableError,
    decorative,
    digest,
    incident_key,
    line,
    link,
    name,
    of_one_report,
    part,
)

PRODUCT = "opsgenie"

KINDS: dict[str, AlertKind] = {
    "create": AlertKind.TRIGGERED,
    "acknowledge": AlertKind.ACKNOWLEDGED,
    "unacknowledge": AlertKind.UNACKNOWLEDGED,
    "addnote": AlertKind.ANNOTATED,
    "assignownership": AlertKind.REASSIGNED,
    "takeownership": AlertKind.REASSIGNED,
    "escalate": AlertKind.ESCALATED,
    "escalatenext": AlertKind.ESCALATED,
    "escalatetonext": AlertKind.ESCALATED,
    "updatepriority": AlertKind.PRIORITY_UPDATED,
    "close": AlertKind.RESOLVED,
    # Nothing more will ever be heard of a deleted alert: left open, it would stay so for ever.
    "delete": AlertKind.RESOLVED,
}
"""By the name of the action in lower case. Every other action only updates, custom ones too."""

ABOUT_THE_DELIVERY = frozenset(
    {"alertFlowContext", "headers", "integrationId", "integrationName", "integrationType"}
)
"""What differs between two deliveries of one report, and says nothing about the alert."""

UNIT_PER_SECOND = ((10**11, 1), (10**14, 10**3), (10**17, 10**6), (10**20, 10**9))
"""Below which number a time since 1970 is in seconds, milli-, micro- or nanoseconds."""


def _report(body: dict[str, object], source: str, opens: Opens) -> Reading:
    action, alert = body.get("action"), body.get("alert")
    if not isinstance(action, str) or not action.strip():
        raise UnusableError("event_type.missing", "the body has no `action`")
    if not isinstance(alert, dict):
        raise UnusableError("body.wrong_shape", "the body has no `alert` object")
    key = action.replace(" ", "").replace("_", "").lower()
    kind = KINDS.get(key, AlertKind.UPDATED)
    return Report(
        Alert(
            product=PRODUCT,
            source=source,
            alert_id=name(alert.get("alertId"), "alert_id"),
            event_id=event_id(body),
            kind=kind,
            opens=opens,
            title=line(alert.get("message")),
            service=line(alert.get("entity")),
            began_at=decorative(alert.get("createdAt"), instant),
            priority=priority(alert.get("priority")),
            assignees=_assignees(kind, alert),
            by=line(alert.get("username")) or line(part(body.get("source")).get("name")) or None,
            text=wording(key, action, body),
            labels=_labels(alert),
            links=links_of(part(alert.get("details"))),
        ),
        _occurred_at(kind, alert),
        paged_for=incident_key(alert.get("alias")),
    )


translate = of_one_report(_report)


def event_id(body: dict[str, object]) -> str:
    """An id for the report, the same for each delivery of it: a digest of all that it says."""
    said = {key: value for key, value in body.items() if key not in ABOUT_THE_DELIVERY}
    return digest(said, chars=64)


def priority(value: object) -> str | None:
    """`3`, `"3"` and `"P3"` are all `P3`; other texts stay as they are."""
    said = line(value)
    return f"P{said}" if said in ("1", "2", "3", "4", "5") else said or None


def _labels(alert: dict[str, object]) -> tuple[tuple[str, str], ...]:
    """What tells it from others: the details that its sender gave it, and its source."""
    details = {
        line(key) or "": value
        for key, said in part(alert.get("details")).items()
        if (value := line(said)) and not link(said)
    }
    source, tags = line(alert.get("source")), named(alert.get("tags"))
    given = {"source": source, "tags": tags}
    return telling_labels(details | {key: value for key, value in given.items() if value})


def _assignees(kind: AlertKind, alert: dict[str, object]) -> tuple[str, ...]:
    if kind is not AlertKind.REASSIGNED:
        return ()
    owner = line(alert.get("owner")) or line(alert.get("username"))
    return (owner,) if owner else ()


def _occurred_at(kind: AlertKind, alert: dict[str, object]) -> datetime | None:
    """An alert is triggered when it is created: a team that is added later gets a Create too."""
    if kind is AlertKind.TRIGGERED:
        return instant(alert.get("createdAt")) or instant(alert.get("updatedAt"))
    return instant(alert.get("updatedAt"))


def instant(value: object) -> datetime | None:
    """A time since 1970 in the unit that its size tells; None if there is none.

    Raises `UnusableError` for anything that is no such time.
    """
    if value is None or value in ("", 0):
        return None
    if isinstance(value, str) and value.strip().isdecimal() and len(value) <= LONGEST_NUMBER:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        for limit, per_second in UNIT_PER_SECOND:
            if value < limit:
                seconds, rest = divmod(value, per_second)
                return EPOCH + timedelta(seconds=seconds, microseconds=rest * 10**6 // per_second)
    raise UnusableError("occurred_at.unusable", f"not a time since 1970: {line(value)!r}")


LONGEST_NUMBER = 20
