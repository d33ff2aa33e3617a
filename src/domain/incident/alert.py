"""An alert from a paging product: what it says, and how the alerts of one incident are ordered.

Products deliver at least once and out of order. Whatever an incident takes from its alerts follows
from the *set* of alerts received, never from the order of their arrival: the latest one by its own
clock wins, field by field. So any order, and any repetition, gives the same incident.
"""

import re
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import msgspec

from domain.commit import Instant
from domain.policy import Policy, Severity

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


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


_LEVEL = re.compile(r"\s*([A-Z]+)(?:[\s-]?([0-9]+))?\b")

RANK = {kind: place for place, kind in enumerate(AlertKind)}


class Opens(StrEnum):
    """What an alert for something not seen before becomes, by the configuration of its source."""

    INCIDENT = "incident"
    TRIAGE = "triage"


class Alert(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One delivery of a paging product, translated. `alert_id` names the product's incident or
    alert, `event_id` this report of it. None: the product does not say.
    """

    product: Name
    source: Name
    alert_id: Name
    event_id: Name
    kind: AlertKind
    opens: Opens = Opens.INCIDENT
    title: str | None = None
    service: str | None = None
    began_at: Instant | None = None
    """When the alert as a whole began, which may be long before this report of it."""
    priority: str | None = None
    urgency: str | None = None
    assignees: tuple[str, ...] = ()
    by: str | None = None
    text: str | None = None
    url: str | None = None


class Latest(msgspec.Struct, frozen=True, array_like=True, order=True):
    """A value with the clock of the alert that it comes from."""

    at: datetime
    rank: int
    event_id: str
    value: Any

    def beats(self, other: "Latest | None") -> bool:
        """Whether this value replaces the other, whichever of the two arrived first."""
        if other is None:
            return True
        return (self.at, self.rank, self.event_id) > (other.at, other.rank, other.event_id)


class AlertRegister(msgspec.Struct, frozen=True, omit_defaults=True):
    """What all alerts of an incident together say, one latest value per question. `first_at`,
    `began_at` (unknown if all that was heard came later) and `acknowledged_at` are the earliest;
    `priorities` and `urgencies` are all severities claimed, in order; `resolutions` those after
    the last reopening, in order, as a product may close and then delete; `opened_incident`: not
    all came from a triage source.
    """

    first_at: datetime | None = None
    began_at: datetime | None = None
    title: Latest | None = None
    service: Latest | None = None
    priorities: tuple[Latest, ...] = ()
    urgencies: tuple[Latest, ...] = ()
    acknowledgement: Latest | None = None
    acknowledged_at: datetime | None = None
    resolutions: tuple[Latest, ...] = ()
    reopening: Latest | None = None
    refs: tuple[tuple[str, str, str], ...] = ()
    opened_incident: bool = False

    @property
    def claims(self) -> tuple[Latest, ...]:
        """The severities that alerts stand for, in order: by priority, else by urgency."""
        return self.priorities or self.urgencies


def last_change(claims: tuple[Latest, ...]) -> Latest:
    """The claim that brought the present value: most alerts only repeat it."""
    found = claims[-1]
    for claim in reversed(claims):
        if claim.value != found.value:
            break
        found = claim
    return found


ACKNOWLEDGEMENTS = {
    AlertKind.ACKNOWLEDGED: True,
    AlertKind.UNACKNOWLEDGED: False,
    AlertKind.REOPENED: False,
}


def register(
    known: AlertRegister, alert: Alert, at: datetime, severity: Severity | None
) -> AlertRegister:
    """The register with one more alert; the order in which alerts are added does not matter."""

    def newer(current: Latest | None, value: object) -> Latest | None:
        if value is None:
            return current
        candidate = Latest(at, RANK[alert.kind], alert.event_id, value)
        return candidate if candidate.beats(current) else current

    priorities, urgencies = known.priorities, known.urgencies
    if severity is not None:
        claim = Latest(at, RANK[alert.kind], alert.event_id, severity.value)
        if alert.priority:
            priorities = tuple(sorted({*priorities, claim}))
        else:
            urgencies = tuple(sorted({*urgencies, claim}))
    began_at = alert.began_at or (at if alert.kind is AlertKind.TRIGGERED else None)
    ref = (alert.product, alert.source, alert.alert_id)
    acknowledged_at = known.acknowledged_at
    if alert.kind is AlertKind.ACKNOWLEDGED:
        acknowledged_at = min(acknowledged_at or at, at)
    reopening, resolutions = known.reopening, known.resolutions
    if alert.kind is AlertKind.REOPENED:
        reopening = newer(reopening, value=True)
        resolutions = tuple(each for each in resolutions if each.beats(reopening))
    elif alert.kind is AlertKind.RESOLVED:
        resolution = Latest(at, RANK[alert.kind], alert.event_id, value=True)
        if resolution.beats(reopening):
            resolutions = tuple(sorted({*resolutions, resolution}))
    return AlertRegister(
        first_at=min(known.first_at or at, at),
        title=newer(known.title, alert.title),
        service=newer(known.service, alert.service),
        began_at=earliest(known.began_at, began_at and min(began_at, at)),
        priorities=priorities,
        urgencies=urgencies,
        acknowledgement=newer(known.acknowledgement, ACKNOWLEDGEMENTS.get(alert.kind)),
        acknowledged_at=acknowledged_at,
        resolutions=resolutions,
        reopening=reopening,
        opened_incident=known.opened_incident or alert.opens is Opens.INCIDENT,
        refs=known.refs if ref in known.refs else tuple(sorted({*known.refs, ref})),
    )


def earliest(known: datetime | None, other: datetime | None) -> datetime | None:
    """The earlier of two times, of which each may be unknown."""
    if known is None or other is None:
        return known or other
    return min(known, other)


def severity_of(alert: Alert, policy: Policy) -> Severity | None:
    """The severity that an alert's priority stands for, else its urgency; None: it names neither.

    A priority counts by the level that begins its name: `P1`, `P1: Critical`, `SEV-2`, `Sev 2`.
    """
    matched = _LEVEL.match((alert.priority or "").upper())
    name = "".join(part for part in matched.groups() if part) if matched else ""
    if name in policy.alert_priorities:
        return policy.alert_priorities[name]
    return policy.alert_urgencies.get(alert.urgency or "")
