"""Durable consumers on FastStream, whose work all instances of the service share.

The place of a consumer in its stream is a convenience, not the truth: after a crash the server may
deliver again what was acknowledged, and a consumer that was deleted starts from the beginning. So
what a message causes must be harmless to cause again. There is no last attempt: what cannot be
handled now waits, longer each time, and is never given up.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import NamedTuple

import structlog
from faststream import AckPolicy
from faststream.exceptions import NackMessage
from faststream.nats import JStream, NatsBroker, NatsMessage, PullSub
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import AckPolicy as ConsumerAckPolicy
from nats.js.api import ConsumerConfig, DeliverPolicy
from nats.js.errors import APIError, NotFoundError

from handlers.kernel.ports import Unavailable

log = structlog.get_logger(__name__)

AT_ONCE = 64
ACK_WAIT_S = 5.0  # so long does a message wait that an instance had in hand when it died
DELAY_MAX_S = 60.0
WATCH_EVERY_S = 5.0


class Later(Exception):  # noqa: N818 - an outcome, not a fault
    """It is too early for a message: the same again in `delay_s`."""

    def __init__(self, delay_s: float) -> None:
        super().__init__(f"in {delay_s:g} s")
        self.delay_s = delay_s


Handle = Callable[[Msg], Awaitable[None]]
"""Does what a message asks for. Raises `Unavailable`: the same again, later; `Later`: then."""


class Consumer(NamedTuple):
    """What is read from a stream, and under which name the place in it is kept. `headers_only`
    leaves the bodies with the server; `also` are further subjects; `pending_max` messages may wait
    to be acknowledged before the others do.
    """

    stream: str
    subject: str
    durable: str
    headers_only: bool = False
    also: tuple[str, ...] = ()
    pending_max: int = 1_000


def backoff_s(attempts: int) -> float:
    """0.5 s after the first attempt, twice as long after each further one, at most a minute."""
    return min(DELAY_MAX_S, 0.5 * 2.0 ** min(attempts - 1, 10))


def consumer(feed: Consumer) -> ConsumerConfig:
    """The durable consumer, with unlimited deliveries."""
    subjects = [feed.subject, *feed.also]
    return ConsumerConfig(
        name=feed.durable,
        durable_name=feed.durable,
        deliver_policy=DeliverPolicy.ALL,
        ack_policy=ConsumerAckPolicy.EXPLICIT,
        ack_wait=ACK_WAIT_S,
        max_deliver=-1,
        max_ack_pending=feed.pending_max,
        filter_subject=None if feed.also else feed.subject,
        filter_subjects=subjects if feed.also else None,
        headers_only=feed.headers_only,
    )


SETTINGS = (
    *("ack_policy", "ack_wait", "max_deliver", "max_ack_pending", "headers_only"),
    *("filter_subject", "filter_subjects"),
)


async def provision(js: JetStreamContext, feed: Consumer) -> bool:
    """Create the consumer, or put it right if it is another one; whether that was needed."""
    wanted = consumer(feed)
    try:
        stored = (await js.consumer_info(feed.stream, feed.durable)).config
    except NotFoundError:
        stored = None
    if stored and all(
        (getattr(stored, name) or None) == (getattr(wanted, name) or None) for name in SETTINGS
    ):
        return False
    await js.add_consumer(feed.stream, wanted)
    return True


def consume(broker: NatsBroker, feed: Consumer, handle: Handle) -> None:
    """Let the broker hand every message to `handle` once it is started; it is acknowledged when
    that returns. Provide the consumer before, with `kept`.
    """

    @broker.subscriber(
        feed.subject,  # what a durable consumer is given, the server knows
        durable=feed.durable,
        stream=JStream(feed.stream, declare=False),
        pull_sub=PullSub(batch_size=AT_ONCE, timeout=1.0),
        ack_policy=AckPolicy.NACK_ON_ERROR,
        decoder=_undecoded,
        no_reply=True,
    )
    async def handled(message: NatsMessage) -> None:
        raw: Msg = message.raw_message
        at = {"consumer": feed.durable, "position": raw.metadata.sequence.stream}
        try:
            await handle(raw)
        except Later as later:
            raise NackMessage(delay=later.delay_s) from later
        except Unavailable as unavailable:
            delay_s = backoff_s(raw.metadata.num_delivered)
            log.warning("message.deferred", **at, delay_s=delay_s, reason=str(unavailable))
            raise NackMessage(delay=delay_s) from unavailable
        except Exception as error:
            log.exception("message.failed", **at)
            raise NackMessage(delay=DELAY_MAX_S) from error


async def _undecoded(message: NatsMessage) -> bytes:
    return message.body


@contextlib.asynccontextmanager
async def kept(
    js: JetStreamContext, feed: Consumer, restore: Callable[[], Awaitable[None]] | None = None
) -> AsyncIterator[None]:
    """Provide the consumer, and put it back if it vanishes: a subscriber of a deleted consumer
    would go silent without an error. `restore` brings back its stream, where that may be empty.
    """
    await provision(js, feed)
    watch = asyncio.create_task(_watch(js, feed, restore))
    try:
        yield
    finally:
        watch.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watch


async def _watch(
    js: JetStreamContext, feed: Consumer, restore: Callable[[], Awaitable[None]] | None
) -> None:
    at = {"stream": feed.stream, "consumer": feed.durable}
    while True:
        await asyncio.sleep(WATCH_EVERY_S)
        try:
            try:
                recreated = await provision(js, feed)
            except NotFoundError:
                if restore is None:
                    raise
                log.warning("stream.missing", **at)
                await restore()
                recreated = await provision(js, feed)
            if recreated:
                log.warning("consumer.recreated", **at)
        except (NatsError, APIError, OSError, TimeoutError, Unavailable) as error:
            log.warning("consumer.unknown", **at, reason=str(error))
