"""What the log says of an intent. The outbox is a table, and whoever can write a table must not say
what is sent, or to whom: so each intent is read from the log again before it is sent.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from domain.incident.visibility.visibility_events import VisibilitySet
from domain.kernel.commit import Event, Recorded
from domain.kernel.notifiable import Found, Told
from domain.notification.channel import Era, preference
from domain.notification.intent import Intent, intents_of
from domain.policy.audience import Audiences
from domain.sight import Sight
from projections.outbox.intents import told_in


class NotOfTheLogError(Exception):
    """The outbox has a row that does not follow from the log. Nothing is sent for it."""


class LoggedIntent(msgspec.Struct, frozen=True, kw_only=True):
    """An intent as the log has it; `audiences` are all whom its event tells, and `private` is who
    alone may see its subject, as it stands now (None: everybody may).
    """

    intent: Intent
    audiences: Audiences
    private: Sight | None = None

    def check_channel(self, eras: Sequence[Era], channel: str) -> None:
        """Raise `NotOfTheLogError` where a channel of this name and settings is not to tell it."""
        private = None if self.intent.recipient else self.private
        if private is not None and not private.holds(eras[-1].private):
            raise NotOfTheLogError("its subject is private, and not for all who read the channel")
        places = {
            audience: place
            for audience in self.audiences
            if (place := preference(_to(self.intent, audience), eras, channel)) is not None
        }
        if self.intent.audience not in places:
            raise NotOfTheLogError("by the log, it is not for this channel")
        if places[self.intent.audience] > min(places.values()):
            raise NotOfTheLogError("the channel tells another audience of it")


def logged_intent(
    claimed: Intent,
    recorded: Recorded[Event],
    told: Told,
    found: Found,
    history: Sequence[Recorded[Event]],
) -> LoggedIntent:
    """What a commit of a history tells its audience by the log, where a row has claimed something
    of it. Raises `NotOfTheLogError`.
    """
    for row in told_in(claimed.subject.aggregate, recorded, told, found):
        each: dict[str, Any] = msgspec.structs.asdict(row)
        intents = [it for it in intents_of(each) if it.event_id == claimed.event_id]
        for intent in intents:
            if intent.id == claimed.id:
                audiences = tuple(it.audience for it in intents)
                return LoggedIntent(intent=intent, audiences=audiences, private=_private(history))
    raise NotOfTheLogError(f"position {claimed.position} of the log does not tell it to them")


def _to(intent: Intent, audience: Any) -> Intent:
    return msgspec.structs.replace(intent, audience=audience)


def _private(history: Sequence[Recorded[Event]]) -> Sight | None:
    """Who alone may see what has this history."""
    for recorded in reversed(history):
        for event in reversed(recorded.commit.events if recorded.unreadable is None else ()):
            if isinstance(event, VisibilitySet):
                return event.private
    return None
