"""The incident by which people are told of a storm: opened as an alert of the storm's source would
open one, kept up to date, summed up when no more alerts come, and over when all that the storm has
opened is. Each step follows from the storm and the incident as they stand, under an id that follows
from it, so it does not matter who takes it, or how often.
"""

from datetime import datetime, timedelta
from uuid import uuid5

import msgspec
import structlog

from domain.alerting.storm_wording import NO_MORE, figures_of, text_of, title_of
from domain.alerting.storms import Raging
from domain.incident import INCIDENT, Command, Incident
from domain.incident.alerts.alert import Alert, AlertKind
from domain.incident.commands import PostUpdate, ReceiveAlert
from domain.incident.state import LIVE, Facts, Undeclared
from domain.kernel.refusal import Refused
from handlers.ingest.receive import SourceSettings
from handlers.ingest.routing_context import NAMESPACE, configured_opens
from handlers.kernel.asks import Meta
from handlers.kernel.executor import Executor

GATHERED_S = 2.0
"""So long after a storm has begun people are told of it, with the figures of that time."""
EVERY_S = 60.0
"""How often the figures are brought up to date while it lasts."""
LOOKED_AT_ONCE = 200
"""So many incidents of the storm are looked at in a row."""

log = structlog.get_logger(__name__)


class StormIncident:
    """The incident of one storm. Everything may be repeated, and raises `Unavailable`."""

    def __init__(
        self,
        executor: Executor,
        origin: tuple[str, str],
        settings: SourceSettings | None,
        incident: str,
    ) -> None:
        self.id = incident
        self._executor = executor
        self._origin = origin
        self._opens = configured_opens(settings)
        self._known_over = 0
        self._done: set[str] = set()

    async def tell(self, storm: Raging, now: datetime, *, over: bool) -> None:
        """Take the step that is due."""
        if "resolved" in self._done:
            return
        incident: Incident = await self._executor.state(INCIDENT, self.id)
        if isinstance(incident, Undeclared):
            if storm.alerts and (over or now - storm.began_at >= timedelta(seconds=GATHERED_S)):
                await self._report(storm, AlertKind.TRIGGERED, "began", storm.began_at)
            return
        if not isinstance(incident, LIVE):
            if over:
                self._done.add("resolved")
            return
        if storm.severity.outranks(incident.facts.severity):
            await self._report(storm, AlertKind.UPDATED, storm.severity.value, storm.last_at)
        if not over:
            minute = int((now - storm.began_at).total_seconds() / EVERY_S)
            if minute and self._has_grown(storm, incident.facts):
                await self._report(storm, AlertKind.UPDATED, f"minute {minute}", storm.last_at)
            return
        await self._report(storm, AlertKind.UPDATED, "over", storm.last_at, NO_MORE)
        await self._sum_up(storm)
        if await self._all_over(storm):
            await self._report(storm, AlertKind.RESOLVED, "resolved", now)

    async def _report(
        self, storm: Raging, kind: AlertKind, step: str, at: datetime, text: str | None = None
    ) -> None:
        product, source = self._origin
        alert = Alert(
            product=product,
            source=source,
            alert_id=f"storm {storm.number}",
            event_id=f"storm {storm.number} {step}",
            kind=kind,
            opens=self._opens,
            title=title_of(storm, source),
            began_at=storm.began_at,
            priority=storm.severity.value,
            text=text_of(storm, source, over=False) if kind is AlertKind.TRIGGERED else text,
            fields=figures_of(storm),
            restates=text is None,
        )
        await self._once(storm, step, ReceiveAlert(occurred_at=at, alert=alert))

    def _has_grown(self, storm: Raging, facts: Facts) -> bool:
        """Whether its figures are others than those that the incident knows."""
        product, source = self._origin
        member = facts.alerts.member((product, source, f"storm {storm.number}", ""))
        known = {name: said.value for name, said in member.fields} if member else {}
        return known != dict(figures_of(storm))

    async def _sum_up(self, storm: Raging) -> None:
        text = text_of(storm, self._origin[1], over=True)
        await self._once(storm, "summed up", PostUpdate(text=text))

    async def _once(self, storm: Raging, step: str, command: Command) -> None:
        if step in self._done:
            return
        product, source = self._origin
        key = msgspec.json.encode(["storm", product, source, storm.number, step]).decode()
        meta = Meta(
            command_id=str(uuid5(NAMESPACE, key)), actor=f"source:{source}", correlation_id=key
        )
        try:
            await self._executor.run(INCIDENT, self.id, command, meta)
        except Refused as refused:  # a person has got ahead of us, and knows
            log.info("storm.not_told", step=step, incident=self.id, reason=refused.detail)
        self._done.add(step)

    async def _all_over(self, storm: Raging) -> bool:
        """Whether all incidents of the storm are; what was over once is not looked at again."""
        for incident in storm.incidents[self._known_over :][:LOOKED_AT_ONCE]:
            state: Incident = await self._executor.state(INCIDENT, incident)
            if isinstance(state, LIVE):
                return False
            self._known_over += 1
        return self._known_over == len(storm.incidents)
