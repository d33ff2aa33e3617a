"""Timers on the stream TIMERS, as message schedules: ADR-51 of nats-architecture-and-design.

`timer.set.<aggregate>.<key>.<name>` holds an armed timer. When it is due, the server moves its body
to `timer.fired.…`; a message on `timer.off.…` takes it away. Measurements and what was left out:
docs/decisions/0010-timers.md.
"""

from collections.abc import Callable
from datetime import UTC, datetime

import structlog

from adapters.storage.nats.jetstream import (
    WRONG_LAST_SEQUENCE,
    StoredMessage,
    WriteAck,
    ack_of,
    direct_page,
    position_of,
    stored_message,
)
from adapters.storage.nats.requests import ApiError, Requests
from adapters.storage.nats.streams import TIMERS, provide, timer_stream
from adapters.storage.nats.wire import header, header_block
from domain.kernel.commit import EPOCH
from handlers.kernel.ports import Unavailable
from handlers.processes.timers import (
    Timer,
    check_names,
    checked,
    decode,
    encode,
    in_order,
    names_of,
)

FIRED_KEPT = "24h"  # Go durations have no days. Nobody awake for so long: the reconciler arms again
OFF_KEPT = "10m"

# The server counts in nanoseconds: what is due in the year 1 never fires, in 2300 it fires at once.
EARLIEST = EPOCH
LATEST = datetime(2200, 1, 1, tzinfo=UTC)

log = structlog.get_logger(__name__)


def same(at: datetime) -> datetime:
    """The real time of a moment, where the clock of the service is the real one."""
    return at


class JetStreamTimers:
    """`handlers.processes.timers.Timers`. The server goes by real time: `real_time` says when a
    moment on the clock of the service is there.
    """

    def __init__(
        self,
        requests: Requests,
        *,
        stream: str = TIMERS,
        subject: str = "timer",
        real_time: Callable[[datetime], datetime] = same,
        replicas: int = 1,
    ) -> None:
        self._requests = requests
        self._replicas = replicas
        self._stream = stream
        self._subject = subject
        self._real_time = real_time

    async def arm(self, timer: Timer) -> None:
        """No message id: armed, cancelled and armed again, a timer would pass for a duplicate."""
        timer = checked(timer)
        body, schedule = encode(timer), self._schedule(timer.due_at)
        stored = await self._stored(*names_of(timer))
        if stored is not None and (stored.body, _schedule_of(stored.headers)) == (body, schedule):
            return
        headers = {
            "Nats-Schedule": schedule,
            "Nats-Schedule-Target": self._on("fired", *names_of(timer)),
            "Nats-Schedule-TTL": FIRED_KEPT,
        }
        subject = self._on("set", *names_of(timer))
        _accepted(subject, await self._publish(subject, body, headers))

    async def cancel(self, aggregate: str, key: str, name: str) -> None:
        check_names(aggregate, key, name)
        await self._cancel(aggregate, key, name)

    async def _cancel(self, *names: str) -> None:
        stored = await self._stored(*names)
        if stored is None:
            return
        armed, subject = self._on("set", *names), self._on("off", *names)
        headers = {
            "Nats-Schedule-Next": "purge",
            "Nats-Scheduler": armed,
            "Nats-Expected-Last-Subject-Sequence": str(stored.seq),
            "Nats-Expected-Last-Subject-Sequence-Subject": armed,
            "Nats-TTL": OFF_KEPT,
        }
        ack = await self._publish(subject, b"", headers)
        # It has fired since it was looked at, or was armed anew by somebody who may know more than
        # we do: one wake-up too many is harmless, one too few is not.
        if ack.error is None or ack.error.err_code not in WRONG_LAST_SEQUENCE:
            _accepted(subject, ack)

    async def armed(self) -> list[Timer]:
        """On several replicas it may be a moment behind; arming goes by the leader."""
        return await self._listed(self._on("set", "*", "*", "*"))

    async def take_over(self) -> None:
        """Arm what an earlier release has armed, under the names of today. Raises `Unavailable`."""
        for timer in await self._listed(self._on("set", "*", "*")):
            await self.arm(timer)
            await self._cancel(timer.key, timer.name)

    async def _listed(self, pattern: str) -> list[Timer]:
        timers: list[Timer] = []
        position, complete = 0, False
        while not complete:
            page, complete = await direct_page(self._requests, self._stream, pattern, position)
            for reply in page:
                position = position_of(reply)
                subject = header(reply.headers, b"Nats-Subject").decode()
                try:
                    timer = decode(subject, reply.payload)
                except ValueError as error:
                    log.warning("timer.unreadable", subject=subject, reason=str(error))
                    continue
                if _schedule_of(reply.headers):
                    timers.append(timer)
        return sorted(timers, key=in_order)

    async def restore(self) -> None:
        """Create the stream again if it is gone: empty, until what the log wants is armed again.
        Raises `Unavailable`.
        """
        wanted = timer_stream(self._stream, self._subject) | {"num_replicas": self._replicas}
        try:
            await provide(self._requests, wanted)
        except ApiError as error:
            raise Unavailable(str(error)) from error

    async def _stored(self, *names: str) -> StoredMessage | None:
        """The message that arms a timer, as the leader has it."""
        last = {"last_by_subj": self._on("set", *names)}
        stored = await stored_message(self._requests, self._stream, last)
        return stored if stored is not None and _schedule_of(stored.headers) else None

    async def _publish(self, subject: str, body: bytes, headers: dict[str, str]) -> WriteAck:
        block = header_block({"Nats-Expected-Stream": self._stream, **headers})
        return ack_of((await self._requests.ask(subject, body, block)).payload)

    def _on(self, kind: str, *names: str) -> str:
        return ".".join((self._subject, kind, *names))

    def _schedule(self, due_at: datetime) -> str:
        real = min(max(self._real_time(due_at), EARLIEST), LATEST)
        return f"@at {real.astimezone(UTC).isoformat()}"


def _schedule_of(headers: bytes) -> str:
    return header(headers, b"Nats-Schedule").decode()


def _accepted(subject: str, ack: WriteAck) -> None:
    if ack.error is not None:
        raise Unavailable(f"{subject}: {ack.error.description} ({ack.error.err_code})")
