"""What the public is told of planned work."""

from typing import Any

from msgspec.structs import replace

from domain.maintenance import events as e
from domain.status_page.components import Condition, days, present
from domain.status_page.public_incident import PublicIncident
from domain.status_page.public_maintenance import PublicWork, follow_work, show_work
from support.spec import NOON, at
from support.streams import stream

PLAN = e.MaintenancePlan(
    title="Database upgrade", services=("checkout",), begins=at(60), ends=at(120),
    description="Payments may fail.",
)  # fmt: skip
SCHEDULED = e.MaintenanceScheduled(occurred_at=NOON, number=3, plan=PLAN)
STARTED = e.MaintenanceStarted(occurred_at=at(60), ends=at(120), due_at=at(60))
COMPLETED = e.MaintenanceCompleted(occurred_at=at(120), due_at=at(120))
CANCELED = e.MaintenanceCanceled(occurred_at=at(5), reason="INTERNAL")


def public_work(*events: Any) -> PublicIncident | None:
    told = PublicWork()
    for recorded in stream("maintenance.x", *events):
        told = follow_work(told, recorded)
    return show_work("x", told)


def shown(*events: Any) -> PublicIncident:
    found = public_work(*events)
    assert found is not None
    return found


def test_it_is_upcoming_under_way_and_done():
    upcoming, now = shown(SCHEDULED), shown(SCHEDULED, STARTED)
    done = shown(SCHEDULED, STARTED, COMPLETED)
    assert [each.status for each in (upcoming, now, done)] == [
        "scheduled", "in_progress", "resolved",
    ]  # fmt: skip
    assert [present(each) for each in (upcoming, now, done)] == [
        Condition.OPERATIONAL, Condition.UNDER_MAINTENANCE, Condition.OPERATIONAL,
    ]  # fmt: skip
    assert upcoming.reference == "MT-3"
    assert [entry.text for entry in done.entries] == [
        "Planned for 2026-05-04 13:00 UTC to 14:00 UTC.\n\nPayments may fail.",
        "The maintenance has begun.",
        "The time that was planned for this maintenance is over.",
    ]


def test_what_is_not_for_the_public_is_never_shown():
    private = replace(SCHEDULED, plan=replace(PLAN, public=False))
    posted = e.MaintenanceUpdatePosted(occurred_at=at(9), text="INTERNAL")
    assert public_work(private, posted, STARTED, COMPLETED) is None
    canceled = shown(SCHEDULED, CANCELED)
    assert "INTERNAL" not in str(canceled), "reasons are for our own people"
    assert canceled.entries[-1].text == "This maintenance will not take place."


def test_a_day_has_maintenance_once_it_took_place():
    def worst(*events: Any) -> Condition | None:
        [day] = days([shown(*events)], NOON.date(), 1, NOON.date())
        return day.worst

    assert worst(SCHEDULED) is Condition.OPERATIONAL
    assert worst(SCHEDULED, CANCELED) is Condition.OPERATIONAL
    assert worst(SCHEDULED, STARTED) is Condition.UNDER_MAINTENANCE
    assert worst(SCHEDULED, STARTED, COMPLETED) is Condition.UNDER_MAINTENANCE


def test_what_readers_do_not_see_is_no_entry():
    quiet = e.MaintenanceChanged(occurred_at=at(5), plan=replace(PLAN, remind_before_s=0))
    reminded = e.MaintenanceReminded(
        occurred_at=at(50), due_at=at(50), begins=PLAN.begins, ends=PLAN.ends
    )
    assert shown(SCHEDULED, quiet, reminded) == shown(SCHEDULED)
    moved = e.MaintenanceChanged(occurred_at=at(5), plan=replace(PLAN, ends=at(180)))
    found = shown(SCHEDULED, moved)
    assert found.entries[-1].text.startswith("The plan has changed: it is now 2026-05-04 13:00")
    assert found.planned == (at(60), at(180))
