"""What is recorded and changes nothing: actions and notes."""

from datetime import datetime

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.events import IncidentEvent
from domain.incident.state import KnownIncident, with_response


def log_action(command: c.LogAction, at: datetime) -> list[IncidentEvent]:
    """Something was done to the system."""
    return [e.ActionLogged(occurred_at=at, action=command.action)]


def add_note(command: c.AddNote, at: datetime) -> list[IncidentEvent]:
    """Something was seen or said."""
    return [e.NoteAdded(occurred_at=at, text=command.text)]


def fold_action(incident: KnownIncident, _: e.ActionLogged) -> KnownIncident:
    """One more, of which the next update tells."""
    return with_response(incident, actions=incident.facts.response.actions + 1)


def fold_note(incident: KnownIncident, _: e.NoteAdded) -> KnownIncident:
    """It stands in the timeline; the incident is what it was."""
    return incident
