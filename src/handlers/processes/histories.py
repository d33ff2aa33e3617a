"""Histories of aggregates with deadlines, folded from the log and kept in memory."""

from collections import OrderedDict
from typing import Any, NamedTuple

from domain.kernel.aggregate import AnyAggregate
from domain.kernel.commit import Event, Recorded, impossible
from domain.kernel.deadline import AnyDeadlines
from domain.policy import Policy
from handlers.kernel.history import require
from handlers.kernel.ports import EventStore

REMEMBERED = 10_000


class ProcessSubject(NamedTuple):
    """One aggregate, of which kind it is, and its deadlines."""

    aggregate: AnyAggregate
    deadlines: AnyDeadlines
    id: str

    @property
    def stream(self) -> str:
        """Where it is recorded."""
        return self.aggregate.stream(self.id)


class HistoryAt(NamedTuple):
    """The history of an aggregate up to a position of the log."""

    history: Any
    position: int


class Histories:
    """A bounded cache. `attended` says, for each stream, up to which position of the log all of its
    deadlines have been asked.
    """

    def __init__(self, store: EventStore, policy: Policy) -> None:
        self.attended: dict[str, int] = {}
        self._store = store
        self._policy = policy
        self._known: OrderedDict[str, HistoryAt] = OrderedDict()

    def forget(self) -> None:
        """Nothing is known of any, for the log is another one; nor is what is just being looked at
        remembered, or attended to.
        """
        self.attended, self._known = {}, OrderedDict()

    def known(self, stream: str) -> HistoryAt | None:
        """What is known now, however old."""
        return self._known.get(stream)

    async def look(self, subject: ProcessSubject) -> HistoryAt:
        """The history at the head of the log. Raises `Unavailable`, `HalfHistory`."""
        stream, remembered = subject.stream, self._known
        known = remembered.pop(stream, None) or HistoryAt(subject.deadlines.initial, 0)
        history, position = known.history, known.position
        for recorded in await self._store.load(stream, after=position):
            if recorded.position > position:
                history = self._follow(subject, history, recorded)
                position = recorded.position
        known = HistoryAt(history, position)
        remembered[stream] = known
        while len(remembered) > REMEMBERED:
            forgotten, _ = remembered.popitem(last=False)
            self.attended.pop(forgotten, None)
        return known

    def _follow(self, subject: ProcessSubject, history: Any, recorded: Recorded[Event]) -> Any:
        why = recorded.unreadable
        if why is None:
            evolve = subject.aggregate.decider.evolve
            try:
                return subject.deadlines.follow(history, recorded, self._policy, evolve)
            except Exception as fault:  # noqa: BLE001 - whatever it makes of what cannot have been
                why = impossible(recorded, fault)
        require(subject.aggregate, recorded.position, why)
        return history
