"""Exports of other products, read as a mapping says: what becomes of each row, and of bad ones."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from adapters.history.export_mapping import Mapping, load_mapping
from adapters.history.mapped_export import MappedHistory, read_mapped
from domain.incident.commands import Command, CorrectTime, Declare, PostUpdate, Reopen, Resolve
from domain.incident.events import Kind, Milestone, UpdateStatus
from domain.incident.state import Facts
from domain.policy import Severity
from handlers.ingest.history_import import ImportFault, import_history
from house.tree import ROOT
from projections.incident.statistics import durations

SAMPLES = sorted((ROOT / "examples" / "imports").glob("*.toml"))
TOML = """
source = "acme"
timezone = "Europe/Berlin"
time_formats = ["%d.%m.%Y %H:%M"]
missing = ["-"]

[incident]
key = "No"
title = "{What} in {Where}"
services = "Where"
severity = { from = "Level", map = { "1" = "SEV1", "2" = "SEV2" } }
declared_at = "Opened"
resolved_at = "Done"

[update]
at = "Changed"
text = "{State}: {Note}"
state = "State"
over = ["Solved"]
"""
HEADER = "No,What,Where,Level,Opened,Done,State,Changed,Note"


@pytest.fixture
def mapping(tmp_path: Path) -> Callable[[str], Mapping]:
    def load(text: str = TOML) -> Mapping:
        file = tmp_path / "mapping.toml"
        file.write_text(text, "utf-8")
        return load_mapping(file)

    return load


@pytest.fixture
def read(mapping: Callable[[str], Mapping]) -> Callable[..., MappedHistory]:
    def rows(*lines: str, header: str = HEADER) -> MappedHistory:
        return read_mapped("\n".join((header, *lines)).encode(), mapping(TOML), "export.csv")

    return rows


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2025, 3, day, hour, minute, tzinfo=UTC)


def commands(found: MappedHistory, *kinds: type[Command]) -> list[Any]:
    steps = [step.command for plan in found.plans for step in plan.steps]
    return [each for each in steps if not kinds or isinstance(each, kinds)]


ONE = (
    "7,Broken,shop,1,01.03.2025 10:00,-,New,01.03.2025 10:00,seen",
    "7,Broken,shop,2,01.03.2025 10:00,01.03.2025 12:30,Solved,01.03.2025 12:40,",
)


async def test_rows_of_one_key_are_one_incident_by_its_last_words_in_its_zone(
    read: Callable[..., MappedHistory], log: Any
) -> None:
    found = read(*ONE)
    summary = await import_history(found.plans, log.executor)
    assert (summary.declared, summary.complete, found.rows) == (1, True, 2)
    log.feed = "acme"
    facts: Facts = await log.facts("7")
    assert (facts.about.title, facts.about.services) == ("Broken in shop", ("shop",))
    assert (facts.severity, facts.about.kind) == (Severity.SEV2, Kind.RETROSPECTIVE)
    assert (facts.milestones.declared_at, facts.milestones.resolved_at) == (at(1, 9), at(1, 11, 30))
    assert [each.text for each in commands(found, PostUpdate)] == ["New: seen", "Solved:"]
    assert await log.status("7") == "resolved"


async def test_importing_again_adds_nothing_and_a_longer_export_only_the_rest(
    read: Callable[..., MappedHistory], log: Any
) -> None:
    first = await import_history(read(ONE[0]).plans, log.executor)
    more = await import_history(read(*ONE).plans, log.executor)
    again = await import_history(read(*ONE).plans, log.executor)
    assert (first.declared, more.declared, again.written) == (1, 0, 0)
    assert more.written == len(commands(read(*ONE), PostUpdate, Resolve, CorrectTime)) - 1
    assert more.left == ["acme 7: its title, services or severity were revised"]


def test_rows_stand_anywhere_and_those_of_a_moment_in_the_order_of_the_file(
    read: Callable[..., MappedHistory],
) -> None:
    row = "{},A,s,1,01.03.2025 10:00,-,New,{},{}".format
    found = read(
        row(1, "01.03.2025 10:02", "c"),
        row(2, "01.03.2025 10:00", "other"),
        row(1, "01.03.2025 10:02", "d"),
        row(1, "01.03.2025 10:03", "e"),
    )
    first, second = found.plans
    texts = [it.command.text for it in first.steps if isinstance(it.command, PostUpdate)]
    assert texts == ["New: c", "New: d", "New: e"]
    assert (first.label, second.label) == ("acme 1", "acme 2")


def test_a_state_after_the_end_reopens_and_the_end_is_that_of_the_file(
    read: Callable[..., MappedHistory],
) -> None:
    row = "1,A,s,1,01.03.2025 10:00,01.03.2025 15:00,{},{},n".format
    found = read(
        row("Solved", "01.03.2025 11:00"),
        row("New", "01.03.2025 12:00"),
        row("Solved", "01.03.2025 14:00"),
    )
    kinds = [type(each) for each in commands(found)]
    assert kinds == [Declare, PostUpdate, Resolve, Reopen, *[PostUpdate] * 2, Resolve, CorrectTime]
    (correction,) = commands(found, CorrectTime)
    assert (correction.milestone, correction.value) == (Milestone.RESOLVED, at(1, 14))


@pytest.mark.parametrize("done", ["-", "01.03.2025 09:00"], ids=["no time", "before it began"])
async def test_what_is_over_at_no_time_that_can_be_is_closed_with_an_unknown_duration(
    read: Callable[..., MappedHistory], log: Any, done: str
) -> None:
    found = read(f"1,A,s,1,01.03.2025 10:00,{done},Solved,01.03.2025 11:00,n")
    assert (await import_history(found.plans, log.executor)).complete
    log.feed = "acme"
    assert await log.status("1") == "resolved"
    assert set(durations((await log.facts("1")).milestones).values()) == {None}


def test_what_cannot_be_read_costs_its_row_and_is_named(
    read: Callable[..., MappedHistory],
) -> None:
    found = read(
        "1,A,s,1,yesterday,-,New,01.03.2025 10:00,n",
        "2,A,s,1,01.03.2025 10:00,-,New",
        "-,A,s,1,01.03.2025 10:00,-,New,01.03.2025 10:00,n",
        "4,A,s,9,01.03.2025 10:00,-,New,01.03.2025 10:00,n",
        '5,"A\nB",s,1,01.03.2025 10:00,-,New,01.03.2025 10:00,n',
    )
    assert [str(fault) for fault in found.faults] == [
        "entry 2: declared_at: 'yesterday' is no time in a form that the mapping names",
        "entry 3: 7 cells under 9 columns",
        "entry 4: key: no key says which incident it is of",
    ]
    assert [plan.label for plan in found.plans] == ["acme 4", "acme 5"]
    assert found.unmapped == {"severity: 9": 1}
    assert [each.severity for each in commands(found, Declare)] == [None, Severity.SEV1]


def test_a_file_without_a_column_that_is_meant_says_so_once(
    read: Callable[..., MappedHistory],
) -> None:
    found = read(*ONE, header=HEADER.replace("Level", "Priority"))
    (fault,) = found.faults
    assert str(fault).startswith("entry 1: no column Level; there are No, What, Where, Priority,")
    assert not found.plans


def test_nested_json_is_read_by_paths(mapping: Callable[[str], Mapping]) -> None:
    text = """
    source = "page"
    format = "json"
    time_formats = ["epoch_ms"]
    [incident]
    key = "id"
    title = "name"
    services = "parts[].name"
    declared_at = "at.opened"
    [update]
    each = "posts"
    at = "when"
    text = "body"
    status = { from = "word", map = { "ok" = "resolved" }, default = "" }
    """
    posts = [
        {"when": "2025-03-01T11:00:00Z", "body": "over", "word": "ok"},
        {"when": "2025-03-01T10:00:00+01:00", "body": "begun", "word": "hm"},
    ]
    entry = {
        "id": 5,
        "name": "Slow",
        "at": {"opened": 1740819600000},
        "parts": [{"name": "a, b"}, {"name": "c"}],
        "posts": posts,
    }
    found = read_mapped(json.dumps([entry, {"id": 6}, 7]).encode(), mapping(text), "x")
    declare, *updates = commands(found)
    assert (declare.services, declare.occurred_at) == (("a, b", "c"), at(1, 9))
    assert [(each.text, each.status) for each in updates] == [
        ("begun", None),
        ("over", UpdateStatus.RESOLVED),
    ]
    assert [fault.line for fault in found.faults] == [2, 3]
    assert not found.unmapped


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (('source = "acme"\n', ""), "required field `source`"),
        (("Europe/Berlin", "Europe/Atlantis"), "timezone: there is no zone Europe/Atlantis"),
        (('"2" = "SEV2"', '"2" = "SEV9"'), "severity: 'SEV9' is none of SEV1, SEV2, SEV3, SEV4"),
        (
            ('over = ["Solved"]', 'ends = ["Solved"]'),
            "update: Object contains unknown",
        ),
        (("[incident]", "[incident"), "Expected ']'"),
    ],
)
def test_a_mapping_that_cannot_be_used_says_what_is_wrong(
    mapping: Callable[[str], Mapping], change: tuple[str, str], why: str
) -> None:
    with pytest.raises(ImportFault, match=why.replace("[", r"\[")):
        mapping(TOML.replace(*change))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_each_sample_can_be_used(sample: Path) -> None:
    assert load_mapping(sample).source


def test_exports_of_jira_and_statuspage_are_read_by_their_samples() -> None:
    folder = ROOT / "examples" / "imports"
    jira = (
        "Summary,Issue key,Priority,Component/s,Description,Created,Resolved\n"
        'Login fails,OPS-1,High,login,"It\nfails",03/Mar/25 9:15 AM,03/Mar/25 1:00 PM\n'
    )
    found = read_mapped(jira.encode(), load_mapping(folder / "jira.toml"), "jira.csv")
    declare, resolve, correction = commands(found)
    assert (declare.severity, declare.occurred_at) == (Severity.SEV2, at(3, 9, 15))
    assert (resolve.occurred_at, correction.value) == (at(3, 13), at(3, 13))
    update = {"display_at": "2025-03-03T10:00:00.000Z", "body": "Fixed", "status": "resolved"}
    page = {
        "id": "p31zjtct2jer",
        "name": "Slow",
        "impact": "major",
        "shortlink": "http://stspg.io/1",
        "components": [{"name": "API"}],
        "created_at": "2025-03-03T09:00:00.000Z",
        "started_at": "2025-03-03T09:00:00.000Z",
        "resolved_at": "2025-03-03T10:00:00.000Z",
        "incident_updates": [update],
    }
    status = load_mapping(folder / "statuspage.toml")
    found = read_mapped(json.dumps([page]).encode(), status, "incidents.json")
    assert not found.faults
    declare, posted, *_ = commands(found)
    assert (declare.services, posted.status) == (("API",), UpdateStatus.RESOLVED)


def test_every_command_keeps_the_limits_that_the_public_contract_sets(
    read: Callable[..., MappedHistory],
) -> None:
    long = "x" * 30_000
    for command in commands(read(f"1,{long},s,1,01.03.2025 10:00,-,New,01.03.2025 10:00,{long}")):
        assert msgspec.convert(msgspec.to_builtins(command), type(command)) == command
