"""A body as JSON, also where it is not quite: a flaw costs the smallest part that it can.

What RFC 8259 allows takes the short way. Senders cut emoji in half, write NaN, +Inf, 1e400 and
control characters, put a byte order mark before all, or encode one word in Latin-1: then only what
cannot be kept is replaced, and noted. Lists that are cut off keep their whole items.
"""

import codecs
import json
import math
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from handlers.ingest.bare_words import with_bare_words_quoted
from handlers.ingest.flaws import Path, note
from handlers.ingest.loose_quotes import with_quotes_mended

DEPTH_MAX = 60
"""What is nested deeper, in a body that cannot be read otherwise, is left out."""
DIGITS_MAX = 300
SHOWN_CHARS = 40
DOCUMENTS_MAX = 10_000
"""So many objects may one body hold one after the other."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HALF = re.compile("[\ud800-\udfff]")
_STRING = r'"(?:[^"\\]|\\.)*+(?:"|\Z)'
_TOKEN = re.compile(rf"{_STRING}|[\[\]{{}},]", re.DOTALL)
_LOOSE_COMMA = re.compile(rf"({_STRING})|,(?=\s*[\]}}])", re.DOTALL)
_ESCAPE = re.compile(r'\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})?')
_GAP = re.compile("[\\s,\x1e]*")
"""What may stand between two of several bodies: lines, commas, the sign of RFC 7464."""
_CLOSING = {"[": "]", "{": "}"}


CUT_OFF = "the body is cut off: what followed is lost"


class NotJsonError(ValueError):
    """The bytes are no JSON, and cannot be taken for any."""


class _Odd(str):
    """A number that JSON does not know, or that is none, as it was written."""

    __slots__ = ()


def read_json(body: bytes) -> Any:
    """What a body says; flaws are noted. Raises `NotJsonError`."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        strict = error
    text = _text(body)
    if not text.strip():
        raise NotJsonError(str(strict))
    try:
        return _cleaned(_parsed(text), ())
    except json.JSONDecodeError:
        raise NotJsonError(str(strict)) from None
    except RecursionError:
        try:
            return _cleaned(_parsed(_shallow(text)), ())
        except (json.JSONDecodeError, RecursionError):
            raise NotJsonError("it is nested too deeply") from None


def documents(body: bytes) -> list[bytes]:
    """The objects that a body holds one after the other, in lines or without anything between, or
    as a list; the last one as it is, if it is cut off. A single one, and what is none, is not
    looked at: then it is the body alone.
    """
    text = _text(body)
    found = [text[start:end] for start, end in _places(text)]
    if len(found) == 1 and found[0].startswith("["):
        inner = found[0][1:].rpartition("]")[0]
        found = [inner[start:end] for start, end in _places(inner)]
        found = [] if any(not each.startswith("{") for each in found) else found
    if not 1 < len(found) <= DOCUMENTS_MAX:
        return [body]
    return [each.encode("utf-8", "surrogateescape") for each in found]


def _places(text: str) -> Iterator[tuple[int, int]]:
    """Where each object or list in a row begins and ends, up to what is none; the rest of the text
    is the last, if it begins one that does not end.
    """
    # Where it ends, not what it says: a number of Python may have 4,300 digits at most.
    place, decoder = 0, json.JSONDecoder(strict=False, parse_int=str, parse_float=str)
    while (place := _GAP.match(text, place).end()) < len(text):  # type: ignore[union-attr]
        if text[place] not in _CLOSING:
            return
        try:
            _, end = decoder.raw_decode(text, place)
        except (json.JSONDecodeError, RecursionError):
            yield place, len(text)
            return
        yield place, end
        place = end


def _text(body: bytes) -> str:
    """The characters; bytes that are none become halves of characters, which are noted later."""
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            note("the body begins with a byte order mark")
            rest = body[len(mark) :]
            return rest.decode(encoding, "surrogateescape" if encoding == "utf-8" else "replace")
    encoding = json.detect_encoding(body)
    if encoding.startswith(("utf-16", "utf-32")):
        note(f"the body is in {encoding.upper()}, not in UTF-8")
        return body.decode(encoding, "replace")
    return body.decode("utf-8", "surrogateescape").strip("\0")


