"""Bodies of many products, read by presets and by expressions as an operator would write them."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from adapters.cli.sources import tried
from adapters.products.generic.settings import GenericSource
from adapters.products.registry import PRODUCTS
from domain.incident.alerts.alert import Opens
from domain.policy import DEFAULT
from handlers.ingest.reports import Report

pytestmark = pytest.mark.realdata
DATA = Path(__file__).parents[5] / "shared" / "data" / "webhooks" / "generic"

SETTINGS: dict[str, dict[str, Any]] = {
    "newrelic_activated.json": {"preset": "newrelic"},
    "newrelic_closed.json": {"preset": "newrelic"},
    "sentry_issue_created.json": {"preset": "sentry"},
    "zabbix_problem.json": {"preset": "zabbix"},
    "uptimerobot_down.json": {"preset": "uptimerobot"},
    "azure_metric_fired.json": {"preset": "azure"},
    "datadog_triggered.json": {"preset": "datadog"},
    "uptimekuma_down.json": {"preset": "uptime_kuma"},
    "cloudwatch_sns_alarm.json": {"preset": "aws"},
    "pingdom_down.json": {
        "key": "check_id",
        "state": "current_state",
        "title": "join(': ', [check_name, description][?@])",
        "at": "state_changed_timestamp",
    },
    "appoptics_alert.json": {
        "key": "alert.id",
        "state": "clear && 'resolved' || 'firing'",
        "title": "alert.name",
        "at": "trigger_time",
        "links": "alert.runbook_url",
    },
    "grafana_two_alerts.json": {
        "alerts": "alerts",
        "key": "fingerprint",
        "state": "status",
        "title": "annotations.summary",
        "severity": "labels.severity",
        "at": "startsAt",
        "ended_at": "endsAt",
    },
}
STATES = {"open": "firing", "resolved": "resolved"}


def recorded() -> list[Any]:
    index = DATA / "expected.json"
    if not index.exists():
        return [pytest.param("", [], marks=pytest.mark.skip(f"{DATA} is not there"))]
    files = msgspec.json.decode(index.read_bytes())["files"]
    return [pytest.param(each["file"], each["expected"], id=each["file"]) for each in files]


@pytest.mark.parametrize(("file", "expected"), recorded())
def test_a_recorded_body_is_read_as_it_was_meant(file: str, expected: list[dict[str, Any]]):
    settings = GenericSource(kind="generic", secrets=("a-secret",), **SETTINGS[file])
    kind = PRODUCTS.source_kinds["generic"].for_source(settings)
    found = kind.translate((DATA / file).read_bytes(), "tools", Opens.INCIDENT)
    assert len(found) == len(expected)
    for report, meant in zip(found, expected, strict=True):
        assert isinstance(report, Report)
        shown = tried(report, DEFAULT)
        assert (shown.key, shown.state) == (meant["dedup_key"], STATES[meant["state"]])
        assert (shown.title, report.alert.priority) == (meant["title"], meant["severity"])
        assert (shown.severity is None) == (meant["severity"] is None)
        assert at(shown.at) == at(meant["occurred_at"])
        assert meant["link"] is None or meant["link"] in shown.links


def at(said: str | None) -> datetime | None:
    return datetime.fromisoformat(re.sub("Z$", "+00:00", said)).astimezone(UTC) if said else None
