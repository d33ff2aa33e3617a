"""All-clear. Brief, "Step 3: Resolution & Stabilization": "Declare incident resolved and send
all-clear communication", once the resolution has held.
"""

from datetime import datetime, timedelta

from msgspec.structs import replace

from domain.incident.deadlines.events import AllClear, DeadlineRule
from domain.incident.deadlines.expiry import cite, expiry
from domain.incident.deadlines.history import DeadlineHistory
from domain.incident.deadlines.questions import is_resolved
from domain.incident.events import IncidentEvent
from domain.incident.state import Facts, KnownIncident, with_facts
from domain.kernel.deadline import Deadline, Expire, Prompt
from domain.kernel.decider import Context
from domain.policy import Policy


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


ALL_CLEAR = Deadline(
    name="all-clear",
    rules=(DeadlineRule.ALL_CLEAR,),
    is_open=is_resolved,
    due=due,
    follows=follows,
    prompts={AllClear: Prompt(kind="all_clear", to=None, holds=None)},
)
