"""Appends per second to a server that flushes each write to the disk, one by one and in groups.

    python bench/durable.py [seconds per slice]

Slices take turns; shown are medians, and the bill of one: ours + the server's.
"""

import sys
from functools import partial

import uvloop
from append import appends, commit, rate
from servers import compared
from slices import Way, show, take_turns

from adapters.storage.nats.event_store import open_store

SLICES = 5


async def main(seconds: float) -> None:
    async with compared(sync_always=True) as (requests, codec, plain, _, pid):
        alone = await open_store(requests, codec)
        grouped = await open_store(requests, codec, grouped=True)
        js, body = plain.jetstream(), codec.encode(commit(0, 0))
        print("durable appends per second (share of js.publish), and the bill of one")
        for clients in (1, 16, 64, 256):
            write = partial(rate, clients=clients, seconds=seconds)
            ways: dict[str, Way] = {
                "js.publish": partial(write, lambda n, _: js.publish(f"bench.{n}", body)),
                "one by one": partial(write, appends(alone, clients)),
                "grouped": partial(write, appends(grouped, clients)),
            }
            show(f"{clients:3} clients:", await take_turns(ways, pid, SLICES))


if __name__ == "__main__":
    uvloop.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0))
