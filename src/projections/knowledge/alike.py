"""What of incidents is compared, a row each, and what post-mortems say that helped."""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice

import msgspec

from domain.incident.state import EXERCISES, Duplicate, KnownIncident, in_triage
from domain.knowledge.similarity import told_words
from domain.knowledge.word_forms import clean
from domain.learning.postmortem.dossier import Postmortem, PostmortemStatus
from domain.learning.postmortem.sections import Points
from projections.projection import Change
from projections.table import put_into, table_of

ALERTS_MOST, WORDS_MOST = 50, 40
"""So many alerts are compared, by their titles; by so many words others are looked for."""


class AlikeRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row. `asked` are the words by which others are looked for, as a query. What is no incident
    of its own (an exercise, one in triage, one that was merged) is not `compared`.
    """

    id: str
    compared: bool
    services: tuple[str, ...]
    alerts: tuple[str, ...]
    began_at: datetime | None
    resolved_at: datetime | None
    changed: bool
    asked: str
    cause: str | None
    mitigation: str | None
    resolution: str | None


class HelpedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row: what a final post-mortem says that softened its incident."""

    id: str
    incident: str
    reference: str
    mitigators: tuple[str, ...]


ALIKE = msgspec.structs.replace(
    table_of(AlikeRow, name="alike", key=("id",), about=("id",)), inverted=("services", "alerts")
)
HELPED = table_of(HelpedRow, name="helped", key=("id",), about=("id",), indexes=(("incident",),))
_put, _put_helped = put_into(ALIKE, AlikeRow), put_into(HELPED, HelpedRow)


def alike_row(id_: str, incident: KnownIncident, text: str) -> Change:
    """What is compared of an incident, whose title and text this is."""
    facts = incident.facts
    response, genuine = facts.response, facts.about.kind not in EXERCISES
    return _put(
        AlikeRow(
            id=id_,
            compared=genuine and not isinstance(incident, Duplicate) and not in_triage(facts),
            services=facts.about.services,
            alerts=tuple(dict.fromkeys(map(clean, alerts_of(incident)))),
            began_at=facts.milestones.counted_from,
            resolved_at=facts.milestones.resolved_at,
            changed=bool(facts.changes),
            asked=asked_by(told_words(text)),
            cause=response.root_cause,
            mitigation=response.mitigation,
            resolution=response.resolution,
        )
    )


def asked_by(words: Iterable[str]) -> str:
    """The first of these words as a query for what has any of them."""
    return " | ".join(f"'{each}'" for each in islice(dict.fromkeys(words), WORDS_MOST))


def alerts_of(incident: KnownIncident) -> tuple[str, ...]:
    """The titles of its alerts, those of the first members."""
    members = incident.facts.alerts.members[:ALERTS_MOST]
    return tuple(each.called for each in members if each.called)


def helped_row(id_: str, pm: Postmortem) -> Change:
    """What its post-mortem says that helped; nothing of one that is not final."""
    final = pm.status is PostmortemStatus.FINAL
    said = pm.content.points.get(Points.MITIGATORS, ()) if final else ()
    return _put_helped(
        HelpedRow(id=id_, incident=pm.incident, reference=pm.reference, mitigators=said)
    )
