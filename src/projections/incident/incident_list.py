"""The list of incidents, newest first, now or at another time."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Literal, get_args

import msgspec

from domain.incident import INCIDENT
from domain.incident.state import CATEGORIES, OPEN
from domain.kernel.commit import Event, Recorded
from domain.policy import Severity
from projections.incident.board import BOARD, shown_then
from projections.incident.shown import ADDITIONS, IncidentShown, with_directory
from projections.past import Cut
from projections.read_model import (
    FOLDED_MOST,
    POSITION_MAX,
    Candidate,
    Found,
    LookBack,
    Paging,
    Question,
    Resource,
    Whole,
)

StatusFilter = Literal[
    "open", "closed", "triage", "live", "investigating", "identified",
    "monitoring", "resolved", "canceled", "merged",
]  # fmt: skip
STATUSES: tuple[str, ...] = get_args(StatusFilter)
PAGE_MOST = 1_000
_ROWS_MOST = PAGE_MOST + 1
"""One more tells whether there is a next page."""


class IncidentFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which incidents to list, newest first. `statuses` are statuses, categories of them, or
    `open`; of several any will do, of none all. `before` is the number of the last one seen.
    """

    statuses: tuple[StatusFilter, ...] = msgspec.field(default=(), name="status")
    severities: tuple[Severity, ...] = msgspec.field(default=(), name="severity")
    limit: Annotated[int, msgspec.Meta(ge=1, le=PAGE_MOST)] = 100
    before: Whole | None = None

    def includes(self, shown: IncidentShown) -> bool:
        """Whether an incident is one of them, as `LIST_INCIDENTS` has it."""
        return self._includes_status(shown.status) and (
            not self.severities or shown.severity in self.severities
        )

    @property
    def everything(self) -> bool:
        """Whether all are wanted, whatever their status and severity."""
        return not self.statuses and not self.severities

    @property
    def wanted_statuses(self) -> list[str]:
        """The very statuses of rows; none where everything is wanted."""
        return [] if self.everything else [*filter(self._includes_status, CATEGORIES)]

    @property
    def wanted_severities(self) -> list[str]:
        """As `wanted_statuses`."""
        return [] if self.everything else [*dict.fromkeys(self.severities or Severity)]

    @property
    def below(self) -> int:
        """All numbers are lower."""
        return POSITION_MAX if self.before is None else self.before

    def _includes_status(self, status: str) -> bool:
        category = CATEGORIES[status]
        wanted: tuple[str, ...] = self.statuses
        return (
            not wanted
            or status in wanted
            or category in wanted
            or ("open" in wanted and category in OPEN)
        )


def _newest(column: str, and_: str = "") -> str:
    """Numbers of the newest that are wanted, and a column. Each status with each severity is looked
    up in an index of its own order: no row is touched that could not stand on the page.

    What depends on a parameter is hidden from the planner in a `SELECT`, and no page is longer than
    `_ROWS_MOST`: so no plan for particular values seems better than the one for all, and PostgreSQL
    stops making one for each question, which takes longer than to answer it.
    """
    below, most = "(SELECT $below::bigint)", "(SELECT $limit::bigint)"
    first = f"number < {below} {and_} ORDER BY number DESC LIMIT {_ROWS_MOST}"
    return f"""
        SELECT number, {column} FROM (
            (SELECT * FROM (
                SELECT number, {column} FROM {{incident}}
                WHERE (SELECT $everything::boolean) AND {first}
            ) AS latest LIMIT {most})
            UNION ALL
            SELECT each.* FROM unnest((SELECT $wanted_statuses::text[])) AS wanted(status)
            CROSS JOIN unnest((SELECT $wanted_severities::text[])) AS level(severity)
            CROSS JOIN LATERAL (
                SELECT * FROM (
                    SELECT number, {column} FROM {{incident}}
                    WHERE status = wanted.status AND severity = level.severity AND {first}
                ) AS latest LIMIT {most}
            ) AS each
        ) AS found ORDER BY number DESC LIMIT {most}
    """  # noqa: S608 - written here


LIST_INCIDENTS = Question(
    of=BOARD.name,
    sql=f"SELECT view FROM ({_newest('view')}) AS newest ORDER BY number DESC",  # noqa: S608
    takes=IncidentFilter,
    answer=IncidentShown,
    whole=True,
)
"""The incidents that are wanted."""


class FilterThen(IncidentFilter, frozen=True, kw_only=True):
    """Which incidents to list as they were at the time of a look back."""

    as_of: datetime | None = None
    known_at: datetime | None = None

    @property
    def folded(self) -> int:
        """One more than a page may take: who gets it knows that there are more."""
        return FOLDED_MOST + 1


_AS_OF, _KNOWN_AT = (f"coalesce(${it}::timestamptz, 'infinity')" for it in ("as_of", "known_at"))
_SETTLED = f"AND last_occurred_at <= {_AS_OF} AND last_recorded_at <= {_KNOWN_AT}"
# Numbers alone, as all that is asked stands in the index of numbers.
_MOVING = f"""
    SELECT number FROM {{incident}} WHERE number < $below
    AND number > (SELECT number FROM edge)
    AND first_occurred_at <= {_AS_OF} AND first_recorded_at <= {_KNOWN_AT}
"""  # noqa: S608
_LATEST = "ORDER BY number DESC LIMIT $folded"

LIST_THEN = Question(
    of=BOARD.name,
    sql=f"""
        WITH settled AS ({_newest("id", _SETTLED)}),
        edge AS (
            SELECT CASE WHEN count(*) < $limit THEN -1 ELSE min(number) END AS number FROM settled
        ),
        moving AS (
            (SELECT * FROM ({_MOVING} AND last_occurred_at > {_AS_OF} {_LATEST}) AS by_event
                WHERE $as_of::timestamptz IS NOT NULL)
            UNION
            (SELECT * FROM ({_MOVING} AND last_recorded_at > {_KNOWN_AT} {_LATEST}) AS by_commit
                WHERE $known_at::timestamptz IS NOT NULL)
        )
        SELECT id, number AS place, 0 AS commits, view AS shown
        FROM settled JOIN {{incident}} USING (id, number)
        UNION ALL
        SELECT id, number, commits, NULL FROM (SELECT number FROM moving {_LATEST}) AS latest
        JOIN {{incident}} USING (number)
        ORDER BY place DESC
    """,  # noqa: S608
    takes=FilterThen,
    answer=Candidate[IncidentShown],
)
"""What has not changed since then is what it is now, so its row tells. What had begun by then and
has changed since may have been anything: it is to be folded.
"""


class IncidentList(msgspec.Struct, frozen=True, kw_only=True):
    """Incidents, newest first; `before` is the number to ask for the next page with, null where
    there is none. A page of the past may be short, or empty, and have a next one all the same.
    """

    incidents: list[IncidentShown]
    before: int | None


def _past(
    asked: IncidentFilter, id_: str, commits: Sequence[Recorded[Event]], cut: Cut
) -> Iterable[IncidentShown]:
    return filter(asked.includes, shown_then(asked, id_, commits, cut))


def _page(_: IncidentFilter, found: Found[IncidentShown], __: Cut) -> IncidentList:
    assert not isinstance(found.next, str)
    return IncidentList(incidents=found.items, before=found.next)


def _number(shown: IncidentShown) -> int:
    number = INCIDENT.number_in(shown.reference)
    assert number is not None, shown.reference
    return number


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
    paging=Paging(by="before", place=_number),
    look_back=LookBack(streams=BOARD.follows, past=_past, candidates=LIST_THEN),
    additions=ADDITIONS,
    resolve=with_directory,
    waits=True,
)
