"""The configuration from all its places: defaults, then a TOML file, then the environment, then
flags; later ones win.

Every key has an environment name: `COMMANDPOST_` and the path in capitals, so that
`[sources.pd] secrets` is `COMMANDPOST_SOURCES_PD_SECRETS` (a JSON list) and `http` is
`COMMANDPOST_HTTP`. A name that no key has is an error: a misspelt secret must not pass silently.
With `_FILE` behind it, it names the file that holds the value.
"""

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec
from msgspec.structs import replace

from adapters.config.kept_elsewhere import looked_up, text_of_file
from adapters.config.settings import (
    DEFAULT_HTTP,
    PORT_MAX,
    Config,
    ConfigFault,
    DeadMansSwitch,
    HttpServerSettings,
    Name,
    NatsSettings,
    OidcSettings,
    OutgoingSettings,
    StatusPage,
    host_and_port,
)
from adapters.products.kit.outgoing import is_this_machine
from adapters.products.kit.products import Products
from adapters.products.kit.settings import ChannelSettings, SettingFault, Source
from adapters.products.registry import PRODUCTS
from domain.alerting.rules import Maintenance, Rule, Silence, matches
from handlers.kernel.decoding import invalid

_S = TypeVar("_S", bound=msgspec.Struct)

PREFIX = "COMMANDPOST_"
_FILE = "_FILE"
_NOT_KEYS = {
    *(
        "CONFIG",
        "TOKEN",
        "URL",
        "PROFILE",
        "TEST_NATS_URL",
        "TEST_NATS_ADMIN_URL",
        "TEST_DATABASE_URL",
    ),
    # Those of docker-compose.yml, which may be exported in the same shell.
    *("BIND", "IMAGE", "ADMIN_PASSWORD", "APP_PASSWORD", "ANSWERS_PASSWORD", "PUBLISHER_PASSWORD"),
    *("SERVICES_PASSWORD", "READER_PASSWORD", "DATABASE_PASSWORD"),
    *("HTTP_PORT", "NATS_PORT", "NATS_MONITOR_PORT", "DATABASE_PORT"),
}

TABLES: dict[str, type[msgspec.Struct]] = {
    "rules": Rule,
    "silences": Silence,
    "maintenance": Maintenance,
}
"""Lists of tables, which only a file can hold."""


_SECTIONS: dict[str, type[msgspec.Struct]] = {
    "status_page": StatusPage,
    "http_server": HttpServerSettings,
    "outgoing": OutgoingSettings,
    "dead_mans_switch": DeadMansSwitch,
    "oidc": OidcSettings,
}
_KINDS = {
    f"{name}_{key.name}": key.type
    for name, section in _SECTIONS.items()
    for key in msgspec.structs.fields(section)
}


def load(
    path: Path | None = None,
    environment: Mapping[str, str] | None = None,
    overrides: Mapping[str, Any] | None = None,
    products: Products = PRODUCTS,
) -> Config:
    """The configuration from all its places; `products` says which kinds there are.

    Raises `ConfigFault`.
    """
    environment = environment or {}
    values: dict[str, Any] = looked_up(_read(path) if path else {}, environment, "")
    _take(values, environment, keys_of(products))
    values.update({key: value for key, value in (overrides or {}).items() if value is not None})
    where = f"{path}: " if path else ""
    sources = {
        name: _source_settings(entry, products, f"{where}sources.{name}: ")
        for name, entry in _entries(values, "sources")
    }
    channels = {
        name: _channel_settings(entry, products, f"{where}channels.{name}: ")
        for name, entry in _entries(values, "channels")
    }
    for section, table in TABLES.items():
        entries = values.get(section, [])
        for place, entry in enumerate(entries if isinstance(entries, list) else (), start=1):
            _convert(entry, table, f"{where}{section} {place}: ")
    named = {key: values.pop(key) for key in ("sources", "channels") if key in values}
    _convert(named, _Named, where)
    config = replace(_convert(values, Config, where), sources=sources)
    if "channels" in named:
        config = replace(config, channels=channels)
    _check(config, products)
    config = replace(config, sources=_with_beats(config, products))
    for name, source in config.sources.items():
        try:
            products.source_kinds[source.kind].for_source(source)
        except SettingFault as fault:
            raise ConfigFault(f"{where}sources.{name}: {fault}") from fault
    return config


