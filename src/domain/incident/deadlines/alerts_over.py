"""The end of alerts. A monitor does not close an incident under its commander: when all alerts of
an incident that somebody has in hand are over, its responders are asked how it goes on.
"""

from collections.abc import Iterator
from datetime import datetime

from domain.incident.deadlines.events import AlertsOver, DeadlineRule
from domain.incident.deadlines.expiry import expiry, record, settle
from domain.incident.deadlines.history import DeadlineHistory, facts_of
from domain.incident.deadlines.questions import asks, to_engineering
from domain.incident.deadlines.timed_rule import Owed, RuleWords, TimedRule
from domain.incident.engagement import is_left_to_people
from domain.incident.events import IncidentEvent
from domain.incident.state import KnownIncident
from domain.kernel.deadline import Deadline, Expire, Prompt
from domain.kernel.decider import Context
from domain.policy import Policy, Severity


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


def owed(history: DeadlineHistory, _: Policy) -> Iterator[Owed]:
    since = history.alerts_over
    assert since is not None, "its alerts are over"
    what = "its responders say how it goes on, as all its alerts are over"
    yield Owed(DeadlineRule.ALERTS_OVER, since.at, since, what)


def says(_: Policy, __: Severity) -> str:
    return "A monitor does not close an incident under its commander: people are asked."


ALERTS_OVER = TimedRule(
    deadline=Deadline(
        name="alerts-over",
        rules=(DeadlineRule.ALERTS_OVER,),
        is_open=asks(is_left_to_people),
        due=due,
        follows=follows,
        prompts={
            AlertsOver: Prompt(kind="alerts_over", to=to_engineering, holds=asks(is_left_to_people))
        },
    ),
    owed=owed,
    marks=(DeadlineRule.ALERTS_OVER,),
    folds={AlertsOver: settle},
    words={
        DeadlineRule.ALERTS_OVER: RuleWords(
            says,
            "a mitigation or a resolution by a responder before the last alert was over",
            "alerts over",
        )
    },
)
