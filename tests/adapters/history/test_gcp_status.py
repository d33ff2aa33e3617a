"""Google Cloud's feed: posted late, newest first, and sometimes put right by its own text."""

from datetime import UTC, datetime
from typing import Any

import pytest

from domain.incident.events import Declared, NoteAdded, TimeCorrected, UpdatePosted, UpdateStatus
from domain.policy import Severity
from projections.incident.statistics import durations


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2025, 6, day, hour, minute, tzinfo=UTC)


def post(when: datetime, status: str | None, text: str | None) -> dict[str, Any]:
    return {"when": when.isoformat(), "created": when.isoformat(), "status": status, "text": text}


def incident(*newest_first: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "id": "aBc",
        "begin": at(3, 8).isoformat(),
        "created": at(3, 9).isoformat(),
        "end": at(3, 10).isoformat(),
        "modified": at(3, 12).isoformat(),
        "external_desc": "[Widgets] slow",
        "severity": "medium",
        "status_impact": "SERVICE_DISRUPTION",
        "service_name": "Multiple Products",
        "affected_products": [{"title": "Widgets", "id": "w"}, {"title": "Gears", "id": "g"}],
        "uri": "incidents/aBc",
        "updates": list(newest_first),
        **changes,
    }


OVER = post(at(3, 10, 30), "AVAILABLE", "Resolved as of 2025-06-03 03:00 US/Pacific.")
MIDDLE = post(at(3, 9, 30), "SERVICE_DISRUPTION", "We work on it.")
FIRST = post(at(3, 9), "SERVICE_DISRUPTION", "We investigate.")
USUAL = incident(OVER, MIDDLE, FIRST)


async def test_begin_end_and_created_are_impact_resolution_and_declaration(gcp: Any) -> None:
    assert (await gcp.take(USUAL)).complete
    (declared,) = await gcp.events("aBc", Declared)
    assert declared.occurred_at == at(3, 9)
    assert declared.impact_started_at == at(3, 8)
    assert declared.detected_at is None
    assert declared.services == ("Widgets", "Gears")
    assert declared.origin.url == "https://status.cloud.google.com/incidents/aBc"
    assert (await gcp.facts("aBc")).milestones.resolved_at == at(3, 10)
    assert not await gcp.events("aBc", TimeCorrected)


async def test_updates_are_recorded_oldest_first_and_shown_by_their_own_times(gcp: Any) -> None:
    await gcp.take(USUAL)
    updates = await gcp.events("aBc", UpdatePosted)
    assert [event.text for event in updates] == [u["text"] for u in (FIRST, MIDDLE, OVER)]
    assert [event.status for event in updates] == [
        UpdateStatus.INVESTIGATING,
        UpdateStatus.INVESTIGATING,
        UpdateStatus.RESOLVED,
    ]
    assert [line.kind for line in await gcp.timeline("aBc")][-2:] == ["resolved", "update_posted"]


async def test_of_two_updates_of_one_second_the_one_further_down_is_older(gcp: Any) -> None:
    later, earlier = post(at(3, 9, 30), None, "later"), post(at(3, 9, 30), None, "earlier")
    await gcp.take(incident(OVER, later, earlier, FIRST), incident(later, earlier, id="two"))
    texts = [event.text for event in await gcp.events("aBc", UpdatePosted)]
    assert texts[1:3] == ["earlier", "later"]
    assert [event.text for event in await gcp.events("two", UpdatePosted)] == ["earlier", "later"]


async def test_an_incident_may_be_posted_after_it_ended(gcp: Any) -> None:
    late = incident(
        post(at(5, 9), "AVAILABLE", "There was an incident."), created=at(5, 9).isoformat()
    )
    assert (await gcp.take(late)).complete
    milestones = (await gcp.facts("aBc")).milestones
    assert (milestones.declared_at, milestones.resolved_at) == (at(5, 9), at(3, 10))


async def test_without_an_end_it_is_open_whatever_the_updates_say(gcp: Any) -> None:
    assert (await gcp.take({**USUAL, "end": None})).complete
    assert await gcp.status("aBc") == "investigating"
    assert (await gcp.facts("aBc")).milestones.resolved_at is None


async def test_an_end_before_the_beginning_closes_with_an_unknown_duration(gcp: Any) -> None:
    assert (await gcp.take({**USUAL, "begin": at(3, 11).isoformat()})).complete
    assert await gcp.status("aBc") == "resolved"
    milestones = (await gcp.facts("aBc")).milestones
    assert (milestones.impact_started_at, milestones.resolved_at) == (None, None)
    assert set(durations(milestones).values()) == {None}
    assert "contradicts" in (await gcp.events("aBc", NoteAdded))[0].text


@pytest.mark.parametrize(
    ("severity", "impact", "expected"),
    [
        ("high", "SERVICE_OUTAGE", Severity.SEV1),
        ("medium", "SERVICE_DISRUPTION", Severity.SEV2),
        ("low", "SERVICE_INFORMATION", Severity.SEV3),
        ("low", "SERVICE_OUTAGE", Severity.SEV1),
        (None, "SERVICE_INFORMATION", Severity.SEV3),
        ("low", "SERVICE_BLUES", Severity.SEV3),
        (None, None, Severity.SEV2),
    ],
)
async def test_severity(gcp: Any, severity: str, impact: str, expected: Severity) -> None:
    await gcp.take({**USUAL, "severity": severity, "status_impact": impact})
    assert (await gcp.facts("aBc")).severity is expected


