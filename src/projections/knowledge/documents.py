"""Documents: what is found by words, a row for each incident, post-mortem and action item, and for
each note, logged action and update of a timeline.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

import msgspec

from domain.incident.state import Undeclared, in_triage, status
from domain.kernel.commit import Event, Recorded
from domain.knowledge.search_terms import TEXT_MOST, lexemes
from domain.knowledge.word_forms import clean
from domain.learning.action_item.item import ActionItem
from domain.learning.postmortem.dossier import Postmortem
from projections.incident.fold import NOTHING_FOLDED, IncidentFold, follow
from projections.knowledge.alike import ALIKE, HELPED, alerts_of, alike_row, helped_row
from projections.knowledge.texts import entries_in, of_action_item, of_incident, of_postmortem
from projections.learning.action_items import ACTION_ITEMS
from projections.learning.postmortems import POSTMORTEMS
from projections.parts import PART, parts_beside
from projections.projection import Change, Derived, Drop, Projection, rows_beside
from projections.table import put_into, table_of

FoundKind = Literal["incident", "postmortem", "action_item", "update", "note", "action"]


class DocumentRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row. `id` is that of an aggregate, or of an entry of a timeline; `about` that of the
    aggregate whose readers may read it, `incident` the reference or the id of the incident that it
    has to do with. `lexemes` are what it is found by.
    """

    id: str
    about: str
    incident: str | None
    kind: FoundKind
    reference: str | None
    title: str | None
    status: str | None
    severity: str | None
    at: datetime | None
    text: str
    lexemes: str


_TABLE = msgspec.structs.replace(
    table_of(
        DocumentRow,
        name="document",
        key=("id",),
        about=("about",),
        indexes=(("reference",), ("about",)),
    ),
    derived=(Derived("terms", "tsvector", "lexemes::tsvector"),),
    inverted=("terms",),
)
_put = put_into(_TABLE, DocumentRow)


def _row(heading: str, text: str, **more: Any) -> Change:
    kept = clean(text[:TEXT_MOST])
    return _put(DocumentRow(text=kept, lexemes=lexemes(clean(heading), kept), **more))


def _show(id_: str, known: IncidentFold) -> Iterable[Change]:
    incident = known.incident
    if isinstance(incident, Undeclared):
        return
    facts, text = incident.facts, of_incident(incident)
    about = facts.about
    yield alike_row(id_, incident, f"{about.title} {text[:TEXT_MOST]}")
    yield _row(
        f"{facts.reference} {about.title} {' '.join(about.services)}",
        text,
        id=id_,
        about=id_,
        incident=id_,
        kind="incident",
        reference=facts.reference,
        title=clean(about.title),
        status=status(incident),
        severity=facts.severity.value,
        at=facts.milestones.counted_from,
    )


def _moves(before: IncidentFold, after: IncidentFold) -> bool:
    """Whether anything is otherwise that its rows are made of; with one more alert it seldom is."""
    return before.incident is not after.incident and _made_of(before) != _made_of(after)


def _made_of(known: IncidentFold) -> Any:
    incident = known.incident
    if isinstance(incident, Undeclared):
        return None
    facts = incident.facts
    times = facts.milestones
    return (
        *(facts.about, facts.response, facts.severity, status(incident), in_triage(facts)),
        *(times.counted_from, times.resolved_at, facts.assessment.impact.summary),
        *(facts.alerts.title, bool(facts.changes), alerts_of(incident)),
    )


def _entries(_: IncidentFold, __: IncidentFold, recorded: Recorded[Event]) -> Iterable[Change]:
    for id_, kind, at, text in entries_in(recorded):
        if text is None:
            yield Drop(_TABLE.name, (id_,))
        else:
            yield _row(
                "",
                text,
                id=id_,
                about=recorded.key,
                incident=recorded.key,
                kind=kind,
                reference=None,
                title=None,
                status=None,
                severity=None,
                at=at,
            )


def _postmortem(_: Postmortem, pm: Postmortem, recorded: Recorded[Event]) -> Iterable[Change]:
    if pm.number and pm.opened_at:
        yield helped_row(recorded.key, pm)
        yield _row(
            f"{pm.reference} {pm.incident_reference} {pm.title}",
            of_postmortem(pm),
            id=recorded.key,
            about=recorded.key,
            incident=pm.incident,
            kind="postmortem",
            reference=pm.reference,
            title=clean(pm.title),
            status=pm.status.value,
            severity=pm.severity.value if pm.severity else None,
            at=pm.opened_at,
        )


def _item(_: ActionItem, item: ActionItem, recorded: Recorded[Event]) -> Iterable[Change]:
    if item.number and item.added_at:
        origin = item.origin
        yield _row(
            f"{item.reference} {origin.reference} {origin.incident or ''} {item.title}",
            of_action_item(item),
            id=recorded.key,
            about=recorded.key,
            incident=origin.of_incident,
            kind="action_item",
            reference=item.reference,
            title=clean(item.title),
            status=item.status.value,
            severity=None,
            at=item.added_at,
        )


_NAME, _VERSION = "documents", 4


DOCUMENTS: Projection[IncidentFold] = Projection(
    name=_NAME,
    version=_VERSION,
    follows=("incident.",),
    tables=(_TABLE, ALIKE, HELPED, PART),
    initial=NOTHING_FOLDED,
    evolve=follow,
    snapshot=IncidentFold,
    each=_entries,
    show=_show,
    moves=_moves,
    beside=(
        rows_beside(POSTMORTEMS, _NAME, _VERSION, (_TABLE, HELPED), _postmortem),
        rows_beside(ACTION_ITEMS, _NAME, _VERSION, (_TABLE, HELPED), _item),
        *parts_beside(_NAME, _VERSION),
    ),
)
