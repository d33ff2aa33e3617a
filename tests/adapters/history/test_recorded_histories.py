"""Histories that real companies published: no line is lost, and durations are those they state."""

import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from adapters.history import FEEDS
from domain.incident.commands import PostUpdate
from domain.incident.events import Kind, UpdatePosted
from handlers.ingest.history_import import Plan
from projections.incident.statistics import durations

pytestmark = pytest.mark.realdata

FILES = {"github-status": "github_status.jsonl", "gcp-status": "gcp_incidents.json"}


def entries(feed: str, raw: bytes) -> list[dict[str, Any]]:
    if feed == "gcp-status":
        return json.loads(raw)
    return [json.loads(line) for line in raw.splitlines()]


def encoded(feed: str, found: list[dict[str, Any]]) -> bytes:
    if feed == "gcp-status":
        return json.dumps(found).encode()
    return "\n".join(json.dumps(entry) for entry in found).encode()


@pytest.mark.parametrize("feed", FILES)
async def test_every_update_stands_once_in_its_timeline_with_its_text_and_time(
    feed: str, log: Any, histories: Path
) -> None:
    log.feed = feed
    raw = (histories / FILES[feed]).read_bytes()
    summary = await log.read(raw)
    assert summary.complete
    when, text = ("when", "text") if feed == "gcp-status" else ("at", "message")
    found = entries(feed, raw)
    assert summary.declared == len(found)
    for entry in found:
        published = Counter(
            (datetime.fromisoformat(update[when]), update[text]) for update in entry["updates"]
        )
        events = await log.events(entry["id"], UpdatePosted)
        assert Counter((event.occurred_at, event.text) for event in events) == published
        shown = Counter(line.occurred_at for line in await log.timeline(entry["id"]))
        assert not Counter(at for at, _ in published.elements()) - shown


@pytest.mark.parametrize("feed", FILES)
async def test_importing_half_then_all_adds_only_the_rest_and_again_nothing(
    feed: str, log: Any, histories: Path
) -> None:
    log.feed = feed
    raw = (histories / FILES[feed]).read_bytes()
    found = entries(feed, raw)
    half = found[: len(found) // 2]
    # What an earlier snapshot knew of the others: their first updates, no end.
    updates = slice(-1, None) if feed == "gcp-status" else slice(0, 1)
    ends = {"end": None, "resolved_at": None, "modified": None, "updated_at": None}
    young = [{**entry, **ends, "updates": entry["updates"][updates]} for entry in half]
    first = await log.read(encoded(feed, young))
    rest = await log.read(raw)
    again = await log.read(raw)
    assert (first.declared, rest.declared) == (len(half), len(found) - len(half))
    assert (again.declared, again.written) == (0, 0)
    assert first.complete
    assert rest.complete
    assert again.complete
    for plan in FEEDS[feed](raw):
        assert isinstance(plan, Plan)
        posted = sum(isinstance(step.command, PostUpdate) for step in plan.steps)
        commits = await log.store.load(f"incident.{plan.incident_id}")
        events = [event for recorded in commits for event in recorded.commit.events]
        assert sum(isinstance(event, UpdatePosted) for event in events) == posted


@pytest.mark.parametrize("feed", FILES)
def test_every_command_keeps_the_limits_that_the_public_contract_sets(
    feed: str, histories: Path
) -> None:
    for plan in FEEDS[feed]((histories / FILES[feed]).read_bytes()):
        assert isinstance(plan, Plan)
        assert len({step.command_id for step in plan.steps}) == len(plan.steps)
        for step in plan.steps:
            given = msgspec.to_builtins(step.command)
            assert msgspec.convert(given, type(step.command)) == step.command


async def test_durations_are_those_that_google_states_wherever_its_feed_agrees(
    gcp: Any, histories: Path
) -> None:
    found = (histories / FILES["gcp-status"]).read_bytes()
    await gcp.read(found)
    present = {entry["id"] for entry in entries("gcp-status", found)}
    checked = 0
    for case in json.loads((histories / "gcp_stated_durations.json").read_bytes()):
        agrees = case["feed_duration_min"] == case["duration_min_from_stated_text"]
        if not case["consistent"] or not agrees or case["incident_id"] not in present:
            continue
        milestones = (await gcp.facts(case["incident_id"])).milestones
        stated_s = case["duration_min_from_stated_text"] * 60
        assert durations(milestones)["ttresolve"] == stated_s, case["incident_id"]
        checked += 1
    assert checked >= 40


async def test_where_text_and_feed_disagree_only_a_last_word_counts(
    gcp: Any, histories: Path
) -> None:
    """Facts of the published texts: two final reports stand; two preliminary ones were taken back
    by later reports; one names two impacts; one has its hours wrong across a change of clocks; one
    is dated a year early.
    """
    await gcp.read((histories / FILES["gcp-status"]).read_bytes())
    expected_min = {
        "SDkKgEgDZJCrvutAz3bn": 118,
        "QSirAFiyN5yMeeE6GNxq": 10_420,
        "huJFgyiNYPPypbw8PX9Y": 3_387,
        "Gt6njQyniuxXViQULV2T": 990,
        "CcVrekxu6kxWYTuitVf4": 450,
        "aCXLk4u6GJoLn9PqSMm1": 63_852,
        "JqefFhK5oa22EzFGhtg3": 484,
    }
    for external_id, minutes in expected_min.items():
        milestones = (await gcp.facts(external_id)).milestones
        assert durations(milestones)["ttresolve"] == minutes * 60, external_id
    assert (await gcp.facts("JqefFhK5oa22EzFGhtg3")).milestones.resolved_at.year == 2022


async def test_a_public_history_is_told_to_nobody_and_maintenance_is_apart(
    log: Any, histories: Path
) -> None:
    raw = (histories / FILES["github-status"]).read_bytes()
    await log.read(raw)
    for entry in entries("github-status", raw):
        facts = await log.facts(entry["id"])
        maintenance = entry["impact"] == "maintenance"
        assert facts.about.kind is (Kind.MAINTENANCE if maintenance else Kind.RETROSPECTIVE)
        assert facts.about.origin.external_id == entry["id"]
        started = facts.milestones.impact_started_at
        assert (started is not None) == (entry["impact_window"] is not None)
