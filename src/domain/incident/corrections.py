"""Times that are put right: what was recorded before stays in the log."""

from datetime import datetime

from msgspec.structs import replace

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.alerts.effects import settle
from domain.incident.events import IncidentEvent, Milestone
from domain.incident.state import Closed, KnownIncident, Open, Triage, status
from domain.incident.times import past
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused


def correct_time(
    command: c.CorrectTime, incident: Triage | Open | Closed, at: datetime, context: Context
) -> list[IncidentEvent]:
    """Put a milestone right; only what has happened can have happened at another time."""
    facts, value = incident.facts, past(command.value, "value", context)
    early = {
        Milestone.DECLARED: isinstance(incident, Triage),
        Milestone.RESOLVED: not isinstance(incident, Closed),
    }
    if early.get(command.milestone):
        raise Refused(
            "milestone.not_reached",
            f"{facts.reference} is {status(incident)}: it has no {command.milestone.value} yet",
            field="milestone",
            rule="Only what has happened can have happened at another time.",
        )
    previous = getattr(facts.milestones, command.milestone.value)
    if previous == value:
        return []
    return [
        e.TimeCorrected(
            occurred_at=at,
            milestone=command.milestone,
            value=value,
            reason=command.reason,
            previous=previous,
        )
    ]


def fold_corrected(incident: KnownIncident, event: e.TimeCorrected, _: str) -> KnownIncident:
    """What a responder has put right is not changed by what is heard of later."""
    ends = event.milestone in {Milestone.MITIGATED, Milestone.RESOLVED}
    facts = settle(incident) if ends else incident.facts
    milestones = replace(facts.stated.milestones, **{event.milestone.value: event.value})
    corrected = tuple(dict.fromkeys((*facts.stated.corrected, event.milestone)))
    stated = replace(facts.stated, milestones=milestones, corrected=corrected)
    facts = replace(facts, stated=stated, milestones=milestones)
    if event.milestone is Milestone.MITIGATED:
        response = replace(facts.response, monitoring_since=event.value)
        facts = replace(facts, response=response)
    return replace(incident, facts=facts)
