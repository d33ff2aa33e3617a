"""Timebox. Brief, "During Active Incidents": "Timebox investigation paths: if a hypothesis isn't
confirmed in 15 minutes, pivot and try the next one".
"""

from datetime import datetime, timedelta
from typing import Any

from domain.incident.deadlines.events import DeadlineRule, TimeboxExpired
from domain.incident.deadlines.expiry import expiry, record
from domain.incident.deadlines.history import DeadlineHistory, facts_of
from domain.incident.deadlines.questions import to_engineering
from domain.incident.events import IncidentEvent
from domain.incident.state import HypothesisStatus, Incident, KnownIncident, Open, with_facts
from domain.kernel.deadline import Asked, Deadline, Expire, Prompt, mark
from domain.kernel.decider import Context
from domain.policy import Policy


def is_pursued(asked: Asked[Any], incident: Incident) -> bool:
    """The hypothesis is still open."""
    return isinstance(incident, Open) and any(
        path.status is HypothesisStatus.OPEN and asked.about in (None, path.name)
        for path in incident.facts.response.hypotheses
    )


def due(history: DeadlineHistory, _now: datetime, policy: Policy) -> Expire | None:
    """Each hypothesis has one, and another where the investigation begins anew; the one that is
    over first.
    """
    span = timedelta(seconds=policy.hypothesis_timebox_s)
    discipline = facts_of(history).discipline
    pursued = [
        (due_at, name, moment)
        for name, moment in history.paths.items()
        if not discipline.is_settled(mark(DeadlineRule.TIMEBOX, name), due_at := moment.at + span)
    ]
    if not pursued:
        return None
    due_at, name, moment = min(pursued, key=lambda path: path[:2])
    return expiry(history, DeadlineRule.TIMEBOX, due_at, moment, about=name)


def follows(command: Expire, _: KnownIncident, context: Context) -> list[IncidentEvent]:
    """A prompt to pivot."""
    assert command.about is not None, "it is about one of them"
    return record(TimeboxExpired, command, context, hypothesis=command.about)


def fold_expired(incident: KnownIncident, event: TimeboxExpired) -> KnownIncident:
    """Its timebox is settled; that of others is not."""
    name = mark(event.automatic.rule, event.hypothesis)
    discipline = incident.facts.discipline.settle(name, event.due_at)
    return with_facts(incident, discipline=discipline)


TIMEBOX = Deadline(
    name="timebox",
    rules=(DeadlineRule.TIMEBOX,),
    is_open=is_pursued,
    due=due,
    follows=follows,
    prompts={
        TimeboxExpired: Prompt(
            kind="timebox_expired",
            to=to_engineering,
            holds=is_pursued,
            about=lambda event: event.hypothesis,
        )
    },
)
