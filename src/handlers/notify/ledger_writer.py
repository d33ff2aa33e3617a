"""What a delivery worker writes down: that its channel is in use, each attempt, how it went."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable

import structlog

from domain.notification import (
    CHANNEL,
    LEDGER,
    Claim,
    Ledger,
    RecordDelivery,
    RecordFailure,
)
from domain.notification.channel import Activate, Era, Routing
from domain.notification.commands import ANSWERED
from domain.notification.intent import Intent
from domain.notification.ledger import LedgerEntry
from domain.policy.reach import Subscription
from handlers.kernel.asks import Ask, Meta, Outcome
from handlers.kernel.ports import EventStore, Unavailable
from handlers.kernel.transact import Transactor
from handlers.notify.render import Message

ACTOR = "commandpost"
OUTAGE_PAUSES_S = (0.1, 0.2, 0.5, 1.0, 2.0)
REMEMBERED = 10_000

log = structlog.get_logger()


def pause_s(failures: int) -> float:
    """How long to wait for the log or the database after so many failures in a row."""
    return OUTAGE_PAUSES_S[min(failures, len(OUTAGE_PAUSES_S)) - 1]


class LedgerWriter:
    """The ledger as one channel's delivery worker writes it."""

    def __init__(
        self, channel: str, store: EventStore, transactor: Transactor, new_id: Callable[[], str]
    ) -> None:
        self._channel = channel
        self._store = store
        self._transactor = transactor
        self._new_id = new_id
        self._recorded: OrderedDict[str, int] = OrderedDict()

    async def activate(self, wanted: Subscription) -> tuple[Era, ...]:
        """The settings of the channel at each place of the log. Where they are others than before,
        they hold for what is recorded from now on. Raises `Unavailable`.
        """
        activate = Activate(
            after=await self._store.head(),
            audiences=wanted.audiences,
            min_severity=wanted.min_severity,
            services=wanted.services,
            drills=wanted.drills,
            private=wanted.private,
            addressed=wanted.addressed,
            admins=wanted.admins,
            carries=wanted.carries,
        )
        command_id = self._new_id()
        outcome: Outcome[Routing] = await self._transactor.transact(
            Ask(CHANNEL.stream(self._channel), CHANNEL, activate),
            Meta(command_id=command_id, actor=ACTOR, correlation_id=command_id),
        )
        return outcome.state.eras

    def recorded(self, intent: Intent) -> int:
        """The position of the last thing that we wrote about an intent, 0 if that was nothing."""
        return self._recorded.get(intent.id, 0)

    def forget(self) -> None:
        """We have written nothing, for the log is another one."""
        self._recorded.clear()

    async def claim(
        self, message: Message, answered_by: str | None = None, because: str = ANSWERED
    ) -> LedgerEntry | None:
        """Begin the next attempt, if it is ours to make; what the ledger says then. None: another
        worker has it, or nothing is due. Raises `Unavailable`: then nothing may be sent.
        """
        intent = message.intent
        claim = Claim(
            intent_id=intent.id,
            channel=self._channel,
            audience=intent.audience,
            subject=message.subject,
            recorded_at=intent.recorded_at,
            answered_by=answered_by,
            because=because,
            for_person=intent.recipient is not None,
        )
        # A new id each time: with one that others could have as well, their claims would be ours.
        outcome = await self._write(intent, claim, self._new_id())
        return None if outcome.outcome == "ignored" else self._entry(intent, outcome)

    async def record(self, intent: Intent, result: RecordDelivery | RecordFailure) -> LedgerEntry:
        """Write down how it went, however long the log takes to come back."""
        command_id = self._new_id()
        failures = 0
        while True:
            try:
                return self._entry(intent, await self._write(intent, result, command_id))
            except Unavailable as outage:
                log.warning("delivery.unrecorded", intent=intent.id, reason=str(outage))
                failures += 1
                await asyncio.sleep(pause_s(failures))

    def _entry(self, intent: Intent, outcome: Outcome[Ledger]) -> LedgerEntry:
        entry = outcome.state.of(intent.id, self._channel)
        assert entry is not None, "what was written down is in the ledger"
        return entry

    async def _write(
        self, intent: Intent, command: Claim | RecordDelivery | RecordFailure, command_id: str
    ) -> Outcome[Ledger]:
        meta = Meta(
            command_id=command_id,
            actor=ACTOR,
            correlation_id=intent.id,
            causation_id=intent.event_id,
        )
        ask = Ask(LEDGER.stream(intent.key), LEDGER, command)
        outcome: Outcome[Ledger] = await self._transactor.transact(ask, meta)
        if outcome.outcome != "ignored":
            self._recorded[intent.id] = outcome.position
            self._recorded.move_to_end(intent.id)
            while len(self._recorded) > REMEMBERED:
                self._recorded.popitem(last=False)
        return outcome
