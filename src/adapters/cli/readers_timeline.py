"""Timelines for readers: a header, and rows, as a table or as Markdown for a document."""

from collections.abc import Iterator, Mapping

from adapters.cli import tables
from domain.incident.header import at_a_glance
from projections.incident.lines import with_origin
from projections.incident.reading import Readers, ReadersTimeline
from projections.incident.rows_folded import Row

_OURS = ("time (UTC)", "who", "told", "what")
_HEADINGS: Mapping[Readers, tuple[str, ...]] = {
    "responders": _OURS,
    "postmortem": _OURS,
    "public": ("time (UTC)", "what"),
}


def table(found: ReadersTimeline) -> None:
    """For a terminal."""
    lines = list(_header(found))
    width = max((len(name) for name, _ in lines), default=0)
    tables.say(_title(found))
    for name, said in lines:
        tables.say(f"  {name:<{width}}  {said}")
    rows = [_cells(row, found.readers) for row in found.entries]
    tables.table("", _HEADINGS[found.readers], rows, optional=("who",))


def markdown(found: ReadersTimeline) -> str:
    """For a document."""
    lines = [f"## {tables.one_line(_title(found))}", ""]
    lines += [f"- **{name}**: {tables.one_line(said)}" for name, said in _header(found)]
    headings = [name[0].upper() + name[1:] for name in _HEADINGS[found.readers]]
    lines += ["", f"| {' | '.join(headings)} |", f"|{'---|' * len(headings)}"]
    for row in found.entries:
        lines.append(f"| {' | '.join(map(tables.cell, _cells(row, found.readers)))} |")
    return "\n".join(lines)


def _title(found: ReadersTimeline) -> str:
    if found.header is not None:
        return f"{found.reference} {found.header.severity}: {found.header.title}"
    if (shown := found.published) is not None:
        return f"{found.reference}: {shown.headline or ', '.join(shown.services)}"
    return f"{found.reference}: nothing was published"


def _header(found: ReadersTimeline) -> Iterator[tuple[str, str]]:
    if found.header is not None:
        yield from at_a_glance(found.header)
    if (shown := found.published) is not None:
        yield "Status", shown.status
        yield "Impact", shown.impact
        yield "Services", ", ".join(shown.services) or "none named"
        yield "Began", f"{tables.at(shown.began_at)} UTC"
        yield "Ended", f"{tables.at(shown.ended_at)} UTC" if shown.ended_at else "not over"


def _cells(row: Row, readers: Readers) -> tuple[str, ...]:
    if readers == "public":
        return tables.at(row.at), row.text
    late = f" [{row.late}]" if row.late else ""
    missed = [f"not {audience}: {why}" for audience, why in row.not_told.items()]
    told = ", ".join((*row.told, *missed))
    return (
        tables.at(row.at),
        row.actor or "—",
        told or "—",
        f"{with_origin(row.text, row.origin)}{late}",
    )
