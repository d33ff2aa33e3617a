"""The texts by which repeats are found, and the shapes of what is said of them."""

from datetime import datetime
from enum import StrEnum

import msgspec

from domain.incident.relation import Relation
from domain.learning.action_item.item import ActionItemStatus


class ClueKind(StrEnum):
    """What a text is that says what an incident is about."""

    TITLE = "title"
    HYPOTHESIS = "hypothesis"
    CAUSE = "cause"
    FACTOR = "factor"
    ACTION_ITEM = "action_item"


CONFIRMED, REJECTED = "confirmed", "rejected"
KNOWN = (ClueKind.CAUSE, ClueKind.FACTOR, ClueKind.ACTION_ITEM)
"""Of an earlier incident these are compared: what turned out, not what was guessed."""


ALIKE_MOST = 300
"""So many pairs of texts that say the same are looked at, those that agree most first."""


class ClueFound(msgspec.Struct, frozen=True, kw_only=True):
    """A row: of the incident that is asked about (`reference`, `began_at`) and an earlier one
    (`of`; None: of a review), a text of each that may say the same, an action item, or what a
    person has said of the two. Where `of` does not count, it is an exercise or was canceled.
    """

    reference: str
    began_at: datetime
    own_kind: ClueKind | None = None
    own_reference: str | None = None
    own_text: str | None = None
    own_words: tuple[str, ...] = ()
    of: str | None = None
    of_reference: str | None = None
    of_title: str | None = None
    of_began_at: datetime | None = None
    of_counts: bool = False
    kind: ClueKind | None = None
    clue_reference: str | None = None
    text: str | None = None
    words: tuple[str, ...] = ()
    factor: str | None = None
    status: ActionItemStatus | None = None
    due_at: datetime | None = None
    ended_at: datetime | None = None
    relation: Relation | None = None


class Alike(msgspec.Struct, frozen=True, kw_only=True):
    """Two texts that say the same: that of the incident (its title, a hypothesis, its cause, a
    factor of its post-mortem), and an earlier one, where each stands, and the words of the latter
    that the former has too.
    """

    kind: ClueKind
    reference: str
    text: str
    earlier_kind: ClueKind
    earlier_reference: str
    earlier_text: str
    words: tuple[str, ...]


class EarlierItem(msgspec.Struct, frozen=True, kw_only=True):
    """An action item that was to keep it from happening again, and what became of it."""

    reference: str
    title: str
    status: ActionItemStatus
    due_at: datetime
    ended_at: datetime | None
    became: str


class EarlierIncident(msgspec.Struct, frozen=True, kw_only=True):
    """An earlier incident that this one may repeat. `verdict`: what a person has said; None: nobody
    has. `counts`: it was neither an exercise nor canceled.
    """

    id: str
    reference: str
    title: str
    began_at: datetime
    counts: bool
    verdict: str | None
    alike: tuple[Alike, ...]
    action_items: tuple[EarlierItem, ...]


class Repeats(msgspec.Struct, frozen=True, kw_only=True):
    """Whether an incident may have happened before (`flagged`), and the evidence: the `earlier`
    ones, the first one first, and action items of reviews that are about the same. `times`: which
    one of its kind it is at least, without what a person has rejected. `verdict` is that of people:
    confirmed as soon as it is one of an earlier one, rejected where it is one of none of them;
    None: nobody has said, or not of all.
    """

    reference: str
    flagged: bool
    times: int
    verdict: str | None
    said: str
    earlier: tuple[EarlierIncident, ...]
    action_items: tuple[EarlierItem, ...]
