"""What clocks and escalations have led to, as an incident keeps it."""

from datetime import datetime

import msgspec
from msgspec.structs import replace

from domain.kernel.deadline import is_settled


class Discipline(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What clocks and escalations have led to. `settled` has, for each rule (of a hypothesis:
    `rule:H1`), the latest due time that was acted upon or answered; `tiers` are those that were
    told, `unheard` those that were to be, and no channel told; `escalations` is how often one was
    to be.
    """

    settled: dict[str, datetime] = {}
    tiers: tuple[str, ...] = ()
    unheard: tuple[str, ...] = ()
    escalations: int = 0
    all_clears: int = 0
    all_clear_at: datetime | None = None
    postmortem_due_at: datetime | None = None
    postmortem_url: str | None = None
    postmortem_at: datetime | None = None
    """When that was published; None: in an earlier release, to which it was for good."""

    record: tuple[str | None, str] | None = None
    """What a short record says: the impact (None: as it was assessed), and what follows."""
    recorded_at: datetime | None = None

    def is_settled(self, mark: str, due_at: datetime) -> bool:
        """Whether what was due then has been dealt with."""
        return is_settled(self.settled.get(mark), due_at)

    def settle(self, mark: str, due_at: datetime) -> "Discipline":
        """What was due then has been acted upon, or answered."""
        known = self.settled.get(mark)
        latest = max(known, due_at) if known else due_at
        return replace(self, settled={**self.settled, mark: latest})

    def escalated_to(self, tier: str, *, unreached: bool) -> "Discipline":
        """A tier knows of it, or was to, and no channel told them."""
        if unreached:
            return replace(self, unheard=tuple(dict.fromkeys((*self.unheard, tier))))
        tiers = tuple(dict.fromkeys((*self.tiers, tier)))
        return replace(self, tiers=tiers, unheard=tuple(x for x in self.unheard if x != tier))
