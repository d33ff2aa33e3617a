"""Runbooks, a row each, by slug; and when services that they may be about have changed last."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

import msgspec

from domain.directory import SERVICE
from domain.directory.service import KnownService
from domain.kernel.commit import Event, Recorded
from domain.runbook.publishing import RUNBOOK
from domain.runbook.publishing.published import KeptRunbook, RunbookStatus, lacks_of
from projections.projection import Change, Projection
from projections.read_model import ById, Paging, Question, Resource
from projections.table import put_into, table_of

RESTED_UPON = ("owner", "repository", "dashboards", "links", "dependencies", "lifecycle")
"""What of a service a runbook rests upon: once that is another, it may say what is not so."""


class ListedRunbook(msgspec.Struct, frozen=True, kw_only=True):
    """A runbook in lists: what it is for, and whether one may rely on it. `doubts` say what it
    rests on that has changed, `lacks` how much the form asks for that it does not have.
    """

    id: str
    title: str
    version: int
    active: bool
    status: RunbookStatus
    team: str | None
    services: tuple[str, ...]
    alerts: tuple[str, ...]
    failures: tuple[str, ...]
    tags: tuple[str, ...]
    lacks: int
    tested_at: datetime | None
    stale_at: datetime
    doubts: tuple[str, ...]
    changed_by: str
    changed_at: datetime
    position: int


class RunbookRow(ListedRunbook, frozen=True, kw_only=True):
    """A row: changes of services before `looked_at` are known to it."""

    looked_at: datetime


class ServiceChangeRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row: when what runbooks rest upon of a service was changed last, and in which respects."""

    service: str
    changed_at: datetime
    fields: tuple[str, ...]


_TABLE = table_of(RunbookRow, name="runbook", key=("id",), about=(), indexes=(("team",),))
_CHANGED = table_of(ServiceChangeRow, name="service_change", key=("service",), about=())
_put, _put_change = put_into(_TABLE, RunbookRow), put_into(_CHANGED, ServiceChangeRow)


def _row(_: KeptRunbook, kept: KeptRunbook, recorded: Recorded[Event]) -> Iterable[Change]:
    profile, entry = kept.entry.profile, kept.entry
    if profile is None or entry.changed_at is None or kept.registered_at is None:
        return
    seen = [kept.registered_at, *(each.at for each in kept.doubts)]
    yield _put(
        RunbookRow(
            id=recorded.key,
            title=profile.title,
            version=kept.version,
            active=entry.active,
            status=kept.status,
            team=profile.team,
            services=profile.services,
            alerts=profile.alerts,
            failures=profile.failures,
            tags=profile.tags,
            lacks=len(lacks_of(profile)),
            tested_at=kept.tested.at if kept.tested else None,
            stale_at=kept.stale_at,
            doubts=tuple(f"{each.kind}: {each.about}" for each in kept.doubts),
            looked_at=max([*seen, kept.tested.at] if kept.tested else seen),
            changed_by=entry.changed_by,
            changed_at=entry.changed_at,
            position=recorded.position,
        )
    )


def _service(
    before: KnownService, after: KnownService, recorded: Recorded[Event]
) -> Iterable[Change]:
    was, now = before.profile, after.profile
    if was is None or now is None or after.changed_at is None:
        return
    fields = tuple(name for name in RESTED_UPON if getattr(was, name) != getattr(now, name))
    if fields:
        yield _put_change(
            ServiceChangeRow(service=recorded.key, changed_at=after.changed_at, fields=fields)
        )


def _follow(kept: KeptRunbook, recorded: Recorded[Any]) -> KeptRunbook:
    return RUNBOOK.follow(kept, recorded.commit)


def _follow_service(known: KnownService, recorded: Recorded[Any]) -> KnownService:
    return SERVICE.follow(known, recorded.commit)


_OF_SERVICES: Projection[Any] = Projection(
    name="runbooks",
    version=1,
    follows=(SERVICE.stream(""),),
    tables=(_CHANGED,),
    initial=SERVICE.initial,
    evolve=_follow_service,
    each=_service,
)
RUNBOOKS: Projection[Any] = Projection(
    name="runbooks",
    version=1,
    follows=(RUNBOOK.stream(""),),
    tables=(_TABLE, _CHANGED),
    initial=RUNBOOK.initial,
    evolve=_follow,
    each=_row,
    beside=(_OF_SERVICES,),
)


