"""The directory: a row for each person, team and service, as the log has left it."""

from collections.abc import Callable, Iterable
from typing import Any

from msgspec.structs import replace

from domain.directory import PERSON, SERVICE, TEAM
from domain.directory.person import PersonView
from domain.directory.service import ServiceView
from domain.directory.team import TeamView
from domain.kernel.aggregate import AnyAggregate
from domain.kernel.commit import Event, Recorded
from projections.projection import Projection, Put, Table
from projections.table import put_into, table_of

PEOPLE = table_of(PersonView, name="person", key=("id",))
TEAMS = table_of(TeamView, name="team", key=("id",))
SERVICES = table_of(ServiceView, name="service", key=("id",), indexes=(("owner",),))


def _follow(aggregate: AnyAggregate) -> Callable[[Any, Recorded[Event]], Any]:
    return lambda entry, recorded: aggregate.follow(entry, recorded.commit)


def _rows(
    aggregate: AnyAggregate, put: Callable[[Any], Put]
) -> Callable[[Any, Any, Recorded[Event]], Iterable[Put]]:
    view = aggregate.view
    assert view is not None, "entries are shown"

    def rows(_: Any, entry: Any, recorded: Recorded[Event]) -> Iterable[Put]:
        shown = view.show(recorded.key, entry, recorded.position)
        if shown is not None:
            yield put(shown)

    return rows


def _part(aggregate: AnyAggregate, table: Table, put: Callable[[Any], Put]) -> Projection[Any]:
    return Projection(
        name="directory",
        version=3,
        follows=(aggregate.stream(""),),
        tables=(table,),
        initial=aggregate.initial,
        evolve=_follow(aggregate),
        each=_rows(aggregate, put),
    )


_PEOPLE = _part(PERSON, PEOPLE, put_into(PEOPLE, PersonView))
_TEAMS = _part(TEAM, TEAMS, put_into(TEAMS, TeamView))
_SERVICES = _part(SERVICE, SERVICES, put_into(SERVICES, ServiceView))

DIRECTORY: Projection[Any] = replace(
    _PEOPLE, tables=(PEOPLE, TEAMS, SERVICES), beside=(_TEAMS, _SERVICES)
)
