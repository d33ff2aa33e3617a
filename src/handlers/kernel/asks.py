"""What is asked of an aggregate, by whom, and what became of it."""

from typing import Any, Generic, Literal, NamedTuple, TypeVar

import msgspec

from domain.kernel.aggregate import Aggregate
from domain.kernel.commit import Event
from domain.kernel.decider import Named
from domain.kernel.roster import Roster
from domain.sight import Viewer

S = TypeVar("S")


class Meta(msgspec.Struct, frozen=True, kw_only=True):
    """Where a command comes from. `command_id` is its idempotency key, unique per aggregate;
    `formerly` those that earlier releases gave to the same request of `formerly_by`. `via`: who
    sent it on behalf of the actor. `viewer`: whose sight counts; None: the service's.
    """

    command_id: str
    actor: str
    correlation_id: str
    causation_id: str | None = None
    formerly: tuple[str, ...] = ()
    formerly_by: str | None = None
    via: str | None = None
    viewer: Viewer | None = None


class Outcome(msgspec.Struct, Generic[S], frozen=True, kw_only=True):
    """What became of a command: `decided` wrote events, `ignored` had nothing new to say,
    `repeated` had been handled before. The read models show it from `position` on.
    """

    outcome: Literal["decided", "ignored", "repeated"]
    position: int
    events: tuple[Event, ...]
    state: S


class Ask(NamedTuple):
    """A command for the aggregate on `stream`, with the `number` kept ready for it, the event that
    is `named`, whom names may mean, and what is known of the `basis`, and of what it asks.
    `suffix` tells its commit from others of one write, for the ids of events are unique.
    """

    stream: str
    aggregate: Aggregate[Any, Any, Any]
    command: Any
    number: int = 0
    suffix: str = ""
    named: Named | None = None
    roster: Roster | None = None
    basis: Any = None
    known: Any = None
