"""Delivery: one worker per channel sends what is open, and records each attempt before it is made.

The outbox says what is open; the ledger in the log decides. A worker sends only what it has claimed
there, so two of them never make the same attempt, and nothing goes out while the log is out of
reach. See `domain.notification.ledger` for what happens when a worker dies.
"""

import asyncio
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

import structlog

from domain.notification import LEDGER, Ledger, RecordDelivery, Resend
from domain.notification.channel import Era
from domain.notification.intent import Intent
from domain.notification.ledger import LEASE_S, Attempting, Dead, Suppressed
from domain.policy import Severity
from domain.policy.reach import Subscription
from handlers.kernel.asks import Ask, Meta, Outcome
from handlers.kernel.ports import EventStore, Unavailable
from handlers.kernel.transact import Transactor
from handlers.notify.channels import (
    Channel,
    DeliveryObserver,
    OpenIntent,
    OpenIntents,
    OutboxPage,
    Pace,
    Result,
)
from handlers.notify.ledger_writer import LedgerWriter, pause_s
from handlers.notify.log_check import NotOfTheLogError
from handlers.notify.render import Message, Renderer
from handlers.notify.sender import Fuse, Sender, State

PAGE = 50
FRESH_S = 0.2  # after this time something more urgent may have come up
GRACE_S = 3.0  # for what is under way when the service stops
FAULT_PAUSE_S = 60.0
USUAL_PACE, USUAL_FUSE = Pace(), Fuse()
SERVED_MOST = 1_000  # so many of those who have opened something are remembered
NOBODY: Mapping[str, int] = MappingProxyType({})

log = structlog.get_logger()


@dataclass(frozen=True)
class DeliveryDependencies:
    """What delivery workers share: the log, the outbox, the words, the clock, ids, chance (0 to 1),
    and who counts.
    """

    store: EventStore
    transactor: Transactor
    intents: OpenIntents
    renderer: Renderer
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    chance: Callable[[], float]
    observer: DeliveryObserver


async def resend(transactor: Transactor, key: str, command: Resend, meta: Meta) -> Outcome[Ledger]:
    """Send a dead letter about the subject of this key. Raises `Refused`, `Unavailable`."""
    return await transactor.transact(Ask(LEDGER.stream(key), LEDGER, command), meta)


def in_turn(items: Sequence[OpenIntent], served: Mapping[str, int] = NOBODY) -> list[OpenIntent]:
    """The most urgent subjects first; of these, those who have opened something take turns, who was
    `served` longest ago (by a number that grows) first; else as they stand, and what there is to
    tell of one subject in the order in which it happened: a severity of before must not arrive
    after that of now.
    """
    of: dict[str, list[OpenIntent]] = defaultdict(list)
    for item in sorted(items, key=lambda item: item.intent.position):
        of[item.intent.key].append(item)
    urgency = {key: min(item.intent.severity for item in told) for key, told in of.items()}
    waiting = {key: iter(told) for key, told in of.items()}
    had: Counter[tuple[Severity, str]] = Counter()
    turns = []
    for item in sorted(items, key=lambda item: urgency[item.intent.key]):
        level, opener = urgency[item.intent.key], item.intent.opened_by
        had[level, opener] += 1
        turns.append(((level, had[level, opener], served.get(opener, 0)), item.intent.key))
    return [next(waiting[key]) for _, key in sorted(turns, key=lambda turn: turn[0])]


