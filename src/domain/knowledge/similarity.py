"""Which incidents are alike, and why: a sum of few parts, each of which is a reason in words.

Words are weighed as BM25 does (Robertson and Zaragoza, "The Probabilistic Relevance Framework"): a
word counts the more the fewer of the incidents that are compared have it. So much of what one says
itself is 1. The other parts are fixed figures, chosen on the first half of a public history
(`make knowledge` prints what they are worth on the other one).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import chain
from math import log
from typing import Literal

import msgspec

from domain.knowledge.word_forms import STOP, stem, words_in

SERVICES, ALERT, CHANGE, TIME_OF_DAY = 0.7, 0.5, 0.05, 0.02
"""How much each part counts at most; words count 1 at most."""
SATURATED, BY_LENGTH = 1.2, 0.3
"""How soon a word said again counts no more, and how much less one counts in a long text."""
LEAST = 0.1
"""What is less alike is not named."""
SAME_TIME = timedelta(hours=1)
WORDS_SHOWN = 6

ReasonKind = Literal["services", "words", "alert", "change", "time_of_day"]


class Traits(msgspec.Struct, frozen=True, kw_only=True):
    """What of an incident is compared. `alerts` are titles of its alerts; `changed`: a change of a
    system stands on its timeline, made in the hour before it or while it went on.
    """

    id: str
    text: str
    services: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()
    began_at: datetime | None = None
    changed: bool = False


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Why two are alike, in words, and how much of the sum that is."""

    kind: ReasonKind
    text: str
    weight: float


class Likeness(msgspec.Struct, frozen=True, kw_only=True):
    """How much one is like another: the sum of its reasons, the weightiest first."""

    id: str
    score: float
    reasons: tuple[Reason, ...]


class _Said(msgspec.Struct, frozen=True):
    """The words of one incident by their stems, how often each is said, and how many there are."""

    words: Mapping[str, int]
    length: int


def most_alike(own: Traits, others: Sequence[Traits], most: int) -> list[Likeness]:
    """Those of the others that are most like it, the most alike first; of two, the later one."""
    said = [_said(each.text) for each in (own, *others)]
    spread = Counter(chain.from_iterable(each.words for each in said))
    weights = {word: _rarity(spread[word], len(said)) for word in said[0].words}
    mean = sum(each.length for each in said) / len(said)
    spelt = _spelt(own.text)
    found = []
    for other, words in zip(others, said[1:], strict=True):
        reasons = [
            *_by_words(weights, words, mean, spelt),
            *_by_services(own, other),
            *_by_alert(own, other),
        ]
        if reasons:  # what follows tells nothing by itself
            reasons += [*_by_change(own, other), *_by_time_of_day(own, other)]
        reasons.sort(key=lambda each: -each.weight)
        score = round(sum(each.weight for each in reasons), 4)
        if score >= LEAST:
            found.append((other, Likeness(id=other.id, score=score, reasons=tuple(reasons))))
    found.sort(key=lambda it: (it[1].score, _seconds(it[0].began_at), it[0].id), reverse=True)
    return [likeness for _, likeness in found[:most]]


def told_words(text: str) -> Iterator[str]:
    """The stems of the words of a text that say what it is about."""
    for each in words_in(text):
        if each.word not in STOP and not each.word.isdigit():
            yield stem(each.word)


@lru_cache(maxsize=512)
def _said(text: str) -> _Said:
    """Remembered: who follows an incident asks about the same others again and again."""
    words = Counter(told_words(text))
    return _Said(words, words.total())


def _rarity(with_it: int, of: int) -> float:
    return log(1 + (of - with_it + 0.5) / (with_it + 0.5))


def _spelt(text: str) -> Mapping[str, str]:
    """How a word was written first, by its stem."""
    found: dict[str, str] = {}
    for each in words_in(text):
        found.setdefault(stem(each.word), text[each.start : each.end].lower())
    return found


def _by_words(
    weights: Mapping[str, float], other: _Said, mean: float, spelt: Mapping[str, str]
) -> Iterable[Reason]:
    most = (SATURATED + 1) * sum(weights.values())
    held = SATURATED * (1 - BY_LENGTH + BY_LENGTH * other.length / mean) if mean else 1.0
    shared = {
        word: rarity * times * (SATURATED + 1) / (times + held) / most
        for word, rarity in weights.items()
        if (times := other.words.get(word, 0))
    }
    if not shared:
        return
    best = sorted(shared, key=lambda word: (-shared[word], word))[:WORDS_SHOWN]
    told = ", ".join(spelt[word] for word in best)
    yield Reason(kind="words", text=f"both say {told}", weight=round(sum(shared.values()), 4))


def _by_services(own: Traits, other: Traits) -> Iterable[Reason]:
    shared = [each for each in own.services if each in other.services]
    if shared:
        weight = round(SERVICES * len(shared) / len({*own.services, *other.services}), 4)
        yield Reason(kind="services", text=f"both concern {', '.join(shared)}", weight=weight)


def _by_alert(own: Traits, other: Traits) -> Iterable[Reason]:
    known = {each.casefold() for each in other.alerts}
    shared = [each for each in own.alerts if each.casefold() in known]
    if shared:
        yield Reason(kind="alert", text=f"both had the alert “{shared[0]}”", weight=ALERT)


def _by_change(own: Traits, other: Traits) -> Iterable[Reason]:
    if own.changed and other.changed:
        text = "a change of a system stands on both timelines"
        yield Reason(kind="change", text=text, weight=CHANGE)


def _by_time_of_day(own: Traits, other: Traits) -> Iterable[Reason]:
    if own.began_at is None or other.began_at is None:
        return
    apart = abs(_of_day(own.began_at) - _of_day(other.began_at))
    if min(apart, timedelta(days=1) - apart) <= SAME_TIME:
        times = f"{own.began_at:%H:%M} and {other.began_at:%H:%M} UTC"
        text = f"both began about the same time of day, {times}"
        yield Reason(kind="time_of_day", text=text, weight=TIME_OF_DAY)


def _of_day(at: datetime) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute)


def _seconds(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0
