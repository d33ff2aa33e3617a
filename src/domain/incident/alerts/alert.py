"""An alert from a paging product: what one report of it says."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec

from domain.incident.impact import Impact
from domain.incident.others import OtherIncident
from domain.kernel.commit import Instant

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=1_024)]


class AlertKind(StrEnum):
    """What an alert reports, in the order that breaks a tie between alerts of one instant."""

    TRIGGERED = "triggered"
    REASSIGNED = "reassigned"
    DELEGATED = "delegated"
    ESCALATED = "escalated"
    PRIORITY_UPDATED = "priority_updated"
    UPDATED = "updated"
    ACKNOWLEDGED = "acknowledged"
    UNACKNOWLEDGED = "unacknowledged"
    ANNOTATED = "annotated"
    RESOLVED = "resolved"
    REOPENED = "reopened"


RANK = {kind: place for place, kind in enumerate(AlertKind)}


class Opens(StrEnum):
    """What an alert for something not seen before becomes, by the configuration of its source."""

    INCIDENT = "incident"
    TRIAGE = "triage"


class Link(msgspec.Struct, frozen=True):
    """Somewhere to look, under a name for people: `Runbook`, `Graph`."""

    name: str
    url: str


class Change(msgspec.Struct, frozen=True):
    """What a report says otherwise than the one before it of the same firing: `title`, `text`,
    `priority`, `assignees`, `service`, `link <name>`, or the name of a label or field; of a text,
    the lines that differ. None: nothing was said; an empty text: only more is said than before.
    """

    what: str
    before: str | None
    now: str | None


class Alert(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One delivery of a paging product, translated. `alert_id` names the product's incident or
    alert, `event_id` this report of it. None: the product does not say.
    """

    product: Name
    source: Name
    alert_id: Name
    event_id: Name
    kind: AlertKind
    episode: str | None = None
    """Which firing of the alert, where the product uses an `alert_id` again and again."""
    opens: Opens = Opens.INCIDENT
    title: str | None = None
    service: str | None = None
    began_at: Instant | None = None
    """When the alert as a whole began, which may be long before this report of it."""
    priority: str | None = None
    urgency: str | None = None
    assignees: tuple[str, ...] = ()
    by: str | None = None
    by_id: str | None = None
    """What the product calls who did it, where that is no name: by it the directory knows them."""
    in_person: bool = False
    """Whether the product says that a person has done it, and no monitor, rule or integration."""
    text: str | None = None
    url: str | None = None
    labels: tuple[tuple[str, str], ...] = ()
    """What tells it from others like it, the most telling first: see `telling_labels`."""
    links: tuple[Link, ...] = ()
    """Where to look, the most useful first; `url` may be one of them."""
    impact: Impact | None = None
    flaws: tuple[str, ...] = ()
    """What of this report could not be read as it was meant, in words."""
    rule: str | None = None
    """The rule, of those that say what becomes of alerts, that brought it to this incident."""
    merged_into: str | None = None
    """The id of the product's incident that carries on for it: it was no end, but a merge."""
    storm: OtherIncident | None = None
    """The incident by which people are told of it, as one alert of many that began to fire."""
    description: str | None = None
    """What is the matter, where `text` says more than that, or what was done to it."""
    fields: tuple[tuple[str, str], ...] = ()
    """What else it says by name, of which a report may leave out what it does not change."""
    restates: bool = False
    """Whether `text` says no more than what else it states."""
    part: bool = False
    """Whether it is but a part of what another alert of its source may tell of as a whole."""


def beginning(alert: Alert, at: datetime) -> datetime | None:
    """When the alert began, as far as this report of it says."""
    if alert.began_at:
        return min(alert.began_at, at)
    return at if alert.kind is AlertKind.TRIGGERED else None
