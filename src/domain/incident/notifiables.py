"""What an incident has to tell, and how it is put."""

from domain.incident import state as s
from domain.incident.audiences import HEARD
from domain.incident.events import IncidentEvent, Kind
from domain.incident.messages.contexts import CONTEXTS
from domain.incident.presentation.of_events import PRESENTED
from domain.incident.state import Incident
from domain.incident.told_together import is_told_together
from domain.kernel.notifiable import Notifiables, Topic

_STANDARD = Kind.STANDARD  # looked up once: in an enumeration that takes longer than the comparison


def _is_told(incident: Incident) -> bool:
    if type(incident) is s.Undeclared or incident.facts.about.kind is not _STANDARD:
        return False
    return not is_told_together(incident)


def _topic(incident: Incident) -> Topic:
    assert type(incident) is not s.Undeclared, "what is told of is known"
    facts = incident.facts
    return Topic(facts.about.title, facts.reference, facts.about.services, facts.severity)


NOTIFIABLES: Notifiables[Incident, IncidentEvent] = Notifiables(
    rules={kind: row.news for kind, row in PRESENTED.items()},
    heard=HEARD,
    topic=_topic,
    is_told=_is_told,
    # A severity that is raised with the declaration is told with the severity that results, and
    # who commands with it.
    includes=(("declared", "severity_changed"), ("declared", "role_changed")),
    contexts=CONTEXTS,
)
"""Only standard incidents are told of, and of those of a storm the storm alone."""
