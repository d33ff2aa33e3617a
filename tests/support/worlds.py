"""Logs of a few incidents, told late, out of order and by clocks that differ."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from adapters.storage.memory.event_store import MemoryEventStore
from domain.incident import INCIDENT, Command
from domain.kernel.commit import Commit, Recorded, event_id
from domain.kernel.decider import Context, Named
from domain.kernel.refusal import Refused
from domain.policy import DEFAULT
from handlers.kernel.ports import Append
from support.spec import at
from support.strategies import BEGINNING, COMMAND

IDS = tuple(f"0197000{digit}-0000-7000-8000-000000000000" for digit in range(4))

BLINK = timedelta(microseconds=1)

Told = tuple[int, Command, int]
"""Of which incident, what, and in which minute it is recorded."""

_EACH = st.integers(0, len(IDS) - 1)
_RECORDED = st.integers(20, 40)  # strategies know of nothing later than minute 20
WORLDS: st.SearchStrategy[list[Told]] = st.builds(
    lambda beginnings, others: [*beginnings, *others],
    st.lists(st.tuples(_EACH, BEGINNING, _RECORDED), min_size=1, max_size=5),
    st.lists(st.tuples(_EACH, COMMAND, _RECORDED), max_size=25),
)


def named_in(commits: Iterable[Recorded[Any]], command: Command) -> Named | None:
    """The event that a command names by its id, as the executor finds it."""
    wanted = getattr(command, "entry", None)
    for recorded in commits if wanted else ():
        for index, event in enumerate(recorded.commit.events):
            if event_id(recorded.commit.id, index) == wanted:
                return Named(wanted, event, recorded.commit.retold)
    return None


async def written(world: Iterable[Told]) -> MemoryEventStore:
    """A log with what was accepted of this."""
    store = MemoryEventStore()
    states: dict[str, Any] = {}
    ends: dict[str, int] = {}
    for place, (number, command, minute) in enumerate(world):
        id_, now = IDS[number], at(minute)
        state = states.get(id_, INCIDENT.initial)
        try:
            named = named_in(await store.load(INCIDENT.stream(id_)), command)
            context = Context(now, f"c{place}", DEFAULT, number + 1, "ada", named)
            events = INCIDENT.decide(command, state, context)
        except Refused:
            continue
        if events:
            states[id_] = INCIDENT.fold(state, events, "ada")
            commit: Commit[Any] = Commit(
                id=f"c{place}", actor="ada", correlation_id="c", recorded_at=now,
                events=tuple(events),
            )  # fmt: skip
            stream = INCIDENT.stream(id_)
            ends[id_] = await store.append(Append(stream, ends.get(id_, 0), commit))
    return store


def times_of(log: Iterable[Recorded[Any]]) -> Iterator[tuple[str, datetime]]:
    """When something happened (`as_of`) or was learnt (`known_at`), and a moment before each."""
    for recorded in log:
        for name, moment in (
            ("known_at", recorded.commit.recorded_at),
            *(("as_of", event.occurred_at) for event in recorded.commit.events),
        ):
            yield name, moment
            yield name, moment - BLINK
