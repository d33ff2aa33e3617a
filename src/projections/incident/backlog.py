"""Backlog: which incidents wait for triage, the most severe and oldest first.

Rows follow from the policy as well, so each policy has its own.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec.structs import replace

from domain.incident.backlog import stands_in_backlog
from domain.incident.deadlines.owed import Due
from domain.incident.state import Undeclared, status
from domain.policy import DEFAULT, Policy, Role, Severity
from projections.cursor import DAWN, BehindPlace, cursor_of
from projections.incident.due import DUE_OF, DueOf
from projections.incident.fold import IncidentFold, under_policy
from projections.projection import Change, Drop
from projections.read_model import Addition, Paging, Question, Resource
from projections.table import put_into, table_of


class BacklogItem(msgspec.Struct, frozen=True, kw_only=True):
    """An incident that waits for triage, `since` when it goes on, which teams own its services
    (`owners`, as far as the policy names them), and what is due of it, the soonest first.
    """

    id: str
    reference: str
    title: str
    severity: Severity
    status: str
    acknowledged: bool
    services: tuple[str, ...]
    owners: tuple[str, ...]
    commander: str | None
    since: datetime
    deadlines: tuple[Due, ...] = ()


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    severity: str
    since: datetime
    item: BacklogItem


_TABLE = replace(
    table_of(
        _Row, name="backlog", key=("id",), about=("id",), indexes=(("severity", "since", "id"),)
    ),
    passing=True,
)
_put = put_into(_TABLE, _Row)


def _show(incident_id: str, known: IncidentFold, policy: Policy) -> Iterable[Change]:
    incident = known.incident
    if isinstance(incident, Undeclared):
        return
    if not stands_in_backlog(incident, policy):
        yield Drop(_TABLE.name, (incident_id,))
        return
    facts, began = incident.facts, known.moments.began
    assert began is not None, "what is known of began"
    since = facts.milestones.began_at or began.at
    services = facts.about.services
    item = BacklogItem(
        id=incident_id,
        reference=facts.reference,
        title=facts.about.title,
        severity=facts.severity,
        status=status(incident),
        acknowledged=facts.acknowledged,
        services=services,
        owners=policy.owners_of(services),
        commander=facts.response.roles.get(Role.INCIDENT_COMMANDER),
        since=since,
    )
    yield _put(_Row(id=incident_id, severity=facts.severity.value, since=since, item=item))


BACKLOG = under_policy("backlog", 2, _TABLE, _show)(DEFAULT)


class BacklogPage(BehindPlace, frozen=True, kw_only=True):
    """What stands in the backlog behind the place `after`. Raises `Refused`."""

    PLACE = tuple[str, datetime, str]
    BEGINNING = ("", DAWN, "")

    limit: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 100


IN_BACKLOG = Question(
    of=BACKLOG.name,
    sql="""
        SELECT item FROM {backlog} WHERE (severity, since, id) > ($first, $second, $third)
        ORDER BY severity, since, id LIMIT $limit
    """,
    takes=BacklogPage,
    answer=BacklogItem,
    whole=True,
)
"""What waits for triage, the most severe and oldest first."""


def _with_due(item: BacklogItem, found: Sequence[DueOf]) -> BacklogItem:
    return replace(item, deadlines=tuple(map(_due, found)))


def _due(row: DueOf) -> Due:
    return Due(**{name: getattr(row, name) for name in Due.__struct_fields__})


def _never(*_: Any) -> Sequence[Any]:
    raise AssertionError("the backlog is asked about now")


PAGING = Paging(by="after", place=lambda last: cursor_of(last.severity, last.since, last.id))
BACKLOG_LIST = Resource(
    path="/v1/backlog",
    operation_id="list_backlog",
    tag="queries",
    summary="Backlog",
    description="What waits for triage: SEV4, and SEV3 that was told once; the most severe and"
    " oldest first.",
    question=IN_BACKLOG,
    paging=PAGING,
    additions=(Addition(question=DUE_OF, add=_with_due, streams=("incident.",), then=_never),),
    waits=True,
)
