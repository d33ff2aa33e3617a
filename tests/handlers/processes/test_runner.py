"""The process runner: what it sends, what it arms, and what answers a race."""

import asyncio
from collections import Counter
from datetime import datetime
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from structlog.testing import capture_logs

from adapters.storage.memory.event_store import MemoryEventStore, MemoryReferences
from adapters.storage.memory.timers import MemoryTimers
from domain.incident import INCIDENT, Command
from domain.incident import commands as c
from domain.incident.deadlines import events as k
from domain.incident.deadlines.events import DeadlineRule
from domain.incident.deadlines.table import DEADLINES
from domain.kernel.aggregate import AnyAggregate
from domain.kernel.commit import NO_COMMIT, Recorded, Unreadable
from domain.kernel.deadline import Expire
from domain.policy import DEFAULT, Severity
from handlers.kernel.asks import Meta
from handlers.kernel.executor import Executor
from handlers.kernel.ports import Unavailable
from handlers.movement import Movement
from handlers.processes import watchdog
from handlers.processes.runner import ProcessDependencies, ProcessRunner, command_id_of
from handlers.processes.timers import Timer, UnknownAggregate
from handlers.processes.watchdog import all_in_log
from handlers.projecting.log_watch import LogWatch
from support.quarterly import (
    QUARTER,
    QUARTERLY,
    Exercise,
    Exercised,
    Retire,
    StaleSuppressed,
    WentStale,
)
from support.spec import NOON, at

ID = "01970001-0000-7000-8000-000000000000"
STREAM = f"incident.{ID}"


class Watch:
    """An incident on a clock that stands still until it is moved, and its process runner."""

    def __init__(self) -> None:
        self.now = NOON
        self.ids = count(1)
        self.store = MemoryEventStore()
        self.timers = MemoryTimers()
        self.executor = Executor(self.store, MemoryReferences(), lambda: self.now, DEFAULT)
        self.runner = self.another()
        self.steps: Counter[tuple[str, str]] = Counter()

    def another(self, *aggregates: AnyAggregate) -> ProcessRunner:
        """A runner as another process has it: with no memory."""
        executor = Executor(self.store, MemoryReferences(), lambda: self.now, DEFAULT)
        needs = ProcessDependencies(
            self.store, executor, self.timers, lambda: self.now, DEFAULT, self
        )
        return ProcessRunner(aggregates or (INCIDENT,), needs)

    def process_step(self, process: str, outcome: str, _lateness_s: float) -> None:
        self.steps[process, outcome] += 1

    async def run(self, command: Command) -> int:
        return await self.run_on(INCIDENT, ID, command)

    async def run_on(self, aggregate: AnyAggregate, id_: str, command: Any) -> int:
        key = f"command-{next(self.ids)}"
        meta = Meta(command_id=key, actor="ada", correlation_id=key)
        if aggregate is INCIDENT:
            return (await self.executor.run(INCIDENT, id_, command, meta)).position
        return (await self.executor.run(aggregate, id_, command, meta)).position

    async def does(self, command: Command) -> None:
        """A command, of which the runner hears."""
        await self.runner.hear(STREAM, await self.run(command))

    async def until(self, minute: float) -> None:
        """Time passes; what fires meanwhile wakes the runner."""
        end = at(minute)
        while (fires := self.timers.next_at()) is not None and fires <= end:
            self.now = max(self.now, fires)
            for timer in self.timers.due(self.now):
                await self.runner.wake(timer)
        self.now = end

    async def log(self) -> list[tuple[str, float]]:
        """What clocks have caused, with the minute at which it was recorded."""
        return [
            (type(event).__name__, (recorded.commit.recorded_at - NOON).total_seconds() / 60)
            for recorded in await self.store.load(STREAM)
            for event in recorded.commit.events
            if isinstance(event, k.DeadlineEvent)
        ]

    async def armed(self) -> dict[str, datetime]:
        return {timer.name: timer.due_at for timer in await self.timers.armed()}


@pytest.fixture
def watch() -> Watch:
    return Watch()


SEV1 = c.Declare(title="Checkout fails", severity=Severity.SEV1)
SEV2 = c.Declare(title="Checkout fails", severity=Severity.SEV2)
SEV3 = c.Declare(title="Checkout fails", severity=Severity.SEV3)


