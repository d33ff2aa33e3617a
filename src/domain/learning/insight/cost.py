"""What an incident cost in people's time, as far as the log tells: an estimate from below.

Whoever holds a role is counted as long as the incident goes on, and whoever acts for some minutes
from then on; of one person, no minute counts twice.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from domain.incident import INCIDENT, Incident
from domain.incident.engagement import is_person
from domain.incident.state import LIVE, Undeclared
from domain.kernel.commit import Event, Recorded
from domain.kernel.roster import plain
from domain.policy import Role

VERSION = "1"
ACT = timedelta(minutes=5)
"""So long is somebody counted who acts."""

_Span = tuple[datetime, datetime]


class IncidentCost(msgspec.Struct, frozen=True, kw_only=True):
    """The minutes of all people together, as the log has them: of whom held a role, by `roles`, and
    of whom acted, `acting` (who holds a role and acts meanwhile is in both, and once in the sum).
    Null: nobody is on record. Somebody who goes by two names counts as two.
    """

    version: str
    reference: str
    person_minutes: float | None
    people: int
    roles: dict[Role, float]
    acting: float
    until: datetime | None


def cost_of(
    commits: Sequence[Recorded[Event]], counts: Callable[[datetime], bool] = lambda _: True
) -> IncidentCost | None:
    """Of the commits of an incident, those of its events that count; None: nothing is known."""
    state: Incident = INCIDENT.initial
    held: dict[tuple[Role, str], list[_Span]] = {}
    acted: dict[str, list[_Span]] = {}
    last: datetime | None = None
    for recorded in commits:
        for event in _counted(recorded.commit.events, counts):
            at = max(last, event.occurred_at) if last else event.occurred_at
            for key in _holding(state):
                held.setdefault(key, []).append((last or at, at))
            state, last = INCIDENT.evolve(state, event, recorded.commit.actor), at
            if is_person(recorded.commit.actor):
                acted.setdefault(plain(recorded.commit.actor), []).append((at, at + ACT))
    if isinstance(state, Undeclared):
        return None
    people: dict[str, list[_Span]] = {name: list(spans) for name, spans in acted.items()}
    roles: dict[Role, float] = {}
    for (role, name), spans in held.items():
        people.setdefault(name, []).extend(spans)
        roles[role] = roles.get(role, 0.0) + minutes(spans)
    return IncidentCost(
        version=VERSION,
        reference=state.facts.reference,
        person_minutes=sum(map(minutes, people.values())) if people else None,
        people=len(people),
        roles=roles,
        acting=sum(map(minutes, acted.values())),
        until=last,
    )


def _counted(events: Iterable[Any], counts: Callable[[datetime], bool]) -> Iterable[Any]:
    return (event for event in events if counts(event.occurred_at))


def _holding(state: Incident) -> list[tuple[Role, str]]:
    """Who has which role of what goes on."""
    if not isinstance(state, LIVE):
        return []
    return [(role, plain(name)) for role, name in state.facts.response.roles.items()]


def minutes(spans: Iterable[_Span]) -> float:
    """How long they are together, where they overlap once."""
    total, end = timedelta(), None
    for since, until in sorted(spans):
        begin = since if end is None else max(since, end)
        if until > begin:
            total += until - begin
        end = until if end is None else max(end, until)
    return total.total_seconds() / 60
