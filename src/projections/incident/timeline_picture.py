"""What a picture of a timeline shows: severities and phases as bands, and who was told when."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import msgspec

from domain.incident import INCIDENT
from domain.incident.deadlines.events import AllClear
from domain.incident.header import Header
from domain.incident.state import Incident, Undeclared, status
from domain.kernel.commit import Event, Recorded, event_id, name_of
from domain.policy.audience import Audience
from projections.incident.reading import ReadersTimeline
from projections.past import Cut, see, states_then, stood_then

_ALL_CLEAR = name_of(AllClear)


class Band(msgspec.Struct, frozen=True, kw_only=True):
    """Something that held from one time until another: a severity, or a phase."""

    label: str
    begins_at: datetime
    ends_at: datetime


class ToldAt(msgspec.Struct, frozen=True, kw_only=True):
    """Who was told what, when it happened."""

    at: datetime
    audiences: tuple[Audience, ...]
    text: str


class TimelinePicture(msgspec.Struct, frozen=True, kw_only=True):
    """From its beginning until it was over, or until the last that is known. What was told later
    than that is counted in `told_later`.
    """

    reference: str
    title: str
    begins_at: datetime
    ends_at: datetime
    over: bool
    severities: tuple[Band, ...]
    phases: tuple[Band, ...]
    told: tuple[ToldAt, ...]
    told_later: int = 0


def phases_of(commits: Sequence[Recorded[Event]], cut: Cut) -> tuple[tuple[datetime, str], ...]:
    """From when on it was in which status, as far as that was known then; later corrections of
    times count.
    """
    known = [recorded for recorded in commits if cut.knows(recorded)]
    seen, found = see(INCIDENT, known), list[tuple[datetime, str]]()
    for recorded, state in states_then(INCIDENT, commits, cut):
        if isinstance(state, Undeclared):
            continue
        commit, now = recorded.commit, status(state)
        if not found or found[-1][1] != now:
            last = len(commit.events) - 1
            at = seen.counts_at(event_id(commit.id, last), commit.events[last])
            found.append((at, now))
    return tuple(sorted(_put_right(found, commits, cut), key=lambda each: each[0]))


def _put_right(
    found: Sequence[tuple[datetime, str]], commits: Sequence[Recorded[Event]], cut: Cut
) -> Iterator[tuple[datetime, str]]:
    """With milestones as they are known: those of the last run, where there were several."""
    then: Incident = stood_then(INCIDENT, commits, cut).state
    if isinstance(then, Undeclared):
        return
    times, phases = then.facts.milestones, [phase for _, phase in found]
    known = {"monitoring": times.mitigated_at, "resolved": times.resolved_at}
    if phases.count("identified") == 1:
        known["identified"] = times.identified_at
    for place, (at, phase) in enumerate(found):
        last = phase not in phases[place + 1 :]
        yield (known.get(phase) or at if last else at), phase


def picture_of(
    told: ReadersTimeline, phases: Sequence[tuple[datetime, str]]
) -> TimelinePicture | None:
    """None where nothing lasts: of what has no two times there is no picture."""
    header = told.header
    if header is None or not told.entries:
        return None
    begins_at = min(header.began_at or told.entries[0].at, told.entries[0].at)
    ends_at = _end(told, header)
    if ends_at <= begins_at:
        return None
    said = [
        ToldAt(at=row.at, audiences=row.told, text=row.text) for row in told.entries if row.told
    ]
    severities = [(turn.at, str(turn.severity)) for turn in header.severity_history]
    shown = [each for each in said if begins_at <= each.at <= ends_at]
    return TimelinePicture(
        reference=header.reference,
        title=header.title,
        begins_at=begins_at,
        ends_at=ends_at,
        over=header.ended_at is not None,
        severities=tuple(_bands(severities, begins_at, ends_at)),
        phases=tuple(_bands(phases, begins_at, ends_at)),
        told=tuple(shown),
        told_later=len(said) - len(shown),
    )


def _end(told: ReadersTimeline, header: Header) -> datetime:
    """The all-clear, or else the end, or else the last that is known."""
    clear = [row.at for row in told.entries if row.kind == _ALL_CLEAR]
    if header.ended_at is not None:
        return max(header.ended_at, *clear) if clear else header.ended_at
    return told.entries[-1].at


def _bands(
    turns: Iterable[tuple[datetime | None, str]], begins_at: datetime, ends_at: datetime
) -> Iterator[Band]:
    """Each until the next one; what was before the beginning holds from then on. Of what has no
    time but is not the first, it is not known where it stands.
    """
    known = [
        (max(at or begins_at, begins_at), label)
        for place, (at, label) in enumerate(turns)
        if at is not None or place == 0
    ]
    starts = [at for at, _ in known[1:]]
    for (at, label), until in zip(known, [*starts, ends_at], strict=True):
        if at < min(until, ends_at):
            yield Band(label=label, begins_at=at, ends_at=min(until, ends_at))
