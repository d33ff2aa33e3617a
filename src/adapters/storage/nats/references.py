"""Reference numbers on the stream REFERENCES: one subject per number, taken by the first to write.

The body is the id of the incident. What the stream loses, `restore` writes again from the log.
"""

from collections.abc import Iterable

from adapters.storage.nats.jetstream import WRONG_LAST_SEQUENCE, ack_of, stored_message, stream_info
from adapters.storage.nats.requests import Requests
from adapters.storage.nats.streams import REFERENCES
from adapters.storage.nats.wire import header_block
from handlers.kernel.ports import Unavailable

CLAIM_ATTEMPTS_MAX = 10_000
CACHED_MAX = 100_000


class JetStreamReferences:
    """`handlers.kernel.ports.References`."""

    def __init__(self, requests: Requests, *, stream: str = REFERENCES, subject: str = "reference"):
        self._requests = requests
        self._stream = stream
        self._subject = subject
        self._next = 0
        self._holders: dict[int, str] = {}

    async def claim(self, incident_id: str) -> int:
        if not self._next:
            free = await self._first_free()
            self._next = max(self._next, free)
        for _ in range(CLAIM_ATTEMPTS_MAX):
            number, self._next = self._next, self._next + 1
            taken = await self._take(number, incident_id, message_id=f"ref/{incident_id}")
            if taken is None:
                continue
            if taken != number and self._next == number + 1:
                self._next = number  # claimed before: this number is still free
            self._remember(taken, incident_id)
            return taken
        raise Unavailable(f"no free number below {self._next}")

    async def resolve(self, number: int) -> str | None:
        if number not in self._holders:
            # Asked of the leader: a number claimed a moment ago must resolve.
            last = {"last_by_subj": f"{self._subject}.{number}"}
            holder = await stored_message(self._requests, self._stream, last)
            if holder is None:
                return None
            self._remember(number, holder.body.decode())
        return self._holders[number]

    async def restore(self, pairs: Iterable[tuple[int, str]]) -> int:
        restored = 0
        for number, incident_id in sorted(pairs):
            holder = await self.resolve(number)
            if holder is None and await self._take(number, incident_id) is not None:
                restored += 1
                self._remember(number, incident_id)
                holder = incident_id
            assert (holder or await self.resolve(number)) == incident_id, (
                f"number {number} of incident {incident_id} is held by {holder}"
            )
            self._next = max(self._next, number + 1)
        return restored

    async def is_empty(self) -> bool:
        """Whether no number was ever claimed, or all were lost. Raises `Unavailable`."""
        return (await stream_info(self._requests, self._stream)).state.messages == 0

    async def _take(self, number: int, incident_id: str, message_id: str = "") -> int | None:
        """The number that the incident has now, or None when `number` belongs to another."""
        headers = {"Nats-Expected-Last-Subject-Sequence": "0", "Nats-Expected-Stream": self._stream}
        if message_id:
            headers["Nats-Msg-Id"] = message_id
        subject = f"{self._subject}.{number}"
        reply = await self._requests.ask(subject, incident_id.encode(), header_block(headers))
        ack = ack_of(reply.payload)
        if ack.error is None:
            return await self._number_at(ack.seq) if ack.duplicate else number
        if ack.error.err_code not in WRONG_LAST_SEQUENCE:
            raise Unavailable(f"{subject}: {ack.error.description} ({ack.error.err_code})")
        # Taken; maybe by this very claim, whose answer was lost.
        if message_id and await self.resolve(number) == incident_id:
            return number
        return None

    async def _first_free(self) -> int:
        """A first guess, made good by the conflicts of those that guessed alike."""
        state = (await stream_info(self._requests, self._stream)).state
        newest = await self._number_at(state.last_seq) if state.messages else 0
        return max(newest, state.messages) + 1

    async def _number_at(self, position: int) -> int:
        message = await stored_message(self._requests, self._stream, {"seq": position})
        if message is None:
            raise Unavailable(f"{self._stream} has nothing at {position}")
        return int(message.subject.rsplit(".", 1)[1])

    def _remember(self, number: int, incident_id: str) -> None:
        if len(self._holders) >= CACHED_MAX:
            self._holders.pop(next(iter(self._holders)))
        self._holders[number] = incident_id
