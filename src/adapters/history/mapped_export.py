"""The history in an export of any product, read as a mapping says: one plan for each incident.

- Rows of one key are one incident, wherever they stand in the file; of one moment, the file's order
  says which came first.
- A resolution before the incident began contradicts itself: the incident is closed, and how long
  it took is not known. So it is where a state says that it is over and no time does.
- What cannot be read costs its row. Words of the product whose meaning the mapping does not say are
  counted.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from adapters.history.export_mapping import Mapping
from adapters.history.plan import (
    Ended,
    Move,
    Note,
    Page,
    Resumed,
    Update,
    correction,
    line,
    lines,
    planned,
)
from adapters.history.reading import show
from adapters.history.records import Reader, listed, records
from domain.incident.commands import CorrectTime, Declare
from domain.incident.events import Kind, Milestone, Origin, UpdateStatus
from domain.policy import Severity
from handlers.ingest.history_import import ImportFault, Plan

TEXT_CHARS_MAX = 10_000
TIMES = (
    "impact_started_at",
    "detected_at",
    "acknowledged_at",
    "identified_at",
    "mitigated_at",
    "resolved_at",
)


class Incident(msgspec.Struct):
    """What the rows of one key have said so far."""

    line: int
    said: dict[str, Any] = {}
    updates: list[tuple[Update, str]] = []
    times: dict[str, datetime] = {}


class MappedHistory(msgspec.Struct, frozen=True):
    """All plans of a file, its faults, and the words that the mapping does not know."""

    plans: list[Plan]
    faults: list[ImportFault]
    unmapped: dict[str, int]
    rows: int


def read_mapped(raw: bytes, mapping: Mapping, name: str) -> MappedHistory:
    """What is in the file of this name, the incident first that stands first."""
    reader = Reader(mapping)
    incidents: dict[str, Incident] = {}
    faults: list[ImportFault] = []
    rows = 0
    for found in records(raw, mapping, name):
        if isinstance(found, ImportFault):
            faults.append(found)
            continue
        rows += 1
        try:
            _take(incidents, found, mapping, reader)
        except ImportFault as fault:
            faults.append(fault)
    plans = []
    for key, incident in incidents.items():
        try:
            plans.append(planned(_page(key, incident, mapping)))
        except ImportFault as fault:
            faults.append(fault)
    unmapped = {f"{value}: {word}": count for (value, word), count in reader.unmapped.items()}
    return MappedHistory(plans, sorted(faults, key=lambda it: it.line), unmapped, rows)


def _take(
    incidents: dict[str, Incident], found: tuple[int, Any], mapping: Mapping, reader: Reader
) -> None:
    number, record = found
    columns = mapping.incident
    key = reader.text(record, columns.key, "key")
    if key is None:
        raise ImportFault(number, "no key says which incident it is of", "key")
    said = {
        name: reader.text(record, getattr(columns, name), name)
        for name in ("title", "summary", "severity", "kind", "url")
    }
    services = reader.texts(record, columns.services, "services")
    times = {
        name: reader.time(record, getattr(columns, name), name, number)
        for name in ("declared_at", *TIMES)
    }
    updates = list(_updates(record, mapping, reader, number))
    # Nothing of a row counts where something in it cannot be read.
    incident = incidents.setdefault(key, Incident(number))
    incident.said |= {name: it for name, it in said.items() if it is not None}
    if services:
        incident.said["services"] = services
    incident.times |= {name: at for name, at in times.items() if at is not None}
    incident.updates += updates
    for update, _ in updates:
        for mark in mapping.update.marks if mapping.update else ():
            if re.search(mark.text, update.text, re.IGNORECASE):
                incident.times.setdefault(mark.milestone, update.at)


def _updates(
    record: Any, mapping: Mapping, reader: Reader, number: int
) -> Iterator[tuple[Update, str]]:
    columns = mapping.update
    if columns is None:
        return
    for entry in listed(record, columns.each) if columns.each else [record]:
        at = reader.time(entry, columns.at, "update.at", number)
        if at is None:
            raise ImportFault(number, "an update without a time", "update.at")
        state = reader.text(entry, columns.state, "state") or ""
        status = reader.text(entry, columns.status, "status")
        text = reader.text(entry, columns.text, "text") or ""
        update = Update(
            at=at, text=text, word=state, status=UpdateStatus(status) if status else None
        )
        yield update, state


def _page(key: str, incident: Incident, mapping: Mapping) -> Page:
    said, times = incident.said, incident.times
    updates = incident.updates
    if len(updates) > 1 and updates[0][0].at > updates[-1][0].at:
        updates = updates[::-1]  # newest first: of one moment, the one further down is the older
    updates = sorted(updates, key=lambda each: each[0].at)
    declared = times.get("declared_at") or (updates[0][0].at if updates else None)
    if declared is None:
        raise ImportFault(incident.line, "no time says when it was declared", "declared_at")
    moves, over = _moves(updates, mapping)
    known = max([declared, *times.values(), *(update.at for update, _ in updates)])
    began, resolved = times.get("impact_started_at"), times.get("resolved_at")
    contradicts = resolved is not None and resolved < (began or declared)
    if contradicts and resolved:
        text = f"The file contradicts itself: it began {show(began or declared)}, and was resolved "
        moves.append(Note(known, f"{text}{show(resolved)}."))
    if over is None and resolved and not _says_when_over(mapping):
        over = known if contradicts else resolved
        moves.append(Ended(over, f"{mapping.source} states this end."))
    kind = Kind(said.get("kind", Kind.RETROSPECTIVE))
    severity = said.get("severity")
    declare = Declare(
        occurred_at=declared,
        title=line(said.get("title", ""), f"{mapping.source} {key}"),
        summary=said.get("summary", "")[:TEXT_CHARS_MAX] or None,
        severity=Severity(severity) if severity in set(Severity) else None,
        services=lines(said.get("services", ())),
        impact_started_at=began,
        detected_at=times.get("detected_at"),
        kind=kind,
        origin=Origin(feed=mapping.source, external_id=key, url=said.get("url")),
    )
    ended = None if contradicts else resolved
    corrections = _corrections(times, known, mapping.source, ended, over=bool(over))
    return Page(
        feed=mapping.source,
        external_id=key,
        declare=declare,
        moves=moves,
        corrections=tuple(corrections),
    )


def _says_when_over(mapping: Mapping) -> bool:
    """Whether states say that an incident is over."""
    return mapping.update is not None and bool(mapping.update.over)


def _moves(
    updates: list[tuple[Update, str]], mapping: Mapping
) -> tuple[list[Move], datetime | None]:
    """The updates with what their states do, and since when it is over, if it is."""
    moves: list[Move] = []
    over: datetime | None = None
    columns = mapping.update
    for update, state in updates:
        ends = columns is not None and state in columns.over
        keeps = columns is None or not columns.over or not state or state in columns.keeps
        if over and not ends and not keeps:
            moves.append(Resumed(update.at, f"{mapping.source} went back to {state}."))
            over = None
        moves.append(update)
        if ends and over is None:
            over = update.at
            moves.append(Ended(over, f"{mapping.source} called it {state}."))
    return moves, over


def _corrections(
    times: dict[str, datetime],
    known: datetime,
    source: str,
    resolved: datetime | None,
    *,
    over: bool,
) -> Iterator[CorrectTime]:
    """Where the times stand in the file, whatever an earlier one said."""
    for name in TIMES[:-1]:
        at = times.get(name)
        if at is not None:
            yield correction(Milestone(name), at, known, f"{source} states {show(at)}.")
    if not over:
        return
    if resolved is None:
        why = f"{source} states no time of the resolution that can be."
    else:
        why = f"{source} states that it was resolved {show(resolved)}."
    yield correction(Milestone.RESOLVED, resolved, known, why)
