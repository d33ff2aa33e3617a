"""From what a product sent to commands, any number of times: kept first, understood later."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec
import structlog

from domain.alerting import QUARANTINE
from domain.alerting.quarantine import stream_of
from domain.alerting.rules import OUR_OWN_PAGE
from domain.incident import INCIDENT
from domain.incident.alerts.alert import Alert, AlertKind
from domain.incident.commands import Acknowledge, ReceiveAlert
from domain.incident.events import AlertReceived
from domain.incident.state import Duplicate
from domain.kernel.refusal import Refused
from handlers.ingest.fates import REASON_CHARS_MAX, SignalFate, SignalFates
from handlers.ingest.open_signal import KeyedReading, OpenSignal
from handlers.ingest.read import SignalReader
from handlers.ingest.receive import Inbound, SourceSettings
from handlers.ingest.reports import (
    Reading,
    Report,
    Unintelligible,
    Unwanted,
)
from handlers.ingest.route import Router
from handlers.ingest.routing_context import (
    command_id,
    correlation_of,
    incident_id,
    own_ids,
)
from handlers.ingest.signal_outcome import SignalOutcome, combined
from handlers.kernel.executor import Executor
from handlers.kernel.ports import EventStore, Signal, SignalStore, Tally, Unavailable
from handlers.kernel.provenance import reported_by
from handlers.kernel.transact import Meta

__all__ = ["SignalOutcome", "SignalTranslator", "command_id", "incident_id"]

log = structlog.get_logger(__name__)

ALERT_ELSEWHERE = "alert.elsewhere"
"""An incident is none of this alert's."""
LOGGED_MAX = 20
MERGES_MAX = 10
OBJECTS_AT_ONCE = 100
"""A body of more JSON objects than that is read by a thread, so that others need not wait."""


