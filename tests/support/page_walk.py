"""A page on a virtual clock: what is due happens when it is due, as the process runner sends it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from domain.kernel.commit import Commit, Event, Recorded
from domain.kernel.deadline import Expire
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.kernel.roster import Roster, RosterPerson
from domain.paging import PAGE
from domain.paging.pages.commands import OpenPage
from domain.paging.pages.events import PinnedPolicy
from domain.paging.pages.page_account import account
from domain.paging.pages.page_deadlines import DEADLINES
from domain.paging.pages.page_facts import PageFacts
from domain.paging.pages.page_state import Page
from domain.policy import DEFAULT
from domain.policy.reach import Reach
from support.paging import PEOPLE, REACH, facts
from support.spec import NOON

ROSTER = Roster(people=tuple(RosterPerson(id=each, name=each.capitalize()) for each in PEOPLE))


class Walk:
    """One page; `known` is what is looked up for each decision."""

    def __init__(self, policy: PinnedPolicy, known: PageFacts | None = None, reach: Reach = REACH):
        self.known = known or facts(policy)
        self.reach = reach
        self.now = NOON
        self.page: Page = PAGE.initial
        self.history = DEADLINES.initial
        self.events: list[Any] = []
        self.lines: list[str] = []
        self._commits = 0
        self.send(OpenPage(incident="INC-3"))

    def send(self, command: Any, actor: str = "commandpost") -> list[Any]:
        """The events that a command causes now; none where it was refused."""
        context = Context(
            self.now, f"c{self._commits}", DEFAULT, 1, actor,
            roster=ROSTER, reach=self.reach, known=self.known,
        )  # fmt: skip
        try:
            events = PAGE.decide(command, self.page, context)
        except Refused:
            return []
        if events:
            self._record(events, actor)
        return events

    def _record(self, events: Iterable[Event], actor: str) -> None:
        self._commits += 1
        commit = Commit(
            id=f"c{self._commits}", actor=actor, correlation_id="c", recorded_at=self.now,
            events=tuple(events),
        )  # fmt: skip
        recorded = Recorded(self._commits, "page.p", commit)
        self.history = DEADLINES.follow(self.history, recorded, DEFAULT, PAGE.evolve)
        for event in commit.events:
            self.page = PAGE.evolve(self.page, event, actor)  # type: ignore[arg-type]
            self.events.append(event)
            said = account(self.page, event)  # type: ignore[arg-type]
            self.lines.append(f"{self.now - NOON} {said}")

    @property
    def due(self) -> Expire | None:
        """What is due next, of all rules."""
        found = [
            step
            for each in DEADLINES.all
            if (step := DEADLINES.next_expiry(each, self.history, self.now, DEFAULT))
        ]
        return min(found, key=lambda it: it.fires_at, default=None)

    def until(self, minutes: float) -> None:
        """Time passes until so many minutes after noon; what is due happens."""
        end = NOON + timedelta(minutes=minutes)
        while (step := self.due) is not None and step.fires_at <= end:
            self.now = max(self.now, step.fires_at)
            assert self.send(step), f"{step} came to nothing"
        self.now = max(self.now, end)

    def attempts(self, person: str | None = None) -> list[tuple[str | None, str | None, str]]:
        """Who was paged by which method through which channel."""
        return [
            (each.person, each.method, each.channel)
            for each in self.page.attempts
            if person in {None, each.person}
        ]


def minutes(walk: Walk, at: datetime) -> float:
    return (at - NOON).total_seconds() / 60
