"""All history by other definitions of the figures: the log is folded once."""

from domain.incident import INCIDENT, Incident
from domain.incident.state import KnownIncident, Undeclared
from domain.learning.definitions import BUILT_IN, Definitions, Recomputed, recompute
from domain.learning.trends import PeriodKind, Trends, trends
from domain.sight import PUBLIC
from handlers.kernel.ports import EventStore

PREFIX = f"{INCIDENT.name}."


async def recompute_all(store: EventStore, definitions: Definitions) -> Recomputed:
    """The figures by the built-in definitions and by these. Raises `Unavailable`."""
    return recompute(await _incidents(store), BUILT_IN, definitions)


async def trends_of(store: EventStore, definitions: Definitions, by: PeriodKind) -> Trends:
    """The figures of each period, and how they changed. Raises `Unavailable`."""
    return trends(await _incidents(store), definitions, by)


async def _incidents(store: EventStore) -> dict[str, KnownIncident]:
    """All incidents that everybody may see, as they stand, by id, in the order in which they were
    begun; of one whose history cannot be read no more is known than what can.
    """
    states: dict[str, Incident] = {}
    async for batch in store.read():
        for recorded in batch:
            if recorded.stream.startswith(PREFIX):
                id_ = recorded.stream.removeprefix(PREFIX)
                state = states.get(id_, INCIDENT.initial)
                states[id_], _ = INCIDENT.attempt(state, recorded)
    seen = {id_: it for id_, it in states.items() if not INCIDENT.hides(it, PUBLIC)}
    return {id_: it for id_, it in seen.items() if not isinstance(it, Undeclared)}
