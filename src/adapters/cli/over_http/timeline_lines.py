"""The lines of a timeline: asked for, and put into words and columns."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from adapters.cli.over_http.exchange import Service, segment, target_of
from adapters.cli.over_http.output import PrintedColumn, at
from adapters.cli.over_http.questions_listed import PAGE

AT_ONCE_S = 60


def entries(service: Service, ref: str, query: Iterable[tuple[str, str]]) -> list[Any]:
    """All of it."""
    path = f"/v1/incidents/{segment(ref)}/timeline"
    asked = [*query, ("limit", str(PAGE))]
    return service.rows(path, asked, "entries", None)


def events_target(ref: str) -> str:
    """Where what happens of an incident is told as it happens."""
    return target_of(f"/v1/incidents/{segment(ref)}/events")


def said(line: Mapping[str, Any]) -> str:
    """The words of a line, with its marks: what was put right, where it comes from, who was not
    told.
    """
    if not (line["versions"] or line["not_told"]):
        return f"{line['text']} (from {line['origin']})" if line["origin"] else str(line["text"])
    import msgspec  # noqa: PLC0415 - few lines have marks

    from projections.incident.lines import (  # noqa: PLC0415 - as above
        Entry,
        marked,
        with_missed,
        with_origin,
    )

    entry = msgspec.convert(line, Entry)
    return with_missed(with_origin(marked(entry), entry.origin), entry)


def _learnt(line: Mapping[str, Any]) -> str:
    times = (datetime.fromisoformat(line[each]) for each in ("recorded_at", "occurred_at"))
    recorded, occurred = times
    at_once = (recorded - occurred).total_seconds() < AT_ONCE_S
    return "at once" if at_once else at(line["recorded_at"])


COLUMNS = (
    PrintedColumn("OCCURRED (UTC)", lambda row, _: at(row["occurred_at"])),
    PrintedColumn("RECORDED (UTC)", lambda row, _: _learnt(row), drop=1),
    PrintedColumn("WHO", lambda row, _: row["actor"]),
    PrintedColumn("EVENT", lambda row, _: row["event_id"], wide=True),
    PrintedColumn("WHAT", lambda row, _: said(row)),
)
"""A time of learning is shown where it is not that of happening."""
