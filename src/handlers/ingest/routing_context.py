"""A report, with what is known when it is to be placed, and where it then belongs: the pure part of
routing.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid5

import msgspec

from domain.alerting import Firing, FiringHistory
from domain.alerting.rules import Action, AlertAttributes, Decision
from domain.incident.alerts.alert import Alert, AlertKind, Opens
from domain.incident.alerts.labels import telling_labels
from domain.incident.state import EXERCISES, Facts, Incident, Undeclared
from handlers.ingest.receive import SourceSettings
from handlers.ingest.reports import Report
from handlers.kernel.ports import Signal
from handlers.kernel.transact import Meta

NAMESPACE = UUID("6f0f9f3e-0f0c-5c56-9d0e-3f2b6c1a7d94")
"""Incident and command ids derive from it; changing it would open every incident again."""

OWN_IDS = 8
"""So many incidents are tried for an alert that others refuse."""

FIRES = frozenset({AlertKind.TRIGGERED, AlertKind.REOPENED})


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
        name = msgspec.json.encode(["own", product, source, alert_id, episode or "", number])
        yield str(uuid5(NAMESPACE, name.decode()))


def alert_of(report: Report) -> tuple[str, str, str]:
    """Which alert a report is about: product, source and alert id."""
    return (report.alert.product, report.alert.source, report.alert.alert_id)


def stream_of(kind: str, *name: str) -> str:
    """`alert.<id>` or `thread.<id>`."""
    return f"{kind}.{uuid5(NAMESPACE, msgspec.json.encode([kind, *name]).decode())}"


class RoutedReport(NamedTuple):
    """Where a report belongs: its incident (None: it opens nothing), and the alert as it is told
    there. `due_at`: an end that counts only then, if the alert does not fire again before.
    """

    incident: str | None
    alert: Alert
    because: str | None = None
    due_at: datetime | None = None


class RoutingContext(NamedTuple):
    """A report, with what is known when it is to be placed."""

    signal: Signal
    report: Report
    settings: SourceSettings | None
    at: datetime
    ref: tuple[str, str, str]
    stream: str
    history: FiringHistory
    current: Firing | None
    attributes: AlertAttributes

    @property
    def per_group(self) -> bool:
        return self.settings is not None and self.settings.per == "group"

    @property
    def new_episode(self) -> str:
        """What to call a firing that is heard of for the first time."""
        known = any(each.alert == self.ref for each in self.history.firings)
        return self.report.alert.episode or (self.at.isoformat() if known else "")

    def meta(self, name: str) -> Meta:
        """The same whenever the same is decided on the same signal."""
        key = [name, *self.ref, self.new_episode, self.signal.position]
        return Meta(
            command_id=str(uuid5(NAMESPACE, msgspec.json.encode(key).decode())),
            actor="intake",
            correlation_id=correlation_of(self.signal),
            causation_id=f"signal.{self.signal.position}",
        )


def correlation_of(signal: Signal) -> str:
    """The correlation id of the request that brought a signal."""
    return signal.headers.get("x-correlation-id") or f"signal.{signal.position}"


def current_firing(
    history: FiringHistory, report: Report, ref: tuple[str, str, str], at: datetime
) -> Firing | None:
    """The firing that a report is about, if it was heard of before."""
    if report.alert.episode or not report.recurs:
        return history.firing(ref, report.alert.episode or "")
    found = history.at(ref, at)
    anew = report.alert.kind is AlertKind.TRIGGERED and found and found.ended_at
    return None if anew and at > anew else found


def due_again(firing: Firing, case: RoutingContext) -> bool:
    """Whether an alert that was silenced for a time still fires when that is over."""
    over = firing.until is not None and case.attributes.at >= firing.until
    still = firing.ended_at is None and case.report.alert.kind in FIRES
    return firing.incident is None and over and still


def is_responder_led(facts: Facts) -> bool:
    """Whether responders have an incident in their hands: not its alerts alone keep it open."""
    return facts.about.declared or facts.stated.moved_at is not None


def is_exercise(incident: Incident) -> bool:
    """Whether nobody is told of an incident, as it is a drill or a test."""
    return not isinstance(incident, Undeclared) and incident.facts.about.kind in EXERCISES


def configured_opens(settings: SourceSettings | None) -> Opens:
    """What an alert opens, unless a rule says otherwise."""
    return Opens(settings.opens) if settings else Opens.INCIDENT


def opens_by(decision: Decision, settings: SourceSettings | None) -> Opens:
    """What an alert opens, by the rule that has decided on it."""
    if decision.action is None:
        return configured_opens(settings)
    return Opens.TRIAGE if decision.action is Action.TRIAGE else Opens.INCIDENT


def route_report(case: RoutingContext, firing: Firing) -> RoutedReport:
    alert = case.report.alert
    # Of what the product cannot tell apart itself, each firing has event ids of its own.
    named = alert.episode is None and firing.episode
    event_id = f"{alert.event_id}@{firing.episode}" if named else alert.event_id
    told = msgspec.structs.replace(
        alert,
        episode=firing.episode or None,
        event_id=event_id,
        opens=firing.opens,
        rule=firing.rule,
        labels=alert.labels or telling_labels(case.report.labels),
    )
    window = timedelta(seconds=firing.flap_window_s)
    due_at = case.at + window if window and alert.kind is AlertKind.RESOLVED else None
    return RoutedReport(firing.incident, told, firing.rule, due_at)
