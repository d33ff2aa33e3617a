"""What the fields of a body look like, as data: a field of another type costs itself alone."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from handlers.ingest.flaws import Path, note

TEXT = "a text"
ANY = "anything"
Shape = str | Mapping[str, Any] | Sequence[Any]
"""`TEXT`, which a number may stand for; `ANY`; an object, with the shapes of those fields that
matter (`"*"`: of all others); a list, with the shape of its items.
"""

OBJECT: Mapping[str, Any] = {}
TEXTS: Mapping[str, Any] = {"*": TEXT}

_NAMES = {dict: "an object", list: "a list", str: "a text", bool: "a truth value"}


def fit(body: dict[str, Any], shape: Mapping[str, Any], path: Path = ()) -> dict[str, Any]:
    """The body without fields of another type than they have in `shape`; those are noted. One thing
    may stand where a list of them is expected. Items that do not fit stay, for who reads the list.
    """
    for key, wanted in list(_wanted(body, shape)):
        body[key] = found = _fitted(body[key], wanted, (*path, key))
        if found is None:
            del body[key]
    return body


def _wanted(body: dict[str, Any], shape: Mapping[str, Any]) -> Iterator[tuple[str, Shape]]:
    others = shape.get("*")
    for key in body if others else shape.keys() & body.keys():
        wanted = shape.get(key, others)
        if body[key] is not None and wanted != ANY:
            yield key, wanted


def _fitted(value: Any, wanted: Shape, path: Path) -> Any:
    if isinstance(wanted, Mapping):
        if isinstance(value, dict):
            return fit(value, wanted, path)
        return _misfit(value, "an object", path)
    if isinstance(wanted, str):
        if isinstance(value, bool):
            return "true" if value else "false"
        return value if isinstance(value, str | int | float) else _misfit(value, wanted, path)
    if isinstance(value, dict) and value:
        note("is an object where a list is expected, and taken for its one item", *path)
        value = [value]
    if not isinstance(value, list):
        return _misfit(value, "a list", path)
    for place, item in enumerate(value):
        if isinstance(item, dict) and isinstance(wanted[0], Mapping):
            fit(item, wanted[0], (*path, place))
    return value


def _misfit(value: Any, wanted: str, path: Path) -> None:
    note(f"is {_NAMES.get(type(value), 'a number')} where {wanted} is expected", *path)
