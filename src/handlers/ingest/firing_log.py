"""The log of firings as reports are worked off: what it says of one, and what is added to it."""

from datetime import datetime
from typing import NamedTuple

import msgspec

from domain.alerting import (
    FIRINGS,
    Affected,
    AlertEnded,
    AlertRouted,
    AlertUnheard,
    End,
    Firing,
    FiringHistory,
    Note,
    Route,
    Spread,
)
from domain.alerting.identity import FIRES, FiringClues, Judgement, News, followed, judge, named_by
from domain.incident import INCIDENT, Incident
from domain.incident.alerts.alert import Alert
from domain.incident.state import LIVE, Duplicate
from domain.kernel.refusal import Refused
from handlers.ingest.reports import Report
from handlers.ingest.routing_context import (
    RoutedReport,
    RoutingContext,
    caused_by,
    command_id,
    event_id_in,
    is_exercise,
    left_at,
    stream_of,
    what_is_said,
)
from handlers.kernel.asks import Ask
from handlers.kernel.executor import Executor
from handlers.kernel.ports import Signal

MERGES_MAX = 5
"""So many merges are followed to the incident that carries on."""


class Survivor(NamedTuple):
    """The incident that carries on, and as it stands."""

    id: str
    state: Incident


class FiringLog:
    """What is on record of firings. Every method raises `Unavailable`, and may be repeated without
    harm.
    """

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def history(self, stream: str) -> FiringHistory:
        """The firings of an alert or a thread."""
        history: FiringHistory = (await self._executor.transactor.look(stream, FIRINGS)).state
        return history

    async def by_its_words(self, signal: Signal, report: Report) -> Report:
        """The report, as one of the alert whose words one of our own keys stands for."""
        if report.given is None:
            return report
        alert = msgspec.structs.replace(report.alert, alert_id=report.given.alert_id)
        by_words = msgspec.structs.replace(report, alert=alert)
        said = what_is_said(signal, by_words)
        history = await self.history(stream_of("alert", *said.alert))
        return by_words if named_by(history, report.given.signal, said.arrival) else report

    async def judge(self, said: FiringClues, report: Report, history: FiringHistory) -> Judgement:
        """What a report is to its alert, by the log of that, and by its incident where only this
        tells: a person may have ended it, or it has the very report already.
        """
        firing = followed(said, history)
        if firing is None or firing.incident is None or said.kind not in FIRES:
            return judge(said, history)
        left = None
        if firing.ended_at is None:
            left = left_at((await self.survivor(firing.incident)).state)
        found = judge(said, history, left)
        if found.news is News.BEGINS and said.named:
            stream = INCIDENT.stream(firing.incident)
            known = await self._executor.transactor.look(stream, INCIDENT)
            product, source, _ = said.alert
            event_id = event_id_in(report, firing, said.arrival)
            if command_id(product, source, event_id) in known.commits:
                return Judgement(News.FOLLOWS, firing)
        return found

    async def note(self, case: RoutingContext) -> RoutedReport:
        """What is said of an alert that was never heard of: on record, and nothing else."""
        unheard = AlertUnheard(
            occurred_at=case.at,
            alert=case.report.alert,
            stated=case.said.at is not None,
            signal=case.signal.position,
            place=case.report.place,
            heard_at=case.signal.received_at,
            over=await self._was_given(case),
        )
        ask = Ask(case.stream, FIRINGS, Note(unheard=unheard))
        meta = case.meta(f"{case.stream}:unheard")
        noted = await self._executor.transactor.transact(ask, meta)
        return RoutedReport(None, (), unheard.because, follows=noted.outcome == "ignored")

    async def _was_given(self, case: RoutingContext) -> bool:
        """Whether the key of a report is one that we have given to a firing."""
        product, source, _ = case.ref
        given = case.report.given
        if given is None:
            return False
        history = await self.history(stream_of("alert", product, source, given.alert_id))
        return any(each.heard.signal <= given.signal for each in history.firings)

    async def decide(self, case: RoutingContext, stream: str, command: Route) -> Firing:
        """Where a firing belongs, which is written down."""
        ask = Ask(stream, FIRINGS, command)
        try:
            history = (await self._executor.transactor.transact(ask, case.meta(stream))).state
        except Refused:
            # Asked before, with another view of what is open: what was decided then holds.
            history = await self.history(stream)
        firing: Firing | None = history.firing(case.ref, command.routed.episode)
        assert firing is not None, "what was decided on a firing is in its stream"
        return firing

    async def over_with(self, case: RoutingContext, firing: Firing) -> datetime | None:
        """When the outage was over that a component is part of, if its failure was heard of later
        only; None: it goes on, or there is none.
        """
        affected = case.report.affected
        if affected is None or firing.thread is None or case.said.arrival != firing.heard:
            return None
        history = await self.history(firing.thread)
        outage = history.outage_before_its_end(affected, firing.began_at)
        if outage is None or outage.incident != firing.incident:
            return None
        return outage.ended_at

    async def spread(
        self, case: RoutingContext, firing: Firing, affected: Affected
    ) -> tuple[str, ...]:
        """Write down what else a firing affects, and find the incidents that have turned out to be
        part of the outage that it is, of which it tells as a whole.
        """
        if firing.thread is None or not affected.whole:
            return ()
        spread = Spread(alert=case.ref, episode=firing.episode, affected=affected)
        ask = Ask(firing.thread, FIRINGS, spread)
        history: FiringHistory
        history = (
            await self._executor.transactor.transact(ask, case.meta(f"{firing.thread}:spread"))
        ).state
        known = history.firing(case.ref, firing.episode)
        if known is None or known.affected is None or known.ended_at is not None:
            return ()
        parts = [
            each
            for each in reversed(history.incidents)
            if each != firing.incident and history.tells_of(each, known.affected)
        ]
        own = await self._going_on(firing.incident) if parts else None
        if own is None:
            return ()
        return tuple([each for each in parts if await self._going_on(each) not in {None, own}])

    async def end(
        self,
        case: RoutingContext,
        firing: Firing,
        at: datetime | None,
        *,
        incident_over: bool = False,
    ) -> None:
        """Write down that a firing was over at a time (None: as this was heard), by its product or
        as a person has ended its incident.
        """
        product, source, alert_id = case.ref
        ended = AlertEnded(
            occurred_at=at or case.signal.received_at,
            product=product,
            source=source,
            alert_id=alert_id,
            episode=firing.episode,
            stated=case.said.at is not None and not incident_over,
            incident_over=incident_over,
            signal=case.signal.position,
            place=case.report.place,
            heard_at=case.signal.received_at,
            event_id=None if incident_over else case.said.event_id,
        )
        for stream in filter(None, (case.stream, firing.thread)):
            ask = Ask(stream, FIRINGS, End(ended=ended))
            await self._executor.transactor.transact(ask, case.meta(f"{stream}:end"))

    async def adopt(self, signal: Signal, alert: Alert, incident: str, at: datetime) -> None:
        """An alert that was not heard of belongs to this incident, as its product says."""
        stream = stream_of("alert", alert.product, alert.source, alert.alert_id)
        routed = AlertRouted(
            occurred_at=at,
            product=alert.product,
            source=alert.source,
            alert_id=alert.alert_id,
            incident=incident,
            opens=alert.opens,
            because=f"{alert.title or 'another one'} was merged into it",
            signal=signal.position,
            heard_at=signal.received_at,
        )
        meta = caused_by(signal, f"{stream}:adopted:{signal.position}")
        ask = Ask(stream, FIRINGS, Route(routed=routed, settled=True))
        await self._executor.transactor.transact(ask, meta)

    async def survivor(self, incident: str, merges_max: int = MERGES_MAX) -> Survivor:
        """An incident as it stands, or the one that carries on where it was merged."""
        state: Incident = await self._executor.state(INCIDENT, incident)
        for _ in range(merges_max):
            if not isinstance(state, Duplicate):
                break
            incident = state.into
            state = await self._executor.state(INCIDENT, incident)
        return Survivor(incident, state)

    async def _going_on(self, incident: str | None) -> str | None:
        """The incident that carries on for one, if that goes on, and is none of an exercise."""
        if incident is None:
            return None
        found, state = await self.survivor(incident)
        return found if isinstance(state, LIVE) and not is_exercise(state) else None
