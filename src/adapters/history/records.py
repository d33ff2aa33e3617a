"""Exports of other products as records, rows of CSV or objects of JSON, and values of them."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Named
from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from adapters.history.export_mapping import Mapped, Mapping, Value
from handlers.ingest.history_import import ImportFault

_PLACE = re.compile(r"\{([^{}]*)\}")
_EPOCHS = {"epoch": 1.0, "epoch_ms": 1e-3}


def records(raw: bytes, mapping: Mapping, name: str) -> Iterator[tuple[int, Any] | ImportFault]:
    """The records with the line, or the place in a list, of each. A file whose form is not known
    gives one fault.
    """
    form = mapping.format or name.rpartition(".")[2].lower()
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    if form in {"csv", "tsv"}:
        yield from _rows(raw, mapping, "\t" if form == "tsv" else mapping.delimiter)
    elif form in {"jsonl", "ndjson"}:
        for number, text in enumerate(raw.splitlines(), start=1):
            if text.strip():
                yield _object(text, number)
    elif form == "json":
        try:
            found = _listed(raw, mapping.list)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            yield ImportFault(1, f"not a JSON list: {error}")
            return
        yield from (_object(text, number) for number, text in enumerate(found, start=1))
    else:
        yield ImportFault(1, "say in the mapping whether it is csv, jsonl or json", "format")


def _listed(raw: bytes, name: str | None) -> list[msgspec.Raw]:
    if name is None:
        return msgspec.json.decode(raw, type=list[msgspec.Raw])
    whole = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    return msgspec.json.decode(whole.get(name, b"null"), type=list[msgspec.Raw])


def _object(text: bytes | msgspec.Raw, number: int) -> tuple[int, Any] | ImportFault:
    try:
        return number, msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return ImportFault(number, str(error))


def _rows(raw: bytes, mapping: Mapping, delimiter: str) -> Iterator[tuple[int, Any] | ImportFault]:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")  # what spreadsheets write
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        header = [name.strip() for name in next(reader, [])]
        lacking = [name for name in _columns(mapping) if name not in header]
        if lacking:
            there = ", ".join(header) or "none"
            yield ImportFault(1, f"no column {', '.join(lacking)}; there are {there}")
            return
        for cells in reader:
            if len(cells) == len(header):
                yield reader.line_num, dict(zip(header, cells, strict=True))
            elif any(cell.strip() for cell in cells):
                detail = f"{len(cells)} cells under {len(header)} columns"
                yield ImportFault(reader.line_num, detail)
    except csv.Error as error:
        yield ImportFault(reader.line_num, str(error))


def _columns(mapping: Mapping) -> list[str]:
    """All columns that a mapping names."""
    tables = [it for it in (mapping.incident, mapping.update) if it is not None]
    values = [getattr(table, name) for table in tables for name in table.__struct_fields__]
    texts = [it.source if isinstance(it, Mapped) else it for it in values if it]
    skipped = (mapping.update.each, *mapping.update.over) if mapping.update else ()
    texts += [name for it in values if isinstance(it, Mapped) for name in it.when]
    names = [_names(it) for it in texts if it and isinstance(it, str) and it not in skipped]
    return list(dict.fromkeys(name for found in names for name in found))


def _names(value: str) -> list[str]:
    return _PLACE.findall(value) if "{" in value else [value]


class Reader:
    """Reads values of records as a mapping says; `unmapped` counts words that it does not know, by
    the name of the value and the word.
    """

    def __init__(self, mapping: Mapping) -> None:
        self._mapping = mapping
        self._missing = frozenset(mapping.missing) | {""}
        self._zone = ZoneInfo(mapping.timezone)
        self._time = cache(self._parsed)
        self.unmapped: Counter[tuple[str, str]] = Counter()

    def text(self, record: Any, value: Value | None, name: str) -> str | None:
        """The value as a text; None where there is none."""
        if value is None:
            return None
        if isinstance(value, str):
            return self._filled(record, value)
        if any(self._filled(record, name) != word for name, word in value.when.items()):
            return None
        found = self._filled(record, value.source)
        if not value.map:
            return value.default if found is None else found
        word = value.map.get(found or "")
        if word is None and found is not None and value.default is None:
            self.unmapped[name, found] += 1
        return word or value.default or None

    def texts(self, record: Any, value: Value | None, name: str) -> list[str]:
        """Several values of one cell, or of a list."""
        if isinstance(value, str) and "{" not in value:
            found = [self._given(it) for it in _found(record, value)]
            if len(found) != 1:
                return [it for it in found if it]
        whole = self.text(record, value, name) or ""
        return [part.strip() for part in whole.split(self._mapping.separator) if part.strip()]

    def time(self, record: Any, value: Value | None, name: str, line: int) -> datetime | None:
        """The value as a time in UTC. Raises `ImportFault`."""
        text = self.text(record, value, name)
        if text is None:
            return None
        found = self._time(text)
        if found is None:
            raise ImportFault(line, f"{text!r} is no time in a form that the mapping names", name)
        return found

    def _filled(self, record: Any, source: str) -> str | None:
        if "{" not in source:
            return next(filter(None, map(self._given, _found(record, source))), None)
        parts = (self._filled(record, name) for name in _PLACE.findall(source))
        given = {name: part or "" for name, part in zip(_PLACE.findall(source), parts, strict=True)}
        if not any(given.values()):
            return None
        return _PLACE.sub(lambda place: given[place[1]], source).strip()

    def _given(self, found: Any) -> str | None:
        if found is None or isinstance(found, dict | list):
            return None
        text = found.strip() if isinstance(found, str) else str(found)
        return None if text in self._missing else text

    def _parsed(self, text: str) -> datetime | None:
        for form in self._mapping.time_formats:
            try:
                if form in _EPOCHS:
                    return datetime.fromtimestamp(float(text) * _EPOCHS[form], UTC)
                found = datetime.strptime(text, form)  # noqa: DTZ007 - see below
            except (ValueError, OverflowError, OSError):
                continue
            return self._zoned(found)
        try:
            return self._zoned(datetime.fromisoformat(text))
        except (ValueError, OverflowError):
            return None

    def _zoned(self, found: datetime) -> datetime:
        return (found if found.tzinfo else found.replace(tzinfo=self._zone)).astimezone(UTC)


def _found(record: Any, path: str) -> Sequence[Any]:
    """What stands at a path; a column of that very name comes first."""
    if isinstance(record, Named) and path in record:
        return [record[path]]
    found = [record]
    for part in path.split("."):
        name = part.removesuffix("[]")
        found = [it[name] for it in found if isinstance(it, Named) and name in it]
        if part.endswith("[]"):
            found = [each for it in found if isinstance(it, list) for each in it]
    return found


def listed(record: Any, path: str) -> list[Any]:
    """The entries of the list at a path."""
    return [each for it in _found(record, path) if isinstance(it, list) for each in it]
