"""Status page: incidents as the public sees them, one row each, their public post-mortems, and
planned work.

See `domain.status_page.public_timeline` and `domain.status_page.public_maintenance`.
"""

from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from domain.incident.state import Undeclared
from domain.kernel.commit import Event, Recorded
from domain.learning.postmortem.dossier import Postmortem
from domain.learning.postmortem.public_events import PublicPublished, PublicWithdrawn
from domain.learning.postmortem.public_state import words
from domain.status_page.public_incident import POSTMORTEM as POSTMORTEM_STATUS
from domain.status_page.public_incident import PublicEntry, PublicIncident
from domain.status_page.public_maintenance import PublicWork, show_work
from domain.status_page.public_timeline import public_id
from projections.incident.fold import NOTHING_FOLDED, IncidentFold, follow
from projections.learning.postmortems import POSTMORTEMS
from projections.maintenance.maintenances import MAINTENANCES
from projections.projection import Projection, Put, rows_beside
from projections.read_model import Question
from projections.table import put_into, table_of


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """A row; what is public no longer has no `view`."""

    id: str
    number: int
    position: int
    view: PublicIncident | None


class PublishedPostmortem(msgspec.Struct, frozen=True, kw_only=True):
    """A row: what the public reads of the post-mortem of an incident, by the id that the public
    knows the incident by.
    """

    incident: str
    position: int
    entry: PublicEntry


_TABLE = table_of(Published, name="incident", key=("id",), about=(), indexes=(("position",),))
_put = put_into(_TABLE, Published)
_POSTMORTEM = table_of(
    PublishedPostmortem,
    name="postmortem",
    key=("incident",),
    about=(),
    indexes=(("position",),),
)
_put_postmortem = put_into(_POSTMORTEM, PublishedPostmortem)


_MAINTENANCE = table_of(
    Published, name="maintenance", key=("id",), about=(), indexes=(("position",),)
)
_put_maintenance = put_into(_MAINTENANCE, Published)


def _maintenance(before: PublicWork, after: PublicWork, recorded: Recorded[Event]) -> Iterable[Put]:
    """What was announced to the public once stays public: it is canceled, never taken back."""
    shown = show_work(recorded.key, after)
    if shown is not None and shown != show_work(recorded.key, before):
        yield _put_maintenance(
            Published(id=shown.id, number=shown.number, position=recorded.position, view=shown)
        )


def _postmortem(_: Postmortem, after: Postmortem, recorded: Recorded[Event]) -> Iterable[Put]:
    """What is published, corrected or withdrawn is told; edits are not."""
    published = after.public.published
    if published is None or not any(map(_tells_public, recorded.commit.events)):
        return
    entry = PublicEntry(
        id=public_id(recorded.key),
        status=POSTMORTEM_STATUS,
        text="" if after.public.withdrawn_at else words(published),
        at=published.published_at,
        recorded_at=published.published_at,
        corrected_at=after.public.withdrawn_at or published.corrected_at,
        withdrawn=after.public.withdrawn_at is not None,
    )
    incident = public_id(after.incident)
    yield _put_postmortem(
        PublishedPostmortem(incident=incident, position=recorded.position, entry=entry)
    )


def _tells_public(event: Event) -> bool:
    return isinstance(event, PublicPublished | PublicWithdrawn)


_NAME, _VERSION = "status_page", 7


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
    name=_NAME,
    version=_VERSION,
    follows=("incident.",),
    tables=(_TABLE, _POSTMORTEM, _MAINTENANCE),
    initial=NOTHING_FOLDED,
    evolve=follow,
    snapshot=IncidentFold,
    show=_show,
    moves=lambda before, after: before.public is not after.public,
    beside=(
        rows_beside(POSTMORTEMS, _NAME, _VERSION, (_POSTMORTEM,), _postmortem),
        rows_beside(MAINTENANCES, _NAME, _VERSION, (_MAINTENANCE,), _maintenance),
    ),
)


class Behind(msgspec.Struct, frozen=True, kw_only=True):
    """What has changed behind the position `after`; of more than `limit`, the newest incidents,
    and the newest maintenances.
    """

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
    entry: PublicEntry | None = None

    @property
    def shown(self) -> PublicIncident | None:
        """The incident with what the public reads of its post-mortem, as its last update."""
        if self.view is None or self.entry is None:
            return self.view
        changed_at = self.entry.corrected_at or self.entry.recorded_at
        return replace(
            self.view,
            entries=(*self.view.entries, self.entry),
            changed_at=max(self.view.changed_at, changed_at),
        )


CHANGES = Question(
    of=STATUS_PAGE.name,
    sql="""
        SELECT reached.position AS reached, changed.number, changed.position, changed.view,
          changed.entry
        FROM commandpost.projection AS reached
        LEFT JOIN LATERAL (
            (SELECT i.number, greatest(i.position, p.position) AS position, i.view, p.entry
             FROM {incident} AS i LEFT JOIN {postmortem} AS p ON p.incident = i.id
             WHERE i.id IN (
                 SELECT id FROM {incident} WHERE position > $after
                 UNION SELECT incident FROM {postmortem} WHERE position > $after)
             ORDER BY i.number DESC LIMIT $limit)
            UNION ALL
            (SELECT m.number, m.position, m.view, NULL
             FROM {maintenance} AS m WHERE m.position > $after
             ORDER BY m.number DESC LIMIT $limit)
        ) AS changed ON true
        WHERE reached.schema = '{schema}'
    """,
    takes=Behind,
    answer=PublicChange,
)
"""Asked in one statement, so that no row is written in between."""
