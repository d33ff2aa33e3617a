"""The directory as decisions see it: all people, teams and services, and whose these were when."""

from domain.kernel.roster import Roster
from projections.directory.entries import DIRECTORY
from projections.read_model import Nothing, Question

MOST = 20_000
"""So many of each are known to decisions."""
TENURES = """
    SELECT coalesce(json_agg(json_build_object(
        'since', t.since, 'owner', t.owner, 'tier', t.tier) ORDER BY t.position), '[]')
    FROM {tenure} t WHERE t.id = e.id
"""


def _all(table: str, columns: str) -> str:
    return f"""(
        SELECT coalesce(json_agg(found), '[]')
        FROM (SELECT {columns} FROM {{{table}}} e ORDER BY e.id LIMIT {MOST}) found
    )"""  # noqa: S608 - ours


PEOPLE = _all("person", "id, name, active, email, handles::json AS handles, known_as, positions")
TEAMS = _all("team", "id, name, active, members, leads, channels")
SERVICES = _all("service", f"id, name, owner, tier, labels::json AS labels, ({TENURES}) AS tenures")
ROSTER = Question(
    of=DIRECTORY.name,
    sql=f"SELECT {PEOPLE} AS people, {TEAMS} AS teams, {SERVICES} AS services",
    takes=Nothing,
    answer=Roster,
    made_of="""
        SELECT greatest(
            (SELECT max(position) FROM {person}),
            (SELECT max(position) FROM {team}),
            (SELECT max(position) FROM {service})
        )
    """,
)
