"""Values that stand elsewhere: in a file, a variable, or with a program that keeps secrets.

A table with one of these keys may stand for any text of the configuration:
`{from_file = "/run/secrets/pagerduty"}`, `{from_env = "PD_SECRET"}`,
`{from_command = ["op", "read", "op://ops/pagerduty/secret"]}`.
"""

import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
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
        process = subprocess.Popen(  # noqa: S603 - the configuration says which program
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, start_new_session=True
        )
    except OSError as error:
        raise ConfigFault(f"{where}: cannot run {command[0]}: {error.strerror}") from error
    except ValueError as error:
        raise ConfigFault(f"{where}: cannot run {command[0]!r}: {error}") from error
    late = threading.Event()

    def give_up() -> None:
        late.set()
        _end(process)

    timer = threading.Timer(COMMAND_S, give_up)
    timer.start()
    try:
        assert process.stdout is not None
        with process.stdout as printed:
            said = printed.read(TEXT_MOST + 1)  # of what goes on for ever, no more
        if len(said) <= TEXT_MOST:
            process.wait()
    finally:
        timer.cancel()
        if process.poll() is None:
            _end(process)
    if late.is_set():
        raise ConfigFault(f"{where}: {command[0]} has not ended in {COMMAND_S:.0f} s")
    if process.returncode and len(said) <= TEXT_MOST:
        raise ConfigFault(f"{where}: {command[0]} ended with status {process.returncode}")
    return _decoded(said, where)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """It, and what it has started, which may hold its output open."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


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
