"""Board: every incident as it stands. Lists of them are in `incident_list`."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

import msgspec

from domain.incident import INCIDENT
from domain.incident.state import CATEGORIES, OPEN, Undeclared
from domain.incident.view import IncidentView, view
from domain.kernel.commit import Event, Recorded
from projections.incident.fold import NOTHING_FOLDED, IncidentFold, follow
from projections.incident.services import CONCERNED, concern
from projections.incident.shown import ADDITIONS, IncidentShown, with_directory
from projections.past import Cut, settled, show_then
from projections.projection import Projection, Put
from projections.read_model import ById, Candidate, LookBack, Nothing, Question, Resource
from projections.table import put_into, table_of


class OnTheBoard(msgspec.Struct, frozen=True, kw_only=True):
    """A row: what incidents are looked for by, the `view` that is shown, and the `Span` of time in
    which it came to be so.
    """

    id: str
    number: int
    status: str
    status_category: str
    severity: str
    kind: str
    started_at: datetime | None
    resolved_at: datetime | None
    position: int
    first_occurred_at: datetime
    last_occurred_at: datetime
    first_recorded_at: datetime
    last_recorded_at: datetime
    commits: int
    view: IncidentView


_SPAN = ("last_occurred_at", "last_recorded_at", "first_occurred_at", "first_recorded_at")
# The times stand in both indexes, so that those of another time are passed by without their rows,
# whichever index is taken.
_TABLE = table_of(
    OnTheBoard,
    name="incident",
    key=("id",),
    about=("id",),
    types={"commits": "integer"},
    indexes=(
        ("number", *_SPAN),
        ("status", "severity", "number", *_SPAN),
        ("status", "resolved_at"),
    ),
)
_put = put_into(_TABLE, OnTheBoard)


def _show(incident_id: str, known: IncidentFold) -> Iterable[Put]:
    incident = known.incident
    shown = view(incident_id, incident, known.position)
    if shown is None or isinstance(incident, Undeclared):
        return
    assert known.span is not None, "whatever is shown was told of"
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
            **msgspec.structs.asdict(settled(known.span, shown.milestones)),
        )
    )


BOARD: Projection[IncidentFold] = Projection(
    name="board",
    version=14,
    follows=("incident.",),
    tables=(_TABLE, CONCERNED),
    initial=NOTHING_FOLDED,
    evolve=follow,
    snapshot=IncidentFold,
    each=concern,
    show=_show,
)


class PrivateIncident(msgspec.Struct, frozen=True, kw_only=True):
    """A private incident, and who alone may see it."""

    id: str
    number: int | None
    people: tuple[str, ...]
    teams: tuple[str, ...]


PRIVATE_INCIDENTS = Question(
    of=BOARD.name,
    sql="""
        SELECT sight.id, number, people, teams
        FROM {sight} AS sight LEFT JOIN {incident} AS incident USING (id)
    """,
    takes=Nothing,
    answer=PrivateIncident,
)
"""All that are private now."""


class RecordedSince(msgspec.Struct, frozen=True, kw_only=True):
    """Those of which something was recorded since then, and how many of them at most."""

    since: datetime
    most: int


RECORDED_SINCE = Question(
    of=BOARD.name,
    sql="""
        SELECT id, number AS place, commits, NULL AS shown FROM {incident}
        WHERE last_recorded_at >= $since ORDER BY number LIMIT $most
    """,
    takes=RecordedSince,
    answer=Candidate[IncidentShown],
)
"""Their ids, and how much is on record of each."""

SHOW_INCIDENT = Question(
    of=BOARD.name,
    sql="SELECT view FROM {incident} WHERE id = $id",
    takes=ById,
    answer=IncidentShown,
    whole=True,
)
"""It as it stands, or nothing."""


def shown_then(
    _asked: object, id_: str, commits: Sequence[Recorded[Event]], cut: Cut
) -> Iterable[IncidentShown]:
    """It as it was shown then, if anything was known of it."""
    shown = show_then(INCIDENT, id_, commits, cut)
    if shown is not None:
        yield IncidentShown(**{name: getattr(shown, name) for name in shown.__struct_fields__})


ONE_INCIDENT = Resource(
    path="/v1/incidents/{ref}",
    operation_id="get_incident",
    tag="queries",
    summary="Incident",
    description="One incident as it stands, or stood.",
    question=SHOW_INCIDENT,
    about=INCIDENT,
    answers=IncidentShown,
    answer=lambda _, found, __: found.items[0] if found.items else None,
    look_back=LookBack(streams=BOARD.follows, past=shown_then),
    additions=ADDITIONS,
    resolve=with_directory,
    waits=True,
)


class OfService(msgspec.Struct, frozen=True, kw_only=True):
    """A service, and how many of its incidents are wanted."""

    service: str
    limit: int


OPEN_OF_SERVICE = Question(
    of=BOARD.name,
    sql="""
        SELECT id FROM {concerned} WHERE service = $service ORDER BY number DESC LIMIT $limit
    """,
    takes=OfService,
    answer=str,
    whole=True,
)
"""Ids of the open incidents of a service, the standard ones, newest first."""


def _in(categories: Collection[str]) -> str:
    """The statuses of these categories, as SQL lists them."""
    return ", ".join(f"'{it}'" for it, category in CATEGORIES.items() if category in categories)


class OverSince(msgspec.Struct, frozen=True, kw_only=True):
    """Those that are over count from then on."""

    since: datetime


UNFINISHED = Question(
    of=BOARD.name,
    sql=f"""
        SELECT id FROM (
            SELECT id, number FROM {{incident}} WHERE status IN ({_in(OPEN)})
            UNION ALL
            SELECT id, number FROM {{incident}}
            WHERE status IN ({_in({"closed"})}) AND resolved_at >= $since
            UNION ALL
            SELECT id, number FROM {{incident}}
            WHERE status IN ({_in({"closed"})}) AND resolved_at IS NULL
        ) AS unfinished ORDER BY number DESC
    """,  # noqa: S608 - statuses are ours
    takes=OverSince,
    answer=str,
    whole=True,
)
"""Ids of those that are not over, or were resolved since then, newest first."""
