"""Alerts of services on which announced work is done open nothing, while it is done."""

from datetime import timedelta

from msgspec.structs import replace

from domain.maintenance.planned_work import MaintenanceLine, MaintenanceStatus
from handlers.ingest.announced_work import window_of
from support.spec import NOON

FROM, UNTIL = NOON - timedelta(minutes=60), NOON - timedelta(minutes=30)  # 11:00 to 11:30
WORK = MaintenanceLine(
    id="x", reference="MT-1", title="Upgrade", services=("db",), begins=FROM, ends=UNTIL,
    status=MaintenanceStatus.IN_PROGRESS, public=True, suppresses_alerts=True,
    window_begins=FROM, window_ends=UNTIL, position=1,
)  # fmt: skip


async def test_what_begins_while_work_is_done_opens_nothing(new_desk, alertmanager):
    desk = new_desk()
    desk.announced = [WORK]
    verdict = await desk.deliver("am", alertmanager(("a", 10, None), service="db"))
    assert (verdict.outcome, verdict.reason) == ("ignored", "MT-1")
    elsewhere = await desk.deliver("am", alertmanager(("b", 10, None), service="shop"))
    late = await desk.deliver("am", alertmanager(("c", 31, None), service="db"))
    assert (elsewhere.outcome, late.outcome) == ("used", "used")


async def test_what_was_canceled_or_lets_alerts_through_keeps_none(new_desk, alertmanager):
    desk = new_desk()
    desk.announced = [replace(WORK, window_begins=None, window_ends=None)]
    assert (await desk.deliver("am", alertmanager(("a", 10, None), service="db"))).incidents


async def test_an_alert_that_still_fires_is_looked_at_when_work_ended_early(new_desk, alertmanager):
    desk = new_desk()
    desk.announced, desk.now = [WORK], FROM + timedelta(minutes=11)
    firing = alertmanager(("a", 10, None), service="db")
    assert (await desk.deliver("am", firing)).outcome == "ignored"
    desk.now = FROM + timedelta(minutes=20)
    assert (await desk.deliver("am", firing, x_webhook_id="2")).outcome == "ignored"
    desk.announced = [replace(WORK, window_ends=FROM + timedelta(minutes=15))]
    desk.now = FROM + timedelta(minutes=22)
    assert (await desk.deliver("am", firing, x_webhook_id="3")).incidents


async def test_work_that_takes_longer_keeps_alerts_longer(new_desk, alertmanager):
    desk = new_desk()
    desk.announced, desk.now = [WORK], FROM + timedelta(minutes=11)
    firing = alertmanager(("a", 10, None), service="db")
    assert (await desk.deliver("am", firing)).outcome == "ignored"
    desk.announced = [replace(WORK, window_ends=FROM + timedelta(minutes=40))]
    for minute, outcome in ((31, "ignored"), (39, "ignored"), (41, "used")):
        desk.now = FROM + timedelta(minutes=minute)
        verdict = await desk.deliver("am", firing, x_webhook_id=str(minute))
        assert verdict.outcome == outcome, minute


async def test_while_it_cannot_be_asked_for_what_was_known_last_holds(new_desk, alertmanager):
    desk = new_desk()
    desk.announced = [WORK]
    assert not (await desk.deliver("am", alertmanager(("a", 10, None), service="db"))).incidents
    desk.announced = None
    desk.now += timedelta(minutes=1)
    assert not (await desk.deliver("am", alertmanager(("b", 10, None), service="db"))).incidents


async def test_a_page_does_not_wait_for_what_cannot_be_asked_for(new_desk, alertmanager):
    desk = new_desk()
    desk.announced = None
    assert (await desk.deliver("am", alertmanager(("a", 10, None), service="db"))).incidents


def test_names_of_services_are_meant_literally():
    window = window_of(replace(WORK, services=("db*",)))
    assert window is not None
    assert window.service == ("db[*]",)