class DeliveryWorker:
    """Delivers through one channel."""

    def __init__(
        self,
        channel: Channel,
        subscription: Subscription,
        dependencies: DeliveryDependencies,
        pace: Pace = USUAL_PACE,
        fuse: Fuse = USUAL_FUSE,
    ) -> None:
        self._channel = channel
        self._subscription = subscription
        self._dependencies = dependencies
        self._ledger_writer = LedgerWriter(
            channel.name, dependencies.store, dependencies.transactor, dependencies.new_id
        )
        self._pace = pace
        self._eras: tuple[Era, ...] = ()
        self._floor = 0
        self._head = 0
        self._build: int | None = None
        self._sender = Sender(channel, pace, fuse, dependencies.clock, dependencies.chance)
        self._probe: str | None = None
        self._faulty: dict[str, datetime] = {}
        self._served: OrderedDict[str, int] = OrderedDict()
        self._turn = 0
        self._woken = asyncio.Event()
        self.passes = 0
        """How often the outbox was gone through; whoever watches sees by it that we move."""
        self._log = log.bind(channel=channel.name)

    @property
    def name(self) -> str:
        """The name of the channel."""
        return self._channel.name

    def circuit(self) -> tuple[str, State]:
        """The name of the channel, and the state of its circuit."""
        return self._channel.name, self._sender.state()

    def wake(self) -> None:
        """Look at once: there may be something new."""
        self._woken.set()

    def mend(self) -> None:
        """The channel works again: what waits for its rest goes at once."""
        self._sender.mend()
        self.wake()

    async def activate(self) -> None:
        """Put the channel in use, if it is not yet; what a new one is to tell begins here.

        Raises `Unavailable`.
        """
        if not self._eras:
            self._eras = await self._ledger_writer.activate(self._subscription)
            self._floor = self._eras[0].after

    def forget(self) -> None:
        """The log is another one: what it says of the channel and of what was sent is read anew."""
        self._eras, self._head = (), 0
        self._ledger_writer.forget()

    async def run(self) -> None:
        """Deliver until cancelled; what is being sent at that moment is finished first."""
        failures = 0
        while True:
            try:
                rest_s = await self.step()
                self.passes += 1
                failures = 0
            except Unavailable as outage:
                self._log.warning("delivery.unavailable", reason=str(outage))
                failures += 1
                rest_s = pause_s(failures)
            except Exception:  # noqa: BLE001 - logged; other channels go on, and so do we
                self._log.exception("delivery.fault")
                rest_s = FAULT_PAUSE_S
            with suppress(TimeoutError):
                async with asyncio.timeout(rest_s):
                    await self._woken.wait()
            self._woken.clear()

    async def step(self) -> float:
        """Send what is due, most urgent first; how long to rest then, in seconds.

        Raises `Unavailable`.
        """
        await self.activate()
        begun = self._dependencies.clock()
        if self._sender.rests():
            return self._pace.poll_s
        page = await self._dependencies.intents.pending(
            self._channel.name, self._eras, self._floor, begun, PAGE
        )
        if self._build not in {None, page.build}:  # what was below the floor may be other news now
            self._build, self._floor = page.build, self._eras[0].after
            return 0.0
        self._build = page.build
        for item in self._in_turn(page):
            if self._set_aside(item, begun):
                continue
            if not self._sender.admits(item.intent.severity):
                return self._pace.poll_s
            self._serve(item.intent.opened_by)
            await self._finish(item.intent)
            if self._dependencies.clock() - begun > timedelta(seconds=FRESH_S):
                return 0.0
        await self._raise_floor(page)
        return self._pace.poll_s

    def _in_turn(self, page: OutboxPage) -> list[OpenIntent]:
        """Most urgent first; of two that could probe a half-open circuit, not always the same: it
        may be the message that the channel cannot cope with.
        """
        items = in_turn(page.intents, self._served)
        if self._sender.state() == "half_open":
            items.sort(key=lambda item: item.intent.id == self._probe)
        return items

    def _serve(self, opener: str) -> None:
        """It is the turn of whoever has opened something; all others come before the next one."""
        self._turn += 1
        self._served[opener] = self._turn
        self._served.move_to_end(opener)
        if len(self._served) > SERVED_MOST:
            self._served.popitem(last=False)

    def _set_aside(self, item: OpenIntent, now: datetime) -> bool:
        """Whether we know better than the read model, or had trouble with this one just now."""
        rested_at = self._faulty.get(item.intent.id)
        if rested_at and now < rested_at:
            return True
        self._faulty.pop(item.intent.id, None)
        return item.ledger_position < self._ledger_writer.recorded(item.intent)

    async def _raise_floor(self, page: OutboxPage) -> None:
        """What lies below needs no look any more: the ledger knows of it. A row that claims to lie
        beyond the log must not hide what comes. Raises `Unavailable`.
        """
        if len(page.intents) < PAGE:
            fresh = [item.intent.position for item in page.intents if not item.ledger_position]
            floor = min([page.horizon, *(at - 1 for at in fresh)])
            if floor > self._head:
                self._head = await self._dependencies.store.head()
            self._floor = max(self._floor, min(floor, self._head))

    async def _finish(self, intent: Intent) -> None:
        """Deliver one, to its end even if we are told to stop: sent but not recorded is the one
        state to keep out of.
        """
        task = asyncio.create_task(self._guarded(intent))
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.wait([task], timeout=GRACE_S)
            task.cancel()
            raise

    async def _guarded(self, intent: Intent) -> None:
        try:
            await self._deliver(intent)
        except Unavailable:
            self._observe(intent, "unavailable")
            raise
        except NotOfTheLogError as reason:
            self._sender.give_back()
            self._log.error("delivery.not_of_the_log", intent=intent.id, reason=str(reason))
            self._faulty[intent.id] = self._dependencies.clock() + timedelta(seconds=FAULT_PAUSE_S)
        except Exception:  # noqa: BLE001 - whatever is wrong with this one, the others must go out
            self._log.exception("delivery.fault", intent=intent.id)
            self._faulty[intent.id] = self._dependencies.clock() + timedelta(seconds=FAULT_PAUSE_S)

    async def _deliver(self, intent: Intent) -> None:
        begun = self._dependencies.clock()
        prepared = await self._dependencies.renderer.prepare(intent)
        prepared.logged.check_channel(self._eras, self.name)
        message, _, answered_by, because = prepared
        claimed = await self._ledger_writer.claim(message, answered_by, because)
        if claimed is None:
            self._sender.give_back()
            self._observe(intent, "taken")
        elif isinstance(claimed.phase, Suppressed):
            self._sender.give_back()  # old prompts must not use up the pace of others
            self._observe(intent, "suppressed")
        elif isinstance(claimed.phase, Dead):
            self._sender.give_back()
            self._observe(intent, "dead")
        elif self._dependencies.clock() - begun > timedelta(seconds=LEASE_S / 2):
            pass  # so slow that our claim may soon be another's: it lapses, and is made again
        elif isinstance(claimed.phase, Attempting):
            await self._attempt(message, claimed.attempts)

    async def _attempt(self, message: Message, attempt: int) -> None:
        intent = message.intent
        self._probe = intent.id if self._sender.state() == "half_open" else None
        result = await self._sender.attempt(message, attempt)
        entry = await self._ledger_writer.record(intent, result)
        if isinstance(result, RecordDelivery):
            self._observe(intent, "delivered")
            return
        self._observe(intent, "dead" if isinstance(entry.phase, Dead) else "retrying")
        self._log.warning(
            "delivery.failed", intent=intent.id, attempt=attempt, reason=result.reason
        )

    def _observe(self, intent: Intent, result: Result) -> None:
        age = self._dependencies.clock() - intent.recorded_at
        self._dependencies.observer.delivery(self._channel.name, result, age.total_seconds())
