"""What the rows of a schema do not show, because it could not be read: kept beside its position."""

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.storage.codec.commit_reader import SKIPPED
from adapters.storage.postgres.encoding import array_literal
from adapters.storage.postgres.pool import Connection
from domain.kernel.commit import Unreadable

INSERT = """
INSERT INTO commandpost.unreadable (schema, position, subject, code, reason, tags, judge)
SELECT {schema}, position, subject, code, reason, tags::text[], judge
FROM unnest({given}) AS given (position, subject, code, reason, tags, judge)
{only} ON CONFLICT (schema, position) DO NOTHING
"""
_TYPES = ("bigint", "text", "text", "text", "text", "text")


def insert(schema: str, first: int, only: str = "") -> str:
    """A statement that adds to what is set aside of the schema in the parameter `schema`; the other
    parameters from `first` on.
    """
    given = ", ".join(f"${first + at}::{kind}[]" for at, kind in enumerate(_TYPES))
    return INSERT.format(schema=schema, given=given, only=only)


def arguments(aside: Mapping[int, Unreadable]) -> list[Sequence[Any]]:
    """What `insert` takes."""
    whys = list(aside.values())
    texts = [
        [why.subject for why in whys],
        [why.code for why in whys],
        [why.reason for why in whys],
        [array_literal(why.tags) for why in whys],
        [why.judge for why in whys],
    ]
    return [list(aside), *([text.replace("\0", "\ufffd") for text in column] for column in texts)]


async def stored(connection: Connection, schema: str) -> dict[int, Unreadable]:
    """What is set aside of a schema, by position."""
    query = "SELECT * FROM commandpost.unreadable WHERE schema = $1"
    return {
        row["position"]: Unreadable(
            subject=row["subject"],
            code=row["code"],
            reason=row["reason"],
            tags=tuple(row["tags"]),
            skipped=row["code"] == SKIPPED,
            judge=row["judge"],
        )
        for row in await connection.fetch(query, schema)
    }


async def replace_all(connection: Connection, schema: str, aside: Mapping[int, Unreadable]) -> None:
    """This is what is set aside of a schema, and nothing else."""
    await connection.execute("DELETE FROM commandpost.unreadable WHERE schema = $1", schema)
    if aside:
        await connection.execute(insert("$1", 2), schema, *arguments(aside))


async def hand_over(connection: Connection, schema: str, new: str) -> None:
    """What was set aside of one schema is now of another, in place of what was there."""
    await connection.execute("DELETE FROM commandpost.unreadable WHERE schema = $1", new)
    await connection.execute(
        "UPDATE commandpost.unreadable SET schema = $2 WHERE schema = $1", schema, new
    )
