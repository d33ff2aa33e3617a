"""Storms as they happen: counts what is new of each source, writes down what belongs to a storm,
and tells people of it as one incident. What is decided stands in `domain.alerting.storms`.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import NamedTuple

import structlog

from domain.alerting import STORMS
from domain.alerting.storms import (
    Begin,
    End,
    Grow,
    NewAlert,
    Quiet,
    Raging,
    StormCommand,
    Storms,
    stream_of,
)
from domain.policy import Policy
from handlers.ingest.receive import SourceSettings
from handlers.ingest.storm_incident import StormIncident
from handlers.kernel.asks import Ask, Meta
from handlers.kernel.executor import Executor
from handlers.kernel.ports import Unavailable
from handlers.kernel.tasks import end

REMEMBERED = 50_000
"""So many alerts of a source are not counted again when they are placed again."""
TICK_S = 1.0

Origin = tuple[str, str]
"""A product, and one of its sources."""

log = structlog.get_logger(__name__)


class Membership(NamedTuple):
    """What becomes of an alert in a storm that is told as `incident`; `alone`: people are told of
    this alert on its own as well.
    """

    incident: str
    alone: bool


class StormKeeper:
    """The storms of all sources. Methods raise `Unavailable`, and may be repeated."""

    def __init__(
        self,
        executor: Executor,
        policy: Policy,
        sources: Mapping[str, SourceSettings],
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._executor = executor
        self._policy = policy
        self._sources = sources
        self._clock = clock
        self._new_id = new_id
        self._of: dict[Origin, _OfSource] = {}

    @property
    def alerts_max(self) -> int:
        """So many new alerts of a source within a window are no storm."""
        return self._policy.storm_alerts

    async def foresee(self, origin: Origin, announced: int, signal: int) -> None:
        """More new alerts than that are about to be noticed, of so many that fire in the body at
        this position: a storm begins before the first.
        """
        source = self._source(origin)
        source.announced[signal] = announced
        await source.grow(begins=True)

    async def notice(self, origin: Origin, alert: NewAlert) -> Membership | None:
        """Count an alert that is new; None: there is no storm."""
        source = self._source(origin)
        if alert.name not in source.known:
            member = await source.notice(alert)
            source.known[alert.name] = member
            while len(source.known) > REMEMBERED:
                source.known.popitem(last=False)
        return source.known[alert.name]

    def placed(self, origin: Origin, alert: str, incident: str | None) -> None:
        """An alert of this name, which may be one of a storm, has opened or joined an incident."""
        source = self._source(origin)
        if incident and alert in source.known:
            source.has_placed(alert, incident)

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Tell people of storms, and end them, as long as the context lasts."""
        watch = asyncio.create_task(self._watch(), name="storms")
        try:
            yield
        finally:
            await end(watch)

    async def _watch(self) -> None:
        for name, settings in self._sources.items():
            self._source((settings.kind, name))  # a storm from before a restart goes on
        while True:
            for origin, source in list(self._of.items()):
                try:
                    await source.look_after()
                except Unavailable as unavailable:
                    log.warning("storm.deferred", source=origin[1], reason=str(unavailable))
                except Exception:
                    log.exception("storm.fault", source=origin[1])
            await asyncio.sleep(TICK_S)

    def _source(self, origin: Origin) -> "_OfSource":
        found = self._of.get(origin)
        if found is None:
            settings = self._sources.get(origin[1])
            found = self._of[origin] = _OfSource(
                origin, settings, self._executor, self._policy, self._clock, self._new_id
            )
        return found


