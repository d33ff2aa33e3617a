"""Rendering: an intent says what is to be told to whom; the words are made when it is sent.

They say what was known at the event, not what is known now: the incident is folded from the log up
to the commit of the event. So the same intent always reads the same, however late it goes out.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from domain.incident import INCIDENT, Incident, IncidentEvent
from domain.incident import state as s
from domain.incident.view import IncidentView, public_view, view
from domain.kernel.commit import Event, Recorded, event_id
from domain.notification.contexts import (
    Digest,
    InternalContext,
    PublicContext,
    answered,
    build_internal_context,
    build_public_context,
)
from domain.policy import Policy
from domain.policy.audience import Audience
from domain.registry import INCIDENTS
from handlers.kernel.executor import stream_of
from handlers.kernel.ports import EventStore
from projections.outbox.intents import Intent

UNNAMED = "Our service"
"""The public title of an incident that has none, and of which no service is known."""


class MessageContext(NamedTuple):
    """What there is to tell of: an event, the incident as its commit left it, and the account of
    what had been done and said before.
    """

    incident: s.KnownIncident
    event: IncidentEvent
    account: Digest


class Words(NamedTuple):
    """A subject of one line, and a text in Markdown of the simplest kind: paragraphs, lists, and
    lines that begin with a name, `**Impact**: …`.
    """

    subject: str
    text: str


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """An intent in words, with the incident as it was then, for channels that show more of it. In
    a message to customers, that incident has nothing but what is public.
    """

    intent: Intent
    subject: str
    text: str
    incident: IncidentView


class Prepared(NamedTuple):
    """A message on its way out, and the id of the event that has answered it, if one has."""

    message: Message
    answered_by: str | None


Wording = Callable[[InternalContext | PublicContext], Words]
"""Finds the words. It is given no more than its audience may know, and it always finds some."""


def told(
    audience: Audience, kind: str, occasion: MessageContext, policy: Policy
) -> InternalContext | PublicContext:
    """What the audience is told of an occasion, before it is put into words."""
    incident, event, account = occasion
    if audience is Audience.CUSTOMERS:
        return build_public_context(kind, incident, event, account, policy)
    return build_internal_context(audience, kind, incident, event, account, policy)


class Renderer:
    """Puts intents into words, with cadences and names of severities as in `policy`."""

    def __init__(self, store: EventStore, wording: Wording, policy: Policy) -> None:
        self._store = store
        self._wording = wording
        self._policy = policy

    async def render(self, intent: Intent) -> Message:
        """The message that an intent stands for. Raises `Unavailable`."""
        return (await self.prepare(intent)).message

    async def prepare(self, intent: Intent) -> Prepared:
        """The message, and whether it is still to be sent. Raises `Unavailable`."""
        history = await self._store.load(stream_of(intent.incident_id))
        occasion, later = occasion_of(intent, history)
        by = answered(INCIDENTS, occasion.event, occasion.incident, later)
        return Prepared(self._message(intent, occasion), by)

    def _message(self, intent: Intent, occasion: MessageContext) -> Message:
        said = told(intent.audience, intent.kind, occasion, self._policy)
        subject, text = self._wording(said)
        shown = view(intent.incident_id, occasion.incident, intent.position)
        assert shown is not None, "an incident of which there is news can be shown"
        if isinstance(said, PublicContext):
            title = said.headline or ", ".join(said.services) or UNNAMED
            shown = public_view(shown, title=title)
        return Message(intent=intent, subject=subject, text=text, incident=shown)


def occasion_of(
    intent: Intent, history: Sequence[Recorded[Event]]
) -> tuple[MessageContext, list[tuple[str, IncidentEvent]]]:
    """What an intent is about, and the events behind it with their ids."""
    incident: Incident = INCIDENT.initial
    account = Digest()
    place = int(intent.event_id.rpartition("/")[2])
    for number, recorded in enumerate(history, start=1):
        events: tuple[IncidentEvent, ...] = recorded.commit.events  # type: ignore[assignment]
        incident = INCIDENT.fold(incident, events, recorded.commit.actor)
        if recorded.position == intent.position:
            assert not isinstance(incident, s.Undeclared), "news is of something declared"
            occasion = MessageContext(incident, events[place], account.following(events[:place]))
            return occasion, [pair for commit in history[number:] for pair in identified(commit)]
        account = account.following(events)
    raise AssertionError(f"intent {intent.id} is about an event that the log does not have")


def identified(recorded: Recorded[Event]) -> Iterator[tuple[str, IncidentEvent]]:
    """The events of a commit of an incident with their ids."""
    for index, event in enumerate(recorded.commit.events):
        yield event_id(recorded.commit.id, index), event  # type: ignore[misc]
