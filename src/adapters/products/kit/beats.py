"""All that a source of beats sends is a beat, whatever it says."""

from domain.incident.alerts.alert import Alert, AlertKind, Opens
from handlers.ingest.reports import Report, Translation, Translator


def all_beats(product: str) -> Translator:
    """A beat for each body, also for one that nobody else could read."""

    def translate(body: bytes, source: str, opens: Opens) -> Translation:
        del body
        return (_beat(product, source, opens),)

    return translate


def beats_while_firing(product: str, read: Translator) -> Translator:
    """The same of a product that says of an alert that it is over, which is no beat."""

    def translate(body: bytes, source: str, opens: Opens) -> Translation:
        found = read(body, source, opens)
        told = [each for each in found if isinstance(each, Report)]
        if told and all(each.alert.kind is AlertKind.RESOLVED for each in told):
            return found
        return (_beat(product, source, opens),)

    return translate


def _beat(product: str, source: str, opens: Opens) -> Report:
    alert = Alert(
        product=product,
        source=source,
        alert_id=source,
        event_id="beat",
        kind=AlertKind.TRIGGERED,
        opens=opens,
        title=f"Beat of {source}",
    )
    return Report(alert, recurs=True, dated=False)
