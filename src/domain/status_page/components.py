"""Components: what the public sees of the services, and how each is and was doing.

Nothing here is stored: a component's status follows from the open public incidents that concern its
services, and its days from all of them.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, time, timedelta
from enum import IntEnum
from itertools import islice

import msgspec

from domain.kernel.totality import total
from domain.status_page.public_incident import CANCELED, PublicImpact, PublicIncident

DERIVED_MAX = 200


class Condition(IntEnum):
    """How a component, or the whole page, is doing; the worse, the greater."""

    OPERATIONAL = 0
    UNDER_MAINTENANCE = 1
    DEGRADED_PERFORMANCE = 2
    PARTIAL_OUTAGE = 3
    MAJOR_OUTAGE = 4

    @property
    def code(self) -> str:
        """The name in Statuspage's interface, such as `partial_outage`."""
        return self.name.lower()


CONDITIONS = total(
    "conditions of a component",
    PublicImpact,
    {
        PublicImpact.NONE: Condition.OPERATIONAL,
        PublicImpact.MINOR: Condition.DEGRADED_PERFORMANCE,
        PublicImpact.MAJOR: Condition.PARTIAL_OUTAGE,
        PublicImpact.CRITICAL: Condition.MAJOR_OUTAGE,
    },
)


class Component(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the product under its public name, and the services that it stands on."""

    name: str
    services: tuple[str, ...]
    description: str | None = None
    group: str | None = None

    def concerned_by(self, incident: PublicIncident) -> bool:
        """Whether an incident is about one of its services."""
        return not set(self.services).isdisjoint(incident.services)


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """A UTC day of a component; `worst` is None where nothing is known of that day."""

    date: date
    worst: Condition | None
    incidents: tuple[PublicIncident, ...] = ()


def derive_components(incidents: Iterable[PublicIncident]) -> tuple[Component, ...]:
    """A component for each service that had a public incident, by name; of too many, those that
    come first in `incidents`.
    """
    names = dict.fromkeys(service for incident in incidents for service in incident.services)
    return tuple(
        Component(name=name, services=(name,)) for name in sorted(islice(names, DERIVED_MAX))
    )


def severity(incident: PublicIncident) -> Condition:
    """What an incident does, or did, to what it concerns."""
    return Condition.UNDER_MAINTENANCE if incident.maintenance else CONDITIONS[incident.impact]


def present(incident: PublicIncident) -> Condition:
    """What an incident does now. Once recovery is being watched, an outage is none any more."""
    if incident.over or incident.upcoming:
        return Condition.OPERATIONAL
    if incident.status == "monitoring":
        return min(severity(incident), Condition.DEGRADED_PERFORMANCE)
    return severity(incident)


def worst(incidents: Iterable[PublicIncident]) -> Condition:
    """How things are now, with these incidents."""
    return max(map(present, incidents), default=Condition.OPERATIONAL)


def status_of(component: Component, incidents: Iterable[PublicIncident]) -> Condition:
    """How a component is doing now."""
    return worst(incident for incident in incidents if component.concerned_by(incident))


def days(incidents: Sequence[PublicIncident], today: date, count: int, since: date) -> list[Day]:
    """The last `count` days up to `today`, oldest first, of what these incidents concern. `since`
    is the day on which the log begins: of those before, only such are known as an incident tells
    of.
    """
    first = today - timedelta(days=count - 1)
    touched: dict[date, list[PublicIncident]] = {}
    for incident in incidents:
        if incident.status == CANCELED or incident.upcoming:
            continue  # a false alarm concerned nobody, and what is planned nobody yet
        begin, end = _span(incident, today)
        for offset in range((max(begin, first) - first).days, (min(end, today) - first).days + 1):
            touched.setdefault(first + timedelta(days=offset), []).append(incident)
    return [_day(first + timedelta(days=offset), touched, since) for offset in range(count)]


def _span(incident: PublicIncident, today: date) -> tuple[date, date]:
    """The first and the last day of an incident. An end at midnight belongs to the day before."""
    begin = incident.started_at.astimezone(UTC)
    if incident.ended_at is None:
        return begin.date(), today
    end = incident.ended_at.astimezone(UTC)
    if end.time() == time() and end > begin:
        end -= timedelta(microseconds=1)
    return begin.date(), max(end, begin).date()


def _day(at: date, touched: dict[date, list[PublicIncident]], since: date) -> Day:
    found = touched.get(at, [])
    if not found and at < since:
        return Day(date=at, worst=None)
    return Day(
        date=at,
        worst=max(map(severity, found), default=Condition.OPERATIONAL),
        incidents=tuple(found),
    )
