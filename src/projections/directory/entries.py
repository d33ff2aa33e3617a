"""The directory: a row for each person, team and service, as the log has left it; and whose each
service was when.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.directory import PERSON, SERVICE, TEAM
from domain.directory.registration import Entry
from domain.directory.service import KnownService
from domain.kernel.aggregate import AnyAggregate
from domain.kernel.commit import Event, Recorded
from projections.projection import Change, Projection, Put, Table, nothing
from projections.table import put_into, table_of

Rows = Callable[[Any, Any, Recorded[Event]], Iterable[Change]]


class TenureRow(msgspec.Struct, frozen=True, kw_only=True):
    """Whose a service is from a commit on, and of which tier."""

    id: str
    position: int
    since: datetime
    owner: str | None
    tier: int | None


_TENURES = table_of(TenureRow, name="tenure", key=("id", "position"), about=())
_put_tenure = put_into(_TENURES, TenureRow)


def _tenure(before: KnownService, after: KnownService, recorded: Recorded[Event]) -> Iterable[Put]:
    """A row whenever the owner or the tier is another one."""
    owned = _owned(after)
    if owned is not None and owned != _owned(before):
        assert after.changed_at is not None, "what is registered was changed then"
        owner, tier = owned
        yield _put_tenure(
            TenureRow(
                id=recorded.key,
                position=recorded.position,
                since=after.changed_at,
                owner=owner,
                tier=tier,
            )
        )


def _owned(service: KnownService) -> tuple[str | None, int | None] | None:
    profile = service.profile
    return (profile.owner, profile.tier) if profile else None


def _part(
    aggregate: AnyAggregate,
    *indexes: tuple[str, ...],
    beside: Table | None = None,
    more: Rows = nothing,
) -> Projection[Entry[Any]]:
    """A table of the entries of one kind, as they are shown, and `more` rows in one `beside` it."""
    view = aggregate.view
    assert view is not None, "entries are shown"
    table = table_of(view.shape, name=aggregate.name, key=("id",), about=(), indexes=indexes)
    put = put_into(table, view.shape)

    def rows(before: Entry[Any], after: Entry[Any], recorded: Recorded[Event]) -> Iterable[Change]:
        shown = view.show(recorded.key, after, recorded.position)
        if shown is not None:
            yield put(shown)
        yield from more(before, after, recorded)

    return Projection(
        name="directory",
        version=6,
        follows=(aggregate.stream(""),),
        tables=(table, beside) if beside else (table,),
        initial=aggregate.initial,
        evolve=lambda entry, recorded: aggregate.follow(entry, recorded.commit),
        each=rows,
    )


_PEOPLE, *_OTHERS = (
    _part(PERSON),
    _part(TEAM),
    _part(SERVICE, ("owner",), beside=_TENURES, more=_tenure),
)

DIRECTORY: Projection[Any] = replace(
    _PEOPLE,
    tables=tuple(table for part in (_PEOPLE, *_OTHERS) for table in part.tables),
    beside=tuple(_OTHERS),
)
