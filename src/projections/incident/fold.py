"""What read models keep of an incident, folded once for all of them."""

import msgspec

from domain.incident import INCIDENT, Incident
from domain.incident.audiences import NOTIFIABLES
from domain.kernel.commit import Event, Recorded
from domain.kernel.notifiable import NOTHING_FOUND, NOTHING_TOLD, Found, Told
from domain.status_page.public_timeline import PublicTimeline, tell
from projections.past import Span, extend


class IncidentFold(msgspec.Struct, frozen=True):
    """An incident after the commit at `position`, what has been `told` of it up to then, and what
    was `found` in that commit that is to be told. `public` is what the public was told; `span` is
    None of none.
    """

    incident: Incident = INCIDENT.initial
    position: int = 0
    told: Told = NOTHING_TOLD
    found: Found = NOTHING_FOUND
    public: PublicTimeline | None = None
    span: Span | None = None


NOTHING_FOLDED = IncidentFold()


def follow(known: IncidentFold, recorded: Recorded[Event]) -> IncidentFold:
    """What is known after one more commit."""
    incident, told, found = NOTIFIABLES.follow(
        INCIDENT.evolve,
        known.incident,
        known.told,
        recorded.commit,  # type: ignore[arg-type]
    )
    public = tell(known.public, incident, recorded)
    span = extend(known.span, recorded)
    return IncidentFold(incident, recorded.position, told, found, public, span)
