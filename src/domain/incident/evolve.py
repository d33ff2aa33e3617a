"""How each event changes an incident."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from domain.incident import events as e
from domain.incident.alerts.alert import AlertKind, register
from domain.incident.alerts.effects import decided_at, heard, latest
from domain.incident.deadlines.evolve import FOLDS
from domain.incident.events import IncidentEvent
from domain.incident.lifecycle import MOVES, declared
from domain.incident.matrix import floor
from domain.incident.state import (
    Facts,
    Hypothesis,
    HypothesisStatus,
    Incident,
    KnownIncident,
    Triage,
    Undeclared,
    with_facts,
)
from domain.kernel.decider import UNKNOWN


def evolve(incident: Incident, event: IncidentEvent, actor: str = UNKNOWN) -> Incident:
    del actor
    """The incident after one more event."""
    kind = type(event)
    if kind is e.AlertReceived:
        return _alerted(incident, event)  # type: ignore[arg-type]
    if type(incident) is Undeclared:
        assert kind is e.Declared, f"{kind.__name__} before anything was declared"
        return declared(incident, event)  # type: ignore[arg-type]
    move = MOVES.get(kind)
    if move is None:
        return _FOLDS[kind](incident, event)
    moved = move(incident, event)
    return moved if moved.facts.alerts.first_at is None else heard(moved, moved.facts)


def _alerted(incident: Incident, event: e.AlertReceived) -> KnownIncident:
    if isinstance(incident, Undeclared):
        assert event.number is not None, "the alert that begins an incident gives it its number"
        assert event.unassessed is not None, "and the severity it has until one is named"
        incident = Triage(Facts(number=event.number, title="", severity=event.unassessed))
    facts = incident.facts
    alerts = register(facts.alerts, event.alert, event.occurred_at, event.severity)
    reopenings = facts.reopenings + (event.alert.kind is AlertKind.REOPENED)
    return heard(incident, facts, alerts=alerts, reopenings=reopenings)


def _role(incident: KnownIncident, event: e.RoleAssigned | e.RoleHandedOver) -> KnownIncident:
    return with_facts(incident, roles={**incident.facts.roles, event.role: event.assignee})


def _impact(incident: KnownIncident, event: e.ImpactReassessed) -> KnownIncident:
    """A floor that holds is decided, so that no alert goes below what it has just met."""
    facts, held = incident.facts, floor(event.impact)
    if held and (facts.decided is None or held.severity.outranks(facts.decided)):
        return with_facts(incident, impact=event.impact, decided=held.severity)
    return with_facts(incident, impact=event.impact)


def _severity(
    incident: KnownIncident, event: e.SeverityChanged | e.SeverityUpgraded
) -> KnownIncident:
    return with_facts(
        incident,
        severity=event.severity,
        baseline=incident.facts.impact,
        decided=event.severity,
        decided_at=decided_at(incident.facts, event),
    )


def _hypothesis_opened(incident: KnownIncident, event: e.HypothesisOpened) -> KnownIncident:
    path = Hypothesis(event.hypothesis, event.statement, event.occurred_at, owner=event.owner)
    return with_facts(incident, hypotheses=(*incident.facts.hypotheses, path))


def _closing(found: HypothesisStatus) -> Callable[[KnownIncident, Any], KnownIncident]:
    def fold(incident: KnownIncident, event: Any) -> KnownIncident:
        words = event.reason if found is HypothesisStatus.ABANDONED else event.finding
        return with_facts(
            incident,
            hypotheses=tuple(
                [
                    replace(path, status=found, finding=words, closed_at=event.occurred_at)
                    if path.name == event.hypothesis
                    else path
                    for path in incident.facts.hypotheses
                ]
            ),
        )

    return fold


def _same(incident: KnownIncident, _: IncidentEvent) -> KnownIncident:
    return incident


def _updated(incident: KnownIncident, event: e.UpdatePosted) -> KnownIncident:
    facts = incident.facts
    return with_facts(
        incident,
        last_update_at=latest(facts.last_update_at, event.occurred_at),
        updates=facts.updates + 1,
    )


def _attached(incident: KnownIncident, event: e.DuplicateAttached) -> KnownIncident:
    return with_facts(incident, duplicates=(*incident.facts.duplicates, event.duplicate))


_FOLDS: dict[type[IncidentEvent], Callable[[KnownIncident, Any], KnownIncident]] = {
    e.RoleAssigned: _role,
    e.RoleHandedOver: _role,
    e.ImpactReassessed: _impact,
    e.SeverityChanged: _severity,
    e.SeverityUpgraded: _severity,
    e.HypothesisOpened: _hypothesis_opened,
    e.HypothesisConfirmed: _closing(HypothesisStatus.CONFIRMED),
    e.HypothesisRejected: _closing(HypothesisStatus.REJECTED),
    e.HypothesisAbandoned: _closing(HypothesisStatus.ABANDONED),
    e.ActionLogged: _same,
    e.NoteAdded: _same,
    e.UpdatePosted: _updated,
    e.DuplicateAttached: _attached,
    **FOLDS,
}
