"""What is written to the log: one commit per accepted command, holding its events.

The shapes in this module are on disk. Rename nothing; add optional fields, or supersede a tag.
"""

from datetime import UTC, datetime
from functools import cache
from hashlib import blake2b
from typing import Annotated, Any, Generic, TypeVar

import msgspec

from domain.policy import Severity
from domain.policy.audience import Audience

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
"""A point in time with its zone, normalised to UTC; RFC 3339 on the wire."""


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""Where times begin that are counted in seconds."""


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="tag"):
    """Something that happened. Each kind has a permanent tag such as `incident.declared.v1`."""

    occurred_at: Instant


E_co = TypeVar("E_co", bound=Event, covariant=True)


class Commit(msgspec.Struct, Generic[E_co], frozen=True, kw_only=True, omit_defaults=True):
    """The events that one command caused, atomic, with where they came from.

    `id` is the id of the command, so writing the same command twice is visible in the log.
    `fingerprint` tells a repeated command from another one that reuses its id. `policy_version` is
    that of the policy in force when it was decided. `executives_from` is the level from which that
    policy lets executives hear of something, None for the usual one, SEV2: who is told follows from
    the log alone, so it has to be there. Nobody is told of what is `retold`: it had happened long
    before, and whoever told it did not ask for that. `unreached` are those of our own people whom
    it concerns, and whom no channel told of such a thing then. `via` is the principal that sent it,
    where that spoke on behalf of the actor.
    """

    id: str
    actor: str
    correlation_id: str
    recorded_at: Instant
    events: tuple[E_co, ...]
    causation_id: str | None = None
    fingerprint: str | None = None
    policy_version: str | None = None
    executives_from: Severity | None = None
    retold: bool = False
    unreached: tuple[Audience, ...] = ()
    via: str | None = None


class Unreadable(msgspec.Struct, frozen=True, kw_only=True):
    """Why what stands in the log is no commit to this release: `code` is stable, `reason` is for
    people. `subject` is the stream on which it stands, `tags` are those that this release does not
    know. What a person has `skipped` is settled: it stays out of every history for ever. `judge` is
    the same for releases that can read the same.
    """

    subject: str
    code: str
    reason: str
    tags: tuple[str, ...] = ()
    skipped: bool = False
    judge: str = ""


class Recorded(msgspec.Struct, Generic[E_co], frozen=True):
    """A commit with its place: `position` in the whole log, counted from 1, and its `stream`.
    `body` is how the log holds it, where it was read from there as a whole.

    What cannot be read keeps its place, so that positions have no gap: `unreadable` says why, the
    commit is empty, and the stream is `unreadable.<position>`, which no aggregate has.
    """

    position: int
    stream: str
    commit: Commit[E_co]
    body: bytes | None = None
    unreadable: Unreadable | None = None

    @property
    def aggregate(self) -> str:
        """The name of the kind of aggregate: what stands before the first dot of the stream."""
        return self.stream.partition(".")[0]

    @property
    def key(self) -> str:
        """The id of the aggregate: what stands behind the first dot of the stream."""
        return self.stream.partition(".")[2]

    @property
    def mark(self) -> str:
        """The `mark_of` this; one that was never encoded is told by its id."""
        return mark_of(self.position, self.commit.id.encode() if self.body is None else self.body)


def mark_of(position: int, body: bytes) -> str:
    """What tells the message at a position of the log from any other: the position and a digest of
    the bytes.
    """
    return f"{position}:{blake2b(body, digest_size=12).hexdigest()}"


IMPOSSIBLE = "history.impossible"
"""The code of a commit that can be read, but cannot have followed the ones before it."""

NO_COMMIT: Commit[Event] = Commit(id="", actor="", correlation_id="", recorded_at=EPOCH, events=())


def set_aside(position: int, why: Unreadable, body: bytes | None = None) -> Recorded[Event]:
    """What stands at `position`, and is no commit."""
    return Recorded(position, f"unreadable.{position}", NO_COMMIT, body, why)


def impossible(recorded: Recorded[Any], fault: Exception) -> Unreadable:
    """Why a commit cannot have followed what was before it: what the fold made of it."""
    reason = f"{type(fault).__name__}: {fault}"[:500]
    return Unreadable(subject=recorded.stream, code=IMPOSSIBLE, reason=reason)


@cache
def name_of(kind: type[Event]) -> str:
    """What stands in the middle of its permanent tag: `declared` of `incident.declared.v1`."""
    return str(kind.__struct_config__.tag).split(".")[1]


def event_id(commit_id: str, index: int) -> str:
    """The permanent id of the event at `index` of a commit, known before it is written."""
    return f"{commit_id}/{index}"
