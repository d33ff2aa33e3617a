"""The incident: what may happen to it, and what it is after what has happened."""

from domain.incident.behaviour import decide, evolve
from domain.incident.commands import COMMANDS, Command
from domain.incident.events import IncidentEvent
from domain.incident.state import Incident, Undeclared
from domain.kernel.decider import Decider

__all__ = ["COMMANDS", "INCIDENT", "Command", "Incident", "IncidentEvent"]

INCIDENT: Decider[Command, Incident, IncidentEvent] = Decider(
    name="incident", initial=Undeclared(), decide=decide, evolve=evolve
)
