"""Histories of aggregates with deadlines, folded from the log and kept in memory."""

from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from domain.kernel.aggregate import AnyAggregate
from domain.kernel.commit import Event, Recorded, impossible
from domain.kernel.deadline import AnyDeadlines
from domain.policy import Policy
from handlers.kernel.history import HalfHistory, require
from handlers.kernel.ports import EventStore
from handlers.kernel.snapshots import Snapshots, SnapshotsOf

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
    """The history of an aggregate up to a position of the log, and how many commits of it are
    behind the last snapshot.
    """

    history: Any
    position: int
    fresh: int = 0


class Histories:
    """A bounded cache. `attended` says, for each stream, up to which position of the log all of its
    deadlines have been asked.
    """

    def __init__(
        self, store: EventStore, policy: Policy, snapshots: Snapshots | None = None
    ) -> None:
        self.attended: dict[str, int] = {}
        self._snapshots = snapshots
        self._kinds: dict[str, SnapshotsOf[Any]] = {}
        self._rules = policy.fingerprint
        self._store = store
        self._policy = policy
        self._known: OrderedDict[str, HistoryAt] = OrderedDict()
        self._looked_at: dict[str, bool] = {}  # streams, and whether commits went by meanwhile

    def forget(self) -> None:
        """Nothing is known of any, for the log is another one; nor is what is just being looked at
        remembered, or attended to.
        """
        self.attended, self._known = {}, OrderedDict()

    def known(self, stream: str) -> HistoryAt | None:
        """What is known now, however old."""
        return self._known.get(stream)

    def follow(self, subject: ProcessSubject, commits: Sequence[Recorded[Event]]) -> None:
        """These come next in its stream. Who is not known is read from the log when somebody looks;
        so is who cannot be followed, and that says why.
        """
        if subject.stream in self._looked_at:
            self._looked_at[subject.stream] = True
        known = self._known.pop(subject.stream, None)
        if known is not None:
            with suppress(HalfHistory):
                self._known[subject.stream] = self._after(subject, known, commits)

    def rests(self, stream: str, before: HistoryAt | None) -> bool:
        """Whether all deadlines were asked `before`, and nothing that moves one has happened since:
        then they have been asked about what there is now.
        """
        known = self._known.get(stream)
        if before is None or known is None or known.history is not before.history:
            return False
        if self.attended.get(stream) != before.position:
            return False
        self.attended[stream] = known.position
        return True

    async def look(self, subject: ProcessSubject, since: int | None = None) -> HistoryAt:
        """The history at the head of the log, or what is known of it if that is as new as `since`.
        One at a time looks at an aggregate. Raises `Unavailable`, `HalfHistory`.
        """
        stream, remembered = subject.stream, self._known
        known = remembered.pop(stream, None)
        if known is None or since is None or known.position < since:
            self._looked_at[stream] = False
            try:
                known = self._after(subject, *await self._begin(subject, known))
            finally:
                passed = self._looked_at.pop(stream)
            if passed:  # what was read may lack it, and who follows would leave it out
                return known
        remembered[stream] = known
        while len(remembered) > REMEMBERED:
            forgotten, _ = remembered.popitem(last=False)
            self.attended.pop(forgotten, None)
        return known

    def _after(
        self, subject: ProcessSubject, known: HistoryAt, news: Sequence[Recorded[Event]]
    ) -> HistoryAt:
        """The history after the news. Raises `HalfHistory`."""
        history, position, fresh = known
        for recorded in news:
            if recorded.position > position:
                history = self._follow(subject, history, recorded)
                position, fresh = recorded.position, fresh + 1
        kept = self._kept(subject)
        if kept is not None and kept.is_due(subject.stream, fresh):
            kept.keep(subject.stream, history, news[-1])
            fresh = 0
        return HistoryAt(history, position, fresh)

    async def _begin(
        self, subject: ProcessSubject, known: HistoryAt | None
    ) -> tuple[HistoryAt, list[Recorded[Event]]]:
        """What is known of it, or was kept, and the commits behind that."""
        kept = None if known else self._kept(subject)
        if kept is None:
            known = known or HistoryAt(subject.deadlines.initial, 0)
            return known, await self._store.load(subject.stream, after=known.position)
        recalled = await kept.recall(self._store, subject.stream)
        history = subject.deadlines.initial if recalled.state is None else recalled.state
        return HistoryAt(history, recalled.position), recalled.behind

    def _kept(self, subject: ProcessSubject) -> SnapshotsOf[Any] | None:
        """Snapshots of histories like this; they follow from the policy as well."""
        shape, name = subject.deadlines.snapshot, subject.aggregate.name
        if self._snapshots is None or shape is None:
            return None
        if name not in self._kinds:
            kind = f"deadlines {name} {self._rules}"
            self._kinds[name] = SnapshotsOf(self._snapshots, kind, shape)
        return self._kinds[name]

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