async def test_an_hour_of_a_sev1_that_nobody_answers(watch: Watch):
    await watch.does(SEV1)
    await watch.until(31)
    assert await watch.log() == [
        ("Escalated", 0),  # VP Engineering and CTO
        ("ResponseOverdue", 5),
        ("Escalated", 10),  # nobody has acknowledged it: the last tier
        ("UpdateDue", 10),
        ("FirstUpdateOverdue", 10),
        ("UpdateOverdue", 15),
        ("UpdateDue", 25),
        ("RootCauseOverdue", 30),
        ("UpdateOverdue", 30),
    ]


async def test_what_is_answered_is_cancelled(watch: Watch):
    await watch.does(SEV2)
    assert (await watch.armed())["response"] == at(15)
    await watch.does(c.Acknowledge())
    assert await watch.armed() == {
        "escalation-level": at(15),  # the matrix asks for it, whoever is on it
        "cadence": at(25),
        "root-cause": at(120),
        "escalation-cause": at(120),
    }
    await watch.does(c.Resolve(resolution="r", override="nobody else is there"))
    assert (await watch.armed()).keys() == {"all-clear", "postmortem"}


async def test_an_answer_that_was_first_in_the_log_suppresses_breach_and_escalation(watch: Watch):
    """The timers have fired; the wake-up comes late, after the end."""
    await watch.does(SEV2)
    watch.now = at(15)
    fired = [timer for timer in watch.timers.due(watch.now) if timer.name == "escalation-level"]
    position = await watch.run(c.Resolve(resolution="r", override="nobody else is there"))
    for timer in fired:
        await watch.runner.wake(timer)
    suppressed = [
        event
        for recorded in await watch.store.load(STREAM)
        for event in recorded.commit.events
        if isinstance(event, k.EscalationSuppressed)
    ]
    answered = (await watch.store.load(STREAM))[1]
    assert answered.position == position
    assert [event.rule for event in suppressed] == ["response.overdue", "escalation.severity"]
    for event in suppressed:
        assert event.by == f"{answered.commit.id}/0"
        assert (event.because, event.due_at) == ("resolved", at(15))


async def test_an_escalation_that_was_first_stands_and_nothing_is_suppressed(watch: Watch):
    await watch.does(SEV2)
    await watch.until(15)
    await watch.does(c.Acknowledge())
    await watch.until(20)
    assert [name for name, _ in await watch.log()] == ["ResponseOverdue", "Escalated"]


async def test_two_who_have_seen_different_things_record_one_breach_and_refuse_none(watch: Watch):
    """The one lags behind a raise that sets no earlier time; their commands are not the same."""
    await watch.does(SEV3)
    subject = watch.runner.subject("incident", ID)
    lagging = await watch.runner._histories.look(subject)
    watch.now = at(59)
    await watch.run(c.ChangeSeverity(severity=Severity.SEV2, reason="worse"))
    watch.now = at(60)
    await watch.another().attend("incident", ID)
    response = DEADLINES.owner(DeadlineRule.RESPONSE)
    step = DEADLINES.next_expiry(response, lagging.history, at(60), DEFAULT)
    assert step is not None
    await watch.runner._send(subject, response, step, at(60))
    assert [name for name, _ in await watch.log()].count("ResponseOverdue") == 1
    assert watch.steps["response", "ignored"] == 1


async def test_an_acknowledgement_in_time_leaves_no_trace_of_the_clock(watch: Watch):
    await watch.does(SEV2)
    watch.now = at(10)
    await watch.does(c.Acknowledge())
    await watch.until(24)
    assert await watch.log() == [("Escalated", 15)], "the matrix alone, which asks for it anyway"


async def test_being_woken_twice_or_by_two_runners_adds_nothing(watch: Watch):
    await watch.does(SEV1)
    watch.now = at(5)
    [timer] = [timer for timer in watch.timers.due(watch.now) if timer.name == "response"]
    for runner in (watch.runner, watch.another(), watch.runner):
        await runner.wake(timer)
    assert await watch.log() == [("Escalated", 0), ("ResponseOverdue", 5)]


