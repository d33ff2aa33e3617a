"""A SEV1 behind a storm: how long until it is an incident, and until its page is received.

    python bench/storm.py [alerts] [own|group]

One source sends 10,000 warnings in bodies of 2 MiB; behind them another one sends 20 SEV1, one a
second. Each of the warnings is an alert of its own, or all are of one group. What counts is seen
from outside: `GET /v1/incidents`, and what a webhook receives. Memory is that of the service
without its servers. Without storms it was 34 and 106 s, and 1,500 messages for 1,500 alerts.
"""

import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx2
import uvloop

BODY_BYTES = 2 * 1024 * 1024
SEV1S = 20
GIVEN_UP_S = 600.0
SECRET = "a-public-bench-secret"
CONFIG = """
[log]
format = "json"
level = "warning"
[channels.hook]
kind = "webhook"
url = "http://127.0.0.1:{port}/"
secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
""" + "".join(
    f'[sources.{name}]\nkind = "alertmanager"\nsecrets = ["{SECRET}"]\n' for name in ("one", "two")
)


class Receiver:
    """What a webhook receives: when, and its text."""

    def __init__(self) -> None:
        self.messages: list[tuple[float, str]] = []

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = int(re.findall(rb"(?i)content-length: (\d+)", head)[0])
                body = await reader.readexactly(length)
                self.messages.append((time.perf_counter(), body.decode()))
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


