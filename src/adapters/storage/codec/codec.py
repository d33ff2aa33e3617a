"""JSON of commits: one typed pass for what is written today, upcasters for what was once written.

On disk a commit is `{"id", "actor", …, "events": [{"tag", "occurred_at", …fields}]}`.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from domain.kernel.commit import Commit, Event
from domain.kernel.totality import kinds

Json = dict[str, Any]
TAG = re.compile(r"[a-z0-9_]{1,60}(\.[a-z0-9_]{1,60}){1,4}")
"""What a permanent tag looks like."""
Upcaster = Callable[[Json], Json]
"""Turns an event of a retired tag into one of a later tag, both as on disk."""


class UnreadableError(Exception):
    """A message of the log that is no commit to this release. `code` is stable; `tags` are those
    that this release does not know.
    """

    def __init__(self, code: str, reason: str, tags: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.code, self.reason, self.tags = code, reason, tags


class Codec:
    """`events` is the union of all event types; `upcasters` maps each retired tag."""

    def __init__(self, events: Any, upcasters: Mapping[str, Upcaster]) -> None:
        in_use = {kind.__struct_config__.tag for kind in kinds(events)}
        if in_use & upcasters.keys():
            raise ValueError(f"retired and in use: {sorted(in_use & upcasters.keys())}")
        self._upcasters = upcasters
        self.tags = frozenset((*map(str, in_use), *upcasters))
        """All that it can read."""
        self._commit: Any = Commit[events]
        self._decoder = msgspec.json.Decoder(self._commit)
        self._encoder = msgspec.json.Encoder()

    def only(self, events: Any) -> "Codec":
        """For commits of these events alone."""
        return Codec(events, self._upcasters)

    def encode(self, commit: Commit[Any]) -> bytes:
        return self._encoder.encode(commit)

    def decode(self, body: bytes) -> Commit[Event]:
        """Raises `UnreadableError`, and nothing else, whatever the bytes are."""
        try:
            return self._decoder.decode(body)
        except (ValueError, RecursionError):  # of msgspec, and of text that is not UTF-8
            return self._decode_history(body)

    def _decode_history(self, body: bytes) -> Commit[Event]:
        try:
            commit = msgspec.json.decode(body)
        except (ValueError, RecursionError) as error:
            reason = f"not JSON: {error}, in {_excerpt(body)}"
            raise UnreadableError("body.not_json", reason) from error
        if not isinstance(commit, dict):
            raise UnreadableError("body.no_commit", f"no object, in {_excerpt(body)}")
        if unknown := self._unknown_tags(commit):
            reason = f"this release does not know {', '.join(unknown)}: a newer one has written it"
            raise UnreadableError("tag.unknown", reason, unknown)
        try:
            commit["events"] = [self.upcast(event) for event in commit["events"]]
            return msgspec.convert(commit, self._commit)  # type: ignore[no-any-return]
        except UnreadableError:
            raise
        except Exception as error:  # whatever an upcaster makes of what never was an event
            reason = f"no commit: {error or type(error).__name__}, in {_excerpt(body)}"
            raise UnreadableError("body.no_commit", reason) from error

    def _unknown_tags(self, commit: Json) -> tuple[str, ...]:
        """The tags of what looks like a commit that this release does not know."""
        match commit:
            case {"id": str(), "events": [*events]}:
                tags = (event.get("tag") for event in events if isinstance(event, dict))
                named = (tag for tag in tags if isinstance(tag, str) and TAG.fullmatch(tag))
                return tuple(dict.fromkeys(tag for tag in named if tag not in self.tags))
        return ()

    def upcast(self, event: Json) -> Json:
        """The event as of today's tag; an event with a tag of today is left alone."""
        for _ in range(len(self._upcasters) + 1):
            upcaster = self._upcasters.get(event["tag"])
            if upcaster is None:
                return event
            event = upcaster(event)
        raise UnreadableError("body.no_commit", f"the upcasters of {event['tag']} run in a circle")


def _excerpt(body: bytes) -> str:
    return repr(body[:200].decode(errors="replace"))
