"""All aggregates, a line each. Everything that has to know of them reads it here."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from domain import (
    access,
    alerting,
    backlog,
    directory,
    incident,
    learning,
    log,
    maintenance,
    notification,
    paging,
)
from domain.kernel.aggregate import Aggregate, AnyAggregate
from domain.kernel.commit import Event
from domain.kernel.totality import listed
from domain.learning import interview
from domain.oncall import scheduling
from domain.runbook import execution, publishing
from domain.slo import measurement, tracking

AGGREGATES: tuple[AnyAggregate, ...] = listed(
    "aggregates",
    Aggregate,
    (
        access,
        alerting,
        backlog,
        directory,
        incident,
        learning,
        interview,
        log,
        maintenance,
        notification,
        scheduling,
        paging,
        tracking,
        measurement,
        publishing,
        execution,
    ),
    (
        incident.INCIDENT,
        alerting.QUARANTINE,
        notification.LEDGER,
        notification.CHANNEL,
        alerting.FIRINGS,
        alerting.THREADS,
        alerting.HEARTBEAT,
        alerting.STORMS,
        alerting.CHANGES,
        log.LOG,
        alerting.WAITING,
        backlog.BACKLOG,
        directory.PERSON,
        directory.TEAM,
        directory.SERVICE,
        access.ACCESS,
        learning.POSTMORTEM,
        learning.ACTION_ITEM,
        interview.INTERVIEW,
        scheduling.SCHEDULE,
        paging.ESCALATION_POLICY,
        paging.PAGE,
        tracking.SLO,
        measurement.MEASUREMENT,
        publishing.RUNBOOK,
        execution.RUNBOOK_EXECUTION,
        maintenance.MAINTENANCE,
    ),
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
