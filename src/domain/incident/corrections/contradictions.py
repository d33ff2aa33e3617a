"""Times that contradict each other: what cannot have come before what it follows.

Who states such times is asked whether they are meant (`confirm`), and then that is on record. What
products and clocks say is taken as it comes, and so is what follows from it.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.engagement import is_person
from domain.incident.events import IncidentEvent
from domain.incident.milestones import Milestones
from domain.incident.state import Facts, Incident, Undeclared
from domain.incident.times import earliest
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.kernel.text import clock

BY_THE_MINUTE = timedelta(minutes=1)
"""People write times by the minute, so less than that contradicts nothing."""

STATING = (c.Declare, c.CorrectTime, c.Correct)
"""What states times beside that at which it happened."""

RULE = (
    "What begins comes before it is noticed, is noticed before it is declared or acknowledged, and"
    " is declared and mitigated before it is over: check the times, or send `confirm: true`."
)


def confirmed(
    command: c.Command, before: Incident, after: Incident, at: datetime, context: Context
) -> list[IncidentEvent]:
    """That times which contradict each other are meant. Raises `Refused` where nobody says so."""
    if isinstance(after, Undeclared) or not is_person(context.actor):
        return []
    known = () if isinstance(before, Undeclared) else _found(before.facts)
    new = [each for each in _found(after.facts) if each not in known]
    if not new:
        return []
    refused = Refused("time.contradiction", "; ".join(new), field=_field(command), rule=RULE)
    if not command.confirm:
        raise refused
    return [e.RuleWaived(occurred_at=at, rules=(refused.code,), detail=refused.detail)]


def _field(command: c.Command) -> str:
    match command:
        case c.Declare(detected_at=datetime()):
            return "detected_at"
        case c.CorrectTime():
            return "value"
        case c.Correct():
            return "time"
        case _:
            return "occurred_at"


def _found(facts: Facts) -> tuple[str, ...]:
    paged = bool(facts.alerts.members)
    return tuple(
        f"{said} at {clock(later)}, before it {first} at {clock(earlier)}"
        for said, later, first, earlier in _orders(facts.milestones, paged=paged)
        if later is not None and earlier is not None and earlier - later >= BY_THE_MINUTE
    )


Order = tuple[str, datetime | None, str, datetime | None]


def _orders(times: Milestones, *, paged: bool) -> Iterator[Order]:
    """What comes later, and what it cannot come before. Who is paged may acknowledge it long before
    anybody declares it.
    """
    began, over = times.impact_started_at, times.resolved_at
    unheard = paged and times.detected_at is None
    noticed = None if unheard else earliest(times.detected_at, times.declared_at)
    yield ("noticed", times.detected_at, "began", began)
    yield ("declared", times.declared_at, "was noticed", times.detected_at)
    yield ("acknowledged", times.acknowledged_at, "was noticed", noticed)
    yield ("mitigated", times.mitigated_at, "began", began)
    yield ("resolved", over, "began", began)
    yield ("resolved", over, "was declared", times.declared_at)
    yield ("resolved", over, "was noticed", times.detected_at)
    yield ("resolved", over, "was mitigated", times.mitigated_at)
    yield ("canceled", times.canceled_at, "was declared", times.declared_at)