async def test_a_timer_that_fires_early_is_armed_again(watch: Watch):
    await watch.does(SEV2)
    early = Timer("incident", ID, "response", at(15))
    await watch.timers.cancel(
        "incident", ID, "response"
    )  # as the server does with one that has fired
    await watch.runner.wake(early)
    assert (await watch.armed())["response"] == at(15)
    assert await watch.log() == []


async def test_lost_timers_are_armed_again_by_the_watchdog(watch: Watch):
    await watch.does(SEV2)
    before = await watch.armed()
    watch.timers.lose()
    await watch.runner.sweep([("incident", ID)])
    assert await watch.armed() == before


async def test_the_watchdog_does_what_a_lost_wake_up_would_have_done(watch: Watch):
    await watch.does(SEV2)
    watch.timers.lose()
    watch.now = at(16)
    await watch.another().sweep([("incident", ID)])
    assert [name for name, _ in await watch.log()] == ["ResponseOverdue", "Escalated"]


async def test_an_incident_that_cannot_be_read_does_not_stop_the_watchdog(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
):
    await watch.does(SEV2)
    watch.timers.lose()
    watch.now = at(16)
    usual = watch.store.load

    async def load(stream: str, after: int = 0) -> Any:
        if stream == "incident.unreadable":
            raise AssertionError("a commit in the log that this version cannot read")
        return await usual(stream, after)

    monkeypatch.setattr(watch.store, "load", load)
    await watch.another().sweep([("incident", "unreadable"), ("incident", ID)])
    assert [name for name, _ in await watch.log()] == ["ResponseOverdue", "Escalated"]


async def test_what_cannot_be_read_rests_the_deadlines_of_its_own_and_of_no_other(watch: Watch):
    other = "01970001-0000-7000-8000-000000000001"
    await watch.does(SEV2)
    position = await watch.run_on(INCIDENT, other, SEV2)
    await watch.runner.hear(f"incident.{other}", position)
    why = Unreadable(subject=STREAM, code="tag.unknown", reason="a newer release wrote it")
    strange = Recorded(position + 1, STREAM, NO_COMMIT, b"?", why)
    watch.store._log.append(strange)
    watch.store._streams[STREAM].append(strange)
    with capture_logs() as lines:
        await watch.runner.follow(STREAM, [strange])
        await watch.until(20)
    assert "process.half_history" in {line["event"] for line in lines}
    assert await watch.log() == []
    told = [
        type(event).__name__
        for recorded in await watch.store.load(f"incident.{other}")
        for event in recorded.commit.events
    ]
    assert "ResponseOverdue" in told


async def test_after_an_outage_the_missed_updates_are_one_breach_with_their_number(watch: Watch):
    await watch.does(SEV1)
    await watch.does(c.Acknowledge())
    watch.timers.lose()
    watch.now = at(62)
    await watch.another().sweep([("incident", ID)])
    commits = await watch.store.load(STREAM)
    events = [event for recorded in commits for event in recorded.commit.events]
    [found] = [event for event in events if isinstance(event, k.UpdateOverdue)]
    assert (found.occurred_at, found.first_due_at, found.due_at) == (at(62), at(15), at(60))
    assert (found.missed, found.superseded) == (4, False)


async def test_another_instance_that_has_seen_less_does_not_count_them_again(watch: Watch):
    await watch.does(SEV1)
    await watch.does(c.Acknowledge())
    watch.timers.lose()
    watch.now = at(47)
    late = watch.another()
    known = await late._histories.look(late.subject("incident", ID))
    await watch.another().sweep([("incident", ID)])
    watch.now = at(62)
    [cadence] = [each for each in DEADLINES.all if each.name == "cadence"]
    stale = DEADLINES.next_expiry(cadence, known.history, watch.now, DEFAULT)
    assert stale is not None
    await late._send(late.subject("incident", ID), cadence, stale, watch.now)
    await late.sweep([("incident", ID)])
    commits = await watch.store.load(STREAM)
    events = [event for recorded in commits for event in recorded.commit.events]
    counted = [event.missed for event in events if isinstance(event, k.UpdateOverdue)]
    assert counted == [3, 1]


