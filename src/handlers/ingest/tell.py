"""Telling incidents of reports that have their place: in most cases one, of one thing."""

from collections.abc import Callable
from datetime import datetime

import structlog
from msgspec.structs import replace

from domain.alerting.rules import OUR_OWN_PAGE
from domain.incident import INCIDENT
from domain.incident.alerts.alert import Alert, AlertKind
from domain.incident.alerts.differences import title_known
from domain.incident.commands import Acknowledge, Merge, ReceiveAlert
from domain.incident.events import AlertReceived
from domain.incident.state import Duplicate, Undeclared
from domain.kernel.refusal import Refused
from handlers.ingest.firing_log import FiringLog
from handlers.ingest.repeats import NO_NEWS
from handlers.ingest.reports import Report
from handlers.ingest.routing_context import (
    RoutedReport,
    caused_by,
    command_id,
    incident_id,
    own_ids,
    stream_of,
)
from handlers.ingest.signal_outcome import SignalOutcome, combined
from handlers.kernel.asks import Meta
from handlers.kernel.executor import Executor
from handlers.kernel.ports import EventStore, Signal, Unavailable
from handlers.kernel.provenance import reported_by

log = structlog.get_logger(__name__)

ALERT_ELSEWHERE = "alert.elsewhere"
"""An incident is none of this alert's."""
MERGES_MAX = 10
PAGE_ACKNOWLEDGED = "acknowledged the page that we had sent"


