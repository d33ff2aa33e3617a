"""What follows when a clock of the incident runs out.

A clock that has run out only asks. The incident as it stands then decides, so an acknowledgement
and an escalation that race are decided by which of the two the log holds first.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.deadlines import events as k
from domain.incident.deadlines.events import Automatic, DeadlineRule, mark
from domain.incident.deadlines.ladder import next_tier, rises_to
from domain.incident.events import IncidentEvent
from domain.incident.state import Closed, HypothesisStatus, KnownIncident, Open, Stage, Triage
from domain.kernel.decider import Context
from domain.policy import Tier

T = TypeVar("T", bound=k.Timed)


def run_out(command: c.Expire, incident: KnownIncident, context: Context) -> list[IncidentEvent]:
    """What follows from a clock that has run out; `[]` when it has been answered meanwhile, when
    other times are due by now, or when it has not run out yet by our clock.
    """
    name = mark(command.rule, command.hypothesis)
    early = context.now < command.fires_at
    if command.seen not in {None, incident.facts.seen}:
        return []
    if early or incident.facts.discipline.is_settled(name, command.due_at):
        return []
    return _RUN_OUT[command.rule](command, incident, context)


def suppress(
    command: c.SuppressEscalation, incident: KnownIncident, at: datetime
) -> list[IncidentEvent]:
    """Record what answered an escalation that was due, if that answer still holds."""
    settled = incident.facts.discipline.is_settled(command.rule, command.due_at)
    if settled or _is_open_question(command.rule, incident):
        return []
    return [
        k.EscalationSuppressed(
            occurred_at=at,
            rule=command.rule,
            due_at=command.due_at,
            by=command.by,
            because=command.because,
        )
    ]


def _is_open_question(rule: DeadlineRule, incident: KnownIncident) -> bool:
    if rule is DeadlineRule.ESCALATE_CAUSE:
        return isinstance(incident, Open) and incident.stage is Stage.INVESTIGATING
    return isinstance(incident, Triage | Open) and not incident.facts.acknowledged


def _automatic(command: c.Expire, context: Context) -> Automatic:
    return Automatic(
        rule=command.rule, policy_version=context.policy.version, caused_by=command.caused_by
    )


def _timed(kind: type[T], command: c.Expire, context: Context, **more: Any) -> list[IncidentEvent]:
    event: Any = kind(
        occurred_at=context.now,
        due_at=command.due_at,
        automatic=_automatic(command, context),
        **more,
    )
    return [event]


def _response(command: c.Expire, incident: KnownIncident, context: Context) -> list[IncidentEvent]:
    if not _is_open_question(command.rule, incident):
        return []
    return _timed(k.ResponseOverdue, command, context, severity=incident.facts.severity)


def _level(command: c.Expire, incident: KnownIncident, context: Context) -> list[IncidentEvent]:
    """Whom the severity matrix wants to know of it: at once, or unless somebody is on it."""
    policy, facts = context.policy, incident.facts
    level = policy.levels[facts.severity]
    answered = facts.acknowledged and level.escalate_after_s != 0
    tier = policy.tier(level.escalates_to) if level.escalates_to else None
    if not isinstance(incident, Open) or answered or tier is None:
        return []
    if not rises_to(tier, facts, policy):
        return []
    return _escalated(command, tier, f"{facts.severity} ({level.name})", context)


def _unanswered(
    command: c.Expire, incident: KnownIncident, context: Context
) -> list[IncidentEvent]:
    tier = next_tier(incident.facts, context.policy)
    if tier is None or not _is_open_question(command.rule, incident):
        return []
    return _escalated(command, tier, "nobody has acknowledged it yet", context)


def _unexplained(
    command: c.Expire, incident: KnownIncident, context: Context
) -> list[IncidentEvent]:
    tier = next_tier(incident.facts, context.policy)
    if tier is None or not _is_open_question(command.rule, incident):
        return []
    return _escalated(command, tier, "the root cause is not known yet", context)


def _escalated(command: c.Expire, tier: Tier, reason: str, context: Context) -> list[IncidentEvent]:
    return [
        k.Escalated(
            occurred_at=context.now,
            tier=tier.name,
            to=tier.to,
            audience=tier.audience,
            reason=reason,
            due_at=command.due_at,
            automatic=_automatic(command, context),
        )
    ]


def _timebox(command: c.Expire, incident: KnownIncident, context: Context) -> list[IncidentEvent]:
    path = incident.facts.response.hypothesis(command.hypothesis or "")
    if not isinstance(incident, Open) or path is None or path.status is not HypothesisStatus.OPEN:
        return []
    return _timed(k.TimeboxExpired, command, context, hypothesis=path.name)


def _due(command: c.Expire, incident: KnownIncident, context: Context) -> list[IncidentEvent]:
    """A reminder of an update."""
    return _timed(k.UpdateDue, command, context) if isinstance(incident, Open) else []


def _overdue(command: c.Expire, incident: KnownIncident, context: Context) -> list[IncidentEvent]:
    """A missed update. After a long outage there may be thousands, and the latest says it all."""
    if not isinstance(incident, Open):
        return []
    following = command.next_due_at
    superseded = following is not None and context.now >= following
    return _timed(k.UpdateOverdue, command, context, superseded=superseded)


def _no_change(command: c.Expire, incident: KnownIncident, context: Context) -> list[IncidentEvent]:
    if not isinstance(incident, Open):
        return []
    return [
        e.UpdatePosted(
            occurred_at=context.now,
            text=f"No change, still {_DOING[incident.stage]}.",
            status=e.UpdateStatus(incident.stage),
            automatic=_automatic(command, context),
        )
    ]


_DOING = {
    Stage.INVESTIGATING: "investigating",
    Stage.IDENTIFIED: "working on a fix: the cause is known",
    Stage.MONITORING: "monitoring the recovery",
}


def _monitoring(
    command: c.Expire, incident: KnownIncident, context: Context
) -> list[IncidentEvent]:
    if not isinstance(incident, Open) or incident.stage is not Stage.MONITORING:
        return []
    return _timed(k.MonitoringEnded, command, context, last=command.last)


def _all_clear(command: c.Expire, incident: KnownIncident, context: Context) -> list[IncidentEvent]:
    if not isinstance(incident, Closed):
        return []
    automatic = _automatic(command, context)
    return [k.AllClear(occurred_at=context.now, due_at=command.due_at, automatic=automatic)]


def _without_postmortem(kind: type[k.Timed]) -> "Outcome":
    def outcome(
        command: c.Expire, incident: KnownIncident, context: Context
    ) -> list[IncidentEvent]:
        if not isinstance(incident, Closed) or incident.facts.discipline.postmortem_url:
            return []
        return _timed(kind, command, context)

    return outcome


Outcome = Callable[[c.Expire, KnownIncident, Context], list[IncidentEvent]]

_RUN_OUT: dict[DeadlineRule, Outcome] = {
    DeadlineRule.RESPONSE: _response,
    DeadlineRule.ESCALATE_LEVEL: _level,
    DeadlineRule.ESCALATE_RESPONSE: _unanswered,
    DeadlineRule.ESCALATE_CAUSE: _unexplained,
    DeadlineRule.TIMEBOX: _timebox,
    DeadlineRule.UPDATE_DUE: _due,
    DeadlineRule.UPDATE_OVERDUE: _overdue,
    DeadlineRule.UPDATE_AUTOMATIC: _no_change,
    DeadlineRule.MONITORING: _monitoring,
    DeadlineRule.ALL_CLEAR: _all_clear,
    DeadlineRule.POSTMORTEM: _without_postmortem(k.PostmortemRequested),
    DeadlineRule.POSTMORTEM_OVERDUE: _without_postmortem(k.PostmortemOverdue),
}
