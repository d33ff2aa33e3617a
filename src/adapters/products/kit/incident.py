"""Messages about incidents, of which some products show or page more than words."""

from domain.incident.view import IncidentView
from handlers.notify.render import Message


def incident_of(message: Message) -> IncidentView | None:
    """The incident that a message is about, as it was then; None: it is about anything else."""
    shown = message.shown
    return shown if isinstance(shown, IncidentView) else None
