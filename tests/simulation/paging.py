"""A paging product: reports of one alert, some late, some twice, in whatever order."""

import asyncio
from datetime import datetime

from domain.incident import commands as c
from domain.incident.alerts.alert import Alert, AlertKind, Opens
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
