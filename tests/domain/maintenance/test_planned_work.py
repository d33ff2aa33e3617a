"""Planned work: what may be said of it when, and what time does to it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.kernel.deadline import Expire
from domain.maintenance import MAINTENANCE
from domain.maintenance import commands as c
from domain.maintenance import events as e
from domain.maintenance.maintenance_clock import DEADLINES, END, REMINDER, START, WorkHistory
from domain.maintenance.planned_work import MaintenanceStatus
from domain.maintenance.telling_of_work import describe, remark_on_reach
from domain.policy import DEFAULT, Severity
from domain.policy.audience import Audience
from domain.policy.reach import Reach, Subscription
from support.spec import COMMAND_ID, NOON, NOW, Given, at, given
from support.streams import stream

BEGINS, ENDS = at(180), at(360)  # NOW is at(60)
SCHEDULE = c.ScheduleMaintenance(
    title="Database upgrade", services=("checkout",), begins=BEGINS, ends=ENDS
)
PLAN = e.MaintenancePlan(title="Database upgrade", services=("checkout",), begins=BEGINS, ends=ENDS)
SCHEDULED = e.MaintenanceScheduled(occurred_at=NOON, number=1, plan=PLAN)
STARTED = e.MaintenanceStarted(occurred_at=BEGINS, ends=ENDS, due_at=BEGINS)
COMPLETED = e.MaintenanceCompleted(occurred_at=ENDS, due_at=ENDS)
CANCELED = e.MaintenanceCanceled(occurred_at=NOON)


def of(*events: Any) -> Given:
    return given(MAINTENANCE, *events)


def test_it_is_announced_once():
    assert of().when(SCHEDULE) == [replace(SCHEDULED, occurred_at=NOW)]
    assert of(SCHEDULED).when(SCHEDULE) == []


def test_without_a_beginning_it_begins_now():
    [scheduled] = of().when(c.ScheduleMaintenance(title="Now", services=("a",), ends=ENDS))
    assert scheduled.plan.begins == NOW


@pytest.mark.parametrize(
    ("begins", "ends", "code"),
    [
        (BEGINS, BEGINS, "ends_first"),
        (at(-300), ENDS, "begins_past"),
        (at(57), at(59), "ends_past"),
        (BEGINS, BEGINS + timedelta(days=31, seconds=1), "too_long"),
        (NOW + timedelta(days=367), NOW + timedelta(days=368), "too_far"),
    ],
)
def test_times_that_cannot_be_meant_are_refused(begins: datetime, ends: datetime, code: str):
    refused = of().refusal(replace(SCHEDULE, begins=begins, ends=ends))
    assert (refused.code, refused.invalid) == (f"maintenance.{code}", True)
    if code != "begins_past":
        change = c.ChangeMaintenance(begins=begins, ends=ends)
        assert of(SCHEDULED).refusal(change).code == f"maintenance.{code}"


@pytest.mark.parametrize(
    ("before", "command", "outcome"),
    [
        ((), c.StartMaintenance(), "maintenance.unknown"),
        ((SCHEDULED,), c.StartMaintenance(), "decided"),
        ((SCHEDULED, STARTED), c.StartMaintenance(), "ignored"),
        ((SCHEDULED, STARTED, COMPLETED), c.StartMaintenance(), "maintenance.over"),
        ((SCHEDULED, CANCELED), c.StartMaintenance(), "maintenance.over"),
        ((SCHEDULED,), c.CompleteMaintenance(), "maintenance.not_begun"),
        ((SCHEDULED, STARTED), c.CompleteMaintenance(), "decided"),
        ((SCHEDULED, STARTED, COMPLETED), c.CompleteMaintenance(), "ignored"),
        ((SCHEDULED, CANCELED), c.CompleteMaintenance(), "maintenance.over"),
        ((SCHEDULED,), c.CancelMaintenance(), "decided"),
        ((SCHEDULED, CANCELED), c.CancelMaintenance(), "ignored"),
        ((SCHEDULED, STARTED), c.CancelMaintenance(), "maintenance.begun"),
        ((SCHEDULED, STARTED, COMPLETED), c.CancelMaintenance(), "maintenance.over"),
        ((SCHEDULED,), c.ChangeMaintenance(begins=at(200)), "decided"),
        ((SCHEDULED,), c.ChangeMaintenance(begins=BEGINS), "ignored"),
        ((SCHEDULED, STARTED), c.ChangeMaintenance(begins=at(200)), "maintenance.begun"),
        ((SCHEDULED, STARTED), c.ChangeMaintenance(ends=at(400)), "decided"),
        ((SCHEDULED, STARTED, COMPLETED), c.ChangeMaintenance(ends=at(400)), "maintenance.over"),
        ((SCHEDULED, STARTED, COMPLETED), c.PostMaintenanceUpdate(text="All well."), "decided"),
    ],
)
def test_what_may_be_said_when(before: tuple[Any, ...], command: Any, outcome: str):
    assert of(*before).outcome(command) == outcome


def test_what_is_done_as_its_clock_is_late_has_begun_all_the_same():
    later = at(185)
    assert of(SCHEDULED).when(c.CompleteMaintenance(), later) == [
        STARTED,
        e.MaintenanceCompleted(occurred_at=later),
    ]


def test_the_same_update_twice_is_one():
    said = c.PostMaintenanceUpdate(text="Half of it is done.")
    posted = of(SCHEDULED).when(said)
    assert of(SCHEDULED, *posted).when(said) == []


def history(*events: Any) -> WorkHistory:
    found = WorkHistory()
    for recorded in stream("maintenance.x", *events):
        found = DEADLINES.follow(found, recorded, DEFAULT, MAINTENANCE.evolve)
    return found


def due(*events: Any, now: datetime = NOON) -> dict[str, datetime]:
    """When each of its clocks fires next."""
    known = history(*events)
    found = (DEADLINES.next_expiry(each, known, now, DEFAULT) for each in DEADLINES.all)
    return {each.rule: each.fires_at for each in found if each}


def expire(rule: str, due_at: datetime) -> Expire:
    return Expire(rule=rule, fires_at=due_at, due_at=due_at, caused_by=f"{COMMAND_ID}/0")


def test_time_reminds_begins_and_ends():
    assert due(SCHEDULED) == {REMINDER: at(120), START: BEGINS}
    assert due(SCHEDULED, STARTED) == {END: ENDS}
    assert due(SCHEDULED, STARTED, COMPLETED) == {}
    assert due(SCHEDULED, CANCELED) == {}
    reminded = e.MaintenanceReminded(occurred_at=at(120), due_at=at(120), begins=BEGINS, ends=ENDS)
    assert of(SCHEDULED).when(expire(REMINDER, at(120)), at(120)) == [reminded]
    assert of(SCHEDULED).when(expire(START, BEGINS), at(180)) == [STARTED]
    assert of(SCHEDULED, STARTED).when(expire(END, ENDS), at(360)) == [COMPLETED]
    assert due(SCHEDULED, reminded) == {START: BEGINS}


def test_after_an_outage_it_has_begun_and_ended_when_it_was_planned_to():
    assert due(SCHEDULED, now=at(400)) == {START: BEGINS}, "it is too late for a reminder"
    assert of(SCHEDULED).when(expire(REMINDER, at(120)), at(400)) == []
    assert of(SCHEDULED).when(expire(START, BEGINS), at(400)) == [STARTED]
    assert of(SCHEDULED, STARTED).when(expire(END, ENDS), at(400)) == [COMPLETED]


def test_nobody_is_reminded_of_what_was_just_announced_or_wants_no_reminder():
    soon = replace(SCHEDULED, plan=replace(PLAN, begins=at(30)))
    assert REMINDER not in due(soon)
    assert REMINDER not in due(replace(SCHEDULED, plan=replace(PLAN, remind_before_s=0)))


def test_clocks_of_a_plan_that_has_changed_do_nothing_and_new_ones_run():
    moved = e.MaintenanceChanged(
        occurred_at=at(10), plan=replace(PLAN, begins=at(600), ends=at(700))
    )
    assert due(SCHEDULED, moved) == {REMINDER: at(540), START: at(600)}
    for rule, when in ((REMINDER, at(120)), (START, BEGINS)):
        assert of(SCHEDULED, moved).when(expire(rule, when), at(190)) == []
    longer = e.MaintenanceChanged(occurred_at=at(200), plan=replace(PLAN, ends=at(900)))
    assert of(SCHEDULED, STARTED, longer).when(expire(END, ENDS), at(361)) == []


def test_a_reminder_that_waits_in_a_channel_is_not_sent_once_it_is_wrong():
    reminded = e.MaintenanceReminded(occurred_at=at(120), due_at=at(120), begins=BEGINS, ends=ENDS)
    then = MAINTENANCE.fold(MAINTENANCE.initial, (SCHEDULED, reminded))
    moved = e.MaintenanceChanged(
        occurred_at=at(130), plan=replace(PLAN, begins=at(600), ends=at(700))
    )
    for later, answered in ((STARTED, True), (CANCELED, True), (moved, True)):
        [behind] = stream("maintenance.x", later)
        found = DEADLINES.answered_by(reminded, then, (behind,), MAINTENANCE.evolve)
        assert (found is not None) is answered


def test_the_window_follows_what_happened():
    def window(*events: Any) -> Any:
        return MAINTENANCE.fold(MAINTENANCE.initial, events).window

    assert window(SCHEDULED) == (BEGINS, ENDS)
    early = e.MaintenanceStarted(occurred_at=at(100), ends=ENDS)
    done = e.MaintenanceCompleted(occurred_at=at(150))
    assert window(SCHEDULED, early) == (at(100), ENDS)
    assert window(SCHEDULED, early, done) == (at(100), at(150))
    assert window(SCHEDULED, CANCELED) is None


def test_words_are_true():
    """Nobody has said that work is done whose time alone is over."""
    assert describe(COMPLETED) == "The time that was planned for this maintenance is over."
    assert "completed" in describe(e.MaintenanceCompleted(occurred_at=NOON))
    assert describe(SCHEDULED) == "Planned for 2026-05-04 15:00 UTC to 18:00 UTC."


def told(event: Any, *before: Any) -> Any:
    then = MAINTENANCE.fold(MAINTENANCE.initial, before)
    after = MAINTENANCE.fold(then, (event,))
    assert MAINTENANCE.notifiables is not None
    rule = MAINTENANCE.notifiables.rules[type(event)]
    assert rule is not None
    return rule(None, then, event, after)  # type: ignore[arg-type] # nothing was told before


def test_customers_hear_of_what_is_public_alone():
    ours = replace(SCHEDULED, plan=replace(PLAN, public=False))
    assert told(SCHEDULED).audiences == (Audience.ENGINEERING, Audience.CUSTOMERS)
    assert told(ours).audiences == (Audience.ENGINEERING,)
    assert told(STARTED, ours).audiences == (Audience.ENGINEERING,)


def test_a_change_that_readers_do_not_see_is_no_news():
    quiet = e.MaintenanceChanged(occurred_at=NOW, plan=replace(PLAN, suppresses_alerts=False))
    assert told(quiet, SCHEDULED) is None
    assert told(replace(quiet, plan=replace(PLAN, ends=at(400))), SCHEDULED) is not None


def test_whoever_announces_hears_whom_no_channel_tells():
    work = MAINTENANCE.fold(MAINTENANCE.initial, (SCHEDULED,))
    ours = Subscription((Audience.ENGINEERING,), Severity.SEV4)
    both = Subscription((Audience.ENGINEERING, Audience.CUSTOMERS), Severity.SEV4)
    for reach, codes in (
        (Reach(()), ["audience.unreached", "audience.page_alone"]),
        (Reach((ours,)), ["audience.page_alone"]),
        (Reach((both,)), []),
    ):
        remarks = remark_on_reach(SCHEDULE, work, (SCHEDULED,), DEFAULT, reach)
        assert [each.code for each in remarks] == codes


def test_each_note_says_in_which_status_it_was_posted():
    posted = e.MaintenanceUpdatePosted(occurred_at=NOW, text="We begin on time.")
    work = MAINTENANCE.fold(MAINTENANCE.initial, (SCHEDULED, posted, STARTED, posted))
    assert [each.status for each in work.notes] == [
        MaintenanceStatus.SCHEDULED,
        MaintenanceStatus.IN_PROGRESS,
    ]
