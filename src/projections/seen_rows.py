"""The rows that a viewer may see, in SQL: those of what is hidden from it are not there."""

# ruff: noqa: S608 - names are ours, values are parameters

from collections.abc import Collection

from domain.sight import Viewer
from projections.parts import PART
from projections.projection import SIGHT, Table


def sight_of(viewer: Viewer) -> tuple[bool, list[str], list[str]]:
    """The parameters that stand for a viewer in each statement that tells of incidents."""
    return viewer.everything, sorted(viewer.people), sorted(viewer.teams)


def hidden_from(schema: str, tables: Collection[Table], taken: int) -> str:
    """The ids of what a viewer may not see, given as the three parameters behind those that are
    `taken`: incidents, and where a projection tells of that, what is part of one.
    """
    everything, people, teams = (f"${taken + place}" for place in (1, 2, 3))
    hidden = (
        f'SELECT sight.id FROM "{schema}"."{SIGHT.name}" AS sight WHERE NOT'
        f" ({everything}::boolean OR sight.people && {people}::text[]"
        f" OR sight.teams && {teams}::text[])"
    )
    return with_their_parts(hidden, f'"{schema}"."{PART.name}"') if PART in tables else hidden


def with_their_parts(ids: str, part: str) -> str:
    """A statement that gives ids, with those of what is part of them, by the rows of `PART`."""
    return (
        f"WITH RECURSIVE hidden(id) AS ({ids} UNION SELECT part.id FROM {part} AS part"
        " JOIN hidden ON part.whole = hidden.id) SELECT id FROM hidden"
    )


def seen_table(table: Table, schema: str, hidden: str) -> str:
    """A table as a viewer sees it: without rows of what is hidden from this one."""
    kinds = {column.name: column.type for column in table.columns}
    allowed = " AND ".join(
        f'coalesce(NOT "{name}" && ARRAY({hidden}), true)'
        if kinds[name] == "text[]"
        else f'("{name}" IS NULL OR "{name}" NOT IN ({hidden}))'
        for name in table.about
    )
    return f'(SELECT * FROM "{schema}"."{table.name}" WHERE {allowed})'
