"""Words as they are compared: without case, accents and the ends that grammar gives them.

A text and what is looked for go through the same functions, so whatever is found can be marked.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

WORD = re.compile(r"[^\W_]+")
WORD_MOST = 40
"""So many characters of a word count: what is longer is a key or a hash."""
NEAR_FROM = 5
"""Words of so many letters are found though they are spelt otherwise by one letter."""

_ENDS = (
    *(("ations", "at"), ("ation", "at"), ("ating", "at"), ("ated", "at"), ("ates", "at")),
    *(("ate", "at"), ("ions", ""), ("ion", ""), ("ings", ""), ("ing", ""), ("ies", "y")),
    *(("ied", "y"), ("ers", ""), ("er", ""), ("ed", ""), ("sses", "ss"), ("ures", "")),
    *(("es", ""), ("s", ""), ("ments", ""), ("ment", ""), ("ure", ""), ("ly", ""), ("e", "")),
)
_STEM_LEAST = 3

_INSTEAD = {"Cc": " ", "Cf": "", "Cs": "\ufffd", "Co": "\ufffd"}

STOP = frozenset(
    (
        *("a", "an", "and", "are", "as", "at", "be", "been", "being", "but", "by", "can", "did"),
        *("do", "does", "for", "from", "had", "has", "have", "if", "in", "into", "is", "it"),
        *("its", "no", "not", "of", "on", "or", "our", "so", "than", "that", "the", "their"),
        *("them", "then", "there", "these", "they", "this", "to", "us", "was", "we", "were"),
        *("what", "when", "where", "which", "while", "who", "will", "with", "you", "your"),
    )
)
"""Words that say nothing of what a text is about."""


class Word(NamedTuple):
    """A word of a text: as it is compared, and from where to where it stands."""

    word: str
    start: int
    end: int


def fold(text: str) -> str:
    """Without case and accents; `Straße` and `STRASSE` are the same, as are full-width letters."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in apart if not unicodedata.combining(each)).casefold()


def words_in(text: str) -> Iterator[Word]:
    """The words of a text, where they stand in it."""
    for found in WORD.finditer(text):
        folded = fold(found[0])
        for word in (folded,) if folded.isascii() else WORD.findall(folded):
            yield Word(word[:WORD_MOST], found.start(), found.end())


def words_of(text: str) -> Iterable[str]:
    """The words of a text as they are compared."""
    if text.isascii():
        return (each[:WORD_MOST] for each in WORD.findall(text.lower()))
    return (each.word for each in words_in(text))


@lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """What is left of a folded word without the end that grammar gave it: `connections`,
    `connected` and `connecting` are one. What has a figure in it stays as it is.
    """
    if not word.isalpha() or not word.isascii():
        return word
    for end, instead in _ENDS:
        left = len(word) - len(end)
        if word.endswith(end) and left >= _STEM_LEAST and not (end == "s" and word[-2] in "sui"):
            return _undoubled(word[:left] + instead)
    return word


def _undoubled(word: str) -> str:
    """`stopped` leaves `stop`; `failing` leaves `fail`, and `queueing` is a `queue`."""
    if len(word) > _STEM_LEAST and word[-1] == "e":
        return word[:-1]
    if len(word) > _STEM_LEAST and word[-1] == word[-2] and word[-1] not in "aeiouls":
        return word[:-1]
    return word


@lru_cache(maxsize=16_384)
def near(word: str) -> frozenset[str]:
    """A folded word, and it without each of its letters. Two words that share one of these differ
    by one letter more, less or other, or by two that changed places (Garbe, "symmetric delete").
    """
    if len(word) < NEAR_FROM or not word.isalpha():
        return frozenset()
    return frozenset((word, *(word[:at] + word[at + 1 :] for at in range(len(word)))))


def also_near(word: str) -> frozenset[str]:
    """The same with those of its stem, as an end may hide what is otherwise."""
    return near(word) | near(stem(word))


def clean(text: str) -> str:
    """A text on one line, composed, without what steers a terminal or the direction of writing."""
    if not text.isascii() or not text.isprintable():
        text = "".join(_INSTEAD.get(unicodedata.category(each), each) for each in text)
    return unicodedata.normalize("NFC", " ".join(text.split()))


def telling(words: Iterable[str]) -> list[str]:
    """Those of these that say what a text is about, each once; all of them, where none does."""
    found = list(dict.fromkeys(words))
    return [each for each in found if each not in STOP] or found
