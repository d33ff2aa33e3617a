"""What is on record of signals themselves: that they are in quarantine, and what became of that."""

from typing import NamedTuple
from uuid import uuid5

from domain.alerting import QUARANTINE
from domain.alerting.quarantine import (
    Discard,
    Discarded,
    PassedOver,
    PassOver,
    Quarantine,
    QuarantineCommand,
    QuarantineState,
    Release,
    Unremarkable,
    stream_of,
)
from domain.policy import Policy
from handlers.ingest.routing_context import NAMESPACE
from handlers.ingest.severity_scan import scan_severity
from handlers.ingest.signal_outcome import SignalOutcome
from handlers.kernel.asks import Ask, Meta
from handlers.kernel.ports import EventStore, Signal
from handlers.kernel.transact import Transactor

REASON_CHARS_MAX = 1_000


class SignalFate(NamedTuple):
    """What is on record of a signal, in so many commits."""

    state: QuarantineState
    commits: int

    @property
    def given_up(self) -> bool:
        return isinstance(self.state, Discarded)


class SignalFates:
    """The record of each signal. All methods raise `Unavailable`."""

    def __init__(self, store: EventStore, transactor: Transactor, policy: Policy) -> None:
        self._store = store
        self._transactor = transactor
        self._policy = policy

    async def load(self, position: int) -> SignalFate:
        history = await self._store.load(stream_of(position))
        state = QUARANTINE.initial
        for recorded in history:
            state = QUARANTINE.follow(state, recorded.commit)  # type: ignore[arg-type]
        return SignalFate(state, len(history))

    async def settle(self, signal: Signal, fate: SignalFate, outcome: SignalOutcome) -> None:
        """Put a signal into quarantine, or end that, as its translation has ended."""
        if outcome.outcome == "quarantined":
            quarantine = Quarantine(
                product=signal.product,
                source=signal.source,
                code=outcome.code or "unknown",
                reason=_with_flaws(outcome.reason or "", outcome.flaws)[:REASON_CHARS_MAX],
                received_at=signal.received_at,
                body_bytes=len(signal.body),
                severity=scan_severity(signal.body, self._policy),
                tells=True,
            )
            await self._record(signal.position, fate, quarantine, "intake")
        elif _is_to_be_listed(outcome):
            passed_over = PassOver(
                product=signal.product,
                source=signal.source,
                reason=(outcome.passed_over or outcome.unlisted or "")[:REASON_CHARS_MAX],
                incidents=outcome.incidents,
                flaws=outcome.flaws,
                follows=outcome.unlisted is not None and not outcome.passed_over,
            )
            await self._record(signal.position, fate, passed_over, "intake")
        elif not isinstance(fate.state, Unremarkable | PassedOver):
            release = Release(incidents=outcome.incidents)
            await self._record(signal.position, fate, release, "intake")

    async def discard(self, position: int, reason: str, actor: str) -> None:
        """Give a signal in quarantine up. Raises `Refused`."""
        await self._record(position, await self.load(position), Discard(reason=reason), actor)

    async def _record(
        self, position: int, fate: SignalFate, command: QuarantineCommand, actor: str
    ) -> None:
        stream = stream_of(position)
        key = f"{stream}:{type(command).__name__}:{fate.commits}"
        meta = Meta(command_id=str(uuid5(NAMESPACE, key)), actor=actor, correlation_id=stream)
        await self._transactor.transact(Ask(stream, QUARANTINE, command), meta)


def _is_to_be_listed(outcome: SignalOutcome) -> bool:
    """Whether the signal itself has to say what became of it, so that each has a line."""
    says = outcome.passed_over or outcome.flaws or outcome.unlisted
    return bool(says) and outcome.outcome != "waiting"


def _with_flaws(reason: str, flaws: tuple[str, ...]) -> str:
    return f"{reason} [flawed: {'; '.join(flaws)}]" if flaws else reason
