"""Where each firing of an alert belongs: decided once, on the log, and followed ever after.

Rules change, and a later report of an alert may say less than the first. So what was decided when
an alert began to fire holds for all that is heard of that firing. One stream (`alert.<id>`) holds
the firings of an alert, another (`thread.<id>`) those of all alerts that have something in common,
such as a service; there it is decided which of them belong to one incident. Which firing a report
is about says `domain.alerting.identity`.
"""

from datetime import datetime, timedelta
from typing import assert_never
from uuid import UUID, uuid5

import msgspec
from msgspec.structs import replace

from domain.alerting.affected import Affected
from domain.alerting.events import AlertEnded, AlertRouted, AlertSpread, AlertUnheard, FiringEvent
from domain.alerting.firing_history import AlertRef, Firing, FiringHistory, alert_of
from domain.alerting.rules import Action
from domain.incident.alerts.alert import Opens
from domain.kernel.decider import Context

NAMESPACE = UUID("3d1d7c1a-1a5e-5b0e-8f4c-6f3f7c9a2b11")
"""Incident ids derive from it; changing it would open every incident again."""


APART_MOST, TOGETHER = 3, timedelta(minutes=2)
"""More components of a page than that which fail within this time are no outages of their own."""


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """Decide where a firing belongs. `over` are incidents that are known to be over,
    `responder_led` those that responders have in their hands, `exercises` drills and tests, which
    no alert joins; `found` is one that is open and that
    none of these alerts has opened; `own` the id of an incident of its own, None where it may share
    one of `thread`. `settled`: its incident was decided on in a thread. `again`: it was ignored for
    a time, which is up.
    """

    routed: AlertRouted
    over: frozenset[str] = frozenset()
    responder_led: frozenset[str] = frozenset()
    exercises: frozenset[str] = frozenset()
    found: str | None = None
    own: str | None = None
    thread: str = ""
    settled: bool = False
    again: bool = False


class End(msgspec.Struct, frozen=True, kw_only=True):
    """A firing is over."""

    ended: AlertEnded


class Spread(msgspec.Struct, frozen=True, kw_only=True):
    """A firing affects these as well."""

    alert: AlertRef
    episode: str
    affected: Affected


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """Something was said of an alert that never fired."""

    unheard: AlertUnheard


FiringCommand = Route | Spread | End | Note


def decide(command: FiringCommand, history: FiringHistory, context: Context) -> list[FiringEvent]:
    """What becomes of a firing; `[]` when that has been decided."""
    match command:
        case End(ended=ended):
            return _end(ended, history)
        case Note(unheard=unheard):
            known = (each.alert.event_id for each in history.unheard)
            return [] if unheard.alert.event_id in known else [unheard]
        case Spread():
            return _spread(command, history, context.now)
        case Route():
            return _route(command, history)
    assert_never(command)


def _end(ended: AlertEnded, history: FiringHistory) -> list[FiringEvent]:
    known = history.firing(alert_of(ended), ended.episode)
    if known is None or (known.ended_at and known.ended_at <= ended.occurred_at):
        return []
    return [ended]


def _spread(command: Spread, history: FiringHistory, now: datetime) -> list[FiringEvent]:
    known = history.firing(command.alert, command.episode)
    if known is None or known.affected is None:
        return []
    more = known.affected.lacks(command.affected)
    if not more:
        return []
    product, source, alert_id = command.alert
    return [
        AlertSpread(
            occurred_at=now,
            product=product,
            source=source,
            alert_id=alert_id,
            episode=command.episode,
            affected=replace(known.affected, components=(*known.affected.components, *more)),
        )
    ]


def _route(command: Route, history: FiringHistory) -> list[FiringEvent]:
    routed = command.routed
    known = history.firing(alert_of(routed), routed.episode)
    if known and (known.incident or not command.again):
        return []
    if routed.action is Action.IGNORE:
        return [] if known and known.until == routed.until else [routed]
    return [routed if command.settled else _placed(command, history)]


def _placed(command: Route, history: FiringHistory) -> AlertRouted:
    routed = command.routed
    joined = _joined(command, history) or command.found
    fresh = command.own or str(uuid5(NAMESPACE, f"{command.thread}:{history.incidents_had}"))
    # Who joins what is open does not say what it is: that may be triage, and stay so.
    opens = Opens.TRIAGE if joined and routed.action is Action.ATTACH else routed.opens
    return replace(routed, incident=joined or fresh, opens=opens)


def _joined(command: Route, history: FiringHistory) -> str | None:
    """The incident of an earlier firing that this one belongs to."""
    affected = command.routed.affected
    if affected is not None:
        free = (each for each in reversed(history.incidents) if each not in command.exercises)
        going_on = [each for each in free if each not in command.over]
        told = next((each for each in going_on if history.tells_of(each, affected)), None)
        if told is None and (
            outage := history.outage_before_its_end(affected, command.routed.occurred_at)
        ):
            told = outage.incident
        return told or _fails_with_many(command, history, going_on)
    for incident in history.incidents:
        if incident in command.exercises:
            continue
        firings = [each for each in history.firings if each.incident == incident]
        belongs = _shares if command.own is None else _goes_on
        if belongs(command, incident, firings):
            return incident
    return None


def _fails_with_many(command: Route, history: FiringHistory, going_on: list[str]) -> str | None:
    """The latest incident of a page of which so many components have failed at once that it is one
    outage, whatever its provider calls it, if it says anything at all.
    """
    routed = command.routed
    assert routed.affected is not None, "it is asked of components"
    heard_at = routed.heard_at or routed.occurred_at
    if routed.affected.whole:
        return None
    parts = [
        each.incident
        for each in history.firings
        if each.affected is not None
        and not each.affected.whole
        and each.incident in going_on
        and each.ended_at is None
        and abs(heard_at - each.heard.at) <= TOGETHER
    ]
    alone = dict.fromkeys(each for each in parts if each is not None)
    return parts[-1] if len(alone) >= APART_MOST else None


def _shares(command: Route, incident: str, firings: list[Firing]) -> bool:
    """Whether alerts that have something in common have this incident in common: while it is open,
    and until the flap window has passed.
    """
    return incident not in command.over or _within_window(command, firings)


def _goes_on(command: Route, incident: str, firings: list[Firing]) -> bool:
    """Whether an alert that fires again belongs to this incident of its own: while responders work
    on it, and until the flap window has passed. A firing that is older than the incident was heard
    of late, and is no part of it.
    """
    if command.routed.occurred_at < min(each.began_at for each in firings):
        return False
    flaps = command.routed.flap_window_s > 0 and _within_window(command, firings)
    return incident in command.responder_led or flaps


def _within_window(command: Route, firings: list[Firing]) -> bool:
    ends = [each.ended_at for each in firings if each.ended_at]
    if len(ends) < len(firings):
        return False
    window = timedelta(seconds=command.routed.flap_window_s)
    return command.routed.occurred_at <= max(ends) + window