async def test_without_timers_it_says_so_and_the_next_wake_up_mends_it(watch: Watch):
    position = await watch.run(SEV2)
    watch.timers.down = True
    with pytest.raises(Unavailable):
        await watch.runner.hear(STREAM, position)
    watch.timers.down = False
    await watch.runner.attend("incident", ID)
    assert "response" in await watch.armed()


async def test_news_that_it_could_not_act_upon_is_not_taken_as_known(watch: Watch):
    position = await watch.run(SEV2)
    watch.timers.down = True
    with pytest.raises(Unavailable):
        await watch.runner.hear(STREAM, position)
    watch.timers.down = False
    await watch.runner.hear(STREAM, position)
    assert "response" in await watch.armed()


async def test_an_update_between_question_and_answer_starts_the_next_interval(watch: Watch):
    """The deadline expired for nothing, and nobody tells us of what we have read by then."""
    await watch.does(SEV1)
    await watch.does(c.Acknowledge())
    await watch.until(14)
    watch.now = at(15)
    usual = watch.executor

    async def first_the_update(aggregate: Any, id_: str, command: Any, meta: Meta) -> Any:
        if isinstance(command, Expire):
            watch.runner._executor = usual
            await watch.run(c.PostUpdate(text="t"))
        return await usual.run(aggregate, id_, command, meta)

    watch.runner._executor = SimpleNamespace(run=first_the_update)  # type: ignore[assignment]
    for timer in watch.timers.due(watch.now):
        await watch.runner.wake(timer)
    assert "UpdateOverdue" not in [name for name, _ in await watch.log()]
    assert (await watch.armed())["cadence"] == at(25)


async def test_what_changes_while_timers_are_set_is_asked_about_once_more(watch: Watch):
    """A timer that was set by what is outdated by then must not stay."""
    position = await watch.run(SEV3)
    usual = watch.timers.arm

    async def meanwhile(timer: Timer) -> None:
        watch.timers.arm = usual  # type: ignore[method-assign]
        raise_it = c.ChangeSeverity(severity=Severity.SEV1, reason="worse")
        await watch.another().hear(STREAM, await watch.run(raise_it))
        await usual(timer)

    watch.timers.arm = meanwhile  # type: ignore[method-assign]
    await watch.runner.hear(STREAM, position)
    assert (await watch.armed())["response"] == at(5)


async def test_a_timer_that_another_instance_has_moved_is_moved_back(watch: Watch):
    """The one remembers for when it had armed it; the severity came and went meanwhile."""
    other = watch.another()
    await watch.does(SEV3)
    await watch.does(c.Acknowledge())
    for severity in (Severity.SEV2, Severity.SEV3):
        position = await watch.run(c.ChangeSeverity(severity=severity, reason="reviewed"))
        for runner in (watch.runner, other):
            await runner.hear(STREAM, position)
    assert (await watch.armed())["cadence"] == at(115)
    await watch.another().hear(STREAM, 1)
    await watch.timers.arm(Timer("incident", ID, "cadence", at(25)))  # by one who has died since
    await watch.runner.sweep([("incident", ID)])
    assert (await watch.armed())["cadence"] == at(115)


async def test_the_watchdog_may_learn_what_is_armed_while_a_timer_is_cancelled(watch: Watch):
    await watch.does(SEV2)
    position = await watch.run(c.Acknowledge())
    usual = watch.timers.cancel

    async def meanwhile(aggregate: str, key: str, name: str) -> None:
        await usual(aggregate, key, name)
        await watch.runner.begin()

    watch.timers.cancel = meanwhile  # type: ignore[method-assign]
    await watch.runner.hear(STREAM, position)
    kept = {"cadence", "root-cause", "escalation-cause", "escalation-level"}
    assert (await watch.armed()).keys() == kept


