"""Configuration: defaults, then a TOML file, then the environment, then flags; later ones win.

Every key has an environment name: `COMMANDPOST_` and the path in capitals, so that
`[sources.pd] secrets` is `COMMANDPOST_SOURCES_PD_SECRETS` (a JSON list) and `http` is
`COMMANDPOST_HTTP`. A name that no key has is an error: a misspelt secret must not pass silently.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec

from domain.incident.alert import Opens
from domain.policy import Severity
from handlers.decoding import invalid

_S = TypeVar("_S", bound=msgspec.Struct)

PREFIX = "COMMANDPOST_"
DEFAULT_HTTP = "127.0.0.1:8080"
PORT_MAX = 65_535
_NOT_KEYS = {
    *("CONFIG", "TEST_NATS_URL", "TEST_NATS_ADMIN_URL", "TEST_DATABASE_URL"),
    # Those of docker-compose.yml, which may be exported in the same shell.
    *("IMAGE", "ADMIN_PASSWORD", "APP_PASSWORD", "DATABASE_PASSWORD"),
    *("HTTP_PORT", "NATS_PORT", "NATS_MONITOR_PORT", "DATABASE_PORT"),
}

Secret = Annotated[str, msgspec.Meta(min_length=8)]
_Service = Annotated[str, msgspec.Meta(min_length=1, max_length=300, pattern=r"\S")]
_Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]


class ConfigFault(Exception):  # noqa: N818 - printed to the person who starts the service
    """The configuration cannot be used; the message names the key and the rule."""


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A paging product that sends webhooks. Several secrets allow for rotation."""

    kind: Literal["pagerduty", "opsgenie"]
    secrets: Annotated[tuple[Secret, ...], msgspec.Meta(min_length=1)]
    opens: Opens = Opens.INCIDENT


class Channel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where notifications go. `url` and `secret` (`whsec_…`) are those of a webhook."""

    kind: Literal["console", "webhook"]
    url: str | None = None
    secret: str | None = None
    audiences: tuple[str, ...] = ("engineering",)
    min_severity: Severity = Severity.SEV4
    services: tuple[_Service, ...] = ()


class TemplateSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where templates of notifications are that replace built-in ones; None: nowhere."""

    folder: str | None = None


class Log(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the service reports on itself."""

    format: Literal["json", "console", "auto"] = "auto"
    level: Literal["debug", "info", "warning", "error"] = "info"


class Config(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that can be configured. Without URLs, embedded servers keep data in `state`."""

    state: str = ".commandpost"
    http: Annotated[str, msgspec.Meta(pattern=r"^[^\s]*:[0-9]{1,5}$")] = DEFAULT_HTTP
    nats_url: str | None = None
    nats_admin_url: str | None = None
    database_url: str | None = None
    replicas: Annotated[int, msgspec.Meta(ge=1, le=5)] = 1
    policy: str | None = None
    sources: dict[_Name, Source] = {}
    channels: dict[_Name, Channel] = msgspec.field(
        default_factory=lambda: {"console": Channel(kind="console")}
    )
    templates: TemplateSettings = TemplateSettings()
    log: Log = Log()


def load(
    path: Path | None = None,
    environment: Mapping[str, str] | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> Config:
    """The configuration from all its places. Raises `ConfigFault`."""
    values: dict[str, Any] = _read(path) if path else {}
    for name, raw in sorted((environment or {}).items()):
        if name.startswith(PREFIX) and name.removeprefix(PREFIX) not in _NOT_KEYS:
            _set(values, name, raw)
    values.update({key: value for key, value in (overrides or {}).items() if value is not None})
    where = f"{path}: " if path else ""
    for section, kind in (("sources", Source), ("channels", Channel)):
        entries = values.get(section, {})
        for name, entry in entries.items() if isinstance(entries, dict) else ():
            _converted(entry, kind, f"{where}{section}.{name}: ")
    config = _converted(values, Config, where)
    _check(config)
    return config


def _converted(values: Any, kind: type[_S], where: str) -> _S:
    """The values as a struct, or a fault that names the key and what it may be."""
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        refused = invalid(str(error), kind)
        if refused.field == "http":
            raise ConfigFault(
                f"{where}http: HOST:PORT is needed, such as {DEFAULT_HTTP}"
            ) from error
        raise ConfigFault(f"{where}{refused.detail}") from error


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text())
    except OSError as error:
        raise ConfigFault(f"cannot read {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigFault(f"{path} is not TOML: {error}") from error


def _set(values: dict[str, Any], name: str, raw: str) -> None:
    """Put one environment variable where it belongs."""
    words = name.removeprefix(PREFIX).lower()
    head = words.partition("_")[0]
    if head in {"sources", "channels"}:
        item, _, key = words.removeprefix(f"{head}_").rpartition("_")
        if key == "severity":
            item, key = item.removesuffix("_min"), "min_severity"
        values.setdefault(head, {}).setdefault(item, {})[key] = _value(raw)
    elif head in {"log", "templates"} and words != head:
        values.setdefault(head, {})[words.removeprefix(f"{head}_")] = raw
    elif words in {field.name for field in msgspec.structs.fields(Config)}:
        values[words] = int(raw) if words == "replicas" and raw.isdigit() else raw
    else:
        raise ConfigFault(f"{name}: there is no such key")


def _value(raw: str) -> Any:
    """A JSON list as such; anything else is a text."""
    if raw.lstrip().startswith("["):
        try:
            return msgspec.json.decode(raw)
        except msgspec.DecodeError as error:
            raise ConfigFault(f"not a JSON list: {error}") from error
    return raw


def _check(config: Config) -> None:
    if (config.nats_url is None) != (config.database_url is None):
        raise ConfigFault("nats_url and database_url: give both, or neither for embedded servers")
    port = host_and_port(config.http)[1]
    if port > PORT_MAX:
        raise ConfigFault(f"http: there is no port {port}; the last one is {PORT_MAX}")
    for name, channel in config.channels.items():
        if channel.kind == "webhook" and not (channel.url and channel.secret):
            raise ConfigFault(f"channels.{name}: a webhook needs url and secret")


def host_and_port(http: str) -> tuple[str, int]:
    """`HOST:PORT` taken apart; no host means all interfaces, port 0 any free one."""
    host, _, port = http.rpartition(":")
    return host.strip("[]") or "0.0.0.0", int(port)  # noqa: S104 - asked for by leaving it out
