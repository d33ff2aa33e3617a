"""The event store on a JetStream stream: one exact subject per aggregate, one message per commit.

Why so, with measurements: docs/decisions/0002-event-store.md.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from typing import NoReturn

from adapters.storage.codec import Codec, CommitReader
from adapters.storage.nats.grouped_appends import GroupedAppends
from adapters.storage.nats.jetstream import (
    ack_of,
    direct_page,
    judged,
    position_of,
    stored_message,
    stream_info,
)
from adapters.storage.nats.reader import LogReader, Raw
from adapters.storage.nats.requests import NoReply, RawReply, Requests
from adapters.storage.nats.streams import COMMIT_BYTES_MAX, EVENTS
from adapters.storage.nats.wire import header_block
from adapters.storage.stream_names import check_stream
from domain.kernel.aggregate import AnyAggregate
from domain.kernel.commit import Event, Recorded, Unreadable, mark_of
from domain.log import SKIPS
from handlers.kernel.ports import Append, Conflict, Unavailable

COMMIT_ID_MAX = 255
TOGETHER_MAX = 1000  # the server's own limit of an atomic batch
NOTHING = (0, b"")
STALE_RETRIES = 50
STALE_PAUSE_S = 0.02
SETTLE_S = 3.0
SETTLE_PAUSE_S = 0.05


class JetStreamEventStore:
    """`handlers.kernel.ports.EventStore` over one connection; create it with `open_store`."""

    def __init__(
        self,
        requests: Requests,
        codec: Codec,
        *,
        stream: str = EVENTS,
        replicated: bool = False,
        grouped: bool = False,
        aggregates: Sequence[AnyAggregate] = (),
    ) -> None:
        self._requests = requests
        self._codec = codec
        self.commits = CommitReader(codec, aggregates)
        self._stream = stream
        self.replicated = replicated
        self._reader = LogReader(requests, stream)
        self._groups = GroupedAppends(self._append, self.append_together) if grouped else None
        self._skips_known = 0
        self._highest, self._overtaken = NOTHING, NOTHING

    async def append(self, write: Append) -> int:
        return await (self._groups.append(write) if self._groups else self._append(write))

    async def _append(self, write: Append) -> int:
        body, headers = self._message(write)
        try:
            reply = await self._requests.ask(write.stream, body, header_block(headers))
        except Unavailable as outage:
            await self._settle([write], outage)
        return self._position(reply, write.stream, body)

    async def append_together(self, writes: Sequence[Append]) -> list[int]:
        if len(writes) < 2:
            return [await self._append(write) for write in writes]
        if len(writes) > TOGETHER_MAX or len({write.stream for write in writes}) < len(writes):
            raise ValueError(f"a batch has at most {TOGETHER_MAX} commits, each of another stream")
        batch = self._requests.unique()
        *first, last = [
            (write.stream, body, headers | {"Nats-Batch-Id": batch, "Nats-Batch-Sequence": str(n)})
            for n, write in enumerate(writes, start=1)
            for body, headers in [self._message(write)]
        ]
        subject, body, headers = last
        commit = header_block(headers | {"Nats-Batch-Commit": "1"})
        try:
            for earlier, payload, block in first:
                self._requests.tell(earlier, payload, header_block(block))
            reply = await self._requests.ask(subject, body, commit)
        except Unavailable as outage:
            await self._settle(writes, outage)
        end = self._position(reply, subject, body)
        return list(range(end - len(writes) + 1, end + 1))

    async def load(self, stream: str, after: int = 0) -> list[Recorded[Event]]:
        """A direct get may be answered by a replica that lags, so the leader says where the end
        is. One server alone is its own leader.
        """
        check_stream(stream)
        return await self._settled(stream, await self._load(stream, after))

    async def load_short(self, stream: str, most: int) -> list[Recorded[Event]] | None:
        check_stream(stream)
        replies, complete = await direct_page(self._requests, self._stream, stream, 0, most)
        if not complete:
            return None
        if self.replicated:  # the replica that answered may lag
            return await self.load(stream)
        return await self._settled(stream, self._decoded(stream, replies))

    async def commit_at(self, stream: str, position: int) -> Recorded[Event] | None:
        found = await stored_message(self._requests, self._stream, {"seq": position})
        if found is None or found.subject != stream:
            return None
        return (await self._settled(stream, [self.recorded(position, stream, found.body)]))[0]

    async def _settled(self, stream: str, found: list[Recorded[Event]]) -> list[Recorded[Event]]:
        """With what somebody has just said to leave out."""
        if any(each.unreadable and not each.unreadable.skipped for each in found):
            await self.learn_skips()
            found = [
                self.recorded(each.position, stream, each.body or b"") if each.unreadable else each
                for each in found
            ]
        return found

    async def _load(self, stream: str, after: int) -> list[Recorded[Event]]:
        head = await self._leader_head(stream) if self.replicated else 0
        found: list[Recorded[Event]] = []
        for _ in range(STALE_RETRIES):
            complete = False
            while not complete:
                position = found[-1].position if found else after
                page, complete = await self._page(stream, position)
                found += page
            if head <= max(after, found[-1].position if found else 0):
                return found
            await asyncio.sleep(STALE_PAUSE_S)
        raise Unavailable(f"replicas have not reached position {head} of {stream}")

    async def head(self) -> int:
        return (await stream_info(self._requests, self._stream)).state.last_seq

    async def mark(self, position: int) -> str | None:
        return await self._reader.mark(position)

    def take_written(self) -> list[tuple[int, str]]:
        taken = [self._highest, self._overtaken]
        self._highest, self._overtaken = NOTHING, NOTHING
        return [(position, mark_of(position, body)) for position, body in taken if position]

    async def read(
        self, after: int = 0, upto: int | None = None, *, follow: bool = False
    ) -> AsyncIterator[list[Recorded[Event]]]:
        await self.learn_skips()
        read = self.commits.read
        async with aclosing(self.read_raw(after, upto, follow=follow)) as batches:
            async for batch in batches:
                yield [read(place, stream, body) for place, stream, body in batch]

    def read_raw(
        self, after: int = 0, upto: int | None = None, *, follow: bool = False
    ) -> AsyncGenerator[list[Raw]]:
        """Like `read`, with commits left encoded: (position, stream, body)."""
        return self._reader.read(after, upto, follow=follow)

    def recorded(self, position: int, stream: str, body: bytes) -> Recorded[Event]:
        """What a raw message holds."""
        found = self.commits.read(position, stream, body)
        return found if found.unreadable else Recorded(position, stream, found.commit)

    async def outdated(
        self, upto: int, aside: Mapping[int, Unreadable], follows: tuple[str, ...]
    ) -> str | None:
        """What is aside is looked at again by a release that can read what the former one could
        not; for all others it is what it was.
        """
        await self.learn_skips()
        skips = self.commits.skips
        for position, skip in skips.items():
            if position <= upto and position not in aside and skip.subject.startswith(follows):
                return f"position {position} was left out meanwhile"
        for position, why in aside.items():
            if position in skips or why.judge in {"", self.commits.judge}:
                continue
            found = await stored_message(self._requests, self._stream, {"seq": position})
            if found and not self.recorded(position, found.subject, found.body).unreadable:
                return f"position {position} can be read now"
        return None

    async def learn_skips(self) -> None:
        """Learn what has been left out of every history since. Raises `Unavailable`."""
        for recorded in await self._load(SKIPS, self._skips_known):
            self._skips_known = recorded.position

    def forget(self) -> None:
        """What was left out is learnt anew, for the log is another one."""
        self._skips_known = 0
        self.commits.skips.clear()

    def _message(self, write: Append) -> tuple[bytes, dict[str, str]]:
        check_stream(write.stream)
        body = self._codec.encode(write.commit)
        if len(write.commit.id) > COMMIT_ID_MAX:
            raise ValueError(f"a commit id has at most {COMMIT_ID_MAX} characters")
        if len(body) > COMMIT_BYTES_MAX:
            raise ValueError(f"a commit of {len(body)} bytes; at most {COMMIT_BYTES_MAX} fit")
        return body, {
            "Nats-Msg-Id": f"{write.stream}/{write.commit.id}",
            "Nats-Expected-Last-Subject-Sequence": str(write.expected),
            "Nats-Expected-Stream": self._stream,
        }

    def _position(self, reply: RawReply, stream: str, body: bytes) -> int:
        ack = judged(self._requests, self._stream, stream, ack_of(reply.payload))
        if ack.duplicate:
            # Written before, perhaps by another process whose decision was not the same.
            raise Conflict(f"{stream} has this commit already, at {ack.seq}")
        if ack.error is None:
            if ack.seq > self._highest[0]:
                self._highest = ack.seq, body
            elif not self._overtaken[0]:  # out of order, or the end of the log is gone
                self._highest, self._overtaken = (ack.seq, body), self._highest
            return ack.seq
        raise Conflict(f"{stream}: {ack.error.description}")

    async def _settle(self, writes: Sequence[Append], outage: Unavailable) -> NoReturn:
        """The fate of writes without an answer: `Conflict` when a stream of theirs has moved,
        perhaps by themselves; else still unknown, `Unavailable`, or `Unwritable`.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + SETTLE_S
        while True:
            try:
                moved = [w for w in writes if await self._leader_head(w.stream) > w.expected]
                break
            except Unavailable:
                if loop.time() > deadline:
                    moved = []
                    break
            await asyncio.sleep(SETTLE_PAUSE_S)
        if moved:
            raise Conflict(f"{moved[0].stream} has moved on")
        if isinstance(outage, NoReply):
            raise self._requests.writes.refused(self._stream, writes[0].stream, str(outage))
        raise outage

    async def _leader_head(self, stream: str) -> int:
        last = await stored_message(self._requests, self._stream, {"last_by_subj": stream})
        return last.seq if last is not None else 0

    async def _page(self, stream: str, after: int) -> tuple[list[Recorded[Event]], bool]:
        """Some commits behind `after`, and whether these are all that the server has."""
        replies, complete = await direct_page(self._requests, self._stream, stream, after)
        return self._decoded(stream, replies), complete

    def _decoded(self, stream: str, replies: Sequence[RawReply]) -> list[Recorded[Event]]:
        return [self.recorded(position_of(r), stream, r.payload) for r in replies]


async def open_store(
    requests: Requests,
    codec: Codec,
    *,
    stream: str = EVENTS,
    grouped: bool = False,
    aggregates: Sequence[AnyAggregate] = (),
) -> JetStreamEventStore:
    """The store on a provisioned stream, for these `aggregates`; `grouped`: for a server that
    flushes each write to the disk. Raises `Unavailable` when the stream is not there.
    """
    info = await stream_info(requests, stream)
    return JetStreamEventStore(
        requests,
        codec,
        stream=stream,
        replicated=info.config.num_replicas > 1,
        grouped=grouped,
        aggregates=aggregates,
    )
