"""Request and reply through one inbox: many requests in flight, cheap to await.

The request of nats-py spends most of its time on a random token, a wait_for and a callback task
per request; here a request is a counter, a future and an entry in one table of deadlines.
"""

import asyncio
from typing import Any, NamedTuple, TypeVar

import msgspec

from adapters.storage.nats.connection import NatsConnection
from adapters.storage.nats.wire import status
from adapters.storage.nats.writes import Writes
from handlers.kernel.ports import Unavailable

SWEEP_S = 0.05
T = TypeVar("T")


class RawReply(NamedTuple):
    headers: bytes
    payload: bytes


class NoReply(Unavailable):
    """The server is there, and nobody has answered in time, or nobody listens."""


class ApiError(Exception):
    """JetStream refused a request. Codes: github.com/nats-io/nats-server server/errors.json."""

    def __init__(self, subject: str, error_code: int, description: str) -> None:
        super().__init__(f"{subject}: {description} ({error_code})")
        self.error_code = error_code


class ApiFault(msgspec.Struct, frozen=True):
    """The error object in an answer of JetStream."""

    code: int
    err_code: int = 0
    description: str = ""


class _Answer(msgspec.Struct, frozen=True):
    error: ApiFault | None = None


class _Waiting:
    __slots__ = ("deadline", "future", "parts")

    def __init__(self, future: asyncio.Future[RawReply], deadline: float) -> None:
        self.future = future
        self.deadline = deadline
        self.parts: list[RawReply] | None = None


class Requests:
    """Requests over one connection; `start` before the first. Deadlines are exact to 50 ms."""

    def __init__(self, connection: NatsConnection, timeout_s: float = 5.0) -> None:
        self.connection = connection
        self.writes = Writes()
        self._timeout_s = timeout_s
        self._waiting: dict[bytes, _Waiting] = {}
        self._inbox = connection.new_inbox()
        self._count = 0
        self._sweeping = False
        connection.on_lost.append(self._connection_lost)

    async def start(self) -> "Requests":
        await self.connection.listen(f"{self._inbox}.*", self._receive)
        return self

    async def ask(self, subject: str, payload: bytes, headers: bytes = b"") -> RawReply:
        """The one reply to a request. Raises `Unavailable` when nobody answers in time, nobody
        is there to answer, or the connection is lost.
        """
        inbox, waiting = self._expect()
        try:
            self.connection.send(subject, inbox, headers, payload)
            reply = await waiting.future
        finally:
            self._waiting.pop(inbox.encode(), None)
        if reply.headers and status(reply.headers) == 503:
            raise NoReply(f"{subject}: nobody answers here (503)")
        return reply

    async def collect(self, subject: str, payload: bytes) -> tuple[list[RawReply], RawReply]:
        """The messages that answer a request, and the status message that ends them."""
        inbox, waiting = self._expect()
        parts: list[RawReply] = []
        waiting.parts = parts
        try:
            self.connection.send(subject, inbox, b"", payload)
            end = await waiting.future
        finally:
            self._waiting.pop(inbox.encode(), None)
        return parts, end

    def waits_s(self) -> float:
        """How long the oldest request under way has waited for its answer, 0 if there is none."""
        for oldest in self._waiting.values():
            return asyncio.get_running_loop().time() - (oldest.deadline - self._timeout_s)
        return 0.0

    def tell(self, subject: str, payload: bytes, headers: bytes = b"") -> None:
        """Send without waiting; an answer is ignored."""
        self.connection.send(subject, f"{self._inbox}.0", headers, payload)

    def unique(self) -> str:
        """A name that no other connection and no other call gets."""
        self._count += 1
        return f"{self._inbox.rsplit('.', 1)[-1]}-{self._count}"

    async def api(self, subject: str, body: Any, answer: type[T]) -> T:
        """A call of the JetStream API with JSON in and out. Raises `ApiError`, `Unavailable`."""
        reply = await self.ask(subject, msgspec.json.encode(body) if body is not None else b"")
        fault = msgspec.json.decode(reply.payload, type=_Answer).error
        if fault is not None:
            raise ApiError(subject, fault.err_code, fault.description)
        return msgspec.json.decode(reply.payload, type=answer)

    def _expect(self) -> tuple[str, _Waiting]:
        loop = asyncio.get_running_loop()
        self._count += 1
        inbox = f"{self._inbox}.{self._count}"
        waiting = _Waiting(loop.create_future(), loop.time() + self._timeout_s)
        self._waiting[inbox.encode()] = waiting
        if not self._sweeping:
            self._sweeping = True
            loop.call_later(SWEEP_S, self._sweep)
        return inbox, waiting

    def _receive(self, subject: bytes, _: bytes, headers: bytes, payload: bytes) -> None:
        waiting = self._waiting.get(subject)
        if waiting is None:
            return  # late, or the answer to something told
        if waiting.parts is not None and not status(headers):
            waiting.parts.append(RawReply(headers, payload))
        elif not waiting.future.done():
            waiting.future.set_result(RawReply(headers, payload))

    def _sweep(self) -> None:
        now = asyncio.get_running_loop().time()
        for waiting in self._waiting.values():
            if waiting.deadline <= now and not waiting.future.done():
                why = f"no answer from NATS in {self._timeout_s:g} s"
                if self.connection.last_fault:
                    why += f"; the last fault of the connection: {self.connection.last_fault}"
                waiting.future.set_exception(NoReply(why))
        self._sweeping = bool(self._waiting)
        if self._sweeping:
            asyncio.get_running_loop().call_later(SWEEP_S, self._sweep)

    def _connection_lost(self) -> None:
        for waiting in self._waiting.values():
            if not waiting.future.done():
                waiting.future.set_exception(Unavailable("the connection to NATS was lost"))
