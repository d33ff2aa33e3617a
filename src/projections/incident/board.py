"""Board: every incident as it stands, the open ones first."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Literal, get_args

import msgspec

from domain.incident import INCIDENT
from domain.incident.state import Undeclared
from domain.incident.view import IncidentView, view
from domain.kernel.commit import Event, Recorded
from domain.policy import Severity
from projections.incident.fold import NOTHING_FOLDED, IncidentFold, follow
from projections.past import Cut, show_then
from projections.projection import Projection, Put
from projections.read_model import ById, LookBack, Question, Resource, Whole
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
    yield _put(
        OnTheBoard(
            id=incident_id,
            number=incident.facts.about.number,
            status=shown.status,
            status_category=shown.status_category,
            severity=shown.severity.value,
            kind=shown.kind.value,
            started_at=shown.milestones.counted_from,
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


StatusFilter = Literal[
    "open", "closed", "triage", "live", "investigating", "identified",
    "monitoring", "resolved", "canceled", "merged",
]  # fmt: skip
STATUSES: tuple[str, ...] = get_args(StatusFilter)


class IncidentFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which incidents to list, newest first. `statuses` are statuses, categories of them, or
    `open`; of several any will do, of none all. `before` is the number of the last one seen.
    """

    statuses: tuple[StatusFilter, ...] = msgspec.field(default=(), name="status")
    severities: tuple[Severity, ...] = msgspec.field(default=(), name="severity")
    limit: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 100
    before: Whole | None = None

    def includes(self, shown: IncidentView) -> bool:
        """Whether an incident is one of them, as `LIST_INCIDENTS` has it."""
        open_ = shown.status_category in {"triage", "live"}
        return (
            not self.statuses
            or shown.status in self.statuses
            or shown.status_category in self.statuses
            or ("open" in self.statuses and open_)
        ) and (not self.severities or shown.severity in self.severities)


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


SHOW_INCIDENT = Question(
    of=BOARD.name,
    sql="SELECT view FROM {incident} WHERE id = $id",
    takes=ById,
    answer=IncidentView,
    whole=True,
)
"""It as it stands, or nothing."""


class StartedBefore(msgspec.Struct, frozen=True, kw_only=True):
    """Those that had begun by the earlier of two times, and have a number `before` this one."""

    as_of: datetime | None = None
    known_at: datetime | None = None
    before: int | None = None


STARTED_BEFORE = Question(
    of=BOARD.name,
    sql="""
        SELECT id FROM {incident}
        WHERE (started_at IS NULL OR started_at <= least($as_of::timestamptz, $known_at))
        AND ($before::bigint IS NULL OR number < $before) ORDER BY number DESC
    """,
    takes=StartedBefore,
    answer=str,
    whole=True,
)
"""Ids of those that could match at that time, newest first."""


class IncidentList(msgspec.Struct, frozen=True, kw_only=True):
    """Incidents, newest first; `before` is the number to ask for the next page with."""

    incidents: list[IncidentView]
    before: int | None


def _shown_then(
    asked: object, id_: str, commits: Sequence[Recorded[Event]], cut: Cut
) -> Iterable[IncidentView]:
    shown = show_then(INCIDENT, id_, commits, cut)
    if shown and (not isinstance(asked, IncidentFilter) or asked.includes(shown)):
        yield shown


def _page(asked: IncidentFilter, found: list[IncidentView], _: Cut) -> IncidentList:
    full = len(found) == asked.limit
    last = INCIDENT.number_in(found[-1].reference) if full else None
    return IncidentList(incidents=found, before=last)


INCIDENTS = Resource(
    path="/v1/incidents",
    operation_id="list_incidents",
    tag="queries",
    summary="Incidents",
    description="Incidents, newest first; those open now with `status=open`, those of another time"
    " with\n`as_of` (what had happened by then) or `known_at` (what we knew then).",
    question=LIST_INCIDENTS,
    answers=IncidentList,
    answer=_page,
    look_back=LookBack(streams=BOARD.follows, past=_shown_then, candidates=STARTED_BEFORE),
    waits=True,
)
ONE_INCIDENT = Resource(
    path="/v1/incidents/{ref}",
    operation_id="get_incident",
    tag="queries",
    summary="Incident",
    description="One incident as it stands, or stood.",
    question=SHOW_INCIDENT,
    about=INCIDENT,
    answers=IncidentView,
    answer=lambda _, found, __: found[0] if found else None,
    look_back=LookBack(streams=BOARD.follows, past=_shown_then),
    waits=True,
)


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
