"""Investigation paths: opened once the roles are clear, and closed one way or another.

Source: brief, "During Active Incidents".
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, assert_never

from msgspec.structs import replace

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.events import IncidentEvent
from domain.incident.hypothesis import Hypothesis, HypothesisStatus
from domain.incident.roles import RULES, UNSURE
from domain.incident.state import (
    Facts,
    Incident,
    KnownIncident,
    Undeclared,
    with_response,
)
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.kernel.remark import Remark
from domain.kernel.roster import with_doubt

Closing = c.ConfirmHypothesis | c.RejectHypothesis | c.AbandonHypothesis


def open_hypothesis(
    command: c.OpenHypothesis, facts: Facts, at: datetime, context: Context
) -> list[IncidentEvent]:
    """One that is pursued already says nothing new."""
    if command.statement in {path.statement for path in facts.response.pursued}:
        return []
    name = f"H{len(facts.response.hypotheses) + 1}"
    owner = context.who_is(command.owner) if command.owner else None
    return [
        e.HypothesisOpened(
            occurred_at=at,
            hypothesis=name,
            statement=command.statement,
            owner=owner.name if owner else None,
            person=owner.person if owner else None,
            doubt=owner.doubt if owner else None,
        )
    ]


def remark_on_owner(command: c.OpenHypothesis, incident: Incident) -> tuple[Remark, ...]:
    """That it is not sure who the owner is, if it is not."""
    if isinstance(incident, Undeclared) or command.owner is None:
        return ()
    found = [it for it in incident.facts.response.pursued if it.statement == command.statement]
    return tuple(
        Remark(UNSURE, f"Owner: {with_doubt(it.owner or '', it.doubt)}", RULES[it.doubt])
        for it in found
        if it.doubt is not None
    )


def close_hypothesis(command: Closing, facts: Facts, at: datetime) -> list[IncidentEvent]:
    """Confirm, reject or abandon an open hypothesis; or reject one that had been confirmed."""
    path = facts.response.hypothesis(command.hypothesis)
    if path is None:
        raise Refused(
            "hypothesis.unknown",
            f"{facts.reference} has no hypothesis {command.hypothesis}",
            field="hypothesis",
            rule="the name (H1) of a hypothesis of this incident",
            invalid=True,
        )
    event: IncidentEvent
    match command:
        case c.ConfirmHypothesis(hypothesis=name, finding=finding):
            event = e.HypothesisConfirmed(occurred_at=at, hypothesis=name, finding=finding)
            outcome, words = HypothesisStatus.CONFIRMED, finding
        case c.RejectHypothesis(hypothesis=name, finding=finding):
            event = e.HypothesisRejected(occurred_at=at, hypothesis=name, finding=finding)
            outcome, words = HypothesisStatus.REJECTED, finding
        case c.AbandonHypothesis(hypothesis=name, reason=reason):
            event = e.HypothesisAbandoned(occurred_at=at, hypothesis=name, reason=reason)
            outcome, words = HypothesisStatus.ABANDONED, reason
        case _:
            assert_never(command)
    if (path.status, path.finding) == (outcome, words):
        return []
    taken_back = (path.status, outcome) == (HypothesisStatus.CONFIRMED, HypothesisStatus.REJECTED)
    if path.status is not HypothesisStatus.OPEN and not taken_back:
        raise Refused(
            "hypothesis.closed",
            f"{path.name} was {path.status.value} before; open another one",
            field="hypothesis",
            rule="A closed hypothesis stays as it was found; one that was confirmed may be"
            " rejected after all (reject_hypothesis).",
        )
    return _with_cause(event, path, facts)


def _with_cause(event: IncidentEvent, path: Hypothesis, facts: Facts) -> list[IncidentEvent]:
    """A confirmed hypothesis is the cause, in the words that somebody has found for it; one that is
    rejected after all was not.
    """
    current = facts.response.causes.current
    match event:
        case e.HypothesisConfirmed(occurred_at=at):
            words = current.text if current and not current.hypothesis else path.statement
            over = facts.milestones.resolved_at is not None
            identified = e.RootCauseIdentified(
                occurred_at=at, cause=words, hypothesis=path.name, announced=over
            )
            return [event, identified]
        case e.HypothesisRejected(occurred_at=at, finding=finding):
            if current is not None and current.hypothesis == path.name:
                withdrawn = e.RootCauseWithdrawn(
                    occurred_at=max(at, current.at),
                    reason=finding,
                    cause=current.text,
                    hypothesis=path.name,
                )
                return [withdrawn, event]
    return [event]


def fold_opened(incident: KnownIncident, event: e.HypothesisOpened) -> KnownIncident:
    """One more path is pursued."""
    path = Hypothesis(
        event.hypothesis,
        event.statement,
        event.occurred_at,
        owner=event.owner,
        person=event.person,
        doubt=event.doubt,
    )
    return with_response(incident, hypotheses=(*incident.facts.response.hypotheses, path))


def _fold_closed(found: HypothesisStatus) -> Callable[[KnownIncident, Any], KnownIncident]:
    def fold(incident: KnownIncident, event: Any) -> KnownIncident:
        words = event.reason if found is HypothesisStatus.ABANDONED else event.finding
        return with_response(
            incident,
            hypotheses=tuple(
                [
                    replace(path, status=found, finding=words, closed_at=event.occurred_at)
                    if path.name == event.hypothesis
                    else path
                    for path in incident.facts.response.hypotheses
                ]
            ),
        )

    return fold


fold_confirmed = _fold_closed(HypothesisStatus.CONFIRMED)
fold_rejected = _fold_closed(HypothesisStatus.REJECTED)
fold_abandoned = _fold_closed(HypothesisStatus.ABANDONED)
