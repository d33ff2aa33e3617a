"""A feed is imported again and again: each import adds what is new, and nothing else."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.history import FEEDS, import_file
from domain.incident.commands import CorrectTime, Resolve
from domain.incident.events import Declared, Milestone, TimeCorrected, UpdatePosted
from handlers.ingest.history_import import AT_ONCE, ImportFault, Plan


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2025, 6, 3, hour, minute, tzinfo=UTC)


def post(when: datetime, status: str, text: str) -> dict[str, Any]:
    return {"when": when.isoformat(), "status": status, "text": text}


FIRST = post(at(9), "SERVICE_DISRUPTION", "We investigate.")
OVER = post(at(11), "AVAILABLE", "It is over.")


def snapshot(*newest_first: dict[str, Any], **times: datetime | None) -> dict[str, Any]:
    known = {"begin": at(8), "created": at(9), "end": None, "modified": at(12)} | times
    stamps = {name: when.isoformat() if when else None for name, when in known.items()}
    return {"id": "s", "external_desc": "Slow", "updates": list(newest_first), **stamps}


OPEN = snapshot(FIRST)
CLOSED = snapshot(OVER, FIRST, end=at(10))


async def test_importing_a_snapshot_again_adds_nothing(gcp: Any) -> None:
    first = await gcp.take(CLOSED)
    head = await gcp.store.head()
    again = await gcp.take(CLOSED)
    assert (first.declared, again.declared, again.written) == (1, 0, 0)
    assert again.already_there == first.written + first.already_there
    assert again.complete
    assert await gcp.store.head() == head


async def test_a_newer_snapshot_adds_what_is_new(gcp: Any) -> None:
    await gcp.take(OPEN)
    assert await gcp.status("s") == "investigating"
    newer = await gcp.take(CLOSED)
    assert (newer.declared, newer.written, newer.left) == (0, 2, [])
    assert (await gcp.facts("s")).milestones.resolved_at == at(10)


async def test_an_older_snapshot_takes_nothing_back(gcp: Any) -> None:
    await gcp.take(snapshot(OVER, FIRST, begin=at(7), end=at(10)))
    older = await gcp.take(OPEN)
    assert older.written == 0
    assert any("newer snapshot" in reason for reason in older.left)
    assert (await gcp.facts("s")).milestones.impact_started_at == at(7)


async def test_an_edited_update_is_kept_beside_what_it_said_before(gcp: Any) -> None:
    await gcp.take(CLOSED)
    edited = {**OVER, "text": "It is over. The cause was a config."}
    assert (await gcp.take(snapshot(edited, FIRST, end=at(10)))).written == 1
    texts = [event.text for event in await gcp.events("s", UpdatePosted)]
    assert texts == [FIRST["text"], OVER["text"], edited["text"]]


async def test_times_that_the_feed_revises_are_corrections_each_time(gcp: Any) -> None:
    await gcp.take(CLOSED)
    for hour in (7, 6):
        revised = snapshot(OVER, FIRST, begin=at(hour), end=at(10, hour), modified=at(13))
        await gcp.take(revised)
        milestones = (await gcp.facts("s")).milestones
        assert (milestones.impact_started_at, milestones.resolved_at) == (at(hour), at(10, hour))
        assert (await gcp.take(revised)).written == 0
    corrections = await gcp.events("s", TimeCorrected)
    assert len(corrections) == 4
    assert {event.occurred_at for event in corrections} == {at(13)}


async def test_what_a_person_has_put_right_is_left_alone(gcp: Any) -> None:
    await gcp.take(CLOSED)
    await gcp.by_hand(
        "s",
        CorrectTime(milestone=Milestone.IMPACT_STARTED, value=at(5), reason="our own graphs"),
    )
    again = await gcp.take(CLOSED)
    assert again.written == 0
    assert again.complete
    assert any("by hand" in reason for reason in again.left)
    assert (await gcp.facts("s")).milestones.impact_started_at == at(5)


async def test_a_revised_title_is_reported_not_written(gcp: Any) -> None:
    await gcp.take(CLOSED)
    again = await gcp.take({**CLOSED, "external_desc": "Very slow"})
    assert again.written == 0
    assert any("title" in reason for reason in again.left)


async def test_what_the_rules_refuse_is_reported_and_costs_no_other_incident(gcp: Any) -> None:
    future = {**snapshot(FIRST, created=datetime(2031, 1, 1, tzinfo=UTC)), "id": "future"}
    summary = await gcp.take(future, CLOSED)
    assert summary.declared == 1
    assert not summary.complete
    assert ["time.in_future" in reason for reason in summary.refused] == [True]


async def test_a_resolution_by_hand_stays_and_the_feeds_end_is_the_time(gcp: Any) -> None:
    """The page did not name an end yet when somebody closed the incident here."""
    await gcp.take(OPEN)
    await gcp.by_hand("s", Resolve(resolution="closed here", occurred_at=at(10, 30)))
    summary = await gcp.take(CLOSED)
    facts = await gcp.facts("s")
    assert facts.response.resolution == "closed here"
    assert facts.milestones.resolved_at == at(10)
    assert summary.complete


async def test_a_file_is_read_to_its_end_whatever_is_in_it(gcp: Any, tmp_path: Path) -> None:
    file = tmp_path / "feed.json"
    file.write_text(f"[{json.dumps(CLOSED)}, {{}}]")
    summary = await import_file("gcp-status", file, gcp.executor)
    assert (summary.incidents, summary.declared, len(summary.faults)) == (1, 1, 1)


async def test_numbers_follow_the_file_though_incidents_are_recorded_together(gcp: Any) -> None:
    some = [{**CLOSED, "id": f"many-{n}"} for n in range(3 * AT_ONCE)]
    summary = await gcp.take(*some)
    assert summary.declared == len(some)
    numbers = [event.number for each in some for event in await gcp.events(each["id"], Declared)]
    assert numbers == list(range(1, len(some) + 1))


async def test_what_is_said_twice_in_one_file_is_recorded_in_its_order(gcp: Any) -> None:
    before = {**CLOSED, "id": "twice"}
    summary = await gcp.take(before, before)
    once = await gcp.take(before)
    assert (summary.incidents, summary.declared, once.written) == (2, 1, 0)
    assert summary.written + summary.already_there == 2 * once.already_there


def test_ids_are_the_same_at_each_import() -> None:
    """These ids are in logs: who changes how they are made imports every incident a second time."""
    plans = [list(FEEDS["gcp-status"](json.dumps([CLOSED]).encode())) for _ in range(2)]
    assert plans[0] == plans[1]
    (plan,) = plans[0]
    assert isinstance(plan, Plan)
    assert plan.incident_id == "95ab2173-0e22-57aa-8708-9f9b682e9db9"
    assert [step.command_id[:8] for step in plan.steps] == [
        "e88c3b46",
        "f350cbe3",
        "766c4f1e",
        "8593e16f",
        "60ea6dbd",
        "e3f962ef",
    ]


@pytest.mark.parametrize("feed", FEEDS)
def test_an_empty_list_of_incidents_is_no_fault(feed: str) -> None:
    raw = b"[]" if feed == "gcp-status" else b"\n"
    assert [plan for plan in FEEDS[feed](raw) if isinstance(plan, ImportFault)] == []
