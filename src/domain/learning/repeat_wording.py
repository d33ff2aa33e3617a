"""What is said of repeats, in sentences that name things and no persons."""

from collections.abc import Sequence
from datetime import datetime

from domain.kernel.text import enumerated
from domain.learning.action_item.item import WAITING, ActionItemStatus, day_before
from domain.learning.clues import (
    ALIKE_MOST,
    CONFIRMED,
    Alike,
    ClueFound,
    ClueKind,
    EarlierIncident,
    EarlierItem,
)


def became(
    status: ActionItemStatus, due_at: datetime, ended_at: datetime | None, began_at: datetime
) -> str:
    """What became of an action item, as the incident that follows it has to know."""
    if status in WAITING or ended_at is None:
        return f"is not completed (due on {day_before(due_at)})"
    day = f"{ended_at:%Y-%m-%d}"
    if status is ActionItemStatus.DECLINED:
        return f"was declined on {day}"
    return f"was completed on {day}, {'before' if ended_at < began_at else 'after'} this began"


def said_of(
    rows: Sequence[ClueFound],
    earlier: Sequence[EarlierIncident],
    reviewed: Sequence[EarlierItem],
    times: int,
) -> str:
    """`Looks like the third incident by “missing connection pool limits”: after INC-3 and INC-9.
    AI-12 (“Set limits”) is not completed (due on 2026-03-31).`
    """
    if not earlier and not reviewed:
        return f"Nothing on record says in the same words what {rows[0].reference} is about."
    sentences = []
    if counted := [each for each in earlier if each.counts]:
        by, number = _named(earlier), _ordinal(times)
        what = f"{number} incident by “{by}”" if by else f"{number} incident of its kind"
        sure = all(each.verdict == CONFIRMED for each in counted)
        if sum(row.own_kind is not None for row in rows) >= ALIKE_MOST:
            what = f"Looks like at least the {what}"
        else:
            what = what[0].upper() + what[1:] if sure else f"Looks like the {what}"
        sentences.append(f"{what}: after {_listed([each.reference for each in counted])}.")
    items = [*(item for each in earlier for item in each.action_items), *reviewed]
    sentences += [f"{item.reference} (“{item.title}”) {item.became}." for item in items[:_MOST]]
    if len(items) > _MOST:
        sentences.append(f"{len(items) - _MOST} more action items are listed.")
    if not sentences:
        sentences.append(f"A repeat of {_listed([each.reference for each in earlier])}.")
    return " ".join(sentences)


_MOST = 5
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")


def _ordinal(number: int) -> str:
    if number <= len(_ORDINALS):
        return _ORDINALS[number - 1]
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10)
    return f"{number}{ending or 'th'}"


def _named(earlier: Sequence[EarlierIncident]) -> str | None:
    """The cause or factor that says it in the fewest words; None: action items alone do."""
    texts = {it.earlier_text for each in earlier for it in each.alike if _turned_out(it)}
    return min(texts, key=lambda text: (len(text), text), default=None)


def _turned_out(alike: Alike) -> bool:
    return alike.earlier_kind is not ClueKind.ACTION_ITEM


def _listed(references: Sequence[str]) -> str:
    """All of a few, of many the first one and the last ones."""
    if len(references) > _MOST:
        return f"{references[0]} and {len(references) - 1} others, {references[-1]} the last"
    return enumerated(references)
