"""What search and the comparison of incidents are worth, on public histories: `make knowledge`.

Incidents of GitHub's status history, in the order in which they began. Each is compared with those
before it, as it was known when it was declared (its title and first message, and the components
named there) and during it (with the first half of its later messages). Relevant is an earlier
incident that hit the same components (half of both together, or more) **and** whose later messages
name the same kind of cause or remedy as this one's. Those messages are not among what is asked by
as it is declared. The figures of parts were chosen on the first 200 incidents, but for the length
factor and the weight of services, which all of them have shaped; what is printed is of the others.
The baseline is plain full-text search: BM25 with its usual figures over the same texts.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import cache
from math import log
from pathlib import Path
from typing import Any, NamedTuple

from domain.knowledge.search_terms import lexemes, wanted
from domain.knowledge.similarity import Traits, most_alike
from domain.knowledge.word_forms import STOP, near, stem, words_in

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
CHOSEN_ON = 200
"""Figures were chosen on so many incidents."""
FACTS_SINCE = 5
CAUSES = {
    "change": r"roll(?:ed|ing)?[ -]?back|revert|deploy|config(?:uration)? change|recent change",
    "database": r"database|mysql|replica|quer(?:y|ies)|schema|migration",
    "network": r"network|dns|routing|connectivity|peering|packet|bgp",
    "capacity": r"capacity|load|traffic|scal(?:e|ing)|exhaust|resource|throttl|rate limit|memory",
    "cache": r"cache|redis|memcache",
    "upstream": r"third[- ]party|upstream|provider|azure|openai|vendor",
    "backlog": r"backlog|queue|delay",
    "secrets": r"certificate|tls|ssl|token|auth",
}
Order = Callable[["Told", Sequence["Told"], str], list[str]]


class Told(NamedTuple):
    """An incident of a history: what was said at once, and what later."""

    id: str
    title: str
    first: str
    later: str
    parts: frozenset[str]
    began_at: datetime
    causes: frozenset[str]

    @property
    def whole(self) -> str:
        return f"{self.title} {self.first} {self.later}"

    def known(self, when: str) -> str:
        """What is known of it as it is declared, or during it."""
        half = self.later[: len(self.later) // 2] if when == "during it" else ""
        return f"{self.title} {self.first} {half}"


class Scores(NamedTuple):
    """Of so many: the mean reciprocal rank of the first relevant one of ten; how much of what five
    places could hold of the relevant ones they hold; how many of the `named` there are relevant;
    and how many of all are, which is what naming any would give.
    """

    n: int
    mrr: float
    recall: float
    precision: float
    chance: float
    named: int


def github_history(folder: Path = DATA) -> list[Told]:
    """The incidents of the history, without maintenance."""
    lines = (folder / "history" / "github_status.jsonl").read_text().splitlines()
    rows = [row for row in map(json.loads, lines) if row["impact"] != "maintenance"]
    return sorted(map(_told, rows), key=lambda each: each.began_at)


def _told(row: Any) -> Told:
    first, *later = [each["message"] for each in row["updates"]]
    text = " ".join(later)
    named = (name for name, said in CAUSES.items() if re.search(said, text, re.IGNORECASE))
    began_at = datetime.fromisoformat(row["started_at"])
    parts = frozenset(row.get("components") or ())
    return Told(row["id"], row["title"], first, text, parts, began_at, frozenset(named))


def published_facts(folder: Path = DATA) -> list[Told]:
    """Published outages by their title, company and product; what they have in common is the
    categories that they were given, but for `cloud`, which half of them have.
    """
    path = folder / "postmortems" / "public_incident_facts.json"
    rows = sorted(json.loads(path.read_text())["incidents"], key=lambda each: each["start"])
    return [
        Told(
            row["id"], row["title"], f"{row['company']} {row['product']}", "",
            frozenset({"published"}), datetime.fromisoformat(row["start"]),
            frozenset(row["categories"]) - {"cloud"},
        )
        for row in rows
    ]  # fmt: skip


def is_relevant(one: Told, other: Told) -> bool:
    """Whether it hit the same, and for the same kind of reason."""
    both, either = one.parts & other.parts, one.parts | other.parts
    return bool(either) and 2 * len(both) >= len(either) and bool(one.causes & other.causes)


def ours(one: Told, earlier: Sequence[Told], when: str) -> list[str]:
    """The order in which the service names them."""
    known = one.known(when)
    every = {part for each in earlier for part in each.parts}
    named = tuple(sorted(part for part in every if part.lower() in known.lower()))
    own = Traits(id=one.id, text=known, services=named, began_at=one.began_at)
    others = [
        Traits(id=it.id, text=it.whole, services=tuple(sorted(it.parts)), began_at=it.began_at)
        for it in earlier
    ]
    return [each.id for each in most_alike(own, others, 10)]


def plain(one: Told, earlier: Sequence[Told], when: str) -> list[str]:
    """The order of plain full-text search."""
    texts = [_counted(it.whole) for it in earlier]
    spread = Counter(word for text in texts for word in text)
    mean = sum(text.total() for text in texts) / len(texts)
    asked = {each.word for each in words_in(one.known(when))}

    def score(text: Counter[str]) -> float:
        held = 1.2 * (0.25 + 0.75 * text.total() / mean)
        return sum(
            log(1 + (len(texts) - spread[word] + 0.5) / (spread[word] + 0.5))
            * text[word] * 2.2 / (text[word] + held)
            for word in asked & text.keys()
        )  # fmt: skip

    scores = list(map(score, texts))
    best = sorted(range(len(earlier)), key=lambda place: (-scores[place], -place))
    return [earlier[place].id for place in best[:10]]


@cache
def _counted(text: str) -> Counter[str]:
    return Counter(each.word for each in words_in(text))


def scores(history: Sequence[Told], order: Order, when: str, since: int) -> Scores:
    """How good an order is, over those from the one at `since` on that have a relevant one before
    them.
    """
    found, named = [], list[bool]()
    for place in range(since, len(history)):
        one, earlier = history[place], history[:place]
        relevant = {each.id for each in earlier if is_relevant(one, each)}
        if relevant:
            hits = [each in relevant for each in order(one, earlier, when)]
            rank = next((1 / (rank + 1) for rank, hit in enumerate(hits) if hit), 0.0)
            recall = sum(hits[:5]) / min(5, len(relevant))
            found.append((rank, recall, len(relevant) / len(earlier)))
            named += hits[:5]
    mrr, recall, chance = (sum(each) / len(found) for each in zip(*found, strict=True))
    return Scores(len(found), mrr, recall, sum(named) / max(1, len(named)), chance, len(named))


WAYS: dict[str, Callable[[str], str]] = {
    "as they stand": lambda word: word,
    "without their last two letters": lambda word: word[:-2],
    "with two letters that changed places": lambda word: f"{word[:2]}{word[3]}{word[2]}{word[4:]}",
    "without one letter": lambda word: word[:2] + word[3:],
}


def queries(one: Told) -> list[str]:
    """Three long words of what was said later, those in the middle."""
    words = dict.fromkeys(it.word for it in words_in(one.later) if it.word.isalpha())
    long = [word for word in words if len(word) >= 7 and word not in STOP]
    middle = len(long) // 2
    return long[middle : middle + 3]


def found_again(history: Sequence[Told]) -> Iterator[tuple[str, float, float]]:
    """Three words of an incident, in several ways: of how many that one is found, by us, and where
    words have to be the same.
    """
    kept = [{it.split(":")[0] for it in lexemes(one.title, one.later).split()} for one in history]
    asked = [queries(one) for one in history]
    for name, way in WAYS.items():
        by_us = by_words = n = 0
        for one, known, words in zip(history, kept, asked, strict=True):
            if len(words) < 3:
                continue
            n += 1
            typed = list(map(way, words))
            by_us += all(_holds(known, each) for each in typed)
            by_words += {*typed} <= {it.word for it in words_in(one.whole)}
        yield name, by_us / n, by_words / n


def _holds(known: set[str], typed: str) -> bool:
    [asked] = wanted(typed)
    word = asked.parts[0]
    otherwise = {f"_{each}" for each in near(word) | near(stem(word))}
    return bool({word, stem(word)} & known or otherwise & known) or any(
        each.startswith(word) for each in known
    )


def main() -> int:
    """Print all of it."""
    if not DATA.is_dir():
        print(f"{DATA} is not there: nothing is measured", file=sys.stderr)
        return 1
    history, facts = github_history(), published_facts()
    print("Similar incidents: ten are named at most (baseline: plain full text, BM25)")
    for name, told, since, when in (
        ("GitHub's status history", history, CHOSEN_ON, "as declared"),
        ("GitHub's status history", history, CHOSEN_ON, "during it"),
        ("published outages, by their titles", facts, FACTS_SINCE, "as declared"),
    ):
        for who, order in (("ours", ours), ("baseline", plain)):
            got = scores(told, order, when, since)
            print(
                f"  {name}, {when}, {who}: n {got.n}, MRR {got.mrr:.2f}, in five places recall"
                f" {got.recall:.2f}, precision {got.precision:.2f} of {got.named}"
                f" (of any {got.chance:.2f})"
            )
    print("Search: three words of a text find it (baseline: the words have to be the same)")
    for name, by_us, by_words in found_again(history):
        print(f"  {name}: ours {by_us:.2f}, baseline {by_words:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
