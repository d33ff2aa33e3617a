"""What is read of another product: its schedules in our model, and what could not be taken over;
and how files and fields of an export are read.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from adapters.migration.exported_people import ExportedPerson
from adapters.migration.zone_names import zone_of
from domain.oncall.schedule import Schedule

FILE_MOST = 64 << 20
"""So many bytes are read of a file; a longer one is not read at all."""
Fields = Mapping[str, Any]
LENGTH_MOST = timedelta(days=3660)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
YEARS = (1970, 2200)


class Unreadable(Exception):  # noqa: N818 - it says what is, not what went wrong here
    """Something of an export that cannot be read, by a stable code."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was not taken over as it is. `of` names the object by kind and id. `fault`:
    the schedule cannot be worked out for it, so that it has no shifts here.
    """

    code: str
    of: str
    detail: str
    fault: bool = False


class Item(NamedTuple):
    """An object of an export, in a few words what it `said`, and what it `becomes` as code, where
    its kind does not say that.
    """

    id: str
    name: str
    said: str = ""
    becomes: str | None = None


class Account(msgspec.Struct, kw_only=True):
    """What is read of an export. `objects` are what there is, by kind; `people` as they would be
    declared.
    """

    schedules: list[Schedule] = msgspec.field(default_factory=list)
    marks: list[Finding] = msgspec.field(default_factory=list)
    objects: dict[str, list[Item]] = msgspec.field(default_factory=dict)
    people: list[ExportedPerson] = msgspec.field(default_factory=list)

    def mark(self, code: str, of: str, detail: str, *, fault: bool = False) -> None:
        found = Finding(code=code, of=of, detail=detail, fault=fault)
        if found not in self.marks:
            self.marks.append(found)

    def mark_deleted(self, of: str, person: Any) -> None:
        """Mark turns of somebody who is not there any more. They are kept as they are."""
        detail = f"user {person} is not in the account any more, and has turns all the same"
        self.mark("user.deleted", of, detail)

    @contextmanager
    def reading(self, of: str) -> Iterator[None]:
        """What cannot be read within becomes a fault of this object, and the rest goes on."""
        try:
            yield
        except Unreadable as error:
            self.mark(error.code, of, error.detail, fault=True)
        except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
            self.mark("object.unexpected", of, f"it is not of the shape known: {error}", fault=True)

    def note(
        self,
        kind: str,
        id: Any,  # noqa: A002
        name: Any,
        said: str = "",
        becomes: str | None = None,
    ) -> None:
        item = Item(str(id), str(name or id), said, becomes)
        self.objects.setdefault(kind, []).append(item)

    def ids(self, kind: str) -> set[str]:
        """The ids of the objects of a kind."""
        return {each.id for each in self.objects.get(kind, ())}

    def unknown(self, of: str, found: Fields, known: Iterable[str]) -> None:
        """Mark the fields that say something and that nothing here reads."""
        for name in sorted(set(found) - set(known)):
            if found[name] not in (None, "", [], {}):
                self.mark("field.unknown", of, f"{name} is not read here")


def folder(path: Path) -> Path:
    """The folder of an export. Raises `Unreadable`."""
    if not path.is_dir():
        raise Unreadable("path.not_a_folder", f"{path} is not a folder")
    return path


def loaded(path: Path) -> Any:
    """What a JSON file holds. Raises `Unreadable`."""
    try:
        if path.stat().st_size > FILE_MOST:
            raise Unreadable("file.too_long", f"{path} is longer than {FILE_MOST >> 20} MiB")
        return json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise Unreadable("file.not_json", f"{path} is not JSON: {error}") from None
    except OSError as error:
        raise Unreadable("file.unreadable", f"{path}: {error.strerror}") from None


def pages(root: Path, name: str, key: str, account: Account) -> Iterator[dict[str, Any]]:
    """The objects of a list that is kept in NAME.json, or in pages: NAME.0.json, NAME.25.json."""
    found = sorted(
        (each for each in root.glob(f"{name}*.json") if _is_page(each, name)), key=_page_number
    )
    last: Any = None
    for path in found:
        last = loaded(path)
        items = last.get(key, []) if isinstance(last, dict) else last
        if not isinstance(items, list):
            raise Unreadable("file.unexpected", f"{path}: {key} is not a list")
        yield from (each for each in items if isinstance(each, dict))
    if isinstance(last, dict) and (last.get("more") is True or last.get("next")):
        account.mark("list.incomplete", f"list {name}", "its last page says that there is another")


def _is_page(path: Path, name: str) -> bool:
    rest = path.name[len(name) : -len(".json")]
    return not rest or (rest[0] in "._-" and rest[1:].isdecimal())


def _page_number(path: Path) -> int:
    digits = path.stem.rpartition(".")[2]
    return int(digits) if digits.isdecimal() else -1


def inner(found: Fields, name: str) -> Fields:
    """The object within another; that one itself, where it stands on its own."""
    within = found.get(name)
    return within if isinstance(within, dict) else found


def text(found: Fields, name: str, of: str) -> str:
    """A field that has to be there. Raises `Unreadable`."""
    value = found.get(name)
    if not isinstance(value, str) or not value:
        raise Unreadable("field.missing", f"{of}: {name} is not there")
    return value


def instant(value: Any, of: str) -> datetime:
    """An instant: as ISO 8601 with an offset, in milliseconds, or `2026-01-05 08:00` in UTC, as
    some exports have it. Raises `Unreadable`.
    """
    try:
        if isinstance(value, int) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000, UTC)
        found = datetime.fromisoformat(str(value).strip())
    except (ValueError, OverflowError, OSError):
        raise Unreadable("time.invalid", f"{of}: {value!r} is not a time") from None
    _in_range(found, of)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _in_range(found: datetime, of: str) -> None:
    """Raises `Unreadable` for a year by which one could not count on."""
    if not YEARS[0] <= found.year <= YEARS[1]:
        raise Unreadable("time.invalid", f"{of}: {found} is not from {YEARS[0]} to {YEARS[1]}")


def optional_instant(value: Any, of: str) -> datetime | None:
    return None if value in (None, "") else instant(value, of)


def wall_clock(value: Any, of: str) -> datetime:
    """A time by the wall clock; a Z behind it means nothing. Raises `Unreadable`."""
    try:
        found = datetime.fromisoformat(str(value).strip()).replace(tzinfo=None)
    except ValueError:
        raise Unreadable("time.invalid", f"{of}: {value!r} is not a time") from None
    _in_range(found, of)
    return found


def weekday(name: Any, of: str, code: str) -> int:
    """The ISO number of a day of the week, by its name. Raises `Unreadable`, by this code."""
    if str(name).lower() not in WEEKDAYS:
        raise Unreadable(code, f"{of}: {name!r} is no weekday")
    return WEEKDAYS.index(str(name).lower()) + 1


def length(seconds: Any, of: str) -> timedelta:
    """A length in seconds: a minute or more. Raises `Unreadable`."""
    if not isinstance(seconds, int | float) or isinstance(seconds, bool):
        raise Unreadable("length.invalid", f"{of}: {seconds!r} is not a number of seconds")
    if not 60 <= seconds <= LENGTH_MOST.total_seconds():
        raise Unreadable("length.invalid", f"{of}: {seconds} s is not a minute to ten years")
    return timedelta(seconds=seconds)


def zone(value: Any, of: str) -> str:
    """The IANA name of a time zone. Raises `Unreadable`."""
    found = zone_of(value) if isinstance(value, str) else None
    if found is None:
        raise Unreadable("time_zone.unknown", f"{of}: there is no time zone {value!r}")
    return found
