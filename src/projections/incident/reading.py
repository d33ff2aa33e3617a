"""A timeline as somebody reads it: for responders, for a post-mortem, for the public.

The full one has a line for each event. Here rows are what a reader wants to know; all else is
folded into them: who was told of a row, what was put right of it, what was recorded with it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec
from msgspec.structs import replace

from domain.incident import INCIDENT
from domain.incident.events import UpdatePosted
from domain.incident.header import Header, header
from domain.incident.merging.merge_events import Merged
from domain.incident.milestones import Milestones
from domain.incident.presentation.row import Weight
from domain.incident.state import Incident, Undeclared
from domain.kernel.commit import Event, Recorded, event_id, name_of
from domain.kernel.text import duration
from domain.status_page.public_incident import PublicImpact
from projections.incident.fates import Fates
from projections.incident.fold import NOTHING_FOLDED, follow
from projections.incident.lines import Entry, marked
from projections.incident.merged import one_then, own, whole_timeline
from projections.incident.rows_folded import Row, Told, joined, rows_of_states, runs
from projections.incident.weights import ALERTS, READ_BY
from projections.past import Cut, states_then

Readers = Literal["responders", "postmortem", "public"]

_MERGED = name_of(Merged)

LATE = timedelta(minutes=5)
"""What was recorded so long after it happened is marked."""


class PublicHeader(msgspec.Struct, frozen=True, kw_only=True):
    """What the public was told an incident is."""

    reference: str
    headline: str | None
    status: str
    impact: PublicImpact
    services: tuple[str, ...]
    began_at: datetime
    ended_at: datetime | None


class ReadersTimeline(msgspec.Struct, frozen=True, kw_only=True):
    """A timeline `for` some readers, under its `header`; for the public under what was `published`,
    null where nothing was.
    """

    id: str
    reference: str
    readers: Readers = msgspec.field(name="for")
    header: Header | None = None
    published: PublicHeader | None = None
    entries: list[Row]


def read_for(
    id_: str, readers: Readers, commits: Sequence[Recorded[Event]], cut: Cut
) -> ReadersTimeline | None:
    """The timeline of an incident, as it was known then, for these readers; None where nothing was
    known of it.
    """
    then = one_then(id_, commits, cut)
    incident: Incident = then.state
    if isinstance(incident, Undeclared):
        return None
    reference = incident.facts.reference
    if readers == "public":
        return _published(id_, reference, own(id_, commits), cut)
    fates = Fates(it for it in commits if it.aggregate != INCIDENT.name and cut.knows(it))
    entries = whole_timeline(id_, commits, cut, then, notifications=False)
    assert entries is not None, "what is known of has a timeline"
    updates = _updates(commits)
    told = [
        Told(entry, _row(entry, fates), updates.get(entry.event_id))
        for entry in entries
        if _is_read(entry, readers)
    ]
    return ReadersTimeline(
        id=id_,
        reference=reference,
        readers=readers,
        header=header(incident),
        entries=rows(told, incident.facts.milestones, readers),
    )


def _updates(commits: Iterable[Recorded[Event]]) -> Mapping[str, UpdatePosted]:
    """All updates by the ids of their events. Corrections leave alone all but their words."""
    return {
        event_id(recorded.commit.id, index): event
        for recorded in commits
        for index, event in enumerate(recorded.commit.events)
        if isinstance(event, UpdatePosted)
    }


def _published(
    id_: str, reference: str, commits: Sequence[Recorded[Event]], cut: Cut
) -> ReadersTimeline:
    """What the public was told, and nothing else."""
    known = NOTHING_FOLDED
    for recorded, _ in states_then(INCIDENT, commits, cut):
        known = follow(known, recorded)
    shown = known.public.shown if known.public else None
    if shown is None:
        return ReadersTimeline(id=id_, reference=reference, readers="public", entries=[])
    about = PublicHeader(
        reference=reference,
        headline=shown.headline,
        status=shown.status,
        impact=shown.affected,
        services=shown.services,
        began_at=shown.started_at,
        ended_at=shown.ended_at,
    )
    told = [Row(at=entry.at, kind=entry.status, text=entry.text) for entry in shown.entries]
    return ReadersTimeline(
        id=id_, reference=reference, readers="public", published=about, entries=told
    )


def rows(told: Sequence[Told], milestones: Milestones, readers: Readers) -> list[Row]:
    """The rows of a timeline for these readers, from those of its entries, which are in order."""
    if readers == "postmortem":
        return _with_beginnings(list(rows_of_states(runs(told))), milestones)
    return _with_beginnings([joined(run) for run in runs(told)], milestones)


def _is_read(entry: Entry, readers: Readers) -> bool:
    if entry.origin and entry.kind == _MERGED:
        return False  # the one that carries on says so itself
    weight = READ_BY.get(entry.kind, Weight.NOBODY)
    return weight is Weight.ALL or (weight is Weight.RESPONDERS and readers == "responders")


def _row(entry: Entry, fates: Fates) -> Row:
    became = fates.of(entry.event_id)
    told = tuple(dict.fromkeys(fate.audience for fate in became if fate.told))
    behind = entry.recorded_at - entry.occurred_at
    return Row(
        at=entry.occurred_at,
        kind=entry.kind,
        text=marked(entry),
        actor=entry.actor,
        late=f"recorded {duration(behind)} later" if behind >= LATE else None,
        told=told,
        not_told={who: why for who, why in entry.not_told.items() if who not in told}
        | {fate.audience: fate.why for fate in became if fate.audience not in told},
        origin=entry.origin,
        event_id=entry.event_id,
    )


def _with_beginnings(found: list[Row], milestones: Milestones) -> list[Row]:
    """With the start of the impact and its detection, which no entry tells of."""
    began, detected = milestones.impact_started_at, milestones.detected_at
    first = next((row for row in found if row.at == detected), None)
    if first is not None and first.kind in ALERTS:
        place = found.index(first)
        found = [
            *found[:place],
            replace(first, text=f"Detected: {first.text}"),
            *found[place + 1 :],
        ]
        detected = None
    known = (
        (began, "impact_started", "The impact began"),
        (detected, "detected", "Detected"),
    )
    more = [Row(at=at, kind=kind, text=text) for at, kind, text in known if at is not None]
    return sorted([*more, *found], key=lambda row: row.at)  # what is known stands before its time's
