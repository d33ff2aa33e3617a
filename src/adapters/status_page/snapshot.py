"""A snapshot: all that the documents of the status page are made of, at one time."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import msgspec

from domain.kernel.text import enumerated
from domain.status_page.components import Component, Condition, derive_components, status_of, worst
from domain.status_page.public_incident import PublicIncident
from domain.status_page.uptime import Uptime, uptime
from handlers.queries.public_status import PublicStatus


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """How the page presents itself. `url` is where `/status` is reached from outside; without
    components, there is one for each service that had a public incident.
    """

    title: str
    url: str
    components: tuple[Component, ...] = ()

    @property
    def root(self) -> str:
        """The path of the page, as links inside it begin."""
        return f"{urlsplit(self.url).path.rstrip('/')}/status"

    def address(self, path: str = "") -> str:
        """The whole address of what is at a path below the page."""
        return f"{self.url.rstrip('/')}/status{path}"


def site_of(title: str, url: str, components: Iterable[Any]) -> Site:
    """As it is configured."""
    found = msgspec.convert(tuple(components), tuple[Component, ...], from_attributes=True)
    return Site(title=title, url=url, components=found)


class StatusSnapshot(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """What was known on a day; `stale` where readers must be told as of when. Uptime is counted
    `until` then (None: until what is known). `copied_at`: it is for a copy, which says as of when
    it knows.
    """

    site: Site
    known: PublicStatus
    today: date
    stale: bool
    until: datetime | None = None
    copied_at: datetime | None = None

    @property
    def now(self) -> datetime:
        """Until when uptime is counted."""
        return self.until or self.known.as_of

    @property
    def known_from(self) -> datetime:
        """From when on it is known how everything was: the day after the log began, for on that day
        it is not known from when on.
        """
        return self.beginning + timedelta(days=1)

    def uptime(self, component: Component, days: int) -> Uptime:
        """Of a component, within so many days until now."""
        concerning = [each for each in self.incidents if component.concerned_by(each)]
        return uptime(concerning, self.known_from, self.now - timedelta(days=days), self.now)

    @property
    def incidents(self) -> tuple[PublicIncident, ...]:
        """All that is public, newest first."""
        return self.known.incidents

    @cached_property
    def open(self) -> tuple[PublicIncident, ...]:
        """What has begun, and has not ended."""
        return tuple(each for each in self.incidents if not (each.over or each.upcoming))

    @cached_property
    def upcoming(self) -> tuple[PublicIncident, ...]:
        """What is announced and has not begun, the first first."""
        return tuple(each for each in reversed(self.incidents) if each.upcoming)

    @cached_property
    def history(self) -> tuple[PublicIncident, ...]:
        """All but that, newest first."""
        return tuple(each for each in self.incidents if not each.upcoming)

    @cached_property
    def components(self) -> tuple[Component, ...]:
        """The configured components, else those that follow from what was public."""
        return self.site.components or derive_components(self.incidents)

    @property
    def beginning(self) -> datetime:
        """The day from which on incidents are recorded: that of the first entry of the log, today
        if there is none. No nearer, as that entry may be private.
        """
        since = self.known.since
        first = since.astimezone(UTC).date() if since else self.today
        return datetime.combine(first, time(), UTC)

    @property
    def condition(self) -> Condition:
        """How the page as a whole is doing: incidents that concern no component count as well."""
        return worst(self.open)

    def status_of(self, component: Component) -> Condition:
        """How a component is doing."""
        return status_of(component, self.open)

    def concerned(self, incident: PublicIncident) -> tuple[Component, ...]:
        """The components that an incident is about."""
        return tuple(each for each in self.components if each.concerned_by(incident))

    def name(self, incident: PublicIncident) -> str:
        """The headline, else what is disturbed. Services that belong to no component of a
        configured page are not named: their names are not for the public.
        """
        if incident.headline:
            return incident.headline
        names = listed(component.name for component in self.concerned(incident))
        if incident.maintenance:
            return f"Maintenance of {names}" if names else "Maintenance"
        return f"Disruption of {names}" if names else "Disruption of service"

    def find(self, ref: str) -> PublicIncident | None:
        """The public incident of a reference or public id."""
        return self._by_name.get(ref)

    @cached_property
    def _by_name(self) -> dict[str, PublicIncident]:
        return {
            name: incident
            for incident in self.incidents
            for name in (incident.reference, incident.id)
        }


def listed(words: Iterable[str]) -> str:
    """`A`, `A and B`, `A, B and C`; empty for none."""
    return enumerated(list(words) or [""])
