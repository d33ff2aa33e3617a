"""The routing key of an event: the secret of its sender, and therefore not to be kept."""

import re
from collections.abc import Sequence

import msgspec

from adapters.products.kit.shared_secret import as_bytes, is_one_of
from handlers.ingest.json_body import documents
from handlers.ingest.reading import json_object
from handlers.ingest.reports import UnusableError

HIDDEN = "…"
_MEMBER = re.compile(rb'(?<="routing_key")(\s*:\s*)"(?:[^"\\]|\\.)*"', re.DOTALL)

_HIDDEN = f':"{HIDDEN}"'.encode()


def shows_key(body: bytes, secrets: Sequence[str]) -> bool:
    """Whether the routing key of a body, or of each of several, is one of ours, each compared in
    constant time.
    """
    try:
        keys = [json_object(body).get("routing_key")]
    except UnusableError:
        several = documents(body)
        keys = [_key_of(each) for each in several] if len(several) > 1 else [None]
    shown = [as_bytes(key) if isinstance(key, str) else b"" for key in keys]
    return all(is_one_of([each], secrets) for each in shown)


def _key_of(body: bytes) -> object:
    try:
        return json_object(body).get("routing_key")
    except UnusableError:
        return None


def without_key(body: bytes) -> bytes:
    """The body as it may be kept: with its key hidden, since the key is a secret. A body that has
    flaws keeps them, so that they are found again.
    """
    try:
        msgspec.json.decode(body, type=msgspec.Raw)
        flawed = False
    except (msgspec.MsgspecError, ValueError, RecursionError):
        flawed = True
    try:
        members = json_object(body)
    except UnusableError:
        return _MEMBER.sub(_HIDDEN, body)
    if flawed:
        kept = _MEMBER.sub(_HIDDEN, body)
        if kept != body or "routing_key" not in members:
            return kept
    return msgspec.json.encode({**members, "routing_key": HIDDEN}) if members else body
