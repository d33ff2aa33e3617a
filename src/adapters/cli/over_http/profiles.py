"""Profiles: services that a person uses, by name, in `config.toml` of the folder for configurations
of the system (on Linux `~/.config/commandpost`, as the XDG Base Directory Specification has it).

    default = "work"

    [profiles.work]
    url = "https://commandpost.example.com"
    token_command = ["pass", "show", "commandpost"]
"""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from adapters.cli.over_http.failures import FAILED, USAGE, CommandFailed

KEYS = ("url", "token", "token_file", "token_command")
TOKEN_COMMAND_S = 60
_OTHERS = 0o077


class Profile(NamedTuple):
    """A service, and what shows who asks it: at most one of the three."""

    name: str
    url: str
    token: str | None = None
    token_file: str | None = None
    token_command: tuple[str, ...] = ()

    def shown(self) -> str | None:
        """The token, read anew each time. Raises `CommandFailed`."""
        if self.token_file is not None:
            return _of_file(Path(self.token_file).expanduser())
        return _of_command(self.token_command, self.name) if self.token_command else self.token


def profile_file(environment: Mapping[str, str], system: str = sys.platform) -> Path:
    """Where profiles stand."""
    home = Path(environment.get("HOME") or "~").expanduser()
    if given := environment.get("XDG_CONFIG_HOME"):
        folder = Path(given)
    elif system == "darwin":
        folder = home / "Library" / "Application Support"
    elif system == "win32":
        folder = Path(environment.get("APPDATA") or home)
    else:
        folder = home / ".config"
    return folder / "commandpost" / "config.toml"


def chosen_profile(file: Path, name: str | None) -> Profile | None:
    """The profile of this name, or the default one; None where neither is named. Raises
    `CommandFailed`.
    """
    document = _read(file)
    if document is None:
        if name is None:
            return None
        raise CommandFailed(USAGE, f"there is no profile {name}: there is no {file}")
    profiles = document.get("profiles", {})
    wanted = name if name is not None else document.get("default")
    if wanted is None:
        return None
    if wanted not in profiles:
        known = ", ".join(sorted(profiles)) or "none"
        raise CommandFailed(USAGE, f"there is no profile {wanted} in {file}; it has {known}")
    return _profile(wanted, profiles[wanted], file)


def _read(file: Path) -> dict[str, Any] | None:
    try:
        text = file.read_text()
        import tomllib  # noqa: PLC0415 - most have no such file

        document = tomllib.loads(text)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CommandFailed(FAILED, f"{file}: {error.strerror}") from error
    except ValueError as error:  # of TOML, or of Unicode
        raise CommandFailed(FAILED, f"{file} is not TOML: {error}") from error
    strange = sorted(document.keys() - {"default", "profiles"})
    if strange:
        raise CommandFailed(
            FAILED, f"{file}: there is no key {strange[0]}; default and profiles are"
        )
    return document


def _profile(name: str, table: Any, file: Path) -> Profile:
    where = f"{file}: profiles.{name}"
    if not isinstance(table, dict) or not isinstance(table.get("url"), str):
        raise CommandFailed(FAILED, f"{where} has no url")
    strange = sorted(table.keys() - set(KEYS))
    if strange:
        raise CommandFailed(FAILED, f"{where}: there is no key {strange[0]}; {', '.join(KEYS)} are")
    ways = [key for key in KEYS[1:] if key in table]
    if len(ways) > 1:
        raise CommandFailed(FAILED, f"{where}: {' and '.join(ways)}: give one of them")
    command = table.get("token_command", [])
    if not isinstance(command, list) or not all(isinstance(each, str) for each in command):
        raise CommandFailed(FAILED, f"{where}.token_command is a list of texts")
    if "token" in table and file.stat().st_mode & _OTHERS:
        raise CommandFailed(
            FAILED, f"{file} holds a token, and others may read it: chmod 600 {file}"
        )
    return Profile(name, table["url"], table.get("token"), table.get("token_file"), tuple(command))


def _of_file(file: Path) -> str:
    try:
        return file.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandFailed(FAILED, f"the token cannot be read from {file}: {error}") from error


def _of_command(command: tuple[str, ...], name: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - their own words, in their own file
            command, stdout=subprocess.PIPE, check=True, text=True, timeout=TOKEN_COMMAND_S
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise CommandFailed(FAILED, f"token_command of profile {name} failed: {error}") from error
    return done.stdout.strip()
