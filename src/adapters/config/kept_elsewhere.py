"""Values that stand elsewhere: in a file, a variable, or with a program that keeps secrets.

A table with one of these keys may stand for any text of the configuration:
`{from_file = "/run/secrets/pagerduty"}`, `{from_env = "PD_SECRET"}`,
`{from_command = ["op", "read", "op://ops/pagerduty/secret"]}`.
"""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from adapters.config.settings import ConfigFault

COMMAND_S = 30.0
TEXT_MOST = 1 << 20
KEYS = ("from_file", "from_env", "from_command")


def looked_up(value: Any, environment: Mapping[str, str], where: str) -> Any:
    """The same with each such table replaced by the text that it stands for, without the line feed
    at its end. Raises `ConfigFault`, which names the key (`where`) and no secret.
    """
    if isinstance(value, list):
        return [
            looked_up(each, environment, f"{where}[{place}]") for place, each in enumerate(value)
        ]
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and (key := next(iter(value))) in KEYS:
        return _text(key, value[key], environment, where)
    inside = f"{where}." if where else ""
    return {key: looked_up(each, environment, f"{inside}{key}") for key, each in value.items()}


def text_of_file(path: str, where: str) -> str:
    """What a file holds, without the line feed at its end. Raises `ConfigFault`."""
    try:
        with Path(path).open("rb") as file:
            raw = file.read(TEXT_MOST + 1)
    except OSError as error:
        raise ConfigFault(f"{where}: cannot read {path}: {error.strerror}") from error
    except ValueError as error:  # a zero byte, of which no path is
        raise ConfigFault(f"{where}: cannot read {path!r}: {error}") from error
    return _decoded(raw, where)


def _text(key: str, given: Any, environment: Mapping[str, str], where: str) -> str:
    try:
        if key == "from_command":
            return _said(msgspec.convert(given, list[str]), where)
        name = msgspec.convert(given, str)
    except msgspec.ValidationError as error:
        raise ConfigFault(f"{where}.{key}: {error}") from error
    if key == "from_file":
        return text_of_file(name, where)
    if name not in environment:
        raise ConfigFault(f"{where}: the environment has no {name}")
    if not environment[name]:
        raise ConfigFault(f"{where}: the variable {name} is empty")
    return environment[name]


def _said(command: Sequence[str], where: str) -> str:
    """What a program prints; what it says to standard error is for whoever starts the service."""
    if not command:
        raise ConfigFault(f"{where}.from_command: name a program and its arguments")
    try:
        ended = subprocess.run(  # noqa: S603 - the configuration says which program
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            timeout=COMMAND_S,
            check=False,
        )
    except OSError as error:
        raise ConfigFault(f"{where}: cannot run {command[0]}: {error.strerror}") from error
    except ValueError as error:
        raise ConfigFault(f"{where}: cannot run {command[0]!r}: {error}") from error
    except subprocess.TimeoutExpired as error:
        raise ConfigFault(f"{where}: {command[0]} has not ended in {COMMAND_S:.0f} s") from error
    if ended.returncode:
        raise ConfigFault(f"{where}: {command[0]} ended with status {ended.returncode}")
    return _decoded(ended.stdout, where)


def _decoded(raw: bytes, where: str) -> str:
    if len(raw) > TEXT_MOST:
        raise ConfigFault(f"{where}: that is more than {TEXT_MOST >> 20} MiB")
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise ConfigFault(f"{where}: that is no text in UTF-8") from error
    text = text.removesuffix("\n").removesuffix("\r")
    if not text:
        raise ConfigFault(f"{where}: that is empty")
    return text
