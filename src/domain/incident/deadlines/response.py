"""Response time. Brief, severity matrix: "Response Time: < 5 min (SEV1), < 15 min (SEV2), < 1 hour
(SEV3), next business day (SEV4)": until then somebody has acknowledged.
"""

from datetime import datetime, timedelta

from domain.incident.deadlines.due_times import Reached, soonest
from domain.incident.deadlines.events import DeadlineRule, ResponseOverdue
from domain.incident.deadlines.expiry import breach_once, record
from domain.incident.deadlines.history import DeadlineHistory
from domain.incident.deadlines.questions import acknowledgement, is_unacknowledged, to_engineering
from domain.incident.events import IncidentEvent
from domain.incident.state import KnownIncident
from domain.kernel.deadline import Deadline, Expire, Moment, Prompt
from domain.kernel.decider import Context
from domain.policy import Policy


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


RESPONSE = Deadline(
    name="response",
    rules=(DeadlineRule.RESPONSE,),
    is_open=is_unacknowledged,
    due=due,
    follows=follows,
    answer=acknowledgement,
    prompts={
        ResponseOverdue: Prompt(kind="response_overdue", to=to_engineering, holds=is_unacknowledged)
    },
)
