"""Pages that wait while a storm begins: that tells of their incidents, so they stay unsent. The
most severe are sent all the same, as they are within a storm.
"""

from collections.abc import Sequence

from domain.alerting.storm_events import StormBegan, StormGrew
from domain.alerting.storms import stream_of
from domain.incident.events import AlertReceived
from domain.kernel.commit import Event, Recorded, event_id
from domain.notification.intent import Intent
from domain.policy import Severity
from handlers.kernel.ports import EventStore

PAGE = "page"
BECAUSE = "told with its storm"


async def storm_that_tells(
    store: EventStore, intent: Intent, history: Sequence[Recorded[Event]]
) -> str | None:
    """The id of the event by which a storm tells of what a page is about, and which came after it.
    Raises `Unavailable`.
    """
    first = history[0].commit.events[0] if history else None
    if intent.kind != PAGE or intent.severity is Severity.SEV1:
        return None
    if not isinstance(first, AlertReceived) or first.alert.storm is not None:
        return None
    began_later = False
    for recorded in await store.load(stream_of(first.alert.product, first.alert.source)):
        for place, event in enumerate(recorded.commit.events):
            if isinstance(event, StormBegan):
                began_later = recorded.commit.recorded_at >= intent.recorded_at
            elif isinstance(event, StormGrew) and intent.subject.id in event.incidents:
                return event_id(recorded.commit.id, place) if began_later else None
    return None
