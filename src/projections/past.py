"""Looking back at one aggregate: folded from its commits alone, whatever the rows say."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import dropwhile
from typing import Any

import msgspec

from domain.kernel.aggregate import AnyAggregate
from domain.kernel.commit import Event, Recorded, event_id
from domain.kernel.hindsight import AS_RECORDED, Hindsight, SeenWithHindsight


class Cut(msgspec.Struct, frozen=True, kw_only=True):
    """A look back. `as_of` leaves out what happened later, `known_at` what we learnt later; both
    together tell what was known at one time about another.
    """

    as_of: datetime | None = None
    known_at: datetime | None = None

    def __bool__(self) -> bool:
        return self.as_of is not None or self.known_at is not None

    def knows(self, recorded: Recorded[Event]) -> bool:
        """Whether a commit had been recorded by then."""
        return self.known_at is None or recorded.commit.recorded_at <= self.known_at

    def had(self, occurred_at: datetime) -> bool:
        """Whether something had happened by then."""
        return self.as_of is None or occurred_at <= self.as_of


class Span(msgspec.Struct, frozen=True, gc=False):
    """Between which times one was told of: when the first and the last of its events occurred (or
    were moved to), and when the first and the last of its `commits` were recorded. From the last
    ones on it is what it is now; before either of the first ones, nothing was known of it.
    """

    first_occurred_at: datetime
    last_occurred_at: datetime
    first_recorded_at: datetime
    last_recorded_at: datetime
    commits: int


def extend(span: Span | None, recorded: Recorded[Event], hindsight: Hindsight[Any]) -> Span:
    """With one more commit. Neither time need rise along the log: people tell of the past, and
    clocks differ.
    """
    commit = recorded.commit
    at, occurred = commit.recorded_at, hindsight.times_of(commit.events)
    first, last = min(occurred, default=at), max(occurred, default=at)
    if span is None:
        return Span(first, last, at, at, 1)
    return Span(
        min(first, span.first_occurred_at),
        max(last, span.last_occurred_at),
        min(at, span.first_recorded_at),
        max(at, span.last_recorded_at),
        span.commits + 1,
    )


def settled(span: Span, milestones: msgspec.Struct) -> Span:
    """The same for what shows these milestones: none is shown before it was reached."""
    reached = [at for at in msgspec.structs.astuple(milestones) if at is not None]
    last = max(span.last_occurred_at, *reached) if reached else span.last_occurred_at
    return msgspec.structs.replace(span, last_occurred_at=last)


NOW = Cut()
"""Nothing is left out."""


class Then(msgspec.Struct, frozen=True):
    """One as it was at a time: its state, the position up to which that was told, and whether
    anything was known of it.
    """

    state: Any
    position: int
    begun: bool


def show_then(
    aggregate: AnyAggregate, id_: str, commits: Iterable[Recorded[Event]], cut: Cut
) -> Any:
    """One as it was shown then, None where nothing was known of it."""
    assert aggregate.view is not None, f"{aggregate.name} has no view"
    then = stood_then(aggregate, commits, cut)
    return aggregate.view.show(id_, then.state, then.position)


def stood_then(aggregate: AnyAggregate, commits: Iterable[Recorded[Event]], cut: Cut) -> Then:
    """How one stood then, as far as was known at the time of the look back."""
    state, position, begun = aggregate.initial, 0, False
    for recorded, after in states_then(aggregate, commits, cut):
        state, position, begun = after, recorded.position, True
    if aggregate.hindsight and cut.as_of is not None:
        state = aggregate.hindsight.until(state, cut.as_of)
    return Then(state, position, begun)


def see(aggregate: AnyAggregate, commits: Sequence[Recorded[Event]]) -> SeenWithHindsight:
    """What is known of its entries by these commits."""
    return aggregate.hindsight.see(commits) if aggregate.hindsight else AS_RECORDED


def states_then(
    aggregate: AnyAggregate, commits: Iterable[Recorded[Event]], cut: Cut
) -> Iterator[tuple[Recorded[Event], Any]]:
    """What of the commits had happened and was known then, with the state after each. Only an event
    that may begin one is the first: what was noted before makes no state yet. What cannot be read,
    or cannot have followed, changes nothing. What was put right later counts as it should have been
    recorded.
    """
    state, begun = aggregate.initial, False
    known = [recorded for recorded in commits if cut.knows(recorded)]
    seen = see(aggregate, known)
    for recorded in known:
        had = [
            event
            for index, event in enumerate(recorded.commit.events)
            if cut.had(seen.counts_at(event_id(recorded.commit.id, index), event))
        ]
        had = had if begun else list(dropwhile(lambda it: not isinstance(it, aggregate.begin), had))
        if not had:
            continue
        commit = msgspec.structs.replace(recorded.commit, events=tuple(had))
        kept = msgspec.structs.replace(recorded, commit=commit)
        state, why = aggregate.attempt(state, kept)
        if why is None:
            begun = True
            yield kept, state
