"""The state folder: what makes a folder one, and that its owner alone gets in."""

import os
import stat
from contextlib import suppress
from pathlib import Path

import structlog

from adapters.config.settings import ConfigFault
from adapters.runtime.state_file import STATE_FILE

MARKS = (STATE_FILE, "nats/settings.json", "postgres/settings.json", "postgres/MOVED")
PRIVATE = 0o700

log = structlog.get_logger(__name__)


def write_secret(file: Path, secret: str) -> None:
    """For its owner alone, and whole or not at all."""
    draft = file.with_name(f"{file.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as kept:
        kept.write(f"{secret}\n")
    draft.replace(file)


def is_state(folder: Path) -> bool:
    """Whether a service has kept something there."""
    return any((folder / mark).exists() for mark in MARKS)


def check_state(folder: Path, *, begin: bool) -> None:
    """That a command may use this folder; a mistyped one is not filled with servers' data. Without
    anything but a configuration in it, it may be one to `begin` with. Raises `ConfigFault`.
    """
    if not folder.exists():
        if begin:
            return
        raise ConfigFault(f"there is no state folder {folder}; choose one with --state")
    if not folder.is_dir():
        raise ConfigFault(f"{folder} is a file; choose a folder with --state")
    if is_state(folder):
        return
    if not begin:
        raise ConfigFault(
            f"{folder} is no state folder: no service has kept anything there; choose one with"
            " --state"
        )
    if not _is_bare(folder):
        raise ConfigFault(
            f"{folder} holds something else than the state of a service; choose another folder"
            " with --state, or begin there with `commandpost up`"
        )


def keep_private(folder: Path) -> None:
    """Make the folder, or close one of ours to everybody else. One that holds other things as well
    stays as open as it is, which is said: ours lie in folders of their own, closed like their
    files.
    """
    if not folder.exists():
        folder.mkdir(parents=True, mode=PRIVATE)
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & ~PRIVATE == 0:
        return
    if is_state(folder) or _is_bare(folder):
        with suppress(PermissionError):
            folder.chmod(PRIVATE)
            return
    log.warning("state.open_to_others", folder=str(folder), mode=f"{mode:04o}")


def _is_bare(folder: Path) -> bool:
    return all(each.suffix == ".toml" for each in folder.iterdir())
