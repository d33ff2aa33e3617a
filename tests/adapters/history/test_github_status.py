"""GitHub's history: which of its times are believed, and what becomes of each line."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.incident.events import Declared, Kind, Reopened, Resolved, TimeCorrected, UpdatePosted
from domain.policy import Severity


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2025, 3, day, hour, minute, tzinfo=UTC)


def post(when: datetime, status: str | None, message: str | None) -> dict[str, Any]:
    return {"at": when.isoformat(), "status": status, "message": message}


def incident(*updates: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "id": "77",
        "title": "Incident with Widgets",
        "url": "https://status.example/77",
        "started_at": updates[0]["at"] if updates else at(1, 9).isoformat(),
        "resolved_at": None,
        "updated_at": None,
        "impact": "minor",
        "components": ["Widgets", "API"],
        "impact_window": None,
        "updates": list(updates),
        **changes,
    }


USUAL = incident(
    post(at(1, 9), "Investigating", "We look into it."),
    post(at(1, 9, 5), "Update", "Widgets is degraded."),
    post(at(1, 9, 5), "Update", "API is degraded."),
    post(at(1, 10), "Resolved", "This incident has been resolved."),
    resolved_at=at(1, 10).isoformat(),
)


async def test_an_incident_keeps_when_it_happened_apart_from_when_we_recorded_it(log: Any) -> None:
    """Occurred-at is the page's time, recorded-at the time of the import."""
    summary = await log.take(USUAL)
    assert (summary.incidents, summary.declared, summary.complete) == (1, 1, True)
    (declared,) = await log.events("77", Declared)
    assert declared.occurred_at == at(1, 9)
    assert declared.kind is Kind.RETROSPECTIVE
    assert declared.severity is Severity.SEV3
    assert declared.services == ("Widgets", "API")
    assert declared.origin.url == "https://status.example/77"
    commits = await log.commits("77")
    assert {r.commit.actor for r in commits} == {"import:github-status"}
    assert {r.commit.recorded_at.year for r in commits} == {2030}
    assert (await log.facts("77")).milestones.resolved_at == at(1, 10)


async def test_two_updates_of_one_minute_stay_in_the_order_of_the_file(log: Any) -> None:
    await log.take(USUAL)
    texts = [event.text for event in await log.events("77", UpdatePosted)]
    assert texts[1:3] == ["Widgets is degraded.", "API is degraded."]


async def test_updates_in_disorder_are_put_in_order(log: Any) -> None:
    await log.take(incident(*reversed(USUAL["updates"]), started_at=at(1, 9).isoformat()))
    times = [event.occurred_at for event in await log.events("77", UpdatePosted)]
    assert times == sorted(times)
    assert await log.status("77") == "resolved"


async def test_the_same_update_posted_twice_is_two_lines(log: Any) -> None:
    twice = post(at(1, 9, 5), "Update", "Still looking.")
    summary = await log.take(incident(USUAL["updates"][0], twice, twice))
    assert summary.complete
    assert [e.text for e in await log.events("77", UpdatePosted)].count("Still looking.") == 2


async def test_when_the_impact_began_is_not_known_from_the_opening_of_the_page(log: Any) -> None:
    await log.take({**USUAL, "downtime_start": at(1, 9).isoformat(), "duration_minutes": 60})
    assert (await log.facts("77")).milestones.impact_started_at is None


WORDS = "On March 1, 2025, between 8:30 UTC and 09:50 UTC the Widgets service was degraded."
WINDOW = {"start_at": at(1, 8, 30).isoformat(), "end_at": at(1, 9, 50).isoformat()}


async def test_the_window_of_githubs_own_report_tells_impact_and_mitigation(log: Any) -> None:
    window = {**WINDOW, "source": "postmortem", "context": WORDS}
    await log.take({**USUAL, "impact_window": window, "updated_at": at(4, 12).isoformat()})
    milestones = (await log.facts("77")).milestones
    assert milestones.impact_started_at == at(1, 8, 30)
    assert milestones.mitigated_at == at(1, 9, 50)
    corrections = await log.events("77", TimeCorrected)
    assert {event.occurred_at for event in corrections} == {at(4, 12)}
    assert all(WORDS in event.reason for event in corrections)


@pytest.mark.parametrize(
    "window",
    [
        {**WINDOW, "context": "On March 1, 2025 the Widgets service was degraded for a while."},
        {**WINDOW, "context": None},
        {**WINDOW, "context": WORDS, "end_at": None},
        {
            "start_at": at(9, 8, 30).isoformat(),
            "end_at": at(9, 9, 50).isoformat(),
            "context": WORDS,
        },
        {"start_at": WINDOW["end_at"], "end_at": WINDOW["start_at"], "context": WORDS},
    ],
    ids=["not in the words", "no words", "no end", "another day", "backwards"],
)
async def test_a_window_that_the_report_does_not_bear_out_is_not_believed(
    log: Any, window: dict[str, Any]
) -> None:
    assert (await log.take({**USUAL, "impact_window": window})).complete
    assert (await log.facts("77")).milestones.impact_started_at is None


