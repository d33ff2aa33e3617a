"""A piece of a text around what was looked for, with where that stands in it: no markup, so nothing
that a text holds can pass for a mark.
"""

from collections.abc import Sequence

import msgspec

from domain.knowledge.search_terms import Wanted
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
    hits = [each for each in words_in(text) if _is_wanted(each.word, words)]
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


def _is_wanted(word: str, words: Sequence[Wanted]) -> bool:
    for each in words:
        for part in each.parts:
            if word == part or stem(word) == stem(part):
                return True
        last = each.parts[-1]
        if len(last) > 1 and word.startswith(last):
            return True
        if len(each.parts) == 1 and also_near(last) & also_near(word):
            return True
    return False


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
