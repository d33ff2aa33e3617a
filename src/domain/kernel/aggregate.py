"""An aggregate as the rest of the service meets it: one value, listed in `domain.registry`.

Subjects, decoding, routes, the command line, documents, references and timers follow from it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid5

import msgspec

from domain.kernel.basis import Basis
from domain.kernel.commit import Commit, Event, Recorded, Unreadable, impossible
from domain.kernel.deadline import AnyDeadlines
from domain.kernel.decider import UNKNOWN, Context, Decider
from domain.kernel.hindsight import Hindsight
from domain.kernel.joint import ForParts, Joint
from domain.kernel.notifiable import Notifiables
from domain.kernel.refusal import Refused
from domain.kernel.totality import total
from domain.policy import Policy
from domain.policy.audience import Audiences
from domain.policy.reach import Reach
from domain.policy.role import HeldIn
from domain.sight import Sight, Viewer

C = TypeVar("C", bound=msgspec.Struct)
S = TypeVar("S")
E = TypeVar("E", bound=Event)

NAMESPACE = UUID("0d1f4a8e-52f5-5a0f-9b7d-7c3e1c6b9a55")
"""Ids derive from it that follow from the id of an aggregate which is no UUID."""

_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_UUID = re.compile("[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_TOKEN = re.compile(r"[A-Za-z0-9_:-]{1,200}")
_NUMBER = r"([1-9][0-9]{0,17})"


class IdKind(StrEnum):
    """What the ids of an aggregate look like."""

    UUID = "uuid"
    SLUG = "slug"
    """A name that people give, such as `checkout`."""
    DERIVED = "derived"
    """Made by the service from something else; nobody names one from outside."""

    def canonical(self, text: str) -> str | None:
        """The id that a text names, None if it names none. A UUID is written in one form (RFC
        9562, 4), of which upper case is read as well (`UUID` itself takes many more).
        """
        match self:
            case IdKind.UUID:
                return text.lower() if _UUID.fullmatch(text) else None
            case IdKind.SLUG:
                return text if _SLUG.fullmatch(text) else None
            case IdKind.DERIVED:
                return None


class Samples(msgspec.Struct, Generic[C, E], frozen=True, kw_only=True):
    """An event of each kind with each optional field, a command of each name, the commands that
    lead into each phase, and what is known of the others that they rest on.
    """

    events: tuple[E, ...]
    commands: Mapping[str, C]
    phases: Mapping[str, tuple[C, ...]]
    basis: Any = None


def complete(
    samples: Samples[C, E],
    events: Iterable[type[E]],
    commands: Iterable[type[C]],
    phases: Iterable[str],
) -> Samples[C, E]:
    """The samples, which have each event, each command and each phase. Raises TypeError."""
    total("samples of events", events, {type(each): each for each in samples.events})
    total("samples of commands", commands, {type(each): each for each in samples.commands.values()})
    total("samples of phases", phases, samples.phases)
    return samples


class View(msgspec.Struct, Generic[S], frozen=True):
    """How others see one: the `shape`, `show(id, state, position)`, which gives it, or None before
    anything is known, and `headline`, which puts what it gives into a line.
    """

    shape: type[msgspec.Struct]
    show: Callable[[str, S, int], Any]
    headline: Callable[[Any], str] | None = None


class Aggregate(msgspec.Struct, Generic[C, S, E], frozen=True, kw_only=True):
    """`name` begins its streams, `plural` its paths. `events` are all kinds that it records, of
    which `begin` may come first; `commands` are those that the public may send, by name.

    `opens` are the commands that begin one; all others need one that is there. Where ids are slugs,
    `slug` reads it off such a command. `prefix` begins its references (`INC` of `INC-123`), and
    `number` reads them off its events; without a prefix it has none. `names` reads off a command of
    a kind the id of the event of the same history that it is about; commands of the kinds in
    `consults` are decided with the directory at hand, and name the people that this reads off them;
    those in `rests` rest on another aggregate, the first of these that they name; those in `wants`
    put a question, of the id, the command and the state. `remarks` says what to reconsider about
    commands of a kind that were carried out, `remarks_on_reach` who is told by no channel of what
    one came to: given it, the state, its events, the policy and whom channels reach;
    `remarks_on_roles` what it means for the roles that the one it is about has in open incidents.
    `unheard` says, after an event of a kind that tells somebody, whom of those that it concerns no
    channel tells. `notifiables` is what it has to tell people, `deadlines` what it does by itself
    as time passes; None: nothing. `bare`: its names were published before there was a second
    aggregate, and stand alone. `over_gaps`: its commands are decided even where a commit of its
    history cannot be read; those of others are refused then. `snapshot` is the type of its states
    that are kept where histories are long. `hindsight`: how what was recorded is put right by what
    came later. `listed_at` is the path of a list of those that have no `view`. `sight` says who
    alone may see one; None of a state: everybody may. One that is `part_of` another one is seen by
    whoever sees that. What an `unlisted` command opens has a number that tells nothing.
    """

    name: str
    plural: str
    decider: Decider[C, S, E]
    events: tuple[type[E], ...]
    begin: tuple[type[E], ...]
    opens: tuple[type[C], ...]
    commands: Mapping[str, type[C]] = {}
    joint: Mapping[type[C], Joint[Any, S]] = {}
    spread: Mapping[type[C], ForParts[Any, S]] = {}
    names: Mapping[type[C], Callable[[Any], str | None]] = {}
    consults: Mapping[type[Any], Callable[[Any], tuple[str, ...]] | None] = {}
    rests: Mapping[type[Any], tuple[Basis, ...]] = {}
    wants: Mapping[type[Any], Callable[[str, Any, S], Any]] = {}
    id_kind: IdKind = IdKind.DERIVED
    slug: Callable[[Any], str] | None = None
    prefix: str | None = None
    number: Callable[[Any], int | None] | None = None
    view: View[S] | None = None
    remarks: Mapping[type[C], Callable[[Any, S], tuple[Any, ...]]] = {}
    remarks_on_reach: Mapping[
        type[C], Callable[[Any, S, tuple[E, ...], Policy, Reach], tuple[Any, ...]]
    ] = {}
    remarks_on_roles: Mapping[
        type[C], Callable[[str, Sequence[HeldIn] | None], tuple[Any, ...]]
    ] = {}
    unheard: Mapping[type[E], Callable[[S, Policy, Reach], Audiences]] = {}
    samples: Callable[[], Samples[C, E]] | None = None
    notifiables: Notifiables[S, E] | None = None
    deadlines: AnyDeadlines | None = None
    bare: bool = False
    over_gaps: bool = False
    snapshot: Any = None
    hindsight: Hindsight[S] | None = None
    listed_at: str | None = None
    sight: Callable[[S], Sight | None] | None = None
    part_of: Callable[[S], tuple[Any, str] | None] | None = None
    unlisted: Callable[[C], bool] | None = None

    def __post_init__(self) -> None:
        """Raises TypeError where the parts of the value do not fit together."""
        for found, unfit in self._unfit():
            if found:
                raise TypeError(f"{self.name}: {unfit}")
        if self.notifiables is not None:
            total(f"what is to be told of {self.plural}", self.events, self.notifiables.rules)
        prompts = dict(self.deadlines.prompts()) if self.deadlines is not None else {}
        if strange := [kind.__name__ for kind in prompts if kind not in self.events]:
            raise TypeError(f"{self.name}: deadlines cause what it does not record: {strange}")

    def _unfit(self) -> Iterator[tuple[bool, str]]:
        events, offered = set(self.events), set(self.commands.values())
        yield not events, "it has no events"
        yield not self.begin or not events.issuperset(self.begin), "begin: some of its events"
        yield not self.opens, "opens: the commands that begin one"
        yield bool(offered) and not offered & set(self.opens), "opens: one that the public may send"
        yield not offered.issuperset(self.joint), "joint: commands that the public may send"
        yield bool(offered) and self.view is None, "view: what takes commands shows what it is"
        yield bool(self.prefix) is not bool(self.number), "number: where it has a prefix, and only"
        named = self.id_kind is IdKind.SLUG
        yield named is not bool(self.slug), "slug: where its ids are names, and only there"
        own = any(self.name in kind.__struct_encode_fields__ for kind in offered)
        yield own, f"commands: none with a field {self.name}, which names the one that is meant"
        yield bool(offered) and self.id_kind is IdKind.DERIVED, "id_kind: one that people can name"

    @property
    def looked_at(self) -> str | None:
        """The path under which people look at one, with `{ref}` for it; None: there is none."""
        return f"/v1/{self.plural}/{{ref}}" if self.view is not None else self.listed_at

    @property
    def initial(self) -> S:
        """The state of one of which nothing is recorded."""
        return self.decider.initial

    def decide(self, command: C, state: S, context: Context) -> list[E]:
        """As `Decider.decide`; of one that is hidden from who asks, as of one that is not there."""
        if self.hides(state, context.viewer):
            self.decider.decide(command, self.initial, context)
            raise self.unknown("")
        return self.decider.decide(command, state, context)

    def hides(self, state: S, viewer: Viewer | None) -> bool:
        """Whether this one is not for a viewer to see; None: nobody asks, the service acts."""
        if self.sight is None or viewer is None:
            return False
        sight = self.sight(state)
        return sight is not None and not viewer.sees(sight)

    def evolve(self, state: S, event: E, actor: str = UNKNOWN) -> S:
        """As `Decider.evolve`."""
        return self.decider.evolve(state, event, actor)

    def fold(self, state: S, events: Iterable[E], actor: str = UNKNOWN) -> S:
        """The state after these events, which `actor` caused."""
        for event in events:
            state = self.decider.evolve(state, event, actor)
        return state

    def follow(self, state: S, commit: Commit[E]) -> S:
        """The state after one more commit."""
        return self.fold(state, commit.events, commit.actor)

    def attempt(self, state: S, recorded: Recorded[Any]) -> tuple[S, Unreadable | None]:
        """The state after one more entry, and why it is the same where that does not fit."""
        if recorded.unreadable is not None:
            return state, recorded.unreadable
        try:
            return self.follow(state, recorded.commit), None
        except Exception as fault:  # noqa: BLE001 - whatever `evolve` makes of what cannot be
            return state, impossible(recorded, fault)

    def missed(
        self, after: S, events: Sequence[E], policy: Policy, reach: Reach | None
    ) -> Audiences:
        """Whom of those that these events, which led to this state, concern no channel tells, as
        far as that is known.
        """
        kind = next((kind for kind in map(type, events) if kind in self.unheard), None)
        if reach is None or kind is None:
            return ()
        return self.unheard[kind](after, policy, reach)

    def stream(self, id_: str) -> str:
        """The stream that holds everything about one of them."""
        return f"{self.name}.{id_}"

    def names_one(self, id_: str) -> bool:
        """Whether this is the id of one, as it stands in the name of a stream."""
        if self.id_kind is IdKind.DERIVED:
            return _TOKEN.fullmatch(id_) is not None
        return self.id_kind.canonical(id_) == id_

    def number_in(self, ref: str) -> int | None:
        """The number of a reference to one of these, None if it is none."""
        if self.prefix is None:
            return None
        matched = re.fullmatch(f"{self.prefix}-{_NUMBER}", ref, re.IGNORECASE | re.ASCII)
        return int(matched[1]) if matched else None

    def reference_of(self, number: int) -> str:
        """What people call the one with this number, such as `INC-123`."""
        assert self.prefix is not None, f"{self.name} has no references"
        return f"{self.prefix}-{number}"

    def reference_in(self, event: Event) -> str | None:
        """The reference that an event gives to what it begins, None if it gives none."""
        if self.number is None or not isinstance(event, self.begin):
            return None
        number = self.number(event)
        return None if number is None else self.reference_of(number)

    def command_name(self, command: msgspec.Struct) -> str:
        """The name of a command: the public one, or else that of its type."""
        kind = type(command)
        found = (name for name, each in self.commands.items() if each is kind)
        return next(found, kind.__name__.lower())

    def qualified(self, name: str, separator: str = "_") -> str:
        """A name of this aggregate's, where those of all aggregates meet."""
        return name if self.bare else f"{self.name}{separator}{name}"

    @property
    def opening(self) -> str | None:
        """The name of the public command that begins one, None if there is none."""
        return next((name for name, kind in self.commands.items() if kind in self.opens), None)

    @property
    def unknown_code(self) -> str:
        """The code of what is refused since there is no such one."""
        return f"{self.name}.unknown"

    def unknown(self, ref: str | None, *, field: str | None = None) -> Refused:
        """That none of them goes by this name, which stood in `field`; None: it has none."""
        how = f"id or reference ({self.prefix}-123)" if self.prefix else "id"
        return Refused(
            self.unknown_code,
            f"there is no {self.name} {ref}" if ref else f"there is no such {self.name}",
            field=field or self.name,
            rule=f"the {how} of {one_of(self)} that is there",
        )


AnyAggregate = Aggregate[Any, Any, Any]


def namespace_of(id_: str) -> UUID:
    """The namespace of the ids that follow from this aggregate, whatever its id looks like."""
    try:
        return UUID(id_)
    except ValueError:
        return uuid5(NAMESPACE, id_)


def one_of(aggregate: AnyAggregate) -> str:
    """`an incident`."""
    article = "an" if aggregate.name[0] in "aeiou" else "a"
    return f"{article} {aggregate.name.replace('_', ' ')}"
