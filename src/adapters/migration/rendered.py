"""What a product says itself of who is on call: its final schedule, as it was exported."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from adapters.migration.account import Unreadable, folder, instant, loaded
from domain.oncall.layer import once
from domain.oncall.schedule import Schedule
from domain.oncall.shifts import Shift, shifts

Entry = tuple[datetime, datetime, str]


class Rendered(NamedTuple):
    """The final schedule of one schedule in a window."""

    schedule: str
    since: datetime
    until: datetime
    entries: list[Entry]

    def shifts(self, since: datetime, until: datetime) -> list[Shift]:
        """Those of a window within its own."""
        layers = tuple(
            once(str(place), begins, ends, (person,))
            for place, (begins, ends, person) in enumerate(self.entries)
            if begins < ends
        )
        whole = Schedule(id=self.schedule, name=self.schedule, zone="UTC", layers=layers)
        return shifts(whole, since, until)


def of_pagerduty(path: Path) -> list[Rendered]:
    """Raises `Unreadable`."""
    root = folder(path)
    found = [
        *_files(root / "schedules", "schedule", _of_layers),
        *_files(root / "schedules_v3", "schedule", _of_shifts),
    ]
    return _windowed(found)


def _of_layers(schedule: Any, of: str) -> Iterator[Entry]:
    for each in (schedule.get("final_schedule") or {}).get("rendered_schedule_entries") or []:
        yield _entry(each, "start", "end", str((each.get("user") or {}).get("id")), of)


def _of_shifts(schedule: Any, of: str) -> Iterator[Entry]:
    for each in (schedule.get("final_schedule") or {}).get("computed_shift_assignments") or []:
        member = each.get("member") or {}
        if member.get("user_id"):
            yield _entry(each, "start_time", "end_time", str(member["user_id"]), of)


def of_grafana_oncall(path: Path) -> list[Rendered]:
    """Raises `Unreadable`."""
    root = folder(path)
    return _windowed(list(_files(root / "final_shifts", "results", _of_final_shifts)))


def _of_final_shifts(found: Any, of: str) -> Iterator[Entry]:
    for each in found:
        if each.get("user_pk"):
            yield _entry(each, "shift_start", "shift_end", str(each["user_pk"]), of)


def of_opsgenie(path: Path) -> list[Rendered]:
    """Raises `Unreadable`."""
    made = []
    for file in sorted((folder(path) / "timeline").glob("*.json")):
        data = loaded(file)
        data = data.get("data", data) if isinstance(data, dict) else {}
        of = f"timeline {file.name}"
        entries = [
            _entry(each, "startDate", "endDate", "{type}:{id}".format_map(who), of)
            for rotation in (data.get("finalTimeline") or {}).get("rotations") or []
            for each in rotation.get("periods") or []
            if (who := each.get("recipient") or {}).get("id") and who.get("type") != "none"
        ]
        name = str((data.get("_parent") or {}).get("id"))
        since, until = instant(data.get("startDate"), of), instant(data.get("endDate"), of)
        made.append(Rendered(name, since, until, entries))
    return made


def of_brief(_path: Path) -> list[Rendered]:
    """Nothing: the file says nothing of what it comes to."""
    return []


def _entry(found: Any, begins: str, ends: str, person: str, of: str) -> Entry:
    return instant(found.get(begins), of), instant(found.get(ends), of), person


def _files(root: Path, key: str, entries: Any) -> Iterator[tuple[str, datetime, list[Entry]]]:
    """The files NAME.SINCE.json of a folder."""
    for file in sorted(root.glob("*.json")):
        name, _, since = file.stem.rpartition(".")
        try:
            begins = instant(since, file.name) if name else None
        except Unreadable:
            begins = None
        if begins is not None:
            found = loaded(file)
            held = found.get(key) if isinstance(found, dict) else found
            yield name, begins, list(entries(held or {}, file.name))


def _windowed(found: list[tuple[str, datetime, list[Entry]]]) -> list[Rendered]:
    """These files do not say until when they go: as long as the longest of the same beginning."""
    ends: dict[datetime, datetime] = {}
    for _, since, entries in found:
        last = max((each[1] for each in entries), default=since)
        ends[since] = max(ends.get(since, since), last)
    return [Rendered(name, since, ends[since], held) for name, since, held in found]
