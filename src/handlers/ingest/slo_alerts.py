"""Alerts of objectives between the log and the signals: a budget that burns too fast is an alert
like any other, by rules, silences and maintenance windows, which ends when it burns no more.
"""

from typing import TYPE_CHECKING
from uuid import uuid5

import msgspec

from domain.incident.alerts.alert import Alert, AlertKind, Link, Opens
from domain.kernel.commit import Event, Instant
from domain.kernel.text import clock_s
from domain.policy import Severity
from domain.slo.tracking import SLO
from domain.slo.tracking.events import AlertSeverity
from domain.slo.tracking.tracked import TrackedSlo
from handlers.consumers import Consumer, StreamMessage
from handlers.ingest.reports import Report
from handlers.ingest.routing_context import NAMESPACE
from handlers.kernel.ports import EventStore, SignalStore

if TYPE_CHECKING:
    from handlers.messaging import Broker

SLO_PRODUCT = "slo"
"""Under this name alerts of objectives stand among the signals."""
CONSUMER = Consumer("EVENTS", "slo.*", "slo_alerts", headers_only=True, from_now=True)
SEVERITIES: tuple[AlertSeverity, ...] = ("page", "ticket")
LEVELS: dict[str, Severity] = {"page": Severity.SEV2, "ticket": Severity.SEV4}
"""How severe the incident is that an alert opens, where no rule says otherwise."""


class BudgetBurns(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A budget that burns too fast as a signal: `over_at` when that ended, None while it goes on.
    `unjudged`: nobody looks any longer.
    """

    slo: str
    name: str
    service: str
    severity: AlertSeverity
    since: Instant
    rules: tuple[str, ...]
    target: str
    window: str
    over_at: Instant | None = None
    unjudged: bool = False
    graph: str | None = None


_decode = msgspec.json.Decoder(BudgetBurns).decode


def read_burning(body: bytes) -> Report:
    """The report of a budget that burns. Raises `msgspec.DecodeError` for what is none."""
    said = _decode(body)
    kind = AlertKind.RESOLVED if said.over_at else AlertKind.TRIGGERED
    episode = said.since.isoformat()
    name = f"{said.slo}/{said.severity}"
    alert = Alert(
        product=SLO_PRODUCT,
        source=said.slo,
        alert_id=name,
        event_id=f"{name}/{episode}/{kind.value}",
        kind=kind,
        episode=episode,
        opens=Opens.INCIDENT,
        title=f"{said.name}: the error budget burns too fast",
        service=said.service,
        began_at=said.since,
        priority=LEVELS[said.severity].value,
        text=_words(said),
        labels=(("slo", said.slo), ("severity", said.severity)),
        links=(Link("Graph", said.graph),) if said.graph else (),
    )
    labels = {"slo": said.slo, "severity": said.severity}
    return Report(alert, said.over_at or said.since, labels=labels, recurs=True, dated=True)


def _words(said: BudgetBurns) -> str:
    if said.over_at is not None:
        if said.unjudged:
            return "It is not judged any more: the objective was changed or deactivated."
        return "The budget does not burn that fast any more."
    rules = "; ".join(said.rules)
    return f"Objective: {said.target} % of {said.window}. Since {clock_s(said.since)}: {rules}."


class SloAlerts:
    """Tells of budgets that burn. Every method may be repeated without harm, and raises
    `Unavailable`.
    """

    def __init__(self, store: EventStore, signals: SignalStore, public_url: str | None) -> None:
        self._store = store
        self._signals = signals
        self._public_url = public_url.rstrip("/") if public_url else None

    async def tell(self, message: StreamMessage) -> None:
        """Let what began or ended be a signal."""
        stream, position, slo = message.subject, message.position, SLO.initial
        for recorded in await self._store.load(stream):
            if recorded.position > position:
                break
            for event in recorded.commit.events:
                before, slo = slo, SLO.evolve(slo, event, recorded.commit.actor)  # type: ignore[arg-type]
                if recorded.position == position:
                    await self._tell(recorded.key, before, slo, event)

    async def _tell(self, id_: str, before: TrackedSlo, slo: TrackedSlo, event: Event) -> None:
        for severity in SEVERITIES:
            said = self._burns(id_, severity, before, slo, event)
            if said is not None:
                body = msgspec.json.encode(said)
                await self._signals.put(
                    SLO_PRODUCT, id_, body, {}, str(uuid5(NAMESPACE, body.decode()))
                )

    def _burns(
        self, id_: str, severity: AlertSeverity, before: TrackedSlo, slo: TrackedSlo, event: Event
    ) -> BudgetBurns | None:
        """What is to be said of one severity: that it began, or ended; None: neither."""
        was, now = before.sounds(severity), slo.sounds(severity)
        heard = now or was
        if heard is None or (was is None) is (now is None):
            return None
        of = slo if now else before
        over_at = None if now else max(getattr(event, "until", event.occurred_at), heard.since)
        return BudgetBurns(
            slo=id_,
            name=of.profile.name,
            service=of.profile.service,
            severity=severity,
            since=heard.since,
            rules=tuple(each.rule for each in of.alerts if each.severity == severity),
            target=of.profile.target.removesuffix("%"),
            window=of.profile.window,
            over_at=over_at,
            unjudged=bool(getattr(event, "unjudged", False)),
            graph=f"{self._public_url}/v1/slos/{id_}/graph.svg" if self._public_url else None,
        )


def subscribe(broker: "Broker", alerts: SloAlerts) -> None:
    """Let the broker tell of every change of an objective once it is started."""
    from handlers.messaging import consume  # noqa: PLC0415 - who only asks needs no FastStream

    consume(broker, CONSUMER, alerts.tell)
