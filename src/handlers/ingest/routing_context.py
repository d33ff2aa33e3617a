"""A report, with what is known when it is to be placed, and where it then belongs: the pure part of
routing.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid5

import msgspec

from domain.alerting import AlertRef, Arrival, Firing, FiringHistory
from domain.alerting.identity import (
    FIRES,
    FiringClues,
    Judgement,
    News,
    begins_at,
    name_firing,
    overtook,
)
from domain.alerting.quarantine import stream_of as stream_of_signal
from domain.alerting.rules import Action, AlertAttributes, RoutingDecision
from domain.incident.alerts.alert import Alert, AlertKind, Opens
from domain.incident.alerts.labels import telling_labels
from domain.incident.alerts.stated import severity_of
from domain.incident.commands import ReceiveAlert
from domain.incident.engagement import is_led
from domain.incident.state import EXERCISES, LIVE, Facts, Incident, Undeclared
from domain.incident.system_change import SystemChange
from domain.policy import Policy
from handlers.ingest.receive import SourceSettings
from handlers.ingest.reports import Report
from handlers.kernel.asks import Meta
from handlers.kernel.ports import Signal

NAMESPACE = UUID("6f0f9f3e-0f0c-5c56-9d0e-3f2b6c1a7d94")
"""Incident and command ids derive from it; changing it would open every incident again."""

OWN_IDS = 8
"""So many incidents are tried for an alert that others refuse."""


def id_of(*parts: object) -> str:
    """The id of what is named by these, the same whenever it is asked."""
    return str(uuid5(NAMESPACE, msgspec.json.encode(parts).decode()))


def command_id(product: str, source: str, event_id: str) -> str:
    """The idempotency key of one report, the same however often it is delivered."""
    return id_of("command", product, source, event_id)


def change_id(change: SystemChange) -> str:
    """The id of a change by what its source says of it, which names it there."""
    return id_of("change", change.product, change.source, change.id)


def incident_id(product: str, source: str, alert_id: str, episode: str | None = None) -> str:
    """The incident that an alert begins, or one firing of it, known before it exists."""
    name = f"{product}:{source}:{alert_id}"
    return str(uuid5(NAMESPACE, f"{name}:{episode}" if episode else name))


def own_ids(product: str, source: str, alert_id: str, episode: str | None) -> Iterator[str]:
    """Where a firing belongs that joins no other: the first of these that does not refuse it.
    Only releases that let callers choose an id have left others under the first one.
    """
    yield incident_id(product, source, alert_id, episode)
    for number in range(1, OWN_IDS):
        yield id_of("own", product, source, alert_id, episode or "", number)


def alert_of(report: Report) -> AlertRef:
    """Which alert a report is about: product, source and alert id."""
    return (report.alert.product, report.alert.source, report.alert.alert_id)


def attributes_of(report: Report, at: datetime, policy: Policy) -> AlertAttributes:
    """What rules go by, of a report of something that was so at this time."""
    alert = report.alert
    return AlertAttributes(
        product=alert.product,
        source=alert.source,
        alert_id=alert.alert_id,
        at=at,
        severity=severity_of(alert, policy),
        service=alert.service,
        title=alert.title,
        group=report.group,
        labels=report.labels,
    )


def what_is_said(signal: Signal, report: Report) -> FiringClues:
    """What of a report says which firing it is about."""
    dated = report.occurred_at if report.dated else None
    return FiringClues(
        alert=alert_of(report),
        kind=report.alert.kind,
        arrival=Arrival(signal.received_at, signal.position, report.place),
        event_id=report.alert.event_id,
        at=dated and min(dated, signal.received_at),
        named=report.named,
        recurs=report.recurs,
        aside=report.aside,
    )


def stream_of(kind: str, *name: str) -> str:
    """`alert.<id>` or `thread.<id>`."""
    return f"{kind}.{id_of(kind, *name)}"


class RoutedReport(NamedTuple):
    """Where a report belongs: its incident (None: it opens nothing), and what that is told, in this
    order. `due_at`: an end that counts only then, if the alert does not fire again before.
    `merges` are other incidents that have turned out to be this one. `follows`: what it is about
    was decided on before, and nothing is on record of this.
    """

    incident: str | None
    tell: tuple[ReceiveAlert, ...]
    because: str | None = None
    due_at: datetime | None = None
    merges: tuple[str, ...] = ()
    follows: bool = False


class RoutingContext(NamedTuple):
    """A report, with what is known when it is to be placed."""

    signal: Signal
    report: Report
    settings: SourceSettings | None
    at: datetime
    said: FiringClues
    stream: str
    history: FiringHistory
    judgement: Judgement
    attributes: AlertAttributes

    @property
    def ref(self) -> AlertRef:
        return self.said.alert

    @property
    def origin(self) -> tuple[str, str]:
        """The product and the source that it came from."""
        return self.ref[:2]

    @property
    def begins(self) -> bool:
        return self.judgement.news is News.BEGINS

    @property
    def per_group(self) -> bool:
        return self.settings is not None and self.settings.per == "group"

    @property
    def began_at(self) -> datetime:
        """When the firing began that this report begins."""
        return beginning(self.report, self.at, self.judgement, self.signal.received_at)

    @property
    def new_episode(self) -> str:
        """What to call a firing that is heard of for the first time."""
        return name_firing(self.report.alert, self.at, self.said.arrival, self.history)

    def meta(self, name: str) -> Meta:
        """The same whenever the same is decided on the same signal."""
        arrival = self.said.arrival
        key = (name, *self.ref, arrival.at.isoformat(), arrival.signal, arrival.place)
        return caused_by(self.signal, id_of(*key))


def beginning(
    report: Report, at: datetime, judgement: Judgement, received_at: datetime
) -> datetime:
    """When the firing began that a report begins: not before the one before it was over."""
    stated = min(report.alert.began_at or at, at)
    return begins_at((stated, at), judgement.over_at, received_at)


def correlation_of(signal: Signal) -> str:
    """The correlation id of the request that brought a signal."""
    return signal.headers.get("x-correlation-id") or stream_of_signal(signal.position)


def caused_by(signal: Signal, command_id: str, actor: str = "intake") -> Meta:
    """Where a command comes from that a signal leads to."""
    return Meta(
        command_id=command_id,
        actor=actor,
        correlation_id=correlation_of(signal),
        causation_id=stream_of_signal(signal.position),
    )


def due_again(firing: Firing, case: RoutingContext) -> bool:
    """Whether an alert that was silenced for a time still fires when that is over."""
    over = firing.until is not None and case.attributes.at >= firing.until
    still = firing.ended_at is None and case.said.kind in FIRES
    return firing.incident is None and over and still


def left_at(incident: Incident) -> datetime | None:
    """When a person has ended an incident; None: nobody has, or it goes on."""
    if isinstance(incident, (Undeclared, *LIVE)) or not incident.facts.stated.closed:
        return None
    return incident.facts.stated.moved_at


def is_responder_led(facts: Facts) -> bool:
    """Whether responders have an incident in their hands: not its alerts alone keep it open."""
    return is_led(facts) or facts.stated.moved_at is not None


def is_exercise(incident: Incident) -> bool:
    """Whether nobody is told of an incident, as it is a drill or a test."""
    return not isinstance(incident, Undeclared) and incident.facts.about.kind in EXERCISES


def configured_opens(settings: SourceSettings | None) -> Opens:
    """What an alert opens, unless a rule says otherwise."""
    return Opens(settings.opens) if settings else Opens.INCIDENT


def opens_by(decision: RoutingDecision, settings: SourceSettings | None) -> Opens:
    """What an alert opens, by the rule that has decided on it."""
    if decision.action is None:
        return configured_opens(settings)
    return Opens.TRIAGE if decision.action is Action.TRIAGE else Opens.INCIDENT


def event_id_in(report: Report, firing: Firing, arrival: Arrival) -> str:
    """What to call a report of a firing: as its product does, which may not tell firings apart;
    else by what it says and when it came in.
    """
    event_id = report.alert.event_id
    if report.recurs and not report.named:
        return f"{event_id}@{arrival.at.isoformat()}/{arrival.signal}.{arrival.place}"
    return (
        f"{event_id}@{firing.episode}" if firing.episode and not report.alert.episode else event_id
    )


def route_report(case: RoutingContext, firing: Firing) -> RoutedReport:
    """What the incident of a firing is told: the report, and what has overtaken it."""
    alert, fires = case.report.alert, case.said.kind in FIRES
    began_at = alert.began_at
    if began_at and (fires or case.report.recurs):
        # An end states the start as well, and none began before the end of the one before it.
        began_at = max(began_at, firing.began_at)
    told = msgspec.structs.replace(
        alert,
        episode=firing.episode or None,
        event_id=event_id_in(case.report, firing, case.said.arrival),
        opens=firing.opens,
        rule=firing.rule,
        storm=firing.storm if alert.kind is AlertKind.TRIGGERED else None,
        labels=alert.labels or telling_labels(case.report.labels),
        began_at=began_at,
    )
    at = case.at
    if at < firing.began_at and case.said.kind in {*FIRES, AlertKind.RESOLVED}:
        # A firing does not end before it begins, whatever clock says so.
        at = firing.began_at if fires else case.signal.received_at
    window = timedelta(seconds=firing.flap_window_s)
    due_at = at + window if window and alert.kind is AlertKind.RESOLVED else None
    return RoutedReport(
        firing.incident, (tell(case, told, at), *_overtook(case, firing)), firing.rule, due_at
    )


def tell(case: RoutingContext, alert: Alert, at: datetime) -> ReceiveAlert:
    """What an incident is told of a report."""
    report = case.report
    repeats = report.recurs and not report.named
    return ReceiveAlert(
        occurred_at=at,
        alert=alert,
        repeated_at=case.signal.received_at if repeats else None,
        fires=report.fires,
    )


def _overtook(case: RoutingContext, firing: Firing) -> tuple[ReceiveAlert, ...]:
    """What was heard of a firing before it was heard that it fires."""
    if case.said.arrival != firing.heard:
        return ()
    return tuple(
        ReceiveAlert(
            occurred_at=each.occurred_at,
            alert=msgspec.structs.replace(each.alert, episode=firing.episode or None),
        )
        for each in overtook(case.said, case.history)
    )


def with_its_end(placed: RoutedReport, at: datetime) -> RoutedReport:
    """What came late, with its end: that is told first, so that nothing begins anew."""
    first = placed.tell[0]
    alert = msgspec.structs.replace(
        first.alert,
        kind=AlertKind.RESOLVED,
        event_id=f"{first.alert.event_id}/over",
        text="its outage was over by then",
        began_at=None,
    )
    over = ReceiveAlert(occurred_at=at, alert=alert)
    return placed._replace(tell=(over, *placed.tell))


def tell_alone(case: RoutingContext, incident: str) -> RoutedReport:
    """To an incident that follows from the alert alone."""
    earlier = case.history.unheard
    also = (ReceiveAlert(occurred_at=each.occurred_at, alert=each.alert) for each in earlier)
    return RoutedReport(incident, (tell(case, case.report.alert, case.at), *also))
