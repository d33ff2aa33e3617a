"""What an action item follows from, as its decision knows it."""

from typing import Any

import msgspec

from domain.incident import INCIDENT, Incident
from domain.incident.events import Kind
from domain.incident.state import Undeclared
from domain.kernel.refusal import Refused
from domain.learning.action_item.events import ItemOrigin, OriginKind
from domain.learning.postmortem.commands import NoteActionItem
from domain.learning.postmortem.dossier import Postmortem


class OriginFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Where it comes from; `factors` are those that it may be about (None: it has no list)."""

    origin: ItemOrigin
    factors: tuple[str, ...] | None = None


def of_postmortem(id_: str, pm: Postmortem, _: Any = None) -> OriginFacts:
    """Raises `Refused` where there is none."""
    if not pm.number:
        raise Refused("postmortem.unknown", f"there is no post-mortem {id_}", field="postmortem")
    origin = ItemOrigin(
        kind=OriginKind.POSTMORTEM,
        reference=pm.reference,
        id=id_,
        incident=pm.incident_reference,
    )
    return OriginFacts(origin=origin, factors=tuple(each.id for each in pm.content.factors))


def of_incident(id_: str, incident: Incident, _: Any = None) -> OriginFacts:
    """Raises `Refused` where there is none."""
    if isinstance(incident, Undeclared):
        raise INCIDENT.unknown(id_, field="incident")
    exercise = incident.facts.about.kind is not Kind.STANDARD
    kind = OriginKind.DRILL if exercise else OriginKind.INCIDENT
    return OriginFacts(origin=ItemOrigin(kind=kind, reference=incident.facts.reference, id=id_))


def told(_: Any, __: Any, id_: str, *___: Any) -> NoteActionItem:
    """What the post-mortem learns of it."""
    return NoteActionItem(item=id_)
