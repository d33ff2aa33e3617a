"""The firings of an alert, or of those that have something in common, as they are on record."""

from datetime import UTC, datetime, timedelta
from typing import assert_never

import msgspec
from msgspec.structs import replace

from domain.alerting.affected import Affected
from domain.alerting.events import AlertEnded, AlertRouted, AlertSpread, AlertUnheard, FiringEvent
from domain.incident.alerts.alert import Opens
from domain.kernel.decider import UNKNOWN

FIRINGS_KEPT = 200
"""So many firings of a stream are remembered; what is older begins anew if it is heard of."""

FAILS_BEFORE = timedelta(hours=1)
"""So long before a provider tells of an outage its components may have failed."""

UNHEARD_KEPT = 50
"""So many reports of what never fired are remembered of an alert."""

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
    affected: Affected | None = None


PHASES = ("unheard", "noted", "ignored", "firing", "spread", "over")
"""The phases that one goes through, in the words of documents: samples lead into each."""


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

    def tells_of(self, incident: str, affected: Affected) -> bool:
        """Whether what is affected is part of the outage that an incident is about."""
        known = [
            (each.affected, each.ended_at is None)
            for each in self.firings
            if each.incident == incident and each.affected
        ]
        return affected.belongs_to(
            (each for each, fires in known if fires), (each for each, fires in known if not fires)
        )

    def outage_before_its_end(self, affected: Affected, at: datetime) -> Firing | None:
        """The outage, over by now, that names a component which failed while it went on, or shortly
        before its provider told of it: what says so comes late.
        """
        if affected.whole:
            return None
        found = (
            each
            for each in reversed(self.firings)
            if each.incident
            and each.affected
            and each.affected.whole
            and each.affected.names(affected)
            and each.ended_at
            and each.end_stated
            and each.began_at - FAILS_BEFORE <= at < each.ended_at
        )
        return next(found, None)


def alert_of(event: AlertRouted | AlertSpread | AlertEnded) -> AlertRef:
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
        case AlertSpread():
            known = history.firing(alert_of(event), event.episode)
            if known is None:
                return history
            others = tuple(each for each in history.firings if each is not known)
            return replace(history, firings=(*others, replace(known, affected=event.affected)))
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
        affected=event.affected,
    )
    new = event.incident is not None and event.incident not in history.incidents
    kept = (*others, firing)[-FIRINGS_KEPT:]
    return replace(history, firings=kept, incidents_had=history.incidents_had + new)


def _arrival(event: AlertRouted | AlertEnded) -> Arrival:
    """Of what former releases recorded it is not known when it came in: no later than all since."""
    return Arrival(event.heard_at or min(event.occurred_at, LONG_AGO), event.signal, event.place)
