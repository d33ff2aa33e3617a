"""A rule that a clock enforces, as its file states it: all there is of it, in one value."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from domain.incident.deadlines.events import DeadlineRule
from domain.incident.deadlines.history import DeadlineHistory
from domain.incident.state import Facts, KnownIncident
from domain.kernel.deadline import Deadline, Moment
from domain.kernel.totality import total
from domain.policy import Policy, Severity, Tier
from domain.policy.audience import Audience


class Owed(NamedTuple):
    """What one deadline asks for, until when, and what it counts from. Where it tells a tier
    (`climb`), `what` follows from who is told before.
    """

    rule: DeadlineRule
    due_at: datetime
    since: Moment
    what: str
    about: str | None = None
    audience: Audience | None = None
    climb: "Climb | None" = None


class Climb(NamedTuple):
    """Of what a clock tells of itself: to which tier, as things stand then, and unless what."""

    to: Callable[[Facts, Policy], Tier | None]
    unless: str


class RuleWords(NamedTuple):
    """What a rule says of an incident of a severity, by a policy, and what prevents it; and what is
    due by it, in a word (None: nothing ever is).
    """

    says: Callable[[Policy, Severity], str]
    prevented_by: str
    label: str | None


Owes = Callable[[DeadlineHistory, Policy], Iterable[Owed]]
Fold = Callable[[KnownIncident, Any], KnownIncident]


class TimedRule(NamedTuple):
    """Its `deadline`: when it is due, what it asks, which events follow, who is told. What people
    owe while the question is open (`owed`), and under which `marks` that may be due of any
    incident. How each event that is told of changes the incident (`folds`), and what its rules say
    (`words`).
    """

    deadline: Deadline[DeadlineHistory, KnownIncident, Any]
    owed: Owes
    marks: tuple[str, ...]
    folds: Mapping[type[Any], Fold]
    words: Mapping[DeadlineRule, RuleWords]


def check(timed: TimedRule) -> None:
    """Raises TypeError where the parts of a rule do not say something about the same things."""
    name, deadline = timed.deadline.name, timed.deadline
    total(f"what the rules of {name} say", map(DeadlineRule, deadline.rules), timed.words)
    total(f"folds of {name}", deadline.prompts, timed.folds)
