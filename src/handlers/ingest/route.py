"""To which incident a report belongs, by the rules and by what the log holds already."""

from collections.abc import Hashable
from datetime import datetime

import msgspec
import structlog

from domain.alerting import FIRINGS, AlertEnded, AlertRouted, End, Firing, FiringHistory, Route
from domain.alerting.rules import (
    OUR_OWN_PAGE,
    Action,
    AlertAttributes,
    Decision,
    Rulebook,
    by_group,
    route,
)
from domain.incident import INCIDENT, Incident
from domain.incident.alerts.alert import AlertKind
from domain.incident.alerts.stated import severity_of
from domain.incident.events import Kind
from domain.incident.state import LIVE, Duplicate, Undeclared
from domain.kernel.refusal import Refused
from domain.policy import Policy
from handlers.ingest.receive import SourceSettings
from handlers.ingest.reports import Report
from handlers.ingest.routing_context import (
    RoutedReport,
    RoutingContext,
    alert_of,
    current_firing,
    due_again,
    incident_id,
    is_exercise,
    is_responder_led,
    opens_by,
    route_report,
    stream_of,
)
from handlers.kernel.executor import Executor
from handlers.kernel.ports import Signal, Tally, Unavailable
from handlers.kernel.transact import Ask
from handlers.queries.read_models import ReadModels
from projections.incident.incident_list import LIST_INCIDENTS

log = structlog.get_logger(__name__)

SHOWN_MAX = 500
"""So many open incidents are looked at for one of a service."""

LOOKED_AT_MAX = 5
"""So many incidents of a thread, the latest ones, may still be open."""


