"""The lines of a timeline: events in words, as they are known to have been, with marks where they
were put right or retracted.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from domain.incident.deadlines.events import Automatic, Escalated
from domain.incident.events import UpdatePosted
from domain.incident.presentation.lines import describe
from domain.kernel.aggregate import AnyAggregate
from domain.kernel.commit import Commit, Event, Recorded, event_id, name_of
from domain.kernel.hindsight import AS_RECORDED, Reading, SeenWithHindsight
from domain.kernel.text import clock_s
from domain.policy.audience import Audience
from projections.past import NOW, Cut, Then, see, stood_then


class Earlier(msgspec.Struct, frozen=True, kw_only=True):
    """How a line read `until` somebody (`by`) put it right, or retracted it."""

    occurred_at: datetime
    text: str
    until: datetime
    by: str
    reason: str | None


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line. `occurred_at` is when it happened, `recorded_at` when we learnt it. One that was
    `corrected` reads as it should have read, at the time at which it happened; one that was
    `retracted` was not so. `versions` are how it read before, the oldest first. What a rule has
    caused says so: `automatic` has the rule, its policy, and the id of the event that caused it.
    One of an incident that was merged into this one has the reference of that as `origin`. Those of
    our own people who were to hear of it, and whom no channel told, are `not_told`, with why, and
    so are customers to whom an update was addressed that they may not hear.
    """

    occurred_at: datetime
    recorded_at: datetime
    kind: str
    text: str
    actor: str
    position: int
    index: int
    event_id: str
    corrected: bool = False
    retracted: bool = False
    versions: tuple[Earlier, ...] = ()
    automatic: Automatic | None = None
    origin: str | None = None
    not_told: dict[str, str] = {}


def entries(recorded: Recorded[Event], seen: SeenWithHindsight = AS_RECORDED) -> Iterable[Entry]:
    """The lines that a commit adds, as far as is known now."""
    return lines(recorded.position, recorded.commit, seen)


def lines(
    position: int, commit: Commit[Event], seen: SeenWithHindsight = AS_RECORDED
) -> Iterable[Entry]:
    """The lines that the commit at `position` adds, as far as is known now."""
    for index, recorded in enumerate(commit.events):
        id_ = event_id(commit.id, index)
        reading = seen.readings.get(id_)
        event = reading.event if reading else recorded
        line = describe(event)
        if line is not None:
            yield Entry(
                occurred_at=event.occurred_at,
                recorded_at=commit.recorded_at,
                kind=line.kind,
                text=line.text,
                actor=commit.actor,
                position=position,
                index=index,
                event_id=id_,
                automatic=getattr(event, "automatic", None),
                not_told=_not_told(event),
                **(_marks(reading) if reading else {}),
            )


NOT_PUBLIC = "they hear nothing of what is private, nor of drills"
"""Why customers were not told what was addressed to them."""


def _not_told(event: Event) -> dict[str, str]:
    """That customers were not told; of our own people, what was to be told says so."""
    if isinstance(event, UpdatePosted) and Audience.CUSTOMERS in event.unreached:
        return {Audience.CUSTOMERS.value: NOT_PUBLIC}
    return {}


def _marks(reading: Reading) -> dict[str, Any]:
    """That a line was put right or retracted, and how it read before."""
    versions = [
        Earlier(
            occurred_at=version.event.occurred_at,
            text=before.text,
            until=version.until,
            by=version.by,
            reason=version.reason,
        )
        for version in reading.versions
        if (before := describe(version.event)) is not None
    ]
    corrected = len(reading.versions) > (1 if reading.retracted else 0)
    return {"corrected": corrected, "retracted": reading.retracted, "versions": tuple(versions)}


def timeline_then(
    aggregate: AnyAggregate,
    commits: Iterable[Recorded[Event]],
    beside: Iterable[Recorded[Event]] = (),
    cut: Cut = NOW,
    then: Then | None = None,
) -> list[Entry] | None:
    """The timeline as it was `then` (None: it is folded here), as far as was known at the time of
    the look back, with what happened `beside`; None where nothing was known of it: it exists when
    the aggregate does.
    """
    known = [recorded for recorded in commits if cut.knows(recorded)]
    if not (then or stood_then(aggregate, known, cut)).begun:
        return None
    seen = see(aggregate, known)
    also = [recorded for recorded in beside if cut.knows(recorded)]
    found = (line for each in (*known, *also) for line in entries(each, seen))
    return in_order(line for line in found if cut.had(line.occurred_at))


def in_order(found: Iterable[Entry]) -> list[Entry]:
    """By occurred-at, then in the order of the log."""
    return sorted(found, key=lambda line: (line.occurred_at, line.position, line.index))


def marked(line: Entry) -> str:
    """The words of a line, with its marks: `Action: restarted twice [corrected by ada: it said
    “Action: restarted”]`.
    """
    if not line.versions:
        return line.text
    last = line.versions[-1]
    if line.retracted:
        return f"{line.text} [retracted by {last.by}{_why(last)}]"
    return f"{line.text} [corrected by {last.by}: {_before(line, line.versions)}{_why(last)}]"


def with_missed(text: str, line: Entry) -> str:
    """The words of a line with whom nothing told of it, and why, where they do not say so
    themselves.
    """
    if not line.not_told or line.kind == _ESCALATED:
        return text
    whom: dict[str, list[str]] = {}
    for audience, why in line.not_told.items():
        whom.setdefault(why, []).append(audience)
    if len(whom) == 1:
        [(why, each)] = whom.items()
        return f"{text} [not told: {', '.join(each)}; {why}]"
    said = ", ".join(f"{', '.join(each)} ({why})" for why, each in whom.items())
    return f"{text} [not told: {said}]"


_ESCALATED = name_of(Escalated)


def with_origin(text: str, origin: str | None) -> str:
    """The words of a line of a merged incident: `Acknowledged (from INC-5)`."""
    return f"{text} (from {origin})" if origin else text


def _before(line: Entry, versions: Sequence[Earlier]) -> str:
    """What was otherwise at first."""
    first, reads = versions[0], (line.text, line.occurred_at)
    said = []
    if first.text != line.text:
        said.append(f"it said “{first.text}”")
    if first.occurred_at != line.occurred_at:
        said.append(f"it was dated {clock_s(first.occurred_at)}")
    if not said and all((each.text, each.occurred_at) == reads for each in versions):
        return "what was put right is not part of this line"
    return ", ".join(said) or "it reads as at first again"


def _why(version: Earlier) -> str:
    return f": {version.reason}" if version.reason else ""