@pytest.mark.parametrize(
    ("minutes", "believed"),
    [(5, True), (60, True), (61, False), (12 * 60, False), (365 * 24 * 60, False)],
    ids=["shortly", "an hour", "more", "am for pm", "another year"],
)
async def test_a_window_may_end_shortly_before_the_page_was_opened(
    log: Any, minutes: int, *, believed: bool
) -> None:
    end = at(1, 9) - timedelta(minutes=minutes)
    start = end - timedelta(minutes=30)
    words = f"Between {start:%H:%M} and {end:%H:%M} UTC some of it failed."
    window = {"start_at": start.isoformat(), "end_at": end.isoformat(), "context": words}
    assert (await log.take({**USUAL, "impact_window": window})).complete
    milestones = (await log.facts("77")).milestones
    assert milestones.mitigated_at == (end if believed else None)
    assert milestones.impact_started_at == (start if believed else None)


async def test_an_end_before_the_page_was_opened_closes_with_an_unknown_duration(log: Any) -> None:
    posts = (post(at(1, 9), "Investigating", "We look into it."),)
    assert (await log.take(incident(*posts, resolved_at=at(1, 8).isoformat()))).complete
    assert await log.status("77") == "resolved"
    assert (await log.facts("77")).milestones.resolved_at is None


async def test_an_incident_posted_once_after_the_fact_has_no_known_end(log: Any) -> None:
    """One time for both ends is no duration of 0."""
    once = incident(
        post(at(1, 9), "Resolved", "Yesterday, Widgets failed for some."),
        resolved_at=at(1, 9).isoformat(),
    )
    await log.take(once)
    assert await log.status("77") == "resolved"
    assert (await log.facts("77")).milestones.resolved_at is None


async def test_an_incident_that_nobody_called_over_stays_open(log: Any) -> None:
    await log.take(incident(*USUAL["updates"][:3]))
    assert await log.status("77") == "investigating"
    assert (await log.facts("77")).milestones.resolved_at is None


async def test_a_page_that_takes_an_incident_up_again_reopens_it(log: Any) -> None:
    again = incident(
        *USUAL["updates"],
        post(at(1, 11), "Investigating", "It is back."),
        post(at(1, 12), "Resolved", "Really over."),
        resolved_at=at(1, 12).isoformat(),
    )
    await log.take(again)
    facts = await log.facts("77")
    assert (facts.response.reopenings, facts.milestones.resolved_at) == (1, at(1, 12))
    closed_again = {**again, "updates": again["updates"][:5], "resolved_at": at(1, 10).isoformat()}
    await log.take({**closed_again, "id": "78"})
    assert await log.status("78") == "investigating"
    assert (await log.events("78", Reopened))[0].occurred_at == at(1, 11)


async def test_an_end_is_taken_from_the_page_when_no_update_says_so(log: Any) -> None:
    await log.take(incident(*USUAL["updates"][:2], resolved_at=at(1, 10).isoformat()))
    assert (await log.events("77", Resolved))[0].occurred_at == at(1, 10)


async def test_an_announced_maintenance_is_no_incident(log: Any) -> None:
    planned = incident(
        post(at(1, 9), "Scheduled", "We will move a database."),
        post(at(5, 12), "In progress", "It has begun."),
        post(at(5, 13), "Verifying", "We check."),
        post(at(5, 14), "Completed", "Done."),
        impact="maintenance",
    )
    await log.take(planned)
    (declared,) = await log.events("77", Declared)
    assert declared.kind is Kind.MAINTENANCE
    assert declared.severity is Severity.SEV4
    facts = await log.facts("77")
    assert facts.milestones.impact_started_at is None
    assert facts.milestones.resolved_at == at(5, 14)
    await log.take({**planned, "id": "78", "impact": None})
    assert (await log.facts("78")).about.kind is Kind.MAINTENANCE


async def test_unknown_words_and_missing_fields_cost_nothing(log: Any) -> None:
    strange = incident(
        post(at(1, 9), "Flabbergasted", "Hm."),
        post(at(1, 9, 5), None, None),
        post(at(1, 9, 6), "Update", "  \n"),
        impact="catastrophic",
        title=None,
        components=None,
        url=None,
    )
    assert (await log.take(strange, {"id": 5, "started_at": at(2, 1).isoformat()})).complete
    updates = await log.events("77", UpdatePosted)
    assert [event.occurred_at for event in updates] == [at(1, 9), at(1, 9, 5), at(1, 9, 6)]
    assert updates[0].text == "Hm."
    assert all(event.text.strip() for event in updates)
    facts = await log.facts("77")
    assert facts.about.title == "GitHub incident 77"
    assert facts.severity is Severity.SEV2, "in doubt the matrix decides, and it says why"
    assert (await log.facts("5")).milestones.declared_at == at(2, 1)


async def test_a_line_that_cannot_be_understood_is_named_and_costs_no_other(log: Any) -> None:
    zoneless = incident(post(at(1, 9), "Update", "x")) | {"started_at": "2025-03-01T09:00:00"}
    lines = [
        "{not json",
        json.dumps(USUAL),
        "",
        json.dumps({"title": "no id"}),
        json.dumps({"id": "1"}),
        json.dumps(zoneless),
        json.dumps(incident({"at": None, "status": "Update", "message": "when?"})),
        '"a text"',
    ]
    summary = await log.read("\r\n".join(lines).encode())
    assert summary.declared == 1
    assert not summary.complete
    found = [(fault.line, fault.field) for fault in summary.faults]
    assert found == [
        (1, None),
        (4, None),
        (5, "started_at"),
        (6, "started_at"),
        (7, "updates[0].at"),
        (8, None),
    ]
    assert "`id`" in str(summary.faults[1])
