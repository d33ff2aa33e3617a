"""Who has which role in the incidents that are open: a table of the responders."""

from collections.abc import Iterable

import msgspec

from domain.incident.roles import holders
from domain.incident.state import LIVE
from domain.kernel.roster import NameDoubt
from projections.incident.fold import IncidentFold
from projections.projection import Change
from projections.table import put_into, row_changes, table_of


class HeldRole(msgspec.Struct, frozen=True, kw_only=True):
    """A role of an open incident, and who has it: the `person` as it was known then, `gone` where
    it is known of them that they are not active.
    """

    id: str
    role: str
    reference: str
    name: str
    person: str | None
    gone: bool


HELD = table_of(
    HeldRole, name="held", key=("id", "role"), about=("id",), indexes=(("person",), ("gone",))
)
_put = put_into(HELD, HeldRole)


def held(before: IncidentFold, after: IncidentFold, id_: str) -> Iterable[Change]:
    """What one more commit changes of that."""
    return row_changes(HELD, _roles(before, id_), _roles(after, id_), _put)


def _roles(known: IncidentFold, id_: str) -> dict[tuple[str, str], HeldRole]:
    incident = known.incident
    if not isinstance(incident, LIVE):
        return {}
    facts = incident.facts
    return {
        (id_, each.role.value): HeldRole(
            id=id_,
            role=each.role.value,
            reference=facts.reference,
            name=each.name,
            person=each.person,
            gone=each.doubt is NameDoubt.NOT_ACTIVE,
        )
        for each in holders(facts.response)
    }