class Service(NamedTuple):
    """A running service."""

    pid: int
    http: httpx2.AsyncClient

    def memory_mib(self) -> tuple[int, int]:
        """What it uses now, and has used at most."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        now, most = (re.findall(rf"{name}:\s+(\d+)", status)[0] for name in ("VmRSS", "VmHWM"))
        return int(now) // 1024, int(most) // 1024

    def cpu_s(self) -> float:
        """The processor time that it has used, however busy the machine was."""
        used = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        return sum(map(int, used)) / os.sysconf("SC_CLK_TCK")

    async def send(self, source: str, alerts: list[dict[str, Any]], group: str | None) -> None:
        body = {"version": "4", "alerts": alerts} | ({"groupKey": group} if group else {})
        sent = await self.http.post(
            f"/v1/webhooks/alertmanager/{source}",
            content=json.dumps(body).encode(),
            headers={"X-Commandpost-Secret": SECRET},
        )
        assert sent.status_code == 202, sent.text

    async def shown(self) -> list[str]:
        """The titles of the SEV1 that there are."""
        answer = await self.http.get("/v1/incidents", params={"severity": "SEV1", "limit": 100})
        return [each["title"] for each in answer.json()["incidents"]]

    async def translated(self) -> int:
        """How many signals have been worked off."""
        text = (await self.http.get("/metrics")).text
        counts = re.findall(
            r"^commandpost_signals_translated_total\{.*\} (\S+)", text, re.MULTILINE
        )
        return sum(int(float(count)) for count in counts)


@asynccontextmanager
async def running(port: int) -> AsyncIterator[Service]:
    """A service with embedded servers that tells a webhook on this port."""
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder)
        (state / "config.toml").write_text(CONFIG.format(port=port))
        program = Path(sys.executable).with_name("commandpost")
        command = [program, "up", "--config", state / "config.toml", "--state", state]
        process = subprocess.Popen(  # noqa: ASYNC220
            [*command, "--http", "127.0.0.1:0"], stdout=subprocess.DEVNULL
        )
        try:
            while not (state / "commandpost.json").exists():
                assert process.poll() is None, "the service has ended"
                await asyncio.sleep(0.05)
            where = json.loads((state / "commandpost.json").read_bytes())
            shown = {"Authorization": f"Bearer {(state / 'admin-token').read_text().strip()}"}
            async with httpx2.AsyncClient(
                base_url=where["http_url"], timeout=60, headers=shown
            ) as http:
                yield Service(process.pid, http)
        finally:
            process.terminate()
            process.wait(30)


def alert(name: str, severity: str) -> dict[str, Any]:
    """About 570 bytes, as Prometheus sends them."""
    host = f"{name}.eu-west-1.prod.example.com:9100"
    return {
        "status": "firing",
        "labels": {"alertname": "NodeDown", "instance": host, "severity": severity}
        | {"cluster": "eu-west-1", "team": "infra"},
        "annotations": {
            "summary": f"{name} is down",
            "description": "The node has not answered for five minutes; see the runbook and check"
            " its rack before you drain it.",
            "runbook_url": "https://runbooks.example.com/NodeDown",
        },
        "startsAt": "2026-05-04T08:00:00Z",
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "https://prometheus.example.com/graph?g0.expr=up%3D%3D0",
        "fingerprint": name,
    }


async def first(names: list[str], sent: dict[str, float], seen: Any) -> dict[str, float]:
    """How long each took from when it was sent until it was seen, to 20 ms."""
    took: dict[str, float] = {}
    began = time.perf_counter()
    while len(took) < len(names) and time.perf_counter() - began < GIVEN_UP_S:
        for name, at in await seen():
            if name in sent and name not in took:
                took[name] = at - sent[name]
        await asyncio.sleep(0.02)
    return took


def figures(took: dict[str, float]) -> str:
    ordered = sorted(took.values())
    if len(ordered) < SEV1S:
        return f"only {len(ordered)} of {SEV1S} within {GIVEN_UP_S:.0f} s"
    return f"p50 {ordered[SEV1S // 2 - 1]:5.2f} s   p99 {ordered[-1]:5.2f} s"


async def measure(service: Service, receiver: Receiver, count: int, group: str | None) -> None:
    names = [f"real-{number:02}" for number in range(SEV1S)]
    sent: dict[str, float] = {}

    async def shown() -> list[tuple[str, float]]:
        at = time.perf_counter()
        titles = await service.shown()
        return [(name, at) for name in names if any(name in title for title in titles)]

    async def received() -> list[tuple[str, float]]:
        told = list(receiver.messages)
        return [(name, at) for name in names for at, text in told if name in text]

    began, idle = time.perf_counter(), service.memory_mib()[0]
    per_body = BODY_BYTES // len(json.dumps(alert("node-12345", "warning")))
    bodies = range(0, count, per_body)
    for start in bodies:
        numbers = range(start, min(start + per_body, count))
        alerts = [alert(f"node-{number}", "warning") for number in numbers]
        await service.send("one", alerts, group)
    print(f"{count:,} alerts in {len(bodies)} bodies, taken in {time.perf_counter() - began:.1f} s")
    seeing = asyncio.gather(first(names, sent, shown), first(names, sent, received))
    for name in names:
        sent[name] = time.perf_counter()
        await service.send("two", [alert(name, "critical")], name)
        await asyncio.sleep(1)
    opened, told = await seeing
    print(f"SEV1 is an incident   {figures(opened)}")
    print(f"its page is received  {figures(told)}")
    while await service.translated() < len(bodies) + SEV1S:  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0.5)
    print(f"the storm is worked off after {time.perf_counter() - began:.0f} s")
    others = [text for _, text in receiver.messages if "real-" not in text]
    print(f"messages for the storm  {len(others)}")
    print(f"memory {idle} MiB before, {service.memory_mib()[1]} MiB at most")
    print(f"processor time of the service {service.cpu_s():.0f} s")


async def main(count: int, group: str | None) -> None:
    receiver = Receiver()
    server = await asyncio.start_server(receiver.take, "127.0.0.1", 0)
    async with server, running(server.sockets[0].getsockname()[1]) as service:
        await measure(service, receiver, count, group)


if __name__ == "__main__":
    asked = sys.argv[1:]
    shared = "node down" if asked[1:] == ["group"] else None
    uvloop.run(main(int(asked[0]) if asked else 10_000, shared))