def _with_beats(config: Config, products: Products) -> dict[Name, Source]:
    """The sources, where a heartbeat names one and no labels as sources of its beats: but those
    that tell of what fires as well, among which it beats with a dead man's switch.
    """
    sources = dict(config.sources)
    for name, source in sources.items():
        if source.heartbeat or products.source_kinds[source.kind].repeats_firing:
            continue
        beats = (
            each
            for each, heartbeat in config.heartbeats.items()
            if heartbeat.source and not heartbeat.labels and matches(heartbeat.source, name)
        )
        sources[name] = replace(source, heartbeat=next(beats, None))
    return sources


_NATS = {field.name: field.type for field in msgspec.structs.fields(NatsSettings)}


class _Named(msgspec.Struct):
    """Sources and channels, of which only the names are looked at: their kinds say the rest."""

    sources: dict[Name, Any] = {}
    channels: dict[Name, Any] = {}


def keys_of(products: Products) -> dict[str, Any]:
    """Each key of a source or a channel with its type: what the environment may name."""
    structs: list[type[msgspec.Struct]] = [
        *(source.settings for source in products.sources),
        *(channel.settings for channel in products.channels),
    ]
    fields = (field for struct in structs for field in msgspec.structs.fields(struct))
    return {"kind": str} | {field.encode_name: field.type for field in fields}


def _entries(values: dict[str, Any], section: str) -> list[tuple[str, Any]]:
    found = values.get(section)
    return list(found.items()) if isinstance(found, dict) else []


def _convert(values: Any, kind: type[_S], where: str) -> _S:
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


def _source_settings(source: Any, products: Products, where: str) -> Source:
    """By the struct of its kind."""
    kinds = products.source_kinds
    kind = source.get("kind") if isinstance(source, dict) else None
    if not isinstance(kind, str):
        return _convert(source, Source, where)  # says what is wrong
    if kind not in kinds:
        raise ConfigFault(f"{where}kind: {kind!r} is not one of {', '.join(sorted(kinds))}")
    return _convert(source, kinds[kind].settings, where)


