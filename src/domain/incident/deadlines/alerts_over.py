"""The end of alerts. A monitor does not close an incident under its commander: when all alerts of
an incident that somebody has in hand are over, its responders are asked how it goes on.
"""

from datetime import datetime
from typing import Any

from domain.incident.deadlines.events import AlertsOver, DeadlineRule
from domain.incident.deadlines.expiry import expiry, record
from domain.incident.deadlines.history import DeadlineHistory, facts_of
from domain.incident.deadlines.questions import to_engineering
from domain.incident.engagement import is_left_to_people
from domain.incident.events import IncidentEvent
from domain.incident.state import Incident, KnownIncident
from domain.kernel.deadline import Asked, Deadline, Expire, Prompt
from domain.kernel.decider import Context
from domain.policy import Policy


def is_asked(_: Asked[Any], incident: Incident) -> bool:
    """It goes on, and no alert of its fires any more."""
    return is_left_to_people(incident)


def due(history: DeadlineHistory, _now: datetime, __: Policy) -> Expire | None:
    """At once, each time that the last of them is over."""
    since = history.alerts_over
    assert since is not None, "its alerts are over"
    if facts_of(history).discipline.is_settled(DeadlineRule.ALERTS_OVER, since.at):
        return None
    return expiry(history, DeadlineRule.ALERTS_OVER, since.at, since)


def follows(command: Expire, _: KnownIncident, context: Context) -> list[IncidentEvent]:
    """A prompt to mitigate or to resolve."""
    return record(AlertsOver, command, context)


ALERTS_OVER = Deadline(
    name="alerts-over",
    rules=(DeadlineRule.ALERTS_OVER,),
    is_open=is_asked,
    due=due,
    follows=follows,
    prompts={AlertsOver: Prompt(kind="alerts_over", to=to_engineering, holds=is_asked)},
)
