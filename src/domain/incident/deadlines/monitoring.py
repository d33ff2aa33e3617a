"""Monitoring. Brief, "Step 3: Resolution & Stabilization": "Monitor for 15-30 minutes
post-mitigation to ensure the fix holds".
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from domain.incident.deadlines.events import DeadlineRule, MonitoringEnded
from domain.incident.deadlines.expiry import expiry, record, settle
from domain.incident.deadlines.history import DeadlineHistory, facts_of
from domain.incident.deadlines.questions import asks, is_watched, to_engineering
from domain.incident.deadlines.timed_rule import Owed, RuleWords, TimedRule
from domain.incident.events import IncidentEvent
from domain.incident.state import KnownIncident, Open, Stage
from domain.kernel.commit import EPOCH
from domain.kernel.deadline import Deadline, Expire, Prompt
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.kernel.text import clock_s, span
from domain.policy import Policy, Severity


def due(history: DeadlineHistory, _now: datetime, policy: Policy) -> Expire | None:
    """At either end somebody is asked to act."""
    facts, since = facts_of(history), history.mitigated
    assert since is not None, "recovery is watched"
    shortest = since.at + timedelta(seconds=policy.monitoring_min_s)
    longest = since.at + timedelta(seconds=policy.monitoring_max_s)
    for due_at, next_due_at in ((shortest, longest), (longest, None)):
        if not facts.discipline.is_settled(DeadlineRule.MONITORING, due_at):
            return expiry(history, DeadlineRule.MONITORING, due_at, since, next_due_at=next_due_at)
    return None


def follows(command: Expire, _: KnownIncident, context: Context) -> list[IncidentEvent]:
    """A prompt to resolve, or to act."""
    last = command.next_due_at is None
    return record(MonitoringEnded, command, context, last=last)


def unwatched(incident: Open, at: datetime, context: Context) -> Iterator[Refused]:
    """That recovery was not watched for long enough."""
    facts, since = incident.facts, incident.facts.response.monitoring_since
    policy = context.policy
    least = timedelta(seconds=policy.monitoring_min_s)
    watched = incident.stage is not Stage.MONITORING or since is None or at - since >= least
    if not watched:
        assert since is not None
        yield Refused(
            "monitoring.too_early",
            f"{facts.reference} was mitigated at {clock_s(since)}: watch recovery until"
            f" {clock_s(since + least)}, or give an early_reason",
            field="early_reason",
            rule=f"Monitor for {_minutes(policy.monitoring_min_s)} to"
            f" {_minutes(policy.monitoring_max_s)} minutes post-mitigation to ensure the fix"
            " holds.",
        )


def _minutes(seconds: int) -> str:
    return f"{seconds / 60:.3g}"


def owed(history: DeadlineHistory, policy: Policy) -> Iterator[Owed]:
    since, following = history.mitigated, due(history, EPOCH, policy)
    assert since is not None, "recovery is watched"
    if following is not None and following.next_due_at is not None:
        what = "recovery has been watched for long enough to resolve"
        yield Owed(DeadlineRule.MONITORING, following.due_at, since, what)
        return
    longest = since.at + timedelta(seconds=policy.monitoring_max_s)
    yield Owed(DeadlineRule.MONITORING, longest, since, "it is resolved, or acted upon again")


def says(policy: Policy, _: Severity) -> str:
    least, most = span(policy.monitoring_min_s), span(policy.monitoring_max_s)
    return f"After a mitigation recovery is watched for {least} to {most} before it is resolved."


MONITORING = TimedRule(
    deadline=Deadline(
        name="monitoring",
        rules=(DeadlineRule.MONITORING,),
        is_open=asks(is_watched),
        due=due,
        follows=follows,
        prompts={MonitoringEnded: Prompt(kind="monitoring_ended", to=to_engineering, holds=None)},
    ),
    owed=owed,
    marks=(DeadlineRule.MONITORING,),
    folds={MonitoringEnded: settle},
    words={DeadlineRule.MONITORING: RuleWords(says, "a resolution, with an early_reason", "watch")},
)
