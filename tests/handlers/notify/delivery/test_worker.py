"""What couriers send, in which order, and what they do when it is not taken."""

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
from domain.notification import Audience, Resend, stream_of
from domain.notification.channel import Era
from domain.notification.events import NotificationSuppressed
from domain.notification.ledger import Dead, Delivered, Suppressed, Waiting
from domain.policy import Severity
from handlers.kernel.ports import Unavailable
from handlers.kernel.transact import Meta
from handlers.notify.channels import OutboxPage, Permanent, Subscription, Transient
from handlers.notify.pacing import Pace
from handlers.notify.worker import resend
from projections.outbox.intents import Intent
from support.delivery_harness import EVERYTHING, NOON, Office, Outbox

ALICE, BOB, CAROL = (f"0197000{digit}-0000-7000-8000-000000000000" for digit in (1, 2, 3))


def refuse(error: Exception, *, of: str = "") -> Callable[[Intent], None]:
    """An answer that raises for the incidents whose id contains `of`."""

    def answer(intent: Intent) -> None:
        if of in intent.incident_id:
            raise error

    return answer


async def test_what_is_recorded_after_the_start_is_sent_once(office: Office) -> None:
    outbox = Outbox()
    courier = office.courier(outbox)
    await courier.step()
    await office.declare(ALICE)
    for _ in range(3):
        await courier.step()
    assert outbox.subjects == [f"[SEV3] INC-1 — {ALICE}"]
    assert office.results == {("ops", "delivered"): 1}
    [entry] = (await office.entries(ALICE)).values()
    assert entry.phase == Delivered(NOON, "taken")


async def test_a_channel_that_is_new_sends_nothing_old(office: Office) -> None:
    first, later = Outbox("first"), Outbox("later")
    courier = office.courier(first)
    await courier.step()
    await office.declare(ALICE)
    await courier.step()
    newcomer = office.courier(later)
    await newcomer.step()
    await office.declare(BOB)
    await newcomer.step()
    assert (len(first.taken), later.subjects) == (1, [f"[SEV3] INC-2 — {BOB}"])


async def test_a_channel_that_was_off_sends_what_it_missed(office: Office) -> None:
    outbox = Outbox()
    await office.courier(outbox).step()
    await office.declare(ALICE)
    await office.courier(outbox).step()
    assert len(outbox.taken) == 1


async def test_an_audience_that_is_added_hears_nothing_old(office: Office) -> None:
    outbox = Outbox()
    courier = office.courier(outbox, Subscription((Audience.EXECUTIVES,), Severity.SEV1))
    await courier.step()
    await office.declare(ALICE, Severity.SEV2)
    wider = Subscription((Audience.EXECUTIVES, Audience.ENGINEERING), Severity.SEV2)
    await office.courier(outbox, wider).step()
    assert outbox.taken == []
    await office.declare(BOB, Severity.SEV2)
    await office.courier(outbox, wider).step()
    assert [intent.incident_id for intent in outbox.taken] == [BOB]


async def test_one_event_reaches_a_channel_once_even_if_it_tells_two_audiences(
    office: Office,
) -> None:
    outbox = Outbox()
    both = Subscription((Audience.EXECUTIVES, Audience.ENGINEERING), Severity.SEV4)
    courier = office.courier(outbox, both)
    await courier.step()
    await office.declare(ALICE, Severity.SEV1)
    await office.declare(BOB, Severity.SEV3)
    for _ in range(3):
        await courier.step()
    assert [(intent.incident_id, intent.audience) for intent in outbox.taken] == [
        (ALICE, Audience.EXECUTIVES),
        (BOB, Audience.ENGINEERING),
    ]


async def test_who_heard_of_a_severe_incident_hears_of_its_end(office: Office) -> None:
    outbox = Outbox()
    courier = office.courier(outbox, Subscription((Audience.EXECUTIVES,), Severity.SEV2))
    await courier.step()
    await office.declare(ALICE, Severity.SEV2)
    await office.run(ALICE, c.ChangeSeverity(severity=Severity.SEV4, reason="one user only"))
    await office.run(ALICE, c.Resolve(resolution="rolled back"))
    await courier.step()
    assert sorted(intent.kind for intent in outbox.taken) == [
        "declared",
        "resolved",
        "severity_changed",
    ]


