"""Kinds of failure, by the words of the contributing factors that a post-mortem names.

A rule is a list of beginnings of words, so everybody can see why an incident is of a kind. One is
of each kind whose words its factors have; without factors, or without such words, nobody knows.
"""

import re
from collections.abc import Iterable, Mapping

KINDS: Mapping[str, tuple[str, ...]] = {
    "change": ("deploy", "release", "rollout", "rolled out", "migrat", "upgrad", "new version"),
    "configuration": ("config", "setting", "misconfig", "feature flag", "parameter", "wrong unit"),
    "capacity": (
        *("capacity", "exhaust", "saturat", "overload", "pool", "quota", "out of memory"),
        *(
            "disk full",
            "autoscal",
            "traffic",
            "backlog",
            "throttl",
            "rate limit",
            "connection limit",
        ),
    ),
    "dependency": ("upstream", "third part", "third-part", "provider", "vendor", "dependenc"),
    "network": ("network", "dns", "bgp", "routing", "packet", "firewall", "load balanc"),
    "data store": (
        *("database", "replica", "schema", "deadlock", "corrupt", "cache", "query", "queries"),
        *("index", "backup"),
    ),
    "credentials": ("certificate", "credential", "expir", "password", "permission", "api key"),
    "code": ("bug", "race condition", "null", "exception", "leak", "regression", "infinite loop"),
    "hardware": ("hardware", "power", "cooling", "fibre", "fiber", "rack", "datacent", "data cent"),
}
"""Each kind, with how words begin that say it."""
_PATTERNS = {
    kind: re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})") for kind, words in KINDS.items()
}


def kinds_of(factors: Iterable[str]) -> tuple[str, ...]:
    """The kinds of failure that these say, in the order of the table."""
    said = " | ".join(factors).casefold().replace("_", " ")
    return tuple(kind for kind, pattern in _PATTERNS.items() if pattern.search(said))
