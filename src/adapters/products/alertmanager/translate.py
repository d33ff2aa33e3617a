"""What an Alertmanager webhook says.

Source: prometheus.io/docs/alerting/latest/configuration (webhook_config, version 4). One body holds
the alerts of a group, and is sent again at every `repeat_interval` and whenever the group changes.
An alert is known by its `fingerprint`, a digest of its labels, so it fires under the same one again
and again: `startsAt` tells the firings apart. `endsAt` is 0001-01-01 where nothing has ended, and
may be so beside `resolved`.
"""

from adapters.products.kit.alert_group import AlertGroup, reports
from domain.incident.alerts.alert import Opens
from handlers.ingest.reports import Translation, UnusableError, json_object

PRODUCT = "alertmanager"


def translate(body: bytes, source: str, opens: Opens) -> Translation:
    """The reports in a webhook body, one for each alert. It never raises."""
    try:
        group = AlertGroup(PRODUCT, source, opens, json_object(body))
    except UnusableError as error:
        return (error.outcome,)
    return reports(group)
