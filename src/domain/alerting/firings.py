"""Where each firing of an alert belongs: decided once, on the log, and followed ever after.

Rules change, and a later report of an alert may say less than the first. So what was decided when
an alert began to fire holds for all that is heard of that firing. One stream (`alert.<id>`) holds
the firings of an alert, another (`thread.<id>`) those of all alerts that have something in common,
such as a service; there it is decided which of them belong to one incident.

The events are on disk for ever: rename nothing, add optional fields, or supersede a tag.
"""

from datetime import datetime, timedelta
from typing import assert_never
from uuid import UUID, uuid5

import msgspec
from msgspec.structs import replace

from domain.alerting.rules import Action
from domain.incident.alerts.alert import Opens
from domain.kernel.commit import Event, Instant
from domain.kernel.decider import UNKNOWN, Context
from domain.kernel.totality import kinds
from domain.policy import Severity

FIRINGS_KEPT = 200
"""So many firings of a stream are remembered; what is older begins anew if it is heard of."""

NAMESPACE = UUID("3d1d7c1a-1a5e-5b0e-8f4c-6f3f7c9a2b11")
"""Incident ids derive from it; changing it would open every incident again."""


class AlertRouted(Event, frozen=True, kw_only=True, omit_defaults=True, tag="alert.routed.v1"):
    """An alert began to fire, and this is where it belongs. `episode` tells the firings of an alert
    apart; `occurred_at` is when it began. Without an `incident` it opens nothing, until `until` at
    least. `action` and `rule` are those that decided; neither: the source's own setting. `signal`
    told of it; `thread` is the stream of those that it shares an incident with.
    """

    product: str
    source: str
    alert_id: str
    episode: str = ""
    incident: str | None = None
    opens: Opens = Opens.INCIDENT
    action: Action | None = None
    rule: str | None = None
    because: str | None = None
    until: Instant | None = None
    flap_window_s: int = 0
    title: str | None = None
    service: str | None = None
    severity: Severity | None = None
    signal: int = 0
    thread: str | None = None


class AlertEnded(Event, frozen=True, kw_only=True, omit_defaults=True, tag="alert.ended.v1"):
    """A firing is over, as its product says."""

    product: str
    source: str
    alert_id: str
    episode: str = ""


FiringEvent = AlertRouted | AlertEnded

EVENTS: tuple[type[FiringEvent], ...] = kinds(FiringEvent)


class Firing(msgspec.Struct, frozen=True, kw_only=True):
    """One firing of one alert."""

    alert: tuple[str, str, str]
    episode: str
    began_at: datetime
    incident: str | None
    opens: Opens
    rule: str | None
    flap_window_s: int
    until: datetime | None
    thread: str | None = None
    ended_at: datetime | None = None


class FiringHistory(msgspec.Struct, frozen=True):
    """The firings of a stream, in the order in which they were heard of, and how many incidents
    they had.
    """

    firings: tuple[Firing, ...] = ()
    incidents_had: int = 0

    def firing(self, alert: tuple[str, str, str], episode: str) -> Firing | None:
        """The firing of this name."""
        return next(
            (each for each in self.firings if (each.alert, each.episode) == (alert, episode)), None
        )

    def at(self, alert: tuple[str, str, str], moment: datetime) -> Firing | None:
        """The firing that a report of this moment is about, where its product does not say: the
        last one that had begun, or else the first.
        """
        ours = sorted(
            (each for each in self.firings if each.alert == alert), key=lambda f: f.began_at
        )
        begun = [each for each in ours if each.began_at <= moment]
        return begun[-1] if begun else ours[0] if ours else None

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


def decide(command: Route | End, history: FiringHistory, _: Context) -> list[FiringEvent]:
    """What becomes of a firing; `[]` when that has been decided."""
    match command:
        case End(ended=ended):
            return _end(ended, history)
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
    on it, and until the flap window has passed. While only the alert keeps it open, it was over
    between two firings, whether or not we have heard of that yet. A firing that is older than the
    incident was heard of late, and is no part of it.
    """
    if command.routed.occurred_at < min(each.began_at for each in firings):
        return False
    unheard = any(each.ended_at is None for each in firings) and incident not in command.over
    flaps = command.routed.flap_window_s > 0 and unheard
    return incident in command.responder_led or flaps or _within_window(command, firings)


def _within_window(command: Route, firings: list[Firing]) -> bool:
    ends = [each.ended_at for each in firings if each.ended_at]
    if len(ends) < len(firings):
        return False
    window = timedelta(seconds=command.routed.flap_window_s)
    return command.routed.occurred_at <= max(ends) + window


def alert_of(event: FiringEvent) -> tuple[str, str, str]:
    """Which alert an event is about: product, source and alert id."""
    return (event.product, event.source, event.alert_id)


def evolve(history: FiringHistory, event: FiringEvent, _: str = UNKNOWN) -> FiringHistory:
    """The history after one more event."""
    alert = alert_of(event)
    known = history.firing(alert, event.episode)
    others = tuple(each for each in history.firings if each is not known)
    match event:
        case AlertEnded(occurred_at=at):
            if known is None:
                return history
            firings = tuple(
                replace(each, ended_at=at) if each is known else each for each in history.firings
            )
            return FiringHistory(firings, history.incidents_had)
        case AlertRouted():
            firing = Firing(
                alert=alert,
                episode=event.episode,
                began_at=event.occurred_at,
                incident=event.incident,
                opens=event.opens,
                rule=event.rule,
                flap_window_s=event.flap_window_s,
                until=event.until,
                thread=event.thread,
            )
            new = event.incident is not None and event.incident not in history.incidents
            kept = (*others, firing)[-FIRINGS_KEPT:]
            return FiringHistory(kept, history.incidents_had + new)
    assert_never(event)
