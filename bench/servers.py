"""One NATS server for a benchmark: ours and the plain client compare on it, in one run."""

import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import nats
from nats.aio.client import Client

from adapters.embedded.nats_server import EmbeddedNats
from adapters.storage.codec import Codec
from adapters.storage.codec.upcasters import UPCASTERS
from adapters.storage.nats.connection import connect
from adapters.storage.nats.requests import Requests
from adapters.storage.nats.streams import STREAMS, log_stream, provision
from domain.registry import AnyEvent


class Compared(NamedTuple):
    """Ways to one server: our `requests` with the `codec` of the log, and nats-py's `plain` client.
    `bench.*` goes to a stream with the settings of the log. `folder` goes with the server, whose
    process is `pid`.
    """

    requests: Requests
    codec: Codec
    plain: Client
    folder: Path
    pid: int


@asynccontextmanager
async def compared(*, sync_always: bool = False) -> AsyncIterator[Compared]:
    """A fresh server with all streams; `sync_always`: it flushes each write to the disk."""
    with tempfile.TemporaryDirectory() as state:
        server = await EmbeddedNats(Path(state), sync_always=sync_always).start()
        connection = await connect(server.admin_url)
        plain = await nats.connect(server.admin_url)
        try:
            bench = log_stream("BENCH", ["bench.*"], message_bytes_max=1 << 20)
            await provision(connection, (*STREAMS, bench))
            requests = await Requests(connection).start()
            yield Compared(requests, Codec(AnyEvent, UPCASTERS), plain, Path(state), server.pid)
        finally:
            await plain.close()
            await connection.close()
            await server.stop()


def processor_s(root: int) -> float:
    """User and system time of a server and of all its processes, those that ended included."""
    ticks = 0
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "stat").read_text().rpartition(")")[2].split()
        except (OSError, UnicodeDecodeError):
            continue  # not a process, or not any more
        if int(entry.name) == root:
            ticks += sum(map(int, words[11:15]))
        elif int(words[1]) == root:
            ticks += sum(map(int, words[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")