class _OfSource:
    """One source: what was new of late, and its storm."""

    def __init__(
        self,
        origin: Origin,
        settings: SourceSettings | None,
        executor: Executor,
        policy: Policy,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self.known: OrderedDict[str, Membership | None] = OrderedDict()
        self.placed: set[str] = set()
        self.announced: dict[int, int] = {}
        self._origin = origin
        self._product, self._name = origin
        self._settings = settings
        self._executor = executor
        self._policy = policy
        self._clock = clock
        self._new_id = new_id
        self._lock = asyncio.Lock()
        self._waiting: dict[str, NewAlert] = {}
        self._recent: deque[tuple[datetime, NewAlert]] = deque()
        self._opened_before: dict[str, str] = {}
        """The incidents of recent alerts, by the names of these: they are part of a storm, if one
        begins with them.
        """
        self._storms: Storms | None = None
        self._incident: StormIncident | None = None

    async def notice(self, alert: NewAlert) -> Membership | None:
        if self._storms is None:
            self._storms = await self._load()
        quiet = isinstance(self._storms, Quiet)
        if quiet and not self._is_too_many(alert):
            return None
        self._waiting[alert.name] = alert
        storms = await self.grow(begins=quiet, alert=alert)
        if isinstance(storms, Quiet):  # it was over
            self._is_too_many(alert)
            return None
        return Membership(storms.incident, storms.tells_alone(alert))

    def has_placed(self, alert: str, incident: str) -> None:
        if isinstance(self._storms, Raging):
            self.placed.add(incident)
        elif any(each.name == alert for _, each in self._recent):
            self._opened_before[alert] = incident

    def _is_too_many(self, alert: NewAlert) -> bool:
        """Count one more; whether that is a storm."""
        self._forget_old()
        self._recent.append((self._clock(), alert))
        return len(self._recent) > self._policy.storm_alerts

    def _forget_old(self) -> None:
        since = self._clock() - timedelta(seconds=self._policy.storm_window_s)
        while self._recent and self._recent[0][0] <= since:
            _, old = self._recent.popleft()
            self._opened_before.pop(old.name, None)

    def _take_in_recent(self) -> None:
        """A storm has begun: what has led to it is part of it."""
        self._forget_old()
        self._waiting = {each.name: each for _, each in self._recent} | self._waiting
        self.placed.update(self._opened_before.values())
        self._recent.clear()
        self._opened_before.clear()

    async def grow(self, *, begins: bool, alert: NewAlert | None = None) -> Storms:
        """Write down what waits for it, unless somebody has done that meanwhile: so those who come
        together are one commit. A storm that is over has ended then, and another may begin.
        """
        async with self._lock:
            if alert is not None and alert.name not in self._waiting:
                assert self._storms is not None, "it has been written down"
                return self._storms
            storms = await self._load()
            if begins:
                storms = await self._ask(Begin(product=self._product, source=self._name))
                self._take_in_recent()
            waiting, placed = tuple(self._waiting.values()), tuple(self.placed)
            announced = tuple(self.announced.items())
            if isinstance(storms, Raging) and (waiting or placed or announced):
                command = Grow(
                    product=self._product,
                    source=self._name,
                    alerts=waiting,
                    incidents=placed,
                    announced=announced,
                )
                storms = await self._ask(command)
            for each in waiting:
                del self._waiting[each.name]
            self.placed.difference_update(placed)
            for signal, _ in announced:
                self.announced.pop(signal, None)
            self._storms = storms
            return storms

    async def look_after(self) -> None:
        """Once a second: tell of the storm, and end it when it is over."""
        storms = await self._load()
        if isinstance(storms, Raging):
            async with self._lock:
                storms = await self._ask(End(product=self._product, source=self._name))
            if self.placed:
                storms = await self.grow(begins=False)
        self._storms = storms
        storm = storms if isinstance(storms, Raging) else storms.last
        if storm is None:
            return
        if self._incident is None or self._incident.id != storm.incident:
            self._incident = StormIncident(
                self._executor, self._origin, self._settings, storm.incident
            )
        await self._incident.tell(storm, self._clock(), over=isinstance(storms, Quiet))

    async def _load(self) -> Storms:
        look = self._executor.transactor.look
        storms: Storms = (await look(stream_of(*self._origin), STORMS)).state
        return storms

    async def _ask(self, command: StormCommand) -> Storms:
        id_ = self._new_id()
        meta = Meta(command_id=id_, actor="intake", correlation_id=id_)
        ask = Ask(stream_of(*self._origin), STORMS, command)
        storms: Storms = (await self._executor.transactor.transact(ask, meta)).state
        return storms
