"""Output: tables for people, Markdown for documents, JSON for programs."""

import shutil
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from adapters.cli import safe_text
from domain.incident.deadlines.owed import LABELS, Due
from domain.kernel.remark import Remark
from domain.kernel.text import countdown
from projections.incident.lines import Entry, marked, with_missed, with_origin
from projections.incident.shown import IncidentShown
from projections.incident.statistics import Group, Statistics
from projections.outbox.deliveries import Delivery

WIDE = 200
AT_ONCE_S = 60
LAST_COLUMN_MIN = 30
plain, count = safe_text.plain, safe_text.count


def console() -> Console:
    """Standard output, never narrower than a table needs when it goes into a file."""
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else WIDE
    return Console(width=width, highlight=False, markup=False)


def as_json(value: Any) -> None:
    """One JSON document on standard output."""
    raw = msgspec.json.format(msgspec.json.encode(value, enc_hook=str), indent=2)
    sys.stdout.write(safe_text.escaped(raw.decode()) + "\n")


def say(text: str) -> None:
    """A line for people."""
    console().print(plain(text))


def listed(*groups: tuple[str, Iterable[object]]) -> None:
    """A line for each of several kinds of things, behind the heading of its kind."""
    for heading, items in groups:
        for item in items:
            say(f"  {heading}: {item}")


def table(
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    optional: Sequence[str] = (),
) -> None:
    """A table; its last column wraps, the others do not. On a narrow terminal the `optional`
    columns are left out, the first named first.
    """
    out, cells = console(), [[plain(cell) for cell in row] for row in rows]
    shown = _that_fit(headings, cells, optional, out.width)
    drawn = Table(title=Text(plain(title)), title_justify="left", expand=False)
    for place in shown[:-1]:
        drawn.add_column(headings[place], no_wrap=True)
    drawn.add_column(headings[shown[-1]], overflow="fold")
    for row in cells:
        drawn.add_row(*(Text(row[place]) for place in shown))
    out.print(drawn)


def _that_fit(
    headings: Sequence[str], cells: Sequence[Sequence[str]], optional: Sequence[str], width: int
) -> list[int]:
    """The places of the columns for which there is room."""
    widths = [max(map(len, column)) for column in zip(headings, *cells, strict=True)]
    shown, waiting = list(range(len(headings))), list(optional)
    while waiting:
        *fixed, last = (widths[place] for place in shown)
        if sum(fixed) + min(last, LAST_COLUMN_MIN) + 3 * len(shown) + 1 <= width:
            break
        shown.remove(headings.index(waiting.pop(0)))
    return shown


def complain(text: str) -> None:
    """A line for people, beside what was asked for."""
    print(plain(text), file=sys.stderr)


def at(time: datetime | None) -> str:
    """A time in UTC for people, to the second: `2018-10-21 22:52:00`."""
    return time.strftime("%Y-%m-%d %H:%M:%S") if time else "—"


def board(incidents: Sequence[IncidentShown], now: datetime) -> None:
    """The incidents, one a line, each with what is due of it first."""
    table(
        f"{count(len(incidents), 'incident')} (UTC)",
        ("reference", "severity", "status", "since", "commander", "due", "services", "title"),
        (
            (
                shown.reference,
                shown.severity.value,
                shown.status,
                at(shown.milestones.began_at),
                shown.roles.get("incident_commander", "—"),  # type: ignore[call-overload]
                next((_due(due, now) for due in shown.deadlines), "—"),
                ", ".join(shown.services) or "—",
                shown.title,
            )
            for shown in incidents
        ),
        optional=("commander", "services", "since"),
    )


def _due(first: Due, now: datetime) -> str:
    """`update in 4 min`, `acknowledgement overdue by 12 min`."""
    return f"{LABELS[first.rule]} {countdown(first.due_at, now)}"


def timeline(heading: str, entries: Sequence[Entry]) -> None:
    """A timeline; a time of learning is shown where it is not that of happening."""
    table(
        heading,
        ("occurred (UTC)", "recorded (UTC)", "who", "what"),
        ((at(line.occurred_at), _learnt(line), line.actor, _said(line)) for line in entries),
        optional=("recorded (UTC)",),
    )


def _said(line: Entry) -> str:
    return with_missed(with_origin(marked(line), line.origin), line)


def cell(text: str) -> str:
    """A text within a Markdown table."""
    return safe_text.markdown(text).replace("\n", "<br>")


def one_line(text: str) -> str:
    """A text within a line of Markdown."""
    return safe_text.markdown(text).replace("\n", " ")


def statistics(found: Statistics) -> None:
    """Each group's series; unknown is said, never shown as 0."""
    rows = [row for group in found.groups for row in _series(found, group)]
    table(
        f"Statistics by {found.by} (definitions {found.definitions_version})",
        ("group", "series", "n", "unknown", "median", "p90", "mean", "definition"),
        rows,
        optional=("definition", "mean"),
    )


def _series(found: Statistics, group: Group) -> Iterable[tuple[str, ...]]:
    for name, summary in group.series.items():
        yield (
            group.group,
            name,
            str(summary.n),
            str(summary.unknown),
            span(summary.median_s),
            span(summary.p90_s),
            span(summary.mean_s),
            found.definitions[name],
        )


def policy_differences(found: Sequence[tuple[str, str, str]]) -> None:
    """What one policy says differently from another."""
    table(count(len(found), "difference"), ("key", "old", "new"), found)


def remarks(found: Sequence[Remark]) -> None:
    """What to reconsider about an update, on standard error."""
    sys.stdout.flush()  # before them, also where both go into one pipe
    for each in found:
        print(plain(f"warning: {each.code}: {each.detail}. {each.rule}"), file=sys.stderr)


def deliveries(found: Sequence[Delivery]) -> None:
    """Who was told what, through which channel, with what result; the oldest first."""
    table(
        count(len(found), "notification"),
        ("settled (UTC)", "intent", "channel", "audience", "status", "attempts", "subject"),
        (
            (
                at(each.settled_at or each.since),
                each.intent_id,
                each.channel,
                each.audience.value,
                each.status,
                str(each.attempts),
                each.subject,
            )
            for each in sorted(found, key=lambda each: each.position)
        ),
        optional=("intent", "attempts", "channel", "audience"),
    )


def span(seconds: float | None) -> str:
    """A duration for people: minutes with thousands, or `unknown`."""
    if seconds is None:
        return "unknown"
    return f"{seconds / 60:,.0f} min" if seconds >= 60 else f"{seconds:.1f} s"


def _learnt(line: Entry) -> str:
    late = line.recorded_at - line.occurred_at
    return "at once" if late.total_seconds() < AT_ONCE_S else at(line.recorded_at)
