"""Messages over NATS: durable consumers and answers to requests, whose work all instances share.

Everything that handlers know of NATS and FastStream is here. The place of a consumer in its stream
is a convenience, not the truth: after a crash the server may deliver again what was acknowledged,
and a consumer that was deleted starts from the beginning. So what a message causes must be harmless
to cause again. There is no last attempt: what cannot be handled now waits, longer each time, and is
never given up.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, NamedTuple

import structlog
from faststream import AckPolicy
from faststream.exceptions import NackMessage
from faststream.nats import JStream, NatsBroker, NatsMessage, PullSub
from faststream.nats.response import NatsResponse
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.errors import TimeoutError as NothingCameError
from nats.js import JetStreamContext
from nats.js.api import AckPolicy as ConsumerAckPolicy
from nats.js.api import ConsumerConfig, DeliverPolicy
from nats.js.errors import APIError, NotFoundError

from handlers.consumers import DELAY_MAX_S, Consumer, Handle, Later, StreamMessage, backoff_s
from handlers.inboxes import OURS
from handlers.kernel.ports import Unavailable
from handlers.kernel.tasks import end
from handlers.movement import Movement

log = structlog.get_logger(__name__)

AT_ONCE = 64
ACK_WAIT_S = 5.0  # so long does a message wait that an instance had in hand when it died
WATCH_EVERY_S = 5.0
PAUSES_S = (0.05, 0.1, 0.2, 0.5, 1.0)
"""Between two requests for messages that failed at once; the last one, again and again."""


class _PatientPulls:
    """A pull subscription that pauses after a request that failed at once, and has brought nothing.

    FastStream asks again at once after some failures. After the others its task ends, another one
    starts at once, and every task that has ended is kept (github.com/ag2ai/faststream/issues/2632).
    """

    def __init__(self, pulls: JetStreamContext.PullSubscription) -> None:
        self._pulls = pulls
        self._failures = 0

    async def fetch(self, batch: int, timeout: float | None) -> list[Msg]:  # noqa: ASYNC109
        try:
            messages = await self._pulls.fetch(batch, timeout)
        except NothingCameError:
            messages = []  # it has waited already
        except (NatsError, APIError, OSError):
            await asyncio.sleep(PAUSES_S[min(self._failures, len(PAUSES_S) - 1)])
            self._failures += 1
            return []
        self._failures = 0
        return messages

    async def unsubscribe(self) -> None:
        await self._pulls.unsubscribe()


class _PatientJetStream(JetStreamContext):
    async def pull_subscribe(self, *args: Any, **options: Any) -> Any:
        return _PatientPulls(await super().pull_subscribe(*args, **options))


class Broker(NatsBroker):
    """FastStream's broker over a client of choice, whose consumers wait while NATS is away. Nothing
    is injected into its handlers: each thing that FastDepends injects costs a hop to a thread and
    back a message.
    """

    client: type[Client] = Client

    def __init__(self, *servers: Any, **settings: Any) -> None:
        super().__init__(*servers, apply_types=False, serializer=None, **settings)

    async def _connect(self) -> Client:
        client = self.client()
        await client.connect(**self._connection_kwargs)
        self.config.connect(client)
        state = self.config.broker_config.connection_state
        state.connect(client, _PatientJetStream(client))
        return client


class Request(NamedTuple):
    """A message whose sender waits for an answer. `correlation_id` is the sender's, or new."""

    subject: str
    body: bytes
    headers: Mapping[str, str]
    correlation_id: str


class Reply(NamedTuple):
    """The answer to a request."""

    body: bytes
    headers: dict[str, str]
    correlation_id: str


Respond = Callable[[Request], Awaitable[Reply]]
"""Answers a request. Raises nothing that its sender should know."""

Admit = Callable[[str, str], bool]
"""Whether the answer may go to a reply subject, which is the sender's choice; the second is the
subject of the request.
"""


def config_of(consumer: Consumer) -> ConsumerConfig:
    """The durable consumer, with unlimited deliveries."""
    subjects = [consumer.subject, *consumer.also]
    return ConsumerConfig(
        name=consumer.durable,
        durable_name=consumer.durable,
        deliver_policy=DeliverPolicy.NEW if consumer.from_now else DeliverPolicy.ALL,
        ack_policy=ConsumerAckPolicy.EXPLICIT,
        ack_wait=ACK_WAIT_S,
        max_deliver=-1,
        max_ack_pending=consumer.pending_max,
        filter_subject=None if consumer.also else consumer.subject,
        filter_subjects=subjects if consumer.also else None,
        headers_only=consumer.headers_only,
    )


