"""Who has an incident in hand. A monitor does not close an incident under its commander: once a
person has declared it, taken a role, acknowledged it, acted on it or told anybody of it, the end of
its alerts is a line on the timeline and a question to its responders, and no resolution.

An acknowledgement where the alerts come from counts while it stands there; what people have done
here counts until one of them ends the incident. What fires again then is nobody's yet. What is put
right is bookkeeping; whoever ends an incident lets go of it, and takes it up again with `Reopened`:
see `lifecycle`. Which events count stands in `entries`.
"""

from msgspec.structs import replace

from domain.incident import events as e
from domain.incident.alerts.ends import are_over, in_hand, taken_there
from domain.incident.entries import ENTRIES
from domain.incident.events import IncidentEvent
from domain.incident.state import LIVE, Facts, Incident, KnownIncident

SERVICE = frozenset({"commandpost", "intake", "policy", "preview"})
ON_BEHALF = ("import:", "source:")
"""Under these names the service acts, or passes on what others say: no person may call themselves
so.
"""


def engage(incident: KnownIncident, event: IncidentEvent, actor: str) -> KnownIncident:
    """The incident that an event is about to change, in somebody's hands if that takes it."""
    facts = incident.facts
    if facts.response.engaged or not isinstance(incident, LIVE):
        return incident
    if not _takes_in_hand(event, actor):
        return incident
    return replace(incident, facts=replace(facts, response=replace(facts.response, engaged=True)))


def _takes_in_hand(event: IncidentEvent, actor: str) -> bool:
    if isinstance(event, e.DuplicateAttached) and event.in_hand:
        return True  # whoever had it in hand carries on here
    engages = ENTRIES[type(event)].engages
    if engages is False or not is_person(actor):
        return False
    return engages is True or engages(event)


def is_person(actor: str) -> bool:
    """Whether no service acts here, for itself or on behalf of another."""
    return actor not in SERVICE and not actor.startswith(ON_BEHALF)


def is_led(facts: Facts) -> bool:
    """Whether somebody has it in hand, here or where its alerts come from."""
    return in_hand(facts) or taken_there(facts) is not None


def is_left_to_people(incident: Incident) -> bool:
    """Whether all of its alerts are over, and it goes on: its responders are to say how."""
    return isinstance(incident, LIVE) and is_led(incident.facts) and are_over(incident.facts)
