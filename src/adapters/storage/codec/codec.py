"""JSON of commits: one typed pass for what is written today, upcasters for what was once written.

On disk a commit is `{"id", "actor", …, "events": [{"tag", "occurred_at", …fields}]}`.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from domain.kernel.commit import Commit, Event
from domain.kernel.totality import kinds

Json = dict[str, Any]
Upcaster = Callable[[Json], Json]
"""Turns an event of a retired tag into one of a later tag, both as on disk."""


class UnreadableError(AssertionError):
    """A commit in the log that this version cannot read. History is never skipped: stop."""


class Codec:
    """`events` is the union of all event types; `upcasters` maps each retired tag."""

    def __init__(self, events: Any, upcasters: Mapping[str, Upcaster]) -> None:
        in_use = {kind.__struct_config__.tag for kind in kinds(events)}
        if in_use & upcasters.keys():
            raise ValueError(f"retired and in use: {sorted(in_use & upcasters.keys())}")
        self._upcasters = upcasters
        self._commit: Any = Commit[events]
        self._decoder = msgspec.json.Decoder(self._commit)
        self._encoder = msgspec.json.Encoder()

    def encode(self, commit: Commit[Any]) -> bytes:
        return self._encoder.encode(commit)

    def decode(self, body: bytes) -> Commit[Event]:
        """Raises `UnreadableError` for an unknown tag or a commit that does not fit its types."""
        try:
            return self._decoder.decode(body)
        except msgspec.DecodeError as error:
            return self._decode_history(body, error)

    def _decode_history(self, body: bytes, error: msgspec.DecodeError) -> Commit[Event]:
        try:
            commit = msgspec.json.decode(body, type=Json)
            commit["events"] = [self.upcast(event) for event in commit["events"]]
            return msgspec.convert(commit, self._commit)  # type: ignore[no-any-return]
        except (msgspec.DecodeError, KeyError, TypeError) as still:
            raise UnreadableError(f"{still}, in {_excerpt(body)}") from error

    def upcast(self, event: Json) -> Json:
        """The event as of today's tag; an event with a tag of today is left alone."""
        for _ in range(len(self._upcasters) + 1):
            upcaster = self._upcasters.get(event["tag"])
            if upcaster is None:
                return event
            event = upcaster(event)
        raise UnreadableError(f"the upcasters of {event['tag']} run in a circle")


def _excerpt(body: bytes) -> str:
    return body[:500].decode(errors="replace")
