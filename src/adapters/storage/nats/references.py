"""Reference numbers on the stream REFERENCES: one subject per number, taken by the first to write.

`reference.<number>` are those of incidents, `reference.<prefix>.<number>` those of others, and
`reference.<prefix>-unlisted.<number>` those that are not handed out in turn. The body
is the id of the holder. What the stream loses, `restore` writes again from the log. What strangers
write there takes no number from its holder, and counts for nothing where it is no number, or no id.
"""

import asyncio
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import structlog

from adapters.storage.nats.jetstream import (
    WRONG_LAST_SEQUENCE,
    StoredMessage,
    stored_message,
    stream_info,
    write,
)
from adapters.storage.nats.requests import Requests
from adapters.storage.nats.streams import REFERENCES
from adapters.storage.nats.wire import header_block
from handlers.kernel.ports import UNLISTED, Unavailable, unlisted_number

CLAIM_ATTEMPTS_MAX = 10_000
CACHED_MAX = 100_000
RESTORED_TOGETHER = 256

_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
_HOLDER = re.compile(r"[A-Za-z0-9_-]{1,200}")

log = structlog.get_logger()

NOBODYS = "write_check"
"""The prefix of no aggregate."""
BARE = "INC"
"""The prefix whose numbers stood alone on the stream before there were others."""


