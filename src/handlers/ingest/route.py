"""To which incident a report belongs, by the rules and by what the log holds already."""

from collections.abc import Hashable
from datetime import datetime

import msgspec
import structlog

from domain.alerting import (
    AlertRouted,
    Firing,
    Route,
)
from domain.alerting.affected import page_of
from domain.alerting.identity import BEGINS_NOTHING, FIRES, News
from domain.alerting.rules import (
    IN_STORM,
    OUR_OWN_PAGE,
    Action,
    RoutingDecision,
    by_group,
    in_storm,
    route,
)
from domain.incident import INCIDENT, Incident
from domain.incident.alerts.alert import AlertKind
from domain.incident.state import LIVE, Undeclared
from domain.policy import Policy
from domain.sight import PUBLIC
from handlers.ingest.announced_work import AnnouncedWork
from handlers.ingest.firing_log import FiringLog
from handlers.ingest.receive import SourceSettings
from handlers.ingest.reports import Report
from handlers.ingest.routing_context import (
    RoutedReport,
    RoutingContext,
    alert_of,
    attributes_of,
    beginning,
    incident_id,
    is_exercise,
    is_responder_led,
    opens_by,
    route_report,
    stream_of,
    tell_alone,
    what_is_said,
    with_its_end,
)
from handlers.ingest.storm_members import as_member, name_in_storm, new_alert
from handlers.ingest.storms import Membership, StormKeeper
from handlers.kernel.executor import Executor
from handlers.kernel.ports import Signal, Tally, Unavailable
from handlers.queries.read_models import ReadModels
from projections.incident.board import OPEN_OF_SERVICE

log = structlog.get_logger(__name__)

LOOKED_AT_MAX = 5
"""So many incidents of a thread, or of a service, the latest ones, may still be open."""


