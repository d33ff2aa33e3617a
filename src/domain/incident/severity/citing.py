"""Events of raises and of what takes them back: each cites its rule, and what has caused it."""

from collections.abc import Iterable
from datetime import datetime

from domain.incident import events as e
from domain.incident.deadlines.events import Automatic
from domain.incident.events import IncidentEvent
from domain.incident.severity.course import Turn, Turns, turned
from domain.incident.severity.outcome import Raise
from domain.incident.severity.ruling import Demand
from domain.incident.severity.turns import redeclared, without
from domain.kernel.commit import event_id
from domain.kernel.decider import Context
from domain.policy import Severity

BACKFILLED = "severity.backfilled"
"""The rule by which a raise loses its ground to what is told of an earlier time."""
CORRECTED = "severity.corrected"
"""The rule by which a severity loses its ground as what was said of the impact is put right."""
NO_GROUND = "what is known now of the time before leaves no ground"
_WHY = {
    BACKFILLED: f"{NO_GROUND} for it",
    CORRECTED: "what it rested on was put right",
}


def turns_after(turns: Turns, events: Iterable[IncidentEvent]) -> Turns:
    """With the raises of these events, and without those that they take back."""
    for each in events:
        if isinstance(each, e.SeverityRaiseWithdrawn | e.SeverityUpgraded) and redeclares(each):
            turns = redeclared(turns, each.occurred_at, each.severity)
        elif isinstance(each, e.SeverityRaiseWithdrawn):
            turns = without(turns, each.occurred_at, each.withdrawn)
        elif isinstance(each, e.SeverityUpgraded):
            raised = Turn(
                each.occurred_at,
                each.severity,
                each.occurred_at,
                automatic=True,
                undecided=each.undecided,
            )
            turns = turned(turns, raised)
    return turns


def redeclares(event: e.SeverityUpgraded | e.SeverityRaiseWithdrawn) -> bool:
    """Whether it says how severe it was as somebody declared it who named no level."""
    if isinstance(event, e.SeverityUpgraded):
        return event.automatic.rule == BACKFILLED
    return event.declared


def upgraded(found: Raise, context: Context) -> e.SeverityUpgraded:
    """The event of a raise, caused by the first event of the same command."""
    return e.SeverityUpgraded(
        occurred_at=found.at,
        severity=found.demand.severity,
        previous=found.previous,
        reason=found.demand.because,
        automatic=cite(found.demand.rule, context),
        undecided=found.undecided,
    )


def taken_back(
    withdrawn: Severity,
    stays: Severity,
    at: datetime,
    by: str,
    context: Context,
    why: str | None = None,
) -> e.SeverityRaiseWithdrawn:
    """The event of a severity that has lost its ground by a rule: `why`, or what that says."""
    return e.SeverityRaiseWithdrawn(
        occurred_at=at,
        withdrawn=withdrawn,
        severity=stays,
        reason=why or _WHY[by],
        automatic=cite(by, context),
    )


def raise_to(
    wanted: Demand, previous: Severity, at: datetime, context: Context
) -> e.SeverityUpgraded:
    """The automatic upgrade that follows from the first event of the same command."""
    return upgraded(Raise(at, previous, wanted), context)


def cite(rule: str, context: Context) -> Automatic:
    """By which rule, because of the first event of the same command."""
    return Automatic(
        rule=rule,
        policy_version=context.policy.version,
        caused_by=event_id(context.command_id, 0),
    )
