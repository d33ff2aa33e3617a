"""Board: every incident as it stands, the open ones first."""

from collections.abc import Iterable

import msgspec

from domain.incident.view import view
from projections.incident.fold import NOTHING_FOLDED, IncidentFold, follow
from projections.projection import Column, Projection, Put, Table

_ENCODER = msgspec.json.Encoder()


def _show(incident_id: str, known: IncidentFold) -> Iterable[Put]:
    shown = view(incident_id, known.incident, known.position)
    if shown is None:
        return
    started = shown.milestones.impact_started_at or shown.milestones.declared_at
    yield Put(
        "incident",
        (
            incident_id,
            int(shown.reference.removeprefix("INC-")),
            shown.status,
            shown.status_category,
            shown.severity.value,
            shown.kind.value,
            started or shown.milestones.detected_at,
            shown.milestones.resolved_at,
            known.position,
            _ENCODER.encode(shown).decode(),
        ),
    )


BOARD: Projection[IncidentFold] = Projection(
    name="board",
    version=4,
    follows=("incident.",),
    tables=(
        Table(
            name="incident",
            columns=(
                Column("id", "text"),
                Column("number", "bigint"),
                Column("status", "text"),
                Column("status_category", "text"),
                Column("severity", "text"),
                Column("kind", "text"),
                Column("started_at", "timestamptz", null=True),
                Column("resolved_at", "timestamptz", null=True),
                Column("position", "bigint"),
                Column("view", "text"),
            ),
            indexes=(("number",), ("status_category", "severity")),
        ),
    ),
    initial=NOTHING_FOLDED,
    evolve=follow,
    show=_show,
)
