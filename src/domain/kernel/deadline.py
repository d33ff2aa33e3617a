"""A deadline is a value: when it is due, whether the question is still open, and what follows.

Generic over the history `H` that due times follow from, the state `S` and the events `E` of an
aggregate. Nothing here remembers anything: whoever asks again, late or twice, gets the same answer.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, Generic, NamedTuple, TypeVar

import msgspec

from domain.kernel.commit import Commit, Event, Instant, Recorded, event_id, name_of
from domain.kernel.decider import Context, Evolve
from domain.kernel.retraction import ended_by
from domain.policy import Policy
from domain.policy.audience import Audiences

H = TypeVar("H")
S = TypeVar("S")
E = TypeVar("E", bound=Event)


class Moment(msgspec.Struct, frozen=True):
    """When something was recorded, the event that said so, and what that was."""

    at: datetime
    event: str
    kind: str


def moments(commit: Commit[E]) -> Iterator[tuple[E, Moment]]:
    """The events of a commit, each with its moment."""
    for place, event in enumerate(commit.events):
        yield event, Moment(commit.recorded_at, event_id(commit.id, place), name_of(type(event)))


class Expire(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A deadline has expired at `fires_at`, by `rule`: something is, or was, due at `due_at`,
    because of the event `caused_by`. `about` tells several of one rule apart. It does nothing when
    there is nothing to do any more, or when the aggregate is not what was `seen` of it (None: any).
    `next_due_at` is when the same is due again after this, if ever. After an outage it may have
    expired `times` in a row, first at `first_due_at`. The process runner alone sends it.
    """

    rule: str
    fires_at: Instant
    due_at: Instant
    caused_by: str
    about: str | None = None
    seen: Any = None
    next_due_at: Instant | None = None
    first_due_at: Instant | None = None
    times: int = 1


