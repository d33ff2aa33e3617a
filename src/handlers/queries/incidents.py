"""An incident then: the log answers, whatever read models say."""

from domain.incident import INCIDENT
from domain.incident.view import IncidentView
from domain.notification import LEDGER
from handlers.kernel.ports import EventStore
from handlers.queries.replay import Replayed, replay
from projections.past import Cut


async def replay_incident(store: EventStore, incident_id: str, cut: Cut) -> Replayed[IncidentView]:
    """An incident and its notifications, folded from the log. Raises `Unavailable`."""
    beside = (LEDGER.stream(incident_id),)
    return await replay(store, INCIDENT, incident_id, cut, beside=beside)
