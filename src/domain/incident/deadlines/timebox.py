"""Timebox. Brief, "During Active Incidents": "Timebox investigation paths: if a hypothesis isn't
confirmed in 15 minutes, pivot and try the next one".
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from domain.incident.deadlines.events import DeadlineRule, TimeboxExpired
from domain.incident.deadlines.expiry import expiry, record
from domain.incident.deadlines.history import DeadlineHistory, facts_of
from domain.incident.deadlines.questions import to_engineering
from domain.incident.deadlines.timed_rule import Owed, RuleWords, TimedRule
from domain.incident.events import IncidentEvent
from domain.incident.state import Incident, KnownIncident, Open, with_facts
from domain.kernel.deadline import Asked, Deadline, Expire, Prompt, mark
from domain.kernel.decider import Context
from domain.kernel.text import span
from domain.policy import Policy, Severity


def is_pursued(asked: Asked[Any], incident: Incident) -> bool:
    """The hypothesis is still open."""
    return isinstance(incident, Open) and any(
        asked.about in (None, path.name) for path in incident.facts.response.pursued
    )


def due(history: DeadlineHistory, _now: datetime, policy: Policy) -> Expire | None:
    """Each hypothesis has one, and another where the investigation begins anew; the one that is
    over first.
    """
    timebox = timedelta(seconds=policy.hypothesis_timebox_s)
    discipline = facts_of(history).discipline
    pursued = [
        (due_at, name, moment)
        for name, moment in history.paths.items()
        if not discipline.is_settled(
            mark(DeadlineRule.TIMEBOX, name), due_at := moment.at + timebox
        )
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


def owed(history: DeadlineHistory, policy: Policy) -> Iterator[Owed]:
    timebox = timedelta(seconds=policy.hypothesis_timebox_s)
    for name, since in history.paths.items():
        what = f"hypothesis {name} is confirmed, or left for the next one"
        yield Owed(DeadlineRule.TIMEBOX, since.at + timebox, since, what, about=name)


def says(policy: Policy, _: Severity) -> str:
    timebox = span(policy.hypothesis_timebox_s)
    return f"A hypothesis that is not confirmed within {timebox} is left for the next one."


TIMEBOX = TimedRule(
    deadline=Deadline(
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
    ),
    owed=owed,
    marks=(DeadlineRule.TIMEBOX,),
    folds={TimeboxExpired: fold_expired},
    words={
        DeadlineRule.TIMEBOX: RuleWords(
            says, "its confirmation, its rejection or its abandonment before it was due", "timebox"
        )
    },
)
