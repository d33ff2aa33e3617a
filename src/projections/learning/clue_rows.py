"""What says what an incident is about: texts by their words, and what people say of repeats.

Its title, hypotheses, cause, the factors of its post-mortem, action items.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from domain.incident import INCIDENT
from domain.incident.events import Kind
from domain.incident.hypothesis import HypothesisStatus
from domain.incident.relation import INVERSE, REPEATS, Relation
from domain.incident.state import Duplicate, FalsePositive, KnownIncident, Undeclared
from domain.kernel.commit import Event, Recorded
from domain.learning.action_item.item import ActionItem, ActionItemStatus
from domain.learning.clues import ClueKind
from domain.learning.postmortem.dossier import Postmortem
from domain.learning.recurring_words import words_of
from projections.incident.fold import NOTHING_FOLDED, IncidentFold, follow
from projections.learning.action_items import ACTION_ITEMS
from projections.learning.postmortems import POSTMORTEMS
from projections.parts import PART, parts_beside
from projections.projection import Change, Drop, Projection, rows_beside
from projections.table import put_into, row_changes, table_of


class AboutRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row: an incident, since when it is counted, and which one it was `merged_into`. It `counts`
    if it is neither an exercise nor canceled.
    """

    id: str
    number: int
    reference: str
    title: str
    began_at: datetime
    counts: bool
    merged_into: str | None


class ClueRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row: a text that stands in the incident, post-mortem or action item `id`, there by `name`,
    and tells of the `incident` with this reference (None: of a review). Of an action item it says
    how that stands; `factor` is the id of the factor that it is, or is about.
    """

    id: str
    name: str
    kind: ClueKind
    incident: str | None
    reference: str
    text: str
    words: tuple[str, ...]
    added_at: datetime
    factor: str | None = None
    status: ActionItemStatus | None = None
    due_at: datetime | None = None
    ended_at: datetime | None = None


class RepeatRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row: that an incident is a repeat `of` another one, or is not, as is on record on the side
    of one of the two (`side`), since this place of the log.
    """

    id: str
    of: str
    side: str
    relation: Relation
    position: int


_ABOUT = table_of(
    AboutRow, name="subject", key=("id",), about=("id",), indexes=(("merged_into",), ("began_at",))
)
_CLUE = table_of(ClueRow, name="clue", key=("id", "name"), about=("id",), indexes=(("incident",),))
_REPEAT = table_of(
    RepeatRow, name="repeat", key=("id", "of", "side"), about=("id", "of"), indexes=(("of",),)
)
_put_about, _put_clue = put_into(_ABOUT, AboutRow), put_into(_CLUE, ClueRow)
_put_repeat = put_into(_REPEAT, RepeatRow)
TABLES = (_ABOUT, _CLUE, _REPEAT, PART)


def _clues(rows: Iterable[ClueRow]) -> dict[tuple[str, str], ClueRow]:
    """Those that have any words to be found by."""
    return {(row.id, row.name): row for row in rows if row.words}


def _of_incident(id_: str, known: IncidentFold) -> Iterator[ClueRow]:
    incident = known.incident
    if isinstance(incident, Undeclared):
        return
    about, response = incident.facts.about, incident.facts.response
    texts = [("title", ClueKind.TITLE, about.title)]
    if response.root_cause:
        texts.append(("cause", ClueKind.CAUSE, response.root_cause))
    texts += [
        (
            path.name,
            ClueKind.CAUSE if path.status is HypothesisStatus.CONFIRMED else ClueKind.HYPOTHESIS,
            path.statement,
        )
        for path in response.hypotheses
        if path.status in {HypothesisStatus.OPEN, HypothesisStatus.CONFIRMED}
    ]
    reference, at = incident.facts.reference, _began(incident, known)
    for name, kind, text in texts:
        yield ClueRow(
            id=id_,
            name=name,
            kind=kind,
            incident=reference,
            reference=reference,
            text=text,
            words=words_of(text),
            added_at=at,
        )


def _began(incident: KnownIncident, known: IncidentFold) -> datetime:
    assert known.span is not None, "whatever is known was told of"
    return incident.facts.milestones.counted_from or known.span.first_occurred_at