async def test_the_most_severe_go_first_then_the_oldest(office: Office) -> None:
    outbox = Outbox()
    courier = office.courier(outbox)
    await courier.step()
    for incident, severity in ((ALICE, Severity.SEV3), (BOB, Severity.SEV1)):
        await office.declare(incident, severity)
    await office.declare(CAROL, Severity.SEV3)
    await courier.step()
    assert [intent.incident_id for intent in outbox.taken] == [BOB, ALICE, CAROL]


async def test_a_failed_attempt_is_repeated_with_growing_waits(office: Office) -> None:
    outbox = Outbox()
    courier = office.courier(outbox)
    await courier.step()
    await office.declare(ALICE)
    outbox.answer = refuse(Transient("HTTP 500"))
    attempts = []
    for second in range(40):
        before = len(outbox.tried)
        await courier.step()
        attempts += [second] * (len(outbox.tried) - before)
        office.pass_s(1)
    outbox.answer = lambda _: None
    office.pass_s(60)
    await courier.step()
    assert attempts == [0, 2, 6, 14, 30]
    assert len(set(outbox.tried)) == 1, "the id stays the same"
    assert len(outbox.taken) == 1
    assert office.results == {("ops", "retrying"): 5, ("ops", "delivered"): 1}


async def test_a_refusal_is_a_dead_letter_that_can_be_sent_again(office: Office) -> None:
    outbox = Outbox()
    courier = office.courier(outbox)
    await courier.step()
    await office.declare(ALICE)
    outbox.answer = refuse(Permanent("HTTP 410"))
    await courier.step()
    [entry] = (await office.entries(ALICE)).values()
    assert isinstance(entry.phase, Dead)
    assert entry.phase.reason == "HTTP 410"
    office.pass_s(3 * 24 * 3600)
    await courier.step()
    assert len(outbox.tried) == 1

    outbox.answer = lambda _: None
    transactor = office.means().transactor
    meta = Meta(command_id="again", actor="ana", correlation_id="again")
    command = Resend(intent_id=outbox.tried[0], channel="ops")
    await resend(transactor, ALICE, command, meta)
    await courier.step()
    assert len(outbox.taken) == 1
    with pytest.raises(Refused, match="was delivered"):
        await resend(transactor, ALICE, command, structs.replace(meta, command_id="more"))


async def test_retries_end_in_a_dead_letter_after_a_day(office: Office) -> None:
    outbox = Outbox()
    courier = office.courier(outbox)
    await courier.step()
    await office.declare(ALICE)
    outbox.answer = refuse(Transient("HTTP 503"))
    for _ in range(26 * 12):
        await courier.step()
        office.pass_s(300)
    [entry] = (await office.entries(ALICE)).values()
    assert isinstance(entry.phase, Dead)
    assert entry.attempts == 289, "every 5 minutes, the longest that an open circuit rests"
    assert office.results["ops", "dead"] == 1


async def test_what_nobody_could_send_for_a_day_is_suppressed(office: Office) -> None:
    outbox = Outbox()
    await office.courier(outbox).step()
    await office.declare(ALICE)
    office.pass_s(24 * 3600 + 1)
    await office.courier(outbox).step()
    [entry] = (await office.entries(ALICE)).values()
    assert isinstance(entry.phase, Suppressed)
    assert (entry.phase.reason, outbox.tried) == ("expired", [])