class Router:
    """Finds the incident of each report. Every method may be repeated without harm."""

    def __init__(
        self,
        executor: Executor,
        read_models: ReadModels,
        rulebook: Rulebook,
        policy: Policy,
        tally: Tally,
    ) -> None:
        self._executor = executor
        self._read_models = read_models
        self._rulebook = rulebook
        self._policy = policy
        self._tally = tally

    def keys(
        self, signal: Signal, report: Report, settings: SourceSettings | None
    ) -> frozenset[Hashable]:
        """What is to be heard in order: the alert, and those that it may share an incident with.
        Only the order hangs on it: who comes out of turn meets the lock of the log.
        """
        ref = alert_of(report)
        per_group = settings is not None and settings.per == "group"
        if not per_group and not self._rulebook.rules:
            return frozenset((ref,))
        attributes = self._attributes(report, report.alert.began_at or signal.received_at)
        shared = route(self._rulebook, attributes).shared
        if shared is None and per_group:
            shared = by_group(attributes)
        return frozenset((ref, shared) if shared else (ref,))

    async def place(
        self, signal: Signal, report: Report, settings: SourceSettings | None, at: datetime
    ) -> RoutedReport:
        """Where a report of something that happened at `at` belongs. Raises `Unavailable`."""
        case = await self._case(signal, report, settings, at)
        firing, alert = case.current, report.alert
        due = firing is not None and due_again(firing, case)
        if firing is None or due:
            ours = report.paged_for is not None and await self._is_there(report.paged_for)
            decision = OUR_OWN_PAGE if ours else route(self._rulebook, case.attributes)
            begins_alone = firing is None and not report.recurs
            alone = incident_id(*case.ref)  # as before there were rules
            if begins_alone and (decision == Decision() or await self._is_there(alone)):
                return RoutedReport(alone, alert)
            firing = await self._route(case, decision, again=due)
        if alert.kind is AlertKind.RESOLVED:
            await self._end(case, firing)
        return route_report(case, firing)

    async def _case(
        self, signal: Signal, report: Report, settings: SourceSettings | None, at: datetime
    ) -> RoutingContext:
        alert = report.alert
        ref = alert_of(report)
        stream = stream_of("alert", *ref)
        history: FiringHistory = (await self._executor.transactor.look(stream, FIRINGS)).state
        current = current_firing(history, report, ref, at)
        # Who repeats a report of what began long ago says that it still fires.
        moment = signal.received_at if current and alert.episode else min(alert.began_at or at, at)
        attributes = self._attributes(report, moment)
        return RoutingContext(
            signal, report, settings, at, ref, stream, history, current, attributes
        )

    def _attributes(self, report: Report, at: datetime) -> AlertAttributes:
        alert = report.alert
        return AlertAttributes(
            product=alert.product,
            source=alert.source,
            alert_id=alert.alert_id,
            at=at,
            severity=severity_of(alert, self._policy),
            service=alert.service,
            title=alert.title,
            group=report.group,
            labels=report.labels,
        )

    async def _is_there(self, incident: str) -> bool:
        """Whether there is such an incident."""
        state: Incident = await self._executor.state(INCIDENT, incident)
        return not isinstance(state, Undeclared)

    async def _route(self, case: RoutingContext, decision: Decision, *, again: bool) -> Firing:
        """Decide on a firing, on the log: first among the alerts that it has something in common
        with, if any.
        """
        episode = case.current.episode if case.current else case.new_episode
        shared = decision.shared or (by_group(case.attributes) if case.per_group else None)
        routed = AlertRouted(
            occurred_at=min(case.report.alert.began_at or case.at, case.at),
            product=case.ref[0],
            source=case.ref[1],
            alert_id=case.ref[2],
            episode=episode,
            opens=opens_by(decision, case.settings),
            action=decision.action,
            rule=decision.rule,
            because=decision.because,
            until=decision.until,
            flap_window_s=decision.flap_window_s,
            title=case.attributes.title,
            service=case.attributes.service,
            severity=case.attributes.severity,
            signal=case.signal.position,
            thread=stream_of("thread", *shared) if shared else None,
        )
        if routed.action is Action.IGNORE:
            firing = await self._decide(case, case.stream, Route(routed=routed, again=again))
        elif routed.thread is None:
            own = incident_id(*case.ref, episode)
            firing = await self._join(case, case.stream, Route(routed=routed, own=own, again=again))
        else:
            firing = await self._join(
                case, routed.thread, Route(routed=routed, thread=routed.thread)
            )
            settled = msgspec.structs.replace(routed, incident=firing.incident, opens=firing.opens)
            command = Route(routed=settled, settled=True, again=again)
            firing = await self._decide(case, case.stream, command)
        self._tally("alerts_routed", action=routed.action or "default", rule=routed.rule or "")
        return firing

    async def _join(self, case: RoutingContext, stream: str, command: Route) -> Firing:
        """Decide with a view to which incidents are open."""
        history = case.history
        if stream != case.stream:
            history = (await self._executor.transactor.look(stream, FIRINGS)).state
        known = history.firing(case.ref, command.routed.episode)
        if known and known.incident:
            return known
        states = {each: await self._survivor(each) for each in history.incidents[:LOOKED_AT_MAX]}
        open_ = {each: now for each, now in states.items() if isinstance(now, LIVE)}
        found = None
        if not open_ and command.routed.action is Action.ATTACH and case.attributes.service:
            found = await self._open_incident_of(case.attributes.service)
        command = msgspec.structs.replace(
            command,
            over=frozenset(history.incidents).difference(open_),
            responder_led=frozenset(
                each for each, now in open_.items() if is_responder_led(now.facts)
            ),
            exercises=frozenset(each for each, now in states.items() if is_exercise(now)),
            found=found,
        )
        return await self._decide(case, stream, command)

    async def _decide(self, case: RoutingContext, stream: str, command: Route) -> Firing:
        ask = Ask(stream, FIRINGS, command)
        try:
            history = (await self._executor.transactor.transact(ask, case.meta(stream))).state
        except Refused:
            # Asked before, with another view of what is open: what was decided then holds.
            history = (await self._executor.transactor.look(stream, FIRINGS)).state
        firing: Firing | None = history.firing(case.ref, command.routed.episode)
        assert firing is not None, "what was decided on a firing is in its stream"
        return firing

    async def _end(self, case: RoutingContext, firing: Firing) -> None:
        product, source, alert_id = case.ref
        ended = AlertEnded(
            occurred_at=case.at,
            product=product,
            source=source,
            alert_id=alert_id,
            episode=firing.episode,
        )
        for stream in filter(None, (case.stream, firing.thread)):
            ask = Ask(stream, FIRINGS, End(ended=ended))
            await self._executor.transactor.transact(ask, case.meta(f"{stream}:end"))

    async def _survivor(self, incident: str) -> Incident:
        """An incident as it stands, or the one that carries on where it was merged."""
        state: Incident = await self._executor.state(INCIDENT, incident)
        for _ in range(LOOKED_AT_MAX):
            if not isinstance(state, Duplicate):
                break
            state = await self._executor.state(INCIDENT, state.into)
        return state

    async def _open_incident_of(self, service: str) -> str | None:
        """The open incident of a service that nobody's rule has opened; the log is asked whether it
        is. A page does not wait for a read model that is down: it becomes an incident of its own.
        """
        try:
            shown = await self._read_models.ask(LIST_INCIDENTS, statuses=("open",), limit=SHOWN_MAX)
        except Unavailable as unavailable:
            log.warning("routing.board_unavailable", service=service, reason=str(unavailable))
            return None
        for each in shown:
            if service in each.services and each.kind is Kind.STANDARD:
                state = await self._executor.state(INCIDENT, each.id)
                if isinstance(state, LIVE) and service in state.facts.about.services:
                    return each.id
        return None
