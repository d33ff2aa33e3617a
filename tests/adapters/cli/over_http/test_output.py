"""What is printed: columns that can be cut, and nothing that a terminal would obey."""

from datetime import UTC, datetime

import pytest

from adapters.cli.over_http import output
from adapters.cli.over_http.output import PrintedColumn

NOW = datetime(2026, 11, 28, tzinfo=UTC)
COLUMNS = (
    PrintedColumn("NAME", lambda row, _: row["name"]),
    PrintedColumn("ID", lambda row, _: row["id"], wide=True),
    PrintedColumn("WHAT", lambda row, _: row["what"]),
)
ROWS = [
    {"name": "ada", "id": "1", "what": "a\tb\nc"},
    {"name": "灰原", "id": "2", "what": "\x1b[31m"},
]


def printed(shape: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    output.rows(ROWS, COLUMNS, NOW, shape)
    return capsys.readouterr().out.splitlines()


def test_columns_are_aligned_also_in_scripts_of_double_width(capsys: pytest.CaptureFixture[str]):
    assert printed("table", capsys) == ["NAME  WHAT", "ada   a\tb c", "灰原  \\x1b[31m"]


def test_wide_has_all_columns(capsys: pytest.CaptureFixture[str]):
    assert printed("wide", capsys)[0] == "NAME  ID  WHAT"


def test_tsv_has_one_tab_between_two_cells(capsys: pytest.CaptureFixture[str]):
    assert printed("tsv", capsys) == ["name\tid\twhat", "ada\t1\ta b c", "灰原\t2\t\\x1b[31m"]


def test_json_is_what_was_answered(capsys: pytest.CaptureFixture[str]):
    text = "\n".join(printed("json", capsys))
    assert "\x1b" not in text
    assert '"\\u001b[31m"' in text


def test_nothing_is_printed_of_nothing(capsys: pytest.CaptureFixture[str]):
    output.rows([], COLUMNS, NOW, "table")
    assert capsys.readouterr().out == ""


def test_on_a_narrow_terminal_what_matters_least_goes_first(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "50")
    columns = (
        PrintedColumn("FIRST", lambda *_: "x" * 12),
        PrintedColumn("LESS", lambda *_: "y" * 12, drop=1),
        PrintedColumn("LEAST", lambda *_: "z" * 12, drop=2),
        PrintedColumn("LAST", lambda *_: "w" * 60),
    )
    output.rows([{}], columns, NOW, "table")
    heading, row = capsys.readouterr().out.splitlines()
    assert heading.split() == ["FIRST", "LAST"]
    assert (len(row), row[-1]) == (50, "…")
