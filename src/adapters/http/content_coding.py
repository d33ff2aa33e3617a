"""Bodies that were compressed on their way: `Content-Encoding` (RFC 9110, 8.4).

Signatures are over the bytes as they were sent: developer.pagerduty.com/docs/verifying-signatures
and docs.slack.dev/authentication/verifying-requests-from-slack say "the raw request body". So both
are handed on, what was sent and what it expands to.
"""

import zlib
from typing import NamedTuple, NoReturn

CODINGS = ("gzip", "deflate")
ACCEPTED = ", ".join(CODINGS)
CODINGS_MAX = 4
"""So many, one around the other, are taken off."""

PIECE_BYTES = 4_096
"""So much at a time is expanded of what does not expand as a whole."""

_GZIP, _ZLIB, _BARE = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS
GZIP_MAGIC = b"\x1f\x8b\x08"
"""What a gzip file begins with, and JSON never does."""


class UnknownCodingError(Exception):
    """A body is in a coding that is none of `CODINGS`."""


class ExpandsError(Exception):
    """A body expands to more than its limit."""


class Decoded(NamedTuple):
    """What was encoded; `flaw`: it is damaged, and this is what could be expanded of it."""

    body: bytes
    flaw: str | None = None


def decoded(body: bytes, header: str, bytes_max: int) -> Decoded:
    """What was encoded, of at most `bytes_max` bytes. What says that it is encoded and is not stays
    as it is: proxies decode and leave the header. Raises `UnknownCodingError`, `ExpandsError`.
    """
    codings = [each.strip().lower().removeprefix("x-") for each in header.split(",")]
    codings = [each for each in codings if each not in ("", "identity")]
    unknown = next((each for each in codings if each not in CODINGS), None)
    if unknown is not None or len(codings) > CODINGS_MAX:
        _refuse(unknown or header)
    if not codings and body.startswith(GZIP_MAGIC):
        codings = ["gzip"]
    flaw = None
    for coding in reversed(codings):
        try:
            expanded, whole = _expanded(body, coding, bytes_max)
            if not (expanded or whole):
                return Decoded(body, flaw)
            body = expanded
            flaw = flaw if whole else f"the {coding} body breaks off before its end"
        except zlib.error as error:
            saved = _before_damage(body, _GZIP if coding == "gzip" else _ZLIB, bytes_max)
            if not saved:
                return Decoded(body, flaw)
            body, flaw = saved, f"the {coding} body is damaged ({_why(error)})"
    return Decoded(body, flaw)


def _refuse(coding: str) -> NoReturn:
    raise UnknownCodingError(coding[:100])


def _expanded(body: bytes, coding: str, bytes_max: int) -> tuple[bytes, bool]:
    """What was encoded, and whether all of it came. Raises `zlib.error`, `ExpandsError`."""
    if coding == "gzip":
        return _inflated(body, _GZIP, bytes_max)
    try:
        return _inflated(body, _ZLIB, bytes_max)
    except zlib.error as framed:  # as some send it, without the frame that RFC 9110 asks for
        try:
            return _inflated(body, _BARE, bytes_max)
        except zlib.error:
            raise framed from None


def _inflated(body: bytes, window: int, bytes_max: int) -> tuple[bytes, bool]:
    found, whole = b"", True
    while body:
        stream = zlib.decompressobj(window)
        found += stream.decompress(body, bytes_max + 1 - len(found))
        if len(found) > bytes_max:
            raise ExpandsError
        whole = stream.eof
        if not whole or window != _GZIP:
            break
        body = stream.unused_data.lstrip(b"\0")  # a gzip file may have several members, and padding
        if found and not body.startswith(GZIP_MAGIC):
            break
    return found, whole


def _before_damage(body: bytes, window: int, bytes_max: int) -> bytes:
    """What expands of a damaged body, up to the damage; nothing of what was never encoded, as it
    begins otherwise. Raises `ExpandsError`.
    """
    found = bytearray()
    stream, place, step = zlib.decompressobj(window), 0, PIECE_BYTES
    while place < len(body) and not stream.eof and len(found) <= bytes_max:
        before = stream.copy()
        try:
            found += stream.decompress(body[place : place + step], bytes_max + 1 - len(found))
        except zlib.error:
            if step == 1:
                break
            stream, step = before, 1
        else:
            place += step
    if len(found) > bytes_max:
        raise ExpandsError
    return bytes(found)


def _why(error: zlib.error) -> str:
    """In the words of zlib: `Error -3 while decompressing data: incorrect data check`."""
    return str(error).rpartition(": ")[2]
