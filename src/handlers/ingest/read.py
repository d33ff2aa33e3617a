"""What a stored signal tells of, as its product and the configuration of its source have it."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from domain.incident.alerts.alert import Alert
from domain.kernel.roster import Roster
from domain.policy import Policy
from handlers.ingest.heartbeats import PRODUCT, read_silence
from handlers.ingest.receive import DAMAGE, Inbound, SourceSettings, inbound_by_source
from handlers.ingest.reports import (
    REPORTS_MAX,
    ChangeReport,
    Reading,
    Report,
    Translation,
    Unintelligible,
    line,
    too_many,
    weighed,
    with_flaws,
)
from handlers.ingest.routing_context import configured_opens
from handlers.ingest.slo_alerts import SLO_PRODUCT, read_burning
from handlers.kernel.ports import Signal


class SignalReader:
    """Reads signals of all products."""

    def __init__(
        self, products: Mapping[str, Inbound], sources: Mapping[str, SourceSettings], policy: Policy
    ) -> None:
        self._products = products
        self._sources = sources
        self._inbound = inbound_by_source(products, sources)
        self._policy = policy

    def read(self, signal: Signal) -> Translation:
        """What a signal tells of, at least one thing."""
        if signal.product == PRODUCT:
            return (read_silence(signal.body),)
        if signal.product == SLO_PRODUCT:
            return (read_burning(signal.body),)
        product = self._products.get(signal.product)
        if product is None:
            return (Unintelligible("product.unknown", f"nothing understands {signal.product}"),)
        settings = self._sources.get(signal.source)
        configured = settings is not None and settings.kind == signal.product
        if product.direct and not configured:
            reason = f"there is no {signal.product} source {signal.source}"
            return (Unintelligible("source.unknown", reason),)
        if configured:
            product = self._inbound[signal.source]
        body = product.whole(signal.headers, signal.body)
        found = product.translate(body, signal.source, configured_opens(settings))
        if len(found) > REPORTS_MAX:
            return (too_many(len(found)),)
        if settings is not None and configured and settings.service_labels:
            found = tuple(_of_service(each, settings.service_labels) for each in found)
        if damage := signal.headers.get(DAMAGE):
            found = tuple(with_flaws(each, damage) for each in found)
        return weighed(found, self._policy)


def by_directory(reading: Reading, roster: Roster | None) -> Reading:
    """With the service as the catalogue calls it, where that knows it by its name or by a label,
    and with whoever has acted by their name. What the report itself calls the service stays among
    its fields, unless it is a label of it.
    """
    match reading:
        case Report(alert=alert) if roster is not None:
            alert = _of_service_known(_by_person(alert, roster), reading.labels, roster)
            return reading if alert is reading.alert else replace(reading, alert=alert)
        case ChangeReport(change=change) if roster is not None and change.service:
            entry = roster.service(change.service)
            return replace(reading, change=replace(change, service=entry.id)) if entry else reading
        case _:
            return reading


def _of_service_known(alert: Alert, labels: Mapping[str, str], roster: Roster) -> Alert:
    entry = roster.service(alert.service or "", labels.items())
    if entry is None or entry.id == alert.service:
        return alert
    said, fields = alert.service, alert.fields
    if said is not None and said not in dict(alert.labels).values():
        fields = (*fields, ("service", said))
    return replace(alert, service=entry.id, fields=fields)


def _by_person(alert: Alert, roster: Roster) -> Alert:
    """One person has one name, whichever product it was done in."""
    if not alert.in_person:
        return alert
    known = (roster.who(name) for name in (alert.by_id, alert.by) if name)
    who = next((each for each in known if each.person), None)
    return replace(alert, by=who.name) if who and who.name != alert.by else alert


def _of_service(reading: Reading, names: Sequence[str]) -> Reading:
    """With the service that the operator's labels name; none of them there: it names none."""
    if not isinstance(reading, Report):
        return reading
    named = next((said for name in names if (said := line(reading.labels.get(name)))), None)
    alert = replace(reading.alert, service=named)
    return replace(reading, alert=alert)
