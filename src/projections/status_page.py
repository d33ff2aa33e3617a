"""Status page: incidents as the public sees them, one row each. See `projections.telling`."""

from collections.abc import Iterable

import msgspec

from domain.incident.state import Undeclared
from projections.incidents import NOTHING_KNOWN, Known, follow
from projections.projection import Column, Projection, Put, Table
from projections.telling import public_id

_ENCODER = msgspec.json.Encoder()


def _show(incident_id: str, known: Known) -> Iterable[Put]:
    """The view, or that there is none any more: who has read the row before must hear of it."""
    told = known.public
    if told is not None and told.position:
        assert not isinstance(known.incident, Undeclared)
        view = _ENCODER.encode(told.shown).decode() if told.shown else None
        row = (public_id(incident_id), known.incident.facts.number, told.position, view)
        yield Put("incident", row)


STATUS_PAGE: Projection[Known] = Projection(
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
    initial=NOTHING_KNOWN,
    evolve=follow,
    show=_show,
)
