"""An aggregate as the rest of the service meets it: one value, listed in `domain.registry`.

Subjects, decoding, routes, the command line, documents, references and timers follow from it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid5

import msgspec

from domain.kernel.commit import Event
from domain.kernel.decider import Decider
from domain.kernel.totality import total

C = TypeVar("C", bound=msgspec.Struct)
S = TypeVar("S")
E = TypeVar("E", bound=Event)

NAMESPACE = UUID("0d1f4a8e-52f5-5a0f-9b7d-7c3e1c6b9a55")
"""Ids derive from it that follow from the id of an aggregate which is no UUID."""

_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


class IdKind(StrEnum):
    """What the ids of an aggregate look like."""

    UUID = "uuid"
    SLUG = "slug"
    """A name that people give: `checkout`."""
    DERIVED = "derived"
    """Made by the service from something else; nobody names one from outside."""

    def canonical(self, text: str) -> str | None:
        """The id that a text names, None if it names none."""
        match self:
            case IdKind.UUID:
                try:
                    return str(UUID(text)) and text.lower()
                except ValueError:
                    return None
            case IdKind.SLUG:
                return text if _SLUG.fullmatch(text) else None
            case IdKind.DERIVED:
                return None


class Samples(msgspec.Struct, Generic[C, E], frozen=True, kw_only=True):
    """Canonical examples: one event of each kind with every optional field given, one command of
    each name, and the commands that bring an aggregate into each of its phases.
    """

    events: tuple[E, ...]
    commands: Mapping[str, C]
    phases: Mapping[str, tuple[C, ...]]


def complete(
    samples: Samples[C, E], events: Iterable[type[E]], commands: Iterable[type[C]]
) -> Samples[C, E]:
    """The samples, which have one of each event and of each command. Raises TypeError."""
    total("samples of events", events, {type(each): each for each in samples.events})
    total("samples of commands", commands, {type(each): each for each in samples.commands.values()})
    return samples


class Aggregate(msgspec.Struct, Generic[C, S, E], frozen=True, kw_only=True):
    """`name` begins its streams, `plural` its paths. `events` are all kinds that it records,
    `commands` those that the public may send, by name. `opens` are the commands that begin one;
    all others need one that is there. `prefix` begins its references (`INC` of `INC-123`); without
    one it has none.
    """

    name: str
    plural: str
    decider: Decider[C, S, E]
    events: tuple[type[E], ...]
    commands: Mapping[str, type[C]] = {}
    opens: tuple[type[C], ...] = ()
    id_kind: IdKind = IdKind.DERIVED
    prefix: str | None = None
    samples: Samples[C, E] | None = None

    @property
    def unopened(self) -> S:
        """The state of one of which nothing is recorded."""
        return self.decider.initial

    def stream(self, id_: str) -> str:
        """The stream that holds everything about one of them."""
        return f"{self.name}.{id_}"

    def reference(self, number: int) -> str:
        """The name that people use, such as `INC-123`."""
        return f"{self.prefix}-{number}"


AnyAggregate = Aggregate[Any, Any, Any]
Numbers = Callable[[Event], int | None]


def namespace_of(id_: str) -> UUID:
    """The namespace of the ids that follow from this aggregate, whatever its id looks like."""
    try:
        return UUID(id_)
    except ValueError:
        return uuid5(NAMESPACE, id_)
