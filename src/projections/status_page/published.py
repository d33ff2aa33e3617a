"""Status page: incidents as the public sees them, one row each.

See `domain.status_page.public_timeline`.
"""

from collections.abc import Iterable

import msgspec

from domain.incident.state import Undeclared
from domain.status_page.public_timeline import public_id
from projections.incident.fold import NOTHING_FOLDED, IncidentFold, follow
from projections.projection import Column, Projection, Put, Table

_ENCODER = msgspec.json.Encoder()


def _show(incident_id: str, known: IncidentFold) -> Iterable[Put]:
    """The view, or that there is none any more: who has read the row before must hear of it."""
    told = known.public
    if told is not None and told.position:
        assert not isinstance(known.incident, Undeclared)
        view = _ENCODER.encode(told.shown).decode() if told.shown else None
        row = (public_id(incident_id), known.incident.facts.about.number, told.position, view)
        yield Put("incident", row)


STATUS_PAGE: Projection[IncidentFold] = Projection(
    name="status_page",
    version=2,
    follows=("incident.",),
    tables=(
        Table(
            name="incident",
            columns=(
                Column("id", "text"),
                Column("number", "bigint"),
                Column("position", "bigint"),
                Column("view", "text", null=True),
            ),
            indexes=(("position",),),
        ),
    ),
    initial=NOTHING_FOLDED,
    evolve=follow,
    show=_show,
)