async def test_a_step_that_is_refused_is_no_endless_loop_and_stops_nobody_else(watch: Watch):
    await watch.does(SEV1)
    await watch.does(c.Acknowledge())
    known = await watch.runner._histories.look(watch.runner.subject("incident", ID))
    cadence = DEADLINES.owner(DeadlineRule.UPDATE_DUE)
    step = DEADLINES.next_expiry(cadence, known.history, at(1), DEFAULT)
    assert step is not None
    taken = command_id_of(ID, step)
    meta = Meta(command_id=taken, actor="ada", correlation_id=taken)
    await watch.executor.run(INCIDENT, ID, c.AddNote(text="t"), meta)
    with capture_logs():  # to print a traceback with all that is known takes seconds
        await watch.until(12)
        assert watch.steps["cadence", "refused"] >= 1, "again each time that another clock goes off"
        watch.now = at(31)
        await watch.runner.sweep([("incident", ID)])
    assert sum([name == "UpdateOverdue" for name, _ in await watch.log()]) == 1


async def test_what_it_has_seen_already_is_not_read_again(watch: Watch):
    position = await watch.run(SEV2)
    await watch.runner.hear(STREAM, position)
    watch.timers.down = True
    await watch.runner.hear(STREAM, position)


async def test_from_mitigation_to_the_all_clear(watch: Watch):
    await watch.does(SEV1)
    await watch.does(c.Acknowledge())
    watch.now = at(5)
    await watch.does(c.Mitigate(mitigation="rolled back", override="nobody else is there"))
    await watch.until(21)
    await watch.does(c.PostUpdate(text="Recovering."))
    await watch.does(c.Resolve(resolution="held", override="nobody else is there"))
    await watch.until(21 + 48 * 60 + 1)
    assert (await watch.log())[-6:] == [
        ("MonitoringEnded", 20),
        ("PostmortemRequested", 21),
        ("AllClear", 36),
        ("PostmortemReminded", 21 + 24 * 60),
        ("PostmortemReminded", 21 + 44 * 60),
        ("PostmortemOverdue", 21 + 48 * 60),
    ]
    assert await watch.armed() == {}


RUNBOOK = "restore-checkout"


async def test_another_aggregate_with_a_name_for_its_id_has_deadlines_of_its_own(watch: Watch):
    await watch.does(SEV2)
    runner = watch.another(INCIDENT, QUARTERLY)
    position = await watch.run_on(QUARTERLY, RUNBOOK, Exercise())
    await runner.hear(f"quarterly.{RUNBOOK}", position)
    armed = [timer for timer in await watch.timers.armed() if timer.aggregate == "quarterly"]
    assert armed == [Timer("quarterly", RUNBOOK, "stale", NOON + QUARTER)]
    watch.now = NOON + QUARTER
    for runner_again in (runner, watch.another(QUARTERLY)):
        await runner_again.wake(armed[0])
    events = [
        event
        for recorded in await watch.store.load(f"quarterly.{RUNBOOK}")
        for event in recorded.commit.events
    ]
    assert events == [
        Exercised(occurred_at=NOON),
        WentStale(occurred_at=watch.now, due_at=NOON + QUARTER),
    ]


async def test_aggregates_of_two_kinds_with_the_same_id_are_two(watch: Watch):
    runner = watch.another(INCIDENT, QUARTERLY)
    for aggregate, command in ((INCIDENT, SEV3), (QUARTERLY, Exercise())):
        position = await watch.run_on(aggregate, ID, command)
        await runner.hear(aggregate.stream(ID), position)
    armed = {(timer.aggregate, timer.name) for timer in await watch.timers.armed()}
    assert armed == {
        ("incident", "response"),
        ("incident", "escalation-level"),
        ("incident", "cadence"),
        ("quarterly", "stale"),
    }


async def test_what_answers_a_race_is_on_record_whatever_the_aggregate(watch: Watch):
    runner = watch.another(QUARTERLY)
    await runner.hear(f"quarterly.{RUNBOOK}", await watch.run_on(QUARTERLY, RUNBOOK, Exercise()))
    watch.now = NOON + QUARTER
    [fired] = watch.timers.due(watch.now)
    position = await watch.run_on(QUARTERLY, RUNBOOK, Retire())
    await runner.wake(fired)
    history = await watch.store.load(f"quarterly.{RUNBOOK}")
    answer = next(recorded for recorded in history if recorded.position == position)
    assert [event for recorded in history[2:] for event in recorded.commit.events] == [
        StaleSuppressed(occurred_at=watch.now, due_at=NOON + QUARTER, by=f"{answer.commit.id}/0")
    ]


