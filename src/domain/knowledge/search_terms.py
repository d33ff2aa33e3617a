"""What somebody looks for: words that may go on, be spelt otherwise, or stand together.

As texts for PostgreSQL (manual, 8.11 "Text Search Types"): `lexemes` of what is kept, and what is
asked of them. Both are made of letters, figures and signs of ours alone, so nothing that a text or
a query holds is read as an operator.
"""

from collections.abc import Iterable
from functools import lru_cache
from itertools import chain

import msgspec

from domain.kernel.refusal import Refused
from domain.knowledge.word_forms import STOP, also_near, clean, near, stem, telling, words_of

ASKED_MOST, ASKED_WORDS_MOST = 200, 16
"""So many characters, and words, are looked for at once."""
TEXT_MOST, POSITION_MOST = 40_000, 16_000
"""So much of a text is looked at; so far are places told apart."""
PREFIX_FROM = 2

NEAR = "_"
"""What begins a lexeme that stands for a word with a letter less."""


class Wanted(msgspec.Struct, frozen=True):
    """A word of what is looked for, as it is compared; `parts` follow each other, as in `pay-api`.
    The last word may go on, as somebody may still be typing it.
    """

    parts: tuple[str, ...]

    def exactly(self) -> str:
        """It as it is spelt, or going on."""
        first = " <-> ".join(f"'{stem(each)}'" for each in self.parts[:-1])
        last = self.parts[-1]
        goes_on = f"'{last}':*" if len(last) >= PREFIX_FROM else f"'{last}'"
        final = f"('{stem(last)}' | {goes_on})"
        return f"({first} <-> {final})" if first else final

    def nearly(self) -> str:
        """The same, or spelt otherwise."""
        otherwise = sorted(also_near(self.parts[0])) if len(self.parts) == 1 else []
        any_of = " | ".join((self.exactly(), *(f"'{NEAR}{it}'" for it in otherwise)))
        return f"({any_of})"


def wanted(asked: str) -> tuple[Wanted, ...]:
    """The words of what somebody looks for. Raises `Refused` where there is none, or too much."""
    if len(asked) > ASKED_MOST:
        raise _too_long(f"{len(asked):,} characters", ASKED_MOST)
    groups = [_parts(each) for each in clean(asked).split()]
    meant = set(telling(chain.from_iterable(each.parts for each in groups)))
    kept = [each for each in dict.fromkeys(groups) if len(each.parts) > 1 or meant & {*each.parts}]
    if not kept:
        raise Refused(
            "search.no_words",
            "q has no word that could be looked for",
            field="q",
            rule="letters or figures",
            invalid=True,
        )
    if len(kept) > ASKED_WORDS_MOST:
        raise _too_long(f"{len(kept)} words", ASKED_WORDS_MOST)
    return tuple(kept)


def _too_long(has: str, most: int) -> Refused:
    return Refused(
        "search.too_long",
        f"q has {has}, and at most {most} are looked for",
        field="q",
        rule="a few words that tell it from others",
        invalid=True,
    )


def _parts(asked: str) -> Wanted:
    return Wanted(tuple(words_of(asked)))


def exactly(words: Iterable[Wanted]) -> str:
    """What has all these words."""
    return " & ".join(each.exactly() for each in words)


def nearly(words: Iterable[Wanted]) -> str:
    """The same where some are spelt otherwise."""
    return " & ".join(each.nearly() for each in words)


def lexemes(heading: str, text: str) -> str:
    """What is kept of a text under a heading, whose words weigh more. Each word stands as it is and
    without its end, and without each of its letters.
    """
    found: dict[str, list[str]] = {}
    place = 1
    for part, weight in ((heading, "A"), (text[:TEXT_MOST], "")):
        for word in words_of(part):
            at = f"{min(place, POSITION_MOST)}{weight}"
            for lexeme in _forms(word):
                found.setdefault(lexeme, []).append(at)
            place += 1
        place += 1  # what ends a heading and what begins a text do not stand together
    placed = [f"{word}:{','.join(at[:200])}" for word, at in found.items()]
    less = dict.fromkeys(chain.from_iterable(map(_near_lexemes, found)))  # with those of stems
    return " ".join((*placed, *less))


# In one order, as rows are compared; kept, as most words come again and again.
@lru_cache(maxsize=16_384)
def _forms(word: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((word, stem(word))))


@lru_cache(maxsize=16_384)
def _near_lexemes(word: str) -> tuple[str, ...]:
    return () if word in STOP else tuple(f"{NEAR}{it}" for it in sorted(near(word)))
