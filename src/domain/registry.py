"""All aggregates, a line each. Everything that has to know of them reads it here."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from domain.alerting import CHANGES, FIRINGS, HEARTBEAT, QUARANTINE, STORMS, THREADS, WAITING
from domain.backlog import BACKLOG
from domain.incident import INCIDENT
from domain.kernel.aggregate import AnyAggregate
from domain.kernel.commit import Event
from domain.log import LOG
from domain.notification import CHANNEL, LEDGER

AGGREGATES: tuple[AnyAggregate, ...] = (
    INCIDENT,
    QUARANTINE,
    LEDGER,
    CHANNEL,
    FIRINGS,
    THREADS,
    HEARTBEAT,
    STORMS,
    CHANGES,
    LOG,
    WAITING,
    BACKLOG,
)


def event_types(aggregates: Iterable[AnyAggregate] = AGGREGATES) -> dict[str, type[Event]]:
    """Every event of the log, by its permanent tag. Raises TypeError where two kinds share one."""
    found: dict[str, type[Event]] = {}
    for aggregate in aggregates:
        for kind in aggregate.events:
            tag = str(kind.__struct_config__.tag)
            if found.setdefault(tag, kind) is not kind:
                raise TypeError(f"two kinds of events have the tag {tag}")
    return found


def event_union(aggregates: Iterable[AnyAggregate] = AGGREGATES) -> Any:
    """The union of all kinds of events, as a decoder takes it."""
    return reduce(or_, event_types(aggregates).values())


EVENT_TYPES = event_types()
AnyEvent = event_union()
