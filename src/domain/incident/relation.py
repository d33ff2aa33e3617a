"""How incidents have to do with each other, and which addresses may be attached to one."""

from enum import StrEnum

import msgspec

from domain.kernel.totality import total

URL = r"^(?!(?i:javascript|vbscript|data):)[A-Za-z][A-Za-z0-9+.-]*://[^\s]+$"
"""The address of a page or a file: `https://…`, `s3://…`, `file://…`; nothing that runs."""


class Relation(StrEnum):
    """What the other incident is to this one."""

    RELATED = "related"
    CAUSED_BY = "caused_by"
    CAUSES = "causes"


INVERSE = total(
    "relations the other way round",
    Relation,
    {
        Relation.RELATED: Relation.RELATED,
        Relation.CAUSED_BY: Relation.CAUSES,
        Relation.CAUSES: Relation.CAUSED_BY,
    },
)


class Related(msgspec.Struct, frozen=True):
    """Another incident, by its id and reference."""

    id: str
    reference: str
    relation: Relation


class Attachment(msgspec.Struct, frozen=True):
    """The address of a page or a file."""

    url: str
    name: str | None = None