def _channel_settings(channel: Any, products: Products, where: str) -> ChannelSettings:
    """By the struct of its kind, so that what is wrong with it is said of that kind alone."""
    kinds = products.channel_kinds
    kind = channel.get("kind") if isinstance(channel, dict) else None
    if not (isinstance(kind, str) and kind in kinds):
        said = "kind is required" if kind is None else f"kind: there is no {kind!r}"
        raise ConfigFault(f"{where}{said}; it is one of {', '.join(kinds)}")
    settings: type[ChannelSettings] = kinds[kind].settings
    return _convert(channel, settings, where)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text())
    except OSError as error:
        raise ConfigFault(f"cannot read {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigFault(f"{path} is not TOML: {error}") from error


def _take(values: dict[str, Any], environment: Mapping[str, str], keys: Mapping[str, Any]) -> None:
    """Put each variable where it belongs; one that ends with `_FILE` names a file that holds it."""
    for name, raw in sorted(environment.items()):
        if not name.startswith(PREFIX) or name.removeprefix(PREFIX) in _NOT_KEYS:
            continue
        plain = name.removesuffix(_FILE)
        if plain == name:
            _set(values, name, raw, keys)
        elif plain in environment:
            raise ConfigFault(f"{plain} and {name}: give one of them")
        else:
            _set(values, plain, text_of_file(raw, name), keys)


def _set(values: dict[str, Any], name: str, raw: str, keys: Mapping[str, Any]) -> None:
    """Put one environment variable where it belongs."""
    words = name.removeprefix(PREFIX).lower()
    head = words.partition("_")[0]
    if head in {"sources", "channels"}:
        item, key = _item_and_key(words.removeprefix(f"{head}_"), name, keys)
        values.setdefault(head, {}).setdefault(item, {})[key] = _value(raw, keys[key])
    elif section := next((it for it in _SECTIONS if words.startswith(f"{it}_")), None):
        values.setdefault(section, {})[words.removeprefix(f"{section}_")] = _value(
            raw, _KINDS.get(words, str)
        )
    elif head == "nats" and (key := words.removeprefix("nats_")) in _NATS:
        values.setdefault(head, {})[key] = _value(raw, _NATS[key])
    elif head in {"log", "templates"} and words != head:
        values.setdefault(head, {})[words.removeprefix(f"{head}_")] = raw
    elif words in {field.name for field in msgspec.structs.fields(Config)} - TABLES.keys():
        values[words] = int(raw) if words == "replicas" and raw.isdigit() else raw
    else:
        raise ConfigFault(f"{name}: there is no such key")


def _item_and_key(words: str, name: str, keys: Iterable[str]) -> tuple[str, str]:
    """`pd_eu_secrets` is the key `secrets` of `pd_eu`: the longest key that there is."""
    found = max((key for key in keys if words.endswith(f"_{key}")), key=len, default=None)
    if found is None:
        raise ConfigFault(f"{name}: there is no such key")
    return words.removesuffix(f"_{found}"), found


def _value(raw: str, kind: Any) -> Any:
    """JSON for lists and tables, else the text as a value of its kind, if it is one; a list may
    stand as lines as well, as in a file.
    """
    if raw.lstrip().startswith(("[", "{")):
        try:
            return msgspec.json.decode(raw)
        except msgspec.DecodeError as error:
            raise ConfigFault(f"not JSON: {error}") from error
    for value in (raw, raw.splitlines()):
        try:
            return msgspec.convert(value, kind, strict=False)
        except msgspec.ValidationError:
            continue
    return raw


def _check(config: Config, products: Products) -> None:
    if (config.nats_url is None) != (config.database_url is None):
        raise ConfigFault("nats_url and database_url: give both, or neither for embedded servers")
    port = host_and_port(config.http)[1]
    if port > PORT_MAX:
        raise ConfigFault(f"http: there is no port {port}; the last one is {PORT_MAX}")
    _check_networks("http_server.proxies", config.http_server.proxies)
    _check_networks("outgoing.networks", config.outgoing.networks)
    if config.oidc is not None:
        _check_issuer(config.oidc)
    for name, source in config.sources.items():
        if not source.secrets and not products.source_kinds[source.kind].direct:
            raise ConfigFault(f"sources.{name}.secrets: at least one secret is required")
    for name in sorted(config.named_heartbeats - config.heartbeats.keys()):
        raise ConfigFault(f"heartbeats: a rule or a source names {name}: there is no such one")
    names = Counter(component.name for component in config.status_page.components)
    for name, count in names.items():
        if count > 1:
            raise ConfigFault(f"status_page.components: {count} components are named {name}")


def _check_issuer(oidc: OidcSettings) -> None:
    parts = urlsplit(oidc.issuer)
    if parts.scheme != "https" and not is_this_machine(parts.hostname or ""):
        raise ConfigFault("oidc.issuer: https is needed, or whoever is between could log in")
    if not oidc.roles and oidc.default_role is None:
        raise ConfigFault("oidc.roles: name a group and its role, or a default_role for everybody")


def _check_networks(key: str, networks: Iterable[str]) -> None:
    for network in networks:
        try:
            ip_network(network)
        except ValueError as error:
            raise ConfigFault(
                f"{key}: {error}; give addresses or networks, such as 10.0.0.0/24"
            ) from error
