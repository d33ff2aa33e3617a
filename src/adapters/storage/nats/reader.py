"""Reading a whole stream, fast and in order: overlapping pulls on a throw-away consumer.

The consumer acknowledges nothing and lives in the server's memory; the reader alone knows how far
it is, and makes a new consumer at the next position whenever the old one falls silent.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import Any

import msgspec
from nats.aio.subscription import Subscription

from adapters.storage.nats.jetstream import (
    SECOND_NS,
    handed_out,
    pull_request,
    stored_message,
    stream_info,
)
from adapters.storage.nats.requests import ApiError, Requests
from adapters.storage.nats.wire import header, status
from domain.kernel.commit import mark_of
from handlers.kernel.ports import LogChanged, Unavailable

Raw = tuple[int, str, bytes]
"""Position, subject and body of a message."""

PULL = 1000
BUFFER_MAX = 4 * PULL
HEARTBEAT_S = 0.5
SILENT_CHECKS_MAX = 4  # counted, so that a busy event loop is not mistaken for a silent server
PATIENCE_S = 10.0
RETRY_PAUSE_S = 0.05

_PULL_REQUEST = pull_request(PULL, bytes_max=8 * 1024 * 1024, heartbeat_s=HEARTBEAT_S)


class _Created(msgspec.Struct, frozen=True):
    name: str


class LogReader:
    """Reads `stream`, whose positions must have no gap."""

    def __init__(self, requests: Requests, stream: str) -> None:
        self._requests = requests
        self._stream = stream

    async def read(
        self, after: int = 0, upto: int | None = None, *, follow: bool = False
    ) -> AsyncGenerator[list[Raw]]:
        """Messages behind `after` in batches, up to `upto` (else the head found now), or for ever.

        Raises `Unavailable` when the stream is out of reach for 10 s, `LogChanged` when it ends
        before `after`, or before where it ended as the reading began, or something else stands
        where it was read before; AssertionError when a position is missing.
        """
        head = await self._head_not_before(after)
        end = None if follow else head if upto is None else upto
        position, mark = after, await self.mark(after) or ""
        while end is None or position < end:
            pulls = await self._pulls_from(position, mark, head)
            try:
                async for batch in pulls.batches(position, end):
                    yield batch
                    position, _, body = batch[-1]
                    mark = mark_of(position, body)
                    if position == end:
                        return
            finally:
                await pulls.close()

    async def mark(self, position: int) -> str | None:
        """As `EventStore.mark`."""
        if position == 0:
            return ""
        found = await stored_message(self._requests, self._stream, {"seq": position})
        return mark_of(position, found.body) if found else None

    async def _pulls_from(self, position: int, mark: str, head: int) -> "_Pulls":
        """A new consumer behind `position`, where `mark` was read, if anything was, of a stream
        that has reached `head`: who waits for what is gone would wait until there is as much again.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE_S
        while True:
            try:
                await self._head_not_before(max(position, head))
                if mark and await self.mark(position) != mark:
                    raise LogChanged(position, "something else stands there")
                return await _Pulls.open(self._requests, self._stream, position + 1)
            except (Unavailable, ApiError) as error:
                if loop.time() > deadline:
                    raise Unavailable(f"stream {self._stream} cannot be read: {error}") from error
            await asyncio.sleep(RETRY_PAUSE_S)

    async def _head_not_before(self, position: int) -> int:
        head = (await stream_info(self._requests, self._stream)).state.last_seq
        if head < position:
            raise LogChanged(position, f"it ends at {head}")
        return head


