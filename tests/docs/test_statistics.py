"""docs/statistics.md says what the statistics are made of."""

from pathlib import Path

from domain.incident.course.durations import SERIES
from projections.incident.statistics import DEFINITIONS_VERSION, NOTES

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "statistics.md").read_text()


def test_every_series_is_documented_with_its_milestones():
    rows = [line for line in TEXT.splitlines() if line.startswith("| `")]
    for name, (start, end, _) in SERIES.items():
        (row,) = [row for row in rows if row.startswith(f"| `{name}`")]
        assert row.endswith(f"| `{start}` | `{end}` |")


def test_notes_and_version_are_those_of_the_answers():
    assert f"This page describes version {DEFINITIONS_VERSION}." in TEXT
    assert [note for note in NOTES if f"- {note}" not in TEXT] == []
