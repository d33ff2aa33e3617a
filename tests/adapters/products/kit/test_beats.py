"""All that a source of beats sends is a beat, also what is nothing else."""

from typing import Any

import msgspec
import pytest

from adapters.config.loading import load
from adapters.products.registry import PRODUCTS
from domain.incident.alerts.alert import AlertKind, Opens
from handlers.ingest.reports import Report, Translation

KINDS = PRODUCTS.source_kinds
BODIES = (
    b"",
    b"done",
    b"\xff\x00",
    b"{}",
    b"[]",
    b'{"specversion": "1.0", "id": "1", "source": "/b", "type": "backup.resolved"}',
    b'{"status": "ok", "key": "k"}',
    b'{"event_action": "resolve", "dedup_key": "d"}',
)


def read(kind: str, body: bytes, **more: Any) -> Translation:
    settings = KINDS[kind].settings(kind=kind, heartbeat="nightly", **more)
    return KINDS[kind].for_source(settings).translate(body, "backup", Opens.INCIDENT)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("body", BODIES)
def test_any_body_is_a_beat(kind: str, body: bytes):
    (found,) = read(kind, body)
    assert isinstance(found, Report)
    assert (found.alert.kind, found.alert.source) == (AlertKind.TRIGGERED, "backup")


@pytest.mark.parametrize("kind", ["alertmanager", "grafana"])
def test_the_end_of_a_dead_mans_switch_is_none(kind: str):
    alert = {"fingerprint": "w", "labels": {"alertname": "Watchdog"}}
    body = {"version": "4", "groupKey": "g"}
    for status, beats in (("firing", True), ("resolved", False)):
        sent = msgspec.json.encode({**body, "alerts": [{**alert, "status": status}]})
        (found,) = read(kind, sent)
        assert isinstance(found, Report)
        assert (found.alert.kind is AlertKind.TRIGGERED) is beats


CONFIGURED = """
[sources.cron]
kind = "generic"
secrets = ["a-long-random-text"]
[sources.jobs]
kind = "cloudevents"
secrets = ["a-long-random-text"]
[sources.prod]
kind = "alertmanager"
secrets = ["a-long-random-text"]
[heartbeats.cron]
source = "cron"
[heartbeats.jobs]
source = "j*"
labels = { job = "backup" }
[heartbeats.prod]
source = "prod"
"""


def test_a_heartbeat_that_names_a_source_alone_beats_with_all_that_it_sends(tmp_path: Any):
    """But with a dead man's switch alone among the alerts of an Alertmanager."""
    path = tmp_path / "commandpost.toml"
    path.write_text(CONFIGURED)
    sources = load(path).sources
    assert {name: each.heartbeat for name, each in sources.items()} == {
        "cron": "cron",
        "jobs": None,
        "prod": None,
    }
