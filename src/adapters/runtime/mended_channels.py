"""A channel that was tried by hand and works is used again at once, by every instance."""

from collections.abc import Sequence
from contextlib import suppress

import structlog

from adapters.storage.nats.connection import CannotConnectError, NatsConnection, connect
from handlers.kernel.ports import Unavailable
from handlers.notify.worker import DeliveryWorker

SUBJECT = "channels.worked"
"""No stream keeps it, and of the users in deploy/nats.conf the service alone may publish it."""
WITHIN_S = 2.0

log = structlog.get_logger()


async def hear(connection: NatsConnection, workers: Sequence[DeliveryWorker]) -> None:
    """From now on, workers hear which channels work."""
    known = {worker.name: worker for worker in workers}

    def mend(_: bytes, __: bytes, ___: bytes, payload: bytes) -> None:
        worker = known.get(payload.decode(errors="replace"))
        if worker is not None:
            log.info("channel.worked", channel=worker.name)
            worker.mend()

    await connection.listen(SUBJECT, mend)


async def tell(nats_url: str, channels: Sequence[str]) -> bool:
    """Tell the instances of the service at this server that these channels work; whether the server
    has taken that.
    """
    try:
        connection = await connect(nats_url, within_s=WITHIN_S)
    except CannotConnectError:
        return False
    try:
        for channel in channels:
            connection.send(SUBJECT, "", b"", channel.encode())
        with suppress(TimeoutError):
            await connection.flush(int(WITHIN_S))
            return True
    except Unavailable:
        pass
    finally:
        await connection.close()
    return False
