"""A mapping: which column of an export of another product means what, as TOML.

A value is a column (`"opened_at"`), a path in JSON (`"impact.start"`, `"products[].title"`), a text
with such in braces (`"{state}: {note}"`), or a table that also says what the words of the product
stand for: `{ from = "priority", map = { "1 - Critical" = "SEV1" }, default = "SEV3" }`. Without
`from` it is the same for all: `{ default = "outage" }`.
"""

import re
import tomllib
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from domain.incident.events import Kind, Milestone, UpdateStatus
from domain.policy import Severity
from handlers.ingest.history_import import ImportFault


class Mapped(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A value and what its words stand for; a word that is not there counts as `default`, or is
    reported and left out; an empty `default` says that it may be left out.
    """

    source: str = msgspec.field(name="from", default="")
    map: dict[str, str] = {}
    default: str | None = None
    when: dict[str, str] = {}
    """It counts only where these columns say this."""


class MilestoneMark(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The first update whose text fits the regular expression `text` says when `milestone` was."""

    text: str
    milestone: Milestone


Value = str | Mapped


class IncidentColumns(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is said of an incident. Rows of one `key` are one incident; of a value that they give
    several times the last one counts. Times that are left out are not known; without `declared_at`
    it is declared with its first update.
    """

    key: Value
    title: Value
    declared_at: Value | None = None
    summary: Value | None = None
    severity: Value | None = None
    services: Value | None = None
    kind: Value | None = None
    url: Value | None = None
    impact_started_at: Value | None = None
    detected_at: Value | None = None
    acknowledged_at: Value | None = None
    identified_at: Value | None = None
    mitigated_at: Value | None = None
    resolved_at: Value | None = None


class UpdateColumns(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is said in the course of it: each row, or each entry of the list `each`, is an update.
    At a `state` of `over` the incident is resolved, at another one after that it is reopened,
    unless that is one of `keeps`. Where there is an `over`, the states say whether it is resolved,
    not `resolved_at`.
    """

    at: Value
    text: Value
    each: str | None = None
    state: Value | None = None
    status: Value | None = None
    over: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()
    marks: tuple[MilestoneMark, ...] = ()


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All of it. `source` names the product in the log, and is part of the ids: the same export
    under another name is another history. Times without a zone are of `timezone`; they are ISO
    8601, or of one of `time_formats`: `epoch` (seconds), `epoch_ms`, or as strptime has them.
    """

    source: str
    incident: IncidentColumns
    update: UpdateColumns | None = None
    format: Literal["csv", "jsonl", "json"] | None = None
    delimiter: str = ","
    timezone: str = "UTC"
    time_formats: tuple[str, ...] = ()
    missing: tuple[str, ...] = ("",)
    separator: str = ","
    """What stands between several services in one cell."""
    list: str | None = None
    """Where in a file of JSON the list of incidents stands, if that is not the whole."""


CHOICES = {
    "severity": tuple(Severity),
    "kind": tuple(Kind),
    "status": tuple(UpdateStatus),
}
"""What the words of some values have to stand for."""


def load_mapping(path: Path) -> Mapping:
    """The mapping in a file. Raises `ImportFault` with what is wrong where, `OSError`."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
        found = msgspec.convert(raw, Mapping)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        detail, _, place = str(error).partition(" - at `$.")
        raise ImportFault(1, detail, place.rstrip("`") or None) from None
    _check(found)
    return found


def _check(mapping: Mapping) -> None:
    if not mapping.source.strip() or len(mapping.source) > 100:
        raise ImportFault(1, "it names the product, in up to 100 characters", "source")
    if len(mapping.delimiter) != 1:
        raise ImportFault(1, "it is one character", "delimiter")
    try:
        ZoneInfo(mapping.timezone)
    except (KeyError, ValueError, OSError):
        raise ImportFault(1, f"there is no zone {mapping.timezone}", "timezone") from None
    for mark in mapping.update.marks if mapping.update else ():
        try:
            re.compile(mark.text)
        except re.error as error:
            raise ImportFault(1, f"{mark.text!r}: {error}", "update.marks") from None
    _check_words(mapping)


def _check_words(mapping: Mapping) -> None:
    """What words stand for is there."""
    for table in (mapping.incident, mapping.update):
        for name, choices in CHOICES.items():
            value = getattr(table, name, None)
            if not isinstance(value, Mapped):
                continue
            for word in (*value.map.values(), *([value.default] if value.default else ())):
                if word not in choices:
                    known = ", ".join(choices)
                    raise ImportFault(1, f"{word!r} is none of {known}", name)