async def test_a_timer_of_an_aggregate_that_nobody_knows_is_not_taken_as_handled(watch: Watch):
    stray = Timer("runbook", RUNBOOK, "stale", at(5))
    await watch.timers.arm(stray)
    with capture_logs() as logs:
        for _ in range(2):
            await watch.runner.begin()
    assert watch.runner.strays == [stray]
    assert [line["aggregate"] for line in logs if line["event"] == "timer.stray"] == ["runbook"]
    with pytest.raises(UnknownAggregate, match="runbook"):
        await watch.runner.wake(stray)
    assert await watch.timers.armed() == [stray], "it is not ours to take away"


async def test_the_watchdog_asks_about_all_there_are_where_no_read_model_knows(watch: Watch):
    names = ("a", "b")
    for name in names:
        await watch.run_on(QUARTERLY, name, Exercise())
    await watch.does(SEV3)
    ask = all_in_log(watch.store, "quarterly", LogWatch(watch.store).report)
    assert await ask() == ["a", "b"]
    await watch.run_on(QUARTERLY, "c", Exercise())
    assert await ask() == ["a", "b", "c"]
    runner = watch.another(QUARTERLY)
    watching = asyncio.create_task(watchdog.watch(runner, {"quarterly": ask}, 3600, Movement()))
    await asyncio.sleep(0.01)
    watching.cancel()
    armed = [timer.key for timer in await watch.timers.armed() if timer.name == "stale"]
    assert armed == ["a", "b", "c"]


def test_it_follows_the_streams_of_all_aggregates_that_have_deadlines(watch: Watch):
    assert watch.another(INCIDENT, QUARTERLY).prefixes == ["incident.", "quarterly."]


class Reads:
    """How often histories are read."""

    def __init__(self, watch: Watch) -> None:
        self.count = 0
        load = watch.store.load

        async def counted(stream: str, after: int = 0) -> Any:
            self.count += 1
            return await load(stream, after)

        watch.store.load = counted  # type: ignore[method-assign]


async def follow(watch: Watch, command: Command) -> None:
    """A command, of which the runner hears by following the log."""
    position = await watch.run(command)
    commits = await MemoryEventStore.load(watch.store, STREAM, position - 1)
    await watch.runner.follow(STREAM, commits)


async def test_who_follows_the_log_reads_no_history_for_what_moves_no_deadline(watch: Watch):
    await follow(watch, SEV1)
    await follow(watch, c.Acknowledge())
    reads, armed, asked = Reads(watch), await watch.armed(), watch.runner.attend
    watch.runner.attend = never  # type: ignore[method-assign]
    for number in range(3):
        await follow(watch, c.AddNote(text=f"note {number}"))
    assert reads.count == 0
    assert await watch.armed() == armed
    watch.runner.attend = asked  # type: ignore[method-assign]
    watch.now = at(5)
    await follow(watch, c.PostUpdate(text="Still down."))
    assert (await watch.armed())["cadence"] == at(15)


async def never(*_: Any, **__: Any) -> None:
    raise AssertionError("nothing has moved a deadline")


async def test_what_could_not_be_attended_to_is_by_the_next_commit_whatever_it_is(watch: Watch):
    watch.timers.down = True
    with pytest.raises(Unavailable):
        await follow(watch, SEV1)
    watch.timers.down = False
    await follow(watch, c.AddNote(text="Looking."))
    assert "response" in await watch.armed()


async def test_what_goes_by_while_a_history_is_read_is_not_left_out(watch: Watch):
    """The answer was on its way when the next commit came; a third is folded upon both."""
    position = await watch.run(SEV1)
    load, runner = watch.store.load, watch.runner

    async def slow(stream: str, after: int = 0) -> Any:
        watch.store.load = load  # type: ignore[method-assign]
        found = await load(stream, after)
        noted = await watch.run(c.Acknowledge())
        commits = await load(STREAM, noted - 1)
        runner._histories.follow(runner.subject("incident", ID), commits)
        return found

    watch.store.load = slow  # type: ignore[method-assign]
    await runner.hear(STREAM, position)
    await follow(watch, c.AddNote(text="t"))
    known = runner._histories.known(STREAM)
    assert known is not None
    assert known.history.acknowledged is not None
