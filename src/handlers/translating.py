"""The consumer that turns stored signals into commands.

A signal that comes again changes nothing, because every command has an id that follows from the
report.
"""

import structlog
from faststream.nats import NatsBroker
from nats.aio.msg import Msg

from handlers.consuming import Feed, consume
from handlers.intake import Intake
from handlers.ports import SignalStore

log = structlog.get_logger(__name__)

# Bodies are read from the signal store.
FEED = Feed("SIGNALS", "raw.*.*", "translate", headers_only=True, also=("signals.*",))


def subscribe(broker: NatsBroker, signals: SignalStore, intake: Intake, feed: Feed = FEED) -> None:
    """Let the broker translate every signal once it is started."""

    async def translate(message: Msg) -> None:
        position = message.metadata.sequence.stream
        signal = await signals.get(position)
        if signal is None:
            log.error("signal.missing", position=position)
            return
        await intake.translate(signal)

    consume(broker, feed, translate)
