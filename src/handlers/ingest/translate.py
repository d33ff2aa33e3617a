"""From what a product sent to commands, any number of times: kept first, understood later."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

import structlog
from msgspec.structs import replace

from domain.alerting import CHANGES, ReportChange
from domain.incident import INCIDENT, Incident
from domain.kernel.refusal import Refused
from domain.kernel.roster import Roster
from domain.sight import PUBLIC
from handlers.ingest.awaited import AwaitedOutcomes
from handlers.ingest.fates import REASON_CHARS_MAX, SignalFates
from handlers.ingest.handling import SignalHandling
from handlers.ingest.heartbeats import Heartbeats
from handlers.ingest.open_signal import KeyedReading, OpenSignal
from handlers.ingest.read import SignalReader, by_directory
from handlers.ingest.reading import failed
from handlers.ingest.receive import Inbound, SourceSettings
from handlers.ingest.repeats import AGAIN, repeats
from handlers.ingest.reports import (
    ChangeReport,
    Reading,
    Report,
    Unintelligible,
    Unwanted,
)
from handlers.ingest.route import Router
from handlers.ingest.routing_context import (
    caused_by,
    change_id,
    command_id,
    correlation_of,
    incident_id,
)
from handlers.ingest.signal_outcome import SignalOutcome
from handlers.ingest.storm_members import foresee
from handlers.ingest.tell import Teller
from handlers.kernel.asks import Ask
from handlers.kernel.executor import Executor
from handlers.kernel.ports import EventStore, Signal, SignalStore, Tally

__all__ = ["SignalOutcome", "SignalTranslator", "command_id", "incident_id"]

log = structlog.get_logger(__name__)

LOGGED_MAX = 20
A_CHANGE = "a change, for the timelines of incidents of its service"
A_CHANGE_AGAIN = "a change that is known already"
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
        self._executor = executor
        self.fates = SignalFates(store, executor.transactor, executor.policy)
        self._router = router
        self.storms = router.storms
        self.heartbeats = Heartbeats(executor, store, signals)
        self._teller = Teller(executor, store, router.firings, clock)
        self._products = products
        self._sources = sources
        self._reader = SignalReader(products, sources, executor.policy)
        self._clock = clock
        self._tally = tally
        self.outcomes = AwaitedOutcomes()

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
        roster = await self._executor.rosters.soon()
        if signal.body.count(b"{") > OBJECTS_AT_ONCE:
            readings = await asyncio.to_thread(self._read, signal, roster)
        else:
            readings = self._read(signal, roster)
        handling = SignalHandling(
            signal,
            self.fates,
            asked=asked,
            prepare=partial(self._foresee, signal, readings),
            one=self.one,
            report=self.report,
        )
        return OpenSignal(readings, handling, correlation_of(signal))

    async def find(self, position: int) -> Signal:
        """A signal as it came. Raises `Refused` if there is none, `Unavailable`."""
        signal = await self._signals.get(position) if position > 0 else None
        if signal is None:
            raise unknown_signal(position)
        return signal

    async def replay(self, position: int) -> SignalOutcome:
        """Translate a signal again because somebody asks for it; success ends its quarantine.

        Raises `Refused` if there is no such signal, `Unavailable`.
        """
        opened = await self.open(await self.find(position), asked=True)
        return (await _worked_off(opened)).for_everybody()

    async def discard(self, position: int, reason: str, actor: str) -> None:
        """Give a signal in quarantine up. Raises `Refused`, `Unavailable`."""
        await self.find(position)
        await self.fates.discard(position, reason, actor)

    def _read(self, signal: Signal, roster: Roster | None) -> list[KeyedReading]:
        """What a signal tells of, at least one thing, about services as the catalogue calls them.
        It never raises.
        """
        try:
            found = [by_directory(each, roster) for each in self._reader.read(signal)]
            settings = self._sources.get(signal.source)
            placed = (_in_its_place(each, place) for place, each in enumerate(found))
            return [self._keyed(signal, each, settings) for each in placed]
        except Exception as error:
            log.exception("signal.translator_failed", position=signal.position)
            return [KeyedReading(failed(error))]

    def _keyed(
        self, signal: Signal, reading: Reading, settings: SourceSettings | None
    ) -> KeyedReading:
        if not isinstance(reading, Report):
            return KeyedReading(reading)
        return KeyedReading(reading, self._router.keys(signal, reading, settings))

    async def _foresee(self, signal: Signal, readings: Sequence[KeyedReading]) -> None:
        """A storm that comes in one body begins before the first of it. Raises `Unavailable`."""
        reports = [each.reading for each in readings if isinstance(each.reading, Report)]
        origin = (signal.product, signal.source)
        await foresee(
            self.storms, origin, signal.position, reports, partial(self._router.is_new, signal)
        )

    async def one(self, signal: Signal, reading: Reading) -> SignalOutcome:
        """Do what one reading of a signal asks for. Raises `Unavailable`."""
        match reading:
            case Unwanted(reason):
                return SignalOutcome("unwanted", (), None, reason)
            case Unintelligible(code, reason):
                return SignalOutcome("quarantined", (), code, reason)
            case ChangeReport():
                return await self._record_change(signal, reading)
            case Report():
                return await self._execute(signal, reading)

    async def _record_change(self, signal: Signal, report: ChangeReport) -> SignalOutcome:
        """Put a change on record; who follows the log writes it on timelines."""
        id_ = change_id(report.change)
        at = min(report.made_at or signal.received_at, signal.received_at)
        command = ReportChange(
            change=replace(report.change, id=id_, heard_at=signal.received_at),
            at=at,
            stated=report.made_at is not None,
            signal=signal.position,
            place=report.place,
        )
        stream = CHANGES.stream(id_)
        meta = caused_by(signal, f"{stream}:{signal.position}.{report.place}")
        outcome = await self._executor.transactor.transact(Ask(stream, CHANGES, command), meta)
        if outcome.outcome != "ignored":
            return SignalOutcome("used", reason=A_CHANGE)
        return SignalOutcome("used", reason=A_CHANGE_AGAIN, unlisted=A_CHANGE_AGAIN)

    async def _execute(self, signal: Signal, report: Report) -> SignalOutcome:
        # A product whose clock is ahead, or that gives no time: it was no later than received.
        latest = min(signal.received_at, self._clock())
        at = min(report.occurred_at or latest, latest)
        placed = await self._router.place(signal, report, self._sources.get(signal.source), at)
        if (beats := self._router.heartbeat(signal, report)) is not None:
            await self.heartbeats.heard(beats, signal)
        outcome = await self._teller.tell(signal, report, placed, at)
        if await repeats(self._executor, signal, report, placed.tell, outcome):
            outcome = replace(outcome, outcome="repeated", reason=AGAIN)
        private = [each for each in outcome.incidents if await self._is_private(each)]
        return replace(outcome, flaws=report.alert.flaws, private=tuple(private))

    async def _is_private(self, incident: str) -> bool:
        """Whether not everybody may see it. Raises `Unavailable`."""
        known: Incident = self._executor.transactor.remembered(INCIDENT.stream(incident), INCIDENT)
        if known == INCIDENT.initial:
            known = await self._executor.state(INCIDENT, incident)
        return INCIDENT.hides(known, PUBLIC)

    def report(self, signal: Signal, verdict: SignalOutcome) -> None:
        """Count and log what became of a signal, and tell its sender, if that waits."""
        verdict = verdict.for_everybody()
        self.outcomes.settle(signal.position, verdict)
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
    if place == 0 or not isinstance(reading, Report | ChangeReport):
        return reading
    return replace(reading, place=place)


async def _worked_off(opened: OpenSignal) -> SignalOutcome:
    """What became of a signal when all of it is done. Raises `Unavailable`."""
    while (outcome := await opened.advance()) is None:
        pass
    return outcome


def unknown_signal(position: int) -> Refused:
    """That there is none at a position."""
    return Refused(
        "signal.unknown",
        f"there is no signal {position}",
        field="position",
        rule="the position of a signal that was kept",
    )
