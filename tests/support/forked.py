"""`commandpost` as a process of its own, without the second that each start of Python takes: forked
from one that has imported all of it, and is otherwise as fresh as any.
"""

import asyncio
import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from adapters.cli.listing import COMMANDS

IMPORTED = [
    *sorted({f"adapters.cli.{where.partition(':')[0]}" for where, _ in COMMANDS.values()}),
    *("adapters.cli.program", "adapters.runtime.serve"),
]


def _become(arguments: Sequence[str], env: Mapping[str, str], out: str, err: str) -> None:
    """All that makes a program out of arguments and an environment; the forked process does it."""
    for number, path in ((0, os.devnull), (1, out), (2, err)):
        opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115 - the process ends with it
    sys.stderr = open(2, "w", buffering=1, closefd=False)  # noqa: SIM115 - as above
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["commandpost", *arguments]

    from adapters.cli import main  # noqa: PLC0415 - imported by whom we are forked from

    main()


class Forked:
    """A process that runs `commandpost`; what it prints is appended to files."""

    def __init__(
        self, arguments: Sequence[str], env: Mapping[str, str], out: Path, err: Path
    ) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(IMPORTED)
        self._process = context.Process(
            target=_become, args=(list(arguments), dict(env), str(out), str(err)), daemon=True
        )
        self._process.start()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        """The exit status, negative for a signal; None while it runs."""
        return self._process.exitcode

    async def ended(self) -> int:
        """Wait for its end; the exit status."""
        over = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_reader(self._process.sentinel, over.set)
        try:
            await over.wait()
        finally:
            loop.remove_reader(self._process.sentinel)
        self._process.join()
        assert self._process.exitcode is not None
        return self._process.exitcode
