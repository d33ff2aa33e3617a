"""Responders: who has acted on which incidents, and which services these concern; who has a role in
which one. What of a service is known to few people, and which services no catalogue has, follows
from that.
"""

from collections.abc import Iterable, Iterator
from typing import Annotated

import msgspec

from domain.directory import SERVICE
from domain.directory.knowledge import Acted, BusFactor, UnknownService, bus_factor
from domain.incident.engagement import is_person
from domain.incident.events import AlertReceived
from domain.incident.state import EXERCISES, Undeclared
from domain.kernel.commit import Event, Recorded
from domain.kernel.roster import Roster
from projections.incident.fold import NOTHING_FOLDED, IncidentFold, follow
from projections.incident.held_roles import HELD, HeldRole, held
from projections.past import Cut
from projections.projection import Change, Projection
from projections.read_model import ById, Found, Question, Resource
from projections.table import put_into, row_changes, table_of

Days = Annotated[int, msgspec.Meta(ge=1, le=3_650)]


class ActedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row: that somebody acted on an incident on a day, such as `2026-05-04`."""

    id: str
    actor: str
    day: str


class NamedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row: that an incident, which began on a day, names a service."""

    id: str
    service: str
    day: str


_ACTED = table_of(ActedRow, name="acted", key=("id", "actor", "day"), about=("id",))
_NAMED = table_of(
    NamedRow, name="named", key=("id", "service"), about=("id",), indexes=(("service",),)
)
_put_acted = put_into(_ACTED, ActedRow)
_put_named = put_into(_NAMED, NamedRow)


def _rows(before: IncidentFold, after: IncidentFold, recorded: Recorded[Event]) -> Iterable[Change]:
    id_ = recorded.key
    yield from row_changes(_NAMED, _named(before, id_), _named(after, id_), _put_named)
    yield from held(before, after, id_)
    for actor, day in dict.fromkeys(_acts(recorded)):
        yield _put_acted(ActedRow(id=id_, actor=actor, day=day))


def _acts(recorded: Recorded[Event]) -> Iterator[tuple[str, str]]:
    """Who acted when: here, or where an alert comes from."""
    actor = recorded.commit.actor
    for event in recorded.commit.events:
        day = event.occurred_at.date().isoformat()
        if is_person(actor):
            yield actor, day
        elif isinstance(event, AlertReceived) and event.alert.in_person and event.alert.by:
            yield event.alert.by, day


def _named(known: IncidentFold, id_: str) -> dict[tuple[str, str], NamedRow]:
    """The services of an incident that is no exercise, with the day on which it began."""
    incident = known.incident
    if isinstance(incident, Undeclared) or incident.facts.about.kind in EXERCISES:
        return {}
    began = incident.facts.milestones.counted_from
    day = began.date().isoformat() if began else ""
    return {
        (id_, it): NamedRow(id=id_, service=it, day=day) for it in incident.facts.about.services
    }


RESPONDERS: Projection[IncidentFold] = Projection(
    name="responders",
    version=4,
    follows=("incident.",),
    tables=(_ACTED, _NAMED, HELD),
    initial=NOTHING_FOLDED,
    evolve=follow,
    snapshot=IncidentFold,
    each=_rows,
)


class OfPeople(msgspec.Struct, frozen=True, kw_only=True):
    """People by their slugs."""

    people: tuple[str, ...]


HELD_ROLES = Question(
    of=RESPONDERS.name,
    sql="""
        SELECT id, role, reference, name, person, gone FROM {held}
        WHERE person = ANY($people) OR person IS NULL ORDER BY id, role
    """,
    takes=OfPeople,
    answer=HeldRole,
)
"""The roles that these have in open incidents, and those of names that nobody was known by then."""

CHANGED_HOLDERS = Question(
    of=RESPONDERS.name,
    sql="""
        SELECT id, role, reference, name, person, gone FROM {held}
        WHERE person IS NULL OR gone <> (person = ANY($people)) ORDER BY id, role
    """,
    takes=OfPeople,
    answer=HeldRole,
)
"""Roles of which it is not known yet that their holders are among these, who are not active, or are
not; and those of names that nobody was known by.
"""

_SINCE = "to_char((now() AT TIME ZONE 'UTC') - make_interval(days => $days::int), 'YYYY-MM-DD')"


class OfRecentDays(ById, frozen=True, kw_only=True):
    """A service, and how many days are looked at."""

    days: Days = 180


ACTED_ON = Question(
    of=RESPONDERS.name,
    sql=f"""
        SELECT n.service, a.actor, array_agg(DISTINCT a.id) AS ids, max(a.day) AS last_on,
          NULL AS who
        FROM {{named}} n JOIN {{acted}} a USING (id)
        WHERE a.day >= {_SINCE} GROUP BY n.service, a.actor
        UNION ALL
        SELECT service, NULL, array_agg(id), max(day), NULL FROM {{named}}
        WHERE day >= {_SINCE} GROUP BY service
    """,  # noqa: S608 - written here
    takes=OfRecentDays,
    answer=Acted,
)
"""Who acted on incidents of which service; without an actor: which began."""


def _of_service(asked: OfRecentDays, rows: list[Acted], roster: Roster) -> list[Acted]:
    """Those of one service, under whichever of its names; none where it has no entry."""
    if not any(each.id == asked.id for each in roster.services):
        return []
    found = [
        msgspec.structs.replace(each, who=roster.who(each.actor) if each.actor else None)
        for each in rows
        if _is_called(each.service, asked.id, roster)
    ]
    return [*found, Acted(service=asked.id)]


def _is_called(named: str, id_: str, roster: Roster) -> bool:
    entry = roster.service(named)
    return named == id_ if entry is None else entry.id == id_


def _bus_factor(asked: OfRecentDays, found: Found[Acted], _: Cut) -> BusFactor | None:
    return bus_factor(asked.id, asked.days, found.items) if found.items else None


BUS_FACTOR = Resource(
    path="/v1/services/{ref}/bus-factor",
    operation_id="get_bus_factor",
    tag="directory",
    summary="Bus factor",
    description="How many people have acted on a service's incidents of late, by the log: where few"
    " have,\nwhat they know should be written down and shared. Exercises do not count.",
    question=ACTED_ON,
    about=SERVICE,
    answers=BusFactor,
    answer=_bus_factor,
    resolve=_of_service,
    waits=True,
    counts=True,
)


class RecentDays(msgspec.Struct, frozen=True, kw_only=True):
    """How many days are looked at."""

    days: Days = 180


NAMED_BY_INCIDENTS = Question(
    of=RESPONDERS.name,
    sql=f"""
        SELECT service, count(*) AS incidents, max(day) AS last_on,
          (array_agg(id ORDER BY day DESC, id DESC))[1] AS latest
        FROM {{named}} WHERE day >= {_SINCE} GROUP BY service ORDER BY 2 DESC, 1 LIMIT 20000
    """,  # noqa: S608 - written here
    takes=RecentDays,
    answer=UnknownService,
)


def _unknown(_: RecentDays, rows: list[UnknownService], roster: Roster) -> list[UnknownService]:
    return [each for each in rows if roster.service(each.service) is None]


UNKNOWN_SERVICES = Resource(
    path="/v1/catalog/unknown-services",
    operation_id="list_unknown_services",
    tag="directory",
    summary="Services that the catalogue does not know",
    description="What incidents and alerts call a service, and no entry of the directory is called"
    " or\nlabelled, the most frequent first.",
    question=NAMED_BY_INCIDENTS,
    resolve=_unknown,
    waits=True,
)
