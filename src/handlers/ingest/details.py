"""What a product adds in a structure of its own, for people to read."""

from collections.abc import Iterator

from handlers.ingest.reports import LIST_ITEMS, text

DEPTH_MOST = 6
"""What is nested deeper is not looked at."""
_INDENT = "  "


def readable(value: object) -> str | None:
    """A text as it is; an object as lines `key: value`, a list as lines `- item`, indented where
    they are nested. None if it says nothing.
    """
    if isinstance(value, dict | list):
        return text("\n".join(_lines(value, DEPTH_MOST)))
    return text(value)


def _lines(value: object, depth: int) -> Iterator[str]:
    if not depth:
        yield "…"
    elif isinstance(value, dict):
        for key, each in list(value.items())[:LIST_ITEMS]:
            yield from _under(f"{key}:", each, depth)
        yield from _more(len(value))
    elif isinstance(value, list):
        for each in value[:LIST_ITEMS]:
            yield from _under("-", each, depth)
        yield from _more(len(value))


def _under(head: str, value: object, depth: int) -> Iterator[str]:
    """`key: value` on a line, or the lines of a structure below its key. What is empty is left
    out.
    """
    if isinstance(value, list) and not any(isinstance(each, dict | list) for each in value):
        value = ", ".join(filter(None, map(_scalar, value[:LIST_ITEMS]))) + (
            f" and {len(value) - LIST_ITEMS} more" if len(value) > LIST_ITEMS else ""
        )
    if isinstance(value, dict | list):
        inner = list(_lines(value, depth - 1))
        if head == "-" and inner:
            yield f"- {inner[0]}"
            yield from (f"{_INDENT}{each}" for each in inner[1:])
        elif inner:
            yield head
            yield from (f"{_INDENT}{each}" for each in inner)
    elif said := _scalar(value):
        first, *rest = said.split("\n")
        yield f"{head} {first}"
        yield from (f"{_INDENT}{each}" for each in rest)


def _scalar(value: object) -> str | None:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return text(value)


def _more(count: int) -> Iterator[str]:
    if count > LIST_ITEMS:
        yield f"… and {count - LIST_ITEMS} more"