class Teller:
    """Tells incidents of reports. `tell` may be repeated without harm, and raises `Unavailable`."""

    def __init__(
        self,
        executor: Executor,
        store: EventStore,
        firings: FiringLog,
        clock: Callable[[], datetime],
    ) -> None:
        self._executor = executor
        self._store = store
        self._firings = firings
        self._clock = clock

    async def tell(
        self, signal: Signal, report: Report, placed: RoutedReport, at: datetime
    ) -> SignalOutcome:
        """What comes of a report of something that happened at `at`."""
        if placed.incident is None:
            if placed.because == OUR_OWN_PAGE.rule:
                return await self._answered(signal, report, placed, at)
            known = _again(placed.because) if placed.follows else None
            return SignalOutcome("ignored", (), None, placed.because, unlisted=known)
        wait_s = (placed.due_at - self._clock()).total_seconds() if placed.due_at else 0
        if wait_s > 0:
            return SignalOutcome("waiting", (placed.incident,), again_in_s=wait_s)
        told = [await self._tell_or_merge(signal, placed.incident, each) for each in placed.tell]
        for each in placed.merges:
            await self._same_outage(signal, report.alert, each, placed.incident)
        return combined(told)

    async def _tell_or_merge(
        self, signal: Signal, incident: str, command: ReceiveAlert
    ) -> SignalOutcome:
        into = command.alert.merged_into
        merged = await self._merged(signal, incident, command, into) if into else None
        return merged or await self._tell(signal, incident, command)

    async def _same_outage(self, signal: Signal, alert: Alert, source: str, into: str) -> None:
        """Merge an incident into another one, of which its alerts are part: that hears all that
        they have said, so that it is not over before they are.
        """
        for recorded in await self._store.load(INCIDENT.stream(source)):
            for event in recorded.commit.events:
                if isinstance(event, AlertReceived):
                    command = ReceiveAlert(occurred_at=event.occurred_at, alert=event.alert)
                    await self._offer(signal, into, command, to=into)
        reason = f"{alert.product} tells of it as part of this"
        merge = Merge(into=into, reason=f"{reason}: {alert.title}" if alert.title else reason)
        meta = _meta(signal, alert, f"source:{signal.source}", to=source)
        try:
            await self._executor.run(INCIDENT, source, merge, meta)
        except Refused as refused:
            log.warning("signal.not_merged", incident=source, into=into, reason=refused.detail)

    async def _merged(
        self, signal: Signal, source: str, command: ReceiveAlert, into: str
    ) -> SignalOutcome | None:
        """The incident of an alert that its product has merged into another one, merged into the
        incident of that. None: both share theirs, and in that this alert is over.
        """
        alert = command.alert
        target = await self._incident_of(alert, into)
        if target is None:
            await self._carry_on(signal, source, command, into)
        if target is None or target == source:
            return None
        state = await self._executor.state(INCIDENT, source)
        if isinstance(state, Duplicate) and state.into == target:
            return SignalOutcome("used", (source, target), unlisted=NO_NEWS)
        reason = _why_merged(alert)
        merge = Merge(into=target, reason=reason, occurred_at=command.occurred_at)
        meta = _meta(signal, alert, _person(alert) or f"source:{signal.source}")
        try:
            await self._executor.run(INCIDENT, source, merge, meta)
        except Refused as refused:
            log.warning("signal.not_merged", incident=source, into=target, reason=refused.detail)
            return None
        return SignalOutcome("used", (source, target), unlisted=reason)

    async def _carry_on(
        self, signal: Signal, source: str, command: ReceiveAlert, into: str
    ) -> None:
        """An alert was merged into one that was never heard of, whose incident is this one then."""
        at = command.occurred_at or signal.received_at
        alert = replace(
            command.alert,
            alert_id=into,
            event_id=f"{command.alert.event_id}/merged",
            kind=AlertKind.UPDATED,
            text="goes on as the one that it was merged into",
            began_at=None,
            merged_into=None,
            labels=(),
            url=None,
            links=(),
        )
        await self._firings.adopt(signal, alert, source, at)
        await self._tell(signal, source, ReceiveAlert(occurred_at=at, alert=alert))

    async def _incident_of(self, alert: Alert, alert_id: str) -> str | None:
        """The incident of another alert of the same source, or the one that carries on for it."""
        ref = (alert.product, alert.source, alert_id)
        history = await self._firings.history(stream_of("alert", *ref))
        begun = next(iter(history.incidents), None) or incident_id(*ref)
        found, state = await self._firings.survivor(begun, MERGES_MAX)
        return None if isinstance(state, Undeclared) else found

    async def _answered(
        self, signal: Signal, report: Report, placed: RoutedReport, at: datetime
    ) -> SignalOutcome:
        """Who acknowledges a page that we have sent has taken the incident on; all else that is
        said of it we have said ourselves.
        """
        alert, incident = report.alert, report.paged_for
        if alert.kind is not AlertKind.ACKNOWLEDGED or incident is None:
            known = OUR_OWN_PAGE.because if placed.follows else None
            return SignalOutcome("ignored", (), None, OUR_OWN_PAGE.because, unlisted=known)
        meta = _meta(signal, alert, _person(alert) or f"source:{signal.source}")
        try:
            # A product's clock is its own: its time is taken as it comes.
            told = Acknowledge(occurred_at=at, confirm=True)
            await self._executor.run(INCIDENT, incident, told, meta)
        except Refused as refused:  # it is over: there is nothing left to take on
            return SignalOutcome("ignored", (), None, refused.detail, unlisted=refused.detail)
        return SignalOutcome("used", (incident,), unlisted=PAGE_ACKNOWLEDGED)

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

    async def _offer(
        self, signal: Signal, target: str, command: ReceiveAlert, *, to: str | None = None
    ) -> SignalOutcome:
        """`to`: another incident than the one that the alert was told first."""
        meta = _meta(signal, command.alert, f"source:{signal.source}", to=to)
        try:
            told, outcome, warnings = await self._hand_over(target, command, meta)
            if outcome == "decided":
                return SignalOutcome("used", told, warnings=warnings)
            mine = outcome == "repeated" and await self._is_of(signal, target, meta.command_id)
            return _nothing_new(told, mine=mine)
        except Refused as refused:
            if not await self._known(target, meta.command_id, command):
                return SignalOutcome("quarantined", (), refused.code, refused.detail)
        except Unavailable:
            raise
        except Exception as error:
            # A fault of ours. The signal is safe where it is; the others must not wait for it.
            log.exception("signal.command_failed", position=signal.position, incident=target)
            return SignalOutcome(
                "quarantined", (), "command.failed", f"{type(error).__name__}: {error}"
            )
        return _nothing_new((target,), mine=await self._is_of(signal, target, meta.command_id))

    async def _hand_over(
        self, target: str, command: ReceiveAlert, meta: Meta
    ) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
        """Tell the incident, and where it was merged, the one that carries on: nobody watches a
        duplicate any more. Which were told, what came of it for the first, and whom of those that
        the last one concerns no channel tells.
        """
        told: tuple[str, ...] = (target,)
        outcome = await self._executor.run(INCIDENT, target, command, meta)
        became = outcome.outcome
        while isinstance(outcome.state, Duplicate) and len(told) < MERGES_MAX:
            into = outcome.state.into
            # The one that carries on has not heard what this alert is about.
            title = title_known(outcome.state.facts.alerts, command.alert) or command.alert.title
            command = replace(command, alert=replace(command.alert, title=title))
            again = replace(meta, command_id=f"{meta.command_id}+{len(told) + 1}")
            try:
                outcome = await self._executor.run(INCIDENT, into, command, again)
            except Refused as refused:
                if refused.code != ALERT_ELSEWHERE:
                    raise
                break
            told = (*told, into)
        missed = self._executor.unreached(INCIDENT, command, outcome)
        said = tuple(each.detail for each in missed) if outcome.outcome == "decided" else ()
        return told, became, said

    async def _is_of(self, signal: Signal, target: str, key: str) -> bool:
        """Whether it was this very signal by which an incident has heard of this report."""
        commit = await self._executor.commit(INCIDENT, target, key)
        return commit is not None and commit.causation_id == caused_by(signal, key).causation_id

    async def _known(self, target: str, key: str, command: ReceiveAlert) -> bool:
        """Whether the log holds this very report already, perhaps with another time or wording:
        where the product gives no time, a late repetition has another one, and a later version
        of a translator may say the same in other words.
        """
        commit = await self._executor.commit(INCIDENT, target, key)
        return any(
            isinstance(event, AlertReceived) and event.alert.kind is command.alert.kind
            for event in (commit.events if commit else ())
        )


def _nothing_new(told: tuple[str, ...], *, mine: bool) -> SignalOutcome:
    """What adds nothing. `mine`: the same signal has told it, and is translated again."""
    return SignalOutcome("used", told, reason=NO_NEWS, unlisted=None if mine else NO_NEWS)


def _again(because: str | None) -> str:
    """What became of a report about something that opens nothing."""
    return f"about what opens nothing: {because}" if because else NO_NEWS


def _why_merged(alert: Alert) -> str:
    """Why an incident is part of another one: its product says so, in its words."""
    if alert.text and alert.text.startswith("Merged into "):
        return f"in {alert.product} it was m{alert.text[1:]}"
    reason = f"{alert.product} has merged it there"
    return f"{reason}: {alert.text}" if alert.text else reason


def _person(alert: Alert) -> str | None:
    """Who has acted where the alert comes from, if that was a person."""
    return reported_by(alert.by) if alert.in_person else None


def _meta(signal: Signal, alert: Alert, actor: str, *, to: str | None = None) -> Meta:
    """Provenance of the one command that an alert comes to; `to`: of another one for that."""
    event_id = f"{alert.event_id}>{to}" if to else alert.event_id
    return caused_by(signal, command_id(signal.product, signal.source, event_id), actor)
