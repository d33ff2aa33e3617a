"""A PostgreSQL of our own for the read models: data in the state folder, on loopback."""

import asyncio
import os
import secrets
import shutil
import signal
import time
from pathlib import Path
from typing import Self

import asyncpg
import msgspec

from adapters.embedded import placement
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

NAME = "commandpost"  # of the superuser and of the database
START_ATTEMPTS = 5
START_TIMEOUT_S = 60.0
INITDB_TIMEOUT_S = 60.0
FAST, IMMEDIATE = signal.SIGINT, signal.SIGQUIT  # PostgreSQL 18 manual, 18.5 "Shutting Down"
STOP = ((FAST, 15.0), (IMMEDIATE, 10.0), (signal.SIGKILL, 10.0))
SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "shared_buffers": "64MB",
    "max_connections": "50",
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


class _Settings(msgspec.Struct, forbid_unknown_fields=True):
    """Kept beside the data, so that the URL stays the same."""

    port: int
    password: str


class EmbeddedPostgres:
    """The life of one PostgreSQL server over one state folder."""

    def __init__(self, state: Path, *, start_timeout_s: float = START_TIMEOUT_S):
        self._state = state.absolute()
        self._log = Log(self._state / "log" / "postgres.log")
        self._start_timeout_s = start_timeout_s
        self._user = placement.unprivileged_user()
        self._home = Path()
        self._programs = Path()
        self._lock_fd = -1
        self._process: ServerProcess | None = None
        self._settings = _Settings(0, "")

    @property
    def pid(self) -> int:
        """The postmaster's process id."""
        return self._running().pid

    @property
    def running(self) -> bool:
        """Whether the postmaster is there."""
        return self._process is not None and self._process.running

    @property
    def url(self) -> str:
        """The database, as the owner of everything in this server."""
        return self._url(NAME)

    async def start(self) -> Self:
        """Start, on the port of last time if it is free, and wait until ready."""
        assert not self.running, "already started"
        self._home, self._programs = await asyncio.to_thread(self._prepare)
        if self._lock_fd < 0:
            self._lock_fd = await lock_folder(self._home)
        try:
            self._load()
            await self._create_cluster()
            await self._launch_on_free_port()
        except BaseException:
            self._unlock()
            raise
        return self

    async def stop(self) -> None:
        """End with a checkpoint and give the folder free; nothing happens if never started."""
        if self._process is not None:
            await self._process.end(*STOP)
            self._process = None
        self._unlock()

    async def kill(self) -> None:
        """End the postmaster as a crash would (SIGKILL) and wait for its children to notice."""
        await self._running().end((signal.SIGKILL, 20.0))

    async def restart(self) -> None:
        """Start again on the same port with the same data, after ending what still runs."""
        if self.running:
            await self._running().end(*STOP)
        elif not await self._running().gone(20.0):
            raise EmbeddedServerError(f"processes of {self.pid} remain; see {self._log.path}")
        deadline = time.monotonic() + 5.0
        while not await self._launch():
            if time.monotonic() > deadline:
                raise self._log.failure("PostgreSQL did not get its port back")
            await asyncio.sleep(0.1)

    def _running(self) -> ServerProcess:
        if self._process is None:
            raise EmbeddedServerError("the embedded PostgreSQL is not running")
        return self._process

    def _url(self, database: str) -> str:
        return (
            f"postgresql://{NAME}:{self._settings.password}@{HOST}:{self._settings.port}/{database}"
        )

    def _prepare(self) -> tuple[Path, Path]:
        if self._user is not None:
            placement.remove_orphans()
        return placement.data_home(self._state, self._user), placement.programs(self._user)

    def _load(self) -> None:
        path = self._home / "settings.json"
        if path.exists():
            self._settings = msgspec.json.decode(path.read_bytes(), type=_Settings)
        else:
            self._settings = _Settings(0, secrets.token_hex(16))
            write_private(path, msgspec.json.encode(self._settings))

    def _unlock(self) -> None:
        if self._lock_fd >= 0:
            os.close(self._lock_fd)
            self._lock_fd = -1

    def _spawn(self, program: str, *arguments: str) -> ServerProcess:
        return ServerProcess.spawn(
            [str(self._programs / program), *arguments],
            log=self._log,
            death_signal=IMMEDIATE,  # the postmaster ends its children itself, within 5 s at worst
            user=self._user,
            lock_fd=self._lock_fd,
        )

    async def _create_cluster(self) -> None:
        """Run initdb beside, then rename: a start killed half-way leaves no half cluster."""
        if self._existing_version() == placement.MAJOR:
            return
        fresh, password = self._empty_folder()
        # builtin C.UTF-8 sorts by code point everywhere; the host's locales never matter.
        process = self._spawn(
            "initdb", f"--pgdata={fresh}", f"--username={NAME}", f"--pwfile={password}",
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
        write_private(password, self._settings.password.encode())
        if self._user is not None:
            os.chown(fresh, *self._user)
            os.chown(password, *self._user)
        return fresh, password

    async def _launch_on_free_port(self) -> None:
        for _ in range(START_ATTEMPTS):
            self._settings.port = free_port(self._settings.port)
            if await self._launch():
                return
        raise self._log.failure("PostgreSQL lost its port to others, again and again")

    async def _launch(self) -> bool:
        """Start on the chosen port; False when it was taken in the meantime."""
        write_private(self._home / "settings.json", msgspec.json.encode(self._settings))
        # Our lock proves that no server of this folder is left. PostgreSQL itself takes the file
        # of a killed one for a live one when its process id has been given out again.
        (self._home / "data" / "postmaster.pid").unlink(missing_ok=True)
        settings = {**SETTINGS, "port": str(self._settings.port)}
        self._process = process = self._spawn(
            "postgres", "-D", str(self._home / "data"),
            *(word for name, value in settings.items() for word in ("-c", f"{name}={value}")),
        )  # fmt: skip
        try:
            return await self._ready(process)
        except BaseException:
            await process.end((IMMEDIATE, 10.0), (signal.SIGKILL, 10.0))
            raise

    async def _ready(self, process: ServerProcess) -> bool:
        deadline, pause_s = time.monotonic() + self._start_timeout_s, POLL_S
        while not await self._answers():
            if not process.running:
                await process.gone(10.0)
                if self._log.port_was_taken():
                    return False
                raise self._log.failure(f"PostgreSQL ended with status {process.returncode}")
            if time.monotonic() > deadline:
                raise self._log.failure(
                    f"PostgreSQL was not ready after {self._start_timeout_s:g} s"
                )
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 1.5, 0.2)  # each refusal during recovery is a line in its log
        return True

    async def _answers(self) -> bool:
        """Whether our own server lets us in (another's would refuse the password)."""
        try:
            connection = await asyncpg.connect(self._url("postgres"), timeout=5.0, ssl=False)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
            return False
        try:
            known = "SELECT true FROM pg_database WHERE datname = $1"
            if not await connection.fetchval(known, NAME):
                await connection.execute(f"CREATE DATABASE {NAME}")
        finally:
            await connection.close()
        return True
