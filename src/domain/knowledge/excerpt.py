"""A piece of a text around what was looked for, with where that stands in it: no markup, so nothing
that a text holds can pass for a mark.
"""

from collections.abc import Callable, Sequence

import msgspec

from domain.knowledge.search_terms import PREFIX_FROM, Wanted
from domain.knowledge.word_forms import Word, also_near, stem, words_in

EXCERPT_MOST = 240
"""Characters."""
CUT = "…"


class Mark(msgspec.Struct, frozen=True):
    """From which character of an excerpt to which (not that one) stands what was looked for."""

    start: int
    end: int


class Excerpt(msgspec.Struct, frozen=True):
    """A piece of a text, its ends marked by `…` where it goes on, and what was found in it."""

    text: str
    found: tuple[Mark, ...] = ()


def excerpt(text: str, words: Sequence[Wanted], most: int = EXCERPT_MOST) -> Excerpt:
    """The piece with the most of these words, the first of several; its beginning without any."""
    is_wanted = _one_of(words)
    hits = [each for each in words_in(text) if is_wanted(each.word)]
    start = _best_start(text, hits, most)
    end = min(len(text), start + most)
    if end < len(text):
        end = _word_end(text, start, end)
    before, behind = (CUT if start else ""), (CUT if end < len(text) else "")
    shift = len(before) - start
    marks = dict.fromkeys(
        Mark(each.start + shift, each.end + shift)
        for each in hits
        if each.start >= start and each.end <= end
    )
    return Excerpt(f"{before}{text[start:end]}{behind}", tuple(marks))


def _one_of(words: Sequence[Wanted]) -> Callable[[str], bool]:
    """Tells whether a word is one of these, as it is spelt, going on, or spelt otherwise."""
    stems = {stem(part) for each in words for part in each.parts}
    begun = tuple(each.parts[-1] for each in words if len(each.parts[-1]) >= PREFIX_FROM)
    alike = {it for each in words if len(each.parts) == 1 for it in also_near(each.parts[0])}

    def is_wanted(word: str) -> bool:
        spelt = stem(word) in stems or word.startswith(begun)
        return spelt or not alike.isdisjoint(also_near(word))

    return is_wanted


def _best_start(text: str, hits: Sequence[Word], most: int) -> int:
    """Where the piece begins: a little before the first of the most different words together."""
    if len(text) <= most or not hits:
        return 0
    best, start = 0, hits[0].start
    for index, first in enumerate(hits):
        together = {it.word for it in hits[index : index + most] if it.end <= first.start + most}
        if len(together) > best:
            best, start = len(together), first.start
    start = max(0, min(start - most // 4, len(text) - most))
    space = max(text.find(" ", start, start + most // 4), text.find("\n", start, start + most // 4))
    return start if space < 0 or not start else space + 1


def _word_end(text: str, start: int, end: int) -> int:
    """The end of the last whole word, if there is one not far before."""
    space = max(text.rfind(" ", start, end), text.rfind("\n", start, end))
    return space if space > start + (end - start) // 2 else end