class SignalTranslator:
    """Makes commands of stored signals. Every method may be repeated without harm."""

    def __init__(  # noqa: PLR0913 - its collaborators, named one by one
        self,
        *,
        signals: SignalStore,
        store: EventStore,
        executor: Executor,
        router: Router,
        products: Mapping[str, Inbound],
        sources: Mapping[str, SourceSettings],
        clock: Callable[[], datetime],
        tally: Tally,
    ) -> None:
        self._signals = signals
        self._store = store
        self._executor = executor
        self.fates = SignalFates(store, executor.transactor)
        self._router = router
        self._products = products
        self._sources = sources
        self._reader = SignalReader(products, sources, executor.policy)
        self._clock = clock
        self._tally = tally

    async def translate(self, signal: Signal) -> SignalOutcome:
        """Use a signal, or put it into quarantine; one that was given up is left alone.

        Raises `Unavailable`: try again later.
        """
        return await _worked_off(await self.open(signal))

    async def open(self, signal: Signal, *, asked: bool = False) -> OpenSignal:
        """Find out what a signal tells of; nothing is done about it yet. What was given up will be
        left alone, unless somebody has `asked`. Raises `Unavailable`.
        """
        signal = await self._signals.whole(signal)
        if signal.body.count(b"{") > OBJECTS_AT_ONCE:
            readings = await asyncio.to_thread(self._read, signal)
        else:
            readings = self._read(signal)
        return OpenSignal(readings, _Handling(self, signal, asked=asked), correlation_of(signal))

    async def find(self, position: int) -> Signal:
        """A signal as it came. Raises `Refused` if there is none, `Unavailable`."""
        signal = await self._signals.get(position) if position > 0 else None
        if signal is None:
            raise Refused(
                "signal.unknown",
                f"there is no signal {position}",
                field="position",
                rule="the position of a signal that was kept",
            )
        return signal

    async def replay(self, position: int) -> SignalOutcome:
        """Translate a signal again because somebody asks for it; success ends its quarantine.

        Raises `Refused` if there is no such signal, `Unavailable`.
        """
        return await _worked_off(await self.open(await self.find(position), asked=True))

    async def discard(self, position: int, reason: str, actor: str) -> None:
        """Give a signal in quarantine up. Raises `Refused`, `Unavailable`."""
        await self.find(position)
        await self.fates.discard(position, reason, actor)

    def _read(self, signal: Signal) -> list[KeyedReading]:
        """What a signal tells of, at least one thing. It never raises."""
        try:
            found = self._reader.read(signal)
            settings = self._sources.get(signal.source)
            placed = (_in_its_place(each, place) for place, each in enumerate(found))
            return [self._keyed(signal, each, settings) for each in placed]
        except Exception as error:
            log.exception("signal.translator_failed", position=signal.position)
            return [KeyedReading(Unintelligible("translator.failed", _described(error)))]

    def _keyed(
        self, signal: Signal, reading: Reading, settings: SourceSettings | None
    ) -> KeyedReading:
        if not isinstance(reading, Report):
            return KeyedReading(reading)
        return KeyedReading(reading, self._router.keys(signal, reading, settings))

    async def one(self, signal: Signal, reading: Reading) -> SignalOutcome:
        """Do what one reading of a signal asks for. Raises `Unavailable`."""
        match reading:
            case Unwanted(reason):
                return SignalOutcome("unwanted", (), None, reason)
            case Unintelligible(code, reason):
                return SignalOutcome("quarantined", (), code, reason)
            case Report():
                return await self._execute(signal, reading)

    async def _execute(self, signal: Signal, report: Report) -> SignalOutcome:
        # A product whose clock is ahead, or that gives no time: it was no later than received.
        latest = min(signal.received_at, self._clock())
        at = min(report.occurred_at or latest, latest)
        placed = await self._router.place(signal, report, self._sources.get(signal.source), at)
        if placed.incident is None:
            if placed.because == OUR_OWN_PAGE.rule:
                return await self._answered(signal, report, at)
            return SignalOutcome("ignored", (), None, placed.because)
        wait_s = (placed.due_at - self._clock()).total_seconds() if placed.due_at else 0
        if wait_s > 0:
            return SignalOutcome("waiting", (placed.incident,), again_in_s=wait_s)
        told = [await self._tell(signal, placed.incident, each) for each in placed.tell]
        return combined(told)

    async def _answered(self, signal: Signal, report: Report, at: datetime) -> SignalOutcome:
        """Who acknowledges a page that we have sent has taken the incident on; all else that is
        said of it we have said ourselves.
        """
        alert, incident = report.alert, report.paged_for
        if alert.kind is not AlertKind.ACKNOWLEDGED or incident is None:
            return SignalOutcome("ignored", (), None, OUR_OWN_PAGE.because)
        meta = _meta(signal, alert, reported_by(alert.by) or f"source:{signal.source}")
        try:
            await self._executor.run(INCIDENT, incident, Acknowledge(occurred_at=at), meta)
        except Refused as refused:  # it is over: there is nothing left to take on
            return SignalOutcome("ignored", (), None, refused.detail)
        return SignalOutcome("used", (incident,))

    async def _tell(self, signal: Signal, target: str, command: ReceiveAlert) -> SignalOutcome:
        """Tell the incident of an alert; where it is none of the alert's, one of its own."""
        alert = command.alert
        verdict = await self._offer(signal, target, command)
        for own in own_ids(alert.product, alert.source, alert.alert_id, alert.episode):
            if verdict.code != ALERT_ELSEWHERE:
                break
            if own != target:
                verdict = await self._offer(signal, own, command)
        return verdict

    async def _offer(self, signal: Signal, target: str, command: ReceiveAlert) -> SignalOutcome:
        meta = _meta(signal, command.alert, f"source:{signal.source}")
        try:
            return SignalOutcome("used", await self._hand_over(target, command, meta))
        except Refused as refused:
            if not await self._known(target, meta.command_id, command):
                return SignalOutcome("quarantined", (), refused.code, refused.detail)
        except Unavailable:
            raise
        except Exception as error:
            # A fault of ours. The signal is safe where it is; the others must not wait for it.
            log.exception("signal.command_failed", position=signal.position, incident=target)
            return SignalOutcome("quarantined", (), "command.failed", _described(error))
        return SignalOutcome("used", (target,))

    async def _hand_over(self, target: str, command: ReceiveAlert, meta: Meta) -> tuple[str, ...]:
        """Tell the incident, and where it was merged, the one that carries on: nobody watches a
        duplicate any more.
        """
        told: tuple[str, ...] = (target,)
        outcome = await self._executor.run(INCIDENT, target, command, meta)
        while isinstance(outcome.state, Duplicate) and len(told) < MERGES_MAX:
            into = outcome.state.into
            again = msgspec.structs.replace(meta, command_id=f"{meta.command_id}+{len(told) + 1}")
            try:
                outcome = await self._executor.run(INCIDENT, into, command, again)
            except Refused as refused:
                if refused.code != ALERT_ELSEWHERE:
                    raise
                break
            told = (*told, into)
        return told

    async def _known(self, target: str, key: str, command: ReceiveAlert) -> bool:
        """Whether the log holds this very report already, perhaps with another time or wording:
        where the product gives no time, a late repetition has another one, and a later version
        of a translator may say the same in other words.
        """
        return any(
            event.alert.kind is command.alert.kind
            for recorded in await self._store.load(INCIDENT.stream(target))
            if recorded.commit.id == key
            for event in recorded.commit.events
            if isinstance(event, AlertReceived)
        )

    def report(self, signal: Signal, verdict: SignalOutcome) -> None:
        """Count and log what became of a signal."""
        labels = {"product": signal.product, "source": signal.source}
        # Whoever may publish signals names their source: what is not configured has no series.
        known = signal.source in self._sources and signal.product in self._products
        counted = labels if known else dict.fromkeys(labels, "unknown")
        self._tally(
            "signals_translated", **counted, outcome=verdict.outcome, code=verdict.code or ""
        )
        told = log.warning if verdict.outcome == "quarantined" else log.info
        told(
            f"signal.{verdict.outcome}",
            position=signal.position,
            incidents=verdict.incidents[:LOGGED_MAX],
            code=verdict.code,
            reason=verdict.reason and verdict.reason[:REASON_CHARS_MAX],
            **labels,
        )


