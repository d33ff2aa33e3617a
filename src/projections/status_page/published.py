"""Status page: incidents as the public sees them, one row each.

See `domain.status_page.public_timeline`.
"""

from collections.abc import Iterable

import msgspec

from domain.incident.state import Undeclared
from domain.status_page.public_incident import PublicIncident
from domain.status_page.public_timeline import public_id
from projections.incident.fold import NOTHING_FOLDED, IncidentFold, follow
from projections.projection import Projection, Put
from projections.read_model import Question
from projections.table import put_into, table_of


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """A row; what is public no longer has no `view`."""

    id: str
    number: int
    position: int
    view: PublicIncident | None


_TABLE = table_of(Published, name="incident", key=("id",), about=(), indexes=(("position",),))
_put = put_into(_TABLE, Published)


def _show(incident_id: str, known: IncidentFold) -> Iterable[Put]:
    """The view, or that there is none any more: who has read the row before must hear of it."""
    told = known.public
    if told is not None and told.position:
        assert not isinstance(known.incident, Undeclared)
        yield _put(
            Published(
                id=public_id(incident_id),
                number=known.incident.facts.about.number,
                position=told.position,
                view=told.shown,
            )
        )


STATUS_PAGE: Projection[IncidentFold] = Projection(
    name="status_page",
    version=5,
    follows=("incident.",),
    tables=(_TABLE,),
    initial=NOTHING_FOLDED,
    evolve=follow,
    snapshot=IncidentFold,
    show=_show,
    moves=lambda before, after: before.public is not after.public,
)


class Behind(msgspec.Struct, frozen=True, kw_only=True):
    """What has changed behind the position `after`; of more than `limit`, the newest incidents."""

    after: int
    limit: int


class PublicChange(msgspec.Struct, frozen=True, kw_only=True):
    """A row that has changed; `reached` is how far along the log all rows are. Where nothing has
    changed, that alone is given.
    """

    reached: int
    number: int | None
    position: int | None
    view: PublicIncident | None


CHANGES = Question(
    of=STATUS_PAGE.name,
    sql="""
        SELECT reached.position AS reached, changed.number, changed.position, changed.view
        FROM commandpost.projection AS reached
        LEFT JOIN LATERAL (
            SELECT number, position, view FROM {incident}
            WHERE position > $after ORDER BY number DESC LIMIT $limit
        ) AS changed ON true
        WHERE reached.schema = '{schema}'
    """,
    takes=Behind,
    answer=PublicChange,
)
"""Asked in one statement, so that no row is written in between."""
