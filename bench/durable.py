"""Appends per second to a server that flushes each write to the disk, one by one and in groups.

    python bench/durable.py [seconds per figure]

Slices alternate, so that a busy moment of the machine meets all alike; shown are medians.
"""

import statistics
import sys
import tempfile
import time
from itertools import count
from pathlib import Path

import nats
import uvloop
from append import Write, commit, rate

from adapters.clock import new_id
from adapters.embedded.nats_server import EmbeddedNats
from adapters.storage.codec import Codec
from adapters.storage.codec.upcasters import UPCASTERS
from adapters.storage.nats.connection import connect
from adapters.storage.nats.event_store import JetStreamEventStore, open_store
from adapters.storage.nats.requests import Requests
from adapters.storage.nats.streams import STREAMS, log_stream, provision
from domain.registry import AnyEvent
from handlers.kernel.ports import Append

SLICES = 5


def appends(store: JetStreamEventStore, clients: int) -> Write:
    """Each client has an aggregate of its own and knows where it ends."""
    ends, streams = [0] * clients, [f"incident.{new_id()}" for _ in range(clients)]

    turn = count()

    async def write(n: int, _: int) -> None:
        ends[n] = await store.append(Append(streams[n], ends[n], commit(n, next(turn))))

    return write


async def main(seconds: float) -> None:
    with tempfile.TemporaryDirectory() as state:
        server = await EmbeddedNats(Path(state), sync_always=True).start()
        connection = await connect(server.admin_url)
        plain = await nats.connect(server.admin_url)
        try:
            bench = log_stream("BENCH", ["bench.*"], message_bytes_max=1 << 20)
            await provision(connection, (*STREAMS, bench))
            requests = await Requests(connection).start()
            codec = Codec(AnyEvent, UPCASTERS)
            alone = await open_store(requests, codec)
            grouped = await open_store(requests, codec, grouped=True)
            js, body = plain.jetstream(), codec.encode(commit(0, 0))
            print("durable appends per second (share of js.publish), and our CPU for each")
            for clients in (1, 16, 64, 256):
                ways: dict[str, Write] = {
                    "js.publish": lambda n, _: js.publish(f"bench.{n}", body),
                    "one by one": appends(alone, clients),
                    "grouped": appends(grouped, clients),
                }
                rates: dict[str, list[float]] = {name: [] for name in ways}
                bills: dict[str, list[float]] = {name: [] for name in ways}
                for _ in range(SLICES):
                    for name, write in ways.items():
                        began, cpu = time.perf_counter(), time.process_time()
                        found = await rate(write, clients, seconds)
                        done = found * (time.perf_counter() - began)
                        rates[name].append(found)
                        bills[name].append((time.process_time() - cpu) / done * 1e6)
                speeds = {name: statistics.median(found) for name, found in rates.items()}
                shown = [
                    f"{name} {speed:7,.0f} ({speed / speeds['js.publish']:5.2f})"
                    f" {statistics.median(bills[name]):4.0f} us"
                    for name, speed in speeds.items()
                ]
                print(f"{clients:3} clients: {'   '.join(shown)}")
        finally:
            await plain.close()
            await connection.close()
            await server.stop()


if __name__ == "__main__":
    uvloop.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0))
