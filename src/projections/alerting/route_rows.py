"""The rows that say what became of each delivery, from the events of alerts, incidents, changes and
signals.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from domain.alerting import AlertRouted, AlertUnheard, ChangeReported, SignalPassedOver
from domain.alerting.quarantine import INCIDENTS_LISTED, stream_of
from domain.incident import INCIDENT
from domain.incident.events import AlertReceived
from domain.kernel.commit import Event, Recorded
from projections.alerting.quarantine import QuarantinedSignal
from projections.projection import Put
from projections.table import put_into, table_of

PREFIX, SIGNAL, CHANGE, TOLD = "alert.", "signal.", "change.", "incident."
BY_SIGNAL = stream_of(0).removesuffix("0")


class Routed(msgspec.Struct, frozen=True, kw_only=True):
    """One firing of an alert, and where it went: to an `incident`, or nowhere by a `rule`, silence
    or maintenance window, `until` a time. Without an `action` the source decided; `told` is what an
    incident heard of an alert, `because` says of which kind; `noted` is what was said of an alert
    that never fired, which opens nothing, and `passed_over` what is of no concern, for the reason
    `because`; it has no `alert_id`, nor has what was used although it is `flawed`: `flaws` say what
    could not be read as it was meant. What `follows` said nothing new, or did nothing else that is
    listed; `incidents` are the first of those that it is about, if there are several. A `change` of
    a system stands on timelines. `quarantined`, `released` and `discarded` say how what was not
    understood stands.
    """

    signal: int
    alert: str
    episode: str
    product: str
    source: str
    alert_id: str
    title: str | None
    service: str | None
    severity: str | None
    began_at: datetime
    action: str | None
    rule: str | None
    because: str | None
    until: datetime | None
    incident: str | None
    flaws: tuple[str, ...] = ()
    incidents: tuple[str, ...] = ()


class NumberedIncident(msgspec.Struct, frozen=True, kw_only=True):
    """What an incident is called."""

    incident: str
    reference: str


FIRING = table_of(
    Routed,
    name="firing",
    key=("alert", "episode"),
    about=("incident", "incidents"),
    indexes=(
        ("signal", "alert", "episode"),
        ("incident", "signal", "alert", "episode"),
        ("signal", "alert_id"),
    ),
)
NUMBERED = table_of(NumberedIncident, name="numbered", key=("incident",), about=("incident",))
_put = put_into(FIRING, Routed)
_put_number = put_into(NUMBERED, NumberedIncident)
_OURS = {"alert", "began_at", "flaws", "incidents"}
_AS_TOLD = [each for each in Routed.__struct_fields__ if each not in _OURS]
"""The fields that are those of the event; each that it has not fails as a row is made."""


def rows_of(_before: None, _after: None, recorded: Recorded[Event]) -> Iterable[Put]:
    """What a commit of an alert, a change or an incident says."""
    if recorded.stream.startswith(TOLD):
        yield from _told(recorded)
        return
    for event in recorded.commit.events:
        if isinstance(event, AlertRouted):
            told = {name: getattr(event, name) for name in _AS_TOLD}
            yield _put(Routed(alert=recorded.key, began_at=event.occurred_at, **told))
        elif isinstance(event, AlertUnheard):
            yield _put(_noted(recorded.key, event))
        elif isinstance(event, ChangeReported):
            yield _put(_changed(recorded.key, event))


def _told(recorded: Recorded[Event]) -> Iterable[Put]:
    """What an incident heard of alerts by a signal."""
    cause = recorded.commit.causation_id or ""
    signal = cause.removeprefix(BY_SIGNAL) if cause.startswith(BY_SIGNAL) else ""
    for place, event in enumerate(recorded.commit.events):
        if reference := INCIDENT.reference_in(event):
            yield _put_number(NumberedIncident(incident=recorded.key, reference=reference))
        if not isinstance(event, AlertReceived) or not signal.isdecimal():
            continue
        alert = event.alert
        yield _put(
            Routed(
                signal=int(signal),
                alert=recorded.stream,
                episode=f"@{recorded.position}.{place}",
                product=alert.product,
                source=alert.source,
                alert_id=alert.alert_id,
                title=alert.title or event.known_as,
                service=alert.service,
                severity=event.severity,
                began_at=event.occurred_at,
                action="told",
                rule=alert.rule,
                because=alert.kind.value,
                until=None,
                incident=recorded.key,
            )
        )


def rows_of_signal(
    _before: QuarantinedSignal | None, _after: QuarantinedSignal | None, recorded: Recorded[Event]
) -> Iterable[Put]:
    """What a commit of a signal says that was never in quarantine."""
    for event in recorded.commit.events:
        if isinstance(event, SignalPassedOver):
            yield _put(_passed_over(int(recorded.key), event))


def row_of_quarantine(_: str, held: QuarantinedSignal | None) -> Iterable[Put]:
    """How a signal stands that was in quarantine at least once."""
    if held is None:
        return
    yield _put(
        Routed(
            signal=held.position,
            alert=f"{SIGNAL}{held.position}",
            episode="quarantine",
            product=held.product,
            source=held.source,
            alert_id="",
            title=None,
            service=None,
            severity=held.severity,
            began_at=held.received_at,
            action=held.status,
            rule=None,
            because=held.note or f"{held.code}: {held.reason}",
            until=None,
            incident=next(iter(held.incidents), None),
            incidents=held.incidents[:INCIDENTS_LISTED],
        )
    )


def _noted(key: str, event: AlertUnheard) -> Routed:
    """What is said of what never fired is no firing, so its row is named after its signal."""
    alert = event.alert
    return Routed(
        signal=event.signal,
        alert=key,
        episode=f"@{event.signal}.{event.place}",
        product=alert.product,
        source=alert.source,
        alert_id=alert.alert_id,
        title=alert.title,
        service=alert.service,
        severity=None,
        began_at=event.occurred_at,
        action="noted",
        rule=None,
        because=event.because,
        until=None,
        incident=None,
    )


def _passed_over(position: int, event: SignalPassedOver) -> Routed:
    """What is of no concern, flawed, or not new; its row is that of its signal."""
    passed = "passed_over" if event.reason else "flawed"
    return Routed(
        signal=position,
        alert=f"{SIGNAL}{position}",
        episode="",
        product=event.product,
        source=event.source,
        alert_id="",
        title=None,
        service=None,
        severity=None,
        began_at=event.occurred_at,
        action="follows" if event.follows else passed,
        rule=None,
        because=event.reason or None,
        until=None,
        incident=next(iter(event.incidents), None),
        flaws=event.flaws,
        incidents=event.incidents,
    )


def _changed(key: str, event: ChangeReported) -> Routed:
    change = event.change
    return Routed(
        signal=event.signal,
        alert=f"{CHANGE}{key}",
        episode=f"@{event.signal}.{event.place}",
        product=change.product,
        source=change.source,
        alert_id="",
        title=change.summary,
        service=change.service,
        severity=None,
        began_at=event.occurred_at,
        action="change",
        rule=None,
        because=None,
        until=None,
        incident=None,
    )