def _in_its_place(reading: Reading, place: int) -> Reading:
    """With its place in the body, by which the reports of one alert in it are ordered."""
    if place == 0 or not isinstance(reading, Report):
        return reading
    return msgspec.structs.replace(reading, place=place)


def _meta(signal: Signal, alert: Alert, actor: str) -> Meta:
    """Provenance of the one command that an alert comes to."""
    return Meta(
        command_id=command_id(signal.product, signal.source, alert.event_id),
        actor=actor,
        correlation_id=correlation_of(signal),
        causation_id=stream_of(signal.position),
    )


class _Handling:
    """`handlers.ingest.open_signal.Handling` of one signal."""

    def __init__(self, translator: SignalTranslator, signal: Signal, *, asked: bool) -> None:
        self._translator = translator
        self._signal = signal
        self._asked = asked
        self._fate = SignalFate(QUARANTINE.initial, 0)

    async def begin(self) -> SignalOutcome | None:
        self._fate = await self._translator.fates.load(self._signal.position)
        return SignalOutcome("discarded") if self._fate.given_up and not self._asked else None

    async def translate(self, reading: Reading) -> SignalOutcome:
        return await self._translator.one(self._signal, reading)

    async def settle(self, outcome: SignalOutcome) -> None:
        if outcome.outcome != "discarded":
            await self._translator.fates.settle(self._signal, self._fate, outcome)
        self._translator.report(self._signal, outcome)


async def _worked_off(opened: OpenSignal) -> SignalOutcome:
    """What became of a signal when all of it is done. Raises `Unavailable`."""
    while (outcome := await opened.advance()) is None:
        pass
    return outcome


def _described(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
