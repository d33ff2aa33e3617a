"""What an adapter makes of a stored body: reports, nothing of interest, or no sense."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple, Protocol

import msgspec
from msgspec.structs import replace

from domain.alerting.affected import Affected
from domain.incident import INCIDENT
from domain.incident.alerts.alert import Alert, Opens
from domain.incident.alerts.stated import unclear_severity
from domain.incident.system_change import SystemChange
from domain.kernel.text import clean
from domain.policy import Policy
from handlers.ingest.flaws import FLAWS_MAX, note
from handlers.ingest.moments import as_number, is_leap, since_1970, written

LINE_CHARS = 300
TEXT_CHARS = 10_000
NAME_BYTES = 1_024
LIST_ITEMS = 50
REPORTS_MAX = 50_000
"""So many things may one body tell of; one with more goes into quarantine as a whole."""

NEVER = 1970
"""A time before this year says that there is none: Go writes 0001-01-01."""


LONG_AGO = datetime(NEVER, 1, 1, tzinfo=UTC)

NO_LABELS: Mapping[str, str] = MappingProxyType({})


class GivenKey(NamedTuple):
    """A key that we have given to what came without one: which words it stands for, and the
    position of the signal that it was given for.
    """

    alert_id: str
    signal: int


class Report(msgspec.Struct, frozen=True):
    """One report of a product about one of its incidents or alerts: what every translator hands
    over. Which firing it is about follows from it by `domain.alerting.identity`:

    - `alert.alert_id` is the product's key or fingerprint. `recurs`: it is used again for what
      fires anew. `keyless`: it has none, and `alert_id` is a digest of its words; `given` is what
      one of our own keys stands for.
    - `alert.kind` is what is said: it fires (triggered, reopened), something changes, somebody
      acknowledges, it is over (resolved; with `alert.merged_into`, since that carries on for it).
      `fires`: another kind, that says it is on as well. `aside`: it is silent on that, or says no.
    - `occurred_at` is a time that the product states, in UTC and perhaps in the future; None: it
      does not say. `dated`: this is when the report came to be true, not a start that is repeated.
    - `named`: the product gives each report an id, `alert.event_id`, and repeats it with that.

    `affected`: it is told by a status page, and about these components.
    `place` is that in its body. `labels` and `group` are what rules go by, beside the alert.
    `paged_for` is the key under which the product was paged, where that may have been us: the id of
    an incident of ours.
    """

    alert: Alert
    occurred_at: datetime | None = None
    labels: Mapping[str, str] = NO_LABELS
    group: str | None = None
    recurs: bool = False
    paged_for: str | None = None
    dated: bool = True
    named: bool = False
    keyless: bool = False
    given: GivenKey | None = None
    fires: bool = False
    aside: bool = False
    affected: Affected | None = None
    place: int = 0


class ChangeReport(msgspec.Struct, frozen=True):
    """A report of a change of a system, which is no problem: a deployment, say. `change.id` is the
    same for the same change. `made_at` is when it was made, in UTC and perhaps in the future; None:
    its sender does not say. `change.heard_at` is filled in later.
    `place` is that in its body.
    """

    change: SystemChange
    made_at: datetime | None = None
    place: int = 0


class Unwanted(msgspec.Struct, frozen=True):
    """Well-formed, and of no concern to any incident: a ping, say."""

    reason: str


class Unintelligible(msgspec.Struct, frozen=True):
    """Not understood. `code` is stable and made for programs, `reason` for people."""

    code: str
    reason: str


Reading = Report | ChangeReport | Unwanted | Unintelligible

Translation = tuple[Reading, ...]
"""One outcome for each thing that a body tells of, at least one: what is not understood of a body
does not cost the rest of it.
"""


class Translator(Protocol):
    """Makes sense of a body of one product. It never raises, whatever the bytes are."""

    def __call__(self, body: bytes, source: str, opens: Opens) -> Translation: ...


class UnusableError(ValueError):
    """A translator found something that it cannot work with; caught in `translate`."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.outcome = Unintelligible(code, reason)


def with_flaws(reading: Reading, *flaws: str | None) -> Reading:
    """A report that names these as well, each once; other readings stay as they are."""
    new = tuple(filter(None, map(line, flaws)))
    if not new:
        return reading
    all_ = tuple(dict.fromkeys((*_flaws_of(reading), *new)))[:FLAWS_MAX]
    match reading:
        case Report(alert=said):
            return replace(reading, alert=replace(said, flaws=all_))
        case ChangeReport(change=said):
            return replace(reading, change=replace(said, flaws=all_))
        case _:
            return reading