async def test_missing_fields_cost_nothing(gcp: Any) -> None:
    bare = {"id": "bare", "created": None, "begin": at(3, 8).isoformat(), "updates": None}
    one = {"id": "one", "most_recent_update": FIRST, "service_name": "Widgets"}
    assert (await gcp.take(bare, one)).complete
    assert (await gcp.facts("bare")).about.title == "Google Cloud incident bare"
    assert (await gcp.facts("one")).about.services == ("Widgets",)
    assert len(await gcp.events("one", UpdatePosted)) == 1


async def test_long_titles_texts_and_lists_lose_nothing(gcp: Any) -> None:
    title = "Widgets " * 50
    text = "".join(f"line {n} of a very long report\n" for n in range(900))
    unbroken = "x" * 25_000
    products = [{"title": f"Product {n}"} for n in range(60)]
    vast = incident(
        post(at(3, 10, 30), "AVAILABLE", text),
        post(at(3, 9, 30), None, unbroken),
        external_desc=title,
        affected_products=products,
    )
    assert (await gcp.take(vast)).complete
    (declared,) = await gcp.events("aBc", Declared)
    assert len(declared.title) <= 300
    assert declared.summary == title.strip()
    assert (len(declared.services), declared.services[-1]) == (50, "and 11 more")
    updates = await gcp.events("aBc", UpdatePosted)
    assert all(len(event.text) <= 10_000 for event in updates)
    assert "".join(e.text for e in updates if e.occurred_at == at(3, 10, 30)) == text
    assert "".join(e.text for e in updates if e.occurred_at == at(3, 9, 30)) == unbroken
    assert (await gcp.take(vast)).written == 0


REPORT = post(
    at(4, 9),
    "AVAILABLE",
    "(All Times US/Pacific)\n**Incident Start:** 03 June 2025 00:40\n"
    "**Incident End:** 03 June 2025 02:50\n**Duration:** 2 hours, 10 minutes\n",
)


async def test_times_of_the_last_report_are_recorded_as_corrections_that_quote_it(gcp: Any) -> None:
    assert (await gcp.take(incident(REPORT, OVER, MIDDLE, FIRST))).complete
    corrections = await gcp.events("aBc", TimeCorrected)
    assert [(e.milestone.value, e.value, e.previous) for e in corrections] == [
        ("impact_started_at", at(3, 7, 40), at(3, 8)),
        ("resolved_at", at(3, 9, 50), at(3, 10)),
    ]
    assert all(event.occurred_at == at(4, 9) for event in corrections)
    assert all("03 June 2025 00:40" in event.reason for event in corrections)


async def test_a_report_that_is_not_the_last_word_corrects_nothing(gcp: Any) -> None:
    full = post(at(9, 9), "AVAILABLE", "In full: it lasted two hours.")
    await gcp.take(incident(full, REPORT, OVER, MIDDLE, FIRST))
    assert not await gcp.events("aBc", TimeCorrected)


async def test_a_report_dated_into_another_year_or_the_future_corrects_nothing(gcp: Any) -> None:
    wrong = {**REPORT, "text": REPORT["text"].replace("2025", "2024")}
    early = {**REPORT, "when": at(3, 9, 40).isoformat()}
    await gcp.take(incident(wrong, OVER, FIRST), incident(early, FIRST, id="early"))
    assert not await gcp.events("aBc", TimeCorrected)
    assert not await gcp.events("early", TimeCorrected)


async def test_entries_that_cannot_be_understood_are_named_and_cost_no_other(gcp: Any) -> None:
    timeless = {"id": "x"}
    broken = {**USUAL, "id": "y", "begin": "yesterday"}
    placeless = incident({"text": "when?"}, id="z")
    endless = {**USUAL, "id": "w", "end": "9999-12-31T23:59:59-12:00"}
    summary = await gcp.take(timeless, USUAL, broken, placeless, endless)
    assert summary.declared == 1
    assert [(fault.line, fault.field) for fault in summary.faults] == [
        (1, "created"),
        (3, "begin"),
        (4, "updates[0].when"),
        (5, None),
    ]


@pytest.mark.parametrize("raw", [b"", b"<html>", b'{"id": "x"}', b"\xff\xfe"])
async def test_a_file_that_is_no_feed_is_one_fault(gcp: Any, raw: bytes) -> None:
    summary = await gcp.read(raw)
    assert (summary.incidents, len(summary.faults), summary.complete) == (0, 1, False)


async def test_incidents_are_numbered_in_the_order_in_which_they_were_posted(gcp: Any) -> None:
    newer = {**USUAL, "id": "new", "created": at(8, 1).isoformat()}
    await gcp.take(newer, USUAL)
    assert [(await gcp.facts(name)).about.number for name in ("aBc", "new")] == [1, 2]
