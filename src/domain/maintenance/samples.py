"""One of each event and command of planned work, for documents and tests."""

from datetime import UTC, datetime

from domain.kernel.aggregate import Samples, complete
from domain.kernel.totality import kinds
from domain.maintenance import commands as c
from domain.maintenance import events as e

_AT = datetime(2026, 5, 6, 12, tzinfo=UTC)
_BEGINS, _ENDS = datetime(2026, 5, 9, 20, tzinfo=UTC), datetime(2026, 5, 9, 23, tzinfo=UTC)
_PLAN = e.MaintenancePlan(
    title="Database upgrade",
    services=("checkout", "payments"),
    begins=_BEGINS,
    ends=_ENDS,
    description="Payments may fail for up to five minutes.",
    remind_before_s=86_400,
    public=False,
    suppresses_alerts=False,
)
_AHEAD = c.ScheduleMaintenance(
    title="Database upgrade",
    services=("checkout", "payments"),
    begins=_BEGINS,
    ends=_ENDS,
    description="Payments may fail for up to five minutes.",
)

MAINTENANCES: Samples[c.MaintenanceCommand, e.MaintenanceEvent] = complete(
    Samples(
        events=(
            e.MaintenanceScheduled(occurred_at=_AT, number=7, plan=_PLAN),
            e.MaintenanceChanged(occurred_at=_AT, plan=_PLAN),
            e.MaintenanceReminded(occurred_at=_AT, due_at=_AT, begins=_BEGINS, ends=_ENDS),
            e.MaintenanceUpdatePosted(occurred_at=_BEGINS, text="Half of it is done."),
            e.MaintenanceStarted(occurred_at=_BEGINS, ends=_ENDS, due_at=_BEGINS),
            e.MaintenanceCompleted(occurred_at=_ENDS, due_at=_ENDS),
            e.MaintenanceCanceled(occurred_at=_AT, reason="The new version is not there yet."),
        ),
        commands={
            "schedule": _AHEAD,
            "change": c.ChangeMaintenance(ends=datetime(2026, 5, 9, 23, 30, tzinfo=UTC)),
            "post_update": c.PostMaintenanceUpdate(text="Half of it is done."),
            "start": c.StartMaintenance(),
            "complete": c.CompleteMaintenance(),
            "cancel": c.CancelMaintenance(reason="The new version is not there yet."),
        },
        phases={
            "unknown": (),
            "scheduled": (_AHEAD,),
            "in_progress": (_AHEAD, c.StartMaintenance()),
            "completed": (_AHEAD, c.StartMaintenance(), c.CompleteMaintenance()),
            "canceled": (_AHEAD, c.CancelMaintenance()),
        },
    ),
    kinds(e.MaintenanceEvent),
    kinds(c.MaintenanceCommand),
    ("unknown", "scheduled", "in_progress", "completed", "canceled"),
)
