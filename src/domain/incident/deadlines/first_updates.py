"""First updates. Brief, "Stakeholder Communication Templates": "SEV1 — Initial Notification (within
10 minutes)"; and, in its runbook, "External: Update [status page link] if customer-facing": until
then somebody has told stakeholders in words of their own, and customers, if they are affected.
"""

from datetime import datetime
from typing import Any

from domain.incident.carried_on import is_public, updates_of
from domain.incident.deadlines.due_times import soonest, within
from domain.incident.deadlines.events import DeadlineRule, FirstUpdateOverdue
from domain.incident.deadlines.expiry import breach_once, record
from domain.incident.deadlines.history import DeadlineHistory
from domain.incident.deadlines.questions import to_engineering
from domain.incident.events import IncidentEvent
from domain.incident.impact import is_customer_facing
from domain.incident.state import Incident, KnownIncident, Open
from domain.kernel.deadline import Asked, Deadline, Expire, Moment, Prompt
from domain.kernel.decider import Context
from domain.policy import Policy
from domain.policy.audience import OURS, Audience

Found = tuple[datetime, Moment] | None


def is_untold(_: Asked[Any], incident: Incident) -> bool:
    """Nobody has written an update of it yet."""
    return isinstance(incident, Open) and not updates_of(incident.facts)


def is_untold_in_public(_: Asked[Any], incident: Incident) -> bool:
    """Customers are affected, and have not been told anything."""
    if not isinstance(incident, Open) or not is_customer_facing(incident.facts.assessment.impact):
        return False
    return not is_public(incident.facts)


def first_due(history: DeadlineHistory, _now: datetime, policy: Policy) -> Expire | None:
    """So long after it was declared, or became so severe."""
    assert history.opened is not None, "it is open"
    found = first_update_by(history, policy)
    return breach_once(history, DeadlineRule.FIRST_UPDATE, history.opened, found)


def first_update_by(history: DeadlineHistory, policy: Policy) -> Found:
    """Until when, and because of what."""
    assert history.opened is not None, "it is open"
    limit = within(lambda level: level.first_update_within_s, policy)
    return soonest(history.levels, history.opened, limit)


def customers_due(history: DeadlineHistory, _now: datetime, policy: Policy) -> Expire | None:
    """So long after it became known that they are affected."""
    assert history.facing is not None, "customers are affected"
    found = customer_update_by(history, policy)
    return breach_once(history, DeadlineRule.CUSTOMER_UPDATE, history.facing, found)


def customer_update_by(history: DeadlineHistory, policy: Policy) -> Found:
    """Until when, and because of what."""
    assert history.facing is not None, "customers are affected"
    limit = within(lambda level: level.customer_update_within_s, policy)
    return soonest(history.levels, history.facing, limit)


def follows(command: Expire, incident: KnownIncident, context: Context) -> list[IncidentEvent]:
    """A breach."""
    to_customers = command.rule == DeadlineRule.CUSTOMER_UPDATE
    return record(
        FirstUpdateOverdue,
        command,
        context,
        audiences=(Audience.CUSTOMERS,) if to_customers else OURS,
        severity=incident.facts.severity,
    )


FIRST_UPDATE = Deadline(
    name="first-update",
    rules=(DeadlineRule.FIRST_UPDATE,),
    is_open=is_untold,
    due=first_due,
    follows=follows,
    prompts={
        FirstUpdateOverdue: Prompt(kind="first_update_overdue", to=to_engineering, holds=is_untold)
    },
)
CUSTOMER_UPDATE = Deadline(
    name="customer-update",
    rules=(DeadlineRule.CUSTOMER_UPDATE,),
    is_open=is_untold_in_public,
    due=customers_due,
    follows=follows,
    prompts={
        FirstUpdateOverdue: Prompt(
            kind="first_update_overdue", to=to_engineering, holds=is_untold_in_public
        )
    },
)
