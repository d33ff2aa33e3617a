"""Statuspage's shapes: the fields that its clients read, with the values that they know."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from adapters.status_page import statuspage_api
from adapters.status_page.statuspage_api import DOCUMENTS
from support.public_incidents import public
from support.spec import at
from support.status_pages import snapshot_of

RECORDED = Path(__file__).parents[4] / "shared" / "data" / "webhooks" / "statuspage"

PAGE = {"id", "name", "url", "time_zone", "updated_at"}
COMPONENT = {
    *("id", "name", "status", "created_at", "updated_at", "position", "description", "showcase"),
    *("start_date", "group_id", "page_id", "group", "only_show_if_degraded"),
}
INCIDENT = {
    *("id", "name", "status", "created_at", "updated_at", "monitoring_at", "resolved_at", "impact"),
    *("shortlink", "started_at", "page_id", "incident_updates", "components", "reminder_intervals"),
}
UPDATE = {
    *("id", "status", "body", "incident_id", "created_at", "updated_at", "display_at"),
    *("affected_components", "deliver_notifications", "custom_tweet", "tweet_id"),
}
COMPONENT_STATUSES = {
    *("operational", "degraded_performance", "partial_outage", "major_outage"),
    "under_maintenance",
}
MAINTAINED = public(
    3, maintenance=True, status="resolved", services=("api",), ended_at=at(60),
    texts=[("investigating", "We begin."), ("monitoring", "We look."), ("resolved", "Done.")],
)  # fmt: skip
PLANNED: dict[str, Any] = {
    "maintenance": True, "impact": "none", "started_at": at(600), "planned": (at(600), at(660)),
}  # fmt: skip
EVERYTHING = (
    public(1, status="resolved", services=("search",), ended_at=at(30), impact="minor"),
    public(2, headline="Payments fail", texts=[("investigating", "a"), ("mitigating", "**b**")]),
    MAINTAINED,
    public(4, maintenance=True, services=("search",)),
    public(5, status="canceled", ended_at=at(9)),
    public(6, **PLANNED, status="scheduled"),
    public(7, **PLANNED, status="canceled"),
    public(8, **PLANNED, status="in_progress"),
)


def documents() -> dict[str, Any]:
    snapshot = snapshot_of(*EVERYTHING)
    return {
        name: json.loads(msgspec.json.encode(make(snapshot))) for name, make in DOCUMENTS.items()
    }


def test_each_document_has_its_fields():
    found = documents()
    assert {name: set(document) for name, document in found.items()} == {
        "summary": {"page", "components", "incidents", "scheduled_maintenances", "status"},
        "status": {"page", "status"},
        "components": {"page", "components"},
        "incidents": {"page", "incidents"},
        "incidents/unresolved": {"page", "incidents"},
        "scheduled-maintenances": {"page", "scheduled_maintenances"},
        "scheduled-maintenances/upcoming": {"page", "scheduled_maintenances"},
        "scheduled-maintenances/active": {"page", "scheduled_maintenances"},
    }
    for document in found.values():
        assert set(document["page"]) == PAGE
        for component in document.get("components", ()):
            assert set(component) - {"components"} == COMPONENT
            assert component["status"] in COMPONENT_STATUSES
        for incident in document.get("incidents", ()):
            assert set(incident) == INCIDENT
            assert incident["status"] in {"investigating", "identified", "monitoring", "resolved"}
            assert incident["impact"] in {"none", "minor", "major", "critical"}
            assert all(set(update) == UPDATE for update in incident["incident_updates"])
        for maintenance in document.get("scheduled_maintenances", ()):
            assert set(maintenance) == INCIDENT | {"scheduled_for", "scheduled_until"}
            assert maintenance["status"] in {"scheduled", "in_progress", "verifying", "completed"}
            assert maintenance["impact"] == "maintenance"


@pytest.mark.realdata
@pytest.mark.skipif(not RECORDED.exists(), reason="recorded bodies are not here")
def test_recorded_bodies_of_statuspage_have_no_field_that_clients_would_miss_here():
    """What their webhooks send that their public interface leaves out is named."""
    body = json.loads((RECORDED / "incident_update.json").read_bytes())["incident"]
    internal = {name for name in body if name.startswith(("postmortem_", "scheduled_"))}
    assert set(body) - internal - {"backfilled", "impact_override"} <= INCIDENT
    (*_, update) = body["incident_updates"]
    assert set(update) - {"wants_twitter_update", "twitter_updated_at"} <= UPDATE
    (component,) = body["components"]
    assert set(component) <= COMPONENT


def test_lists_hold_what_their_names_say():
    found = documents()
    names = {
        name: [incident["shortlink"].rpartition("/")[2] for incident in document["incidents"]]
        for name, document in found.items()
        if "incidents" in document
    }
    assert names == {
        "summary": ["INC-2"],
        "incidents": ["INC-5", "INC-2", "INC-1"],
        "incidents/unresolved": ["INC-2"],
    }
    under_way = found["summary"]["scheduled_maintenances"]
    assert [each["status"] for each in under_way] == ["in_progress", "in_progress", "scheduled"]
    assert [
        (each["status"], each["scheduled_for"], each["scheduled_until"])
        for each in found["scheduled-maintenances"]["scheduled_maintenances"]
        if each["scheduled_for"] < "2026-05-04T22"
    ] == [
        ("in_progress", "2026-05-04T12:00:00.000Z", None),
        ("completed", "2026-05-04T12:00:00.000Z", "2026-05-04T13:00:00.000Z"),
    ]


def test_no_program_gets_what_steers():
    sent = public(1, headline="a\u202eb\0", texts=[("investigating", "x\x07\0\r\ny\u2028z")])
    (incident,) = statuspage_api.incidents(snapshot_of(sent))["incidents"]
    assert (incident["name"], incident["incident_updates"][0]["body"]) == ("ab", "x\ny\nz")


def test_an_incident_says_what_the_page_says():
    (incident,) = documents()["incidents/unresolved"]["incidents"]
    assert incident["name"] == "Payments fail"
    assert incident["impact"] == "critical"
    assert [update["body"] for update in incident["incident_updates"]] == ["**b**", "a"]
    assert [update["status"] for update in incident["incident_updates"]] == [
        "identified", "investigating",
    ]  # fmt: skip
    assert [each["name"] for each in incident["components"]] == ["Checkout"]


def test_groups_name_their_members_and_are_as_their_worst_one_is():
    found = {each["name"]: each for each in documents()["components"]["components"]}
    shop = found["Shop"]
    assert (shop["group"], shop["status"]) == (True, "major_outage")
    assert shop["components"] == [found["Checkout"]["id"], found["Search"]["id"]]
    assert {found[name]["group_id"] for name in ("Checkout", "Search")} == {shop["id"]}
    assert found["API"]["group_id"] is None
    assert [each["position"] for each in found.values()] == [1, 2, 3, 4]
    assert found["Search"]["status"] == "under_maintenance"


@pytest.mark.parametrize(
    ("incident", "indicator"),
    [
        (public(impact="critical"), "critical"),
        (public(impact="major"), "major"),
        (public(impact="minor"), "minor"),
        (public(impact="none"), "none"),
        (public(maintenance=True), "maintenance"),
        (public(status="resolved", ended_at=at(1)), "none"),
    ],
)
def test_the_indicator_is_that_of_the_worst(incident: Any, indicator: str):
    assert statuspage_api.status(snapshot_of(incident))["status"]["indicator"] == indicator


def test_planned_work_is_where_clients_look_for_it():
    found = documents()
    in_list = {
        name: [each["status"] for each in document.get("scheduled_maintenances", ())]
        for name, document in found.items()
    }
    assert in_list["scheduled-maintenances/upcoming"] == ["scheduled"]
    assert in_list["scheduled-maintenances/active"] == ["in_progress", "in_progress"]
    assert in_list["summary"] == ["in_progress", "in_progress", "scheduled"]
    everything = in_list["scheduled-maintenances"]
    assert sorted(everything) == ["completed", "in_progress", "in_progress", "scheduled"]
    [upcoming] = found["scheduled-maintenances/upcoming"]["scheduled_maintenances"]
    assert upcoming["shortlink"] == "https://status.example.com/status/incidents/MT-6"
    assert upcoming["scheduled_for"] == "2026-05-04T22:00:00.000Z"
    assert upcoming["scheduled_until"] == "2026-05-04T23:00:00.000Z"