SETTINGS = (
    *("ack_policy", "ack_wait", "max_deliver", "max_ack_pending", "headers_only"),
    *("filter_subject", "filter_subjects"),
)


async def provision(js: JetStreamContext, consumer: Consumer) -> bool:
    """Create the consumer, or put it right if it is another one; whether that was needed."""
    wanted = config_of(consumer)
    try:
        stored = (await js.consumer_info(consumer.stream, consumer.durable)).config
    except NotFoundError:
        stored = None
    if stored and all(
        (getattr(stored, name) or None) == (getattr(wanted, name) or None) for name in SETTINGS
    ):
        return False
    if stored:  # where it began is past, and the server lets nobody change it
        wanted.deliver_policy = stored.deliver_policy
    await js.add_consumer(consumer.stream, wanted)
    return True


def consume(broker: Broker, consumer: Consumer, handle: Handle) -> None:
    """Let the broker hand every message to `handle` once it is started; it is acknowledged when
    that returns. Provide the consumer before, with `keep`.
    """

    @broker.subscriber(
        consumer.subject,  # what a durable consumer is given, the server knows
        durable=consumer.durable,
        stream=JStream(consumer.stream, declare=False),
        pull_sub=PullSub(batch_size=AT_ONCE, timeout=1.0),
        ack_policy=AckPolicy.NACK_ON_ERROR,
        decoder=_whole,
        inbox_prefix=f"{OURS}.".encode(),
        no_reply=True,
    )
    async def handled(message: NatsMessage) -> None:
        raw: Msg = message.raw_message
        position = raw.metadata.sequence.stream
        at = {"consumer": consumer.durable, "position": position}
        try:
            await handle(StreamMessage(raw.subject, raw.data, position))
        except Later as later:
            raise NackMessage(delay=later.delay_s) from later
        except Unavailable as unavailable:
            delay_s = backoff_s(raw.metadata.num_delivered)
            log.warning("message.deferred", **at, delay_s=delay_s, reason=str(unavailable))
            raise NackMessage(delay=delay_s) from unavailable
        except Exception as error:
            log.exception("message.failed", **at)
            raise NackMessage(delay=DELAY_MAX_S) from error


def respond(
    broker: Broker, subject: str, answer: Respond, admit: Admit, *, queue: str, workers: int
) -> None:
    """Let the broker answer every request on `subject` once it is started, `workers` at a time.
    Whoever serves the same `queue` shares the work.
    """

    @broker.subscriber(subject, queue=queue, max_workers=workers, decoder=_whole)
    async def answered(message: NatsMessage) -> NatsResponse:
        asked = message.raw_message.subject
        reply = await answer(Request(asked, message.body, message.headers, message.correlation_id))
        if message.reply_to and not admit(message.reply_to, asked):
            message.reply_to = ""  # FastStream answers nobody then
        return NatsResponse(reply.body, headers=reply.headers, correlation_id=reply.correlation_id)


async def _whole(message: NatsMessage) -> NatsMessage:
    """The message as it came: what is wrong with its body is for the handler to say."""
    return message


@contextlib.asynccontextmanager
async def keep(
    js: JetStreamContext,
    consumer: Consumer,
    restore: Callable[[], Awaitable[None]] | None = None,
    movement: Movement | None = None,
) -> AsyncIterator[None]:
    """Provide the consumer, and put it back if it vanishes: a subscriber of a deleted consumer
    would go silent without an error. `restore` brings back its stream, where that may be empty;
    `movement` is told how much waits.
    """
    await provision(js, consumer)
    watch = asyncio.create_task(_watch(js, consumer, restore, movement or Movement()))
    try:
        yield
    finally:
        await end(watch)


async def _watch(
    js: JetStreamContext,
    consumer: Consumer,
    restore: Callable[[], Awaitable[None]] | None,
    movement: Movement,
) -> None:
    at = {"stream": consumer.stream, "consumer": consumer.durable}
    while True:
        await asyncio.sleep(WATCH_EVERY_S)
        try:
            try:
                recreated = await provision(js, consumer)
            except NotFoundError:
                if restore is None:
                    raise
                log.warning("stream.missing", **at)
                await restore()
                recreated = await provision(js, consumer)
            if recreated:
                log.warning("consumer.recreated", **at)
            info = await js.consumer_info(consumer.stream, consumer.durable)
            movement.note(consumer.durable, info.num_pending or 0, (info.delivered, info.ack_floor))
        except (NatsError, APIError, OSError, TimeoutError, Unavailable) as error:
            log.warning("consumer.unknown", **at, reason=str(error))
