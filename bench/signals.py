"""From a webhook to an incident and to the first attempt to notify, per second, in one run.

    python bench/signals.py [webhooks]

The service is a process of its own with embedded servers, all its read models, its processes and a
console channel. 32 connections deliver webhooks of two sources, each of another alert. `js.publish`
writes the same bodies with 64 clients to the same server, before and behind; shares are of the
mean. Processor time is that of the service without its servers, for each webhook.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

import nats
import uvloop
from append import rate
from nats.js import JetStreamContext

from adapters.clock import new_id

CONNECTIONS = 32
SECRET = "a-public-bench-secret"
SOURCES = ("one", "two")
CONFIG = (
    "".join(
        f'[sources.{name}]\nkind = "alertmanager"\nsecrets = ["{SECRET}"]\n' for name in SOURCES
    )
    + '[channels.console]\nkind = "console"\n[log]\nformat = "json"\nlevel = "warning"\n'
)
TICKS = os.sysconf("SC_CLK_TCK")


class Service(NamedTuple):
    """A running service, and a connection to its server that may do everything."""

    pid: int
    port: int
    js: JetStreamContext

    def processor_s(self) -> float:
        """What the service has used so far, without its servers."""
        stat = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(stat[11]) + int(stat[12])) / TICKS

    async def streams(self, kind: str) -> int:
        """How many aggregates of a kind there are."""
        info = await self.js.stream_info("EVENTS", subjects_filter=f"{kind}.*")
        return len(info.state.subjects or {})

    async def reaches(self, kind: str, count: int) -> float:
        """When there are so many aggregates of a kind; seen to 50 ms."""
        while await self.streams(kind) < count:  # noqa: ASYNC110 - the log tells nobody
            await asyncio.sleep(0.05)
        return time.perf_counter()


def webhook(number: int) -> bytes:
    """A body of Alertmanager with one alert that nobody has sent yet."""
    labels = {"alertname": "CheckoutSlow", "severity": "critical", "service": "checkout"}
    alert = {
        "status": "firing",
        "fingerprint": f"{number}-{new_id()}",
        "labels": labels | {"pod": f"checkout-{number}"},
        "annotations": {"summary": "p99 of checkout is above 2 s"},
        "startsAt": "2026-05-04T11:00:00Z",
        "endsAt": "0001-01-01T00:00:00Z",
    }
    group = {"version": "4", "groupKey": f"g{number}", "commonLabels": labels, "alerts": [alert]}
    return json.dumps(group).encode()


async def deliver(port: int, bodies: list[bytes]) -> None:
    """All bodies over `CONNECTIONS` connections; each waits for its 202."""
    left = list(enumerate(bodies))

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while left:
            number, body = left.pop()
            head = (
                f"POST /v1/webhooks/alertmanager/{SOURCES[number % 2]} HTTP/1.1\r\n"
                f"Host: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
                f"X-Commandpost-Secret: {SECRET}\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            writer.write(head.encode() + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            assert answer.startswith(b"HTTP/1.1 202"), answer
            _, _, rest = answer.lower().partition(b"content-length: ")
            await reader.readexactly(int(rest.partition(b"\r")[0]))
        writer.close()

    await asyncio.gather(*(client() for _ in range(CONNECTIONS)))


async def started(state: Path) -> tuple["subprocess.Popen[bytes]", dict[str, Any]]:
    """A service over a state folder, and where it says it is."""
    config = state / "config.toml"
    config.write_text(CONFIG)
    program = Path(sys.executable).with_name("commandpost")
    command = [program, "up", "--config", config, "--state", state, "--http", "127.0.0.1:0"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: ASYNC220
    announced = state / "commandpost.json"
    while not announced.exists():
        assert process.poll() is None, "the service has ended"
        await asyncio.sleep(0.05)
    return process, json.loads(announced.read_bytes())


async def measure(service: Service, count: int) -> None:
    bodies = [webhook(number) for number in range(count)]

    async def raw() -> float:
        return await rate(lambda n, k: service.js.publish(f"bench.{n}", bodies[k % count]), 64, 1.5)

    await deliver(service.port, [webhook(-1), webhook(-2)])
    await service.reaches("incident", 2)
    await service.reaches("notification", 2)
    before = await raw()
    began, used = time.perf_counter(), service.processor_s()
    opening = asyncio.create_task(service.reaches("incident", count + 2))
    telling = asyncio.create_task(service.reaches("notification", 3))
    await deliver(service.port, bodies)
    accepted_s, accepting_s = time.perf_counter() - began, service.processor_s() - used
    opened_s, opening_s = await opening - began, service.processor_s() - used
    told_s = await telling - began
    base = (before + await raw()) / 2
    print(f"{count} webhooks; js.publish {before:,.0f} and {2 * base - before:,.0f} /s")
    for name, took_s, cost_s in (
        ("accepted", accepted_s, accepting_s),
        ("opened", opened_s, opening_s),
    ):
        speed = count / took_s
        cost = f"{cost_s / count * 1e6:7,.0f} us of processor until then"
        print(f"{name:14} {speed:7,.0f} /s   ({speed / base:5.3f} x js.publish)   {cost}")
    print(f"first attempt to notify {told_s * 1000:,.0f} ms behind the first webhook")


async def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        process, where = await started(Path(folder))
        connection = await nats.connect(where["nats_admin_url"])
        try:
            js = connection.jetstream()
            await js.add_stream(name="BENCH", subjects=["bench.*"])
            port = int(where["http_url"].rpartition(":")[2])
            await measure(Service(process.pid, port, js), count)
        finally:
            await connection.close()
            process.terminate()
            process.wait(30)


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000))
