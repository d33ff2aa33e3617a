"""The broker of FastStream over a connection of ours, which no single message can break."""

from adapters.storage.nats.connection import NatsConnection
from handlers.messaging import Broker


class _SturdyBroker(Broker):
    client = NatsConnection


def open_broker(url: str, *, graceful_timeout_s: float) -> Broker:
    """A broker for `url` (a comma between servers of a cluster), to be started; it connects again
    for ever, and what it publishes meanwhile fails at once.
    """
    return _SturdyBroker(
        url.split(","),
        logger=None,
        pending_size=-1,
        max_reconnect_attempts=-1,
        reconnect_time_wait=0.1,
        ping_interval=5,
        graceful_timeout=graceful_timeout_s,
    )
