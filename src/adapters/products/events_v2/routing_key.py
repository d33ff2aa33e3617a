"""The routing key of an event: the secret of its sender, and therefore not to be kept."""

from collections.abc import Sequence

import msgspec

from adapters.products.kit.shared_secret import as_bytes, is_one_of
from handlers.ingest.reports import UnusableError, json_object

HIDDEN = "…"


def shows_key(body: bytes, secrets: Sequence[str]) -> bool:
    """Whether the routing key of a body is one of ours, in constant time."""
    try:
        key = json_object(body).get("routing_key")
    except UnusableError:
        return False
    return isinstance(key, str) and is_one_of([as_bytes(key)], secrets)


def without_key(body: bytes) -> bytes:
    """The body as it may be kept: with its key hidden, since the key is a secret."""
    try:
        members = json_object(body)
    except UnusableError:
        return body
    return msgspec.json.encode({**members, "routing_key": HIDDEN}) if members else body
