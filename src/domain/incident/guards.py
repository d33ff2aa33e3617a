"""The guards that several decisions share, phrased as sentences."""

from datetime import UTC, datetime, timedelta

from domain.incident.commands import VERBS, Command
from domain.incident.state import Duplicate, Incident, Undeclared, status
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def happened_at(command: Command, context: Context) -> datetime:
    """When the command says that it happened, default now; in UTC."""
    return past(command.occurred_at, "occurred_at", context) or context.now


def past(at: datetime | None, field: str, context: Context) -> datetime | None:
    """A stated time in UTC; it may lie in the past, not in the future."""
    if at is None:
        return None
    now, ahead = context.now, timedelta(seconds=context.policy.clock_tolerance_s)
    if at > now + ahead:
        raise Refused(
            "time.in_future",
            f"{field} is {at.isoformat()}, which is later than now, {now.isoformat()}",
            field=field,
            rule="A stated time may lie in the past, never in the future.",
        )
    if at < EPOCH:
        raise Refused(
            "time.out_of_range",
            f"{field} is {at.isoformat()}, which is before {EPOCH.isoformat()}",
            field=field,
            rule="Times begin in 1970.",
        )
    return min(at.astimezone(UTC), now)


def phase_refusal(
    command: Command, incident: Incident, code: str = "incident.wrong_phase"
) -> Refused:
    """That the command may not happen in the phase that the incident is in."""
    verb = VERBS[type(command)]
    match incident:
        case Undeclared():
            return Refused(
                "incident.unknown",
                "there is no such incident",
                field="incident",
                rule="the id or reference (INC-123) of an incident that is there",
            )
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
