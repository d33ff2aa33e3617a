"""All-clear. Brief, "Step 3: Resolution & Stabilization": "Declare incident resolved and send
all-clear communication", once the resolution has held.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec.structs import replace

from domain.incident.deadlines.events import AllClear, DeadlineRule
from domain.incident.deadlines.expiry import cite, expiry
from domain.incident.deadlines.history import DeadlineHistory
from domain.incident.deadlines.questions import asks, is_resolved
from domain.incident.deadlines.timed_rule import Owed, RuleWords, TimedRule
from domain.incident.events import IncidentEvent
from domain.incident.state import Facts, KnownIncident, with_facts
from domain.kernel.commit import EPOCH
from domain.kernel.deadline import Deadline, Expire, Prompt
from domain.kernel.decider import Context
from domain.kernel.text import span
from domain.policy import Policy, Severity


def due(history: DeadlineHistory, _now: datetime, policy: Policy) -> Expire | None:
    """Once for each resolution, some time after it."""
    assert history.closed is not None, "it is resolved"
    if history.cleared:
        return None
    due_at = history.closed.at + timedelta(seconds=policy.all_clear_after_s)
    return expiry(history, DeadlineRule.ALL_CLEAR, due_at, history.closed)


def follows(command: Expire, _: KnownIncident, context: Context) -> list[IncidentEvent]:
    """It is given."""
    automatic = cite(command, context)
    return [AllClear(occurred_at=context.now, due_at=command.due_at, automatic=automatic)]


def give_all_clear(facts: Facts, at: datetime) -> list[IncidentEvent]:
    """Once for each resolution."""
    return [] if facts.is_clear else [AllClear(occurred_at=at)]


def fold_given(incident: KnownIncident, event: AllClear) -> KnownIncident:
    """It holds until the incident is reopened."""
    known = incident.facts.discipline
    given = known.all_clears + 1
    discipline = replace(known, all_clears=given, all_clear_at=event.occurred_at)
    return with_facts(incident, discipline=discipline)


def owed(history: DeadlineHistory, policy: Policy) -> Iterator[Owed]:
    following = due(history, EPOCH, policy)
    if following is not None:
        assert history.closed is not None, "it is resolved"
        what = "the all-clear goes out, if the resolution holds"
        yield Owed(DeadlineRule.ALL_CLEAR, following.due_at, history.closed, what)


def says(policy: Policy, _: Severity) -> str:
    after = span(policy.all_clear_after_s)
    return f"The all-clear goes out {after} after the resolution, if that has held."


ALL_CLEAR = TimedRule(
    deadline=Deadline(
        name="all-clear",
        rules=(DeadlineRule.ALL_CLEAR,),
        is_open=asks(is_resolved),
        due=due,
        follows=follows,
        prompts={AllClear: Prompt(kind="all_clear", to=None, holds=None)},
    ),
    owed=owed,
    marks=(DeadlineRule.ALL_CLEAR,),
    folds={AllClear: fold_given},
    words={
        DeadlineRule.ALL_CLEAR: RuleWords(
            says, "a reopening, or an all-clear by a responder, before it was due", "all-clear"
        )
    },
)
