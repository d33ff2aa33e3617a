"""Says whether the logs take writes, without writing while they do."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from adapters.storage.nats.event_store import JetStreamEventStore
from adapters.storage.nats.jetstream import stored_message, stream_info
from adapters.storage.nats.references import JetStreamReferences
from adapters.storage.nats.requests import Requests
from adapters.storage.nats.streams import EVENTS, REFERENCES, SIGNALS
from domain.kernel.commit import Commit
from handlers.kernel.ports import Append, Conflict, Unavailable

NOBODY = "channel._write_check"
"""A stream that nobody reads: no channel can be configured under this name."""
PROOF_TIMEOUT_S = 2.0
LEADERS_TIMEOUT_S = 1.0
UNANSWERED_S = 3.0
"""So long may a request wait before we say so; it fails 2 s later."""
PAUSES_S = (1.0, 2.0, 4.0)
"""Between two attempts to prove that writes are taken; the last one, again and again."""
REPLICATED = (EVENTS, REFERENCES, SIGNALS)
FORGOTTEN_S = 30.0
"""So long does a refused signal count: nothing can be written in its place, and its sender repeats
it by itself.
"""


class WriteCheck:
    """By what became of the latest writes. After one that was not stored, something that means
    nothing is written until it is stored: a few messages in each outage, none otherwise.
    """

    def __init__(
        self,
        requests: Requests,
        store: JetStreamEventStore,
        references: JetStreamReferences,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._requests = requests
        self._writes = requests.writes
        self._store = store
        self._clock = clock
        self._new_id = new_id
        self._proofs = {EVENTS: self._append_nothing, REFERENCES: references.prove}
        self._failures = 0
        self._next_at = 0.0
        self._proving = asyncio.Lock()

    async def refusal(self) -> str | None:
        """Why writes are or would be refused, None while they are not. Never fails, within some
        4 s.
        """
        return await self._proven_refusal() or await self._without_majority() or self._unanswered()

    def _unanswered(self) -> str | None:
        waits_s = self._requests.waits_s()
        if waits_s <= UNANSWERED_S:
            return None
        return self._writes.explain() or f"NATS has not answered for {waits_s:.0f} s"

    async def _without_majority(self) -> str | None:
        """A leader that was left alone still answers, and no write comes to an end."""
        if not self._store.replicated:
            return None
        faults = await asyncio.gather(*map(self._fault_of, REPLICATED))
        return min(filter(None, faults), default=None)

    async def _fault_of(self, stream: str) -> str | None:
        try:
            async with asyncio.timeout(LEADERS_TIMEOUT_S):
                info = await stream_info(self._requests, stream)
        except (Unavailable, TimeoutError) as outage:
            return str(outage) or f"stream {stream}: its leader does not answer"
        if not info.has_majority:
            return f"stream {stream} has no majority: too few of its servers are running"
        return None

    async def _proven_refusal(self) -> str | None:
        if self._writes.refusals() and not self._proving.locked():
            async with self._proving:
                if time.monotonic() >= self._next_at:
                    await self._prove_all()
        for refusal in self._writes.refusals().values():
            return self._writes.explain() or refusal.cause
        return self._writes.explain() or None

    async def _prove_all(self) -> None:
        refusals = self._writes.refusals()
        room = False
        if EVENTS in refusals or any(refusal.full for refusal in refusals.values()):
            room = await self._prove(self._proofs[EVENTS])
        if REFERENCES in refusals:
            await self._prove(self._proofs[REFERENCES])
        for stream in refusals.keys() - self._proofs.keys():
            refusal = refusals[stream]
            if (refusal.full and room) or time.monotonic() - refusal.latest > FORGOTTEN_S:
                self._writes.taken(stream)
        pause_s = PAUSES_S[min(self._failures, len(PAUSES_S) - 1)]
        self._failures = self._failures + 1 if self._writes.refusals() else 0
        self._next_at = time.monotonic() + pause_s

    async def _prove(self, proof: Callable[[], Awaitable[None]]) -> bool:
        try:
            async with asyncio.timeout(PROOF_TIMEOUT_S):
                await proof()
        except (Unavailable, TimeoutError):
            return False
        return True

    async def _append_nothing(self) -> None:
        last = await stored_message(self._requests, EVENTS, {"last_by_subj": NOBODY})
        proof = f"write-check-{self._new_id()}"
        nothing: Commit[Any] = Commit(
            id=proof,
            actor="commandpost",
            correlation_id=proof,
            recorded_at=self._clock(),
            events=(),
        )
        with suppress(Conflict):  # another instance asks at this moment: an answer all the same
            await self._store.append(Append(NOBODY, last.seq if last else 0, nothing))
