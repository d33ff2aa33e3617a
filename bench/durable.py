"""Appends per second to a server that flushes each write to the disk, one by one and in groups.

    python bench/durable.py [seconds per figure]

Slices alternate, so that a busy moment of the machine meets all alike; shown are medians.
"""

import statistics
import sys
import time

import uvloop
from append import Write, appends, commit, rate
from servers import compared

from adapters.storage.nats.event_store import open_store

SLICES = 5


async def main(seconds: float) -> None:
    async with compared(sync_always=True) as (requests, codec, plain, _):
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


if __name__ == "__main__":
    uvloop.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0))
