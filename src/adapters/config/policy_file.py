"""Policies as TOML files: what differs from the built-in one, with durations in words.

    version = "acme-3"
    monitoring_min = "20 min"

    [levels.SEV3]
    update_cadence = "1 h"

A duration is a number with a unit (s, min, h, d), `immediately`, or, where the built-in policy says
so, `next business day` or `next standup`. The version that events record is the one of the file
with a digest of the policy behind it, `acme-3+1f0c93ab`: two policies of one name can be told apart
for ever.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import reduce
from hashlib import blake2b
from operator import getitem
from pathlib import Path
from typing import Any

import msgspec
import tomli_w

from adapters.config.settings import Config, ConfigFault
from domain.policy import DEFAULT, Cadences, Level, Policy, Severity
from handlers.kernel.decoding import invalid

SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86_400}
WAITS = "next business day"
STANDUP = "next standup"
NEVER = "never"
_UNITS = {"m": "min", "minutes": "min", "minute": "min", "mins": "min", "seconds": "s"}
_UNITS |= {"second": "s", "hours": "h", "hour": "h", "days": "d", "day": "d"}
_DURATION = re.compile(r"(?P<count>[0-9]{1,9})\s*(?P<unit>[a-z]+)", re.IGNORECASE)
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
TABLES: dict[str, Any] = {"levels": Level} | dict.fromkeys(
    ("functionality", "floors", "alert_priorities", "alert_severities", "alert_urgencies"), Severity
)
TABLES |= {"owners": str}
"""What is a table in a policy, and what each of its rows is."""
LONGEST_S = 366 * SECONDS["d"]
_OPEN_ENDED = {"response_s": (WAITS,), "escalate_after_s": (STANDUP, WAITS)}
"""What having no number of seconds means, in words, as it is said today and as it once was."""
_AS_ALL = "as update_cadence"
_OPEN_ENDED |= dict.fromkeys(Cadences.__struct_fields__, (_AS_ALL,))
_NEVER_DUE = frozenset(
    {
        *("root_cause_within_s", "postmortem_within_s", "repeat_highest_s"),
        "record_within_s",
        *("first_update_within_s", "customer_update_within_s"),
    }
)
_DURATIONS = frozenset(
    field.name
    for kind in (Policy, Level, Cadences)
    for field in msgspec.structs.fields(kind)
    if field.name.endswith("_s") and field.name != "clock_tolerance_s"
)


_LATER = (
    "doubling_factor",
    "floors",
    "executives_from",
    "storm_alerts",
    "storm_window_s",
    "resolution_gated_from",
    "backlog_to",
    "owners",
    "quarantine_quiet_s",
    "quarantine_told_within_s",
    "quarantine_again_s",
    "admins_see_private",
)
"""What was built in, and no part of a policy, when digests were first recorded."""
_LATER_ROWS = (
    ("floors", "security_breach"),
    ("business_hours", "standup"),
    ("business_hours", "backlog"),
    *(
        (f"levels.{severity}", name)
        for severity in Severity
        for name in (
            *("highest_tier", "repeat_highest_s", "cadences", "automatic_to", "record_within_s"),
            *("first_update_within_s", "customer_update_within_s"),
        )
    ),
)
"""Rows of tables that were no part of them once."""

_FIRST_NAMES = {
    "alert_priorities": "P1 P2 P3 P4 P5 SEV1 SEV2 SEV3 SEV4 SEV5",
    "alert_severities": "emergency disaster fatal critical page high major error warning warn"
    " average medium moderate minor ticket low info information informational notice debug none",
}
"""The names that the tables had then; built-in ones that came later do not change old digests."""


def load_policy(path: Path) -> Policy:
    """The built-in policy with the changes of a file. Raises `ConfigFault`, naming key and rule."""
    try:
        changes = tomllib.loads(path.read_text())
    except OSError as error:
        raise ConfigFault(f"cannot read the policy {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigFault(f"{path} is not TOML: {error}") from error
    return policy_of(changes, path)


def policy_of(changes: Mapping[str, Any], where: object) -> Policy:
    """The built-in policy with these changes, by the keys of a file, which were found `where`.
    Raises `ConfigFault`, naming key and rule.
    """
    name = changes.get("version")
    if not isinstance(name, str) or not _VERSION.fullmatch(name):
        raise ConfigFault(f"{where}: version: a name of the policy is needed, such as acme-1")
    if name == DEFAULT.version:
        raise ConfigFault(f"{where}: version: {name} is the built-in policy; choose another name")
    try:
        merged = _merged(msgspec.to_builtins(DEFAULT), _in_seconds(changes, ""))
        policy = msgspec.convert(merged, Policy)
    except msgspec.ValidationError as error:
        raise ConfigFault(f"{where}: {_told(error, merged)}") from error
    except ValueError as error:
        raise ConfigFault(f"{where}: {error}") from error
    return msgspec.structs.replace(policy, version=f"{name}+{digest(policy)}")


def configured_policy(config: Config) -> Policy:
    """The policy of the configuration, else the built-in one. Raises `ConfigFault`."""
    return load_policy(Path(config.policy)) if config.policy else DEFAULT


def _told(error: msgspec.ValidationError, merged: Mapping[str, Any]) -> str:
    """Key and rule of what is wrong. msgspec does not say in which row of a table it is; the row
    that is wrong on its own is the one.
    """
    said = invalid(str(error), Policy).detail.removeprefix("body: ")
    for table, kind in TABLES.items():
        if f"{table}[...]" not in said:
            continue
        for name, row in merged[table].items():
            try:
                msgspec.convert(row, kind)
            except msgspec.ValidationError:
                return said.replace(f"{table}[...]", f"{table}.{name}")
    return said


def digest(policy: Policy) -> str:
    """Eight hexadecimal digits that follow from all that a policy says, its version apart. What was
    no part of policies once counts where it is not as built in, so that old digests stay.
    """
    said = msgspec.to_builtins(msgspec.structs.replace(policy, version=""))
    built_in = msgspec.to_builtins(DEFAULT)
    for path, name in _LATER_ROWS:
        row, usual = (reduce(getitem, path.split("."), each) for each in (said, built_in))
        if row[name] == usual[name]:
            del row[name], usual[name]
    for name in _LATER:
        if said[name] == built_in[name]:
            del said[name]
    for table, names in _FIRST_NAMES.items():
        first, known = names.split(), built_in[table].items()
        said[table] = dict(
            sorted(each for each in said[table].items() if each[0] in first or each not in known)
        )
    return blake2b(msgspec.json.encode(said, order="sorted"), digest_size=4).hexdigest()


def as_toml(policy: Policy) -> str:
    """The whole policy as a file that says the same, to begin one of your own with."""
    values = _in_words(msgspec.to_builtins(policy))
    values["version"] = policy.version.partition("+")[0]
    return tomli_w.dumps(values)


def differences(old: Policy, new: Policy) -> list[tuple[str, str, str]]:
    """What two policies say differently: key, old and new value, in words."""
    before, after = (_flat(_in_words(msgspec.to_builtins(policy))) for policy in (old, new))
    return [
        (key, before.get(key, "-"), after.get(key, "-"))
        for key in sorted(before.keys() | after.keys())
        if key != "version" and before.get(key) != after.get(key)
    ]


def _in_seconds(value: Any, key: str) -> Any:
    """Keys such as `response = "5 min"` as the fields that they stand for: `response_s = 300`."""
    if isinstance(value, list):
        return [_in_seconds(item, key) for item in value]
    if not isinstance(value, Mapping):
        return value
    found: dict[str, Any] = {}
    for name, item in value.items():
        path = f"{key}.{name}" if key else name
        if f"{name}_s" in _DURATIONS:
            found[f"{name}_s"] = _seconds(item, f"{name}_s", path)
        elif name in _DURATIONS:
            raise ValueError(f'{path}: write {path.removesuffix("_s")} = "5 min"')
        else:
            found[name] = _in_seconds(item, path)
    return found


def _seconds(value: Any, field: str, path: str) -> float | None:
    rule = f'{path}: a duration such as "15 min", "2 h" or "1 d" is needed, not {value!r}'
    if not isinstance(value, str):
        raise ValueError(rule)  # noqa: TRY004 - all that is wrong with a file is told alike
    words = " ".join(value.lower().split())
    if words in _open_ended(field):
        return None
    if words in {"immediately", "0"}:
        return 0
    matched = _DURATION.fullmatch(words)
    unit = matched and _UNITS.get(matched["unit"], matched["unit"])
    if matched is None or unit not in SECONDS:
        raise ValueError(rule)
    seconds = int(matched["count"]) * SECONDS[str(unit)]
    if seconds > LONGEST_S:
        raise ValueError(f"{path}: {value} is longer than a year")
    return seconds


def _open_ended(field: str) -> tuple[str, ...]:
    """How a duration says that it has no end; empty: it has one."""
    return (NEVER,) if field in _NEVER_DUE else _OPEN_ENDED.get(field, ())


def _in_words(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_in_words(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    return {
        name.removesuffix("_s") if name in _DURATIONS else name: (
            _duration(name, item) if name in _DURATIONS else _in_words(item)
        )
        for name, item in value.items()
        if item is not None or name in _DURATIONS
    }


def _duration(name: str, seconds: float | None) -> str:
    if seconds is None:
        return _open_ended(name)[0]
    if seconds == 0:
        return "immediately"
    unit, size = next(pair for pair in reversed(SECONDS.items()) if seconds % pair[1] == 0)
    return f"{int(seconds // size)} {unit}"


def _merged(base: Any, changes: Any) -> Any:
    """Tables are merged, key by key; everything else is replaced."""
    if not isinstance(base, Mapping) or not isinstance(changes, Mapping):
        return changes
    return {**base, **{key: _merged(base.get(key), value) for key, value in changes.items()}}


def _flat(value: Any, key: str = "") -> dict[str, str]:
    """The leaves of a tree by their paths."""
    if isinstance(value, Mapping):
        return {
            path: leaf
            for name, item in value.items()
            for path, leaf in _flat(item, f"{key}.{name}" if key else str(name)).items()
        }
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        return {
            path: leaf
            for place, item in enumerate(value)
            for path, leaf in _flat(item, f"{key}[{item.get('name', place)}]").items()
        }
    return {key: ", ".join(map(str, value)) if isinstance(value, list) else str(value)}
