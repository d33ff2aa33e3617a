"""Every event of the log, by its permanent tag. A new aggregate adds its events here."""

from typing import get_args

from domain.alerting import FiringEvent
from domain.channel import ChannelEvent
from domain.commit import Event
from domain.incident.events import IncidentEvent
from domain.notification import NotificationEvent
from domain.quarantine import QuarantineEvent

AnyEvent = IncidentEvent | QuarantineEvent | NotificationEvent | ChannelEvent | FiringEvent

EVENT_TYPES: dict[str, type[Event]] = {
    str(kind.__struct_config__.tag): kind for kind in get_args(AnyEvent)
}
