"""A timeline as somebody reads it: for responders, for a post-mortem, for the public.

The full one has a line for each event. Here rows are what a reader wants to know; all else is
folded into them: who was told of a row, what was put right of it, what was recorded with it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import Literal

import msgspec
from msgspec.structs import replace

from domain.incident import INCIDENT
from domain.incident import events as e
from domain.incident.alerts.alert import AlertKind
from domain.incident.deadlines import events as k
from domain.incident.events import EVENTS
from domain.incident.header import Header, header
from domain.incident.state import Milestones, Undeclared
from domain.incident.wording import duration
from domain.kernel.commit import Event, Recorded, name_of
from domain.kernel.totality import total
from domain.policy.audience import Audience
from domain.status_page.public_incident import PublicImpact
from projections.incident.fates import Fates
from projections.incident.fold import NOTHING_FOLDED, follow
from projections.incident.lines import Entry, marked, timeline_then
from projections.past import Cut, states_then, stood_then

Readers = Literal["responders", "postmortem", "public"]

LATE = timedelta(minutes=5)
"""What was recorded so long after it happened is marked."""


class Weight(Enum):
    """Who reads of an event in a row of its own."""

    ALL = "all"
    """What happened, and what was decided, found, done and said."""
    RESPONDERS = "responders"
    """What asks them for something, or tells them how the record came about."""
    NOBODY = "nobody"
    """It stands in another row, or in the header."""


_ALL, _RESPONDERS, _NOBODY = Weight
_WEIGHTS = total(
    "what stands in a timeline for readers",
    EVENTS,
    {
        e.Declared: _ALL,
        e.AlertReceived: _ALL,
        e.Acknowledged: _ALL,
        e.RoleAssigned: _ALL,
        e.RoleHandedOver: _ALL,
        e.RoleUnassigned: _ALL,
        e.ImpactReassessed: _ALL,
        e.SeverityChanged: _ALL,
        e.SeverityUpgraded: _ALL,
        e.SeverityRaiseWithdrawn: _ALL,
        e.HypothesisOpened: _ALL,
        e.HypothesisConfirmed: _ALL,
        e.HypothesisRejected: _ALL,
        e.HypothesisAbandoned: _ALL,
        e.ActionLogged: _ALL,
        e.NoteAdded: _ALL,
        e.ChangeNoted: _ALL,
        e.UpdatePosted: _ALL,
        e.RootCauseIdentified: _ALL,
        e.RootCauseWithdrawn: _ALL,
        e.Mitigated: _ALL,
        e.DidNotHold: _ALL,
        e.Resolved: _ALL,
        e.Reopened: _ALL,
        e.Canceled: _ALL,
        e.Merged: _ALL,
        e.DuplicateAttached: _ALL,
        e.TimeCorrected: _RESPONDERS,
        e.DescriptionCorrected: _RESPONDERS,
        e.EntryCorrected: _NOBODY,
        e.EntryRetracted: _NOBODY,
        e.LinkAttached: _ALL,
        e.IncidentLinked: _ALL,
        e.RuleWaived: _ALL,
        k.ResponseOverdue: _ALL,
        k.Escalated: _ALL,
        k.EscalationSuppressed: _NOBODY,
        k.RootCauseOverdue: _ALL,
        k.TimeboxExpired: _RESPONDERS,
        k.UpdateDue: _RESPONDERS,
        k.UpdateOverdue: _ALL,
        k.MonitoringEnded: _RESPONDERS,
        k.AlertsOver: _RESPONDERS,
        k.AllClear: _ALL,
        k.PostmortemRequested: _RESPONDERS,
        k.PostmortemOverdue: _ALL,
        k.PostmortemPublished: _ALL,
    },
)
_BY_KIND = {name_of(kind): weight for kind, weight in _WEIGHTS.items()}
_ALERTS = {f"alert_{kind.value}" for kind in AlertKind}
_BY_KIND |= dict.fromkeys(_ALERTS, _WEIGHTS[e.AlertReceived])


class PublicHeader(msgspec.Struct, frozen=True, kw_only=True):
    """What the public was told an incident is."""

    reference: str
    headline: str | None
    status: str
    impact: PublicImpact
    services: tuple[str, ...]
    began_at: datetime
    ended_at: datetime | None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row. `told` are the audiences that heard of it, `not_told` those that did not, and why;
    `late`: how long after it happened it was recorded, where that was long after. `event_id` is
    null where the row is read off what is known of the incident.
    """

    at: datetime
    kind: str
    text: str
    actor: str | None = None
    late: str | None = None
    told: tuple[Audience, ...] = ()
    not_told: dict[str, str] = {}
    event_id: str | None = None


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
    own = INCIDENT.stream(id_)
    of_it = [recorded for recorded in commits if recorded.stream == own]
    beside = [recorded for recorded in commits if recorded.stream != own and cut.knows(recorded)]
    entries = timeline_then(INCIDENT, of_it, (), cut)
    incident = stood_then(INCIDENT, of_it, cut).state
    if entries is None or isinstance(incident, Undeclared):
        return None
    reference = incident.facts.reference
    if readers == "public":
        return _published(id_, reference, of_it, cut)
    return ReadersTimeline(
        id=id_,
        reference=reference,
        readers=readers,
        header=header(incident),
        entries=rows(entries, beside, incident.facts.milestones, readers),
    )


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


