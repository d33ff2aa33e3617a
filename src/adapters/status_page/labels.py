"""How things are put on the status page: labels and times."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import NamedTuple

from domain.kernel.totality import total
from domain.status_page.components import Condition
from domain.status_page.public_incident import (
    MAINTENANCE_STATUSES,
    STATUSES,
    PublicImpact,
    PublicIncident,
)

LABELS = total(
    "labels of public statuses",
    STATUSES,
    {
        "investigating": "Investigating",
        "identified": "Identified",
        "mitigating": "Mitigating",
        "monitoring": "Monitoring",
        "resolved": "Resolved",
        "canceled": "Withdrawn",
        "merged": "Merged",
        "postmortem": "Post-mortem",
    },
)

MAINTENANCE_LABELS = total(
    "labels of maintenance",
    MAINTENANCE_STATUSES,
    {
        "scheduled": "Scheduled",
        "in_progress": "In progress",
        "investigating": "In progress",
        "identified": "In progress",
        "mitigating": "In progress",
        "monitoring": "Verifying",
        "resolved": "Completed",
        "canceled": "Canceled",
        "merged": "Merged",
        "postmortem": "Review",
    },
)

IMPACTS: Mapping[PublicImpact, tuple[str, ...]] = total(
    "impacts on the status page",
    PublicImpact,
    {
        PublicImpact.NONE: (),
        PublicImpact.MINOR: ("Minor impact",),
        PublicImpact.MAJOR: ("Major impact",),
        PublicImpact.CRITICAL: ("Critical impact",),
    },
)
"""Of none nothing is said: the words of the updates may well state some."""

CONDITIONS = total(
    "conditions on the status page",
    Condition,
    {
        Condition.OPERATIONAL: "Operational",
        Condition.UNDER_MAINTENANCE: "Under maintenance",
        Condition.DEGRADED_PERFORMANCE: "Degraded performance",
        Condition.PARTIAL_OUTAGE: "Partial outage",
        Condition.MAJOR_OUTAGE: "Major outage",
    },
)

BANNERS = total(
    "banners of the status page",
    Condition,
    {
        Condition.OPERATIONAL: "All systems operational",
        Condition.UNDER_MAINTENANCE: "Maintenance in progress",
        Condition.DEGRADED_PERFORMANCE: "Degraded performance",
        Condition.PARTIAL_OUTAGE: "Partial outage",
        Condition.MAJOR_OUTAGE: "Major outage",
    },
)


class ShownTime(NamedTuple):
    """A time for programs and for people."""

    iso: str
    text: str


def label(incident: PublicIncident, status: str) -> str:
    """A status in words."""
    return (MAINTENANCE_LABELS if incident.maintenance else LABELS)[status]


def impact(incident: PublicIncident) -> tuple[str, ...]:
    """How much an incident affects, in words, if there are any."""
    return ("Maintenance",) if incident.maintenance else IMPACTS[incident.affected]


def since(incident: PublicIncident) -> str:
    """What stands before the time at which it begins."""
    if incident.planned and not incident.took_place:
        return "Planned for "
    return "" if incident.ended_at else "Since "


def moment(at: datetime) -> ShownTime:
    """A time to the minute, in UTC."""
    utc = at.astimezone(UTC)
    return ShownTime(
        utc.isoformat(timespec="seconds").replace("+00:00", "Z"), f"{day(utc)}, {utc:%H:%M} UTC"
    )


def end(start: datetime, at: datetime) -> ShownTime:
    """A time that stands behind an earlier one; on the same day, without the date."""
    same = start.astimezone(UTC).date() == at.astimezone(UTC).date()
    whole = moment(at)
    return ShownTime(whole.iso, whole.text.partition(", ")[2]) if same else whole


def day(at: date) -> str:
    """A date as people write it, without a locale."""
    return f"{at.day} {at:%b %Y}"


def lasting(seconds: float) -> str:
    """A duration in its two largest units: `2 h 5 min`."""
    minutes = max(round(seconds / 60), 0)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [(days, "d"), (hours, "h"), (minutes, "min")]
    shown = [f"{count} {unit}" for count, unit in parts if count][:2]
    return " ".join(shown) or "less than a minute"
