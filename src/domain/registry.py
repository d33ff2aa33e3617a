"""Every event of the log, by its permanent tag. A new aggregate adds its events here."""

from typing import get_args

from domain.alerting import FiringEvent
from domain.alerting.quarantine import QuarantineEvent
from domain.incident import INCIDENT
from domain.incident.deadlines.table import DEADLINES
from domain.incident.events import IncidentEvent
from domain.kernel.aggregate import Aggregate, AnyAggregate, IdKind
from domain.kernel.commit import Event
from domain.notification import NotificationEvent
from domain.notification.channel import ChannelEvent

AnyEvent = IncidentEvent | QuarantineEvent | NotificationEvent | ChannelEvent | FiringEvent

EVENT_TYPES: dict[str, type[Event]] = {
    str(kind.__struct_config__.tag): kind for kind in get_args(AnyEvent)
}

INCIDENTS: AnyAggregate = Aggregate(
    name="incident",
    plural="incidents",
    decider=INCIDENT,
    events=get_args(IncidentEvent),
    id_kind=IdKind.UUID,
    prefix="INC",
    deadlines=DEADLINES,
)
"""The incident, as those who run deadlines meet it."""

WITH_DEADLINES = (INCIDENTS,)
"""The aggregates that do something by themselves as time passes."""
