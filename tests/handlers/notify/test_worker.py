"""What workers send, in which order, and what they do when it is not taken."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime

import pytest
from msgspec import structs

from adapters.storage.memory.outbox import MemoryIntents
from domain.incident import commands as c
from domain.incident.deadlines.events import DeadlineRule
from domain.kernel.refusal import Refused
from domain.notification import LEDGER, Audience, Resend
from domain.notification.channel import Era
from domain.notification.events import NotificationSuppressed
from domain.notification.intent import Intent
from domain.notification.ledger import AwaitingRetry, Dead, Delivered, Suppressed
from domain.policy import Severity
from domain.policy.reach import Subscription
from handlers.kernel.asks import Meta
from handlers.kernel.ports import Unavailable
from handlers.notify.channels import OutboxPage, Pace, Permanent, Transient
from handlers.notify.worker import resend
from support.delivery_harness import EVERYTHING, NOON, DeliveryHarness, FakeChannel
from support.patience import until

ALICE, BOB, CAROL = (f"0197000{digit}-0000-7000-8000-000000000000" for digit in (1, 2, 3))


def refuse(error: Exception, *, of: str = "") -> Callable[[Intent], None]:
    """An answer that raises for the incidents whose id contains `of`."""

    def answer(intent: Intent) -> None:
        if of in intent.subject.id:
            raise error

    return answer


async def test_what_is_recorded_after_the_start_is_sent_once(harness: DeliveryHarness) -> None:
    channel = FakeChannel()
    worker = harness.worker(channel)
    await worker.step()
    await harness.declare(ALICE)
    for _ in range(3):
        await worker.step()
    assert channel.subjects == [f"[SEV3] INC-1 — {ALICE}"]
    assert harness.results == {("ops", "delivered"): 1}
    [entry] = (await harness.entries(ALICE)).values()
    assert entry.phase == Delivered(NOON, "taken")


async def test_a_channel_that_is_new_sends_nothing_old(harness: DeliveryHarness) -> None:
    first, later = FakeChannel("first"), FakeChannel("later")
    worker = harness.worker(first)
    await worker.step()
    await harness.declare(ALICE)
    await worker.step()
    newcomer = harness.worker(later)
    await newcomer.step()
    await harness.declare(BOB)
    await newcomer.step()
    assert (len(first.taken), later.subjects) == (1, [f"[SEV3] INC-2 — {BOB}"])


async def test_a_channel_that_was_off_sends_what_it_missed(harness: DeliveryHarness) -> None:
    channel = FakeChannel()
    await harness.worker(channel).step()
    await harness.declare(ALICE)
    await harness.worker(channel).step()
    assert len(channel.taken) == 1


async def test_an_audience_that_is_added_hears_nothing_old(harness: DeliveryHarness) -> None:
    channel = FakeChannel()
    worker = harness.worker(channel, Subscription((Audience.EXECUTIVES,), Severity.SEV1))
    await worker.step()
    await harness.declare(ALICE, Severity.SEV2)
    wider = Subscription((Audience.EXECUTIVES, Audience.ENGINEERING), Severity.SEV2)
    await harness.worker(channel, wider).step()
    assert channel.taken == []
    await harness.declare(BOB, Severity.SEV2)
    await harness.worker(channel, wider).step()
    assert [intent.subject.id for intent in channel.taken] == [BOB]


async def test_one_event_reaches_a_channel_once_even_if_it_tells_two_audiences(
    harness: DeliveryHarness,
) -> None:
    channel = FakeChannel()
    both = Subscription((Audience.EXECUTIVES, Audience.ENGINEERING), Severity.SEV4)
    worker = harness.worker(channel, both)
    await worker.step()
    await harness.declare(ALICE, Severity.SEV1)
    await harness.declare(BOB, Severity.SEV3)
    for _ in range(3):
        await worker.step()
    assert [(intent.subject.id, intent.audience) for intent in channel.taken] == [
        (ALICE, Audience.EXECUTIVES),
        (BOB, Audience.ENGINEERING),
    ]


async def test_who_heard_of_a_severe_incident_hears_of_its_end(harness: DeliveryHarness) -> None:
    channel = FakeChannel()
    worker = harness.worker(channel, Subscription((Audience.EXECUTIVES,), Severity.SEV2))
    await worker.step()
    await harness.declare(ALICE, Severity.SEV2)
    await harness.run(ALICE, c.ChangeSeverity(severity=Severity.SEV4, reason="one user only"))
    await harness.run(ALICE, c.Resolve(resolution="rolled back"))
    await worker.step()
    assert sorted(intent.kind for intent in channel.taken) == [
        "declared",
        "resolved",
        "severity_changed",
    ]


async def test_the_most_severe_go_first_then_the_oldest(harness: DeliveryHarness) -> None:
    channel = FakeChannel()
    worker = harness.worker(channel)
    await worker.step()
    for incident, severity in ((ALICE, Severity.SEV3), (BOB, Severity.SEV1)):
        await harness.declare(incident, severity)
    await harness.declare(CAROL, Severity.SEV3)
    await worker.step()
    assert [intent.subject.id for intent in channel.taken] == [BOB, ALICE, CAROL]


async def test_a_failed_attempt_is_repeated_with_growing_waits(harness: DeliveryHarness) -> None:
    channel = FakeChannel()
    worker = harness.worker(channel)
    await worker.step()
    await harness.declare(ALICE)
    channel.answer = refuse(Transient("HTTP 500"))
    attempts = []
    for second in range(40):
        before = len(channel.tried)
        await worker.step()
        attempts += [second] * (len(channel.tried) - before)
        harness.pass_s(1)
    channel.answer = lambda _: None
    harness.pass_s(60)
    await worker.step()
    assert attempts == [0, 2, 6, 14, 30]
    assert len(set(channel.tried)) == 1, "the id stays the same"
    assert len(channel.taken) == 1
    assert harness.results == {("ops", "retrying"): 5, ("ops", "delivered"): 1}


async def test_a_refusal_is_a_dead_letter_that_can_be_sent_again(harness: DeliveryHarness) -> None:
    channel = FakeChannel()
    worker = harness.worker(channel)
    await worker.step()
    await harness.declare(ALICE)
    channel.answer = refuse(Permanent("HTTP 410"))
    await worker.step()
    [entry] = (await harness.entries(ALICE)).values()
    assert isinstance(entry.phase, Dead)
    assert entry.phase.reason == "HTTP 410"
    harness.pass_s(3 * 24 * 3600)
    await worker.step()
    assert len(channel.tried) == 1

    channel.answer = lambda _: None
    transactor = harness.dependencies().transactor
    meta = Meta(command_id="again", actor="ana", correlation_id="again")
    command = Resend(intent_id=channel.tried[0], channel="ops")
    await resend(transactor, ALICE, command, meta)
    await worker.step()
    assert len(channel.taken) == 1
    with pytest.raises(Refused, match="was delivered"):
        await resend(transactor, ALICE, command, structs.replace(meta, command_id="more"))


async def test_retries_end_in_a_dead_letter_after_a_day(harness: DeliveryHarness) -> None:
    channel = FakeChannel()
    worker = harness.worker(channel)
    await worker.step()
    await harness.declare(ALICE)
    channel.answer = refuse(Transient("HTTP 503"))
    for _ in range(26 * 12):
        await worker.step()
        harness.pass_s(300)
    [entry] = (await harness.entries(ALICE)).values()
    assert isinstance(entry.phase, Dead)
    assert entry.attempts == 289, "every 5 minutes, the longest that an open circuit rests"
    assert harness.results["ops", "dead"] == 1


async def test_what_nobody_could_send_for_a_day_is_suppressed(harness: DeliveryHarness) -> None:
    channel = FakeChannel()
    await harness.worker(channel).step()
    await harness.declare(ALICE)
    harness.pass_s(24 * 3600 + 1)
    await harness.worker(channel).step()
    [entry] = (await harness.entries(ALICE)).values()
    assert isinstance(entry.phase, Suppressed)
    assert (entry.phase.reason, channel.tried) == ("expired", [])


async def test_a_prompt_that_was_answered_before_it_was_sent_is_suppressed(
    harness: DeliveryHarness,
) -> None:
    channel = FakeChannel()
    worker = harness.worker(channel)
    await worker.step()
    await harness.declare(ALICE, Severity.SEV1)
    await worker.step()
    harness.pass_s(300)
    await harness.expire(ALICE, DeadlineRule.RESPONSE)
    await harness.run(ALICE, c.Acknowledge())
    await worker.step()
    assert [intent.kind for intent in channel.taken] == ["declared"]
    assert harness.results["ops", "suppressed"] == 1
    [event] = [
        event
        for recorded in await harness.store.load(LEDGER.stream(ALICE))
        for event in recorded.commit.events
        if isinstance(event, NotificationSuppressed)
    ]
    acknowledged = (await harness.store.load(f"incident.{ALICE}"))[-1].commit
    assert (event.reason, event.by) == ("answered", f"{acknowledged.id}/0")


async def test_a_prompt_is_sent_when_it_was_not_answered_in_time(harness: DeliveryHarness) -> None:
    channel = FakeChannel()
    worker = harness.worker(channel)
    await worker.step()
    await harness.declare(ALICE, Severity.SEV1)
    await worker.step()
    harness.pass_s(300)
    await harness.expire(ALICE, DeadlineRule.RESPONSE)
    channel.answer = refuse(Transient("HTTP 503"))
    await worker.step()
    await harness.run(ALICE, c.Acknowledge())
    channel.answer = lambda _: None
    harness.pass_s(60)
    await worker.step()
    kinds = [intent.kind for intent in channel.taken]
    assert kinds == ["declared", "response_overdue"], "who may have got it once gets it whole"


async def test_one_message_that_fails_does_not_hold_up_the_others(harness: DeliveryHarness) -> None:
    channel = FakeChannel()
    worker = harness.worker(channel)
    await worker.step()
    for incident in (ALICE, BOB):
        await harness.declare(incident)
    channel.answer = refuse(ZeroDivisionError("a fault of the channel"), of=ALICE)
    await worker.step()
    assert [intent.subject.id for intent in channel.taken] == [BOB]
    [entry] = (await harness.entries(ALICE)).values()
    assert isinstance(entry.phase, AwaitingRetry)
    assert entry.phase.reason == "ZeroDivisionError: a fault of the channel"


async def test_a_channel_that_fails_does_not_stop_another(harness: DeliveryHarness) -> None:
    broken, sound = FakeChannel("broken"), FakeChannel("sound")
    broken.answer = refuse(Transient("down"))
    tasks = [asyncio.create_task(harness.worker(it).run()) for it in (broken, sound)]
    await asyncio.sleep(0.05)
    await harness.declare(ALICE)
    await until(lambda: bool(sound.taken and broken.tried))
    await stop(*tasks)
    assert broken.taken == []


async def test_retry_after_is_honoured_for_the_whole_channel(harness: DeliveryHarness) -> None:
    channel = FakeChannel()
    worker = harness.worker(channel)
    await worker.step()
    for incident in (ALICE, BOB):
        await harness.declare(incident)
    channel.answer = refuse(Transient("HTTP 429", retry_after_s=30.0))
    await worker.step()
    channel.answer = lambda _: None
    harness.pass_s(29)
    await worker.step()
    assert len(channel.tried) == 1
    harness.pass_s(2)
    await worker.step()
    assert [intent.subject.id for intent in channel.taken] == [ALICE, BOB]


async def test_the_pace_keeps_its_last_tokens_for_sev1(harness: DeliveryHarness) -> None:
    channel = FakeChannel()
    worker = harness.worker(channel, pace=Pace(per_minute=60, burst=3, reserved=1))
    await worker.step()
    await harness.declare(ALICE, Severity.SEV2)
    for text in ("one", "two", "three"):
        await harness.run(ALICE, c.PostUpdate(text=text))
    await worker.step()
    assert len(channel.taken) == 2, "one token is kept"
    await harness.declare(BOB, Severity.SEV1)
    await worker.step()
    assert channel.taken[-1].subject.id == BOB
    harness.pass_s(2)
    await worker.step()
    assert len(channel.taken) == 4, "two seconds give two tokens, one of which is kept again"


async def test_what_another_worker_has_sent_costs_no_token(harness: DeliveryHarness) -> None:
    channel, dependencies = FakeChannel(), harness.dependencies()
    await harness.worker(channel).step()
    await harness.declare(ALICE)
    assert isinstance(dependencies.intents, MemoryIntents)
    await dependencies.intents.catch_up()
    await harness.worker(channel).step()
    dependencies.intents.live = False  # it does not see what the other has recorded
    slow = harness.worker(
        channel, pace=Pace(per_minute=1, burst=1, reserved=0), dependencies=dependencies
    )
    await slow.step()
    assert harness.results == {("ops", "delivered"): 1, ("ops", "taken"): 1}
    dependencies.intents.live = True
    await harness.declare(BOB)
    await slow.step()
    assert [intent.subject.id for intent in channel.taken] == [ALICE, BOB]


async def test_what_is_suppressed_costs_no_token(harness: DeliveryHarness) -> None:
    channel = FakeChannel()
    worker = harness.worker(channel, pace=Pace(per_minute=1, burst=2, reserved=0))
    await worker.step()
    await harness.declare(ALICE, Severity.SEV1)
    await harness.expire(ALICE, DeadlineRule.RESPONSE)
    await harness.expire(ALICE, DeadlineRule.UPDATE_DUE)
    await harness.run(ALICE, c.Acknowledge())
    await harness.run(ALICE, c.PostUpdate(text="rolling back"))
    await worker.step()
    assert [intent.kind for intent in channel.taken] == ["declared", "update"]
    assert harness.results["ops", "suppressed"] == 2


async def test_nothing_is_sent_while_the_ledger_is_out_of_reach(harness: DeliveryHarness) -> None:
    channel = FakeChannel()
    worker = harness.worker(channel)
    await worker.step()
    await harness.declare(ALICE)
    harness.store.down = True
    with pytest.raises(Unavailable):
        await worker.step()
    assert channel.tried == []
    harness.store.down = False
    await worker.step()
    assert len(channel.taken) == 1


async def test_a_receipt_is_written_down_when_the_ledger_is_back(harness: DeliveryHarness) -> None:
    channel = FakeChannel()
    worker = harness.worker(channel)
    await worker.step()
    await harness.declare(ALICE)

    def fall(_: Intent) -> None:
        harness.store.down = True

    channel.afterwards = fall
    step = asyncio.create_task(worker.step())
    await asyncio.sleep(0.05)
    assert not step.done()
    harness.store.down = False
    await step
    [entry] = (await harness.entries(ALICE)).values()
    assert isinstance(entry.phase, Delivered)
    assert len(channel.tried) == 1


async def test_a_worker_that_is_stopped_finishes_what_it_is_sending(
    harness: DeliveryHarness,
) -> None:
    channel = FakeChannel()
    worker = harness.worker(channel)
    await worker.step()
    await harness.declare(ALICE)
    task = asyncio.create_task(worker.run())
    await until(lambda: bool(channel.tried))
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    [entry] = (await harness.entries(ALICE)).values()
    assert isinstance(entry.phase, Delivered)


async def test_a_worker_wakes_when_told_and_survives_an_outage(harness: DeliveryHarness) -> None:
    channel = FakeChannel()
    worker = harness.worker(channel)
    harness.store.down = True
    task = asyncio.create_task(worker.run())
    await asyncio.sleep(0.05)
    harness.store.down = False
    worker.wake()
    await asyncio.sleep(0.05)
    await harness.declare(ALICE)
    worker.wake()
    await until(lambda: bool(channel.taken))
    await stop(task)


async def test_what_is_settled_is_not_looked_at_again(harness: DeliveryHarness) -> None:
    """The worker asks only for what lies behind the last place without open intents."""
    channel, dependencies, asked = FakeChannel(), harness.dependencies(), []
    original = dependencies.intents.pending

    async def pending(
        channel: str, eras: Sequence[Era], after: int, now: datetime, limit: int
    ) -> OutboxPage:
        asked.append(after)
        return await original(channel, eras, after, now, limit)

    dependencies.intents.pending = pending  # type: ignore[method-assign]
    worker = harness.worker(channel, EVERYTHING, dependencies=dependencies)
    await worker.step()
    await harness.declare(ALICE)
    for _ in range(3):
        await worker.step()
    assert asked == [0, 0, channel.taken[0].position - 1, channel.taken[0].position]


async def test_what_comes_to_stand_where_the_log_has_lost_its_end_is_told(
    harness: DeliveryHarness,
) -> None:
    """Rows of before the loss are still looked at when the worker has forgotten already."""
    channel, dependencies = FakeChannel(), harness.dependencies()
    worker = harness.worker(channel, EVERYTHING, dependencies=dependencies)
    await worker.activate()
    copied = await harness.store.head()
    for incident in (ALICE, BOB):
        await harness.declare(incident)
        await worker.step()
        await worker.step()
    harness.store.put_back(copied)
    for who in (harness.executor.transactor, dependencies.transactor, worker):
        who.forget()
    assert isinstance(dependencies.intents, MemoryIntents)
    dependencies.intents.live = False
    await worker.step()
    dependencies.intents.live = True
    dependencies.intents.rebuild()
    await harness.declare(CAROL)
    for _ in range(2):
        await worker.step()
    assert [intent.key for intent in channel.taken] == [ALICE, BOB, CAROL]
    [entry] = (await harness.entries(CAROL)).values()
    assert isinstance(entry.phase, Delivered)


async def stop(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