def weighed(found: Translation, policy: Policy) -> Translation:
    """What a body says, with the severities that the policy does not know named as flaws."""
    return tuple(
        with_flaws(each, unclear_severity(each.alert, policy)) if isinstance(each, Report) else each
        for each in found
    )


def flaws_in(found: Translation) -> tuple[str, ...]:
    """What of a body could not be read as it was meant, to tell its sender."""
    flaws = (flaw for each in found for flaw in _flaws_of(each))
    return tuple(islice(dict.fromkeys(flaws), LIST_ITEMS))


def _flaws_of(reading: Reading) -> tuple[str, ...]:
    match reading:
        case Report(alert=said) | ChangeReport(change=said):
            return said.flaws
        case _:
            return ()


def too_many(count: int) -> Unintelligible:
    """What to say of a body that tells of more than `REPORTS_MAX` things."""
    reason = f"one body tells of at most {REPORTS_MAX:,} alerts, not of {count:,}"
    return Unintelligible("body.too_many", reason)


def part(value: object) -> dict[str, object]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[object]:
    """The value if it is a list, else an empty one; a limit is kept."""
    return value[:LIST_ITEMS] if isinstance(value, list) else []


def line(value: object, chars_max: int = LINE_CHARS) -> str | None:
    """A text or number on one line, of limited length; None if it says nothing."""
    return _clipped(" ".join(_said(value).split()), chars_max)


def text(value: object) -> str | None:
    """A text of limited length, in which lines may break; None if it says nothing."""
    return _clipped(_said(value).strip(), TEXT_CHARS)


def _said(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return clean(str(value))


def _clipped(said: str, chars_max: int) -> str | None:
    return said if 0 < len(said) <= chars_max else said[: chars_max - 1] + "…" if said else None


def name(value: object, what: str) -> str:
    """An identifier exactly as it was sent, whatever text it is. Raises `UnusableError` if it is
    missing or too long.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not clean(value).strip():
        raise UnusableError(f"{what}.missing", f"{what.replace('_', ' ')} is missing")
    if len(value.encode(errors="replace")) > NAME_BYTES:
        reason = f"{what.replace('_', ' ')} is longer than {NAME_BYTES:,} bytes"
        raise UnusableError(f"{what}.unusable", reason)
    return value


def identifier(value: object, what: str, of: object) -> str:
    """A `name`, or where there is none that can be used, a digest of what it is the name of."""
    try:
        return name(value, what)
    except UnusableError as error:
        note(error.outcome.reason)
        return digest(of)


def link(value: object) -> str | None:
    """A URL that a browser can open."""
    url = line(value, 2_000) or ""
    return url if url.startswith(("https://", "http://")) else None


def moment(value: object, field: str = "", *, always: bool = False) -> datetime | None:
    """A time in UTC, whole to the microsecond; None for none, and before the year `NEVER` there is
    none, which is noted where there is `always` one. RFC 3339 is usual; what is written otherwise
    is noted, whether it can be read or not.
    """
    if value is None or value == "":
        return None
    number = as_number(value)
    try:
        found = since_1970(number) if number is not None else written(str(value))
    except (ValueError, OverflowError, TypeError):
        note(f"is no time: {line(value) or type(value).__name__}", *filter(None, (field,)))
        return None
    if number is not None:
        note(f"is {line(value)}, read as {found.isoformat()}", *filter(None, (field,)))
    elif is_leap(str(value)):
        note(f"has a second 60, read as {found.isoformat()}", *filter(None, (field,)))
    if found.year >= NEVER:
        return found
    if always:
        note(f"is no time: {line(value)}", *filter(None, (field,)))
    return None


def instant(value: object, field: str = "") -> datetime | None:
    """A time since 1970, in the unit that its size tells, where that is usual; as `moment`."""
    number = as_number(value)
    if not value or not number:
        return None if number == 0 else moment(value, field)
    try:
        return since_1970(number)
    except (ValueError, OverflowError):
        note(f"is no time: {line(value)}", *filter(None, (field,)))
        return None


def digest(said: object, chars: int = 32) -> str:
    """A short name for what is long: the same for the same values, in whatever order of keys."""
    return hashlib.sha256(msgspec.json.encode(said, order="sorted")).hexdigest()[:chars]


def incident_key(value: object) -> str | None:
    """The id of an incident of ours, if that is what a product was paged with."""
    return INCIDENT.id_kind.canonical(value) if isinstance(value, str) else None
