"""Where each firing of an alert belongs: decided once, on the log, and followed ever after.

Rules change, and a later report of an alert may say less than the first. So what was decided when
an alert began to fire holds for all that is heard of that firing. One stream (`alert.<id>`) holds
the firings of an alert, another (`thread.<id>`) those of all alerts that have something in common,
such as a service; there it is decided which of them belong to one incident. Which firing a report
is about says `domain.alerting.identity`.
"""

from datetime import UTC, datetime, timedelta
from typing import assert_never
from uuid import UUID, uuid5

import msgspec
from msgspec.structs import replace

from domain.alerting.events import AlertEnded, AlertRouted, AlertUnheard, FiringEvent
from domain.alerting.rules import Action
from domain.incident.alerts.alert import Opens
from domain.kernel.decider import UNKNOWN, Context

FIRINGS_KEPT = 200
"""So many firings of a stream are remembered; what is older begins anew if it is heard of."""

UNHEARD_KEPT = 50
"""So many reports of what never fired are remembered of an alert."""

NAMESPACE = UUID("3d1d7c1a-1a5e-5b0e-8f4c-6f3f7c9a2b11")
"""Incident ids derive from it; changing it would open every incident again."""

AlertRef = tuple[str, str, str]
"""Which alert: product, source and alert id."""


class Arrival(msgspec.Struct, frozen=True, order=True):
    """When a report came in, as all reports are ordered: by the time at which its signal was kept,
    the position of that, and its place in the body.
    """

    at: datetime
    signal: int = 0
    place: int = 0


LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Firing(msgspec.Struct, frozen=True, kw_only=True):
    """One firing of one alert. `heard` is the arrival of the report that began it, `end_heard` of
    the one that ended it, `end_id` the name of that; `end_stated`: `ended_at` is by its product.
    """

    alert: AlertRef
    episode: str
    began_at: datetime
    incident: str | None
    opens: Opens
    rule: str | None
    flap_window_s: int
    until: datetime | None
    heard: Arrival
    event_id: str | None = None
    thread: str | None = None
    ended_at: datetime | None = None
    end_heard: Arrival | None = None
    end_id: str | None = None
    end_stated: bool = False
    storm: str | None = None


class FiringHistory(msgspec.Struct, frozen=True):
    """The firings of a stream, in the order in which they were heard of, how many incidents they
    had, and what was said of alerts that had never fired.
    """

    firings: tuple[Firing, ...] = ()
    incidents_had: int = 0
    unheard: tuple[AlertUnheard, ...] = ()

    def firing(self, alert: AlertRef, episode: str) -> Firing | None:
        """The firing of this name."""
        return next(
            (each for each in self.firings if (each.alert, each.episode) == (alert, episode)), None
        )

    def of(self, alert: AlertRef) -> list[Firing]:
        """The firings of one alert, in the order in which they were heard of."""
        return sorted((each for each in self.firings if each.alert == alert), key=lambda f: f.heard)

    @property
    def incidents(self) -> tuple[str, ...]:
        """The incidents of these firings, the latest first."""
        return tuple(
            dict.fromkeys(each.incident for each in reversed(self.firings) if each.incident)
        )


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


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """Something was said of an alert that never fired."""

    unheard: AlertUnheard


FiringCommand = Route | End | Note


def decide(command: FiringCommand, history: FiringHistory, _: Context) -> list[FiringEvent]:
    """What becomes of a firing; `[]` when that has been decided."""
    match command:
        case End(ended=ended):
            return _end(ended, history)
        case Note(unheard=unheard):
            known = (each.alert.event_id for each in history.unheard)
            return [] if unheard.alert.event_id in known else [unheard]
        case Route():
            return _route(command, history)
    assert_never(command)


def _end(ended: AlertEnded, history: FiringHistory) -> list[FiringEvent]:
    known = history.firing(alert_of(ended), ended.episode)
    if known is None or (known.ended_at and known.ended_at <= ended.occurred_at):
        return []
    return [ended]


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
    for incident in history.incidents:
        if incident in command.exercises:
            continue
        firings = [each for each in history.firings if each.incident == incident]
        belongs = _shares if command.own is None else _goes_on
        if belongs(command, incident, firings):
            return incident
    return None


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


def alert_of(event: AlertRouted | AlertEnded) -> AlertRef:
    """Which alert an event is about."""
    return (event.product, event.source, event.alert_id)


def evolve(history: FiringHistory, event: FiringEvent, _: str = UNKNOWN) -> FiringHistory:
    """The history after one more event."""
    match event:
        case AlertUnheard():
            return replace(history, unheard=(*history.unheard, event)[-UNHEARD_KEPT:])
        case AlertEnded():
            known = history.firing(alert_of(event), event.episode)
            firings = tuple(
                _ended(each, event) if each is known else each for each in history.firings
            )
            return replace(history, firings=firings)
        case AlertRouted():
            return _fold_routed(history, event)
    assert_never(event)


def _ended(firing: Firing, event: AlertEnded) -> Firing:
    return replace(
        firing,
        ended_at=event.occurred_at,
        end_heard=_arrival(event),
        end_id=event.event_id,
        end_stated=event.stated,
    )


def _fold_routed(history: FiringHistory, event: AlertRouted) -> FiringHistory:
    known = history.firing(alert_of(event), event.episode)
    others = tuple(each for each in history.firings if each is not known)
    firing = Firing(
        alert=alert_of(event),
        episode=event.episode,
        began_at=event.occurred_at,
        incident=event.incident,
        opens=event.opens,
        rule=event.rule,
        flap_window_s=event.flap_window_s,
        until=event.until,
        heard=known.heard if known else _arrival(event),
        event_id=event.event_id,
        storm=event.storm,
        thread=event.thread,
    )
    new = event.incident is not None and event.incident not in history.incidents
    kept = (*others, firing)[-FIRINGS_KEPT:]
    return replace(history, firings=kept, incidents_had=history.incidents_had + new)


def _arrival(event: AlertRouted | AlertEnded) -> Arrival:
    """Of what former releases recorded it is not known when it came in: no later than all since."""
    return Arrival(event.heard_at or min(event.occurred_at, LONG_AGO), event.signal, event.place)
