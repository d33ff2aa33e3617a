"""What strangers have written on the stream of numbers that is no claim of one.

It counts for nothing, as `references` says; it is looked for so that somebody hears of it.
"""

from adapters.storage.nats.jetstream import direct_page, position_of
from adapters.storage.nats.references import NOBODYS, is_holder, number_of
from adapters.storage.nats.requests import RawReply, Requests
from adapters.storage.nats.streams import REFERENCES
from adapters.storage.nats.wire import header, readable
from handlers.projecting.set_aside import Gap

CODE = "reference.unreadable"
KEPT_MAX = 1_000
"""So many are kept to be listed; the others are counted."""


class StrayReferences:
    """Goes on behind what it has seen."""

    def __init__(self, requests: Requests, *, subject: str = "reference") -> None:
        self.count = 0
        self.found: list[Gap] = []
        self._requests = requests
        self._subject = subject
        self._seen = 0

    async def look(self) -> int:
        """How many there are up to now. Raises `Unavailable`."""
        complete = False
        while not complete:
            replies, complete = await direct_page(
                self._requests, REFERENCES, f"{self._subject}.>", self._seen
            )
            for reply in replies:
                self._seen = position_of(reply)
                gap = self._judge(reply)
                if gap is not None:
                    self.count += 1
                    self.found.append(gap)
            del self.found[:-KEPT_MAX]
        return self.count

    def forget(self) -> None:
        """The stream may be another one."""
        self.count, self.found, self._seen = 0, [], 0

    def _judge(self, reply: RawReply) -> Gap | None:
        subject = readable(header(reply.headers, b"Nats-Subject"))
        if subject == f"{self._subject}.{NOBODYS}.0":
            return None
        if number_of(subject) is None:
            reason = "this is the subject of no number"
        elif not is_holder(reply.payload):
            reason = "no id stands there"
        else:
            return None
        return Gap(
            position=position_of(reply),
            subject=subject,
            code=CODE,
            reason=f"{reason}: it counts for nothing, and there is nothing to settle",
            tags=(),
            read_models=(),
            log=REFERENCES,
        )
