"""Whether a prompt is still to be sent: an escalation or a reminder that was answered is not.

A prompt asks somebody to do something. When it is about to be sent for the first time, the log may
have the answer already; then it would only disturb. What holds again (an acknowledgement that was
withdrawn, say) is asked for again.
"""

from collections.abc import Callable, Iterable

from domain.incident import INCIDENT, Incident, IncidentEvent
from domain.incident.deadlines import events as k
from domain.incident.deadlines.events import DeadlineRule
from domain.incident.state import HypothesisStatus, KnownIncident, Open, Stage, Triage

Holds = Callable[[Incident], bool]


def answered(
    event: IncidentEvent, then: KnownIncident, later: Iterable[tuple[str, IncidentEvent]]
) -> str | None:
    """The id of the later event that answered a prompt, None while it holds, or if it is none.
    `then` is the incident as the prompt left it, `later` are the events behind it with their ids.
    """
    holds = _condition(event, then)
    if holds is None:
        return None
    incident: Incident = then
    by: str | None = None
    for event_id, following in later:
        incident = INCIDENT.evolve(incident, following)
        if holds(incident):
            by = None
        elif by is None:
            by = event_id
    return by


def _condition(event: IncidentEvent, then: KnownIncident) -> Holds | None:
    """What must be so for a prompt to be worth sending."""
    match event:
        case k.ResponseOverdue():
            return _unanswered
        case k.Escalated(automatic=automatic):
            return _ESCALATED.get(automatic.rule, _going_on) if automatic else _going_on
        case k.TimeboxExpired(hypothesis=name):
            return lambda incident: _pursued(incident, name)
        case k.UpdateDue() | k.UpdateOverdue():
            return lambda incident: _untold(incident, then)
        case _:
            return None


def _going_on(incident: Incident) -> bool:
    return isinstance(incident, Triage | Open)


def _unanswered(incident: Incident) -> bool:
    return isinstance(incident, Triage | Open) and not incident.facts.acknowledged


def _unexplained(incident: Incident) -> bool:
    return isinstance(incident, Open) and incident.stage is Stage.INVESTIGATING


def _pursued(incident: Incident, name: str) -> bool:
    path = incident.facts.response.hypothesis(name) if isinstance(incident, Open) else None
    return path is not None and path.status is HypothesisStatus.OPEN


def _untold(incident: Incident, then: KnownIncident) -> bool:
    """No update has come, nor has another one been missed: of that, there is a prompt as well."""
    if (
        not isinstance(incident, Open)
        or incident.facts.response.updates != then.facts.response.updates
    ):
        return False
    missed, known = incident.facts.discipline.settled, then.facts.discipline.settled
    return missed.get(DeadlineRule.UPDATE_OVERDUE) == known.get(DeadlineRule.UPDATE_OVERDUE)


_ESCALATED: dict[str, Holds] = {
    DeadlineRule.ESCALATE_RESPONSE: _unanswered,
    DeadlineRule.ESCALATE_CAUSE: _unexplained,
}
"""An escalation that the severity asks for, or a responder, is answered by the end alone."""
