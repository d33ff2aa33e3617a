"""The service seen from outside: a process of its own, spoken to as its users do."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple, Self

import httpx2
import nats
from nats.aio.client import Client

from adapters.embedded import (
    EmbeddedNats,
    EmbeddedPostgres,
    embedded_nats,
    embedded_postgres,
    erase_data,
)
from support.forked import Forked
from support.patience import PATIENT_S, until

PROGRAM = str(Path(sys.executable).with_name("commandpost"))
USUAL = (PROGRAM,)
"""How a service is run; a test may run one with more in its registry."""
PD_SECRET, OG_SECRET = "a-public-test-secret", "another-public-test-secret"
SIGNAL_SECRET = "a-third-public-test-secret"
CI_KEY = "a-public-test-routing-key"
CONFIG = f"""
[sources.pd]
kind = "pagerduty"
secrets = ["{PD_SECRET}"]
[sources.og]
kind = "opsgenie"
secrets = ["{OG_SECRET}"]
[sources.shop]
kind = "cloudevents"
secrets = ["{SIGNAL_SECRET}"]
[sources.ci]
kind = "events_v2"
secrets = ["{CI_KEY}"]
[sources.zabbix]
kind = "generic"
preset = "zabbix"
secrets = ["{SIGNAL_SECRET}"]
[sources.amazon]
kind = "generic"
preset = "aws"
secrets = ["{SIGNAL_SECRET}"]
[sources.robot]
kind = "generic"
preset = "uptimerobot"
secrets = ["{SIGNAL_SECRET}"]
[[rules]]
name = "probes"
title = "^Test probe"
action = "ignore"
[channels]
[log]
format = "json"
"""
"""No channels: so the log grows by what a test does, and by nothing else."""


class Finished(NamedTuple):
    """How a command of the command line ended."""

    status: int
    raw: bytes
    err: str

    @property
    def out(self) -> str:
        return self.raw.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.raw)


class Reply(NamedTuple):
    """What a command answered: an HTTP status (0: over NATS), the headers, the document."""

    status: int
    headers: dict[str, str]
    body: Any


def environment() -> dict[str, str]:
    """Ours without what would configure the service."""
    return {
        name: value for name, value in os.environ.items() if not name.startswith("COMMANDPOST_")
    }


class Process:
    """One `commandpost up` over a state folder. After `kill` or `stop` it may be started again."""

    def __init__(
        self,
        state: Path,
        config: str = CONFIG,
        flags: tuple[str, ...] = (),
        program: tuple[str, ...] = USUAL,
    ) -> None:
        self.state = state
        self._program = program
        self.where: dict[str, Any] = {}
        self._flags = flags
        self._process: subprocess.Popen[bytes] | Forked | None = None
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.config = state / "config.toml"
        self.config.write_text(config)
        self.http = httpx2.AsyncClient()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def shown(self) -> dict[str, str]:
        """The header that shows the token of its administrator."""
        return admin_of(self.state)

    @property
    def token(self) -> str:
        """The same token, bare."""
        return self.shown["Authorization"].removeprefix("Bearer ")

    @property
    def status(self) -> int | None:
        """The exit status; None while running."""
        assert self._process is not None
        return self._process.poll()

    async def start(self, http: str = "127.0.0.1:0", within_s: float = PATIENT_S) -> Self:
        """Start, and wait until it says where it is."""
        announced = self.state / "commandpost.json"
        where = ["--config", str(self.config), "--state", str(self.state), "--http", http]
        self._process = self._run("up", *where, *self._flags)

        def ready() -> bool:
            assert self.status is None, f"ended with status {self.status}: {self.log()[-2000:]}"
            if not announced.exists():
                return False
            self.where = json.loads(announced.read_bytes())
            return bool(self.where["pid"] == self.pid)

        await until(ready, within_s)
        await self.http.aclose()
        self.http = httpx2.AsyncClient(
            base_url=self.where["http_url"], timeout=20, headers=self.shown
        )
        return self

    def _run(self, *arguments: str) -> subprocess.Popen[bytes] | Forked:
        out, err = self.state / "out.txt", self.state / "log.jsonl"
        if self._program == USUAL:
            return Forked(arguments, environment(), out, err)
        with out.open("ab") as to, err.open("ab") as log:
            return subprocess.Popen(
                [*self._program, *arguments], stdout=to, stderr=log, env=environment()
            )

    async def ended(self, within_s: float = PATIENT_S) -> int:
        """Wait for the process to end; its exit status."""
        await until(lambda: self.status is not None, within_s)
        await self.http.aclose()
        return self.status or 0

    async def stop(self, within_s: float = PATIENT_S) -> int:
        """Ask it to end; its exit status."""
        if self.status is None:
            os.kill(self.pid, signal.SIGTERM)
        return await self.ended(within_s)

    async def kill(self) -> None:
        """End it as a crash would."""
        os.kill(self.pid, signal.SIGKILL)
        await self.ended()

    def log(self) -> str:
        return (self.state / "log.jsonl").read_text(errors="replace")

    def log_lines(self) -> list[dict[str, Any]]:
        """What it has logged, one JSON object a line."""
        return [json.loads(line) for line in self.log().splitlines()]

    def troubles(self, last: int = 10) -> list[str]:
        """The last lines of its log that warn of something."""
        return [line for line in self.log().splitlines() if '"level": "info"' not in line][-last:]

    def children(self) -> dict[str, int]:
        """The process ids of its embedded servers, `nats-server` and `postgres`."""
        listed = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        found: dict[str, int] = {}
        for pid in listed:
            with suppress(FileNotFoundError, ProcessLookupError):  # one may end meanwhile
                found[Path(f"/proc/{pid}/comm").read_text().strip()] = int(pid)
        return found

    async def cli(self, *arguments: str, within_s: float = PATIENT_S, **env: str) -> Finished:
        """Run another command of `commandpost` over the same state folder and configuration."""
        return await command(
            *arguments, "--state", str(self.state), "--config", str(self.config),
            within_s=within_s, program=self._program, **env,
        )  # fmt: skip

    async def declare(self, title: str = "Checkout is slow", **body: Any) -> Any:
        """Declare an incident; the answer."""
        return (await self.post("/v1/incidents", {"title": title, **body})).body

    async def act(self, ref: str, name: str, **body: Any) -> Any:
        """A command that must be taken; the answer."""
        reply = await self.post(f"/v1/incidents/{ref}/{name}", body)
        assert reply.status == 200, reply
        return reply.body

    async def post(self, path: str, body: Any, **headers: str) -> Reply:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"content_type": "application/json", **headers}
        response = await self.http.post(path, content=content, headers=dashed(headers))
        return Reply(response.status_code, dict(response.headers), response.json())

    async def get(self, path: str, **query: Any) -> Any:
        """A question that must be answered with 200."""
        response = await self.http.get(path, params=query)
        assert response.status_code == 200, "\n".join((response.text, *self.troubles()))
        return response.json()

    async def head(self) -> int:
        """The position of the last commit in the log."""
        return int((await self.get("/health/ready"))["log"]["head"])

    async def events(self, ref: str) -> list[Any]:
        """What the log holds of an incident."""
        return list(await self.get(f"/v1/incidents/{ref}/events"))


def admin_of(state: Path) -> dict[str, str]:
    """The header that shows the token of the administrator of a state folder."""
    return {"Authorization": f"Bearer {(state / 'admin-token').read_text().strip()}"}


def dashed(headers: dict[str, str]) -> dict[str, str]:
    """`idempotency_key="k"` is the header `idempotency-key: k`."""
    return {name.replace("_", "-"): value for name, value in headers.items()}


async def command(
    *arguments: str, within_s: float = PATIENT_S, program: tuple[str, ...] = USUAL, **env: str
) -> Finished:
    """Run a command of `commandpost` to its end."""
    if program == USUAL:
        return await _forked(arguments, environment() | env, within_s)
    process = await asyncio.create_subprocess_exec(
        *program,
        *arguments,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment() | env,
    )
    try:
        out, err = await asyncio.wait_for(process.communicate(), within_s)
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
    assert process.returncode is not None
    return Finished(process.returncode, out, err.decode())


async def _forked(arguments: Sequence[str], env: dict[str, str], within_s: float) -> Finished:
    with tempfile.TemporaryDirectory(prefix="commandpost-printed-") as folder:
        out, err = Path(folder) / "out", Path(folder) / "err"
        process = Forked(arguments, env, out, err)
        try:
            status = await asyncio.wait_for(process.ended(), within_s)
        except TimeoutError:
            os.kill(process.pid, signal.SIGKILL)
            await process.ended()
            raise
        return Finished(status, out.read_bytes(), err.read_text())


@asynccontextmanager
async def state_folder() -> AsyncIterator[Path]:
    """An empty folder for the state of a service, erased at the end."""
    with tempfile.TemporaryDirectory(prefix="commandpost-outside-") as folder:
        try:
            yield Path(folder) / "state"
        finally:
            erase_data(Path(folder) / "state")


@asynccontextmanager
async def kept(service: Process) -> AsyncIterator[Process]:
    """The service, started; whatever was done to it, it runs no longer afterwards."""
    try:
        yield await service.start()
    finally:
        if service._process is not None and service.status is None:
            os.kill(service.pid, signal.SIGCONT)
            await service.stop()
        await service.http.aclose()


@asynccontextmanager
async def outside(
    config: str = CONFIG, *flags: str, program: tuple[str, ...] = USUAL
) -> AsyncIterator[Process]:
    """A service of one's own; whatever a test did to it, it runs no longer afterwards."""
    async with state_folder() as state, kept(Process(state, config, flags, program)) as service:
        yield service


@asynccontextmanager
async def on_servers(
    config: str = CONFIG,
) -> AsyncIterator[tuple[Process, EmbeddedNats, EmbeddedPostgres]]:
    """A service on servers of the test's own, which nobody but the test starts again."""
    async with (
        state_folder() as state,
        embedded_nats(state) as nats,
        embedded_postgres(state) as postgres,
        outside(
            config, "--nats-url", nats.url, "--nats-admin-url", nats.admin_url,
            "--database-url", postgres.url,
        ) as service,
    ):  # fmt: skip
        yield service, nats, postgres


@asynccontextmanager
async def messages(service: Process) -> AsyncIterator[Client]:
    """A connection to the service's NATS, as another program would make it."""
    client = await nats.connect(service.where["nats_url"])
    try:
        yield client
    finally:
        await client.close()


async def ask(client: Client, name: str, body: Any, **headers: str) -> Reply:
    """A command by request and reply."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    shown = {"-".join(part.title() for part in name.split("_")): v for name, v in headers.items()}
    reply = await client.request(f"commands.incident.{name}", content, 10, headers=shown or None)
    return Reply(0, dict(reply.headers or {}), json.loads(reply.data))
