"""Whether what was to be told still holds when it is sent, by what has happened since."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from domain.kernel.commit import Recorded, event_id
from domain.kernel.decider import Evolve

S = TypeVar("S")


def ended_by(
    then: S, later: Iterable[Recorded[Any]], evolve: Evolve[S, Any], holds: Callable[[S], bool]
) -> str | None:
    """The id of the later event from which on it does not hold any more; None: it holds, perhaps
    again. `then` is the aggregate as it was, `later` the commits behind that.
    """
    state, by = then, None
    for recorded in later:
        for index, following in enumerate(recorded.commit.events):
            try:
                state = evolve(state, following, recorded.commit.actor)
            except Exception:  # noqa: BLE001 - what cannot have followed answers nothing
                break
            if holds(state):
                by = None
            elif by is None:
                by = event_id(recorded.commit.id, index)
    return by
