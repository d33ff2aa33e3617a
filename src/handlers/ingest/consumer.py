"""The consumer that turns stored signals into commands.

A signal that comes again changes nothing, because every command has an id that follows from the
report.
"""

import structlog

from handlers.ingest.translate import SignalTranslator
from handlers.kernel.ports import SignalStore
from handlers.messaging import Broker, Consumer, Later, StreamMessage, consume

log = structlog.get_logger(__name__)

# Bodies are read from the signal store. Ends of alerts that may fire again soon wait in the stream,
# and must not keep others waiting.
CONSUMER = Consumer(
    "SIGNALS",
    "raw.*.*",
    "translate",
    headers_only=True,
    also=("signals.*",),
    pending_max=50_000,
)


def subscribe(
    broker: Broker,
    signals: SignalStore,
    translator: SignalTranslator,
    consumer: Consumer = CONSUMER,
) -> None:
    """Let the broker translate every signal once it is started."""

    async def translate(message: StreamMessage) -> None:
        signal = await signals.get(message.position)
        if signal is None:
            log.error("signal.missing", position=message.position)
            return
        verdict = await translator.translate(signal)
        if verdict.again_in_s is not None:
            raise Later(verdict.again_in_s)

    consume(broker, consumer, translate)
