"""What became of the notifications about an incident, from its ledger alone."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from domain.kernel.commit import Event, Recorded
from domain.notification import events as n
from domain.notification.intent import intent_id
from domain.policy.audience import Audience


class Fate(NamedTuple):
    """What became of a notification through one channel: whether it told anybody, else why not."""

    audience: Audience
    channel: str
    at: datetime
    told: bool
    why: str


class Fates:
    """By the event that they tell."""

    def __init__(self, notifications: Iterable[Recorded[Event]]) -> None:
        self._by_intent: dict[str, list[Fate]] = {}
        for recorded in notifications:
            for event in recorded.commit.events:
                fate = _fate(event)
                if fate is not None:
                    self._by_intent.setdefault(event.intent_id, []).append(fate)  # type: ignore[attr-defined]

    def of(self, event_id: str) -> list[Fate]:
        """Of what an event told, audience by audience."""
        intents = (intent_id(event_id, audience) for audience in Audience)
        return [fate for intent in intents for fate in self._by_intent.get(intent, ())]


def _fate(event: Event) -> Fate | None:
    """An attempt that is to be repeated is none yet."""
    match event:
        case n.NotificationDelivered():
            told, why = event.is_told, event.receipt
        case n.NotificationSuppressed():
            told, why = False, event.reason + (f" by event {event.by}" if event.by else "")
        case n.NotificationFailed(will_retry=False):
            told, why = False, event.reason
        case _:
            return None
    return Fate(event.audience, event.channel, event.occurred_at, told, why)
