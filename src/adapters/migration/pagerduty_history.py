"""What happened in a PagerDuty account: its incidents and log entries, as incidents of ours.

- An incident was detected when PagerDuty triggered it, and is acknowledged by the first
  acknowledgement, so that the time between them stays what it was. What never happened stays
  unknown.
- What was merged has no course of its own: it is a note on what it was merged into. Where that is
  not in the export, it is an incident like the others.
- Every log entry is a note, so that who was paged and who acknowledged can be read.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from adapters.history.mapped_export import MappedHistory
from adapters.history.plan import Ended, Move, Note, Page, correction, line, lines, planned
from adapters.migration.account import Account, Fields, Unreadable, folder, instant, pages, text
from domain.incident.commands import Declare
from domain.incident.events import Kind, Milestone, Origin
from domain.policy import DEFAULT, Severity
from handlers.ingest.history_import import ImportFault

FEED = "pagerduty"
ACKNOWLEDGED = "acknowledge_log_entry"
_SAID = {
    "trigger_log_entry": "triggered",
    "assign_log_entry": "assigned",
    "notify_log_entry": "notified",
    "escalate_log_entry": "escalated",
    ACKNOWLEDGED: "acknowledged",
    "unacknowledge_log_entry": "not acknowledged any more",
    "resolve_log_entry": "resolved",
    "annotate_log_entry": "noted",
    "snooze_log_entry": "snoozed",
}
_PERSON = ("user_reference", "user")


def history_of(path: Path) -> MappedHistory:
    """All incidents of an export, the first first. Raises `Unreadable`."""
    root, account = folder(path), Account()
    found = list(pages(root, "incidents", "incidents", account))
    if not found:
        raise Unreadable("history.not_there", f"{path}: there are no incidents in it")
    entries = _by_incident(pages(root, "log_entries", "log_entries", account))
    known = {str(each.get("id")) for each in found}
    merged: dict[str, list[Fields]] = {}
    alone = []
    for each in found:
        into = _merged_into(each)
        if into in known and into != each.get("id"):
            merged.setdefault(str(into), []).append(each)
        else:
            alone.append(each)
    plans, faults = [], []
    for place, each in enumerate(sorted(alone, key=lambda it: str(it.get("created_at"))), start=1):
        try:
            id_ = text(each, "id", "incident")
            page = _page(id_, each, entries.get(id_, []), _all_merged(id_, merged))
            plans.append(planned(page))
        except Unreadable as error:
            faults.append(ImportFault(place, error.detail))
    return MappedHistory(plans, faults, {}, len(found))


def _all_merged(id_: str, merged: Mapping[str, list[Fields]]) -> Iterator[Fields]:
    """What was merged into it, and into that."""
    waiting, seen = [id_], {id_}
    while waiting:
        for each in merged.get(waiting.pop(), ()):
            if (name := str(each.get("id"))) not in seen:
                seen.add(name)
                waiting.append(name)
                yield each


def _by_incident(entries: Iterable[Fields]) -> dict[str, list[Fields]]:
    found: dict[str, list[Fields]] = {}
    for each in entries:
        incident = each.get("incident")
        if isinstance(incident, dict):
            found.setdefault(str(incident.get("id")), []).append(each)
    return found


def _merged_into(incident: Fields) -> str | None:
    reason = incident.get("resolve_reason")
    into = reason.get("incident") if isinstance(reason, dict) else None
    return str(into.get("id")) if isinstance(into, dict) else None


def _page(id_: str, found: Fields, entries: Iterable[Fields], merged: Iterable[Fields]) -> Page:
    began = instant(found.get("created_at"), f"incident {id_}")
    said = sorted(
        (
            (instant(each.get("created_at"), f"log entry {each.get('id')}"), each)
            for each in entries
        ),
        key=lambda it: it[0],
    )
    notes: list[Move] = [Note(at, _sentence(each)) for at, each in said]
    notes += [_of_merged(each) for each in merged]
    ended = _ended(found, id_)
    acknowledged = [at for at, each in said if each.get("type") == ACKNOWLEDGED]
    times = [at for at, _ in said] + ([ended.at] if ended else []) + [it.at for it in notes]
    known = max([began, *times])
    return Page(
        feed=FEED,
        external_id=id_,
        declare=_declare(id_, found, began),
        moves=sorted([*notes, *([ended] if ended else [])], key=lambda it: it.at),
        corrections=tuple(
            correction(Milestone.ACKNOWLEDGED, at, known, "PagerDuty has it in its log.")
            for at in acknowledged[:1]
        ),
    )


def _declare(id_: str, found: Fields, began: datetime) -> Declare:
    service = _name(found.get("service"))
    return Declare(
        occurred_at=began,
        title=line(str(found.get("title") or ""), f"PagerDuty incident {id_}"),
        severity=_severity(found),
        services=lines([service] if service else []),
        detected_at=began,
        kind=Kind.RETROSPECTIVE,
        origin=Origin(feed=FEED, external_id=id_, url=found.get("html_url")),
    )


def _severity(found: Fields) -> Severity | None:
    """By its priority, else its urgency, as an alert of PagerDuty is read."""
    priority = _name(found.get("priority"))
    named = DEFAULT.vocabulary.severity(priority) if priority else None
    return named or DEFAULT.alert_urgencies.get(str(found.get("urgency")))


def _ended(found: Fields, id_: str) -> Ended | None:
    if found.get("status") != "resolved":
        return None
    at = found.get("resolved_at") or found.get("last_status_change_at")
    return Ended(instant(at, f"incident {id_}"), "PagerDuty has it as resolved.")


def _of_merged(found: Fields) -> Note:
    at = instant(found.get("created_at"), f"incident {found.get('id')}")
    title = line(str(found.get("title") or ""), "without a title")
    number = found.get("incident_number")
    return Note(at, f"PagerDuty: its incident {number or found.get('id')} was merged: {title}")


def _sentence(entry: Fields) -> str:
    """What a log entry says, with everybody whom it names."""
    kind = str(entry.get("type"))
    said = _SAID.get(kind, kind.removesuffix("_log_entry").replace("_", " "))
    agent = entry.get("agent")
    by = _name(agent) if isinstance(agent, dict) and agent.get("type") in _PERSON else None
    whom = [_name(each) for each in entry.get("assignees") or ()] + [_name(entry.get("user"))]
    to = ", ".join(each for each in whom if each)
    channel = entry.get("channel")
    words = channel.get("summary") if isinstance(channel, dict) else None
    parts = [f"PagerDuty: {said}", to and f" {to}", f", by {by}" if by else ""]
    return "".join(each for each in parts if each) + (f": {words}" if words else "")


def _name(found: Any) -> str | None:
    """What something is called, by itself or by a reference to it."""
    if not isinstance(found, dict):
        return None
    name = found.get("name") or found.get("summary")
    return str(name) if name else None
