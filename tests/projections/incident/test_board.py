"""The board: each incident as it stands, in one row."""

import msgspec
import pytest

from domain.incident import events as e
from domain.incident.state import CATEGORIES
from domain.incident.view import IncidentView, view
from projections.incident.board import BOARD
from support.spec import (
    NUMBER,
    SEV1,
    SEV3,
    Log,
    at,
    canceled,
    changed,
    declared,
    identified,
    log_of,
    merged,
    mitigated,
    paged,
    resolved,
    rows,
    staffed,
)


def row_of(*events: e.IncidentEvent) -> dict[str, object]:
    (row,) = rows(BOARD, log_of(*events))["incident"]
    return row


STATUSES = [
    ((paged(opens="triage"),), "triage", "triage"),
    ((declared(),), "investigating", "live"),
    ((declared(), identified()), "identified", "live"),
    ((declared(), mitigated()), "monitoring", "live"),
    ((declared(), resolved()), "resolved", "closed"),
    ((declared(), canceled()), "canceled", "canceled"),
    ((declared(), merged()), "merged", "merged"),
]


@pytest.mark.parametrize(("history", "status", "category"), STATUSES)
def test_status_and_category(history: tuple[e.IncidentEvent, ...], status: str, category: str):
    row = row_of(*history)
    assert (row["status"], row["status_category"]) == (status, category)


def test_every_status_has_a_category():
    assert {status for _, status, _ in STATUSES} | {"undeclared"} == set(CATEGORIES)


def test_row_and_view_say_the_same():
    """Two views that disagree on status are what users of other tools complain of."""
    row = row_of(declared(impact_started_at=at(-5)), *staffed(), changed(SEV1, SEV3), mitigated())
    shown = msgspec.json.decode(str(row["view"]), type=IncidentView)
    assert (row["id"], row["status"], row["position"]) == (shown.id, shown.status, shown.position)
    assert (row["severity"], row["kind"]) == (shown.severity, shown.kind)
    assert f"INC-{row['number']}" == shown.reference == "INC-1"
    assert shown.roles == {"incident_commander": "ada", "technical_lead": "grace"}
    assert row["position"] == 5


@pytest.mark.parametrize(
    ("history", "expected_min"),
    [
        ((declared(at_min=3, impact_started_at=at(-5), detected_at=at(1)),), -5),
        ((declared(at_min=3, detected_at=at(1)),), 3),
        ((paged(at_min=4),), 4),
        ((paged(at_min=4, opens="triage"),), 4),
    ],
)
def test_an_incident_started_with_its_impact_else_when_it_became_known(
    history: tuple[e.IncidentEvent, ...], expected_min: int
):
    assert row_of(*history)["started_at"] == at(expected_min)


def test_a_merged_incident_says_where_the_response_goes_on():
    shown = msgspec.json.decode(str(row_of(declared(), merged())["view"]))
    assert (shown["status"], shown["merged_into"]) == ("merged", "i-2")


def test_an_incident_of_which_nothing_is_known_has_no_row():
    assert rows(BOARD, Log())["incident"] == []
    assert view("i-1", Log().incident, 0) is None


def concerned(*events: e.IncidentEvent) -> list[tuple[str, int]]:
    found = rows(BOARD, log_of(*events))["concerned"]
    return [(row["service"], row["number"]) for row in found]


OF_TWO = declared(services=("cart", "checkout"))


def test_an_open_incident_is_found_by_each_of_its_services():
    both = [("cart", NUMBER), ("checkout", NUMBER)]
    assert concerned(OF_TWO) == both
    assert concerned(OF_TWO, mitigated()) == both


def test_it_is_found_by_what_its_alerts_say_now():
    assert concerned(paged(service="cart")) == [("cart", NUMBER)]
    renamed = paged("updated", "E2", service="checkout", at_min=1)
    assert concerned(paged(service="cart"), renamed) == [("checkout", NUMBER)]


@pytest.mark.parametrize("end", [resolved(), canceled(), merged()])
def test_what_is_over_is_found_by_no_service(end: e.IncidentEvent):
    assert concerned(OF_TWO, end) == []


@pytest.mark.parametrize("kind", [each for each in e.Kind if each is not e.Kind.STANDARD])
def test_what_is_no_standard_incident_is_found_by_no_service(kind: e.Kind):
    assert concerned(msgspec.structs.replace(OF_TWO, kind=kind)) == []
