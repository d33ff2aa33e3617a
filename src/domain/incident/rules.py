"""The guards that several decisions share, phrased as sentences."""

from datetime import datetime, timedelta

from domain.decider import Context
from domain.incident.commands import VERBS, Command
from domain.incident.state import Duplicate, Incident, Undeclared, status
from domain.policy import Policy
from domain.refusal import Refused


def happened_at(command: Command, context: Context) -> datetime:
    """When the command says that it happened, default now."""
    if command.occurred_at is None:
        return context.now
    refuse_future(command.occurred_at, "occurred_at", context.now, context.policy)
    return min(command.occurred_at, context.now)


def refuse_future(at: datetime | None, field: str, now: datetime, policy: Policy) -> None:
    """Times may lie in the past, not in the future."""
    if at is not None and at > now + timedelta(seconds=policy.clock_tolerance_s):
        raise Refused(
            "time.in_future",
            f"{field} is {at.isoformat()}, which is later than now, {now.isoformat()}",
            field=field,
            rule="A stated time may lie in the past, never in the future.",
        )


def phase_refusal(
    command: Command, incident: Incident, code: str = "incident.wrong_phase"
) -> Refused:
    """That the command may not happen in the phase that the incident is in."""
    verb = VERBS.get(type(command), type(command).__name__)
    match incident:
        case Undeclared():
            return Refused("incident.unknown", "there is no such incident", field="incident")
        case Duplicate(into_number=number):
            where = f"merged into INC-{number}, where the response goes on"
        case _:
            where = status(incident)
    return Refused(
        code,
        f"cannot {verb}: {incident.facts.reference} is {where}",
        field="incident",
        rule="Which commands are allowed depends on the phase of the incident.",
    )