class Suppress(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was due at `due_at` by `rule` is not needed: the event `by`, of kind `because`, was
    first. The process runner alone sends it.
    """

    rule: str
    due_at: Instant
    by: str
    because: str


BY_CLOCK: Final = (Expire, Suppress)
"""The commands of deadlines."""


class Asked(NamedTuple, Generic[S]):
    """What a deadline asks about: which of several things (None: any of them), and the aggregate as
    it was when it was asked.
    """

    about: str | None
    then: S


Holds = Callable[[Asked[S], S], bool]
"""Whether what was asked is still so."""


class Prompt(msgspec.Struct, Generic[S, E], frozen=True, kw_only=True):
    """What people are told of an event: the `kind` of the message, and who hears it, by what was
    told before, the event, and the aggregate after it; `to` None: whoever hears of the aggregate,
    the public as well. Once it does not hold any more, it is not worth sending; None: it always is.
    `about` is what the event asks about.
    """

    kind: str
    to: Callable[[Any, E, S], Audiences] | None
    holds: Holds[S] | None
    about: Callable[[E], str | None] = lambda _: None


Prompts = Mapping[type[Any], Prompt[S, Any] | None]
"""What is told of events, by their kind; None: nothing."""


class Deadline(msgspec.Struct, Generic[H, S, E], frozen=True, kw_only=True):
    """`name` is that of its timer, `rules` are those that its events cite.

    `is_open` is the question that it asks: while it is open the deadline runs, fires, and is worth
    telling; what was answered is neither, unless the policy wants it `regardless`. `due` says what
    is next once that is so, and when, by the history alone. `follows` are the events that it causes
    as it expires, `prompts` what is told of each kind of them. `answer` is what in the history was
    faster; the loser of such a race is on record. Without it, an answer is no race.
    """

    name: str
    rules: tuple[str, ...]
    is_open: Holds[S]
    due: Callable[[H, datetime, Policy], Expire | None]
    follows: Callable[[Expire, S, Context], list[E]]
    prompts: Prompts[S]
    answer: Callable[[H], Moment | None] | None = None
    regardless: Callable[[S, Policy], bool] = lambda *_: False

    def __post_init__(self) -> None:
        if self.answer is not None and len(self.rules) != 1:
            raise TypeError(f"deadline {self.name}: what was answered is not clear")
        if not self.rules:
            raise TypeError(f"deadline {self.name}: it has no rule")
        if not self.prompts:
            raise TypeError(f"deadline {self.name}: it says of no event what is told of it")

    def fires(self, about: str | None, state: S, policy: Policy) -> bool:
        """Whether it does, as things stand."""
        return self.is_open(Asked(about, state), state) or self.regardless(state, policy)


class Deadlines(msgspec.Struct, Generic[H, S, E], frozen=True, kw_only=True):
    """All deadlines of an aggregate, and what they need to know of it.

    `follow` moves the history by one commit, with how the aggregate evolves. `running` is the state
    as far as deadlines run for it (None: none does), `settled` the latest due time by a mark that
    was acted upon or answered, `seen` what due times follow from: when that is another, so may be
    what is due. `suppressed` is the event that says what answered, where that is a race. `told` is
    what is told of the events that people cause, too. `snapshot` is the type of its histories,
    where these may be so long that they are kept, as of an aggregate.
    """

    initial: H
    follow: Callable[[H, Recorded[Event], Policy, Evolve[Any, Any]], H]
    running: Callable[[H], S | None]
    settled: Callable[[S, str], datetime | None]
    seen: Callable[[S], Any]
    all: tuple[Deadline[H, S, E], ...]
    suppressed: Callable[[Suppress, datetime], E] | None = None
    told: Prompts[S] = {}
    snapshot: Any = None

    def __post_init__(self) -> None:
        names = [deadline.name for deadline in self.all]
        rules = [rule for deadline in self.all for rule in deadline.rules]
        for what, found in (("timer", names), ("rule", rules)):
            twice = sorted({each for each in found if found.count(each) > 1})
            if twice:
                raise TypeError(f"deadlines: {what} {', '.join(twice)} belongs to more than one")
        races = [deadline.name for deadline in self.all if deadline.answer is not None]
        if races and self.suppressed is None:
            raise TypeError(f"deadlines: no event says what answered {', '.join(races)}")
        said: dict[type[Any], Prompt[S, Any] | None] = {}
        for kind, prompt in self.prompts():
            other = said.setdefault(kind, prompt)
            if (prompt and (prompt.kind, prompt.to)) != (other and (other.kind, other.to)):
                raise TypeError(f"deadlines: {kind.__name__} is told in more than one way")

    def next_expiry(
        self, deadline: Deadline[H, S, E], history: H, now: datetime, policy: Policy
    ) -> Expire | None:
        """What is next, to be sent once its `fires_at` has come; None: nothing, until something
        happens.
        """
        state = self.running(history)
        if state is None or not deadline.fires(None, state, policy):
            return None
        return deadline.due(history, now, policy)

    def find_answer(
        self, deadline: Deadline[H, S, E], history: H, due_at: datetime
    ) -> Moment | None:
        """What was faster than what was due then; None: nothing, or there is no race, or that is
        settled.
        """
        state = self.running(history)
        if state is None or deadline.answer is None:
            return None
        settled = self._is_settled(state, deadline.rules[0], due_at)
        return None if settled else deadline.answer(history)

    def decide(self, command: Expire | Suppress, state: S, context: Context) -> list[E]:
        """The events that a command of the clock causes; `[]` when there is nothing to say."""
        if isinstance(command, Expire):
            return self.expire(command, state, context)
        return self.suppress(command, state, context)

    def expire(self, command: Expire, state: S, context: Context) -> list[E]:
        """What follows; `[]` when it was answered meanwhile, when other times are due by now, or
        when it has not expired yet by our clock.
        """
        if context.now < command.fires_at or command.seen not in (None, self.seen(state)):
            return []
        first_due_at = command.first_due_at or command.due_at
        if self._is_settled(state, mark(command.rule, command.about), first_due_at):
            return []
        deadline = self.owner(command.rule)
        fires = deadline.fires(command.about, state, context.policy)
        return deadline.follows(command, state, context) if fires else []

    def suppress(self, command: Suppress, state: S, context: Context) -> list[E]:
        """Record what answered, if that answer still holds."""
        is_open = self.owner(command.rule).is_open(Asked(None, state), state)
        if is_open or self._is_settled(state, command.rule, command.due_at):
            return []
        assert self.suppressed is not None, f"{command.rule} is no race"
        return [self.suppressed(command, context.now)]

    def owner(self, rule: str) -> Deadline[H, S, E]:
        """The deadline that has a rule. Raises LookupError."""
        for deadline in self.all:
            if rule in deadline.rules:
                return deadline
        raise LookupError(f"no deadline has the rule {rule}")

    def answered_by(
        self, event: E, then: S, later: Iterable[Recorded[Any]], evolve: Evolve[S, Any]
    ) -> str | None:
        """The id of the later event that answered a prompt: an escalation or a reminder that nobody
        has heard yet would only disturb then. None while what it asks about holds, holds again, or
        if the event is no prompt. `then` is the aggregate as it left it, `later` the commits
        behind it.
        """
        prompt = self.prompt_of(event)
        if prompt is None or prompt.holds is None:
            return None
        asked, holds = Asked(prompt.about(event), then), prompt.holds
        return ended_by(then, later, evolve, lambda state: holds(asked, state))

    def prompt_of(self, event: E) -> Prompt[S, Any] | None:
        """What is told of an event: by the deadline whose rule it cites, else as of one that a
        person has caused.
        """
        kind, automatic = type(event), getattr(event, "automatic", None)
        rule = automatic.rule if automatic else None
        owner = next((deadline for deadline in self.all if rule in deadline.rules), None)
        if owner is not None and kind in owner.prompts:
            return owner.prompts[kind]
        return dict(self.prompts()).get(kind)

    def prompts(self) -> Iterator[tuple[type[Any], Prompt[S, Any] | None]]:
        """What is told of each kind of event, in the order of the table."""
        for deadline in self.all:
            yield from deadline.prompts.items()
        yield from self.told.items()

    def _is_settled(self, state: S, mark: str, due_at: datetime) -> bool:
        return is_settled(self.settled(state, mark), due_at)


def is_settled(known: datetime | None, due_at: datetime) -> bool:
    """Whether what was due then has been dealt with; `known` is the latest that has been."""
    return known is not None and due_at <= known


def mark(rule: str, about: str | None = None) -> str:
    """Under which name a due time is settled: of several things, each has one of its own."""
    return f"{rule}:{about}" if about else rule


AnyDeadlines = Deadlines[Any, Any, Any]
