"""What is new within a firing is a line of its timeline, with from what to what; what repeats is a
repetition.
"""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from domain.incident.alerts.differences import CHANGES_MOST
from support.desks import event, lines

NO_NEWS = "says nothing new"
LINK = "https://wiki.example.com/disk"


async def news(desk: Any, source: str, *bodies: bytes) -> list[str]:
    """The lines that these add to the timeline, each a minute after the one before it."""
    for body in bodies:
        desk.now += timedelta(minutes=1)
        outcome = await desk.deliver(source, body)
        assert outcome.outcome == "used"
    return (await lines(desk, outcome.incidents[0]))[1:]


def trigger(**more: Any) -> bytes:
    return event("trigger", dedup_key="d", **more)


@pytest.mark.parametrize(
    ("first", "then", "said"),
    [
        ({}, {"payload": {"class": "disk"}}, "class now disk"),
        (
            {"payload": {"class": "disk", "group": "eu"}},
            {"payload": {"class": "memory", "group": "eu"}},
            "class disk → memory",
        ),
        ({"payload": {"group": "eu"}}, {"payload": {"group": "us"}}, "group eu → us"),
        ({}, {"payload": {"component": "mysql"}}, "service db-7 → mysql, component now mysql"),
        ({}, {"payload": {"source": "db-8"}}, "service db-7 → db-8"),
        ({}, {"links": [{"href": LINK, "text": "Runbook"}]}, f"link Runbook now {LINK}"),
        (
            {"links": [{"href": LINK, "text": "Runbook"}]},
            {"links": [{"href": f"{LINK}/2", "text": "Runbook"}]},
            f"link Runbook {LINK} → {LINK}/2",
        ),
        (
            {"payload": {"custom_details": {"free": "3 %", "disk": "sda"}}},
            {"payload": {"custom_details": {"free": "1 %", "disk": "sda"}}},
            "free: 3 % → free: 1 %",
        ),
        (
            {"payload": {"group": "eu", "class": "disk"}},
            {"payload": {"group": "eu"}},
            "class no longer disk",
        ),
    ],
)
async def test_an_event_that_says_something_else_is_a_line(
    desk: Any, first: dict[str, Any], then: dict[str, Any], said: str
):
    assert await news(desk, "tools", trigger(**first), trigger(**then)) == [
        f"Disk 97% full — {said} (events_v2)"
    ]
    again = await desk.deliver("tools", trigger(**then))
    assert again.reason == NO_NEWS


async def test_the_order_of_details_is_no_news(desk: Any):
    one = trigger(payload={"custom_details": {"a": "1", "b": "2"}})
    other = trigger(payload={"custom_details": {"b": "2", "a": "1"}})
    assert await news(desk, "tools", one, other) == []


def firing(labels: dict[str, str], notes: dict[str, str] | None = None, **more: Any) -> bytes:
    alert = {
        "status": "firing",
        "fingerprint": "f1",
        "labels": {"alertname": "DiskFull", **labels},
        "annotations": notes or {},
        "startsAt": "2026-05-04T11:00:00Z",
        **more,
    }
    body = {"version": "4", "groupKey": "g", "commonLabels": alert["labels"], "alerts": [alert]}
    return msgspec.json.encode(body)


@pytest.mark.parametrize("source", ["am", "gf"])
@pytest.mark.parametrize(
    ("first", "then", "said"),
    [
        (({"zone": "a"},), ({"zone": "b"},), "zone a → b"),
        (({"zone": "a"},), ({"zone": "a", "tier": "1"},), "tier now 1"),
        (({"zone": "a", "tier": "1"},), ({"zone": "a"},), "tier no longer 1"),
        (({"job": "x"},), ({"job": "y"},), "service x → y"),
        (
            ({}, {"description": "91 % used"}),
            ({}, {"description": "99 % used"}),
            "91 % used → 99 % used",
        ),
        (({}, {}), ({}, {"hint": "look at sda"}), "now Hint: look at sda"),
        (
            ({}, {"runbook_url": LINK}),
            ({}, {"runbook_url": f"{LINK}/2"}),
            f"link Runbook {LINK} → {LINK}/2",
        ),
        (({"text": "a"},), ({"text": "b"},), "label text a → b"),
    ],
)
async def test_other_labels_and_annotations_are_a_line(
    desk: Any, source: str, first: tuple[Any, ...], then: tuple[Any, ...], said: str
):
    told = await news(desk, source, firing(*first), firing(*then), firing(*then))
    product = {"am": "alertmanager", "gf": "grafana"}[source]
    assert told == [f"DiskFull — {said} ({product})"]


async def test_what_only_says_who_sent_it_or_which_hour_is_shown_is_no_news(desk: Any):
    """Two Alertmanagers of a pair, and a dashboard whose address has the time in it."""

    def sent(number: int) -> bytes:
        notes = {"dashboard_url": f"https://g.example.com/d/x?from=170000000{number}000&to=now"}
        graph = f"http://prom-{number}:9090/graph?g0.expr=up"
        body = msgspec.json.decode(firing({"zone": "a"}, notes, generatorURL=graph))
        return msgspec.json.encode({**body, "externalURL": f"http://am-{number}:9093"})

    assert await news(desk, "am", sent(0), sent(1), sent(0)) == []
    moved = {"dashboard_url": "https://g.example.com/d/y?from=1700000000000&to=now"}
    (line,) = await news(desk, "am", firing({"zone": "a"}, moved))
    assert line.startswith("DiskFull — link Dashboard https://g.example.com/d/x?")


