"""Objects of our own form from senders that do not keep to it: a field costs itself alone."""

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

import msgspec

from domain.kernel.refusal import Refused
from handlers.ingest.flaws import note
from handlers.ingest.reports import line, moment, text
from handlers.kernel.decoding import decode_body

S = TypeVar("S", bound=msgspec.Struct)

FIELDS_MAX = 50
"""So many fields of an object may be flawed."""


def forgiving(members: Mapping[str, Any], kind: type[S], needed: Collection[str]) -> S:
    """The object as a struct, without the fields that do not fit; those are noted. Raises
    `Refused` where a field is `needed`, or required and missing.
    """
    rest = dict(members)
    for _ in range(FIELDS_MAX):
        try:
            return decode_body(msgspec.json.encode(rest), kind)
        except Refused as refused:
            top = (refused.field or "").partition(".")[0].partition("[")[0]
            if top in needed or top not in rest:
                raise
            note(f"{refused.detail} (left out)")
            rest = _without(rest, top, refused.field or top)
    return decode_body(msgspec.json.encode(rest), kind)


def _without(members: dict[str, Any], top: str, path: str) -> dict[str, Any]:
    """Without what stands at the path, or without all of `top` where that is not to be found."""
    inner, key = members[top], path.removeprefix(top).removeprefix(".")
    if isinstance(inner, dict) and key in inner:
        return {**members, top: {name: it for name, it in inner.items() if name != key}}
    return {name: it for name, it in members.items() if name != top}


def as_texts(members: dict[str, Any], chars_max: Mapping[str, int]) -> dict[str, Any]:
    """With numbers as texts, and texts no longer than that, in these fields."""
    found = dict(members)
    for field, most in chars_max.items():
        value = found.get(field)
        if isinstance(value, int | float) and not isinstance(value, bool):
            found[field] = str(value)
        elif isinstance(value, str) and len(value) > most:
            note(f"is longer than {most:,} characters, and cut", field)
            found[field] = line(value, most) if "\n" not in value else (text(value) or "")[:most]
    return found


def with_times(members: dict[str, Any], *fields: str) -> dict[str, Any]:
    """With these times as RFC 3339 writes them; what is none is left out."""
    found = dict(members)
    for field in fields:
        if field in found:
            at = moment(found.pop(field), field)
            if at is not None:
                found[field] = at.isoformat()
    return found
