"""A decider is a value: how an aggregate starts, what it decides, how it evolves."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from domain.kernel.commit import Event
from domain.kernel.roster import Roster, Who
from domain.policy import Policy
from domain.policy.reach import Reach
from domain.sight import Viewer

C = TypeVar("C")
S = TypeVar("S")
E = TypeVar("E", bound=Event)
E_contra = TypeVar("E_contra", bound=Event, contravariant=True)

UNKNOWN = "unknown"
"""The actor of whom nothing is known."""
OURS = ("commandpost", "intake", "policy", "preview")
"""Actors that the service itself is: nobody else acts under these names."""


class Named(msgspec.Struct, frozen=True):
    """An event of a history, by its permanent id. Nobody was told of what was `retold`."""

    id: str
    event: Event
    retold: bool = False


class Context(msgspec.Struct, frozen=True):
    """What a decision may know besides its command: the clock, its own id, the policy, the `number`
    that is kept ready in case the command opens a new aggregate, who acts, and what is `named`: the
    event of the same history whose id the command names; None: there is none. `reach` says whom
    channels tell, `roster` whom names mean, `basis` what is known of the other aggregate that the
    command rests on, `known` what was answered to the question that it puts; None: nothing is known
    of that.
    `viewer`: on whose behalf it is decided; None: the service acts by itself.
    """

    now: datetime
    command_id: str
    policy: Policy
    number: int = 0
    actor: str = UNKNOWN
    named: Named | None = None
    reach: Reach | None = None
    roster: Roster | None = None
    basis: Any = None
    viewer: Viewer | None = None
    known: Any = None

    def who_is(self, name: str) -> Who:
        """Whom a name means, as far as the directory is at hand; else the name as it was given."""
        return self.roster.who(name) if self.roster else Who(name=name)


class Evolve(Protocol[S, E_contra]):
    """Folds one event, which `actor` caused, into a state. Never refuses."""

    def __call__(self, state: S, event: E_contra, actor: str = UNKNOWN, /) -> S: ...


class Decider(msgspec.Struct, Generic[C, S, E], frozen=True):
    """`decide` returns the events that a command causes, `[]` when there is nothing new to say,
    or raises `Refused`. `evolve` folds one event into the state and never refuses.
    """

    initial: S
    decide: Callable[[C, S, Context], list[E]]
    evolve: Evolve[S, E]
