"""Where a running service is reached: `commandpost.json` in its state folder."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from adapters.config.settings import ConfigFault
from domain.policy import DEFAULT, Policy
from domain.policy.reach import Reach

STATE_FILE = "commandpost.json"


class RunningService(msgspec.Struct, frozen=True, kw_only=True):
    """Where a running service is reached, the policy that it decides by, and whom its channels
    reach; written to `commandpost.json` in its state folder. `listens`: what it is bound to, if
    that is every interface.
    """

    http_url: str
    nats_url: str
    nats_admin_url: str | None = None
    database_url: str
    pid: int
    listens: str | None = None
    policy: Policy = DEFAULT
    reach: Reach | None = None


class _Process(msgspec.Struct):
    """What every release writes."""

    pid: int


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
    """The service that runs over this state folder, if there is one. Raises `ConfigFault` if one
    does whose file cannot be read: one of another release, say.
    """
    path = state / STATE_FILE
    try:
        written = path.read_bytes()
        os.kill(msgspec.json.decode(written, type=_Process).pid, 0)
    except (OSError, msgspec.DecodeError):
        return None
    try:
        return msgspec.json.decode(written, type=RunningService)
    except msgspec.DecodeError as error:
        raise ConfigFault(
            f"{path} is not what this release writes ({error}): is the service of another one?"
        ) from error
