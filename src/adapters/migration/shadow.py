"""Whom we would page for what another product pages, beside whom that paged. Nobody is paged here.

- A level at which nobody is on call is passed over at once, as the products do; after the last one
  the policy begins again as often as it says.
- Of a level whose targets take turns, one target is paged. Which of them is not in what is
  recorded, so any one of them agrees.
- What somebody did by hand (passed on, escalated to a level of their choice) is decided by no
  policy, and not compared. Nor is what follows from a level that is not known.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

import msgspec

from domain.oncall.schedule import Schedule
from domain.oncall.shifts import on_call

Group = tuple[str, ...]
Outcome = Literal["agrees", "differs", "not_compared"]


class Reach(NamedTuple):
    """A target of a level: `person`, `schedule`, or of a kind that is not known here."""

    kind: str
    id: str


class ShadowLevel(NamedTuple):
    """Whom a level of a policy reaches for: all of them, or one target `in_turn`."""

    targets: tuple[Reach, ...]
    in_turn: bool = False


class ShadowPolicy(NamedTuple):
    """The levels of a policy, and how often it is begun again after the last of them."""

    levels: tuple[ShadowLevel, ...]
    repeats: int


class RecordedPage(msgspec.Struct, frozen=True, kw_only=True):
    """That the other product reached for people: when, for what, by which policy, and for whom.

    `climbs`: to the next level; otherwise it begins at the first one. `event` is what the product
    calls it; `undecided` says why no policy decides whom it is for.
    """

    id: str
    at: datetime
    incident: str
    event: str
    policy: str | None
    people: Group
    climbs: bool = False
    undecided: str | None = None


class ComparedPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of theirs beside ours. `level` counts from 1; `one_of`: ours are several targets of
    whom one is paged in turn. `why` says why it was not compared.
    """

    at: datetime
    incident: str
    event: str
    outcome: Outcome
    level: int | None = None
    ours: Group = ()
    theirs: Group = ()
    one_of: bool = False
    why: str | None = None


class ShadowDay(msgspec.Struct, frozen=True, kw_only=True):
    """A day in UTC. `agreement`: the part of compared pages that agree; null: there are none."""

    day: date
    pages: int
    agree: int
    differ: int
    not_compared: int
    agreement: float | None


class ShadowReport(msgspec.Struct, frozen=True, kw_only=True):
    """All pages, each day that has any, and how many between these have none."""

    days: tuple[ShadowDay, ...]
    quiet_days: int
    pages: tuple[ComparedPage, ...]

    def count(self, outcome: Outcome) -> int:
        return sum(each.outcome == outcome for each in self.pages)


class _UndecidedError(Exception):
    """Why it cannot be said whom we would page."""


def compared(
    pages: Iterable[RecordedPage],
    policies: Mapping[str, ShadowPolicy],
    schedules: Sequence[Schedule],
) -> ShadowReport:
    """`pages` in any order; ids are those of the export throughout."""
    decider = _Decider(policies, {each.id: each for each in schedules})
    found = tuple(decider.look_at(each) for each in sorted(pages, key=lambda it: (it.at, it.id)))
    days = tuple(_days(found))
    between = (days[-1].day - days[0].day).days + 1 if days else 0
    return ShadowReport(days=days, quiet_days=between - len(days), pages=found)


class _Decider:
    """Decides page by page, in order, and knows which level each incident has reached."""

    def __init__(
        self, policies: Mapping[str, ShadowPolicy], schedules: Mapping[str, Schedule]
    ) -> None:
        self._policies = policies
        self._schedules = schedules
        self._reached: dict[str, int | None] = {}

    def look_at(self, page: RecordedPage) -> ComparedPage:
        said: dict[str, Any] = {"at": page.at, "incident": page.incident, "event": page.event}
        theirs = tuple(sorted(page.people))
        try:
            place, targets = self._decide(page)
            in_turn = self._level(page, place).in_turn and len(targets) > 1
        except _UndecidedError as why:
            self._reached[page.incident] = None
            return ComparedPage(**said, outcome="not_compared", theirs=theirs, why=str(why))
        self._reached[page.incident] = place
        ours = tuple(sorted({person for group in targets for person in group}))
        agrees = set(theirs) in map(set, targets) if in_turn else ours == theirs
        return ComparedPage(
            **said,
            outcome="agrees" if agrees else "differs",
            level=place % len(self._policy(page).levels) + 1,
            ours=ours,
            theirs=theirs,
            one_of=in_turn,
        )

    def _decide(self, page: RecordedPage) -> tuple[int, list[Group]]:
        """The level that is reached, counted from 0 over all repeats, and who is on call by each
        of its targets that has anybody.
        """
        if page.undecided is not None:
            raise _UndecidedError(page.undecided)
        policy, place = self._policy(page), 0
        if page.climbs:
            before = self._reached.get(page.incident)
            if before is None:
                raise _UndecidedError("the level before it is not known from what is recorded")
            place = before + 1
        while place < len(policy.levels) * (policy.repeats + 1):
            targets = self._people(self._level(page, place), page.at)
            if targets:
                return place, targets
            place += 1
        raise _UndecidedError("the policy has no further level with anybody on call")

    def _policy(self, page: RecordedPage) -> ShadowPolicy:
        if page.policy is None:
            raise _UndecidedError("it does not say by which policy")
        if page.policy not in self._policies:
            raise _UndecidedError(f"policy {page.policy} is not in the export")
        return self._policies[page.policy]

    def _level(self, page: RecordedPage, place: int) -> ShadowLevel:
        levels = self._policy(page).levels
        return levels[place % len(levels)]

    def _people(self, level: ShadowLevel, at: datetime) -> list[Group]:
        found = (self._of(target, at) for target in level.targets)
        return [each for each in found if each]

    def _of(self, target: Reach, at: datetime) -> Group:
        if target.kind == "person":
            return (target.id,)
        if target.kind != "schedule":
            raise _UndecidedError(f"a target of kind {target.kind} is not known here")
        if target.id not in self._schedules:
            raise _UndecidedError(f"schedule {target.id} is not in what could be taken over")
        return on_call(self._schedules[target.id], at)


def _days(found: Iterable[ComparedPage]) -> Iterator[ShadowDay]:
    by_day: dict[date, list[ComparedPage]] = {}
    for each in found:
        by_day.setdefault(each.at.date(), []).append(each)
    return (_day(day, pages) for day, pages in by_day.items())


def _day(day: date, pages: Sequence[ComparedPage]) -> ShadowDay:
    agree = sum(each.outcome == "agrees" for each in pages)
    differ = sum(each.outcome == "differs" for each in pages)
    return ShadowDay(
        day=day,
        pages=len(pages),
        agree=agree,
        differ=differ,
        not_compared=len(pages) - agree - differ,
        agreement=round(agree / (agree + differ), 4) if agree + differ else None,
    )
