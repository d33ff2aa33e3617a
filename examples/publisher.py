"""A service that watches an error rate and tells Commandpost: run it with

    NATS_URL=nats://services:…@… NATS_INBOX=_INBOX.services python examples/publisher.py

It needs nothing of Commandpost but NATS, where its user may publish signals of one source, hear its
own inbox, and hear measurements. They arrive on the subject `measured.<service>` as
{"error_rate": 0.07}; above 5 % it signals, below it signals that it is over. Each signal is a
CloudEvent on `signals.services`, stored before FastStream's publish returns.
"""

import asyncio
import os
from datetime import UTC, datetime
from typing import Annotated
from uuid import uuid4

from faststream import FastStream, Path
from faststream.nats import NatsBroker

THRESHOLD = 0.05
SOURCE = os.environ.get("COMMANDPOST_SOURCE", "services")

broker = NatsBroker(
    os.environ.get("NATS_URL", "nats://127.0.0.1:4222"),
    inbox_prefix=os.environ.get("NATS_INBOX", "_INBOX"),
)
app = FastStream(broker)
burning: set[str] = set()


@broker.subscriber("measured.{service}")
async def measured(body: dict[str, float], service: Annotated[str, Path()]) -> None:
    """Signal when the error rate of a service crosses the threshold, either way."""
    rate = body["error_rate"]
    if rate > THRESHOLD and service not in burning:
        burning.add(service)
        await signal(service, "trigger", f"{service} answers {rate:.0%} of requests with errors")
    elif rate <= THRESHOLD and service in burning:
        burning.discard(service)
        await signal(service, "resolve", f"{service} is back at {rate:.1%} errors")


async def signal(service: str, action: str, summary: str) -> None:
    """Publish a signal and wait until it is stored; the id makes a repetition harmless."""
    event_id = str(uuid4())
    event = {
        "specversion": "1.0",
        "id": event_id,
        "source": "/examples/publisher",
        "type": f"com.example.error_rate.{action}",
        "time": datetime.now(UTC).isoformat(),
        "data": {
            "dedup_key": f"{service}/error-rate",
            "summary": summary,
            "severity": "critical",
            "service": service,
        },
    }
    await broker.publish(
        event, f"signals.{SOURCE}", stream="SIGNALS", headers={"Nats-Msg-Id": event_id}
    )


if __name__ == "__main__":
    asyncio.run(app.run())
