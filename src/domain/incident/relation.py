"""How incidents have to do with each other, and which addresses may be attached to one."""

from enum import StrEnum

import msgspec

from domain.incident.others import OtherIncident
from domain.kernel.totality import total

URL = r"^(?!(?i:javascript|vbscript|data):)[A-Za-z][A-Za-z0-9+.-]*://[^\s]+$"
"""The address of a page or a file: `https://…`, `s3://…`, `file://…`; nothing that runs."""


class Relation(StrEnum):
    """What the other incident is to this one."""

    RELATED = "related"
    CAUSED_BY = "caused_by"
    CAUSES = "causes"
    REPEAT_OF = "repeat_of"
    REPEATED_BY = "repeated_by"
    NOT_REPEAT_OF = "not_repeat_of"
    NOT_REPEATED_BY = "not_repeated_by"

    @property
    def tells_of_repeats(self) -> bool:
        """Whether it says that one happened again as the other, or that it did not: a question of
        its own, whatever else the two have to do with each other.
        """
        return self in REPEATS or INVERSE[self] in REPEATS


INVERSE = total(
    "relations the other way round",
    Relation,
    {
        Relation.RELATED: Relation.RELATED,
        Relation.CAUSED_BY: Relation.CAUSES,
        Relation.CAUSES: Relation.CAUSED_BY,
        Relation.REPEAT_OF: Relation.REPEATED_BY,
        Relation.REPEATED_BY: Relation.REPEAT_OF,
        Relation.NOT_REPEAT_OF: Relation.NOT_REPEATED_BY,
        Relation.NOT_REPEATED_BY: Relation.NOT_REPEAT_OF,
    },
)
REPEATS = (Relation.REPEAT_OF, Relation.NOT_REPEAT_OF)
"""What the later one of two is to the earlier one: the same thing again, or not, as a person says.
"""


def link_name(to: str, relation: Relation) -> str:
    """By what corrections name a link: of repeats there is one, of all else another."""
    return f"{to}/repeat" if relation.tells_of_repeats else to


class Related(msgspec.Struct, frozen=True):
    """Another incident, by its id and reference."""

    id: OtherIncident
    reference: str
    relation: Relation


class Attachment(msgspec.Struct, frozen=True):
    """The address of a page or a file."""

    url: str
    name: str | None = None
