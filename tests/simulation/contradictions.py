"""Which times of an incident cannot be so, and who may have said so all the same."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from domain.incident import events as e
from domain.incident import state as s
from domain.incident.deadlines import events as k
from simulation.record import Point

BY_THE_MINUTE = timedelta(minutes=1)


def _impossible(incident: Any) -> set[str]:
    """Each thing that came before what it follows, by both names."""
    if isinstance(incident, s.Undeclared):
        return set()
    times, first = incident.facts.milestones, _first_noticed(incident.facts)
    began, noticed, declared = times.impact_started_at, times.detected_at, times.declared_at
    pairs = {
        "noticed before it began": (began, noticed),
        "declared before it was noticed": (noticed, declared),
        "acknowledged before it was noticed": (first, times.acknowledged_at),
        "its cause was known before it was noticed": (first, times.identified_at),
        "customers were told before it was noticed": (
            first,
            incident.facts.response.first_public_at,
        ),
        "mitigated before it began": (began, times.mitigated_at),
        "mitigated before it was noticed": (first, times.mitigated_at),
        "resolved before it began": (began, times.resolved_at),
        "resolved before it was noticed": (noticed, times.resolved_at),
        "resolved before it was declared": (declared, times.resolved_at),
        "resolved before it was mitigated": (times.mitigated_at, times.resolved_at),
        "canceled before it was declared": (declared, times.canceled_at),
    }
    return {
        f"{words}: {before}, {after}"
        for words, (before, after) in pairs.items()
        if before and after and before - after >= BY_THE_MINUTE
    }


def _first_noticed(facts: Any) -> Any:
    """When anybody could know of it."""
    times = facts.milestones
    if times.detected_at is None and facts.alerts.members:
        return None  # it was paged, nobody knows when, and acknowledged before it was declared
    return min((at for at in (times.detected_at, times.declared_at) if at), default=None)


def _unanswered(history: list[Point], place: int) -> set[str]:
    """What answers another thing, and is said to have come before it."""
    point = history[place]
    event, before = point.event, point.before
    if isinstance(before, s.Undeclared):
        return set()
    facts = before.facts
    times, path = facts.milestones, facts.response.hypothesis(getattr(event, "hypothesis", None))
    again = [
        each.event.occurred_at
        for each in history[:place]
        if isinstance(each.event, e.Reopened | e.DidNotHold)
        and isinstance(each.before, s.Closed | s.FalsePositive)
        and isinstance(each.after, s.Open | s.Triage)
    ]
    answered: tuple[Any, ...]
    match event:
        case e.Reopened():
            answered = (times.resolved_at, times.canceled_at)
        case k.AllClear() | k.RecordFiled():
            answered = (times.resolved_at,)
        case e.Resolved() | e.Canceled():
            answered = tuple(again[-1:])
        case e.HypothesisConfirmed() | e.HypothesisRejected() | e.HypothesisAbandoned():
            answered = (path and path.opened_at,)
        case e.Merged():
            answered = (times.declared_at,)
        case e.Unmerged():
            answered = (getattr(before, "merged_at", None),)
        case e.HypothesisOpened() | e.AlsoAcknowledged() | k.PostmortemPublished():
            answered = (_first_noticed(facts),)
        case e.UpdatePosted() | k.Escalated() if event.automatic is None:
            answered = (_first_noticed(facts),)
        case _:
            answered = ()
    return {
        f"{point.tag} before {at}"
        for at in answered
        if at and at - event.occurred_at >= BY_THE_MINUTE
    }


def contradictions(history: list[Point]) -> Iterable[tuple[int, str]]:
    """What people state and cannot be is on record as confirmed; nothing else is."""
    for place, point in enumerate(history):
        event = point.event
        if place and history[place - 1].commit is point.commit:
            continue
        beside = [each for each in history[place:] if each.commit is point.commit]
        stated = event.occurred_at != point.at or isinstance(event, e.Declared | e.TimeCorrected)
        by_person = stated and not isinstance(event, e.AlertReceived)
        new: set[str] = set()
        if by_person:
            new = _impossible(beside[-1].after) - _impossible(point.before)
            for further in range(len(beside)):
                new |= _unanswered(history, place + further)
        confirmed = [
            each
            for each in beside
            if isinstance(each.event, e.RuleWaived) and not each.event.reason
        ]
        if bool(new) != bool(confirmed):
            yield place, f"{new or 'nothing'} is impossible, confirmed: {bool(confirmed)}: {point}"


def acknowledged_once(history: list[Point]) -> Iterable[tuple[int, str]]:
    """The first acknowledgement counts, and one that came before it; others join, once each."""
    joined: set[str] = set()
    for place, point in enumerate(history):
        event, facts = point.event, getattr(point.before, "facts", None)
        if isinstance(event, e.Acknowledged) and facts is not None:
            first = facts.milestones.acknowledged_at
            if facts.acknowledged and first and event.occurred_at >= first:
                yield place, f"acknowledged again: {point}"
            joined = set()
        if isinstance(event, e.AlsoAcknowledged) and facts is not None:
            known = {*joined, facts.acknowledged_by}
            if not facts.acknowledged or event.responder in known:
                yield place, f"{event.responder} joins {known}: {point}"
            joined.add(event.responder)
