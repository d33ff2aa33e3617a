"""Planned work, as folded from its events, and how it is shown."""

from datetime import datetime
from enum import StrEnum
from typing import assert_never

import msgspec
from msgspec.structs import replace

from domain.kernel.decider import UNKNOWN
from domain.kernel.text import clock
from domain.maintenance import events as e
from domain.maintenance.events import MaintenanceEvent, MaintenancePlan


class MaintenanceStatus(StrEnum):
    """How far it is, in Statuspage's words."""

    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELED = "canceled"


AHEAD = (MaintenanceStatus.SCHEDULED, MaintenanceStatus.IN_PROGRESS)
"""Something is still to happen by itself."""


class MaintenanceNote(msgspec.Struct, frozen=True, kw_only=True):
    """An update: how it went, and in which status it was."""

    at: datetime
    text: str
    status: MaintenanceStatus
    by: str = UNKNOWN


class PlannedWork(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of it; without a `plan` nothing is. `reminded_for` is when the last reminder
    was due.
    """

    number: int = 0
    plan: MaintenancePlan | None = None
    status: MaintenanceStatus = MaintenanceStatus.SCHEDULED
    announced_at: datetime | None = None
    announced_by: str = UNKNOWN
    reminded_for: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    canceled_because: str | None = None
    notes: tuple[MaintenanceNote, ...] = ()
    changed_at: datetime | None = None
    changed_by: str = UNKNOWN

    @property
    def reference(self) -> str:
        """What people call it: `MT-7`."""
        return f"MT-{self.number}"

    @property
    def is_ahead(self) -> bool:
        """Whether it is announced, and neither over nor canceled."""
        return self.plan is not None and self.status in AHEAD

    @property
    def window(self) -> tuple[datetime, datetime] | None:
        """From when until when work is, was or will be done; None: it never is."""
        if self.plan is None or self.status is MaintenanceStatus.CANCELED:
            return None
        return self.started_at or self.plan.begins, self.ended_at or self.plan.ends


def evolve(work: PlannedWork, event: MaintenanceEvent, actor: str = UNKNOWN) -> PlannedWork:
    """One row for each event."""
    changed = _evolved(work, event, actor)
    if isinstance(event, e.MaintenanceReminded):
        return changed
    return replace(changed, changed_at=event.occurred_at, changed_by=actor)


def _evolved(work: PlannedWork, event: MaintenanceEvent, actor: str) -> PlannedWork:
    at = event.occurred_at
    match event:
        case e.MaintenanceScheduled(number=number, plan=plan):
            return PlannedWork(number=number, plan=plan, announced_at=at, announced_by=actor)
        case e.MaintenanceChanged(plan=plan):
            return replace(work, plan=plan)
        case e.MaintenanceReminded(due_at=due_at):
            return replace(work, reminded_for=due_at)
        case e.MaintenanceUpdatePosted(text=text):
            note = MaintenanceNote(at=at, text=text, status=work.status, by=actor)
            return replace(work, notes=(*work.notes, note))
        case e.MaintenanceStarted():
            return replace(work, status=MaintenanceStatus.IN_PROGRESS, started_at=at)
        case e.MaintenanceCompleted():
            return replace(work, status=MaintenanceStatus.COMPLETED, ended_at=at)
        case e.MaintenanceCanceled(reason=reason):
            canceled = MaintenanceStatus.CANCELED
            return replace(work, status=canceled, ended_at=at, canceled_because=reason)
    assert_never(event)


class MaintenanceView(msgspec.Struct, frozen=True, kw_only=True):
    """A maintenance as our own people see it. `begins` and `ends` are planned, `started_at` and
    `ended_at` are when it did, or when it was canceled; null: not yet.
    """

    id: str
    reference: str
    title: str
    description: str | None
    services: tuple[str, ...]
    begins: datetime
    ends: datetime
    status: MaintenanceStatus
    started_at: datetime | None
    ended_at: datetime | None
    public: bool
    suppresses_alerts: bool
    remind_before_s: int
    canceled_because: str | None
    updates: tuple[MaintenanceNote, ...]
    announced_at: datetime
    announced_by: str
    changed_at: datetime
    changed_by: str
    position: int


def show(id_: str, work: PlannedWork, position: int) -> MaintenanceView | None:
    """None before it was announced."""
    plan = work.plan
    if plan is None or work.announced_at is None or work.changed_at is None:
        return None
    return MaintenanceView(
        id=id_,
        reference=work.reference,
        title=plan.title,
        description=plan.description,
        services=plan.services,
        begins=plan.begins,
        ends=plan.ends,
        status=work.status,
        started_at=work.started_at,
        ended_at=work.ended_at,
        public=plan.public,
        suppresses_alerts=plan.suppresses_alerts,
        remind_before_s=plan.remind_before_s,
        canceled_because=work.canceled_because,
        updates=work.notes,
        announced_at=work.announced_at,
        announced_by=work.announced_by,
        changed_at=work.changed_at,
        changed_by=work.changed_by,
        position=position,
    )


class MaintenanceLine(msgspec.Struct, frozen=True, kw_only=True):
    """A maintenance in lists. `window_begins` and `window_ends` are when work is, was or will be
    done; null: it was canceled.
    """

    id: str
    reference: str
    title: str
    services: tuple[str, ...]
    begins: datetime
    ends: datetime
    status: MaintenanceStatus
    public: bool
    suppresses_alerts: bool
    window_begins: datetime | None
    window_ends: datetime | None
    position: int


def line_of(id_: str, work: PlannedWork, position: int) -> MaintenanceLine:
    """What lists show of it."""
    plan = work.plan
    assert plan is not None, "what is listed was announced"
    begins, ends = work.window or (None, None)
    return MaintenanceLine(
        id=id_,
        reference=work.reference,
        title=plan.title,
        services=plan.services,
        begins=plan.begins,
        ends=plan.ends,
        status=work.status,
        public=plan.public,
        suppresses_alerts=plan.suppresses_alerts,
        window_begins=begins,
        window_ends=ends,
        position=position,
    )


def headline(shown: MaintenanceView | MaintenanceLine) -> str:
    """A line for people: `MT-7 (scheduled): Database upgrade; 2026-05-09 20:00 UTC to …`."""
    return (
        f"{shown.reference} ({shown.status.replace('_', ' ')}): {shown.title};"
        f" {clock(shown.begins)} to {clock(shown.ends)}, {', '.join(shown.services)}"
    )
