"""Response time. Brief, severity matrix: "Response Time: < 5 min (SEV1), < 15 min (SEV2), < 1 hour
(SEV3), next business day (SEV4)": until then somebody has acknowledged.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from domain.incident.deadlines.due_times import Reached, soonest
from domain.incident.deadlines.events import DeadlineRule, ResponseOverdue
from domain.incident.deadlines.expiry import breach_once, record, settle
from domain.incident.deadlines.history import DeadlineHistory, acknowledgement
from domain.incident.deadlines.questions import asks, is_unacknowledged, to_engineering
from domain.incident.deadlines.timed_rule import Owed, RuleWords, TimedRule
from domain.incident.events import IncidentEvent
from domain.incident.state import KnownIncident
from domain.kernel.deadline import Deadline, Expire, Moment, Prompt
from domain.kernel.decider import Context
from domain.kernel.text import span
from domain.policy import Policy, Severity


def due(history: DeadlineHistory, _now: datetime, policy: Policy) -> Expire | None:
    """One breach for each time that it is unacknowledged."""
    assert history.waiting is not None, "nobody has acknowledged it"
    found = response_due(history, policy)
    return breach_once(history, DeadlineRule.RESPONSE, history.waiting, found)


def response_due(history: DeadlineHistory, policy: Policy) -> tuple[datetime, Moment]:
    """Until when somebody is to acknowledge, and because of what."""

    def due(reached: Reached) -> datetime:
        seconds = policy.levels[reached.severity].response_s
        if seconds is None:
            return policy.business_hours.next_end(reached.since.at)
        return reached.since.at + timedelta(seconds=seconds)

    assert history.waiting is not None, "nobody has acknowledged it"
    found = soonest(history.levels, history.waiting, due)
    assert found is not None, "each severity has a response time"
    return found


def follows(command: Expire, incident: KnownIncident, context: Context) -> list[IncidentEvent]:
    """A breach."""
    return record(ResponseOverdue, command, context, severity=incident.facts.severity)


def owed(history: DeadlineHistory, policy: Policy) -> Iterator[Owed]:
    yield Owed(DeadlineRule.RESPONSE, *response_due(history, policy), "somebody acknowledges it")


def says(policy: Policy, severity: Severity) -> str:
    seconds = policy.levels[severity].response_s
    until = f"within {span(seconds)}" if seconds is not None else "by the next business day"
    return f"Somebody acknowledges a {severity} {until}; that nobody has is a breach."


RESPONSE = TimedRule(
    deadline=Deadline(
        name="response",
        rules=(DeadlineRule.RESPONSE,),
        is_open=asks(is_unacknowledged),
        due=due,
        follows=follows,
        answer=acknowledgement,
        prompts={
            ResponseOverdue: Prompt(
                kind="response_overdue", to=to_engineering, holds=asks(is_unacknowledged)
            )
        },
    ),
    owed=owed,
    marks=(DeadlineRule.RESPONSE,),
    folds={ResponseOverdue: settle},
    words={
        DeadlineRule.RESPONSE: RuleWords(
            says, "an acknowledgement before it was due", "acknowledgement"
        )
    },
)
