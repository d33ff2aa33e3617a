"""What people read on the command line."""

from collections.abc import Callable

import msgspec
import pytest
from domain_docs import in_phase
from markdown_it import MarkdownIt

from adapters.cli import tables
from adapters.cli.over_http.timeline import as_markdown
from domain.incident.view import view
from projections.incident.lines import Entry
from projections.incident.shown import IncidentShown
from support.spec import NOON


def test_the_board_shows_since_when_there_are_pages_though_nobody_has_declared_anything(
    capsys: pytest.CaptureFixture[str],
):
    shown = view("8d5b0c34-0000-5000-8000-000000000000", in_phase("triage"), position=1)
    assert shown is not None
    assert shown.milestones.declared_at is None
    tables.board([IncidentShown(**msgspec.structs.asdict(shown))], NOON)
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


EVIL = "\x1b]0;owned\x07 \x9b31m \u202eright to left \u200f \r over\x00"
EVIL_MARKDOWN = (
    "![x](https://evil.example/seen.png) [run me](javascript:alert(1)) <javascript:alert(1)>",
    "<img src=x onerror=alert(1)> <a href='javascript:alert(1)'>x</a> &lt;b>",
    "a | b \\| c \\\\| d `code | more` `` ` ``",
    "[ref]: javascript:alert(1)\n\n[ref] ![ref]",
    "text\n\n## Heading\n| a | b |\n|---|---|",
    "[a\\](b) \\[x](javascript:alert(1)) *[x*](javascript:alert(1)) **bold** _it_",
)


def entry(text: str, actor: str = "ada") -> Entry:
    return Entry(
        position=1,
        index=0,
        event_id="e",
        occurred_at=NOON,
        recorded_at=NOON,
        kind="note_added",
        actor=actor,
        text=text,
    )


def written_down(heading: str, *entries: Entry) -> str:
    """As `timeline -o markdown` prints it."""
    return "\n".join(as_markdown(heading, msgspec.to_builtins(entries)))


@pytest.mark.parametrize(
    "show",
    [
        lambda: tables.timeline(EVIL, [entry(EVIL, EVIL)]),
        lambda: tables.table(EVIL, ("a", "b"), [(EVIL, EVIL)]),
        lambda: tables.say(EVIL),
        lambda: tables.policy_differences([(EVIL, EVIL, EVIL)]),
        lambda: print(written_down(EVIL, entry(EVIL, EVIL))),
        lambda: tables.as_json({"text": EVIL}),
    ],
)
def test_foreign_text_cannot_steer_a_terminal(
    show: Callable[[], None], capsys: pytest.CaptureFixture[str]
):
    show()
    assert not set("\x1b\x07\x9b\r\x00\u202e\u200f") & set(capsys.readouterr().out)


@pytest.mark.parametrize("text", EVIL_MARKDOWN)
def test_foreign_text_in_markdown_is_text_in_its_cell(text: str):
    written = written_down(text, entry(text, text), entry("the next"))
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(written)
    for tag in ("<img", "<a", "<code", "<strong", "<em"):
        assert tag not in html
    assert html.count("<tr>") == 3
    assert [row.count("<td>") for row in html.split("<tr>")[2:]] == [3, 3]
    assert html.count("<h2>") == html.count("<table>") == 1
