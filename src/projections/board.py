"""Board: every incident as it stands, the open ones first."""

from collections.abc import Iterable

import msgspec

from domain.commit import Event, Recorded
from domain.incident import INCIDENT, Incident
from projections.incidents import folded
from projections.projection import Column, Projection, Put, Table
from projections.timeline import incident_of
from projections.view import view

_ENCODER = msgspec.json.Encoder()


class Held(msgspec.Struct, frozen=True):
    """An incident and the position of the last commit that changed it."""

    incident: Incident
    position: int


def _evolve(held: Held, recorded: Recorded[Event]) -> Held:
    return Held(folded(held.incident, recorded), recorded.position)


def _show(incident_id: str, held: Held) -> Iterable[Put]:
    shown = view(incident_id, held.incident, held.position)
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
            held.position,
            _ENCODER.encode(shown).decode(),
        ),
    )


BOARD: Projection[Held] = Projection(
    name="board",
    version=2,
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
                Column("position", "bigint"),
                Column("view", "jsonb"),
            ),
            indexes=(("number",), ("status_category", "severity")),
        ),
    ),
    key=incident_of,
    state=Held,
    initial=Held(INCIDENT.initial, 0),
    evolve=_evolve,
    show=_show,
)
