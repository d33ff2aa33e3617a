"""Server processes that end with us, the lock on their folder, and the ports they listen on."""

import asyncio
import fcntl
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple, Protocol, Self

HOST = "127.0.0.1"
# Below every usual ephemeral range (32768 on Linux, 49152 elsewhere): while a server is down, no
# outgoing connection can be given its port, so a restart on the same port does not fail by chance.
PORTS = range(20_000, 30_000)
POLL_S = 0.005
RUNNING: "set[ServerProcess]" = set()
"""The servers of this process that have not ended."""
EXEC_CHILD = Path(__file__).with_name("exec_child.py")


class EmbeddedServerError(RuntimeError):
    """An embedded server could not be started or stopped; the message says what to do."""


class SystemUser(NamedTuple):
    """Whom a server runs as, by number."""

    uid: int
    gid: int


class Output(Protocol):
    """Where a server writes what it has to say."""

    path: Path

    def open(self) -> IO[bytes]: ...


class ServerProcess:
    """One running server and the processes it forked."""

    def __init__(self, popen: subprocess.Popen[bytes], log: Output, alive_fd: int, lifeline: int):
        self._popen = popen
        self._log = log
        self._alive_fd = alive_fd
        self._lifeline = lifeline
        RUNNING.add(self)

    @classmethod
    def spawn(
        cls,
        program: list[str],
        *,
        log: Output,
        death_signal: signal.Signals,
        user: SystemUser | None = None,
        lock_fd: int,
        use_lifeline: bool = sys.platform != "linux",
    ) -> Self:
        """Start a program that gets `death_signal` when the calling thread or process dies."""
        # Every process of the server inherits the pipe's write end and the lock: the pipe tells us,
        # and the lock tells other processes, when the last of them has gone.
        alive_fd, inherited = os.pipe()
        os.set_blocking(alive_fd, False)
        lifeline_read, lifeline = os.pipe() if use_lifeline else (-1, -1)
        uid, gid = user or (-1, -1)
        numbers = [os.getpid(), int(death_signal), uid, gid, lifeline_read]
        try:
            with log.open() as output:
                popen = subprocess.Popen(  # noqa: S603
                    [sys.executable, "-I", "-S", EXEC_CHILD, *map(str, numbers), *program],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    cwd="/",
                    env=_environment(),
                    pass_fds=[fd for fd in (inherited, lock_fd, lifeline_read) if fd >= 0],
                    start_new_session=True,  # Ctrl-C in a terminal is for us; we stop the servers
                )
        except BaseException:
            _close(alive_fd, lifeline)
            raise
        finally:
            _close(inherited, lifeline_read)
        return cls(popen, log, alive_fd, lifeline)

    @property
    def pid(self) -> int:
        """The process id of the server (of the postmaster, for PostgreSQL)."""
        return self._popen.pid

    @property
    def running(self) -> bool:
        """Whether the server process itself is there."""
        return self._popen.poll() is None

    @property
    def returncode(self) -> int | None:
        """The exit status; negative for a signal, None while running."""
        return self._popen.poll()

    def send(self, sent: signal.Signals) -> None:
        """Signal the server, if it is still there. SIGKILL goes to what it forked as well, which
        may be unable to notice: stopped, say.
        """
        children = _children(self.pid) if sent == signal.SIGKILL and self.running else []
        self._popen.send_signal(sent)
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, sent)

    async def gone(self, timeout_s: float) -> bool:
        """Wait until the server and all that it forked have ended; False when time ran out."""
        deadline = time.monotonic() + timeout_s
        while self.running or not self._all_gone():
            if time.monotonic() > deadline:
                return False
            await asyncio.sleep(POLL_S)
        _close(self._alive_fd, self._lifeline)
        self._alive_fd = self._lifeline = -1
        RUNNING.discard(self)
        return True

    async def end(self, *steps: tuple[signal.Signals, float]) -> None:
        """Send each signal and wait for its seconds, until the server is gone. One that is stopped
        (SIGSTOP, a debugger) notices nothing but SIGKILL.
        """
        for sent, timeout_s in steps:
            if sent != signal.SIGKILL and self.running and _state(self.pid) in {"T", "t"}:
                continue
            self.send(sent)
            if await self.gone(timeout_s):
                return
        raise EmbeddedServerError(f"process {self.pid} did not end; see {self._log.path}")

    def _all_gone(self) -> bool:
        if self._alive_fd < 0:
            return True
        try:
            return os.read(self._alive_fd, 1) == b""
        except BlockingIOError:
            return False


def kill_all() -> None:
    """SIGKILL for every server of this process, and no waiting."""
    for process in list(RUNNING):
        process.send(signal.SIGKILL)


async def lock_folder(folder: Path, timeout_s: float = 10.0) -> int:
    """Take the lock of a server's folder and return its descriptor.

    A live holder is named at once; servers of a dead one are waited for, as they are about to end.
    """
    lock = _open_lock(folder)
    deadline = time.monotonic() + timeout_s
    while not try_lock(lock):
        holder = os.pread(lock, 32, 0).decode().strip()
        if _alive(holder) or time.monotonic() > deadline:
            os.close(lock)
            raise EmbeddedServerError(
                f"{folder} is in use by process {holder or '(unknown)'}; "
                "stop it first, or choose another state folder"
            )
        await asyncio.sleep(0.02)
    os.ftruncate(lock, 0)
    os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
    return lock


def _open_lock(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    return os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)


def try_lock(descriptor: int) -> bool:
    """Take flock(2) on an open file; False when another holds it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def free_port(preferred: int = 0, avoid: int = 0) -> int:
    """A loopback port that nothing listens on: the preferred one if that is free, else any."""
    if preferred and _bindable(preferred):
        return preferred
    for _ in range(200):
        port = secrets.choice(PORTS)
        if port != avoid and _bindable(port):
            return port
    raise EmbeddedServerError(f"no free port between {PORTS.start} and {PORTS.stop} on {HOST}")


def write_private(path: Path, content: bytes) -> None:
    """Replace a file in one step, readable by its owner alone."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as output:
        output.write(content)
    fresh.replace(path)


def _environment() -> dict[str, str]:
    """Only what programs need to load: our secrets are no business of another user's process."""
    loading = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
    kept = {name: os.environ[name] for name in loading if name in os.environ}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}


def _bindable(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as both servers do
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _state(pid: int | str) -> str:
    """One letter, proc_pid_stat(5); "" where there is no such process, or no /proc."""
    with suppress(OSError):
        return Path(f"/proc/{pid or 0}/stat").read_text().rpartition(")")[2].split()[0]
    return ""


def _alive(pid: str) -> bool:
    if state := _state(pid):  # it tells an unreaped process from a live one
        return state != "Z"
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def _children(pid: int) -> list[int]:
    with suppress(OSError, ValueError):  # where there is no /proc, servers notice for themselves
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def _close(*descriptors: int) -> None:
    for descriptor in descriptors:
        if descriptor >= 0:
            os.close(descriptor)
