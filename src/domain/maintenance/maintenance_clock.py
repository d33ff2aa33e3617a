"""What time does to planned work: those who heard of it are reminded, it begins, and it ends."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.kernel.commit import Event, Recorded
from domain.kernel.deadline import (
    Asked,
    Deadline,
    Deadlines,
    Expire,
    Moment,
    Prompt,
    is_settled,
    moments,
)
from domain.kernel.decider import Context, Evolve
from domain.maintenance import events as e
from domain.maintenance.events import MaintenanceEvent, MaintenancePlan
from domain.maintenance.planned_work import MaintenanceStatus, PlannedWork
from domain.policy import Policy
from domain.policy.audience import Audience, Audiences

REMINDER, START, END = "maintenance.reminder", "maintenance.start", "maintenance.end"


class WorkHistory(msgspec.Struct, frozen=True):
    """How it stands, and since when the plan is what it is."""

    work: PlannedWork = PlannedWork()
    planned: Moment | None = None


def follow(
    history: WorkHistory, recorded: Recorded[Event], _: Policy, evolve: Evolve[Any, Any]
) -> WorkHistory:
    """The history after one more commit."""
    commit = recorded.commit
    for event, moment in moments(commit):
        history = replace(history, work=evolve(history.work, event, commit.actor))
        if isinstance(event, e.MaintenanceScheduled | e.MaintenanceChanged):
            history = replace(history, planned=moment)
    return history


def _expire(history: WorkHistory, rule: str, at: datetime) -> Expire:
    assert history.planned is not None, "it runs once there is a plan"
    return Expire(rule=rule, fires_at=at, due_at=at, caused_by=history.planned.event)


def _plan(work: PlannedWork) -> MaintenancePlan:
    assert work.plan is not None, "it runs once there is a plan"
    return work.plan


def _reminder_due(history: WorkHistory, now: datetime, _: Policy) -> Expire | None:
    """Whoever has just announced it needs no reminder, and nobody does once it begins."""
    plan, planned = _plan(history.work), history.planned
    at = plan.begins - timedelta(seconds=plan.remind_before_s)
    wanted = plan.remind_before_s > 0 and planned is not None and planned.at < at
    if not wanted or plan.begins <= now or is_settled(history.work.reminded_for, at):
        return None
    return _expire(history, REMINDER, at)


def _remind(command: Expire, work: PlannedWork, context: Context) -> list[MaintenanceEvent]:
    plan = _plan(work)
    if plan.begins <= context.now or _moved(command, work, plan):
        return []
    return [
        e.MaintenanceReminded(
            occurred_at=context.now, due_at=command.due_at, begins=plan.begins, ends=plan.ends
        )
    ]


def _moved(command: Expire, _: PlannedWork, plan: MaintenancePlan) -> bool:
    return command.due_at != plan.begins - timedelta(seconds=plan.remind_before_s)


def _begin(command: Expire, work: PlannedWork, _: Context) -> list[MaintenanceEvent]:
    """It has begun when it was planned to, however late we notice."""
    plan = _plan(work)
    if command.due_at != plan.begins:
        return []
    return [e.MaintenanceStarted(occurred_at=plan.begins, ends=plan.ends, due_at=command.due_at)]


def _end(command: Expire, work: PlannedWork, _: Context) -> list[MaintenanceEvent]:
    plan = _plan(work)
    if command.due_at != plan.ends:
        return []
    return [e.MaintenanceCompleted(occurred_at=plan.ends, due_at=command.due_at)]


def _is(status: MaintenanceStatus) -> Any:
    return lambda _, work: work.plan is not None and work.status is status


def _still_ahead(asked: Asked[PlannedWork], work: PlannedWork) -> bool:
    """Whether it begins when the reminder says that it does."""
    if work.plan is None or asked.then.plan is None:
        return False
    same = work.plan.begins == asked.then.plan.begins
    return same and work.status is MaintenanceStatus.SCHEDULED


def hearers(work: PlannedWork) -> Audiences:
    """Who hears of it."""
    public = work.plan is not None and work.plan.public
    return (Audience.ENGINEERING, Audience.CUSTOMERS) if public else (Audience.ENGINEERING,)


def _to(_: Any, __: Any, work: PlannedWork) -> Audiences:
    return hearers(work)


_SCHEDULED, _UNDER_WAY = _is(MaintenanceStatus.SCHEDULED), _is(MaintenanceStatus.IN_PROGRESS)

DEADLINES: Deadlines[WorkHistory, PlannedWork, MaintenanceEvent] = Deadlines(
    initial=WorkHistory(),
    follow=follow,
    running=lambda history: history.work if history.work.is_ahead else None,
    settled=lambda work, rule: work.reminded_for if rule == REMINDER else None,
    seen=lambda _: None,
    all=(
        Deadline(
            name="reminder",
            rules=(REMINDER,),
            is_open=_SCHEDULED,
            due=_reminder_due,
            follows=_remind,
            prompts={
                e.MaintenanceReminded: Prompt(kind="reminder", to=_to, holds=_still_ahead),
            },
        ),
        Deadline(
            name="start",
            rules=(START,),
            is_open=_SCHEDULED,
            due=lambda history, _, __: _expire(history, START, _plan(history.work).begins),
            follows=_begin,
            prompts={e.MaintenanceStarted: Prompt(kind="started", to=_to, holds=_UNDER_WAY)},
        ),
        Deadline(
            name="end",
            rules=(END,),
            is_open=_UNDER_WAY,
            due=lambda history, _, __: _expire(history, END, _plan(history.work).ends),
            follows=_end,
            prompts={e.MaintenanceCompleted: Prompt(kind="completed", to=_to, holds=None)},
        ),
    ),
)
