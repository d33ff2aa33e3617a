"""Rendering: an intent says what is to be told to whom; the words are made when it is sent.

They say what was known at the event, not what is known now: the subject is folded from the log up
to the commit of the event. So the same intent always reads the same, however late it goes out.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, partial, reduce
from typing import Any, NamedTuple, Protocol, TypeVar
from urllib.parse import quote

import msgspec

from domain.incident.alerts.alert import Link
from domain.kernel.aggregate import AnyAggregate
from domain.kernel.commit import Event, Recorded
from domain.kernel.notifiable import NOTHING_TOLD, Contexts, MessageContext
from domain.kernel.recipient import Recipient
from domain.kernel.retraction import ended_by
from domain.kernel.roster import TierMember
from domain.notification.commands import ANSWERED
from domain.notification.intent import Intent
from domain.notification.subject_context import contexts_of
from domain.policy import Policy
from domain.policy.audience import Audience
from domain.registry import AGGREGATES
from handlers.kernel.ports import EventStore
from handlers.notify.log_check import LoggedIntent, NotOfTheLogError, logged_intent
from handlers.notify.told_with_storm import BECAUSE as TOLD_WITH_STORM
from handlers.notify.told_with_storm import PAGE, storm_that_tells

DRILL = "This is a drill: respond as you would, nothing is broken."
"""What every message about a drill begins with, whoever has worded it."""


class TemplateContext(Protocol):
    """What an audience may know of an event, for templates: its fields are their variables.
    `templates` are the names of those that may word it, the most special first; `least` is a
    subject and a text where none of them can.
    """

    @property
    def __struct_fields__(self) -> tuple[str, ...]: ...

    @property
    def audience(self) -> Audience: ...

    @property
    def kind(self) -> str: ...

    @property
    def services(self) -> tuple[str, ...]: ...

    @property
    def templates(self) -> tuple[str, ...]: ...

    @property
    def least(self) -> tuple[str, str]: ...


C = TypeVar("C", bound=TemplateContext)


def service_link(public_url: str | None, aggregate: AnyAggregate, ref: str) -> str | None:
    """Where people look at one aggregate, by its reference or id, under the configured
    `public_url`; None where none is configured, or nothing is to be seen. All messages have it from
    here.
    """
    path = aggregate.looked_at
    if public_url is None or path is None:
        return None
    return f"{public_url.rstrip('/')}{path.replace('{ref}', quote(ref, safe=''))}"


def with_url(context: C, url: str | None) -> C:
    """The context with the address of its subject, if its audience may know that."""
    if "url" not in context.__struct_fields__:
        return context
    return msgspec.structs.replace(context, url=url)  # type: ignore[type-var] # it is a struct


class Words(NamedTuple):
    """A subject of one line, and a text in Markdown of the simplest kind: paragraphs, lists, and
    lines that begin with a name, `**Impact**: …`.
    """

    subject: str
    text: str


class Message(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """An intent in words; `show` is asked by those channels alone that show more: it gives the
    subject as it was then, None where its aggregate shows channels nothing; in a message to
    customers, that has nothing but what is public. `url` is where
    the service shows its subject (None: not to this audience, or not configured), `links` are where
    else to look. `tier` and `people` are whom an escalation is to,
    `members` who these are by the directory. `answer_url` is where whom a page is for answers it
    without logging in.
    """

    intent: Intent
    subject: str
    text: str
    show: Callable[[], Any]
    url: str | None = None
    links: tuple[Link, ...] = ()
    tier: str | None = None
    people: tuple[str, ...] = ()
    members: tuple[TierMember, ...] = ()
    answer_url: str | None = None

    @property
    def recipient(self) -> Recipient | None:
        """The one person whom it is for; None: it is for all who read the channel."""
        return self.intent.recipient

    @cached_property
    def shown(self) -> Any:
        """What `show` gives."""
        return self.show()


class PreparedMessage(NamedTuple):
    """A message on its way out, what the log has of its intent, and the id of the event for which
    it is not to be sent, if there is one: it has answered it, or else `because`.
    """

    message: Message
    logged: LoggedIntent
    answered_by: str | None
    because: str = ANSWERED


def marked_as_drill(words: Words) -> Words:
    """Nobody takes what is practised for what is real, whoever has worded it."""
    return Words(f"[DRILL] {words.subject}", f"{DRILL}\n\n{words.text}")


Wording = Callable[[TemplateContext], Words]
"""Finds the words. It is given no more than its audience may know, and it always
finds some.
"""


class Renderer:
    """Puts intents into words, with cadences and names of severities as in `policy`."""

    def __init__(
        self,
        store: EventStore,
        wording: Wording,
        policy: Policy,
        aggregates: Iterable[AnyAggregate] = AGGREGATES,
        public_url: str | None = None,
        answer_link: Callable[[Intent], str | None] = lambda _: None,
    ) -> None:
        self._store = store
        self._wording = wording
        self._policy = policy
        self._public_url = public_url
        self._answer_link = answer_link
        self._aggregates = {
            each.name: (each, contexts_of(each)) for each in aggregates if each.notifiables
        }

    async def render(self, intent: Intent) -> Message:
        """The message that an intent stands for. Raises `NotOfTheLogError`, `Unavailable`."""
        return (await self.prepare(intent)).message

    async def prepare(self, claimed: Intent) -> PreparedMessage:
        """The message, and whether it is still to be sent: of the intent as the log has it, for
        what is claimed comes from a table. Raises `NotOfTheLogError`, `Unavailable`.
        """
        aggregate, contexts = self._aggregates[claimed.subject.aggregate]
        history = await self._store.load(aggregate.stream(claimed.subject.id))
        told, logged, later = message_context(claimed, history, aggregate, contexts)
        intent = logged.intent
        by = None
        if later and aggregate.deadlines is not None:
            by = aggregate.deadlines.answered_by(told.event, told.state, later, aggregate.evolve)
        elif later and aggregate.notifiables and aggregate.notifiables.holds:
            holds = partial(aggregate.notifiables.holds, told.event)
            by = ended_by(told.state, later, aggregate.evolve, holds)
        message, because = self._message(intent, told, aggregate, contexts), ANSWERED
        if by is None and intent.kind == PAGE:
            by, because = await storm_that_tells(self._store, intent, history), TOLD_WITH_STORM
        return PreparedMessage(message, logged, by, because)

    def _message(
        self,
        intent: Intent,
        told: MessageContext[Any, Any],
        aggregate: AnyAggregate,
        contexts: Contexts[Any, Any],
    ) -> Message:
        build = contexts.build[intent.audience]
        ref = intent.subject.reference or intent.subject.id
        url = service_link(self._public_url, aggregate, ref)
        context = with_url(build(intent.audience, intent.kind, told, self._policy), url)
        subject, text = self._wording(context)
        if intent.drill:
            subject, text = marked_as_drill(Words(subject, text))
        show = partial(contexts.show, intent.subject.id, told.state, intent.position, context)
        return Message(
            intent=intent,
            subject=subject,
            text=text,
            show=show,
            url=getattr(context, "url", None),
            links=getattr(context, "links", ()),
            tier=getattr(context, "tier", None),
            people=getattr(context, "to", ()),
            members=getattr(context, "members", ()),
            answer_url=self._answer_link(intent) if intent.recipient else None,
        )


def message_context(
    claimed: Intent,
    history: Sequence[Recorded[Event]],
    aggregate: AnyAggregate,
    contexts: Contexts[Any, Any],
) -> tuple[MessageContext[Any, Any], LoggedIntent, Sequence[Recorded[Event]]]:
    """What an intent is about, the intent as the log has it, and the commits behind it. Raises
    `NotOfTheLogError`.
    """
    assert aggregate.notifiables is not None, "what is not told has no intents"
    follow, evolve = aggregate.notifiables.follow, aggregate.decider.evolve
    state, known, digest = aggregate.decider.initial, NOTHING_TOLD, contexts.digest
    for number, recorded in enumerate(history, start=1):
        if recorded.unreadable is not None:
            continue
        try:
            state, known, found = follow(evolve, state, known, recorded.commit)
        except Exception:  # noqa: BLE001, S112 - on record since it was first met
            continue
        events = recorded.commit.events
        if recorded.position == claimed.position:
            logged = logged_intent(claimed, recorded, known, found, history)
            place = int(logged.intent.event_id.rpartition("/")[2])
            digest = reduce(contexts.follow, events[:place], digest)
            told = MessageContext(state, events[place], digest, recorded.commit.recorded_at)
            return told, logged, history[number:]
        digest = reduce(contexts.follow, events, digest)
    raise NotOfTheLogError(f"the log has nothing of {claimed.key} at position {claimed.position}")
