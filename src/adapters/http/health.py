"""Whether the service can do its work, asked of those it depends on."""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

from handlers.kernel.ports import EventStore, Unavailable
from handlers.movement import Movement
from handlers.projecting.projector import Status

TIMEOUT_S = 2.0


class WriteHealth(Protocol):
    """Says whether the log takes writes."""

    async def refusal(self) -> str | None:
        """Why they are refused, None while they are not. Never fails, within 2 s."""
        ...


class Health:
    """Asks the log for its head and whether it takes writes, and how far the read models are."""

    def __init__(
        self,
        store: EventStore,
        writes: WriteHealth,
        statuses: Callable[[], list[Status]],
        movement: Movement,
    ) -> None:
        self.movement = movement
        self._store = store
        self._writes = writes
        self._statuses = statuses
        self.head = 0

    async def report(self) -> dict[str, Any]:
        """`ready`, `degraded` (commands work, but a read model does not follow, or work that
        waits is not taken up) or `unready`.
        """
        try:
            async with asyncio.timeout(TIMEOUT_S):
                self.head = await self._store.head()
            reachable, error = True, await self._writes.refusal()
        except (Unavailable, TimeoutError) as outage:
            reachable, error = False, str(outage) or "no answer in time"
        models = {
            status.name: {
                "phase": status.phase,
                "position": status.position,
                "lag": max(self.head - status.position, 0),
                "error": status.error,
            }
            for status in self._statuses()
        }
        for each in self._statuses():
            # One that stands by sees by its rows whether whoever writes them comes on.
            led = each.phase in {"following", "standby"}
            behind = max(self.head - each.position, 0) if led else 0
            self.movement.note(f"read model {each.name}", behind, each.position)
        stalled = self.movement.stalled()
        healthy = all(model["phase"] in {"following", "standby"} for model in models.values())
        healthy = healthy and not stalled
        writable = reachable and error is None
        status = "unready" if not writable else "ready" if healthy else "degraded"
        return {
            "status": status,
            "log": {
                "reachable": reachable,
                "writable": writable,
                "head": self.head,
                "error": error,
            },
            "read_models": models,
            "stalled": stalled,
        }

    def lags(self) -> list[tuple[tuple[str, ...], float]]:
        """Commits behind the head that was last seen, for each read model that is written here:
        one that stands by does not know how far the active writer has come.
        """
        statuses = [status for status in self._statuses() if status.phase != "standby"]
        head = max([self.head, *(status.position for status in statuses)])
        return [((status.name,), float(head - status.position)) for status in statuses]

    def failures(self) -> list[tuple[tuple[str, ...], float]]:
        """1 for each read model that has failed here, 0 for the others."""
        return [((it.name,), float(it.phase == "failed")) for it in self._statuses()]
