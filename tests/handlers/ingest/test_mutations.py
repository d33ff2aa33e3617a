"""Bodies of every product, damaged in every way that comes to mind: none crashes a translator, and
none that is answered 2xx is without a trace.

`MUTATIONS=100000 make fuzz` damages more of them; each is made from its number alone.
"""

import os
import random  # noqa: TID251 - each mutation follows from its number
from pathlib import Path
from typing import Any

import msgspec
import pytest

from adapters.products.generic.presets import all_presets
from handlers.ingest.receive import UnauthenticError
from support.signal_list import listed

MUTATIONS = int(os.environ.get("MUTATIONS", "60"))
ALERT = {
    "status": "firing",
    "labels": {"alertname": "Disk", "severity": "critical", "instance": "db-7"},
    "annotations": {"summary": "Disk is full", "runbook_url": "https://example.com/r"},
    "startsAt": "2026-05-04T11:00:00Z",
    "endsAt": "0001-01-01T00:00:00Z",
    "fingerprint": "f1",
    "values": {"B": 1.5e3},
}
GROUP = {
    "version": "4",
    "status": "firing",
    "groupKey": "{}:{}",
    "commonLabels": {"team": "ops"},
    "alerts": [ALERT, {**ALERT, "fingerprint": "f2", "status": "resolved"}],
}
BODIES: dict[str, Any] = {
    "am": GROUP,
    "gf": {**GROUP, "title": "[FIRING:2]", "orgId": 1, "state": "alerting"},
    "pd": {
        "event": {
            "id": "01E",
            "event_type": "incident.triggered",
            "occurred_at": "2026-05-04T11:00:00Z",
            "agent": {"id": "PU", "summary": "Ada"},
            "data": {
                "id": "Q1",
                "type": "incident",
                "title": "Checkout is slow",
                "priority": {"summary": "P1"},
                "assignees": [{"summary": "Ada"}],
                "service": {"summary": "Checkout"},
            },
        }
    },
    "og": {
        "action": "Create",
        "alert": {
            "alertId": "a1",
            "message": "Disk is full",
            "priority": "P1",
            "createdAt": 1777864021123,
            "tags": ["x"],
        },
        "source": {"name": "web"},
    },
    "sp": {
        "incident": {
            "id": "i1",
            "name": "API is down",
            "status": "investigating",
            "impact": "critical",
            "created_at": "2026-05-04T11:00:00Z",
            "incident_updates": [{"id": "u1", "body": "We look.", "status": "investigating"}],
        }
    },
    "shop": {
        "specversion": "1.0",
        "id": "e-1",
        "source": "/checkout",
        "type": "com.example.alert.trigger",
        "time": "2026-05-04T11:00:00Z",
        "data": {"dedup_key": "k", "summary": "slow", "severity": "P1", "labels": {"a": "b"}},
    },
    "tools": {
        "routing_key": "a-public-test-secret",
        "event_action": "trigger",
        "dedup_key": "k",
        "payload": {"summary": "slow", "severity": "critical", "source": "db-7"},
    },
}
BODIES["mapped"] = {
    "items": [
        {"id": "k1", "is": "firing", "what": "Disk is full", "bad": "critical", "of": "db",
         "tags": {"host": "db-7"}, "since": "2026-05-04T11:00:00Z", "url": "https://example.com/r",
         "more": {"free": "1 %"}},
        {"id": "k2", "is": "ok", "what": "It was slow", "bad": 3, "since": 1777864021},
    ]
}  # fmt: skip
BODIES |= {
    file.stem: sent["body"]
    for file in (Path(__file__).parents[2] / "adapters/products/generic/bodies").glob("*.json")
    for sent in reversed(msgspec.json.decode(file.read_bytes()))
    if isinstance(sent["body"], dict | list) and sent.get("alerts")
}
ODD: list[Any] = [
    None, True, 0, -1, 10**30, 1e308, "", "x" * 20_000, "\x00\x1b", "\u202e", [], {}, [[]],
    ["x"], {"a": {"b": []}}, "NaN", 1777864021, "yesterday",
]  # fmt: skip
BYTES = (b"\\ud83d", b"\xe9", b"NaN", b"1e400", b"9" * 5_000, b"\x00", b"\xef\xbb\xbf", b",")


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to everything in it."""
    if not isinstance(value, dict | list):
        return []
    steps = value.items() if isinstance(value, dict) else enumerate(value)
    return [way for step, it in steps for way in ((*path, step), *paths(it, (*path, step)))]


def swapped(chance: random.Random, body: Any) -> bytes:
    """One field of another type."""
    whole = msgspec.json.decode(msgspec.json.encode(body))
    *way, last = chance.choice(paths(whole))
    holder = whole
    for step in way:
        holder = holder[step]
    holder[last] = chance.choice(ODD)
    return msgspec.json.encode(whole)


def damaged(chance: random.Random, body: Any) -> bytes:
    """The body with one to three things wrong."""
    raw = bytearray(swapped(chance, body) if chance.random() < 0.6 else msgspec.json.encode(body))
    for _ in range(chance.randrange(3)):
        at = chance.randrange(len(raw))
        match chance.randrange(7):
            case 0:
                raw[at] = chance.randrange(256)
            case 1:
                del raw[at : at + chance.randrange(1, 9)]
            case 2:
                raw[at:at] = chance.randbytes(chance.randrange(1, 9))
            case 3:
                del raw[at:]
            case 4:
                raw[at:at] = raw[at : at + 40]
            case 5:
                odd = (
                    b"\\ud83d",
                    b"\xe9",
                    b"NaN",
                    b"1e400",
                    b"9" * 5_000,
                    b"\x00",
                    b"\xef\xbb\xbf",
                )
                raw[at:at] = chance.choice(odd)
            case _:
                deep = chance.choice((50, 900, 5_000))
                raw[at:at] = b"[" * deep + b"]" * deep
        raw = raw or bytearray(b" ")
    return bytes(raw)


def test_the_bodies_of_every_preset_are_damaged():
    assert set(all_presets()) <= set(BODIES)


@pytest.mark.parametrize("source", BODIES)
async def test_what_is_damaged_crashes_nothing_and_leaves_a_trace(desk, source: str):
    accepted = 0
    for number in range(MUTATIONS):
        body = damaged(random.Random(f"{source}/{number}"), BODIES[source])
        try:
            verdict = await desk.deliver(source, body)
        except UnauthenticError:
            assert source == "aws", (number, body)
            continue  # 401: an envelope of Amazon SNS that names a certificate of somebody else
        accepted += 1
        assert verdict.code not in {"translator.failed", "command.failed"}, (number, verdict, body)
        if verdict.outcome == "used":
            assert verdict.incidents, (number, body)
        elif verdict.outcome == "quarantined":
            assert verdict.reason, (number, body)
        else:
            assert verdict.outcome in {"unwanted", "ignored"}, (number, verdict)
            assert verdict.reason, (number, body)
    lines = {row["signal"] for row in await listed(desk.store)}
    assert lines == set(range(1, accepted + 1)), "each that was kept has a line in the list"
