"""What an Alertmanager webhook says.

Source: prometheus.io/docs/alerting/latest/configuration (webhook_config, version 4). One body holds
the alerts of a group, and is sent again at every `repeat_interval` and whenever the group changes.
An alert is known by its `fingerprint`, a digest of its labels, so it fires under the same one again
and again: `startsAt` tells the firings apart. `endsAt` is 0001-01-01 where nothing has ended, and
may be so beside `resolved`.
"""

from adapters.products.kit.alert_group import SHAPE, AlertGroup, Object, reports
from domain.incident.alerts.alert import Opens
from handlers.ingest.reading import of_reports
from handlers.ingest.reports import Translation

PRODUCT = "alertmanager"


def _reports(body: Object, source: str, opens: Opens) -> Translation:
    return reports(AlertGroup(PRODUCT, source, opens, body))


translate = of_reports(_reports, SHAPE, per="alerts")
