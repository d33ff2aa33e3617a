"""Incidents of a PagerDuty account as incidents of ours: times stay, and what is not known too."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.migration.account import Unreadable
from adapters.migration.pagerduty_history import history_of
from domain.incident.commands import AddNote, CorrectTime, Declare, Resolve
from domain.incident.events import Milestone
from domain.policy import Severity
from handlers.ingest.history_import import Plan
from support.exports import written

BEGAN = "2026-01-06T03:00:00Z"


def incident(name: str = "Q1", **fields: Any) -> dict[str, Any]:
    return {
        "id": name,
        "incident_number": 4100,
        "title": "Disk full",
        "created_at": BEGAN,
        "status": "resolved",
        "resolved_at": "2026-01-06T04:00:00Z",
        "service": {"id": "S", "summary": "Checkout"},
        "urgency": "high",
        "priority": None,
        **fields,
    }


def entry(kind: str, at: str, by: str = "Ada", name: str = "Q1", **fields: Any) -> dict[str, Any]:
    return {
        "id": f"{kind}{at}",
        "type": f"{kind}_log_entry",
        "created_at": f"2026-01-06T{at}:00Z",
        "agent": {"id": by, "summary": by, "type": "user_reference"},
        "incident": {"id": name},
        **fields,
    }


def plans(root: Path, incidents: list[Any], *entries: Any) -> list[Plan]:
    files = {
        "incidents.0.json": {"incidents": incidents, "more": False},
        "log_entries.json": {"log_entries": list(entries)},
    }
    return history_of(written(root, files)).plans


def said(plan: Plan, kind: type[Any]) -> list[Any]:
    return [step.command for step in plan.steps if isinstance(step.command, kind)]


def test_the_first_acknowledgement_counts_and_the_log_may_have_the_newest_first(tmp_path: Path):
    entries = [
        entry("acknowledge", "03:20"),
        entry("unacknowledge", "03:15"),
        entry("acknowledge", "03:05", "Grace"),
    ]
    (plan,) = plans(tmp_path, [incident()], *entries)
    (declare,) = said(plan, Declare)
    assert declare.detected_at == declare.occurred_at == datetime(2026, 1, 6, 3, tzinfo=UTC)
    (acknowledged,) = said(plan, CorrectTime)
    assert acknowledged.milestone is Milestone.ACKNOWLEDGED
    assert acknowledged.value == datetime(2026, 1, 6, 3, 5, tzinfo=UTC)
    assert [each.text for each in said(plan, AddNote)] == [
        "PagerDuty: acknowledged, by Grace",
        "PagerDuty: not acknowledged any more, by Ada",
        "PagerDuty: acknowledged, by Ada",
    ]


def test_what_never_happened_is_not_made_up(tmp_path: Path):
    (plan,) = plans(tmp_path, [incident(status="triggered", resolved_at=None)])
    assert [type(step.command) for step in plan.steps] == [Declare]


def test_who_was_told_is_in_the_notes(tmp_path: Path):
    notified = entry("notify", "03:01", user={"summary": "Ada"}, agent={"type": "service"})
    noted = entry("annotate", "03:02", channel={"type": "note", "summary": "the replica"})
    strange = entry("urgency_change", "03:03")
    (plan,) = plans(tmp_path, [incident()], notified, noted, strange)
    assert [each.text for each in said(plan, AddNote)] == [
        "PagerDuty: notified Ada",
        "PagerDuty: noted, by Ada: the replica",
        "PagerDuty: urgency change, by Ada",
    ]


def test_what_was_merged_is_a_note_on_what_it_was_merged_into_through_any_number_of_merges(
    tmp_path: Path,
):
    def merged(name: str, into: str) -> dict[str, Any]:
        reason = {"type": "merge_resolve_reason", "incident": {"id": into}}
        return incident(name, resolve_reason=reason, incident_number=name)

    found = plans(tmp_path, [merged("Q3", "Q2"), merged("Q2", "Q1"), incident(), merged("Q9", "X")])
    assert [plan.label for plan in found] == ["pagerduty Q1", "pagerduty Q9"]
    assert [each.text for each in said(found[0], AddNote)] == [
        "PagerDuty: its incident Q2 was merged: Disk full",
        "PagerDuty: its incident Q3 was merged: Disk full",
    ]


@pytest.mark.parametrize(
    ("fields", "severity"),
    [
        ({"priority": {"name": "P1"}}, Severity.SEV1),
        ({"urgency": "low"}, Severity.SEV3),
        ({"urgency": None}, None),
    ],
)
def test_a_severity_follows_from_what_is_said_and_from_nothing_else(tmp_path, fields, severity):
    (plan,) = plans(tmp_path, [incident(**fields)])
    assert said(plan, Declare)[0].severity == severity


def test_the_same_export_gives_the_same_steps(tmp_path: Path):
    args = ([incident()], entry("acknowledge", "03:05"))
    assert plans(tmp_path, *args) == plans(tmp_path, *args)


def test_an_incident_without_a_time_is_a_fault_and_the_others_are_there(tmp_path: Path):
    files = {"incidents.json": {"incidents": [incident(created_at="soon"), incident("Q2")]}}
    found = history_of(written(tmp_path, files))
    assert ([plan.label for plan in found.plans], len(found.faults)) == (["pagerduty Q2"], 1)
    assert len(said(found.plans[0], Resolve)) == 1


def test_an_export_without_incidents_says_so(tmp_path: Path):
    with pytest.raises(Unreadable) as refused:
        history_of(tmp_path)
    assert refused.value.code == "history.not_there"
