"""Rendering: an intent says what is to be told to whom; the words are made when it is sent.

They say what was known at the event, not what is known now: the incident is folded from the log up
to the commit of the event. So the same intent always reads the same, however late it goes out.
"""

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from domain.incident import INCIDENT, Incident, IncidentEvent
from domain.incident import state as s
from domain.policy import Policy
from handlers.incidents import stream_of
from handlers.ports import EventStore
from projections import wording
from projections.intents import Intent
from projections.view import IncidentView, view


class Occasion(NamedTuple):
    """What an intent is about: the event, and the incident as its commit left it."""

    intent: Intent
    incident: s.Recorded
    event: IncidentEvent


class Words(NamedTuple):
    """A subject of one line, and a plain text."""

    subject: str
    text: str


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """An intent in words, with the incident as it was then, for channels that show more of it."""

    intent: Intent
    subject: str
    text: str
    incident: IncidentView


def plain_words(policy: Policy) -> Callable[[Occasion], Words]:
    """The built-in words, with cadences and names of severities as in `policy`."""

    def words(occasion: Occasion) -> Words:
        intent, incident, event = occasion
        return Words(
            wording.subject(intent.kind, incident, event),
            wording.text(intent.kind, incident, event, policy),
        )

    return words


class Renderer:
    """Puts intents into words; `words` finds them."""

    def __init__(self, store: EventStore, words: Callable[[Occasion], Words]) -> None:
        self._store = store
        self._words = words

    async def render(self, intent: Intent) -> Message:
        """The message that an intent stands for. Raises `Unavailable`."""
        occasion = await self._occasion(intent)
        words = self._words(occasion)
        shown = view(intent.incident_id, occasion.incident, intent.position)
        assert shown is not None, "an incident of which there is news can be shown"
        return Message(intent=intent, subject=words.subject, text=words.text, incident=shown)

    async def _occasion(self, intent: Intent) -> Occasion:
        incident: Incident = INCIDENT.initial
        for recorded in await self._store.load(stream_of(intent.incident_id)):
            events = recorded.commit.events
            incident = INCIDENT.fold(incident, events)  # type: ignore[arg-type]
            if recorded.position == intent.position:
                assert not isinstance(incident, s.Undeclared), "news is of something declared"
                index = int(intent.event_id.rpartition("/")[2])
                return Occasion(intent, incident, events[index])  # type: ignore[arg-type]
        raise AssertionError(f"intent {intent.id} is about an event that the log does not have")
