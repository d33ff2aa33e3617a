"""From a message of the log to a commit, or to why it is none. Nothing that stands in the log stops
its reader: what is no commit is set aside, in its place.

What a message is follows from its subject and its bytes alone, so everybody who reads it, and
reads it again, comes to the same.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import NamedTuple

from adapters.storage.codec.codec import Codec, UnreadableError
from domain.kernel.aggregate import AnyAggregate
from domain.kernel.commit import Commit, Event, Recorded, Unreadable, set_aside
from domain.log import SKIPS, skips_in
from domain.registry import event_union

STREAMS_KNOWN = 100_000
REASON_CHARS = 500
SKIPPED = "skipped"

Decode = Callable[[bytes], Commit[Event]]


class Skip(NamedTuple):
    """A message that a person has given up, and why."""

    subject: str
    reason: str


class CommitReader:
    """Reads commits with `codec`. Where `aggregates` are given, each stream is that of one of them,
    and holds events of it alone. `skips` is what is left out of every history.
    """

    def __init__(self, codec: Codec, aggregates: Sequence[AnyAggregate] = ()) -> None:
        self._codec = codec
        self._kinds = {each.name: each for each in aggregates}
        self._codecs = {each.name: codec.only(event_union([each])) for each in aggregates}
        self._decoders: dict[str, Decode] = {}
        self.skips: dict[int, Skip] = {}
        self.judge = sha256(" ".join(sorted((*codec.tags, *self._kinds))).encode()).hexdigest()[:16]
        """The same for all releases that can read the same."""

    def read(self, position: int, subject: str, body: bytes) -> Recorded[Event]:
        """What stands at `position`."""
        if (skip := self.skips.get(position)) is not None:
            why = Unreadable(subject=subject, code=SKIPPED, reason=skip.reason, skipped=True)
            return set_aside(position, why, body)
        decode = self._decoders.get(subject)
        try:
            commit = (decode or self._decoder(subject, body))(body)
        except UnreadableError as error:
            reason = error.reason[:REASON_CHARS]
            code, tags = self._cause(error)
            why = Unreadable(subject=subject, code=code, reason=reason, tags=tags, judge=self.judge)
            return set_aside(position, why, body)
        if subject == SKIPS:
            for event in skips_in(commit):
                self.skips[event.position] = Skip(event.subject, event.reason)
        return Recorded(position, subject, commit, body)

    def _decoder(self, subject: str, body: bytes) -> Decode:
        """Who decodes what stands on a subject. Raises `UnreadableError` where that is no stream of
        ours.
        """
        if not self._kinds:
            return self._codec.decode
        name, _, id_ = subject.partition(".")
        aggregate = self._kinds.get(name)
        if aggregate is None:
            self._codec.decode(body)  # of a newer release, which its tags tell, or else of nobody
        if aggregate is None or not aggregate.names_one(id_):
            raise UnreadableError("subject.no_stream", f"{subject} is the stream of no aggregate")
        if len(self._decoders) >= STREAMS_KNOWN:
            self._decoders.clear()
        decoder = self._decoders[subject] = self._codecs[name].decode
        return decoder

    def _cause(self, error: UnreadableError) -> tuple[str, tuple[str, ...]]:
        """The code, and the tags that this release does not know at all."""
        if error.tags and self._codec.tags.issuperset(error.tags):
            return "event.misplaced", ()
        return error.code, error.tags
