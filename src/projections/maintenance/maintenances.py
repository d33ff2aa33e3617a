"""Maintenances, a row each, with when work is, was or will be done."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

import msgspec

from domain.kernel.commit import Event, Recorded
from domain.maintenance import MAINTENANCE
from domain.maintenance.planned_work import AHEAD, MaintenanceLine, MaintenanceStatus, line_of
from domain.status_page.public_maintenance import PublicWork, follow_work
from projections.cursor import END, BehindPlace, cursor_of
from projections.projection import Change, Projection
from projections.read_model import Paging, Question, Resource
from projections.table import put_into, table_of

_TABLE = table_of(
    MaintenanceLine,
    name="maintenance",
    key=("id",),
    about=(),
    indexes=(("begins", "id"), ("window_ends",)),
)
_put = put_into(_TABLE, MaintenanceLine)


def _row(_: PublicWork, after: PublicWork, recorded: Recorded[Event]) -> Iterable[Change]:
    yield _put(line_of(recorded.key, after.work, recorded.position))


MAINTENANCES: Projection[PublicWork] = Projection(
    name="maintenances",
    version=1,
    follows=(MAINTENANCE.stream(""),),
    tables=(_TABLE,),
    initial=PublicWork(),
    evolve=follow_work,
    each=_row,
)


class MaintenancePage(BehindPlace, frozen=True, kw_only=True):
    """Maintenances behind the place `after`: in some of these states, or that `affects` a service.
    Raises `Refused`.
    """

    PLACE = tuple[datetime, str, str]
    BEGINNING = (END, "", "")

    status: tuple[MaintenanceStatus, ...] = ()
    affects: str | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 100


LIST_MAINTENANCES = Question(
    of=MAINTENANCES.name,
    sql="""
        SELECT * FROM {maintenance}
        WHERE (begins < $first OR (begins = $first AND (reference, id) > ($second, $third)))
          AND (cardinality($status::text[]) = 0 OR status = ANY($status))
          AND ($affects::text IS NULL OR $affects = ANY(services))
        ORDER BY begins DESC, reference, id LIMIT $limit
    """,
    takes=MaintenancePage,
    answer=MaintenanceLine,
)

MAINTENANCE_LIST = Resource(
    path="/v1/maintenances",
    operation_id="list_maintenances",
    tag="maintenance",
    summary="Planned work",
    description="Planned work on services, what begins last first.",
    question=LIST_MAINTENANCES,
    paging=Paging(by="after", place=lambda last: cursor_of(last.begins, last.reference, last.id)),
    waits=True,
)


class AheadSince(msgspec.Struct, frozen=True, kw_only=True):
    """Whatever was not over before that."""

    since: datetime


_AHEAD = ", ".join(f"'{each}'" for each in AHEAD)
MAINTENANCES_AHEAD = Question(
    of=MAINTENANCES.name,
    sql=f"""
        SELECT id FROM {{maintenance}}
        WHERE status IN ({_AHEAD}) AND $since::timestamptz IS NOT NULL
    """,  # noqa: S608 - nothing in it comes from outside
    takes=AheadSince,
    answer=str,
    whole=True,
)
"""Those whose clocks still run, however long ago they were announced."""


class WindowsSince(msgspec.Struct, frozen=True, kw_only=True):
    """Those that were not over before `since`, at most so many."""

    since: datetime
    limit: int


SUPPRESSING = Question(
    of=MAINTENANCES.name,
    sql="""
        SELECT * FROM {maintenance}
        WHERE suppresses_alerts AND (window_ends IS NULL OR window_ends >= $since)
          AND begins >= $since - interval '62 days'
        ORDER BY begins, reference, id LIMIT $limit
    """,
    takes=WindowsSince,
    answer=MaintenanceLine,
)
"""Those that keep alerts from opening something, while work is done; canceled ones, too, which
keep none any more.
"""
