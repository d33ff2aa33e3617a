"""What people read on the command line."""

import pytest
from domain_docs import in_phase

from adapters.cli import tables
from domain.incident.view import view


def test_the_board_shows_since_when_there_are_pages_though_nobody_has_declared_anything(
    capsys: pytest.CaptureFixture[str],
):
    shown = view("8d5b0c34-0000-5000-8000-000000000000", in_phase("triage"), position=1)
    assert shown is not None
    assert shown.milestones.declared_at is None
    tables.board([shown])
    printed = capsys.readouterr().out
    assert printed.startswith("1 incident (UTC)")
    assert f"│ {tables.at(shown.milestones.detected_at)} │" in printed


@pytest.mark.parametrize(("number", "said"), [(0, "0 signals"), (1, "1 signal"), (2, "2 signals")])
def test_things_are_counted_in_words(number: int, said: str):
    assert tables.count(number, "signal") == said


def test_on_a_narrow_terminal_columns_give_way_to_what_is_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tables, "WIDE", 80)
    row = ("2018-10-21 22:54:00", "2026-11-23 13:05:00", "first responders", "x" * 60)
    headings = ("occurred (UTC)", "recorded (UTC)", "who", "what")
    tables.table("Timeline", headings, [row], optional=("recorded (UTC)", "who"))
    printed = capsys.readouterr().out
    assert max(len(line) for line in printed.splitlines()) <= 80
    assert "2018-10-21 22:54:00" in printed
    assert "2026-11-23" not in printed
    assert "first responders" in printed
    assert printed.count("x") >= 60


def test_on_a_wide_terminal_nothing_is_left_out(capsys: pytest.CaptureFixture[str]):
    tables.table("T", ("a", "b"), [("one", "two")], optional=("a",))
    assert "one" in capsys.readouterr().out
