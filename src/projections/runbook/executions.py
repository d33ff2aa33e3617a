"""Executions of runbooks, a row each, and a row for each step that anybody said anything about."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

import msgspec

from domain.kernel.commit import Event, Recorded
from domain.runbook.execution import RUNBOOK_EXECUTION
from domain.runbook.execution.execution_view import ExecutionLine, line_of
from domain.runbook.execution.following import Execution
from projections.cursor import DAWN, BehindPlace, cursor_of
from projections.projection import Change, Projection
from projections.read_model import Paging, Question, Resource
from projections.table import put_into, table_of

_TABLE = table_of(
    ExecutionLine,
    name="execution",
    key=("id",),
    about=("incident",),
    types={"steps": "integer", "done": "integer", "failed": "integer", "skipped": "integer"},
    indexes=(("started_at", "id"), ("runbook",), ("incident",)),
)
_put = put_into(_TABLE, ExecutionLine)


def _rows(_: Execution, after: Execution, recorded: Recorded[Event]) -> Iterable[Change]:
    if after.number:
        yield _put(line_of(recorded.key, after, recorded.position))


def _follow(known: Execution, recorded: Recorded[Any]) -> Execution:
    return RUNBOOK_EXECUTION.follow(known, recorded.commit)


EXECUTIONS: Projection[Any] = Projection(
    name="runbook_executions",
    version=1,
    follows=(RUNBOOK_EXECUTION.stream(""),),
    tables=(_TABLE,),
    initial=RUNBOOK_EXECUTION.initial,
    evolve=_follow,
    each=_rows,
)


class ExecutionPage(BehindPlace, frozen=True, kw_only=True):
    """Executions behind the place `after`: of a `runbook`, in an `incident` (by its reference, or
    id), those that go on (`open`) or have ended. Raises `Refused`.
    """

    PLACE = tuple[datetime, str, str]
    BEGINNING = (DAWN, "", "")

    runbook: str | None = None
    incident: str | None = None
    open: bool | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 100


LIST_EXECUTIONS = Question(
    of=EXECUTIONS.name,
    sql="""
        SELECT * FROM {execution} WHERE (started_at, reference, id) > ($first, $second, $third)
          AND ($runbook::text IS NULL OR runbook = $runbook)
          AND ($incident::text IS NULL OR $incident IN (incident, incident_reference))
          AND ($open::boolean IS NULL OR (outcome IS NULL) = $open)
        ORDER BY started_at, reference, id LIMIT $limit
    """,
    takes=ExecutionPage,
    answer=ExecutionLine,
)

EXECUTION_LIST = Resource(
    path="/v1/runbook-executions",
    operation_id="list_runbook_executions",
    tag="runbooks",
    summary="Executions of runbooks",
    description="How runbooks were followed in incidents and drills that you may see, the oldest"
    " first.",
    question=LIST_EXECUTIONS,
    paging=Paging(
        by="after", place=lambda last: cursor_of(last.started_at, last.reference, last.id)
    ),
    waits=True,
)


class LatestOf(msgspec.Struct, frozen=True, kw_only=True):
    """The latest of a runbook, at most so many."""

    runbook: str
    most: int


LATEST_EXECUTIONS = Question(
    of=EXECUTIONS.name,
    sql="""
        SELECT * FROM {execution} WHERE runbook = $runbook
        ORDER BY started_at DESC, id LIMIT $most
    """,
    takes=LatestOf,
    answer=ExecutionLine,
)
