"""Pages about an incident: what was known at a time, and why things came about."""

from datetime import UTC, datetime, timedelta

from adapters.console.room import READ
from adapters.console.visit import ConsolePage, Shown, Visit
from adapters.known_page import words
from domain.incident import INCIDENT
from domain.kernel.refusal import Refused
from handlers.queries.parameters import time_of
from projections.incident.explained import EXPLAINED
from projections.incident.known_then import KNOWN_THEN, KnownThen
from projections.past import NOW, Cut

STOPS = 24
"""So many places a slider has, beside those of what was recorded."""


async def show_known(visit: Visit) -> Shown:
    """What was known at a time: now, or as the address says. A slider leads through it."""
    room = await visit.service.show(INCIDENT, visit.ref, NOW, visit.viewer)
    began = room.milestones.began_at or visit.now
    wanted = visit.asked("at")
    problem: Refused | None = None
    at = visit.now
    try:
        at = _as_time(wanted) if wanted else visit.now
    except Refused as refused:
        problem = refused
    found: KnownThen = (await visit.ask(KNOWN_THEN, ref=visit.ref, cut=Cut(known_at=at))).answer
    return Shown("known.html", {
        "it": found,
        "words": words,
        "at": at,
        "problem": problem,
        "stops": list(_stops(began, room.milestones.resolved_at or visit.now)),
    })  # fmt: skip


def _as_time(said: str) -> datetime:
    """RFC 3339, or as browsers write a time without a zone: that is UTC. Raises `Refused`."""
    found = time_of(said if said.endswith("Z") or "+" in said else f"{said}Z", "at")
    assert found is not None, "something was said"
    return found


def _stops(began: datetime, ended: datetime) -> list[datetime]:
    """Times from when it began to a little after it ended, for whoever steps through them."""
    length = max(ended - began, timedelta(minutes=1))
    return [(began + length * step / STOPS).astimezone(UTC) for step in range(STOPS + 1)]


async def show_explained(visit: Visit) -> Shown:
    """Why it is as severe as it is, what rules decided, and who was told of it."""
    event = visit.asked("event") or None
    found = (await visit.ask(EXPLAINED, ref=visit.ref, event=event)).answer
    return Shown("explained.html", {"it": found, "one": event is not None})


PAGES = (
    ConsolePage("/incidents/{ref}/known", READ, show_known),
    ConsolePage("/incidents/{ref}/explain", READ, show_explained),
)
