"""What the public is told of planned work, and nothing else: its title, its words, and times."""

from datetime import datetime

import msgspec
from msgspec.structs import replace

from domain.kernel.commit import Event, Recorded
from domain.maintenance import MAINTENANCE, telling_of_work
from domain.maintenance import events as e
from domain.maintenance.planned_work import MaintenanceStatus, PlannedWork
from domain.status_page.public_incident import (
    CANCELED,
    IN_PROGRESS,
    RESOLVED,
    SCHEDULED,
    PublicEntry,
    PublicImpact,
    PublicIncident,
)
from domain.status_page.public_timeline import public_id

SHOWN_AS = {
    MaintenanceStatus.SCHEDULED: SCHEDULED,
    MaintenanceStatus.IN_PROGRESS: IN_PROGRESS,
    MaintenanceStatus.COMPLETED: RESOLVED,
    MaintenanceStatus.CANCELED: CANCELED,
}


class PublicWork(msgspec.Struct, frozen=True):
    """Planned work, and what the public was told of it, in the order of the log."""

    work: PlannedWork = PlannedWork()
    entries: tuple[PublicEntry, ...] = ()
    changed_at: datetime | None = None


def follow_work(told: PublicWork, recorded: Recorded[Event]) -> PublicWork:
    """The same after one more commit."""
    for place, event in enumerate(recorded.commit.events):
        assert isinstance(event, MAINTENANCE.events)
        before, work = told.work.plan, MAINTENANCE.evolve(told.work, event, recorded.commit.actor)
        text = _text(event, news=telling_of_work.is_news(before, work.plan))
        told = replace(told, work=work)
        if text is None:
            continue
        entry = PublicEntry(
            id=public_id(f"{recorded.commit.id}/{place}"),
            status=SHOWN_AS[work.status],
            text=text,
            at=event.occurred_at,
            recorded_at=recorded.commit.recorded_at,
        )
        entries = (*told.entries, entry)
        told = replace(told, entries=entries, changed_at=recorded.commit.recorded_at)
    return told


def _text(event: Event, *, news: bool) -> str | None:
    """What the page says of an event; None: nothing. That it begins soon stands there already."""
    match event:
        case e.MaintenanceReminded():
            return None
        case e.MaintenanceChanged():
            return telling_of_work.describe(event) if news else None
        case e.MaintenanceStarted():
            return telling_of_work.BEGUN
        case _:
            return telling_of_work.describe(event)  # type: ignore[arg-type] # it is one of its own


def show_work(id_: str, told: PublicWork) -> PublicIncident | None:
    """What the public sees of it, None where it sees nothing."""
    work, plan = told.work, told.work.plan
    if plan is None or not plan.public or told.changed_at is None:
        return None
    return PublicIncident(
        id=public_id(id_),
        number=work.number,
        headline=plan.title,
        maintenance=True,
        status=SHOWN_AS[work.status],
        impact=PublicImpact.NONE,
        services=plan.services,
        started_at=work.started_at or plan.begins,
        ended_at=work.ended_at if work.status is MaintenanceStatus.COMPLETED else None,
        entries=tuple(sorted(told.entries, key=lambda entry: entry.at)),
        changed_at=told.changed_at,
        planned=(plan.begins, plan.ends),
    )
