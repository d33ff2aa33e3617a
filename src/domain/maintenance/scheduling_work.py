"""What becomes of commands on planned work."""

from datetime import datetime, timedelta
from typing import Any, assert_never

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from domain.kernel.deadline import BY_CLOCK, Expire, Suppress
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.kernel.text import clock
from domain.maintenance import commands as c
from domain.maintenance import events as e
from domain.maintenance.commands import MaintenanceCommand
from domain.maintenance.events import MaintenanceEvent, MaintenancePlan
from domain.maintenance.maintenance_clock import DEADLINES
from domain.maintenance.planned_work import MaintenanceStatus, PlannedWork

LONGEST, FARTHEST = timedelta(days=31), timedelta(days=366)
JUST_NOW = timedelta(minutes=5)
"""What is announced to begin as it is announced may be said a little later."""
TIMES = f"begins and ends: ahead, within {FARTHEST.days} days, for {LONGEST.days} at most"


def decide(
    command: MaintenanceCommand | Expire | Suppress, work: PlannedWork, context: Context
) -> list[MaintenanceEvent]:
    """Which events a command causes; `[]` when there is nothing new to say."""
    if isinstance(command, BY_CLOCK):
        return DEADLINES.decide(command, work, context) if work.plan else []
    if isinstance(command, c.ScheduleMaintenance):
        return _schedule(command, work, context)
    if work.plan is None:
        raise Refused("maintenance.unknown", "there is no such maintenance", field="maintenance")
    match command:
        case c.ChangeMaintenance():
            return _change(command, work, work.plan, context.now)
        case c.PostMaintenanceUpdate(text=text):
            said_last = bool(work.notes) and work.notes[-1].text == text
            return [] if said_last else [_update(text, context)]
        case c.StartMaintenance():
            return _start(work, work.plan, context.now)
        case c.CompleteMaintenance():
            return _complete(work, work.plan, context.now)
        case c.CancelMaintenance(reason=reason):
            return _cancel(work, reason, context.now)
    assert_never(command)


def _update(text: str, context: Context) -> MaintenanceEvent:
    return e.MaintenanceUpdatePosted(occurred_at=context.now, text=text)


def _schedule(
    command: c.ScheduleMaintenance, work: PlannedWork, context: Context
) -> list[MaintenanceEvent]:
    if work.plan is not None:
        return []
    now = context.now
    said: dict[str, Any] = msgspec.structs.asdict(command)
    plan = MaintenancePlan(**said | {"begins": command.begins or now})
    _check(plan, now, new_beginning=True)
    return [e.MaintenanceScheduled(occurred_at=now, number=context.number, plan=plan)]


def _check(plan: MaintenancePlan, now: datetime, *, new_beginning: bool) -> None:
    if new_beginning and plan.begins < now - JUST_NOW:
        raise Refused(
            "maintenance.begins_past",
            "it would have begun before it is announced",
            field="begins",
            rule=TIMES,
            invalid=True,
        )
    if plan.ends <= plan.begins:
        raise Refused(
            "maintenance.ends_first",
            "it ends before it begins",
            field="ends",
            rule=TIMES,
            invalid=True,
        )
    if plan.ends <= now:
        raise Refused(
            "maintenance.ends_past",
            f"it would be over already: it is {clock(now)}",
            field="ends",
            rule=TIMES,
            invalid=True,
        )
    _check_length(plan, now)


def _check_length(plan: MaintenancePlan, now: datetime) -> None:
    if plan.ends - plan.begins > LONGEST:
        raise Refused(
            "maintenance.too_long",
            f"it takes more than {LONGEST.days} days",
            field="ends",
            rule=TIMES,
            invalid=True,
        )
    if plan.begins - now > FARTHEST:
        raise Refused(
            "maintenance.too_far",
            f"it begins in more than {FARTHEST.days} days",
            field="begins",
            rule=TIMES,
            invalid=True,
        )


def _change(
    command: c.ChangeMaintenance, work: PlannedWork, plan: MaintenancePlan, now: datetime
) -> list[MaintenanceEvent]:
    said: dict[str, Any] = msgspec.structs.asdict(command)
    changed = replace(plan, **{name: it for name, it in said.items() if it is not UNSET})
    if changed == plan:
        return []
    _refuse_over(work)
    if work.status is MaintenanceStatus.IN_PROGRESS and changed.begins != plan.begins:
        raise Refused(
            "maintenance.begun",
            f"{work.reference} has begun already",
            field="begins",
            rule="when it begins is changed before it does",
        )
    _check(changed, now, new_beginning=changed.begins != plan.begins)
    return [e.MaintenanceChanged(occurred_at=now, plan=changed)]


def _start(work: PlannedWork, plan: MaintenancePlan, now: datetime) -> list[MaintenanceEvent]:
    if work.status is MaintenanceStatus.IN_PROGRESS:
        return []
    _refuse_over(work)
    if plan.ends <= now:  # its clocks are a moment late
        raise Refused(
            "maintenance.over",
            f"the time of {work.reference} was over at {clock(plan.ends)}",
            rule="what is over stays as it was: schedule another one",
        )
    return [e.MaintenanceStarted(occurred_at=now, ends=plan.ends)]


def _complete(work: PlannedWork, plan: MaintenancePlan, now: datetime) -> list[MaintenanceEvent]:
    match work.status:
        case MaintenanceStatus.COMPLETED:
            return []
        case MaintenanceStatus.SCHEDULED if now < plan.begins:
            raise Refused(
                "maintenance.not_begun",
                f"{work.reference} begins at {clock(plan.begins)}",
                rule="what has not begun is started first, or canceled",
            )
        case MaintenanceStatus.SCHEDULED:  # its clock is a moment late
            started = e.MaintenanceStarted(
                occurred_at=plan.begins, ends=plan.ends, due_at=plan.begins
            )
            return [started, e.MaintenanceCompleted(occurred_at=now)]
        case MaintenanceStatus.IN_PROGRESS:
            return [e.MaintenanceCompleted(occurred_at=now)]
    raise _over(work)


def _cancel(work: PlannedWork, reason: str | None, now: datetime) -> list[MaintenanceEvent]:
    match work.status:
        case MaintenanceStatus.CANCELED:
            return []
        case MaintenanceStatus.SCHEDULED:
            return [e.MaintenanceCanceled(occurred_at=now, reason=reason)]
        case MaintenanceStatus.IN_PROGRESS:
            raise Refused(
                "maintenance.begun",
                f"{work.reference} has begun already",
                rule="what has begun is completed, not canceled",
            )
    raise _over(work)


def _refuse_over(work: PlannedWork) -> None:
    if not work.is_ahead:
        raise _over(work)


def _over(work: PlannedWork) -> Refused:
    return Refused(
        "maintenance.over",
        f"{work.reference} is {work.status.value}",
        rule="what is over stays as it was: schedule another one",
    )
