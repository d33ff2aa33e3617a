"""An aggregate is a value: how it starts, what it decides, how it evolves."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Generic, TypeVar

import msgspec

from domain.kernel.commit import Event
from domain.policy import Policy

C = TypeVar("C")
S = TypeVar("S")
E = TypeVar("E", bound=Event)


class Context(msgspec.Struct, frozen=True):
    """What a decision may know besides its command: the clock, its own id and the policy, and the
    `number` that is kept ready in case the command begins a new incident.
    """

    now: datetime
    command_id: str
    policy: Policy
    number: int = 0


class Decider(msgspec.Struct, Generic[C, S, E], frozen=True):
    """`decide` returns the events that a command causes, `[]` when there is nothing new to say,
    or raises `Refused`. `evolve` folds one event into the state and never refuses.
    """

    name: str
    initial: S
    decide: Callable[[C, S, Context], list[E]]
    evolve: Callable[[S, E], S]

    def fold(self, state: S, events: Iterable[E]) -> S:
        for event in events:
            state = self.evolve(state, event)
        return state