def _about(id_: str, known: IncidentFold) -> dict[str, AboutRow]:
    incident = known.incident
    if isinstance(incident, Undeclared):
        return {}
    about = incident.facts.about
    row = AboutRow(
        id=id_,
        number=about.number,
        reference=incident.facts.reference,
        title=about.title,
        began_at=_began(incident, known),
        counts=about.kind is Kind.STANDARD and not isinstance(incident, FalsePositive),
        merged_into=incident.into if isinstance(incident, Duplicate) else None,
    )
    return {id_: row}


def _said(id_: str, known: IncidentFold) -> dict[tuple[str, str, str], Relation]:
    """What stands on record here of repeats, by the later one, the earlier one and this side."""
    if isinstance(known.incident, Undeclared):
        return {}
    found = {}
    for each in known.incident.facts.related:
        if each.relation in REPEATS:
            found[id_, each.id, id_] = each.relation
        elif each.relation.tells_of_repeats:
            found[each.id, id_, id_] = INVERSE[each.relation]
    return found


def _incident_rows(
    before: IncidentFold, after: IncidentFold, recorded: Recorded[Event]
) -> Iterable[Change]:
    if before.incident is after.incident:
        return
    id_ = recorded.key
    yield from row_changes(_ABOUT, _about(id_, before), _about(id_, after), _put_about)
    were, are = _clues(_of_incident(id_, before)), _clues(_of_incident(id_, after))
    yield from row_changes(_CLUE, were, are, _put_clue)
    said, says = _said(id_, before), _said(id_, after)
    yield from (Drop(_REPEAT.name, key) for key in said if key not in says)
    for (later, earlier, side), relation in says.items():
        if said.get((later, earlier, side)) is not relation:
            yield _put_repeat(
                RepeatRow(
                    id=later,
                    of=earlier,
                    side=side,
                    relation=relation,
                    position=recorded.position,
                )
            )


def _of_postmortem(id_: str, pm: Postmortem) -> Iterator[ClueRow]:
    if pm.opened_at is None or pm.drill:
        return
    for factor in pm.content.factors:
        yield ClueRow(
            id=id_,
            name=factor.id,
            kind=ClueKind.FACTOR,
            incident=pm.incident_reference,
            reference=pm.reference,
            text=factor.text,
            words=words_of(factor.text),
            added_at=pm.opened_at,
            factor=factor.id,
        )


def _postmortem_rows(
    before: Postmortem, after: Postmortem, recorded: Recorded[Event]
) -> Iterable[Change]:
    id_ = recorded.key
    were, are = _clues(_of_postmortem(id_, before)), _clues(_of_postmortem(id_, after))
    return row_changes(_CLUE, were, are, _put_clue)


def _item_rows(_: ActionItem, item: ActionItem, recorded: Recorded[Event]) -> Iterable[Change]:
    if item.added_at is None:
        return
    yield _put_clue(
        ClueRow(
            id=recorded.key,
            name="item",
            kind=ClueKind.ACTION_ITEM,
            incident=item.origin.of_incident,
            reference=item.reference,
            text=item.title,
            words=words_of(item.title),
            added_at=item.added_at,
            factor=item.factor,
            status=item.status,
            due_at=item.due_at,
            ended_at=item.ended_at,
        )
    )


_VERSION = 2
"""Of the words, too: whoever changes the rules of `recurring_words` or `word_forms` raises it."""
_NAME = "repeats"


REPEATED: Projection[Any] = Projection(
    name=_NAME,
    version=_VERSION,
    follows=(INCIDENT.stream(""),),
    tables=TABLES,
    initial=NOTHING_FOLDED,
    evolve=follow,
    snapshot=IncidentFold,
    each=_incident_rows,
    beside=(
        rows_beside(POSTMORTEMS, _NAME, _VERSION, TABLES, _postmortem_rows),
        rows_beside(ACTION_ITEMS, _NAME, _VERSION, TABLES, _item_rows),
        *parts_beside(_NAME, _VERSION),
    ),
)
