"""The consumer that turns stored signals into commands, on FastStream.

Its place in the stream is a convenience, not the truth: after a crash the server may deliver again
what was acknowledged, and a consumer that was deleted starts from the beginning. Both are harmless,
because every command has an id that follows from the report. There is no last attempt: what cannot
be handled now waits, longer each time, and is never given up.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import NamedTuple

import structlog
from faststream import AckPolicy
from faststream.exceptions import NackMessage
from faststream.nats import JStream, NatsBroker, NatsMessage, PullSub
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import AckPolicy as ConsumerAckPolicy
from nats.js.api import ConsumerConfig, DeliverPolicy
from nats.js.errors import APIError, NotFoundError

from handlers.intake import Intake
from handlers.ports import SignalStore, Unavailable

log = structlog.get_logger(__name__)

AT_ONCE = 64
ACK_WAIT_S = 5.0  # so long do the pages wait that an instance had in hand when it died
DELAY_MAX_S = 60.0
WATCH_EVERY_S = 5.0


class Feed(NamedTuple):
    """Where signals are read from, and under which name the place in the stream is kept."""

    stream: str = "SIGNALS"
    subjects: tuple[str, ...] = ("raw.*.*", "signals.*")
    durable: str = "translate"


FEED = Feed()


def backoff_s(attempts: int) -> float:
    """0.5 s after the first attempt, twice as long after each further one, at most a minute."""
    return min(DELAY_MAX_S, 0.5 * 2.0 ** min(attempts - 1, 10))


def consumer(feed: Feed) -> ConsumerConfig:
    """The durable consumer: unlimited deliveries, and only headers, as bodies are read from the
    signal store.
    """
    return ConsumerConfig(
        name=feed.durable,
        durable_name=feed.durable,
        deliver_policy=DeliverPolicy.ALL,
        ack_policy=ConsumerAckPolicy.EXPLICIT,
        ack_wait=ACK_WAIT_S,
        max_deliver=-1,
        max_ack_pending=1_000,
        filter_subjects=list(feed.subjects),
        headers_only=True,
    )


async def provision(js: JetStreamContext, feed: Feed = FEED) -> bool:
    """Create the consumer, or put it right if it is another one; whether that was needed."""
    wanted = consumer(feed)
    try:
        stored = (await js.consumer_info(feed.stream, feed.durable)).config
    except NotFoundError:
        stored = None
    if stored and all(getattr(stored, name) == getattr(wanted, name) for name in SETTINGS):
        return False
    await js.add_consumer(feed.stream, wanted)
    return True


SETTINGS = (
    *("ack_policy", "ack_wait", "max_deliver", "max_ack_pending", "headers_only"),
    "filter_subjects",
)


def subscribe(broker: NatsBroker, signals: SignalStore, intake: Intake, feed: Feed = FEED) -> None:
    """Let the broker translate every signal once it is started; call `provision` before that."""

    @broker.subscriber(
        feed.subjects[0],  # of a durable consumer the server knows what it is given
        durable=feed.durable,
        stream=JStream(feed.stream, declare=False),
        pull_sub=PullSub(batch_size=AT_ONCE, timeout=1.0),
        ack_policy=AckPolicy.NACK_ON_ERROR,
        no_reply=True,
        decoder=_unread,
    )
    async def translate(body: bytes, message: NatsMessage) -> None:
        metadata = message.raw_message.metadata
        try:
            signal = await signals.get(metadata.sequence.stream)
            if signal is None:
                log.error("signal.missing", position=metadata.sequence.stream)
                return
            await intake.translate(signal)
        except Unavailable as unavailable:
            delay_s = backoff_s(metadata.num_delivered)
            log.warning(
                "signal.deferred",
                position=metadata.sequence.stream,
                delay_s=delay_s,
                reason=str(unavailable),
            )
            raise NackMessage(delay=delay_s) from unavailable
        except Exception as error:
            log.exception("signal.failed", position=metadata.sequence.stream)
            raise NackMessage(delay=DELAY_MAX_S) from error


async def _unread(message: NatsMessage) -> bytes:
    """Only headers are delivered, and a `content-type` among them speaks of a body elsewhere."""
    return message.body


@contextlib.asynccontextmanager
async def kept(js: JetStreamContext, feed: Feed = FEED) -> AsyncIterator[None]:
    """Provide the consumer, and put it back if it vanishes: a subscriber of a deleted consumer
    would go silent without an error.
    """
    await provision(js, feed)
    watch = asyncio.create_task(_watch(js, feed))
    try:
        yield
    finally:
        watch.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watch


async def _watch(js: JetStreamContext, feed: Feed) -> None:
    while True:
        await asyncio.sleep(WATCH_EVERY_S)
        try:
            if await provision(js, feed):
                log.warning("consumer.recreated", stream=feed.stream, consumer=feed.durable)
        except (NatsError, APIError, OSError, TimeoutError) as error:
            log.warning(
                "consumer.unknown", stream=feed.stream, consumer=feed.durable, reason=str(error)
            )
