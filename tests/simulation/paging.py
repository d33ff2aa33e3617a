"""A paging product: reports of one alert, some late, some twice, in whatever order; and a monitor
that says how bad it is.
"""

import asyncio
from datetime import datetime
from random import Random  # noqa: TID251 - seeded, so that a seed is a history
from typing import Any

from domain.incident import commands as c
from domain.incident.alerts.alert import Alert, AlertKind, Opens
from domain.incident.impact import Impact
from simulation.world import World

OFTEN = [
    AlertKind.ACKNOWLEDGED,
    AlertKind.ACKNOWLEDGED,
    AlertKind.UNACKNOWLEDGED,
    AlertKind.PRIORITY_UPDATED,
    AlertKind.RESOLVED,
    AlertKind.REOPENED,
    AlertKind.ANNOTATED,
]
PRIORITIES = [None, "P1", "P2", "P3", "P4"]


class Pager:
    """One alert of a product, which becomes one incident."""

    def __init__(self, world: World, incident_id: str) -> None:
        self.world = world
        self.dice = world.dice.random
        self.incident_id = incident_id
        self.opens = self.dice.choice([Opens.INCIDENT, Opens.TRIAGE])
        self.pace_s = self.dice.choice([30.0, 300.0, 1800.0])

    async def page(self) -> None:
        """All that it reports."""
        await self._report(0, AlertKind.TRIGGERED)
        for place in range(1, self.dice.randint(1, 9)):
            await asyncio.sleep(self.world.dice.after_s(self.pace_s))
            await self._report(place, self.dice.choice(OFTEN))

    async def _report(self, place: int, kind: AlertKind) -> None:
        """The first one is waited for, so that there is something to respond to."""
        alert = Alert(
            product="pagerduty",
            source="pd",
            alert_id=self.incident_id,
            event_id=f"{self.incident_id}-{place}",
            kind=kind,
            opens=self.opens,
            title="Checkout fails",
            priority=self.dice.choice(PRIORITIES),
            in_person=place % 2 == 0,
        )
        sent_at = self.world.now()
        for late in self.world.dice.arrivals("report") or [None]:
            if late is None:
                continue
            arrival = self._arrive(alert, sent_at, late.total_seconds())
            if place:
                self.world.spawn(arrival)
            else:
                await arrival

    async def _arrive(self, alert: Alert, sent_at: datetime, late_s: float) -> None:
        await asyncio.sleep(late_s)
        command = c.ReceiveAlert(alert=alert, occurred_at=sent_at)
        await self.world.say(self.incident_id, command, f"alert-{alert.event_id}")


MONITORS_FROM = 1_001
"""In worlds of these seeds monitors page, so that those of all others stay as they are."""
MEASURED = (
    {"percent_affected": 100.0},
    {"percent_affected": 10.0},
    {"percent_affected": 39.0, "users_affected": 100},
    {"users_affected": 250},
    {"regions": 2},
    {"regions": 4},
    {"security_breach": True},
)


class Monitor:
    """One alert whose priority falls as people assess what it is about, and which says later what
    it has measured itself. The dice are its own.
    """

    def __init__(self, world: World, incident_id: str) -> None:
        self.world, self.incident_id = world, incident_id
        self.dice = Random(f"monitor-{world.seed}-{len(world.incidents)}")
        self.said = 0

    async def page(self) -> None:
        """All that it reports; the first one is waited for."""
        await self._report(AlertKind.TRIGGERED, priority="P1")
        self.world.spawn(self._go_on())

    async def _go_on(self) -> None:
        for priority, percent in (("P1", 100.0), ("P4", 10.0)):
            await self._wait()
            await self._report(AlertKind.PRIORITY_UPDATED, priority=priority)
            assessed = c.ReassessImpact(percent_affected=percent)
            await self.world.say(self.incident_id, assessed, f"{self.incident_id}-{percent}")
        for _ in range(self.dice.randint(1, 5)):
            await self._wait()
            impact = Impact(**self.dice.choice(MEASURED))
            await self._report(AlertKind.UPDATED, impact=impact)

    async def _wait(self) -> None:
        await asyncio.sleep(self.dice.uniform(10.0, 900.0))

    async def _report(self, kind: AlertKind, **says: Any) -> None:
        self.said += 1
        name = f"{self.incident_id}-m{self.said}"
        alert = Alert(
            product="pagerduty", source="pd", alert_id=self.incident_id, event_id=name, kind=kind,
            title="Checkout fails", **says,
        )  # fmt: skip
        command = c.ReceiveAlert(alert=alert, occurred_at=self.world.now())
        await self.world.say(self.incident_id, command, f"alert-{name}")
