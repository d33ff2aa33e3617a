"""The refusal that commands of all topics share."""

from domain.incident.commands import VERBS, Command
from domain.incident.state import Duplicate, Incident, Undeclared, reference_of, status
from domain.kernel.refusal import Refused


def unknown(detail: str, *, field: str = "incident") -> Refused:
    """That there is no incident of the name that stood in a field."""
    return Refused(
        "incident.unknown",
        detail,
        field=field,
        rule="the id or reference (INC-123) of an incident that is there",
    )


def phase_refusal(
    command: Command, incident: Incident, code: str = "incident.wrong_phase"
) -> Refused:
    """That the command may not happen in the phase that the incident is in."""
    verb = VERBS[type(command)]
    match incident:
        case Undeclared():
            return unknown("there is no such incident")
        case Duplicate(into_number=number):
            where = f"merged into {reference_of(number)}, where the response goes on"
        case _:
            where = status(incident)
    return Refused(
        code,
        f"cannot {verb}: {incident.facts.reference} is {where}",
        field="incident",
        rule="Which commands are allowed depends on the phase of the incident.",
    )
