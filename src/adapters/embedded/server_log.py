"""The output of an embedded server: for its owner's eyes, bounded, with its end at hand."""

import os
from contextlib import suppress
from pathlib import Path
from typing import IO

from adapters.embedded.processes import EmbeddedServerError, write_private

LOG_LIMIT_BYTES = 10 * 1024 * 1024
LOGS_KEPT = 3


class ServerLog:
    """A server's output, appended to one file across its starts."""

    def __init__(self, path: Path):
        self.path = path
        self._from = 0

    def open(self) -> IO[bytes]:
        """Open for appending, for its owner's eyes alone."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path.parent.chmod(0o700)
        self.rotate()
        self.path.touch(mode=0o600)
        for each in self.path.parent.glob(f"{self.path.name}*"):
            each.chmod(0o600)  # earlier releases let everybody read them
        output = self.path.open("ab")
        self._from = output.tell()
        return output

    def rotate(self) -> None:
        """Keep `LOGS_KEPT` older files once this one has grown past its limit. What it holds is
        copied and it is emptied in place: a running server goes on appending to it, and the lines
        that it writes meanwhile, if any, are lost.
        """
        with suppress(FileNotFoundError):
            if self.path.stat().st_size <= LOG_LIMIT_BYTES:
                return
            for number in range(LOGS_KEPT - 1, 0, -1):
                with suppress(FileNotFoundError):
                    self._older(number).replace(self._older(number + 1))
            with self.path.open("rb") as written:
                written.seek(-LOG_LIMIT_BYTES, os.SEEK_END)
                write_private(self._older(1), written.read(LOG_LIMIT_BYTES))
            os.truncate(self.path, 0)
            self._from = 0

    def _older(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.name}.{number}")

    def tail(self, lines: int = 12) -> str:
        """The last lines written since the latest start."""
        with self.path.open("rb") as written:
            written.seek(self._from)
            text = written.read(256 * 1024).decode(errors="replace")
        return "\n".join(text.splitlines()[-lines:])

    def failure(self, what: str) -> EmbeddedServerError:
        """An error that shows the end of this log."""
        return EmbeddedServerError(f"{what}. The end of {self.path}:\n{self.tail()}")

    def port_was_taken(self) -> bool:
        """Whether the server found its port in use (nats-server and PostgreSQL word it alike)."""
        return "address already in use" in self.tail(30).lower()
