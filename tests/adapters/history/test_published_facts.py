"""Published outages by their timelines: each milestone and duration that was published, and what
was not published stays unknown.
"""

import json
import statistics
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.history import read_history
from adapters.history.export_mapping import load_mapping
from domain.learning.figures import mean, quantile
from handlers.ingest.history_import import import_history
from projections.incident.statistics import durations

pytestmark = pytest.mark.realdata

TIMELINE = """
source = "published"
[incident]
key = {{ default = "{name}" }}
title = {{ default = "{name}" }}
[update]
at = "time_utc"
text = "{{text}}"
marks = [{marks}]
"""
MARKS = {
    "cloudflare_2019-07-02": {
        "impact_started_at": "deployed a minor change",
        "detected_at": "first PagerDuty page",
        "identified_at": "identified as the component",
        "mitigated_at": "back to expected levels",
        "resolved_at": "re-enabled globally",
    },
    "github_2018-10-21": {
        "impact_started_at": "leadership deselection",
        "detected_at": "began generating alerts",
        "declared_at": "into yellow status",
        "resolved_at": "updated to green",
    },
    "aws_s3_2017-02-28": {
        "impact_started_at": "executed a command",
        "mitigated_at": "GET, LIST, and DELETE requests",
        "resolved_at": "operating normally",
    },
    "gitlab_2017-01-31": {"impact_started_at": "starts experiencing an increase"},
}
FACTS = {
    "impact_start": "impact_started_at",
    "detected": "detected_at",
    "cause_identified": "identified_at",
    "partial_recovery": "mitigated_at",
    "mitigated": "mitigated_at",
    "resolved": "resolved_at",
    "declared": "declared_at",
}
DERIVED = {"ttd_min": "ttd", "ttm_min": "ttm", "ttr_min": "ttresolve"}
LIST = """
source = "public"
format = "json"
list = "incidents"
[incident]
key = "id"
title = "title"
services = "product"
declared_at = "start"
impact_started_at = { from = "start", when = { precision = "minute" } }
resolved_at = { from = "end", when = { precision = "minute" } }
"""


@pytest.fixture
def postmortems(histories: Path) -> Path:
    return histories.parent / "postmortems"


async def taken(log: Any, text: str, file: Path, tmp_path: Path) -> list[str]:
    """What was imported by this mapping: the names in the file."""
    (tmp_path / "mapping.toml").write_text(text)
    mapping = load_mapping(tmp_path / "mapping.toml")
    found = read_history("csv", file, mapping)
    assert (await import_history(found.plans, log.executor)).complete
    assert found.faults == []
    log.feed = mapping.source
    return [plan.label.removeprefix(f"{mapping.source} ") for plan in found.plans]


@pytest.mark.parametrize("name", MARKS)
async def test_a_timeline_gives_the_facts_that_were_published(
    name: str, log: Any, postmortems: Path, tmp_path: Path
) -> None:
    marks = (f'{{text = "{text}", milestone = "{it}"}}' for it, text in MARKS[name].items())
    text = TIMELINE.format(name=name, marks=", ".join(marks))
    await taken(log, text, postmortems / f"{name}.csv", tmp_path)
    milestones = (await log.facts(name)).milestones
    published = json.loads((postmortems / f"{name}.facts.json").read_bytes())
    for fact, milestone in FACTS.items():
        if fact in published:
            assert getattr(milestones, milestone) == datetime.fromisoformat(published[fact])
    found = durations(milestones)
    derived = published.get("derived", {})
    for fact, series in DERIVED.items():
        if fact in derived:
            assert found[series] == derived[fact] * 60
    if published.get("no_detection_time_published"):
        assert found["ttd"] is None
    if published.get("no_end_time_in_timeline"):
        assert set(found.values()) == {None}
        assert await log.status(name) != "resolved"


async def test_median_quartiles_and_mean_of_published_incidents_are_those_of_the_file(
    log: Any, postmortems: Path, tmp_path: Path
) -> None:
    file = postmortems / "public_incident_facts.json"
    keys = await taken(log, LIST, file, tmp_path)
    published = json.loads(file.read_bytes())
    expected = published["statistics"]
    found = [durations((await log.facts(key)).milestones)["ttresolve"] for key in keys]
    known = [seconds / 60 for seconds in found if seconds is not None]
    assert (len(found), len(known)) == (expected["n"], expected["with_minutes_known"])
    assert quantile(known, 0.5) == expected["median_minutes"]
    assert mean(known) == pytest.approx(expected["mean_minutes"])
    stated = [
        (datetime.fromisoformat(it["end"]) - datetime.fromisoformat(it["start"])).total_seconds()
        / 60
        for it in published["incidents"]
        if it["end"] and it["precision"] == "minute"
    ]
    quartiles = [quantile(known, share) for share in (0.25, 0.5, 0.75)]
    assert quartiles == pytest.approx(statistics.quantiles(stated, n=4, method="inclusive"))


def minutes(start: str, end: str) -> float:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds() / 60
