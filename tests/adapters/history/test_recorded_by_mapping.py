"""Recorded histories through the importer for anything, against plain SQL over the same files."""

import csv
import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean, median
from typing import Any

import pytest

from adapters.history import read_history
from adapters.history.export_mapping import load_mapping
from adapters.history.plan import incident_id
from domain.incident import INCIDENT
from domain.incident.events import Reopened, UpdatePosted
from domain.kernel.commit import EPOCH
from domain.learning.definitions import IN_FULL
from domain.learning.insight.breakdown import WantedFigures, breakdown
from domain.learning.insight.measured import LearningRecord, measured_of
from domain.learning.insight.periods import Span
from handlers.ingest.history_import import import_history
from house.tree import ROOT
from projections.incident.statistics import durations

pytestmark = pytest.mark.realdata
NEVER = datetime(2100, 1, 1, tzinfo=UTC)

FILES = {
    "servicenow": "uci498_first5998.csv",
    "github-status": "github_status.jsonl",
    "gcp-status": "gcp_incidents.json",
}
OURS = "declare_to_resolve"

SERVICENOW = """
    WITH last AS (
        SELECT number, max(rowid) AS place FROM said GROUP BY number
    ), known AS (
        SELECT number, max(declared) AS opened, max(resolved) AS ended FROM said GROUP BY number
    )
    SELECT said.number,
        CASE WHEN said.state IN ('Resolved', 'Closed') AND ended >= opened
            THEN unixepoch(ended) - unixepoch(opened)
        END
    FROM last JOIN said ON said.rowid = last.place JOIN known ON known.number = said.number
"""
REOPENED = """
    SELECT count(*) FROM (
        SELECT state, lag(state) OVER (PARTITION BY number ORDER BY rowid) AS before FROM said
    ) WHERE before IN ('Resolved', 'Closed') AND state NOT IN ('Resolved', 'Closed')
"""
PAGES = """
    SELECT number, CASE WHEN resolved >= declared THEN unixepoch(resolved) - unixepoch(declared) END
    FROM said
"""


def servicenow(path: Path) -> Iterator[tuple[str, str, str | None, str]]:
    def iso(text: str) -> str | None:
        day, month, rest = text.split("-") if text != "?" else ("", "", "")
        return f"{rest[:4]}-{month}-{day} {rest[5:]}:00" if rest else None

    with path.open(newline="") as file:
        rows = [(iso(row["sys_updated_at"]), row) for row in csv.DictReader(file)]
    for _, row in sorted(rows, key=lambda each: each[0] or ""):
        yield (
            row["number"],
            iso(row["opened_at"]) or "",
            iso(row["resolved_at"]),
            row["incident_state"],
        )


def pages(path: Path) -> Iterator[tuple[str, str, str | None, str]]:
    raw = path.read_text()
    found = json.loads(raw) if path.suffix == ".json" else map(json.loads, raw.splitlines())
    for entry in found:
        yield (
            entry["id"],
            entry.get("started_at") or entry["created"],
            entry.get("resolved_at") or entry.get("end"),
            "",
        )


def database(name: str, path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE said (number, declared, resolved, state)")
    rows = servicenow(path) if name == "servicenow" else pages(path)
    db.executemany("INSERT INTO said VALUES (?, ?, ?, ?)", rows)
    return db


@pytest.mark.parametrize("name", FILES)
async def test_durations_are_those_of_plain_sql_over_the_file(
    name: str, log: Any, histories: Path
) -> None:
    path = histories / FILES[name]
    mapping = load_mapping(ROOT / "examples" / "imports" / f"{name}.toml")
    found = read_history("csv", path, mapping)
    summary = await import_history(found.plans, log.executor)
    assert (summary.complete, found.faults, found.unmapped) == (True, [], {})
    db = database(name, path)
    by_sql: dict[str, float | None] = dict(
        db.execute(SERVICENOW if name == "servicenow" else PAGES)
    )
    log.feed = mapping.source
    by_log = {key: durations((await log.facts(key)).milestones)[OURS] for key in by_sql}
    assert summary.declared == len(by_sql) > 50
    assert by_log == by_sql
    assert fmean(it for it in by_log.values() if it is not None) > 0
    posted = sum([len(await log.events(key, UpdatePosted)) for key in by_sql])
    assert posted == (found.rows if name == "servicenow" else posted_in(path))
    if name == "servicenow":  # the others know of most when the impact began, which counts first
        await check_figures(log, db, by_sql)
        reopened = sum([len(await log.events(key, Reopened)) for key in by_sql])
        assert [(reopened,)] == db.execute(REOPENED).fetchall()


BY_MONTH = """
    SELECT strftime('%Y-%m', min(declared)) AS month, number FROM said GROUP BY number
"""


async def check_figures(log: Any, db: sqlite3.Connection, by_sql: dict[str, float | None]) -> None:
    """Figures by month are those of the same file."""
    measured = []
    for key in by_sql:
        id_ = incident_id(log.feed, key)
        measured.append(measured_of(id_, await log.executor.state(INCIDENT, id_)))
    wanted = WantedFigures(series=OURS, by="month", within_s=(86_400,), quantiles=(0.5,))
    record = LearningRecord(at=NEVER, incidents=tuple(measured))
    found = breakdown(record, IN_FULL, wanted, Span("", EPOCH, NEVER))
    months: dict[str, list[float | None]] = {}
    for month, number in db.execute(BY_MONTH):
        months.setdefault(month, []).append(by_sql[number])
    assert {it.group: (len(it.incidents), it.n) for it in found.groups} == {
        month: (len(took), sum(it is not None for it in took)) for month, took in months.items()
    }
    for it in found.groups:
        known = [each for each in months[it.group] if each is not None]
        assert it.quantiles_s["0.5"] == (pytest.approx(median(known)) if known else None)
        within = [each <= 86_400 for each in known]
        assert it.shares["86400"] == (pytest.approx(fmean(within)) if known else None)
    assert len(found.groups) > 1


def posted_in(path: Path) -> int:
    raw = path.read_text()
    found = json.loads(raw) if path.suffix == ".json" else map(json.loads, raw.splitlines())
    return sum(len(entry["updates"]) for entry in found)