async def test_a_prompt_that_was_answered_before_it_was_sent_is_suppressed(
    office: Office,
) -> None:
    outbox = Outbox()
    courier = office.courier(outbox)
    await courier.step()
    await office.declare(ALICE, Severity.SEV1)
    await courier.step()
    office.pass_s(300)
    await office.expire(ALICE, DeadlineRule.RESPONSE)
    await office.run(ALICE, c.Acknowledge())
    await courier.step()
    assert [intent.kind for intent in outbox.taken] == ["declared"]
    assert office.results["ops", "suppressed"] == 1
    [event] = [
        event
        for recorded in await office.store.load(stream_of(ALICE))
        for event in recorded.commit.events
        if isinstance(event, NotificationSuppressed)
    ]
    acknowledged = (await office.store.load(f"incident.{ALICE}"))[-1].commit
    assert (event.reason, event.by) == ("answered", f"{acknowledged.id}/0")


async def test_a_prompt_is_sent_when_it_was_not_answered_in_time(office: Office) -> None:
    outbox = Outbox()
    courier = office.courier(outbox)
    await courier.step()
    await office.declare(ALICE, Severity.SEV1)
    await courier.step()
    office.pass_s(300)
    await office.expire(ALICE, DeadlineRule.RESPONSE)
    outbox.answer = refuse(Transient("HTTP 503"))
    await courier.step()
    await office.run(ALICE, c.Acknowledge())
    outbox.answer = lambda _: None
    office.pass_s(60)
    await courier.step()
    kinds = [intent.kind for intent in outbox.taken]
    assert kinds == ["declared", "response_overdue"], "who may have got it once gets it whole"


async def test_one_message_that_fails_does_not_hold_up_the_others(office: Office) -> None:
    outbox = Outbox()
    courier = office.courier(outbox)
    await courier.step()
    for incident in (ALICE, BOB):
        await office.declare(incident)
    outbox.answer = refuse(ZeroDivisionError("a fault of the channel"), of=ALICE)
    await courier.step()
    assert [intent.incident_id for intent in outbox.taken] == [BOB]
    [entry] = (await office.entries(ALICE)).values()
    assert isinstance(entry.phase, Waiting)
    assert entry.phase.reason == "ZeroDivisionError: a fault of the channel"


async def test_a_channel_that_fails_does_not_stop_another(office: Office) -> None:
    broken, sound = Outbox("broken"), Outbox("sound")
    broken.answer = refuse(Transient("down"))
    tasks = [asyncio.create_task(office.courier(it).run()) for it in (broken, sound)]
    await asyncio.sleep(0.05)
    await office.declare(ALICE)
    await until(lambda: bool(sound.taken and broken.tried))
    await stop(*tasks)
    assert broken.taken == []


async def test_retry_after_is_honoured_for_the_whole_channel(office: Office) -> None:
    outbox = Outbox()
    courier = office.courier(outbox)
    await courier.step()
    for incident in (ALICE, BOB):
        await office.declare(incident)
    outbox.answer = refuse(Transient("HTTP 429", retry_after_s=30.0))
    await courier.step()
    outbox.answer = lambda _: None
    office.pass_s(29)
    await courier.step()
    assert len(outbox.tried) == 1
    office.pass_s(2)
    await courier.step()
    assert [intent.incident_id for intent in outbox.taken] == [ALICE, BOB]


async def test_the_pace_keeps_its_last_tokens_for_sev1(office: Office) -> None:
    outbox = Outbox()
    courier = office.courier(outbox, pace=Pace(per_minute=60, burst=3, reserved=1))
    await courier.step()
    await office.declare(ALICE, Severity.SEV2)
    for text in ("one", "two", "three"):
        await office.run(ALICE, c.PostUpdate(text=text))
    await courier.step()
    assert len(outbox.taken) == 2, "one token is kept"
    await office.declare(BOB, Severity.SEV1)
    await courier.step()
    assert outbox.taken[-1].incident_id == BOB
    office.pass_s(2)
    await courier.step()
    assert len(outbox.taken) == 4, "two seconds give two tokens, one of which is kept again"


