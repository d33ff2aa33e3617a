"""Lists of people, teams and services, by slug; each says what it refers to and nobody knows."""

from typing import Annotated

import msgspec

from domain.directory.person import PersonView
from domain.directory.service import Lifecycle, ServiceView
from domain.directory.team import TeamView
from projections.directory.entries import DIRECTORY
from projections.read_model import Paging, Question, Resource


class EntryPage(msgspec.Struct, frozen=True, kw_only=True):
    """Those behind the slug `after`."""

    after: str = ""
    limit: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 100


class PeoplePage(EntryPage, frozen=True, kw_only=True):
    """People: `active` ones or those who have left, those of a `team`."""

    active: bool | None = None
    team: str | None = None


class TeamPage(EntryPage, frozen=True, kw_only=True):
    """Teams: `active` ones or those that are no more, those with a `member`."""

    active: bool | None = None
    member: str | None = None


class ServicePage(EntryPage, frozen=True, kw_only=True):
    """Services: those of an `owner` (`team:payments`), of a `tier`, in a `lifecycle`."""

    owner: str | None = None
    tier: int | None = None
    lifecycle: Lifecycle | None = None


class ListedPerson(PersonView, frozen=True, kw_only=True):
    """A person, and the teams that name one as a member."""

    teams: tuple[str, ...]


class ListedTeam(TeamView, frozen=True, kw_only=True):
    """A team, the services that it owns, and members of whom the directory knows nothing."""

    services: tuple[str, ...]
    unknown_members: tuple[str, ...]


class ListedService(ServiceView, frozen=True, kw_only=True):
    """A service; whether its owner is in the directory, and active (null: it names none); and what
    it depends on without an entry.
    """

    owner_known: bool | None
    unknown_dependencies: tuple[str, ...]


_BY_SLUG = Paging(by="after", place=lambda last: last.id)

LIST_PEOPLE = Question(
    of=DIRECTORY.name,
    sql="""
        SELECT *, ARRAY(SELECT t.id FROM {team} t WHERE p.id = ANY(t.members) ORDER BY 1) AS teams
        FROM {person} p
        WHERE id > $after AND ($active::boolean IS NULL OR active = $active)
          AND ($team::text IS NULL
               OR id = ANY(SELECT unnest(t.members) FROM {team} t WHERE t.id = $team))
        ORDER BY id LIMIT $limit
    """,
    takes=PeoplePage,
    answer=ListedPerson,
)
LIST_TEAMS = Question(
    of=DIRECTORY.name,
    sql="""
        SELECT *,
          ARRAY(SELECT s.id FROM {service} s WHERE s.owner = 'team:' || t.id ORDER BY 1)
            AS services,
          ARRAY(SELECT m FROM unnest(t.members) m
                WHERE NOT EXISTS (SELECT 1 FROM {person} p WHERE p.id = m)) AS unknown_members
        FROM {team} t
        WHERE id > $after AND ($active::boolean IS NULL OR active = $active)
          AND ($member::text IS NULL OR $member = ANY(t.members))
        ORDER BY id LIMIT $limit
    """,
    takes=TeamPage,
    answer=ListedTeam,
)
OWNER_KNOWN = """
    CASE WHEN s.owner IS NULL THEN NULL
         WHEN s.owner LIKE 'team:%'
         THEN EXISTS (SELECT 1 FROM {team} t WHERE 'team:' || t.id = s.owner AND t.active)
         ELSE EXISTS (SELECT 1 FROM {person} p WHERE 'person:' || p.id = s.owner AND p.active)
    END AS owner_known
"""
LIST_SERVICES = Question(
    of=DIRECTORY.name,
    sql=f"""
        SELECT *, {OWNER_KNOWN},
          ARRAY(SELECT d FROM unnest(s.dependencies) d
                WHERE NOT EXISTS (SELECT 1 FROM {{service}} o WHERE o.id = d))
            AS unknown_dependencies
        FROM {{service}} s
        WHERE id > $after AND ($owner::text IS NULL OR owner = $owner)
          AND ($tier::bigint IS NULL OR tier = $tier)
          AND ($lifecycle::text IS NULL OR lifecycle = $lifecycle)
        ORDER BY id LIMIT $limit
    """,  # noqa: S608 - nothing in it comes from outside
    takes=ServicePage,
    answer=ListedService,
)

PEOPLE_LIST = Resource(
    path="/v1/people",
    operation_id="list_people",
    tag="directory",
    summary="People",
    description="People of the directory, by slug, with the teams that they are in.",
    question=LIST_PEOPLE,
    paging=_BY_SLUG,
    waits=True,
)
TEAM_LIST = Resource(
    path="/v1/teams",
    operation_id="list_teams",
    tag="directory",
    summary="Teams",
    description="Teams of the directory, by slug, with what they own and whom they name that"
    " nobody knows.",
    question=LIST_TEAMS,
    paging=_BY_SLUG,
    waits=True,
)
SERVICE_LIST = Resource(
    path="/v1/services",
    operation_id="list_services",
    tag="directory",
    summary="Services",
    description="Services of the directory, by slug; what they name that nobody knows is shown.",
    question=LIST_SERVICES,
    paging=_BY_SLUG,
    waits=True,
)
