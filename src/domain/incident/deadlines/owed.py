"""What is due of an incident, and when: by which rule, since when, and what has to happen.

Deadlines say what their clocks do next (`Deadline.due`). What people owe stays due for as long as
the question is open, however often a clock has complained of it. None of it depends on the time of
asking, so it may be kept until the incident changes.
"""

from datetime import datetime

import msgspec

from domain.incident.deadlines.events import DeadlineRule
from domain.incident.deadlines.forecast import forecast
from domain.incident.deadlines.history import DeadlineHistory, running
from domain.incident.deadlines.table import TIMED_RULES
from domain.policy import Policy
from domain.policy.audience import Audience


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """Something is due at `due_at` by `rule` of a policy, counted from `since`; afterwards it is
    overdue. `what` says what has to happen, `about` of which of several things (a hypothesis),
    `audience` to whom, where the rule is about one.
    """

    rule: DeadlineRule
    due_at: datetime
    since: datetime
    what: str
    policy_version: str
    about: str | None = None
    audience: Audience | None = None


def owed(history: DeadlineHistory, policy: Policy) -> tuple[Due, ...]:
    """All that is due of an incident, the soonest first; what is due already is overdue."""
    incident = running(history)
    if incident is None:
        return ()
    found = [
        each
        for timed in TIMED_RULES
        if timed.deadline.fires(None, incident, policy)
        for each in timed.owed(history, policy)
    ]
    found.sort(key=lambda each: (each.due_at, each.rule, each.about or ""))
    return tuple(
        Due(
            rule=each.rule,
            due_at=each.due_at,
            since=each.since.at,
            what=each.what,
            policy_version=policy.version,
            about=each.about,
            audience=each.audience,
        )
        for each in forecast(found, incident.facts, history.unreached, policy)
    )


MARKS: tuple[str, ...] = tuple(mark for timed in TIMED_RULES for mark in timed.marks)
"""What may be due of any incident; beside these its hypotheses, each with a timebox."""

LABELS = {rule: words.label for timed in TIMED_RULES for rule, words in timed.words.items()}
"""What is due by a rule, in a word."""
