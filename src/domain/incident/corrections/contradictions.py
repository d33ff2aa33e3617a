"""Times that contradict each other: what cannot have come before what it follows.

Who states such times is asked whether they are meant (`confirm`), and then that is on record. What
products and clocks say is taken as it comes, and so is what follows from it.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.deadlines.events import AllClear, Escalated, PostmortemPublished, RecordFiled
from domain.incident.engagement import is_person
from domain.incident.entries import KIND_OF
from domain.incident.events import IncidentEvent
from domain.incident.milestones import Milestones
from domain.incident.state import Duplicate, Facts, Incident, KnownIncident, Undeclared
from domain.incident.times import earliest, happened_at
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.kernel.text import clock

BY_THE_MINUTE = timedelta(minutes=1)
"""People write times by the minute, so less than that contradicts nothing."""

STATING = (c.Declare, c.CorrectTime, c.Correct)
"""What states times beside that at which it happened."""

RULE = (
    "What begins comes before it is noticed, is noticed before it is declared or anything is done"
    " about it, and is declared and mitigated before it is over: check the times, or send"
    " `confirm: true`."
)


def confirmed(
    command: c.Command,
    before: Incident,
    decided: Iterable[IncidentEvent],
    after: Incident,
    context: Context,
) -> list[IncidentEvent]:
    """That times which contradict each other are meant: of what was `decided`, or by what follows
    from it. Raises `Refused` where nobody says so.
    """
    if isinstance(after, Undeclared) or not is_person(context.actor):
        return []
    known = () if isinstance(before, Undeclared) else _found(before.facts)
    new = [each for each in _found(after.facts) if each not in known]
    if not isinstance(before, Undeclared):
        new += [
            said for event in decided for said in _impossible(_answered(before, event))
            if said not in new
        ]  # fmt: skip
    if not new:
        return []
    refused = Refused("time.contradiction", "; ".join(new), field=_field(command), rule=RULE)
    if not command.confirm:
        raise refused
    at = happened_at(command.occurred_at, context)
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


Order = tuple[str, datetime | None, str, datetime | None]


def _found(facts: Facts) -> tuple[str, ...]:
    noticed = _noticed_at(facts)
    told = ("customers told", facts.response.first_public_at, "was noticed", noticed)
    return _impossible((*_orders(facts.milestones, noticed), told))


def _noticed_at(facts: Facts) -> datetime | None:
    """Before that nobody can have done anything about it. Who is paged may acknowledge it long
    before anybody declares it.
    """
    times = facts.milestones
    if facts.alerts.members and times.detected_at is None:
        return None
    return earliest(times.detected_at, times.declared_at)


def _impossible(orders: Iterable[Order]) -> tuple[str, ...]:
    return tuple(
        f"{said} at {clock(later)}, before it {first} at {clock(earlier)}"
        for said, later, first, earlier in orders
        if later is not None and earlier is not None and earlier - later >= BY_THE_MINUTE
    )


def _orders(times: Milestones, noticed: datetime | None) -> Iterator[Order]:
    """What comes later, and what it cannot come before."""
    began, over = times.impact_started_at, times.resolved_at
    yield ("noticed", times.detected_at, "began", began)
    yield ("declared", times.declared_at, "was noticed", times.detected_at)
    yield ("acknowledged", times.acknowledged_at, "was noticed", noticed)
    yield ("cause identified", times.identified_at, "was noticed", noticed)
    yield ("mitigated", times.mitigated_at, "began", began)
    yield ("mitigated", times.mitigated_at, "was noticed", noticed)
    yield ("resolved", over, "began", began)
    yield ("resolved", over, "was declared", times.declared_at)
    yield ("resolved", over, "was noticed", times.detected_at)
    yield ("resolved", over, "was mitigated", times.mitigated_at)
    yield ("canceled", times.canceled_at, "was declared", times.declared_at)


def _answered(before: KnownIncident, event: IncidentEvent) -> Iterator[Order]:
    """What an event answers, and so cannot have come before."""
    facts, at = before.facts, event.occurred_at
    times, again_from = facts.milestones, facts.stated.unacknowledged_at
    match event:
        case e.Reopened():
            yield ("reopened", at, "was resolved", times.resolved_at)
            yield ("reopened", at, "was canceled", times.canceled_at)
        case e.Resolved():
            yield ("resolved", at, "went on again", again_from)
        case e.Canceled():
            yield ("canceled", at, "went on again", again_from)
        case AllClear():
            yield ("all clear", at, "was resolved", times.resolved_at)
        case RecordFiled():
            yield ("record filed", at, "was resolved", times.resolved_at)
        case e.Merged():
            yield ("merged", at, "was declared", times.declared_at)
        case e.Unmerged() if isinstance(before, Duplicate):
            yield ("unmerged", at, "was merged", before.merged_at)
        case e.HypothesisConfirmed() | e.HypothesisRejected() | e.HypothesisAbandoned():
            path = facts.response.hypothesis(event.hypothesis)
            said = f"{event.hypothesis} {_OUTCOMES[type(event)]}"
            yield (said, at, "was opened", path.opened_at if path else None)
        case _:
            yield from _done(facts, event)


def _done(facts: Facts, event: Any) -> Iterator[Order]:
    """What somebody does about it, which nobody can before it is noticed."""
    if isinstance(event, e.EntryCorrected):
        if event.at != event.previous_at:
            yield from _moved(facts, event)
    elif type(event) in _DONE and getattr(event, "automatic", None) is None:
        yield (_DONE[type(event)], event.occurred_at, "was noticed", _noticed_at(facts))


def _moved(facts: Facts, event: e.EntryCorrected) -> Iterator[Order]:
    """An entry of another time than it was said to be of."""
    path, kind = facts.response.hypothesis(event.about or ""), KIND_OF[event.kind]
    if kind is e.HypothesisOpened and path is not None:
        yield (f"{path.name} closed", path.closed_at, "was opened", event.at)
    if kind in _OUTCOMES and path is not None:
        yield (f"{path.name} {_OUTCOMES[kind]}", event.at, "was opened", path.opened_at)
    if kind in _DONE:
        yield (_DONE[kind], event.at, "was noticed", _noticed_at(facts))


_DONE: dict[type[IncidentEvent], str] = {
    e.HypothesisOpened: "hypothesis opened",
    e.UpdatePosted: "update posted",
    e.AlsoAcknowledged: "acknowledged",
    Escalated: "escalated",
    PostmortemPublished: "post-mortem published",
}
_OUTCOMES: dict[type[IncidentEvent], str] = {
    e.HypothesisConfirmed: "confirmed",
    e.HypothesisRejected: "rejected",
    e.HypothesisAbandoned: "abandoned",
}
