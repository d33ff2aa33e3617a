"""Schedules, a row each, by slug; each says whom it names that nobody knows."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec.structs import replace

from domain.kernel.commit import Event, Recorded
from domain.kernel.roster import NameDoubt, Roster
from domain.oncall.people import doubted
from domain.oncall.scheduling import SCHEDULE
from domain.oncall.scheduling.kept import KeptSchedule
from projections.projection import Change, Projection
from projections.read_model import Paging, Question, Resource
from projections.table import put_into, table_of


class ScheduleRow(msgspec.Struct, frozen=True, kw_only=True):
    """A schedule; `people` take turns in it, as it stands."""

    id: str
    name: str
    active: bool
    team: str | None
    time_zone: str
    people: tuple[str, ...]
    changed_by: str
    changed_at: datetime
    position: int


class ListedSchedule(ScheduleRow, frozen=True, kw_only=True):
    """A schedule, those of its people of whom the directory knows nothing, and who have left."""

    unknown_people: tuple[str, ...] = ()
    people_who_left: tuple[str, ...] = ()


_TABLE = table_of(ScheduleRow, name="schedule", key=("id",), about=(), indexes=(("team",),))
_put = put_into(_TABLE, ScheduleRow)


def _row(_: KeptSchedule, kept: KeptSchedule, recorded: Recorded[Event]) -> Iterable[Change]:
    profile, entry = kept.entry.profile, kept.entry
    if profile is not None and entry.changed_at is not None:
        yield _put(
            ScheduleRow(
                id=recorded.key,
                name=profile.name,
                active=entry.active,
                team=profile.team,
                time_zone=profile.time_zone,
                people=kept.people,
                changed_by=entry.changed_by,
                changed_at=entry.changed_at,
                position=recorded.position,
            )
        )


def _follow(kept: KeptSchedule, recorded: Recorded[Any]) -> KeptSchedule:
    return SCHEDULE.follow(kept, recorded.commit)


SCHEDULES: Projection[KeptSchedule] = Projection(
    name="schedules",
    version=1,
    follows=(SCHEDULE.stream(""),),
    tables=(_TABLE,),
    initial=SCHEDULE.initial,
    evolve=_follow,
    each=_row,
)


class SchedulePage(msgspec.Struct, frozen=True, kw_only=True):
    """Those behind the slug `after`: `active` ones or not, those of a `team`, those with a `person`
    (by slug, or the name as it was given).
    """

    active: bool | None = None
    team: str | None = None
    person: str | None = None
    after: str = ""
    limit: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 100


LIST_SCHEDULES = Question(
    of=SCHEDULES.name,
    sql="""
        SELECT *, '{}'::text[] AS unknown_people, '{}'::text[] AS people_who_left
        FROM {schedule}
        WHERE id > $after AND ($active::boolean IS NULL OR active = $active)
          AND ($team::text IS NULL OR team = $team)
          AND ($person::text IS NULL OR $person = ANY(people))
        ORDER BY id LIMIT $limit
    """,
    takes=SchedulePage,
    answer=ListedSchedule,
)


def _with_directory(
    _: SchedulePage, found: list[ListedSchedule], roster: Roster
) -> list[ListedSchedule]:
    return [
        replace(
            each,
            unknown_people=doubted(each.people, roster.who, NameDoubt.NOT_LISTED),
            people_who_left=doubted(each.people, roster.who, NameDoubt.NOT_ACTIVE),
        )
        for each in found
    ]


SCHEDULE_LIST = Resource(
    path="/v1/schedules",
    operation_id="list_schedules",
    tag="on-call",
    summary="Schedules",
    description="Schedules, by slug, with whom they name that nobody knows, or who has left.",
    question=LIST_SCHEDULES,
    paging=Paging(by="after", place=lambda last: last.id),
    resolve=_with_directory,
    waits=True,
)
