"""The ports in memory, with the semantics of the real ones: for tests and for trying things out."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from datetime import datetime

from adapters.storage.stream_names import check_stream
from domain.kernel.commit import Event, Recorded, Unreadable
from handlers.kernel.ports import (
    UNLISTED,
    Append,
    Conflict,
    LogChanged,
    Signal,
    unlisted_number,
)

BATCH = 1000
SIGNAL_BODY_BYTES_MAX = 64 * 1024 * 1024


class MemoryEventStore:
    """`handlers.kernel.ports.EventStore`."""

    def __init__(self) -> None:
        self._log: list[Recorded[Event]] = []
        self._streams: dict[str, list[Recorded[Event]]] = {}
        self._written: set[tuple[str, str]] = set()
        self._grown = asyncio.Event()
        self._acknowledged: list[tuple[int, str]] = []

    async def load(self, stream: str, after: int = 0) -> list[Recorded[Event]]:
        check_stream(stream)
        return [r for r in self._streams.get(stream, []) if r.position > after]

    async def load_short(self, stream: str, most: int) -> list[Recorded[Event]] | None:
        found = await self.load(stream)
        return found if len(found) <= most else None

    async def commit_at(self, stream: str, position: int) -> Recorded[Event] | None:
        if not 0 < position <= len(self._log):
            return None
        found = self._log[position - 1]
        return found if found.stream == stream else None

    async def append(self, write: Append) -> int:
        return (await self.append_together([write]))[0]

    async def append_together(self, writes: Sequence[Append]) -> list[int]:
        if len({write.stream for write in writes}) < len(writes):
            raise ValueError("each commit of a batch goes to another stream")
        for write in writes:
            check_stream(write.stream)
            commits = self._streams.get(write.stream)
            head = commits[-1].position if commits else 0
            if head != write.expected or (write.stream, write.commit.id) in self._written:
                raise Conflict(f"{write.stream} is at {head}, expected at {write.expected}")
        return [self._write(write) for write in writes]

    async def head(self) -> int:
        return len(self._log)

    async def outdated(
        self, upto: int, aside: Mapping[int, Unreadable], follows: tuple[str, ...]
    ) -> str | None:
        return None  # all that was written here can be read

    async def mark(self, position: int) -> str | None:
        if position > len(self._log):
            return None
        return self._log[position - 1].mark if position else ""

    def take_written(self) -> list[tuple[int, str]]:
        taken, self._acknowledged = self._acknowledged, []
        return taken

    async def read(
        self, after: int = 0, upto: int | None = None, *, follow: bool = False
    ) -> AsyncIterator[list[Recorded[Event]]]:
        if after > len(self._log):
            raise LogChanged(after, f"ends at {len(self._log)}")
        end = None if follow else len(self._log) if upto is None else upto
        while end is None or after < end:
            batch = self._log[after : min(after + BATCH, len(self._log) if end is None else end)]
            if batch:
                after = batch[-1].position
                yield batch
            else:
                await self._grown.wait()

    def _write(self, write: Append) -> int:
        recorded = Recorded(len(self._log) + 1, write.stream, write.commit)
        self._log.append(recorded)
        self._streams.setdefault(write.stream, []).append(recorded)
        self._written.add((write.stream, write.commit.id))
        self._grown.set()
        self._grown = asyncio.Event()
        self._acknowledged = [(recorded.position, recorded.mark)]
        return recorded.position


class MemoryReferences:
    """`handlers.kernel.ports.References`."""

    def __init__(self) -> None:
        self._holders: defaultdict[str, dict[int, str]] = defaultdict(dict)
        self._claimed: dict[tuple[str, str], int] = {}

    async def claim(self, prefix: str, id_: str) -> int:
        number = self._claimed.get((prefix, id_))
        if number is None:
            in_turn = (each for each in self._holders[prefix] if each not in UNLISTED)
            number = max(in_turn, default=0) + 1
            self._holders[prefix][number] = id_
            self._claimed[prefix, id_] = number
        return number

    async def claim_unlisted(self, prefix: str, id_: str) -> int:
        number = unlisted_number(id_)
        assert self._holders[prefix].setdefault(number, id_) == id_, "another one has its number"
        return number

    async def resolve(self, prefix: str, number: int) -> str | None:
        return self._holders[prefix].get(number)

    async def restore(self, prefix: str, pairs: Iterable[tuple[int, str]]) -> int:
        holders = self._holders[prefix]
        before = len(holders)
        for number, id_ in pairs:
            holder = holders.setdefault(number, id_)
            assert holder == id_, f"{prefix}-{number} of {id_} is held by {holder}"
        return len(holders) - before


class MemorySignalStore:
    """`handlers.kernel.ports.SignalStore`."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._signals: list[Signal] = []
        self._kept: dict[tuple[str, str, str], int] = {}

    async def put(
        self, product: str, source: str, body: bytes, headers: Mapping[str, str], msg_id: str | None
    ) -> int:
        if len(body) > SIGNAL_BODY_BYTES_MAX:
            raise ValueError(f"too large: body {len(body)} bytes")
        key = (product, source, msg_id or f"#{len(self._signals)}")
        if key not in self._kept:
            kept = {name.lower(): value for name, value in headers.items()}
            position = len(self._signals) + 1
            signal = Signal(position, product, source, self._clock(), kept, body)
            self._signals.append(signal)
            self._kept[key] = position
        return self._kept[key]

    async def get(self, position: int) -> Signal | None:
        known = 1 <= position <= len(self._signals)
        return self._signals[position - 1] if known else None

    async def whole(self, signal: Signal) -> Signal:
        return signal
