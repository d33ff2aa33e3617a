"""All aggregates, and every event of the log by its permanent tag."""

from typing import get_args

from domain.alerting import FiringEvent
from domain.alerting.quarantine import QuarantineEvent
from domain.incident import COMMANDS, INCIDENT
from domain.incident.events import IncidentEvent
from domain.incident.notifiable import NOTIFIABLES
from domain.kernel.aggregate import Aggregate, AnyAggregate, IdKind
from domain.kernel.commit import Event
from domain.notification import NotificationEvent
from domain.notification.channel import ChannelEvent

AnyEvent = IncidentEvent | QuarantineEvent | NotificationEvent | ChannelEvent | FiringEvent

EVENT_TYPES: dict[str, type[Event]] = {
    str(kind.__struct_config__.tag): kind for kind in get_args(AnyEvent)
}

AGGREGATES: tuple[AnyAggregate, ...] = (
    Aggregate(
        name="incident",
        plural="incidents",
        decider=INCIDENT,
        events=get_args(IncidentEvent),
        commands=COMMANDS,
        id_kind=IdKind.UUID,
        prefix="INC",
        notifiables=NOTIFIABLES,
    ),
)
