"""The consumer that turns stored signals into commands: in order, side by side, fair to sources.

A signal that comes again changes nothing, because every command has an id that follows from the
report. What cannot be done now is tried again in its place, so that the order stays; only what is
to wait for its time goes back to the stream, and what meets a fault of ours.
"""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Collection, Hashable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

import structlog

from handlers.consumers import DELAY_MAX_S, Consumer, backoff_s
from handlers.ingest.open_signal import OpenSignal
from handlers.ingest.receive import is_large
from handlers.ingest.translate import SignalTranslator
from handlers.ingest.turns import Turns
from handlers.kernel.ports import Signal, Unavailable

AT_ONCE = 48
OPEN_REPORTS_MAX = 4_000
"""With so many reports of a source in hand, its next signal is not opened yet."""
REPORTS_IN_ALL_MAX = 60_000
"""With so many reports of all sources in hand, no large signal is opened."""
FULL_PAUSE_S = 0.02
OPENED_AT_ONCE = 16
STOP_S = 2.0

CONSUMER = Consumer("SIGNALS", "raw.*.*", "translate", also=("signals.*",), pending_max=50_000)
"""Ends of alerts that may fire again soon wait in the stream, and must not keep others waiting."""

log = structlog.get_logger(__name__)


class Arrival(Protocol):
    """A signal in hand. Until one of these is called it is ours; after a crash it comes again."""

    @property
    def signal(self) -> Signal: ...

    def done(self) -> None:
        """It has been translated."""
        ...

    def later(self, delay_s: float) -> None:
        """It is to come again then."""
        ...


class SignalFeed(Protocol):
    """Signals that wait to be translated, in the order of the stream."""

    def open(self, take: Callable[[Arrival], None]) -> AbstractAsyncContextManager[None]:
        """Hand each signal to `take` for as long as the context lasts; then what is still in hand
        goes back.
        """
        ...


@asynccontextmanager
async def translating(feed: SignalFeed, translator: SignalTranslator) -> AsyncIterator[None]:
    """Translate every signal as long as the context lasts."""
    in_hand = _InHand(translator)
    async with feed.open(in_hand.take):
        try:
            yield
        finally:
            await in_hand.turns.stop(STOP_S)


class _InHand:
    """What is in hand: signals that wait to be opened, by source, and those on their way."""

    def __init__(self, translator: SignalTranslator) -> None:
        self.translator = translator
        self.turns = Turns(AT_ONCE)
        self.reports: Counter[str] = Counter()
        self.large = asyncio.Lock()
        """Whoever opens a large signal: one after the other, for a body takes ten times its memory
        while it is being read.
        """
        self._unopened: dict[str, deque[Arrival]] = {}

    def take(self, arrival: Arrival) -> None:
        source = arrival.signal.source
        line = self._unopened.get(source)
        if line is None:
            line = self._unopened[source] = deque()
            self.turns.add(_Opening(self, source, line))
        line.append(arrival)

    def all_opened(self, source: str) -> None:
        del self._unopened[source]


class _Opening:
    """Finds out what the signals of a source tell of, one behind the other, so that whatever they
    have in common keeps its order.
    """

    keys: Collection[Hashable] = ()

    def __init__(self, in_hand: _InHand, source: str, line: deque[Arrival]) -> None:
        self._in_hand = in_hand
        self.source = source
        self._line = line
        self._failures = 0

    async def step(self) -> float | None:
        for _ in range(min(len(self._line), OPENED_AT_ONCE)):
            arrival = self._line[0]
            if self._is_full(arrival.signal):
                return FULL_PAUSE_S
            try:
                opened = await self._open(arrival.signal)
            except Unavailable as unavailable:
                log.warning("signal.unopened", source=self.source, reason=str(unavailable))
                self._failures += 1
                return backoff_s(self._failures)
            self._failures = 0
            self._line.popleft()
            self._in_hand.turns.add(_Translating(self._in_hand, arrival, opened))
        if self._line:
            return 0
        self._in_hand.all_opened(self.source)
        return None

    def _is_full(self, signal: Signal) -> bool:
        in_hand = self._in_hand
        full = in_hand.reports.total() >= REPORTS_IN_ALL_MAX and is_large(signal)
        return full or in_hand.reports[self.source] >= OPEN_REPORTS_MAX

    async def _open(self, signal: Signal) -> OpenSignal:
        if not is_large(signal):
            return await self._in_hand.translator.open(signal)
        async with self._in_hand.large:
            return await self._in_hand.translator.open(signal)


class _Translating:
    """Works a signal off, a slice of its reports at a time."""

    def __init__(self, in_hand: _InHand, arrival: Arrival, opened: OpenSignal) -> None:
        self._in_hand = in_hand
        self._arrival = arrival
        self._opened = opened
        self._failures = 0
        self.source = arrival.signal.source
        self.keys: Collection[Hashable] = opened.keys
        in_hand.reports[self.source] += len(opened)

    async def step(self) -> float | None:
        about = {"consumer": CONSUMER.durable, "position": self._arrival.signal.position}
        try:
            outcome = await self._opened.advance()
        except Unavailable as unavailable:
            self._failures += 1
            delay_s = backoff_s(self._failures)
            log.warning("message.deferred", **about, delay_s=delay_s, reason=str(unavailable))
            return delay_s
        except Exception:
            log.exception("message.failed", **about)
            self._end(DELAY_MAX_S)
            return None
        self._failures = 0
        if outcome is None:
            return 0
        self._end(outcome.again_in_s)
        return None

    def _end(self, again_in_s: float | None) -> None:
        self._in_hand.reports[self.source] -= len(self._opened)
        if again_in_s is None:
            self._arrival.done()
        else:
            self._arrival.later(again_in_s)
