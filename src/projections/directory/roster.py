"""The directory as decisions see it: all people, teams and services, and whose these were when."""

from domain.kernel.roster import RosterPerson, RosterService, RosterTeam
from projections.directory.entries import DIRECTORY
from projections.read_model import Nothing, Question

MOST = 20_000
"""So many of each are known to decisions."""


def _all(table: str, columns: str) -> str:
    return f"SELECT {columns} FROM {{{table}}} e ORDER BY e.id LIMIT {MOST}"  # noqa: S608 - ours


ROSTER_PEOPLE = Question(
    of=DIRECTORY.name,
    sql=_all("person", "id, name, active, email, handles, known_as, positions"),
    takes=Nothing,
    answer=RosterPerson,
    made_of="SELECT max(position) FROM {person}",
)
ROSTER_TEAMS = Question(
    of=DIRECTORY.name,
    sql=_all("team", "id, name, active, members, leads, channels"),
    takes=Nothing,
    answer=RosterTeam,
    made_of="SELECT max(position) FROM {team}",
)
ROSTER_SERVICES = Question(
    of=DIRECTORY.name,
    sql=_all(
        "service",
        """id, name, owner, tier, labels, (
            SELECT coalesce(json_agg(json_build_object(
                'since', t.since, 'owner', t.owner, 'tier', t.tier) ORDER BY t.position), '[]')
            FROM {tenure} t WHERE t.id = e.id) AS tenures""",
    ),
    takes=Nothing,
    answer=RosterService,
    made_of="SELECT max(position) FROM {service}",
)
