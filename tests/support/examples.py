"""One canonical example of every event, by tag, with every optional field given.

The golden files, the documentation of events and the completeness tests build on it; the examples
themselves ship with the aggregates.
"""

from domain.alerting.samples import FIRING_SAMPLES, QUARANTINE_SAMPLES
from domain.incident.sample_events import ALERT, SAMPLE_EVENTS
from domain.incident.samples import SAMPLES
from domain.kernel.commit import Event
from domain.notification.samples import CHANNEL_SAMPLES, LEDGER_SAMPLES

__all__ = ["ALERT", "EXAMPLES", "INCIDENT", "tag_of"]

INCIDENT = SAMPLE_EVENTS


def tag_of(event: Event | type[Event]) -> str:
    """The permanent tag of an event."""
    return str(event.__struct_config__.tag)


EXAMPLES: dict[str, Event] = {
    tag_of(event): event
    for samples in (SAMPLES, QUARANTINE_SAMPLES, LEDGER_SAMPLES, CHANNEL_SAMPLES, FIRING_SAMPLES)
    for event in samples.events
}
