"""Planned work on services: announced ahead, reminded of, begun and ended by the clock."""

from typing import Any

from domain.kernel.aggregate import Aggregate, IdKind, Samples, View
from domain.kernel.decider import Decider
from domain.kernel.notifiable import Notifiables, Topic
from domain.kernel.totality import kinds, named, total
from domain.maintenance import commands as c
from domain.maintenance import events as e
from domain.maintenance import maintenance_clock, planned_work, scheduling_work, telling_of_work
from domain.maintenance.planned_work import MaintenanceView, PlannedWork
from domain.policy.audience import Audience

__all__ = ["MAINTENANCE"]


def _samples() -> Samples[c.MaintenanceCommand, e.MaintenanceEvent]:
    from domain.maintenance.samples import MAINTENANCES  # noqa: PLC0415 - for documents, tests

    return MAINTENANCES


MAINTENANCE: Aggregate[Any, PlannedWork, e.MaintenanceEvent] = Aggregate(
    name="maintenance",
    plural="maintenances",
    decider=Decider(
        initial=PlannedWork(), decide=scheduling_work.decide, evolve=planned_work.evolve
    ),
    events=kinds(e.MaintenanceEvent),
    begin=(e.MaintenanceScheduled,),
    commands=named(
        "commands on maintenances",
        c.MaintenanceCommand,
        {
            "schedule": c.ScheduleMaintenance,
            "change": c.ChangeMaintenance,
            "post_update": c.PostMaintenanceUpdate,
            "start": c.StartMaintenance,
            "complete": c.CompleteMaintenance,
            "cancel": c.CancelMaintenance,
        },
    ),
    opens=(c.ScheduleMaintenance,),
    id_kind=IdKind.UUID,
    prefix="MT",
    number=lambda event: getattr(event, "number", None),
    view=View(MaintenanceView, planned_work.show, planned_work.headline),
    remarks_on_reach=dict.fromkeys(
        (c.ScheduleMaintenance, c.ChangeMaintenance, c.PostMaintenanceUpdate, c.CancelMaintenance),
        telling_of_work.remark_on_reach,
    ),
    unheard=dict.fromkeys(kinds(e.MaintenanceEvent), telling_of_work.unheard),
    deadlines=maintenance_clock.DEADLINES,
    notifiables=Notifiables(
        rules=total(
            "what is to be told of a maintenance", kinds(e.MaintenanceEvent), telling_of_work.RULES
        ),
        heard={
            Audience.ENGINEERING: telling_of_work.KINDS,
            Audience.EXECUTIVES: (),
            Audience.CUSTOMERS: telling_of_work.KINDS,
        },
        topic=lambda work: Topic(
            work.plan.title if work.plan else "",
            work.reference if work.number else None,
            services=work.plan.services if work.plan else (),
        ),
        describe=telling_of_work.describe,
        contexts=telling_of_work.CONTEXTS,
    ),
    samples=_samples,
)
