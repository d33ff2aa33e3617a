"""Commands over HTTP and NATS to a whole service, in one run with nats-py's publish under the lock.

    python bench/entrances.py [seconds per slice] [rounds]

Clients are another process, each with a connection and an incident of its own; the plain publish
goes to a server of its own, from the same process. Slices of all figures take turns; ratios and
times are medians over the rounds. The bill is the processor time of one command: the service, and
its servers, with all read models.
"""

import asyncio
import json
import os
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from itertools import count
from urllib.parse import urlsplit

import nats
import uvloop
from append import NOTE, commit
from commands import declared
from live import locked, medians
from servers import compared
from whole_service import Live, in_words, whole_service

CLIENTS = (1, 64)
TOKEN = "COMMANDPOST_TOKEN"
Send = Callable[[int, int], Awaitable[object]]


async def over_http(url: str, incidents: Sequence[str]) -> Send:
    """Each client keeps its connection."""
    address = urlsplit(url)
    body = json.dumps({"text": NOTE}).encode()
    streams = [await asyncio.open_connection(address.hostname, address.port) for _ in incidents]
    heads = [
        f"POST /v1/incidents/{incident}/add_note HTTP/1.1\r\nHost: {address.netloc}\r\n"
        f"Authorization: Bearer {os.environ[TOKEN]}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        for incident in incidents
    ]

    async def send(n: int, _: int) -> None:
        reader, writer = streams[n]
        writer.write(heads[n] + body)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        assert head.startswith(b"http/1.1 200"), head
        length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
        await reader.readexactly(length)

    return send


async def over_nats(url: str, incidents: Sequence[str]) -> Send:
    """All over one connection, as of one program."""
    client, keys = await nats.connect(url), count()
    bodies = [json.dumps({"incident": each, "text": NOTE}).encode() for each in incidents]

    async def send(n: int, _: int) -> None:
        headers = {"Idempotency-Key": f"{os.getpid()}-{next(keys)}"}
        subject = "commands.incident.add_note"
        reply = await client.request(subject, bodies[n], timeout=30, headers=headers)
        assert b'"outcome":"decided"' in reply.data, reply.data

    return send


async def timed(send: Send, clients: int, seconds: float) -> list[float]:
    """How long each took."""
    took: list[float] = []
    end = time.perf_counter() + seconds

    async def client(n: int) -> None:
        while (began := time.perf_counter()) < end:
            await send(n, 0)
            took.append(time.perf_counter() - began)

    await asyncio.gather(*map(client, range(clients)))
    return took


async def serve_load(http_url: str, nats_url: str, incidents: Sequence[str]) -> None:
    """The other process: a slice for each line, `http 64 3.0`."""
    async with compared() as bare:
        plain = locked(bare.plain.jetstream(), bare.codec.encode(commit(0, 0)))
        nats_way = await over_nats(nats_url, incidents)
        print("ready", flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            name, clients, seconds = line.split()
            # Connections over HTTP that lie idle meanwhile would be closed.
            http = await over_http(http_url, incidents) if name == "http" else plain
            way = {"locked": plain, "http": http, "nats": nats_way}[name]
            took = await timed(way, int(clients), float(seconds))
            figures = [len(took), statistics.median(took) * 1e3]
            print(json.dumps(figures), flush=True)


async def compare(live: Live, seconds: float, rounds: int) -> None:
    incidents = await declared(live.parts.service.executor, max(CLIENTS))
    await live.shown()
    pipe, urls = asyncio.subprocess.PIPE, (live.http_url, live.nats_url)
    load = await asyncio.create_subprocess_exec(
        sys.executable, __file__, "load", *urls, *incidents, stdin=pipe, stdout=pipe
    )
    assert load.stdin is not None
    assert load.stdout is not None
    await load.stdout.readline()
    found: dict[tuple[str, int], list[tuple[float, ...]]] = {}
    for _ in range(rounds):
        for clients in CLIENTS:
            for name in ("locked", "http", "nats"):
                before = live.busy()
                load.stdin.write(f"{name} {clients} {seconds}\n".encode())
                done, median_ms = json.loads(await load.stdout.readline())
                await live.shown()
                per_us = live.bill_us(before, done)
                found.setdefault((name, clients), []).append((done / seconds, median_ms, *per_us))
    load.stdin.close()
    await load.wait()
    for (name, clients), rows in found.items():
        base = [each[0] for each in found["locked", clients]]
        share = statistics.median(r[0] / b for r, b in zip(rows, base, strict=True))
        rate, ms, *bill = medians(rows)
        print(f"{clients:2} x {name:6} {rate:7,.0f}/s  {share:5.2f} of locked  p50 {ms:6.2f} ms")
        if name != "locked":
            print(f"    {in_words(bill)}")


async def main(seconds: float, rounds: int) -> None:
    async with whole_service() as live:
        os.environ[TOKEN] = live.token
        await compare(live, seconds, rounds)


if __name__ == "__main__":
    given = sys.argv[1:]
    if given[:1] == ["load"]:
        uvloop.run(serve_load(given[1], given[2], given[3:]))
    else:
        uvloop.run(main(float(given[0]) if given else 3.0, int(given[1]) if given[1:] else 3))