async def test_what_another_courier_has_sent_costs_no_token(office: Office) -> None:
    outbox, means = Outbox(), office.means()
    await office.courier(outbox).step()
    await office.declare(ALICE)
    assert isinstance(means.intents, MemoryIntents)
    await means.intents.catch_up()
    await office.courier(outbox).step()
    means.intents.live = False  # it does not see what the other has recorded
    slow = office.courier(outbox, pace=Pace(per_minute=1, burst=1, reserved=0), means=means)
    await slow.step()
    assert office.results == {("ops", "delivered"): 1, ("ops", "taken"): 1}
    means.intents.live = True
    await office.declare(BOB)
    await slow.step()
    assert [intent.incident_id for intent in outbox.taken] == [ALICE, BOB]


async def test_what_is_suppressed_costs_no_token(office: Office) -> None:
    outbox = Outbox()
    courier = office.courier(outbox, pace=Pace(per_minute=1, burst=2, reserved=0))
    await courier.step()
    await office.declare(ALICE, Severity.SEV1)
    await office.expire(ALICE, DeadlineRule.RESPONSE)
    await office.expire(ALICE, DeadlineRule.UPDATE_DUE)
    await office.run(ALICE, c.Acknowledge())
    await office.run(ALICE, c.PostUpdate(text="rolling back"))
    await courier.step()
    assert [intent.kind for intent in outbox.taken] == ["declared", "update"]
    assert office.results["ops", "suppressed"] == 2


async def test_nothing_is_sent_while_the_ledger_is_out_of_reach(office: Office) -> None:
    outbox = Outbox()
    courier = office.courier(outbox)
    await courier.step()
    await office.declare(ALICE)
    office.store.down = True
    with pytest.raises(Unavailable):
        await courier.step()
    assert outbox.tried == []
    office.store.down = False
    await courier.step()
    assert len(outbox.taken) == 1


async def test_a_receipt_is_written_down_when_the_ledger_is_back(office: Office) -> None:
    outbox = Outbox()
    courier = office.courier(outbox)
    await courier.step()
    await office.declare(ALICE)

    def fall(_: Intent) -> None:
        office.store.down = True

    outbox.afterwards = fall
    step = asyncio.create_task(courier.step())
    await asyncio.sleep(0.05)
    assert not step.done()
    office.store.down = False
    await step
    [entry] = (await office.entries(ALICE)).values()
    assert isinstance(entry.phase, Delivered)
    assert len(outbox.tried) == 1


async def test_a_courier_that_is_stopped_finishes_what_it_is_sending(office: Office) -> None:
    outbox = Outbox()
    courier = office.courier(outbox)
    await courier.step()
    await office.declare(ALICE)
    task = asyncio.create_task(courier.run())
    await until(lambda: bool(outbox.tried))
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    [entry] = (await office.entries(ALICE)).values()
    assert isinstance(entry.phase, Delivered)


async def test_a_courier_wakes_when_told_and_survives_an_outage(office: Office) -> None:
    outbox = Outbox()
    courier = office.courier(outbox)
    office.store.down = True
    task = asyncio.create_task(courier.run())
    await asyncio.sleep(0.05)
    office.store.down = False
    courier.wake()
    await asyncio.sleep(0.05)
    await office.declare(ALICE)
    courier.wake()
    await until(lambda: bool(outbox.taken))
    await stop(task)


async def test_what_is_settled_is_not_looked_at_again(office: Office) -> None:
    """The courier asks only for what lies behind the last place without open intents."""
    outbox, means, asked = Outbox(), office.means(), []
    original = means.intents.pending

    async def pending(
        channel: str, eras: Sequence[Era], after: int, now: datetime, limit: int
    ) -> OutboxPage:
        asked.append(after)
        return await original(channel, eras, after, now, limit)

    means.intents.pending = pending  # type: ignore[method-assign]
    courier = office.courier(outbox, EVERYTHING, means=means)
    await courier.step()
    await office.declare(ALICE)
    for _ in range(3):
        await courier.step()
    assert asked == [0, 0, outbox.taken[0].position - 1, outbox.taken[0].position]


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - the courier tells nobody
            await asyncio.sleep(0)


async def stop(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