async def test_a_picture_of_the_moment_is_no_news(desk: Any):
    one, other = (firing({}, imageURL=f"https://g.example.com/{n}.png") for n in (1, 2))
    assert await news(desk, "gf", one, other) == []


async def test_what_changes_back_is_told_again(desk: Any):
    told = await news(desk, "am", *(firing({"zone": zone}) for zone in ("a", "b", "a")))
    assert told == [f"DiskFull — zone {said} (alertmanager)" for said in ("a → b", "b → a")]


async def test_very_much_that_is_new_is_counted(desk: Any):
    one, other = (firing({f"label_{n:02}": value for n in range(20)}) for value in "ab")
    (told,) = await news(desk, "am", one, other)
    assert told.count("→") == CHANGES_MOST
    assert told.endswith(f", and {20 - CHANGES_MOST} more changes (alertmanager)")


async def test_what_is_long_is_shown_where_it_differs(desk: Any):
    same = "All is as it was. " * 100
    one, other = (firing({}, {"description": f"{same}{used} % used"}) for used in (91, 99))
    (told,) = await news(desk, "am", one, other)
    assert "91 % used → …" in told
    assert told.endswith("99 % used (alertmanager)")
    assert len(told) < 200


async def test_a_search_of_splunk_with_another_host_says_so(desk: Any):
    def found(host: str, sid: str) -> bytes:
        link = f"https://splunk.example.com/app/search/@go?sid={sid}"
        said = {"search_name": "Errors", "sid": sid, "results_link": link}
        return msgspec.json.encode({**said, "result": {"host": host, "_raw": "failed"}})

    told = await news(desk, "splunk", found("db-7", "s1"), found("db-8", "s2"), found("db-8", "s2"))
    link = "https://splunk.example.com/app/search/@go?sid="
    assert told == [f"Errors — service db-7 → db-8, link {link}s1 → {link}s2 (generic)"]


async def test_a_service_of_pagerduty_that_changes_is_told_with_the_one_before(
    desk: Any, pagerduty: Any
):
    one, other = ({"service": {"id": f"P{n}", "summary": n}} for n in ("Shop", "Search"))
    bodies = (
        pagerduty("triggered", event="E1", **one),
        pagerduty("service_updated", event="E2", at="11:01:00", **other),
    )
    assert await news(desk, "pd", *bodies) == [
        "Checkout is slow — service Shop → Search, by Ada (pagerduty)"
    ]


async def test_custom_fields_of_pagerduty_are_told_with_what_they_were(desk: Any, pagerduty: Any):
    def fields(event_: str, **values: Any) -> bytes:
        body = msgspec.json.decode(
            pagerduty("custom_field_values.updated", event=event_, at=f"11:0{event_[1]}:00")
        )
        changed = [{"display_name": name, "value": value} for name, value in values.items()]
        body["event"]["data"] = {
            "type": "incident_custom_field_values",
            "incident": {"id": "Q1", "type": "incident_reference", "title": "Checkout is slow"},
            "changed_custom_fields": changed,
        }
        return msgspec.json.encode(body)

    told = await news(
        desk,
        "pd",
        pagerduty("triggered", event="E1"),
        fields("E2", Region="eu", Tier=1),
        fields("E3", Region="us"),
        fields("E4", Region=None),
    )
    assert told == [
        "Checkout is slow — Region now eu, Tier now 1, by Ada (pagerduty)",
        "Checkout is slow — Region eu → us, by Ada (pagerduty)",
        "Checkout is slow — Region us → (none), by Ada (pagerduty)",
    ]


async def test_what_opsgenie_updates_is_told_with_what_it_was(desk: Any, opsgenie: Any):
    renamed = "Disk of db-7 is full"
    told = await news(
        desk,
        "og",
        opsgenie("Create", description="91 % used", details={"host": "a"}),
        opsgenie("UpdateMessage", minute=1, message=renamed),
        opsgenie("UpdateDescription", minute=2, description="99 % used", message=renamed),
        opsgenie("AddDetails", minute=3, addedDetails={"rack": "12"}, message=renamed),
        opsgenie("AddDetails", minute=4, addedDetails={"rack": "14"}, message=renamed),
        opsgenie("RemoveDetails", minute=5, removedDetails=["rack"], message=renamed),
    )
    assert told == [
        "Disk of db-7 is full — title Disk is full → Disk of db-7 is full (opsgenie)",
        "Disk of db-7 is full — 91 % used → 99 % used (opsgenie)",
        "Disk of db-7 is full — rack now 12 (opsgenie)",
        "Disk of db-7 is full — rack 12 → 14 (opsgenie)",
        "Disk of db-7 is full — rack 14 → (none) (opsgenie)",
    ]


async def test_cloudevents_that_leave_fields_out_take_nothing_back(desk: Any):
    def signal(id_: str, **data: Any) -> bytes:
        envelope = {"specversion": "1.0", "id": id_, "source": "/shop", "type": "shop.trigger"}
        return msgspec.json.encode({**envelope, "data": {"summary": "Slow", **data}})

    ce = {"content_type": "application/cloudevents+json"}
    for id_, data in (
        ("1", {"labels": {"zone": "a"}}),
        ("2", {}),
        ("3", {"labels": {"zone": "b"}}),
    ):
        desk.now += timedelta(minutes=1)
        outcome = await desk.deliver("shop", signal(id_, **data), **ce)
    said = await lines(desk, outcome.incidents[0])
    assert said[-1] == "Slow — zone a → b (cloudevents)"
