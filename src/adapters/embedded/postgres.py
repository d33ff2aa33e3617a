"""A PostgreSQL of our own for the read models: data in the state folder, on loopback."""

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import msgspec

from adapters.embedded import placement
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
from adapters.embedded.service_role import ROLE, prepare_database, service_password

NAME = "commandpost"  # of the superuser and of the database
INITDB_TIMEOUT_S = 60.0
FAST, IMMEDIATE = signal.SIGINT, signal.SIGQUIT  # PostgreSQL 18 manual, 18.5 "Shutting Down"
SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "shared_buffers": "64MB",
    # Each read model takes one while it is built, and all may be built at once, or twice.
    "max_connections": "200",
    # A crash may lose the last commits but never consistency. Rows and the position they stand for
    # commit together, so a projector reads what was lost from the log again.
    "synchronous_commit": "off",
    "wal_level": "minimal",  # no replicas: COPY into a table made in the same transaction skips WAL
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "jit": "off",  # compiling costs more than these small queries take
    "log_min_messages": "warning",
    "log_checkpoints": "off",
    "timezone": "UTC",
}


class _PostgresSettings(msgspec.Struct, forbid_unknown_fields=True):
    port: int
    password: str


class EmbeddedPostgres(EmbeddedServer["_PostgresProgram"]):
    """One PostgreSQL server over one state folder, and where it is reached."""

    def __init__(self, state: Path, *, start_timeout_s: float = START_TIMEOUT_S):
        log = ServerLog(state.absolute() / "log" / "postgres.log")
        super().__init__(_PostgresProgram(state.absolute(), log), log, start_timeout_s)

    @property
    def url(self) -> str:
        """The database, as its owner, who is no superuser."""
        return self._program.service_url


class _PostgresProgram:
    """Its cluster, its command line, and whether it lets us in."""

    manner = Manner(
        name="PostgreSQL",
        stop=((FAST, 2.0), (IMMEDIATE, 1.0), (signal.SIGKILL, 10.0)),
        abort=((IMMEDIATE, 10.0), (signal.SIGKILL, 10.0)),
        gone_s=20.0,
        poll_max_s=0.2,  # each refusal during recovery is a line in its log
    )

    def __init__(self, state: Path, log: ServerLog):
        self._state = state
        self._log = log
        self._user = placement.unprivileged_user()
        self._home = Path()
        self._programs = Path()
        self.settings = _PostgresSettings(0, "")

    @property
    def service_url(self) -> str:
        """Where the service's database is reached."""
        return self._url(ROLE, service_password(self.settings.password), NAME)

    def _url(self, user: str, password: str, database: str) -> str:
        return f"postgresql://{user}:{password}@{HOST}:{self.settings.port}/{database}"

    @asynccontextmanager
    async def _as_superuser(self, database: str) -> AsyncIterator[asyncpg.Connection]:
        url = self._url(NAME, self.settings.password, database)
        connection = await asyncpg.connect(url, timeout=5.0, ssl=False)
        try:
            yield connection
        finally:
            await connection.close()

    async def find_home(self) -> Path:
        self._home, self._programs = await asyncio.to_thread(self._place)
        return self._home

    async def prepare(self, lock_fd: int) -> None:
        self.settings = load_settings(self._home, _PostgresSettings(0, new_password()))
        await self._create_cluster(lock_fd)

    def choose_ports(self) -> None:
        self.settings.port = free_port(self.settings.port)

    def spawn(self, lock_fd: int) -> ServerProcess:
        save_settings(self._home, self.settings)
        # Our lock proves that no server of this folder is left. PostgreSQL itself takes the file
        # of a killed one for a live one when its process id has been given out again.
        (self._home / "data" / "postmaster.pid").unlink(missing_ok=True)
        settings = {**SETTINGS, "port": str(self.settings.port)}
        return self._run(
            lock_fd, "postgres", "-D", str(self._home / "data"),
            *(word for name, value in settings.items() for word in ("-c", f"{name}={value}")),
        )  # fmt: skip

    async def answers(self) -> bool:
        """Whether our own server lets us in (another's would refuse the password)."""
        try:
            async with self._as_superuser("postgres") as connection:
                password = service_password(self.settings.password)
                await prepare_database(connection, NAME, password, self._as_superuser)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
            return False
        return True

    async def complaint(self) -> str:
        return ""  # it ends when it cannot write its log, and mends all else itself

    def _place(self) -> tuple[Path, Path]:
        if self._user is not None:
            placement.remove_orphans()
        return placement.data_home(self._state, self._user), placement.programs(self._user)

    def _run(self, lock_fd: int, program: str, *arguments: str) -> ServerProcess:
        return ServerProcess.spawn(
            [str(self._programs / program), *arguments],
            log=self._log,
            death_signal=IMMEDIATE,  # the postmaster ends its children itself, within 5 s at worst
            user=self._user,
            lock_fd=lock_fd,
        )

    async def _create_cluster(self, lock_fd: int) -> None:
        """Run initdb beside, then rename: a start killed half-way leaves no half cluster."""
        if self._existing_version() == placement.MAJOR:
            return
        fresh, password = self._empty_folder()
        # builtin C.UTF-8 sorts by code point everywhere; the host's locales never matter.
        process = self._run(
            lock_fd, "initdb", f"--pgdata={fresh}", f"--username={NAME}", f"--pwfile={password}",
            "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8", "--no-sync", "--no-instructions",
        )  # fmt: skip
        try:
            if not await process.gone(INITDB_TIMEOUT_S) or process.returncode != 0:
                raise self._log.failure(f"initdb failed with status {process.returncode}")
        finally:
            await process.end((signal.SIGKILL, 10.0))
            password.unlink()
        fresh.rename(self._home / "data")

    def _existing_version(self) -> str | None:
        marker = self._home / "data" / "PG_VERSION"
        if not marker.exists():
            return None
        version = marker.read_text().strip()
        if version != placement.MAJOR:
            raise EmbeddedServerError(
                f"{marker.parent} was made by PostgreSQL {version}, and this is "
                f"{placement.MAJOR}: delete it, and the read models are rebuilt from the log"
            )
        return version

    def _empty_folder(self) -> tuple[Path, Path]:
        """A new data folder and a file with the password, both the server user's."""
        fresh, password = self._home / "data.new", self._home / "initdb-password"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        write_private(password, self.settings.password.encode())
        if self._user is not None:
            os.chown(fresh, *self._user)
            os.chown(password, *self._user)
        return fresh, password