def _parsed(text: str) -> Any:
    """What the text says, mended where it has to be. Raises `JSONDecodeError`, `RecursionError`."""
    try:
        return _decoded(text, strict=True)
    except json.JSONDecodeError as error:
        if error.msg.startswith("Invalid control character"):
            note("a control character stands in a text")
    try:
        return _decoded(text, strict=False)
    except json.JSONDecodeError:
        mended = _mended(text)
    quoted = with_quotes_mended(mended)
    mended = with_bare_words_quoted(mended) if quoted == mended else quoted
    try:
        return _decoded(mended, strict=False)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" and "{" not in mended[error.pos :]:
            note("something follows the end of the JSON")
            return _decoded(mended[: error.pos], strict=False)
        whole = _whole_items(mended)
        if whole is None:
            raise
    note(CUT_OFF)
    return _decoded(with_bare_words_quoted(whole), strict=False)


def _mended(text: str) -> str:
    """Without what may stand in JavaScript, and in paths of Windows, but not in JSON."""
    escaped = _ESCAPE.sub(lambda found: found[0] if len(found[0]) > 1 else r"\\", text)
    if escaped != text:
        note("a backslash begins no escape of JSON, and stands for itself")
    mended = _LOOSE_COMMA.sub(lambda found: found[1] or "", escaped)
    if mended != escaped:
        note("a comma stands before a closing bracket")
    return mended


def _decoded(text: str, *, strict: bool) -> Any:
    return json.loads(
        text, strict=strict, parse_constant=_Odd, parse_float=_number, parse_int=_integer
    )


def _number(said: str) -> float | _Odd:
    found = float(said)
    return found if math.isfinite(found) else _Odd(said[:DIGITS_MAX])


def _integer(said: str) -> int | _Odd:
    return int(said) if len(said) <= DIGITS_MAX else _Odd(said[: SHOWN_CHARS + 1])


def _cleaned(value: Any, path: Path) -> Any:
    """The same without what JSON does not know. Raises `RecursionError`."""
    if isinstance(value, dict):
        whole = {_whole(key, path): each for key, each in value.items()}
        return {key: _cleaned(each, (*path, key)) for key, each in whole.items()}
    if isinstance(value, list):
        return [_cleaned(each, (*path, place)) for place, each in enumerate(value)]
    if isinstance(value, _Odd):
        note(_odd(value), *path)
        return str(value)
    return _whole(value, path) if isinstance(value, str) else value


def _odd(value: _Odd) -> str:
    """What is wrong with it: JSON knows numbers of any size, but nothing like NaN."""
    shown = value if len(value) <= SHOWN_CHARS else f"{value[:SHOWN_CHARS]}…"
    if value.lstrip("-")[:1].isdigit():
        return f"is {shown}, which is no number that can be kept: it is too large"
    return f"is {shown}, which is no number of JSON"


def _whole(said: str, path: Path) -> str:
    found, halves = _HALF.subn("\ufffd", said)
    if halves:
        note("has what is no character; it is shown as \ufffd", *path)
    return found


def _whole_items(text: str) -> str | None:
    """A text that breaks off, with the whole items of its outermost list, and closed; None: it does
    not break off, or has no such item.
    """
    open_: list[str] = []
    cuts: dict[int, int] = {}  # where the last whole item of a list ended, by depth
    for token in _TOKEN.finditer(text):
        sign = token[0]
        if sign in _CLOSING:
            open_.append(sign)
        elif sign in ("]", "}"):
            if not open_ or _CLOSING[open_.pop()] != sign:
                return None
            cuts = {depth: end for depth, end in cuts.items() if depth <= len(open_)}
        if open_ and open_[-1] == "[" and sign in ("]", "}", ","):
            cuts[len(open_)] = token.start() if sign == "," else token.end()
    if not open_ or not cuts:
        return None
    depth = min(cuts)
    closing = "".join(_CLOSING[each] for each in reversed(open_[:depth]))
    return text[: cuts[depth]] + closing


def _shallow(text: str) -> str:
    """The text without what is nested deeper than `DEPTH_MAX`."""
    kept: list[str] = []
    depth = last = 0
    for token in _TOKEN.finditer(text):
        sign = token[0]
        if sign in _CLOSING:
            depth += 1
            if depth == DEPTH_MAX + 1:
                kept.append(text[last : token.start()])
        elif sign in ("]", "}"):
            depth -= 1
            if depth == DEPTH_MAX:
                kept.append('"…"')
                last = token.end()
    note(f"something is nested deeper than {DEPTH_MAX} times, and left out")
    return "".join((*kept, text[last:] if depth <= DEPTH_MAX else ""))
