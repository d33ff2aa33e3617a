"""What has been done and said so far, as far as messages tell of it and the incident keeps none.

`after` is a fold, as `evolve` is: total, and the same for the same events.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec
from msgspec.structs import replace

from domain.incident import events as e
from domain.incident.events import IncidentEvent
from domain.policy.audience import Audience

ACTIONS_KEPT = 10
"""So many of the latest actions are told; the timeline has them all."""


class Action(msgspec.Struct, frozen=True):
    """Something that was done to the system."""

    at: datetime
    text: str


class Digest(msgspec.Struct, frozen=True):
    """`actions` are those since the last update to our own people, the oldest first, and `earlier`
    says how many more there were; `told` is whether there has been such an update. `headline` is
    the public title, as the last update to customers that had one put it.
    """

    actions: tuple[Action, ...] = ()
    earlier: int = 0
    told: bool = False
    headline: str | None = None

    def following(self, events: Iterable[IncidentEvent]) -> "Digest":
        """The digest after more events."""
        digest = self
        for event in events:
            digest = digest.after(event)
        return digest

    def after(self, event: IncidentEvent) -> "Digest":
        """The digest after one more event."""
        match event:
            case (
                e.ActionLogged(occurred_at=at, action=text)
                | e.Mitigated(occurred_at=at, mitigation=text)
            ):
                taken = (*self.actions, Action(at, text))
                more = max(0, len(taken) - ACTIONS_KEPT)
                return replace(self, actions=taken[more:], earlier=self.earlier + more)
            case e.UpdatePosted(headline=headline):
                kept = replace(self, headline=headline or self.headline)
                return kept if _public(event) else replace(kept, actions=(), earlier=0, told=True)
            case _:
                return self


def _public(update: e.UpdatePosted) -> bool:
    """Whether it is for customers alone."""
    return set(update.audiences) == {Audience.CUSTOMERS}
