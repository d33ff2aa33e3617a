"""What of an aggregate is to be told, to whom, and how it is put: rules that the aggregate brings.

A rule says of one event what it is to be told as, and to whom. What has been told before is kept
beside the state, so that who heard of a beginning hears of the end.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec
from msgspec.structs import replace

from domain.kernel.commit import Commit, Event, name_of
from domain.kernel.decider import Evolve
from domain.kernel.recipient import Recipient
from domain.kernel.totality import total
from domain.policy import Policy, Severity
from domain.policy.audience import Audience, Audiences

S = TypeVar("S")
E = TypeVar("E", bound=Event)

USUAL_LEVEL = Severity.SEV2
"""From this level on executives hear of something, unless the log says otherwise."""
LOWEST = Severity.SEV4


def recorded_level(policy: Policy) -> Severity | None:
    """What a commit records of the level from which executives hear: None for the usual one."""
    level = policy.executives_from
    return None if level is USUAL_LEVEL else level


class Notifiable(NamedTuple):
    """What an event is to be told as, and who hears it; `through`: the one channel that it is
    addressed to, and nobody else hears it. `admins`: it goes through the channels that
    administrators read, and no other, as `audiences` hear it. `recipient`: the one person whom it
    is for, who is reached `through` a channel that carries that.
    """

    kind: str
    audiences: Audiences
    through: str = ""
    admins: bool = False
    recipient: Recipient | None = None


Found = tuple[tuple[int, Notifiable], ...]
"""What is to be told of a commit: the place of each such event, and what it is."""
NOTHING_FOUND: Found = ()


class Topic(msgspec.Struct, frozen=True, gc=False):
    """What messages say of an aggregate besides what has happened: how it is called, its reference
    (None: it has none), the services that it concerns (none: perhaps any), how severe it is,
    whether it is a `drill`, of which the public hears nothing, and who or what has opened it.
    """

    title: str
    reference: str | None = None
    services: tuple[str, ...] = ()
    severity: Severity = LOWEST
    drill: bool = False
    opened_by: str = ""


class Told(msgspec.Struct, frozen=True):
    """What has been told of one aggregate: to whom, how severe it was at most, all services that it
    was said to concern (none, if ever none was named), and its topic when something was last told.
    `executives_from` is the level that was in force at the last commit. `sent_by` is the principal
    by which it was told of first, where that spoke on behalf of somebody: whoever can name others
    is one client, whatever names it gives.
    """

    audiences: Audiences = ()
    peak: Severity = LOWEST
    services: tuple[str, ...] = ()
    executives_from: Severity = USUAL_LEVEL
    topic: Topic = Topic("")
    sent_by: str = ""

    def reaches_executives(self, severity: Severity) -> bool:
        """Whether executives hear of something that is so severe."""
        return not self.executives_from.outranks(severity)

    def concerning(self, services: tuple[str, ...]) -> tuple[str, ...]:
        """All services that it was said to concern, once these are named as well."""
        if services == self.services:
            return services
        if not services or (self.audiences and not self.services):
            return ()
        return tuple(dict.fromkeys((*self.services, *services)))


NOTHING_TOLD = Told()

Rule = Callable[[Told, S, E, S], Notifiable | None]
"""Given what was told before, the state before an event, the event, and the state after it."""


class MessageContext(NamedTuple, Generic[S, E]):
    """What there is to tell of: an event, the state that its commit left, and a digest of what had
    been done and said before. `recorded_at` is when it came on record; None: in an example.
    """

    state: S
    event: E
    digest: Any
    recorded_at: datetime | None = None


Build = Callable[[Audience, str, MessageContext[S, E], Policy], Any]
"""What an audience may know of something that it is told as a kind, for a template."""


class Contexts(msgspec.Struct, Generic[S, E], frozen=True, kw_only=True):
    """How an aggregate puts what is to be told into the context of a template.

    `build` makes it for each audience, of a kind. `digest` is what has been done and said before
    anything was, `follow` adds one event to it. `show` gives the shape of the aggregate that
    channels may have beside the words, by its id, state, position and context.
    """

    build: Mapping[Audience, Build[S, E]]
    digest: Any = None
    follow: Callable[[Any, E], Any] = lambda digest, _: digest
    show: Callable[[str, S, int, Any], Any] = lambda *_: None

    def __post_init__(self) -> None:
        total("contexts of messages", Audience, self.build)


def words_of(event: Event) -> str:
    """An event in the words of its tag: `toy.painted_red.v1` is `Painted red`."""
    return name_of(type(event)).replace("_", " ").capitalize()


class Notifiables(msgspec.Struct, Generic[S, E], frozen=True, kw_only=True):
    """What an aggregate has to tell. `rules` has an entry for each kind of its events, None where
    there is never anything to tell; `heard` has the kinds that each audience may be told,
    of which there may be none.

    `topic` is read off a state; where `is_told` is false, nothing is told. What is of the first
    kind of a pair of `includes` says as well what something of the second kind would that follows
    in the same commit. Without `contexts` a message is the topic and `describe`, the event in a
    sentence. `holds`: whether what an event told is still so in a state; what is not, and was not
    sent yet, need not be heard. None: it always is.
    """

    rules: Mapping[type[E], Rule[S, E] | None]
    heard: Mapping[Audience, tuple[str, ...]]
    topic: Callable[[S], Topic]
    is_told: Callable[[S], bool] = lambda _: True
    includes: tuple[tuple[str, str], ...] = ()
    describe: Callable[[E], str] = words_of
    holds: Callable[[E, S], bool] | None = None
    contexts: Contexts[S, E] | None = None

    def __post_init__(self) -> None:
        total("what each audience may be told", Audience, self.heard)

    def follow(
        self, evolve: Evolve[S, E], state: S, told: Told, commit: Commit[E]
    ) -> tuple[S, Told, Found]:
        """The state after one more commit, what has been told then, and what the commit tells."""
        level = commit.executives_from or USUAL_LEVEL
        if level is not told.executives_from:
            told = replace(told, executives_from=level)
        now, found, actor, rules = told, NOTHING_FOUND, commit.actor, self.rules
        for index, event in enumerate(commit.events):
            before, state = state, evolve(state, event, actor)
            rule = rules[type(event)]
            if rule is None or commit.retold or not self.is_told(state):
                continue
            item = rule(now, before, event, state)
            if item is not None and Audience.CUSTOMERS in item.audiences:
                item = self._unless_public(item, state)
            if item is None:
                continue
            audiences = _joined(now.audiences, () if item.through else item.audiences)
            if audiences is not now.audiences:
                now = replace(now, audiences=audiences)
            found = self._with(found, index, item) if found else ((index, item),)
        if not found:
            return state, told, found
        topic, sent_by = self.topic(state), told.sent_by
        if not told.audiences:
            sent_by = commit.via or ""
        if sent_by:
            topic = replace(topic, opened_by=sent_by)
        peak, services = min(told.peak, topic.severity), told.concerning(topic.services)
        return state, Told(now.audiences, peak, services, level, topic, sent_by), found

    def _unless_public(self, item: Notifiable, state: S) -> Notifiable | None:
        """What is told of a drill is told to our own people alone."""
        if not self.topic(state).drill:
            return item
        ours = tuple(each for each in item.audiences if each is not Audience.CUSTOMERS)
        return Notifiable(item.kind, ours) if ours else None

    def _with(self, found: Found, index: int, item: Notifiable) -> Found:
        place, last = found[-1]
        if (last.kind, item.kind) in self.includes:
            audiences = _joined(last.audiences, item.audiences)
            return (*found[:-1], (place, Notifiable(last.kind, audiences)))
        return (*found, (index, item))


def untold(item: Notifiable, commit: Commit[Any]) -> Audiences:
    """Those whom no channel told of what a commit tells them."""
    if not commit.unreached or item.through or item.admins:
        return ()
    return tuple(each for each in item.audiences if each in commit.unreached)


def to(kind: str, *audiences: Audience) -> Rule[Any, Any]:
    """A rule: whatever else is the case, these audiences hear of the event as this kind."""
    found = Notifiable(kind, audiences)
    return lambda *_: found


def _joined(some: Audiences, more: Audiences) -> Audiences:
    if some == more:  # as it is nearly always
        return some
    return (*some, *(audience for audience in more if audience not in some))
