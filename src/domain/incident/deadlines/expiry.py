"""How the deadlines of an incident say what is next, and what follows from it."""

from datetime import datetime
from typing import Any, TypeVar

from domain.incident.deadlines import events as k
from domain.incident.deadlines.events import Automatic, DeadlineRule
from domain.incident.deadlines.history import DeadlineHistory, facts_of
from domain.incident.events import IncidentEvent
from domain.incident.state import KnownIncident, with_facts
from domain.kernel.deadline import Expire, Moment
from domain.kernel.decider import Context
from domain.kernel.text import span

T = TypeVar("T", bound=k.Timed)


def expiry(
    history: DeadlineHistory, rule: DeadlineRule, due_at: datetime, because: Moment, **more: Any
) -> Expire:
    """Fires when it is due, unless `more` says otherwise."""
    fires_at = more.pop("fires_at", due_at)
    return Expire(
        rule=rule,
        fires_at=fires_at,
        due_at=due_at,
        caused_by=because.event,
        seen=facts_of(history).seen,
        **more,
    )


def breach_once(
    history: DeadlineHistory,
    rule: DeadlineRule,
    start: Moment,
    found: tuple[datetime, Moment] | None,
) -> Expire | None:
    """One breach for each time that something is owed, from `start` on, until the time and because
    of what was `found`, if it has a time.
    """
    last = facts_of(history).discipline.settled.get(rule)
    if found is None or (last is not None and (last > start.at or last >= found[0])):
        return None
    return expiry(history, rule, *found)


def cite(command: Expire, context: Context) -> Automatic:
    """By which rule of which policy it expired, and because of which event."""
    return Automatic(
        rule=command.rule, policy_version=context.policy.version, caused_by=command.caused_by
    )


def record(kind: type[T], command: Expire, context: Context, **more: Any) -> list[IncidentEvent]:
    """That it was due."""
    event: Any = kind(
        occurred_at=context.now,
        due_at=command.due_at,
        automatic=cite(command, context),
        **more,
    )
    return [event]


def settle(incident: KnownIncident, event: k.Timed) -> KnownIncident:
    """A due time has been acted upon."""
    discipline = incident.facts.discipline.settle(event.automatic.rule, event.due_at)
    return with_facts(incident, discipline=discipline)


def in_time(seconds: int | None) -> str:
    """How a rule says within what: `within 30 min`."""
    return f"within {span(seconds)}" if seconds is not None else "in time"
