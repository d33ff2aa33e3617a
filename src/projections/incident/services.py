"""Which open incidents concern a service: a table of the board, a row for each service of each."""

from collections.abc import Iterable

import msgspec

from domain.incident.events import Kind
from domain.incident.state import LIVE
from domain.kernel.commit import Event, Recorded
from projections.incident.fold import IncidentFold
from projections.projection import Change
from projections.table import put_into, row_changes, table_of


class Concerned(msgspec.Struct, frozen=True, kw_only=True):
    """A service that an open incident of the standard kind concerns."""

    service: str
    id: str
    number: int


CONCERNED = table_of(Concerned, name="concerned", key=("service", "id"), about=("id",))
_put = put_into(CONCERNED, Concerned)


def concern(
    before: IncidentFold, after: IncidentFold, recorded: Recorded[Event]
) -> Iterable[Change]:
    """What one more commit changes of that."""
    id_ = recorded.key
    return row_changes(CONCERNED, _concerned(before, id_), _concerned(after, id_), _put)


def _concerned(known: IncidentFold, id_: str) -> dict[tuple[str, str], Concerned]:
    """The number of the incident, for each of its services."""
    incident = known.incident
    if not isinstance(incident, LIVE):
        return {}
    about = incident.facts.about
    if about.kind is not Kind.STANDARD:
        return {}
    return {(it, id_): Concerned(service=it, id=id_, number=about.number) for it in about.services}
