"""Which open incidents concern a service: a table of the board, a row for each service of each."""

from collections.abc import Iterable

import msgspec

from domain.incident.events import Kind
from domain.incident.state import LIVE
from domain.kernel.commit import Event, Recorded
from projections.incident.fold import IncidentFold
from projections.projection import Change, Drop
from projections.table import put_into, table_of


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
    were, are = _numbers(before), _numbers(after)
    for service in were:
        if service not in are:
            yield Drop(CONCERNED.name, (service, recorded.key))
    for service, number in are.items():
        if were.get(service) != number:
            yield _put(Concerned(service=service, id=recorded.key, number=number))


def _numbers(known: IncidentFold) -> dict[str, int]:
    """The number of the incident, for each of its services."""
    incident = known.incident
    if not isinstance(incident, LIVE):
        return {}
    about = incident.facts.about
    if about.kind is not Kind.STANDARD:
        return {}
    return dict.fromkeys(about.services, about.number)
