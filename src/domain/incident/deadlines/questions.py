"""The questions about an incident that its deadlines ask. Each stands here, or in the file of its
rule, once: while it is open a deadline runs, and what it counts from is since when it has been.
"""

from collections.abc import Callable
from typing import Any, TypeGuard

from domain.incident.carried_on import may_be_public
from domain.incident.impact import is_customer_facing
from domain.incident.state import LIVE, Closed, Incident, Open, Stage, in_triage
from domain.kernel.deadline import Asked, Holds
from domain.policy.audience import Audience, Audiences


def is_going_on(incident: Incident) -> bool:
    """Whether it is not over."""
    return isinstance(incident, LIVE)


def is_unacknowledged(incident: Incident) -> bool:
    """Whether it goes on, and nobody has acknowledged it."""
    return isinstance(incident, LIVE) and not incident.facts.acknowledged


def is_sought(incident: Incident) -> bool:
    """Whether the cause is not known, and users are still affected."""
    return isinstance(incident, Open) and incident.stage is Stage.INVESTIGATING


def is_watched(incident: Incident) -> bool:
    """Whether users are no longer affected, and nobody has said that it is over."""
    return isinstance(incident, Open) and incident.stage is Stage.MONITORING


def is_resolved(incident: Incident) -> bool:
    """Whether it is over; a page in triage that went away was no incident."""
    return isinstance(incident, Closed) and not in_triage(incident.facts)


def owes_customers(incident: Incident) -> TypeGuard[Open]:
    """Whether it goes on, customers are affected, and may hear of it."""
    if not isinstance(incident, Open) or not may_be_public(incident.facts):
        return False
    return is_customer_facing(incident.facts.assessment.impact)


def asks(question: Callable[[Incident], bool]) -> Holds[Any]:
    """A question of a deadline that is about the incident alone, however it was before."""

    def holds(_: Asked[Any], incident: Incident) -> bool:
        return question(incident)

    return holds


def to_engineering(*_: Any) -> Audiences:
    """Whom a prompt addresses that asks for work."""
    return (Audience.ENGINEERING,)
