"""Whether a text blames persons: which words, by which rule, why, and how to say it otherwise.

A sentence blames where a person, a role or a group is made the cause, is judged, or is told what
they should have known or done; who did what and when, who owns an action, what a machine did or
lacks, and why a choice made sense at the time do not. The rules are patterns of English, so they
explain themselves; they may be wrong, so whoever is sure may overrule them with a reason.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache

import msgspec

from domain.learning.blame_rule import BlameRule
from domain.learning.blame_rules import RULES
from domain.learning.blame_verbs import WORDS
from domain.learning.blame_words import PEOPLE, masked
from domain.learning.excuses import excused, own_words

SENTENCE_CHARS_MAX = 1_000
"""What is longer is read in pieces: nobody reads such a sentence either."""
_FLAGS = re.IGNORECASE | re.UNICODE
_END = re.compile(r"(?<=[.!?…])[\"'”\u2019)]*\s+(?=[\"'“\u2018(]?[A-Z0-9])|\n+")
_ABBREVIATED = re.compile(r"\b(?:e\.g|i\.e|etc|vs|approx|no|Mr|Mrs|Ms|Dr)\.$", re.IGNORECASE)


class Blame(msgspec.Struct, frozen=True):
    """One sentence that blames: its `words`, the `rule` that found them, `why` that is blame, and a
    `suggestion` that turns towards the system.
    """

    sentence: str
    words: str
    rule: str
    why: str
    suggestion: str


def blames(text: str, roster: Iterable[str] = ()) -> tuple[Blame, ...]:
    """All sentences of a text that blame, each once, in their order. `roster`: names of people, of
    which the first ones and the last ones are known as well.
    """
    names = tuple(dict.fromkeys(roster))
    found = (_blame(sentence, names) for sentence in sentences(text))
    return tuple(each for each in found if each)


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text, each without the blanks around it."""
    begun = ""
    for part in _END.split(text):
        begun = f"{begun} {part.strip()}".strip()
        if not begun or _ABBREVIATED.search(begun):
            continue
        for at in range(0, len(begun), SENTENCE_CHARS_MAX):
            yield begun[at : at + SENTENCE_CHARS_MAX]
        begun = ""
    if begun:
        yield begun


def _blame(sentence: str, names: tuple[str, ...]) -> Blame | None:
    said = own_words(sentence)
    read = masked(said, names)
    for rule, pattern in _compiled():
        for found in pattern.finditer(read):
            if not excused(rule, read, found):
                words = " ".join(said[found.start() : found.end()].split()).strip(" ,.;:")
                return Blame(sentence, words, rule.code, rule.why, rule.suggest(words))
    return None


@cache
def _compiled() -> tuple[tuple[BlameRule, re.Pattern[str]], ...]:
    """All rules, put together: once, as the first sentence is read."""
    made = []
    for rule in RULES:
        pattern = rule.pattern
        for place, meant in {**WORDS, **PEOPLE}.items():
            pattern = pattern.replace(place, meant)
        made.append((rule, re.compile(pattern, _FLAGS)))
    return tuple(made)
