"""What is the same and what is new: of a delivery, of a firing, of an end (decision 30).

Keys and fingerprints are used again and again, clocks differ, and bytes repeat. So neither bytes
nor the times that a product states say what is new, but what the log holds when a report comes in:

- An alert has one firing at a time. Whatever is said of it while that is open is about that firing.
- What says that the alert fires, and came in after the end of its last firing, or after a person
  has ended the incident of that, begins a new one.
- An end ends the firing that is open, whatever times it states.
- A report that its product names is one report, however often it comes. So is one that is dated
  before an end which is dated as well: it comes late.
- What says anything else of an alert that never fired is noted, and begins nothing.
"""

from datetime import datetime
from enum import Enum, auto
from typing import NamedTuple

import msgspec

from domain.alerting.events import AlertUnheard
from domain.alerting.firing_history import AlertRef, Arrival, Firing, FiringHistory
from domain.incident.alerts.alert import Alert, AlertKind

FIRES = frozenset({AlertKind.TRIGGERED, AlertKind.REOPENED})
"""What says that an alert is on."""

BEGINS_NOTHING = frozenset({AlertKind.RESOLVED, AlertKind.ACKNOWLEDGED, AlertKind.ANNOTATED})
"""What may be said of an alert that is over, or about to be."""


class FiringClues(msgspec.Struct, frozen=True, kw_only=True):
    """What of a report says which firing it is about. `at` is when its product says that this was
    so, None where it does not: a start that is repeated as long as an alert fires is no such time.
    `event_id` names what is said, and if `named` this very report of it. `recurs`: the alert id is
    used again for what fires anew. `aside`: it does not say that the alert is on, whatever its
    kind.
    """

    alert: AlertRef
    kind: AlertKind
    arrival: Arrival
    event_id: str
    at: datetime | None = None
    named: bool = False
    recurs: bool = True
    aside: bool = False


class News(Enum):
    """What a report is to its alert."""

    BEGINS = auto()
    """A new firing."""
    FOLLOWS = auto()
    """About a firing that is known."""
    UNHEARD = auto()
    """About none that was ever heard of."""


class Judgement(NamedTuple):
    """What a report is, and the firing that it follows, or that was the last before the one that it
    begins, and was over at `over_at`.
    """

    news: News
    firing: Firing | None = None
    over_at: datetime | None = None


def judge(said: FiringClues, history: FiringHistory, left_at: datetime | None = None) -> Judgement:
    """What a report is to its alert. `left_at`: when a person has ended the incident of the firing
    that `followed` names.
    """
    if said.named and any(each.alert.event_id == said.event_id for each in history.unheard):
        return Judgement(News.UNHEARD)
    firing = followed(said, history)
    if firing is None:
        return Judgement(News.BEGINS if _may_begin(said, history) else News.UNHEARD)
    if said.kind in FIRES and said.recurs:
        if _is_known(said, firing):
            return Judgement(News.FOLLOWS, firing)
        if _came_after_the_end(said, firing):
            return Judgement(News.BEGINS, firing, firing.ended_at)
        if left_at and said.arrival.at >= left_at:
            return Judgement(News.BEGINS, firing, left_at)
    return Judgement(News.FOLLOWS, firing)


def followed(said: FiringClues, history: FiringHistory) -> Firing | None:
    """The firing that a report is about, unless it begins one: the last that had begun when it came
    in.
    """
    known = history.of(said.alert)
    if said.named:
        again = [each for each in known if _is_known(said, each)]
        if again:
            return again[-1]
    begun = [each for each in known if each.heard <= said.arrival]
    return begun[-1] if begun else None


def _is_known(said: FiringClues, firing: Firing) -> bool:
    """Whether this very report has begun or ended the firing."""
    return said.arrival == firing.heard or (
        said.named and said.event_id in (firing.event_id, firing.end_id)
    )


def _came_after_the_end(said: FiringClues, firing: Firing) -> bool:
    if firing.ended_at is None or firing.end_heard is None or said.arrival < firing.end_heard:
        return False
    late = said.at is not None and firing.end_stated and said.at < firing.ended_at
    return not late


def _may_begin(said: FiringClues, history: FiringHistory) -> bool:
    """Whether it begins a firing of what was never heard of. Of what has an id for each time that
    it fires, most reports say that it is on; but not once its end was heard of.
    """
    if said.kind in FIRES:
        return True
    is_over = any(each.alert.kind is AlertKind.RESOLVED for each in history.unheard)
    says_on = not said.aside and said.kind not in BEGINS_NOTHING
    return not said.recurs and not is_over and says_on


def named_by(history: FiringHistory, signal: int, arrival: Arrival) -> Firing | None:
    """The firing of what has no key of its own, if it is the one to which a key was given for the
    signal at this position, and is open as a report comes in.
    """
    begun = [each for each in history.firings if each.heard.signal <= signal]
    firing = max(begun, key=lambda each: each.heard, default=None)
    if firing is None or (firing.end_heard is not None and firing.end_heard < arrival):
        return None
    return firing


def overtook(said: FiringClues, history: FiringHistory) -> list[AlertUnheard]:
    """What is dated after a report that begins a firing, and has come in before it."""
    at = said.at
    if at is None:
        return []
    later = (each for each in history.unheard if each.stated and each.occurred_at > at)
    return sorted(later, key=lambda each: each.occurred_at)


def begins_at(
    stated: tuple[datetime | None, ...], after: datetime | None, heard_at: datetime
) -> datetime:
    """When a new firing began: the first of the times that its product states, if that is after the
    end of the one before; else when it was heard of.
    """
    return next((at for at in stated if at and (after is None or at > after)), heard_at)


def name_firing(alert: Alert, at: datetime, arrival: Arrival, history: FiringHistory) -> str:
    """What to call a new firing: by the start that its product states, else the time of the first
    report of it; the first that is given no start has no name.
    """
    ref = (alert.product, alert.source, alert.alert_id)
    taken = {each.episode for each in history.of(ref)}
    heard = f"{arrival.at.isoformat()}/{arrival.signal}.{arrival.place}"
    stated = alert.episode or ("" if not taken else at.isoformat())
    return next(name for name in (stated, arrival.at.isoformat(), heard) if name not in taken)
