"""What an incident has to tell, and how it is put."""

from domain.incident import state as s
from domain.incident.audiences import HEARD
from domain.incident.events import IncidentEvent, Kind
from domain.incident.messages.contexts import CONTEXTS
from domain.incident.presentation.of_events import PRESENTED
from domain.incident.state import Incident
from domain.incident.told_together import is_told_together
from domain.kernel.notifiable import Notifiables, Topic
from domain.kernel.totality import chosen

TOLD_KINDS = chosen(
    "whether people are told of incidents",
    Kind,
    {
        Kind.STANDARD: True,
        Kind.RETROSPECTIVE: False,
        Kind.MAINTENANCE: False,
        Kind.TEST: False,
        Kind.DRILL: True,
    },
)


def _is_told(incident: Incident) -> bool:
    if type(incident) is s.Undeclared or incident.facts.about.kind not in TOLD_KINDS:
        return False
    return not is_told_together(incident)


def _topic(incident: Incident) -> Topic:
    assert type(incident) is not s.Undeclared, "what is told of is known"
    facts = incident.facts
    about, drill = facts.about, facts.about.kind is Kind.DRILL
    source = facts.alerts.first[1][1] if facts.alerts.first else ""
    by = about.declared_by or f"source:{source}"
    return Topic(about.title, facts.reference, about.services, facts.severity, drill, by)


NOTIFIABLES: Notifiables[Incident, IncidentEvent] = Notifiables(
    rules={kind: row.news for kind, row in PRESENTED.items()},
    heard=HEARD,
    topic=_topic,
    is_told=_is_told,
    # A severity that is raised with the declaration is told with the severity that results, and
    # who commands with it; a merge with what it brings.
    includes=tuple(
        (kind, other)
        for kind in ("declared", "taken_over")
        for other in ("severity_changed", "role_changed")
    ),
    contexts=CONTEXTS,
)
"""Standard incidents are told of, and of those of a storm the storm alone; drills through the
channels that are marked for them.
"""
