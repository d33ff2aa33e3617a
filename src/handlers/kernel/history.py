"""Histories with gaps: a commit that cannot be read, or that cannot have followed what was before.

Nobody decides on half a history: commands on such an aggregate are refused until a release can read
it, or somebody has said that it is to be left out. What only looks on goes by what can be read.
"""

from collections.abc import Iterable, Iterator

from domain.kernel.aggregate import AnyAggregate
from domain.kernel.commit import Event, Recorded, Unreadable
from domain.kernel.refusal import Refused


class HalfHistory(Refused):
    """A command on an aggregate whose history cannot be read whole."""


def require(aggregate: AnyAggregate, position: int, why: Unreadable) -> None:
    """Raise `HalfHistory` where a gap is not settled, and the aggregate does not go on over it."""
    if not why.skipped and not aggregate.over_gaps:
        raise HalfHistory(
            "log.unreadable",
            f"position {position} of the log, on {why.subject}, cannot be read ({why.code}), and"
            f" belongs to the history of this {aggregate.name}; `commandpost log unreadable` says"
            f" why, and `commandpost log skip {position} REASON` leaves it out",
            field=aggregate.name,
            rule="Nothing is decided on half a history.",
        )


def readable(
    aggregate: AnyAggregate, history: Iterable[Recorded[Event]]
) -> Iterator[Recorded[Event]]:
    """The commits of a history that can be read, and can have followed one another."""
    state = aggregate.initial
    for recorded in history:
        state, why = aggregate.attempt(state, recorded)
        if why is None:
            yield recorded
