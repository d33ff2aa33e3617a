"""The questions that more than one deadline of an incident asks, and the answers to them."""

from typing import Any

from domain.incident.deadlines.history import DeadlineHistory
from domain.incident.state import LIVE, Closed, Incident, in_triage
from domain.kernel.deadline import Asked, Moment
from domain.policy.audience import Audience, Audiences


def is_going_on(_: Asked[Any], incident: Incident) -> bool:
    """Whether it is not over."""
    return isinstance(incident, LIVE)


def is_unacknowledged(_: Asked[Any], incident: Incident) -> bool:
    """Whether nobody has acknowledged it."""
    return isinstance(incident, LIVE) and not incident.facts.acknowledged


def is_resolved(_: Asked[Any], incident: Incident) -> bool:
    """Whether it is over; a page in triage that went away was no incident."""
    return isinstance(incident, Closed) and not in_triage(incident.facts)


def acknowledgement(history: DeadlineHistory) -> Moment | None:
    """The first answer that still holds to what nobody has acknowledged."""
    return first(history.acknowledged, history.closed)


def first(*moments: Moment | None) -> Moment | None:
    """The first of these, as far as they have come."""
    given = [moment for moment in moments if moment is not None]
    return min(given, key=lambda moment: moment.at, default=None)


def to_engineering(*_: Any) -> Audiences:
    """Whom a prompt addresses that asks for work."""
    return (Audience.ENGINEERING,)