class JetStreamReferences:
    """`handlers.kernel.ports.References`."""

    def __init__(self, requests: Requests, *, stream: str = REFERENCES, subject: str = "reference"):
        self._requests = requests
        self._stream = stream
        self._subject = subject
        self._next: defaultdict[str, int] = defaultdict(int)
        self._holders: dict[tuple[str, int], str] = {}

    async def claim(self, prefix: str, id_: str) -> int:
        if not self._next[prefix]:
            free = await self._first_free(prefix)
            self._next[prefix] = max(self._next[prefix], free)
        for _ in range(CLAIM_ATTEMPTS_MAX):
            number = self._next[prefix]
            self._next[prefix] = number + 1
            message_id = f"ref/{id_}" if prefix == BARE else f"ref/{prefix}/{id_}"
            taken = await self._take(prefix, number, id_, message_id=message_id)
            if taken is None:
                continue
            if taken != number and self._next[prefix] == number + 1:
                self._next[prefix] = number  # claimed before: this number is still free
            self._remember(prefix, taken, id_)
            return taken
        raise Unavailable(f"no free number below {prefix}-{self._next[prefix]}")

    async def claim_unlisted(self, prefix: str, id_: str) -> int:
        number = unlisted_number(id_)
        if await self._take(prefix, number, id_) is None:
            holder = await self.resolve(prefix, number)
            if holder != id_:
                raise Unavailable(f"{prefix}-{number} is held by {holder}")
        self._remember(prefix, number, id_)
        return number

    async def resolve(self, prefix: str, number: int) -> str | None:
        known = self._holders.get((prefix, number))
        if known is None:
            # Asked of the leader: a number claimed a moment ago must resolve.
            first = {"seq": 1, "next_by_subj": self._on(prefix, str(number))}
            taken = await stored_message(self._requests, self._stream, first)
            known = _holder_in(taken) if taken else None
            if known is None:
                return None
            self._remember(prefix, number, known)
        return known

    async def restore(self, prefix: str, pairs: Iterable[tuple[int, str]]) -> int:
        restored = 0
        # In order, for the newest message says where to go on; many are under way together.
        for some in _batched(sorted(pairs), RESTORED_TOGETHER):
            found = await asyncio.gather(
                *(self._restore_one(prefix, number, id_) for number, id_ in some)
            )
            restored += sum(found)
            in_turn = [number for number, _ in some if number not in UNLISTED]
            if in_turn:
                self._next[prefix] = max(self._next[prefix], in_turn[-1] + 1)
        return restored

    async def _restore_one(self, prefix: str, number: int, id_: str) -> bool:
        """Whether it was missing."""
        if await self._take(prefix, number, id_) is not None:
            self._remember(prefix, number, id_)
            return True
        holder = await self.resolve(prefix, number)
        if holder is None:  # a stranger's message stands there; the log knows better
            log.error("reference.unreadable", prefix=prefix, number=number, holder=id_)
            self._remember(prefix, number, id_)
            return False
        assert holder == id_, f"{prefix}-{number} of {id_} is held by {holder}"
        return False

    def forget(self) -> None:
        """Nothing is remembered of who holds which number."""
        self._holders.clear()
        self._next.clear()

    async def is_empty(self) -> bool:
        """Whether no number was ever claimed, or all were lost. Raises `Unavailable`."""
        subjects = (await stream_info(self._requests, self._stream)).state.num_subjects
        if subjects > 1:
            return False
        nobodys = {"last_by_subj": self._on(NOBODYS, "0")}
        checked = await stored_message(self._requests, self._stream, nobodys) is not None
        return subjects == checked

    async def prove(self) -> None:
        """Write what is nobody's number. Raises `Unavailable`."""
        block = header_block({"Nats-Expected-Stream": self._stream})
        await write(self._requests, self._stream, self._on(NOBODYS, "0"), b"", block)

    async def _take(self, prefix: str, number: int, id_: str, message_id: str = "") -> int | None:
        """The number that the holder has now, or None when `number` belongs to another."""
        headers = {"Nats-Expected-Last-Subject-Sequence": "0", "Nats-Expected-Stream": self._stream}
        if message_id:
            headers["Nats-Msg-Id"] = message_id
        subject = self._on(prefix, str(number))
        block = header_block(headers)
        ack = await write(self._requests, self._stream, subject, id_.encode(), block)
        if ack.error is None:
            if not ack.duplicate:
                return number
            # Where it is a stranger's message that has this id, claim without one.
            return await self._number_at(ack.seq) or await self._take(prefix, number, id_)
        if ack.error.err_code not in WRONG_LAST_SEQUENCE:
            raise Unavailable(f"{subject}: {ack.error.description} ({ack.error.err_code})")
        # Taken; maybe by this very claim, whose answer was lost.
        if message_id and await self.resolve(prefix, number) == id_:
            return number
        return None

    async def _first_free(self, prefix: str) -> int:
        """A first guess, made good by the conflicts of those that guessed alike."""
        newest = {"last_by_subj": self._on(prefix, "*")}
        message = await stored_message(self._requests, self._stream, newest)
        if message is None:
            return 1
        number = number_of(message.subject)
        if number is None:
            log.error("reference.unreadable", subject=message.subject, position=message.seq)
            return await self._search_free(prefix)
        return number + 1

    async def _search_free(self, prefix: str) -> int:
        """A number that is free, behind one that is taken: by doubling, then by halving."""
        taken, free = 0, 1
        while await self._is_taken(prefix, free):
            taken, free = free, free * 2
        while free - taken > 1:
            middle = (taken + free) // 2
            if await self._is_taken(prefix, middle):
                taken = middle
            else:
                free = middle
        return free

    async def _is_taken(self, prefix: str, number: int) -> bool:
        last = {"last_by_subj": self._on(prefix, str(number))}
        return await stored_message(self._requests, self._stream, last) is not None

    async def _number_at(self, position: int) -> int | None:
        message = await stored_message(self._requests, self._stream, {"seq": position})
        if message is None:
            raise Unavailable(f"{self._stream} has nothing at {position}")
        return number_of(message.subject)

    def _on(self, prefix: str, number: str) -> str:
        if number.isdecimal() and int(number) in UNLISTED:
            return f"{self._subject}.{prefix}-unlisted.{number}"
        if prefix == BARE:
            return f"{self._subject}.{number}"
        return f"{self._subject}.{prefix}.{number}"

    def _remember(self, prefix: str, number: int, id_: str) -> None:
        if len(self._holders) >= CACHED_MAX:
            self._holders.pop(next(iter(self._holders)))
        self._holders[prefix, number] = id_


def number_of(subject: str) -> int | None:
    """The number that a subject is for, None if it is for none."""
    last = subject.rsplit(".", 1)[1]
    return int(last) if _NUMBER.fullmatch(last) else None


def is_holder(body: bytes) -> bool:
    """Whether it may be the id of a holder."""
    return _HOLDER.fullmatch(body.decode(errors="replace")) is not None


def _holder_in(message: StoredMessage) -> str | None:
    return message.body.decode() if is_holder(message.body) else None


def _batched(pairs: Sequence[tuple[int, str]], size: int) -> Iterator[Sequence[tuple[int, str]]]:
    for start in range(0, len(pairs), size):
        yield pairs[start : start + size]
