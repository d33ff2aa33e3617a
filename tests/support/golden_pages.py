"""The page of one alert of each kind of source, as each channel shows it: from the body that came
in to what goes out.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from adapters.products.alertmanager.translate import translate as from_alertmanager
from adapters.products.console.channel import block
from adapters.products.email.letter import letter
from adapters.products.generic import SOURCE as GENERIC
from adapters.products.generic.settings import GenericSource
from adapters.products.grafana.translate import translate as from_grafana
from adapters.products.pagerduty.translate import translate as from_pagerduty
from adapters.products.slack import blocks
from adapters.products.webhook.channel import body as webhook_body
from adapters.storage.memory.event_store import MemoryEventStore
from adapters.templates import Templates
from domain.incident import events as e
from domain.incident.alerts.alert import Opens
from domain.incident.alerts.labels import telling_labels
from domain.incident.alerts.stated import severity_of
from domain.kernel.commit import Commit, Event, Recorded
from domain.policy import DEFAULT, Severity
from handlers.ingest.reports import Report, Translator
from handlers.kernel.ports import Append
from handlers.notify.render import Message, Renderer
from support.notifiable_logs import intents

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
PUBLIC_URL = "https://commandpost.example.com"
INCIDENT_ID = "01970001-0000-7000-8000-000000000000"

_ALERTMANAGER = {
    "status": "firing",
    "commonLabels": {"alertname": "KubePodNotReady", "severity": "critical"},
    "externalURL": "https://alertmanager.example.com",
    "alerts": [
        {
            "status": "firing",
            "labels": {
                "alertname": "KubePodNotReady",
                "severity": "critical",
                "namespace": "shop",
                "pod": "checkout-7f9",
                "cluster": "eu-1",
                "job": "kube-state-metrics",
                "prometheus": "monitoring/k8s",
            },
            "annotations": {
                "summary": "Pod has been in a non-ready state for more than 15 minutes.",
                "description": "Pod shop/checkout-7f9 is not ready: <none> of 1 & counting.",
                "runbook_url": "https://runbooks.example.com/KubePodNotReady?a=1&b=2",
            },
            "startsAt": "2026-05-04T11:45:00Z",
            "generatorURL": "https://prometheus.example.com/graph?g0.expr=x",
            "fingerprint": "5d3f2a",
        }
    ],
}
_GRAFANA = {
    "status": "firing",
    "externalURL": "https://grafana.example.com/",
    "alerts": [
        {
            "status": "firing",
            "labels": {
                "alertname": "DatasourceNoData",
                "rulename": "Orders per minute",
                "grafana_folder": "Shop",
                "region": "eu-west-1",
                "severity": "warning",
            },
            "annotations": {"summary": "Nobody orders.", "action": "Look at the queue first."},
            "startsAt": "2026-05-04T11:50:00Z",
            "generatorURL": "https://grafana.example.com/alerting/grafana/u1/view",
            "dashboardURL": "https://grafana.example.com/d/orders",
            "panelURL": "https://grafana.example.com/d/orders?viewPanel=2",
            "silenceURL": "https://grafana.example.com/alerting/silence/new",
            "fingerprint": "9ab1c0",
        }
    ],
}
_PAGERDUTY = {
    "event": {
        "id": "01EVENT",
        "event_type": "incident.triggered",
        "occurred_at": "2026-05-04T11:58:00Z",
        "agent": {"summary": "Checkout monitor"},
        "data": {
            "id": "Q3K7PLQ2V2JN3N",
            "type": "incident",
            "number": 1234,
            "title": "Error rate of checkout above 5 %",
            "html_url": "https://example.pagerduty.com/incidents/Q3K7PLQ2V2JN3N",
            "created_at": "2026-05-04T11:58:00Z",
            "service": {"summary": "checkout"},
            "priority": {"summary": "P1"},
            "urgency": "high",
            "assignees": [{"summary": "Ada Lovelace"}],
            "conference_bridge": {"conference_url": "https://meet.example.com/inc"},
        },
    }
}
_GENERIC = {
    "check": "disk",
    "host": "db-7",
    "state": "down",
    "text": "/var is full on db-7\r\n3 % left",
    "level": "P2",
    "page": "https://checks.example.com/disk/db-7",
}
GENERIC_SETTINGS = {
    "kind": "generic",
    "secrets": ["generic-secret-1"],
    "key": "join('/', [check, host])",
    "state": "state",
    "title": "join(' ', ['Disk full on', host])",
    "details": "text",
    "severity": "level",
    "labels": "{host: host, check: check}",
    "links": "page",
}


def _generic() -> Translator:
    settings = msgspec.convert(GENERIC_SETTINGS, GenericSource)
    return GENERIC.for_source(settings).translate


def sources() -> dict[str, tuple[Translator, dict[str, Any]]]:
    """How each source is translated, and what it sends."""
    return {
        "alertmanager": (from_alertmanager, _ALERTMANAGER),
        "grafana": (from_grafana, _GRAFANA),
        "pagerduty": (from_pagerduty, _PAGERDUTY),
        "generic": (_generic(), _GENERIC),
    }


async def page(translate: Translator, body: dict[str, Any]) -> Message:
    """The message that the first report of a body leads to."""
    (report,) = translate(msgspec.json.encode(body), "prod", Opens.INCIDENT)
    assert isinstance(report, Report), report
    alert = report.alert
    event = e.AlertReceived(
        occurred_at=report.occurred_at or NOON,
        alert=replace(alert, labels=alert.labels or telling_labels(report.labels)),
        policy_version=DEFAULT.version,
        severity=severity_of(alert, DEFAULT),
        number=7,
        unassessed=Severity.SEV2,
    )
    commit = Commit[Event](
        id="c1",
        actor="source:prod",
        correlation_id="k",
        recorded_at=NOON + timedelta(seconds=1),
        events=(event,),
    )
    recorded = Recorded(1, f"incident.{INCIDENT_ID}", commit)
    store = MemoryEventStore()
    await store.append(Append(recorded.stream, 0, commit))
    renderer = Renderer(store, Templates(), DEFAULT, public_url=PUBLIC_URL)
    return await renderer.render(intents([recorded])[0])


def shown(message: Message) -> dict[str, str]:
    """The message on each channel, by the ending of its golden file."""
    mail = letter(message, "incidents@example.com", "oncall@example.com")
    html = mail.get_body(("html",))
    text = mail.get_body(("plain",))
    assert html is not None
    assert text is not None
    card = {"text": blocks.fallback(message), "blocks": blocks.card(message)}
    return {
        "console.txt": block(message),
        "email.txt": f"Subject: {mail['Subject']}\n\n{text.get_content()}",
        "email.html": html.get_content(),
        "slack.json": msgspec.json.format(msgspec.json.encode(card), indent=1).decode() + "\n",
        "webhook.json": msgspec.json.format(webhook_body(message), indent=1).decode() + "\n",
    }
