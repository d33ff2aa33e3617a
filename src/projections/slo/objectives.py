"""Objectives, a row each, by slug."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

import msgspec

from domain.kernel.commit import Event, Recorded
from domain.slo.budget import BudgetState
from domain.slo.tracking import SLO
from domain.slo.tracking.tracked import TrackedSlo
from projections.projection import Change, Projection
from projections.read_model import Paging, Question, Resource
from projections.table import put_into, table_of


class SloRow(msgspec.Struct, frozen=True, kw_only=True):
    """An objective, what its budget was last known to ask for, since when, with which share
    `remaining` then (a fraction), and which alerts are on. It is judged so since `defined_at`.
    """

    id: str
    name: str
    service: str
    target: str
    window: str
    active: bool
    state: BudgetState
    state_since: datetime | None
    remaining: str | None
    burning: tuple[str, ...]
    overridden_until: datetime | None
    review_due_at: datetime | None
    defined_at: datetime
    changed_by: str
    changed_at: datetime
    position: int


_TABLE = table_of(SloRow, name="slo", key=("id",), about=(), indexes=(("service",),))
_put = put_into(_TABLE, SloRow)


def _row(_: TrackedSlo, slo: TrackedSlo, recorded: Recorded[Event]) -> Iterable[Change]:
    profile, entry = slo.entry.profile, slo.entry
    if profile is None or entry.changed_at is None or slo.defined_at is None:
        return
    yield _put(
        SloRow(
            id=recorded.key,
            name=profile.name,
            service=profile.service,
            target=profile.target,
            window=profile.window,
            active=entry.active,
            state=slo.state,
            state_since=slo.state_since,
            remaining=slo.remaining,
            burning=tuple(each.severity for each in slo.sounding),
            overridden_until=slo.override.until if slo.override else None,
            review_due_at=slo.review_due_at,
            defined_at=slo.defined_at,
            changed_by=entry.changed_by,
            changed_at=entry.changed_at,
            position=recorded.position,
        )
    )


def _follow(slo: TrackedSlo, recorded: Recorded[Any]) -> TrackedSlo:
    return SLO.follow(slo, recorded.commit)


OBJECTIVES: Projection[TrackedSlo] = Projection(
    name="objectives",
    version=1,
    follows=(SLO.stream(""),),
    tables=(_TABLE,),
    initial=SLO.initial,
    evolve=_follow,
    each=_row,
)


class SloPage(
    msgspec.Struct, frozen=True, kw_only=True, rename={"of_service": "service", "in_state": "state"}
):
    """Those behind the slug `after`: `active` ones or not, those of a `service`, in a `state`, or
    whose review is due by a time.
    """

    active: bool | None = None
    of_service: str | None = None
    in_state: BudgetState | None = None
    review_due_by: datetime | None = None
    after: str = ""
    limit: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 100


LIST_SLOS = Question(
    of=OBJECTIVES.name,
    sql="""
        SELECT * FROM {slo}
        WHERE id > $after AND ($active::boolean IS NULL OR active = $active)
          AND ($of_service::text IS NULL OR service = $of_service)
          AND ($in_state::text IS NULL OR state = $in_state)
          AND ($review_due_by::timestamptz IS NULL OR review_due_at <= $review_due_by)
        ORDER BY id LIMIT $limit
    """,
    takes=SloPage,
    answer=SloRow,
)

SLO_LIST = Resource(
    path="/v1/slos",
    operation_id="list_slos",
    tag="slos",
    summary="Service level objectives",
    description="Objectives, by slug, with what their budgets were last known to ask for.",
    question=LIST_SLOS,
    paging=Paging(by="after", place=lambda last: last.id),
    waits=True,
)
