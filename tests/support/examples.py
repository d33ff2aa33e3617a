"""One canonical example of every event, by tag, with every optional field given.

The golden files, the documentation of events and the completeness tests build on it; the examples
themselves ship with the aggregates.
"""

from domain.incident.alert_samples import ALERT
from domain.incident.sample_events import SAMPLE_EVENTS
from domain.kernel.commit import Event
from domain.registry import AGGREGATES

__all__ = ["ALERT", "EXAMPLES", "INCIDENT", "tag_of"]

INCIDENT = SAMPLE_EVENTS


def tag_of(event: Event | type[Event]) -> str:
    """The permanent tag of an event."""
    return str(event.__struct_config__.tag)


EXAMPLES: dict[str, Event] = {
    tag_of(event): event
    for aggregate in AGGREGATES
    if aggregate.samples
    for event in aggregate.samples().events
}
