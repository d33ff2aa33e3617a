"""Board: every incident as it stands, the open ones first."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from domain.incident.state import Undeclared
from domain.incident.view import IncidentView, view
from projections.incident.fold import NOTHING_FOLDED, IncidentFold, follow
from projections.projection import Projection, Put
from projections.read_model import Question
from projections.table import put_into, table_of


class OnTheBoard(msgspec.Struct, frozen=True, kw_only=True):
    """A row: what incidents are looked for by, and the `view` that is shown."""

    id: str
    number: int
    status: str
    status_category: str
    severity: str
    kind: str
    started_at: datetime | None
    resolved_at: datetime | None
    position: int
    view: IncidentView


_TABLE = table_of(
    OnTheBoard,
    name="incident",
    key=("id",),
    indexes=(("number",), ("status_category", "severity")),
)
_put = put_into(_TABLE, OnTheBoard)


def _show(incident_id: str, known: IncidentFold) -> Iterable[Put]:
    incident = known.incident
    shown = view(incident_id, incident, known.position)
    if shown is None or isinstance(incident, Undeclared):
        return
    started = shown.milestones.impact_started_at or shown.milestones.declared_at
    yield _put(
        OnTheBoard(
            id=incident_id,
            number=incident.facts.about.number,
            status=shown.status,
            status_category=shown.status_category,
            severity=shown.severity.value,
            kind=shown.kind.value,
            started_at=started or shown.milestones.detected_at,
            resolved_at=shown.milestones.resolved_at,
            position=known.position,
            view=shown,
        )
    )


BOARD: Projection[IncidentFold] = Projection(
    name="board",
    version=4,
    follows=("incident.",),
    tables=(_TABLE,),
    initial=NOTHING_FOLDED,
    evolve=follow,
    show=_show,
)


class IncidentFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which incidents to list, newest first. `statuses` are statuses, categories of them, or
    `open`; of several any will do, of none all. `before` is the number of the last one seen.
    """

    statuses: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    limit: int = 100
    before: int | None = None

    def includes(self, shown: IncidentView) -> bool:
        """Whether an incident is one of them, as `LIST_INCIDENTS` has it."""
        open_ = shown.status_category in {"triage", "live"}
        return (
            not self.statuses
            or shown.status in self.statuses
            or shown.status_category in self.statuses
            or ("open" in self.statuses and open_)
        ) and (not self.severities or shown.severity.value in self.severities)


LIST_INCIDENTS = Question(
    of=BOARD.name,
    sql="""
        SELECT view FROM {incident}
        WHERE ($statuses::text[] = '{}' OR status = ANY($statuses)
            OR status_category = ANY($statuses)
            OR ('open' = ANY($statuses) AND status_category IN ('triage', 'live')))
        AND ($severities::text[] = '{}' OR severity = ANY($severities))
        AND ($before::bigint IS NULL OR number < $before)
        ORDER BY number DESC LIMIT $limit
    """,
    takes=IncidentFilter,
    answer=IncidentView,
    whole=True,
)
"""The incidents that are wanted."""


class ById(msgspec.Struct, frozen=True, kw_only=True):
    """One incident."""

    id: str


SHOW_INCIDENT = Question(
    of=BOARD.name,
    sql="SELECT view FROM {incident} WHERE id = $id",
    takes=ById,
    answer=IncidentView,
    whole=True,
)
"""It as it stands, or nothing."""


class StartedBefore(msgspec.Struct, frozen=True, kw_only=True):
    """Those that had begun `at` a time, and have a number `before` this one."""

    at: datetime
    before: int | None = None


STARTED_BEFORE = Question(
    of=BOARD.name,
    sql="""
        SELECT id FROM {incident} WHERE (started_at IS NULL OR started_at <= $at)
        AND ($before::bigint IS NULL OR number < $before) ORDER BY number DESC
    """,
    takes=StartedBefore,
    answer=str,
    whole=True,
)
"""Ids of those that could match at that time, newest first."""


class Since(msgspec.Struct, frozen=True, kw_only=True):
    """Those that are over count from then on."""

    since: datetime


UNFINISHED = Question(
    of=BOARD.name,
    sql="""
        SELECT id FROM {incident} WHERE status_category IN ('triage', 'live')
        OR (status_category = 'closed' AND coalesce(resolved_at, 'infinity') >= $since)
        ORDER BY number DESC
    """,
    takes=Since,
    answer=str,
    whole=True,
)
"""Ids of those that are not over, or were resolved since then, newest first."""