class RunbookPage(msgspec.Struct, frozen=True, kw_only=True):
    """Those behind the slug `after`: `active` ones or not, of a `team`, for a `service`, an `alert`
    or a kind of `failure`, with a `tag`, in a `status`.
    """

    active: bool | None = None
    team: str | None = None
    of_service: str | None = msgspec.field(default=None, name="service")
    alert: str | None = None
    failure: str | None = None
    tag: str | None = None
    status: RunbookStatus | None = None
    after: str = ""
    limit: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 100


LIST_RUNBOOKS = Question(
    of=RUNBOOKS.name,
    sql="""
        SELECT * FROM {runbook}
        WHERE id > $after AND ($active::boolean IS NULL OR active = $active)
          AND ($team::text IS NULL OR team = $team)
          AND ($of_service::text IS NULL OR $of_service = ANY(services))
          AND ($alert::text IS NULL OR $alert = ANY(alerts))
          AND ($failure::text IS NULL OR $failure = ANY(failures))
          AND ($tag::text IS NULL OR $tag = ANY(tags))
          AND ($status::text IS NULL OR status = $status)
        ORDER BY id LIMIT $limit
    """,
    takes=RunbookPage,
    answer=ListedRunbook,
)

RUNBOOK_LIST = Resource(
    path="/v1/runbooks",
    operation_id="list_runbooks",
    tag="runbooks",
    summary="Runbooks",
    description="Runbooks, by slug, with when each was tested last and whether one may rely on it.",
    question=LIST_RUNBOOKS,
    paging=Paging(by="after", place=lambda last: last.id),
    waits=True,
)

RUNBOOKS_OF_SERVICE = Question(
    of=RUNBOOKS.name,
    sql="SELECT * FROM {runbook} WHERE active AND $id = ANY(services) ORDER BY id",
    takes=ById,
    answer=ListedRunbook,
)

SERVICE_RUNBOOKS = Resource(
    path="/v1/services/{ref}/runbooks",
    operation_id="list_runbooks_of_service",
    tag="runbooks",
    summary="Runbooks of a service",
    description="The active runbooks of a service, and whether one may rely on each.",
    question=RUNBOOKS_OF_SERVICE,
    about=SERVICE,
    waits=True,
)


class SoManyRunbooks(msgspec.Struct, frozen=True, kw_only=True):
    """At most so many."""

    most: int


class ForOccasion(msgspec.Struct, frozen=True, kw_only=True):
    """Those for one of these services or alerts (in small letters), or, of those that are for no
    service in particular, for one of these kinds of failure; at most so many.
    """

    services: tuple[str, ...]
    names: tuple[str, ...]
    failures: tuple[str, ...]
    most: int


RUNBOOKS_FOR = Question(
    of=RUNBOOKS.name,
    sql="""
        SELECT * FROM {runbook} WHERE active AND (
            services && $services::text[]
            OR EXISTS (SELECT FROM unnest(alerts) a WHERE lower(a) = ANY($names::text[]))
            OR cardinality(services) = 0
               AND EXISTS (SELECT FROM unnest(failures) f WHERE lower(f) = ANY($failures::text[]))
        )
        ORDER BY id LIMIT $most
    """,
    takes=ForOccasion,
    answer=ListedRunbook,
)


class RunbooksWaiting(msgspec.Struct, frozen=True, kw_only=True):
    """Whatever was not over before that."""

    since: datetime


RUNBOOKS_IN_USE = Question(
    of=RUNBOOKS.name,
    sql="SELECT id FROM {runbook} WHERE active AND $since::timestamptz IS NOT NULL",
    takes=RunbooksWaiting,
    answer=str,
    whole=True,
)
"""Those that are to be tested each quarter."""


class ChangedService(msgspec.Struct, frozen=True, kw_only=True):
    """A runbook of which a service has changed since it was written, tested or doubted."""

    id: str
    service: str
    changed_at: datetime
    fields: tuple[str, ...]


CHANGED_SERVICES = Question(
    of=RUNBOOKS.name,
    sql="""
        SELECT r.id, c.service, c.changed_at, c.fields
        FROM {service_change} c JOIN {runbook} r ON c.service = ANY(r.services)
        WHERE r.active AND c.changed_at > r.looked_at
        ORDER BY c.changed_at, r.id LIMIT $most
    """,
    takes=SoManyRunbooks,
    answer=ChangedService,
)
