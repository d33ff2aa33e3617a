"""What happened before: earlier causes, factors and action items that say in the same words what an
incident is about, and whether a person has said that it is a repeat.

Words are compared, nothing is learnt: each match has the texts and the words that are the same
(`recurring_words`). A person confirms or rejects it by a link between the two incidents.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from domain.incident.relation import Relation
from domain.learning.clues import (
    CONFIRMED,
    REJECTED,
    Alike,
    ClueFound,
    ClueKind,
    EarlierIncident,
    EarlierItem,
    Repeats,
)
from domain.learning.recurring_words import shared, spelled
from domain.learning.repeat_wording import became, said_of

_VERDICTS = {Relation.REPEAT_OF: CONFIRMED, Relation.NOT_REPEAT_OF: REJECTED}


def repeats_of(rows: Sequence[ClueFound]) -> Repeats:
    """The answer, made of at least one row."""
    of_incident = defaultdict[str, list[ClueFound]](list)
    of_reviews: list[ClueFound] = []
    for row in rows:
        if row.of is not None:
            of_incident[row.of].append(row)
        elif row.kind is not None and _alike(row):
            of_reviews.append(row)
    found = (_earlier(id_, its) for id_, its in of_incident.items())
    earlier = tuple(sorted(filter(None, found), key=lambda it: (it.began_at, it.id)))
    reviewed = _items(of_reviews, rows[0].began_at)
    open_to = [each for each in earlier if each.verdict != REJECTED]
    times = 1 + sum(1 for each in open_to if each.counts)
    return Repeats(
        reference=rows[0].reference,
        flagged=bool(open_to or reviewed),
        times=times,
        verdict=_verdict(earlier),
        said=said_of(rows, open_to, reviewed, times),
        earlier=earlier,
        action_items=reviewed,
    )


def _verdict(earlier: Sequence[EarlierIncident]) -> str | None:
    verdicts = {each.verdict for each in earlier}
    if CONFIRMED in verdicts:
        return CONFIRMED
    return REJECTED if verdicts == {REJECTED} else None


def _earlier(id_: str, rows: Sequence[ClueFound]) -> EarlierIncident | None:
    """None where nothing is alike, and nobody has said anything of the two."""
    alike = tuple(dict.fromkeys(it for row in rows if (it := _alike(row)) is not None))
    said = [_VERDICTS[row.relation] for row in rows if row.relation is not None]
    first = rows[0]
    if not alike and not said:
        return None
    assert first.of_began_at is not None, f"{id_} began"
    return EarlierIncident(
        id=id_,
        reference=first.of_reference or "",
        title=first.of_title or "",
        began_at=first.of_began_at,
        counts=first.of_counts,
        verdict=said[0] if said else None,
        alike=tuple(sorted(alike, key=lambda it: (-len(it.words), it.earlier_reference, it.kind))),
        action_items=_items(_about_the_same(rows, alike), first.began_at),
    )


def _about_the_same(rows: Iterable[ClueFound], alike: Sequence[Alike]) -> list[ClueFound]:
    """The action items of an earlier incident, but for those about a factor of their own."""
    same = {it.earlier_reference for it in alike}
    factors = {row.factor for row in rows if row.kind is ClueKind.FACTOR and _alike(row)}
    return [
        row
        for row in rows
        if row.kind is ClueKind.ACTION_ITEM
        and (row.factor is None or row.factor in factors or row.clue_reference in same)
    ]


def _alike(row: ClueFound) -> Alike | None:
    if row.own_kind is None or row.kind is None or not row.own_text or not row.text:
        return None
    both = shared(row.own_words, row.words)
    if not both and row.own_text.casefold() == row.text.casefold():
        both = row.words  # a single word, such as a cause that is called DNS
    if not both:
        return None
    stands = spelled(row.text)
    return Alike(
        kind=row.own_kind,
        reference=row.own_reference or row.reference,
        text=row.own_text,
        earlier_kind=row.kind,
        earlier_reference=row.clue_reference or "",
        earlier_text=row.text,
        words=tuple(spelling for word, spelling in stands.items() if word in both),
    )


def _items(rows: Iterable[ClueFound], began_at: datetime) -> tuple[EarlierItem, ...]:
    items = {
        row.clue_reference: EarlierItem(
            reference=row.clue_reference,
            title=row.text or "",
            status=row.status,
            due_at=row.due_at,
            ended_at=row.ended_at,
            became=became(row.status, row.due_at, row.ended_at, began_at),
        )
        for row in rows
        if row.clue_reference and row.status and row.due_at
    }
    return tuple(sorted(items.values(), key=lambda it: (it.due_at, it.reference)))