class _Pulls:
    """One consumer with two pull requests in flight, until it is lost."""

    def __init__(self, requests: Requests, stream: str) -> None:
        self._requests = requests
        self._stream = stream
        self._inbox = requests.connection.new_inbox()
        self._consumer = requests.unique()
        self._next = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{self._consumer}"
        self._subscription: Subscription | None = None
        self._buffer: deque[tuple[bytes, bytes, bytes]] = deque()
        self._credit = 0  # messages the server may still send for the pulls it has
        self._silent_checks = 0
        self._lost = False
        self._arrived = asyncio.Event()
        self._watch: asyncio.TimerHandle | None = None

    @classmethod
    async def open(cls, requests: Requests, stream: str, start: int) -> "_Pulls":
        pulls = cls(requests, stream)
        try:
            await pulls._begin(start)
        except BaseException:
            await pulls.close()
            raise
        return pulls

    async def _begin(self, start: int) -> None:
        connection = self._requests.connection
        self._subscription = await connection.listen(self._inbox, self._receive)
        config: dict[str, Any] = {
            "name": self._consumer,
            "deliver_policy": "by_start_sequence",
            "opt_start_seq": start,
            "ack_policy": "none",
            "mem_storage": True,
            "num_replicas": 1,
            "inactive_threshold": 10 * SECOND_NS,
        }
        await self._requests.api(
            f"$JS.API.CONSUMER.CREATE.{self._stream}.{self._consumer}",
            {"stream_name": self._stream, "config": config, "action": "create"},
            _Created,
        )
        connection.on_lost.append(self._give_up)
        self._pull_more()
        self._check_silence()

    async def close(self) -> None:
        """Stop listening; the server forgets the consumer, at the latest after 10 s."""
        self._lost = True
        if self._watch is not None:
            self._watch.cancel()
        with suppress(ValueError):
            self._requests.connection.on_lost.remove(self._give_up)
        if self._subscription is not None:
            await self._requests.connection.unlisten(self._subscription)
        with suppress(Unavailable):
            self._requests.tell(f"$JS.API.CONSUMER.DELETE.{self._stream}.{self._consumer}", b"")

    async def batches(self, position: int, end: int | None) -> AsyncGenerator[list[Raw]]:
        """What has arrived, again and again, until the consumer is lost."""
        while True:
            while not self._buffer:
                if self._lost:
                    return
                self._arrived.clear()
                await self._arrived.wait()
            room = BUFFER_MAX if end is None else end - position
            taken = [self._buffer.popleft() for _ in range(min(len(self._buffer), PULL, room))]
            # They come in the order of the stream: where both ends are right, no one is missing.
            first, last = (handed_out(reply).position for _, reply, _ in (taken[0], taken[-1]))
            assert first == position + 1, f"gap in {self._stream} behind {position}"
            assert last == position + len(taken), f"gap in {self._stream} behind {position}"
            batch = [
                (place, subject.decode(errors="backslashreplace"), body)
                for place, (subject, _, body) in enumerate(taken, start=first)
            ]
            position = last
            self._pull_more()
            yield batch

    def _receive(self, subject: bytes, reply: bytes, headers: bytes, body: bytes) -> None:
        self._silent_checks = 0
        if reply:
            self._buffer.append((subject, reply, body))
            self._credit -= 1
            if self._credit <= PULL:
                self._pull_more()
        else:
            self._understand(headers)
        if not self._arrived.is_set():
            self._arrived.set()

    def _understand(self, headers: bytes) -> None:
        """A status message: a heartbeat, the end of a pull, or the end of the consumer."""
        unused = header(headers, b"Nats-Pending-Messages")
        if unused:
            self._credit -= int(unused)
            self._pull_more()
        elif status(headers) != 100:
            self._give_up()

    def _pull_more(self) -> None:
        """Keep two pulls in flight while there is room for what they may bring."""
        while (
            not self._lost
            and self._credit <= PULL
            and len(self._buffer) + self._credit + PULL <= BUFFER_MAX
        ):
            try:
                self._requests.connection.send(self._next, self._inbox, b"", _PULL_REQUEST)
            except Unavailable:
                self._give_up()
                return
            self._credit += PULL

    def _check_silence(self) -> None:
        if self._silent_checks > SILENT_CHECKS_MAX and self._credit:
            self._give_up()
            return
        self._silent_checks += 1
        self._watch = asyncio.get_running_loop().call_later(HEARTBEAT_S, self._check_silence)

    def _give_up(self) -> None:
        self._lost = True
        self._arrived.set()
