"""What an Opsgenie alert webhook says.

Source: support.atlassian.com/opsgenie/docs/opsgenie-edge-connector-alert-action-data (the same
bodies come from Jira Service Management Operations). There is no event id and no status. A custom
action puts its own name in `action`. `createdAt` is in milliseconds, `updatedAt` in nanoseconds or
milliseconds; an escalation carries neither.
"""

from datetime import datetime

from adapters.products.kit.alert_words import links_of
from adapters.products.opsgenie.wording import RESTATING, details_changed, named, wording
from domain.incident.alerts.alert import Alert, AlertKind, Opens
from domain.incident.alerts.labels import telling_labels
from handlers.ingest.reading import of_one_report
from handlers.ingest.reports import (
    Reading,
    Report,
    UnusableError,
    Unwanted,
    digest,
    incident_key,
    instant,
    line,
    link,
    name,
    part,
    text,
)
from handlers.ingest.shapes import TEXT

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

OPEN = "open"
"""What `alert.status` says of an alert that is on, where a body has it."""

DESCRIBING = frozenset({"create", "updatedescription"})
"""Actions that say what is the matter; the details are told as labels."""

TRIES = frozenset({"test", "testaction", "testalert", "testwebhook", "ping"})
"""What an action is called that somebody has tried the webhook with."""

ABOUT_THE_DELIVERY = frozenset(
    {"alertFlowContext", "headers", "integrationId", "integrationName", "integrationType"}
)
"""What differs between two deliveries of one report, and says nothing about the alert."""

FOR_A_TEAM = frozenset({"responders", "team", "teams", "updatedAt"})
"""An alert is created once; each team that is added to it is told of that again."""


def _report(body: dict[str, object], source: str, opens: Opens) -> Reading:
    action, alert = body.get("action"), body.get("alert")
    if not isinstance(action, str) or not action.strip():
        raise UnusableError("event_type.missing", "the body has no `action`")
    if _plain(action) in TRIES:
        return Unwanted("somebody has tried whether notifications arrive")
    if not isinstance(alert, dict):
        raise UnusableError("body.wrong_shape", "the body has no `alert` object")
    key = _plain(action)
    kind = KINDS.get(key, AlertKind.UPDATED)
    return Report(
        Alert(
            product=PRODUCT,
            source=source,
            alert_id=name(alert.get("alertId"), "alert_id"),
            event_id=event_id(body, kind),
            kind=kind,
            opens=opens,
            title=line(alert.get("message")),
            service=line(alert.get("entity")),
            began_at=instant(alert.get("createdAt"), "createdAt"),
            priority=priority(alert.get("priority")),
            assignees=_assignees(kind, alert),
            by=line(alert.get("username")) or line(part(body.get("source")).get("name")) or None,
            in_person=_in_person(body, alert),
            text=wording(key, action, body),
            description=text(alert.get("description")) if key in DESCRIBING else None,
            fields=details_changed(key, alert),
            restates=key in RESTATING and not line(alert.get("note")),
            labels=_labels(alert),
            links=links_of(part(alert.get("details"))),
        ),
        _occurred_at(kind, alert),
        # A tag, a snooze or an action of one's own is possible on what is closed as well.
        aside=kind is AlertKind.UPDATED and _status(alert) != OPEN,
        paged_for=incident_key(alert.get("alias")),
    )


translate = of_one_report(
    _report,
    {
        "action": TEXT,
        "alert": dict.fromkeys(
            ("alertId", "alias", "entity", "message", "owner", "priority", "username"), TEXT
        ),
    },
)


def _status(alert: dict[str, object]) -> str:
    return (line(alert.get("status")) or "").lower()


def _plain(action: str) -> str:
    return action.replace(" ", "").replace("_", "").lower()


MACHINES = ("api", "default", "integration", "policy", "system")
"""What `source.type` says where no person has acted."""


def _in_person(body: dict[str, object], alert: dict[str, object]) -> bool:
    """Whether a user has done it: users go by their e-mail address, and integrations by a name."""
    way = line(part(body.get("source")).get("type")) or ""
    return "@" in (line(alert.get("username")) or "") and way.lower() not in MACHINES


def event_id(body: dict[str, object], kind: AlertKind) -> str:
    """An id for the report, the same for each delivery of it: a digest of all that it says."""
    said = {key: value for key, value in body.items() if key not in ABOUT_THE_DELIVERY}
    if kind is AlertKind.TRIGGERED:
        alert = part(body.get("alert"))
        said["alert"] = {key: value for key, value in alert.items() if key not in FOR_A_TEAM}
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
        created = instant(alert.get("createdAt"), "createdAt")
        return created or instant(alert.get("updatedAt"), "updatedAt")
    return instant(alert.get("updatedAt"), "updatedAt")
