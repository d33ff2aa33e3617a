"""Somebody else hears again and again that this service can page, and wakes people when it is not
heard any more: nothing that has failed can tell of itself.

It is told only while that is so: the log takes what is written, and nothing that waits stands
still. Who listens may be a product for that, or another Commandpost (docs/operations.md).
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

import structlog

from adapters.config.settings import DeadMansSwitch
from adapters.main import Core
from adapters.products.kit.web import Call, Web, client
from handlers.notify.channels import Permanent, Transient

TAKEN, FAILED, HELD_BACK = "taken", "failed", "held_back"

log = structlog.get_logger()


class _Health(Protocol):
    """Whether the service can do its work."""

    async def report(self) -> dict[str, Any]: ...


class Switch:
    """Tells that all is well. `outcomes` counts how that went, `taken_at` is when it was taken
    last.
    """

    def __init__(
        self,
        settings: DeadMansSwitch,
        health: _Health,
        web: Web,
        clock: Callable[[], datetime],
    ) -> None:
        self._settings, self._health, self._web, self._clock = settings, health, web, clock
        self.outcomes: Counter[str] = Counter({TAKEN: 0, FAILED: 0, HELD_BACK: 0})
        self.taken_at: datetime | None = None
        self._told = TAKEN

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self.tell()
            await asyncio.sleep(self._settings.interval_s)

    async def tell(self) -> None:
        """Once. What goes wrong is on record, the first time and as it changes."""
        outcome, why = await self._outcome()
        self.outcomes[outcome] += 1
        if outcome == TAKEN:
            self.taken_at = self._clock()
        if outcome != self._told:
            tell = log.info if outcome == TAKEN else log.warning
            tell(f"dead_mans_switch.{outcome}", reason=why)
        self._told = outcome

    async def _outcome(self) -> tuple[str, str | None]:
        report = await self._health.report()
        if report["status"] == "unready":
            return HELD_BACK, "the log takes nothing"
        if report["stalled"]:
            return HELD_BACK, "; ".join(f"{it}: {why}" for it, why in report["stalled"].items())
        settings = self._settings
        try:
            await self._web.take(Call("POST", settings.url, settings.headers))
        except (Transient, Permanent) as failure:
            return FAILED, str(failure)
        return TAKEN, None

    def samples(self) -> list[tuple[tuple[str, ...], float]]:
        """How often it went how, for the metrics."""
        return [((outcome,), float(count)) for outcome, count in self.outcomes.items()]

    def last_s(self) -> list[tuple[tuple[str, ...], float]]:
        """When it was taken last, in seconds of Unix time; nothing before it ever was."""
        return [((), self.taken_at.timestamp())] if self.taken_at else []


async def tell_alive(parts: Core, health: _Health) -> None:
    """Tell whoever the configuration names, if it names one, until cancelled."""
    settings = parts.config.dead_mans_switch
    if settings is None:
        return
    secrets = (settings.url, *settings.headers.values())
    async with client(parts.config.outgoing.networks) as opened:
        web = Web(opened, parts.clock.now, secrets=secrets)
        switch = Switch(settings, health, web, parts.clock.now)
        parts.telemetry.watch(
            "commandpost_dead_mans_switch_told",
            "How often the dead man's switch was told that all is well, by how that went.",
            ("outcome",),
            switch.samples,
        )
        parts.telemetry.watch(
            "commandpost_dead_mans_switch_taken_at_seconds",
            "When it was taken last, in Unix time.",
            (),
            switch.last_s,
        )
        await switch.run()