def rows(
    entries: Sequence[Entry],
    notifications: Iterable[Recorded[Event]],
    milestones: Milestones,
    readers: Readers,
) -> list[Row]:
    """The rows of a timeline, whose entries are in order, for these readers."""
    fates = Fates(notifications)
    kept = [entry for entry in entries if _is_read(entry, readers)]
    told = [(entry, _row(entry, fates)) for entry in kept]
    found = [_joined(run) for run in _runs(told)]
    return _with_beginnings(found, milestones)


def _is_read(entry: Entry, readers: Readers) -> bool:
    weight = _BY_KIND.get(entry.kind, Weight.NOBODY)
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
        not_told={fate.audience: fate.why for fate in became if fate.audience not in told},
        event_id=entry.event_id,
    )


Told = tuple[Entry, Row]

_INVESTIGATION = (
    *(e.HypothesisOpened, e.HypothesisConfirmed, e.HypothesisRejected, e.HypothesisAbandoned),
    *(e.RootCauseIdentified, e.RootCauseWithdrawn),
)
_CLOCK = (k.ResponseOverdue, k.RootCauseOverdue, k.UpdateOverdue)
_ROLES = (e.RoleAssigned, e.RoleHandedOver, e.RoleUnassigned)
_TOGETHER = {
    **{name_of(kind): "roles" for kind in _ROLES},
    **{name_of(kind): "updates that did not come" for kind in (k.UpdateOverdue, k.UpdateDue)},
    **dict.fromkeys(_ALERTS - {"alert_acknowledged", "alert_resolved"}, "alerts"),
    "alert_resolved": "ends of alerts",
}
"""What is one row wherever it stands side by side."""
_AT_ONCE = {
    **{name_of(kind): "investigation" for kind in _INVESTIGATION},
    **{name_of(kind): "clock" for kind in _CLOCK},
}
"""What is one row where it happened at once."""
AT_ONCE = timedelta(minutes=2)


def _runs(told: Sequence[Told]) -> Iterator[list[Told]]:
    """Rows that follow each other and are one."""
    run: list[Told] = []
    for one in told:
        if run and not _belongs(one[0], run[-1][0]):
            yield run
            run = []
        run.append(one)
    if run:
        yield run


def _belongs(entry: Entry, before: Entry) -> bool:
    """Whether an entry is one row with the one before it."""
    if entry.position == before.position or _alike(entry, before, _alike_name):
        return True
    if entry.occurred_at - before.occurred_at > AT_ONCE:
        return False
    follows = entry.kind == _ESCALATED and entry.automatic is not None
    return follows or _alike(entry, before, lambda it: _AT_ONCE.get(it.kind))


_ESCALATED, _UPDATED = name_of(k.Escalated), name_of(e.UpdatePosted)


def _alike(entry: Entry, before: Entry, name: Callable[[Entry], str | None]) -> bool:
    return name(entry) is not None and name(entry) == name(before)


def _alike_name(entry: Entry) -> str | None:
    if entry.kind == _UPDATED:
        return entry.text.partition(":")[0] if entry.automatic else None
    return _TOGETHER.get(entry.kind)


WORDS_MOST = 3
"""So many of the rows that are one are quoted; the others are counted."""


def _joined(run: Sequence[Told]) -> Row:
    """One row of those in a run; what came later in it says when."""
    first, several = run[0][1], [row for _, row in run]
    if len(several) == 1:
        return first
    texts = {f"{_later(row, first)}{row.text}": None for row in several}
    shown, more = list(texts), len(texts) - WORDS_MOST
    said = "; ".join(shown if more <= 1 else shown[:WORDS_MOST])
    if more > 1:
        said = f"{said}; and {more} more until {several[-1].at:%H:%M}"
    told = tuple(dict.fromkeys(audience for row in several for audience in row.told))
    missed = {who: why for row in several for who, why in row.not_told.items() if who not in told}
    return replace(first, text=said, told=told, not_told=missed)


def _later(row: Row, first: Row) -> str:
    return f"{row.at:%H:%M} " if row.at - first.at >= timedelta(minutes=1) else ""


def _with_beginnings(found: list[Row], milestones: Milestones) -> list[Row]:
    """With the start of the impact and its detection, which no entry tells of."""
    began, detected = milestones.impact_started_at, milestones.detected_at
    first = next((row for row in found if row.at == detected), None)
    if first is not None and first.kind in _ALERTS:
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
