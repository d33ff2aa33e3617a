"""Where a running service is reached: `commandpost.json` in its state folder."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from domain.policy import DEFAULT, Policy

STATE_FILE = "commandpost.json"


class RunningService(msgspec.Struct, frozen=True, kw_only=True):
    """Where a running service is reached, and the policy that it decides by; written to
    `commandpost.json` in its state folder.
    """

    http_url: str
    nats_url: str
    nats_admin_url: str
    database_url: str
    pid: int
    policy: Policy = DEFAULT


@contextmanager
def announce(state: Path, where: RunningService) -> Iterator[None]:
    """`commandpost.json` while the service runs; its owner alone may read the passwords in it."""
    path = state / STATE_FILE
    state.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_bytes(msgspec.json.format(msgspec.json.encode(where)) + b"\n")
    draft.replace(path)
    try:
        yield
    finally:
        with suppress(FileNotFoundError):
            path.unlink()


def service_in(state: Path) -> RunningService | None:
    """The service that runs over this state folder, if there is one."""
    try:
        found = msgspec.json.decode((state / STATE_FILE).read_bytes(), type=RunningService)
        os.kill(found.pid, 0)
    except (OSError, msgspec.DecodeError):
        return None
    return found
