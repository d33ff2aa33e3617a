"""The words by which two causes are seen to be the same: which both have, without the ending
(`word_forms`).

Words that nearly every incident has ("error", "outage", "slow") say nothing about its cause and do
not count. It is plain on purpose: whoever reads that two texts are alike sees by which words.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from domain.knowledge.word_forms import fold, stem

SHARED_LEAST = 2
"""So many words that say something are to be the same,"""
SHARE_LEAST = 0.6
"""and this part of those of the shorter text."""
WORDS_MOST = 100
"""A text is known by its first words; what is longer tells a story."""

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_GRAMMAR = _set(
    """
    a about after again all also although always an and any are as at be because been before being
    below between both but by can cannot could did do does doing done down due during each either
    ever every few for from further get gets got had has have having he her here his how however i
    if in into is it its itself just least less like made make makes many may me might more most
    much must my near need needs never next no nobody none nor not nothing now of off often on
    once one only onto or other our out over own per rather same several she should since so some
    such than that the their them then there these they this those through to too two under until
    up upon us ms second seconds minute minutes hour hours day days week weeks percent am pm utc
    use used uses using very was we well were what when where which while who whole whom whose why
    will with within without would yet you your three first second third new old still
    """
)
_EVERY_INCIDENT = _set(
    """
    absent affect affected alarm alert another bad became become begin behave behaviour broke
    broken cause caused change changed customer degraded degradation down error errors event exist
    existed existing exists fail failed failing fails failure failures fault few first found go
    going gone happen happened high higher impact impacted incident increase increased
    insufficient issue issues item lack lacked lacking lacks large led lot low lower miss missed
    missing occur occurred outage partial please problem problems production related request
    requests respond result return returned root seen server service services set several side
    significant slow slower some started stop stopped system systems team time times too took
    trigger triggered unavailable unable unknown user users wait went work worked working wrong
    """
)
_SAME = {
    **dict.fromkeys(("db", "dbs", "databases"), "database"),
    **dict.fromkeys(("conn", "conns"), "connection"),
    **dict.fromkeys(("cert", "certs"), "certificate"),
    **dict.fromkeys(("config", "configs", "cfg"), "configuration"),
    **dict.fromkeys(("k8s",), "kubernetes"),
    **dict.fromkeys(("postgres", "postgresql", "pg"), "postgresql"),
    **dict.fromkeys(("repo",), "repository"),
    **dict.fromkeys(("lb",), "balancer"),
    **dict.fromkeys(("env",), "environment"),
    **dict.fromkeys(("expiry", "expiration"), "expire"),
    **dict.fromkeys(("full",), "fill"),
    **dict.fromkeys(("rollout", "release", "releases"), "deploy"),
}


def spelled(text: str) -> dict[str, str]:
    """The words of a text that say something about a cause: without the ending, and as they stand
    there first, in their order.
    """
    found: dict[str, str] = {}
    for word in _WORD.findall(text):
        plain = fold(word).removesuffix("'s")
        if plain.isdigit() or len(plain) == 1 or plain in _GRAMMAR or plain in _EVERY_INCIDENT:
            continue
        found.setdefault(stem(_SAME.get(plain, plain)), word)
        if len(found) == WORDS_MOST:
            break
    return found


@lru_cache(4_096)
def words_of(text: str) -> tuple[str, ...]:
    """The same without the spelling, in order of the alphabet."""
    return tuple(sorted(spelled(text)))


def shared(one: Iterable[str], other: Iterable[str]) -> tuple[str, ...]:
    """The words by which two texts say the same; none: they do not."""
    first, second = set(one), set(other)
    both = first & second
    enough = len(both) >= SHARED_LEAST and len(both) >= SHARE_LEAST * min(len(first), len(second))
    return tuple(sorted(both)) if enough else ()
