"""What is known of a page."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec

from domain.kernel.roster import Who
from domain.paging.pages.events import AttemptOutcome, Ending, PinnedPolicy, PlannedContact
from domain.policy import Severity

LAST_WAITS_S = 300
"""So long, at least, the last level is waited for: behind it there is nobody else."""


class PageStatus(StrEnum):
    """Where a page stands."""

    CLIMBING = "climbing"
    ACKNOWLEDGED = "acknowledged"
    UNANSWERED = "unanswered"
    """It has climbed all levels; it can still be acknowledged."""
    ENDED = "ended"


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt to reach a person by a `method` through a `channel`, or a channel that is a
    target (`person` None); what is known to have become of it.
    """

    number: int
    climb: int
    step: int
    channel: str
    at: datetime
    person: str | None = None
    name: str | None = None
    method: str | None = None
    address: str | None = None
    outcome: AttemptOutcome | None = None
    outcome_at: datetime | None = None
    detail: str | None = None

    @property
    def is_lost(self) -> bool:
        """Whether it is known to have reached nobody."""
        return self.outcome is not None and self.outcome.is_lost


class Acknowledgement(msgspec.Struct, frozen=True, kw_only=True):
    """Who has taken it, when, in which way."""

    by: Who
    at: datetime
    through: str | None = None


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one; number 0: nothing yet. `contacts` wait for their time. `fresh_since`:
    since when its acknowledgement grows stale. `missed_at`: when it had climbed all levels, and not
    enough people had acknowledged it, first. `settled`: the latest due time of each rule.
    """

    number: int = 0
    incident: str = ""
    reference_of_incident: str = ""
    severity: Severity = Severity.SEV4
    policy: PinnedPolicy | None = None
    title: str | None = None
    services: tuple[str, ...] = ()
    private: bool = False
    drill: bool = False
    asked_by: Who | None = None
    reason: str | None = None
    opened_at: datetime | None = None
    status: PageStatus = PageStatus.CLIMBING
    climb: int = 1
    step: int = -1
    reached_at: datetime | None = None
    contacts: tuple[PlannedContact, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    acknowledgements: tuple[Acknowledgement, ...] = ()
    fresh_since: datetime | None = None
    first_acknowledged_at: datetime | None = None
    missed_at: datetime | None = None
    ended_at: datetime | None = None
    ended_because: Ending | None = None
    settled: dict[str, datetime] = {}

    @property
    def reference(self) -> str:
        """What people call it: `PG-7`."""
        return f"PG-{self.number}"

    @property
    def pinned(self) -> PinnedPolicy:
        """The policy of one that was opened."""
        assert self.policy is not None, "it was opened"
        return self.policy

    @property
    def missing(self) -> int:
        """How many more people have to acknowledge it."""
        return max(0, self.pinned.acknowledgements - len(self.acknowledgements))

    def is_taken_by(self, who: Who) -> bool:
        """Whether this one has taken it, under whatever name."""
        return any(_meant(each.by) == _meant(who) for each in self.acknowledgements)

    @property
    def waits_until(self) -> datetime:
        """Until when the level that it has come to is waited for."""
        assert self.reached_at is not None, "it has come to a level"
        steps = self.pinned.steps
        waits_s = steps[self.step].timeout_s
        if self.step + 1 >= len(steps):
            waits_s = max(waits_s, LAST_WAITS_S)
        return self.reached_at + timedelta(seconds=waits_s)

    @property
    def at_level(self) -> tuple[Attempt, ...]:
        """The attempts at the level that it has come to."""
        return tuple(
            each for each in self.attempts if (each.climb, each.step) == (self.climb, self.step)
        )

    @property
    def seen(self) -> list[Any]:
        """What due times follow from, as it stands in commands of the clock."""
        taken = len(self.acknowledgements)
        fresh = self.fresh_since.isoformat() if self.fresh_since else None
        return [self.status.value, self.climb, self.step, taken, fresh]

    def has_acknowledged(self, person: str | None) -> bool:
        """Whether a person, by slug, has taken it."""
        return person is not None and any(
            each.by.person == person for each in self.acknowledgements
        )

    def attempt(self, number: int) -> Attempt | None:
        """The attempt of that number."""
        return next((each for each in self.attempts if each.number == number), None)

    def is_known(self, contact: PlannedContact, channel: str) -> bool:
        """Whether that person was paged so at this level already."""
        wanted = (contact.person, contact.method, contact.address, channel)
        return any(
            (each.person, each.method, each.address, each.channel) == wanted
            for each in self.at_level
        )


def _meant(who: Who) -> str:
    return (who.person or who.name).casefold()