class Router:
    """Finds the incident of each report. Every method may be repeated without harm."""

    def __init__(
        self,
        executor: Executor,
        read_models: ReadModels,
        rules: AnnouncedWork,
        policy: Policy,
        tally: Tally,
        storms: StormKeeper,
    ) -> None:
        self.storms = storms
        self._executor = executor
        self.firings = FiringLog(executor)
        self._read_models = read_models
        self._rules = rules
        self._policy = policy
        self._tally = tally

    def keys(
        self, signal: Signal, report: Report, settings: SourceSettings | None
    ) -> frozenset[Hashable]:
        """What is to be heard in order: the alert, and those that it may share an incident with.
        Only the order hangs on it: who comes out of turn meets the lock of the log.
        """
        refs = {alert_of(report)}
        if report.given:
            refs.add((report.alert.product, report.alert.source, report.given.alert_id))
        per_group = settings is not None and settings.per == "group"
        book = self._rules.configured
        if not per_group and not book.rules and not report.affected:
            return frozenset(refs)
        attributes = attributes_of(
            report, report.alert.began_at or signal.received_at, self._policy
        )
        shared = route(book, attributes).shared
        if shared is None and per_group:
            shared = by_group(attributes)
        if shared is None and report.affected:
            shared = page_of(*alert_of(report)[:2], report.affected)
        return frozenset((*refs, shared) if shared else refs)

    async def place(
        self, signal: Signal, report: Report, settings: SourceSettings | None, at: datetime
    ) -> RoutedReport:
        """Where a report of something that happened at `at` belongs. Raises `Unavailable`."""
        case = await self._case(signal, report, settings, at)
        news, firing, _ = case.judgement
        if firing is None or news is not News.FOLLOWS:
            alone = incident_id(*case.ref)  # as before there were rules
            begins_alone = firing is None and not report.recurs
            if begins_alone and await self._is_there(alone):
                return tell_alone(case, alone)
            ours = report.paged_for is not None and await self._is_there(report.paged_for)
            if news is News.UNHEARD and not ours:
                return await self._noted(case)
            decision, member = await self._decide(case, ours=ours)
            if begins_alone and decision == RoutingDecision() and not report.affected:
                self.storms.placed(case.origin, name_in_storm(case), alone)
                return as_member(tell_alone(case, alone), member)
            if firing and firing.ended_at is None:
                await self.firings.end(case, firing, case.judgement.over_at, incident_over=True)
            firing = await self._route(case, decision, member=member)
            self.storms.placed(case.origin, name_in_storm(case), firing.incident)
        elif await self._rules.is_due_again(firing, case):
            decision = route(await self._rules.book(), case.attributes)
            firing = await self._route(case, decision, again=firing)
        else:
            follows = case.said.arrival != firing.heard
            return (await self._placed(case, firing))._replace(follows=follows)
        return await self._placed(case, firing)

    async def _placed(self, case: RoutingContext, firing: Firing) -> RoutedReport:
        """What the incident of a firing is told of a report, and what of that ends the firing."""
        report, placed = case.report, route_report(case, firing)
        if over_at := await self.firings.over_with(case, firing):
            placed = with_its_end(placed, over_at)
        if report.affected and report.alert.kind not in BEGINS_NOTHING:
            merges = await self.firings.spread(case, firing, report.affected)
            placed = placed._replace(merges=merges)
        for each in placed.tell:
            if each.alert.kind is AlertKind.RESOLVED:
                await self.firings.end(case, firing, each.occurred_at)
        return placed

    def heartbeat(self, signal: Signal, report: Report) -> str | None:
        """Which heartbeat a report is a beat of. What is over beats no more."""
        if report.alert.kind not in FIRES:
            return None
        return route(
            self._rules.configured, attributes_of(report, signal.received_at, self._policy)
        ).heartbeat

    async def is_new(self, signal: Signal, report: Report) -> bool:
        """Whether what fires opens something, and has not been heard of. Raises `Unavailable`."""
        case = await self._case(signal, report, None, report.occurred_at or signal.received_at)
        book = await self._rules.book()
        ignored = route(book, case.attributes).action is Action.IGNORE
        if ignored or not case.begins:
            return False
        return report.recurs or not await self._is_there(incident_id(*case.ref))

    async def _decide(
        self, case: RoutingContext, *, ours: bool
    ) -> tuple[RoutingDecision, Membership | None]:
        """What becomes of an alert that begins to fire, which may be one of a storm."""
        decision = OUR_OWN_PAGE if ours else route(await self._rules.book(), case.attributes)
        if case.said.kind is not AlertKind.TRIGGERED or decision.action is Action.IGNORE:
            return decision, None
        if case.report.affected and decision == RoutingDecision():
            return decision, None  # many components of a page are one outage, and no storm
        alert = new_alert(case, decision, self._policy)
        member = await self.storms.notice(case.origin, alert)
        if member is None:
            return decision, member
        return in_storm(decision, case.attributes), member

    async def _noted(self, case: RoutingContext) -> RoutedReport:
        self._tally("alerts_routed", action="noted", rule="")
        return await self.firings.note(case)

    async def _case(
        self, signal: Signal, report: Report, settings: SourceSettings | None, at: datetime
    ) -> RoutingContext:
        report = await self.firings.by_its_words(signal, report)
        alert, said = report.alert, what_is_said(signal, report)
        stream = stream_of("alert", *said.alert)
        history = await self.firings.history(stream)
        judgement = await self.firings.judge(said, report, history)
        follows = judgement.news is News.FOLLOWS
        # Who repeats a report of what began long ago says that it still fires.
        moment = (
            signal.received_at
            if follows and alert.episode
            else beginning(report, at, judgement, signal.received_at)
        )
        attributes = attributes_of(report, moment, self._policy)
        return RoutingContext(
            signal, report, settings, at, said, stream, history, judgement, attributes
        )

    async def _is_there(self, incident: str) -> bool:
        """Whether there is such an incident."""
        state: Incident = await self._executor.state(INCIDENT, incident)
        return not isinstance(state, Undeclared)

    async def _route(
        self,
        case: RoutingContext,
        decision: RoutingDecision,
        *,
        again: Firing | None = None,
        member: Membership | None = None,
    ) -> Firing:
        """Decide on a firing, on the log: first among the alerts that it has something in common
        with, if any. `again`: on one that was ignored for a time.
        """
        episode = again.episode if again else case.new_episode
        shared = decision.shared or (by_group(case.attributes) if case.per_group else None)
        affected = case.report.affected if decision == RoutingDecision() and not shared else None
        if affected:
            shared = page_of(*case.origin, affected)
        routed = AlertRouted(
            occurred_at=case.began_at,
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
            heard_at=case.signal.received_at,
            place=case.report.place,
            event_id=case.said.event_id if case.said.named else None,
            storm=member.incident if member and not member.alone else None,
            affected=affected,
        )
        own = incident_id(*case.ref, episode)
        if routed.action is Action.IGNORE:
            firing = await self.firings.decide(
                case, case.stream, Route(routed=routed, again=again is not None)
            )
        elif routed.thread is None:
            firing = await self._join(
                case, case.stream, Route(routed=routed, own=own, again=again is not None)
            )
        else:
            firing = await self._join(
                case,
                routed.thread,
                Route(routed=routed, thread=routed.thread, own=own if affected else None),
            )
            settled = msgspec.structs.replace(routed, incident=firing.incident, opens=firing.opens)
            command = Route(routed=settled, settled=True, again=again is not None)
            firing = await self.firings.decide(case, case.stream, command)
        self._tally("alerts_routed", action=routed.action or "default", rule=routed.rule or "")
        return firing

    async def _join(self, case: RoutingContext, stream: str, command: Route) -> Firing:
        """Decide with a view to which incidents are open."""
        history = case.history
        if stream != case.stream:
            history = await self.firings.history(stream)
        known = history.firing(case.ref, command.routed.episode)
        if known and known.incident:
            return known
        affected, latest = command.routed.affected, history.incidents
        if affected:
            told = tuple(each for each in latest if history.tells_of(each, affected))
            others = tuple(each for each in latest if each not in told)
            latest = (*told[:LOOKED_AT_MAX], *others[:LOOKED_AT_MAX])
        else:
            latest = latest[:LOOKED_AT_MAX]
        states = {each: (await self.firings.survivor(each)).state for each in latest}
        open_ = {each: now for each, now in states.items() if isinstance(now, LIVE)}
        # Whoever was just told to open one, side by side with us, has not done so yet.
        coming = {each for each, now in states.items() if isinstance(now, Undeclared)}
        found = None
        attaches = command.routed.action is Action.ATTACH and command.routed.rule != IN_STORM
        if not open_ and not coming and attaches and case.attributes.service:
            found = await self._open_incident_of(case.attributes.service)
        command = msgspec.structs.replace(
            command,
            over=frozenset(history.incidents).difference(open_, coming),
            responder_led=frozenset(
                each for each, now in open_.items() if is_responder_led(now.facts)
            ),
            exercises=frozenset(each for each, now in states.items() if is_exercise(now)),
            found=found,
        )
        return await self.firings.decide(case, stream, command)

    async def _open_incident_of(self, service: str) -> str | None:
        """The open incident of a service that nobody's rule has opened, and that is not private:
        who is to hear of the page might not see it. The log is asked whether it is. A page does not
        wait for a read model that is down: it becomes an incident of its own.
        """
        ask = self._read_models.ask
        try:
            found = await ask(PUBLIC, OPEN_OF_SERVICE, service=service, limit=LOOKED_AT_MAX)
        except Unavailable as unavailable:
            log.warning("routing.board_unavailable", service=service, reason=str(unavailable))
            return None
        for each in found:
            state = await self._executor.state(INCIDENT, each)
            if isinstance(state, LIVE) and service in state.facts.about.services:
                return each
        return None
