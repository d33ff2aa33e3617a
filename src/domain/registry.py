"""Every event of the log, by its permanent tag. A new aggregate adds its events here."""

from typing import get_args

from domain.alerting import FiringEvent
from domain.alerting.quarantine import QuarantineEvent
from domain.incident.events import IncidentEvent
from domain.kernel.commit import Event
from domain.notification import NotificationEvent
from domain.notification.channel import ChannelEvent

AnyEvent = IncidentEvent | QuarantineEvent | NotificationEvent | ChannelEvent | FiringEvent

EVENT_TYPES: dict[str, type[Event]] = {
    str(kind.__struct_config__.tag): kind for kind in get_args(AnyEvent)
}
