"""What somebody writes into the outbox changes neither what is sent nor to whom."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

import pytest
from msgspec.structs import replace as with_fields

from adapters.storage.memory.outbox import MemoryIntents
from domain.incident import commands as c
from domain.incident.terms import Kind
from domain.incident.visibility.visibility_commands import PrivateTo, SetVisibility
from domain.notification import Audience
from domain.notification.channel import Era
from domain.notification.intent import Intent, intent_id
from domain.policy import Severity
from domain.policy.reach import Subscription
from handlers.notify.channels import OpenIntent, OutboxPage
from support.delivery_harness import DeliveryHarness, FakeChannel

ALICE, BOB = "01970001-0000-7000-8000-00000000000a", "01970001-0000-7000-8000-00000000000b"
EXECUTIVES = Subscription((Audience.EXECUTIVES,), Severity.SEV1)


class WrittenIntents(MemoryIntents):
    """An outbox in which somebody has written: all rows, whomever they are for, after `write`."""

    write: Callable[[Intent], Intent]
    also_ahead = 0

    async def pending(
        self, channel: str, eras: Sequence[Era], after: int, now: datetime, limit: int
    ) -> OutboxPage:
        await self.catch_up()
        rows = [
            OpenIntent(self.write(intent), 0)
            for intent in self.intents.values()
            if intent.position > after and (intent.id, channel) not in self.deliveries
        ]
        horizon = max([self.also_ahead, *(row.intent.position for row in rows)])
        return OutboxPage(rows[:limit], horizon, self.build)


def written(harness: DeliveryHarness, write: Callable[[Intent], Intent]) -> WrittenIntents:
    intents = WrittenIntents(harness.store)
    intents.write = write
    return intents


async def sent(
    harness: DeliveryHarness,
    write: Callable[[Intent], Intent],
    subscription: Subscription,
    command: c.Command,
    *more: c.Command,
) -> FakeChannel:
    """What goes through a channel of one incident, and of Bob's, which nobody writes about."""
    channel = FakeChannel()
    by = replace(
        harness.dependencies(),
        intents=written(harness, lambda it: write(it) if it.subject.id == ALICE else it),
    )
    worker = harness.worker(channel, subscription, dependencies=by)
    await worker.step()
    for each in (command, *more):
        await harness.run(ALICE, each)
    await harness.run(BOB, c.Declare(title="Bob's", severity=Severity.SEV1))
    for _ in range(3):
        await worker.step()
    return channel


def to_executives(intent: Intent) -> Intent:
    return with_fields(
        intent,
        audience=Audience.EXECUTIVES,
        id=intent_id(intent.event_id, Audience.EXECUTIVES),
        severity=Severity.SEV1,
        peak=Severity.SEV1,
    )


async def test_a_row_cannot_name_another_audience(harness: DeliveryHarness) -> None:
    quiet = c.Declare(title="Alice's", severity=Severity.SEV4)
    channel = await sent(harness, to_executives, EXECUTIVES, quiet)
    assert [intent.subject.id for intent in channel.taken] == [BOB]
    assert await harness.entries(ALICE) == {}


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(lambda it: with_fields(it, kind="resolved"), id="kind"),
        pytest.param(lambda it: with_fields(it, severity=Severity.SEV1), id="severity"),
        pytest.param(lambda it: with_fields(it, drill=True), id="drill"),
        pytest.param(
            lambda it: with_fields(it, subject=with_fields(it.subject, title="x", reference="y")),
            id="names",
        ),
    ],
)
async def test_what_a_row_says_of_its_event_is_read_from_the_log(
    harness: DeliveryHarness, write: Callable[[Intent], Intent]
) -> None:
    """A page is not lost because somebody has written about it."""
    everything = Subscription((Audience.ENGINEERING,), Severity.SEV4)
    plain = c.Declare(title="Alice's", severity=Severity.SEV3)
    channel = await sent(harness, write, everything, plain)
    assert sorted(channel.subjects) == ["[SEV1] INC-2 — Bob's", "[SEV3] INC-1 — Alice's"]


async def test_a_channel_hears_no_less_severe_things_than_it_asks_for(
    harness: DeliveryHarness,
) -> None:
    severe = Subscription((Audience.ENGINEERING,), Severity.SEV1)
    quiet = c.Declare(title="Alice's", severity=Severity.SEV4)
    channel = await sent(harness, lambda it: with_fields(it, peak=Severity.SEV1), severe, quiet)
    assert {intent.subject.id for intent in channel.taken} == {BOB}


async def test_a_drill_is_not_told_as_if_it_were_real(harness: DeliveryHarness) -> None:
    everything = Subscription((Audience.ENGINEERING,), Severity.SEV4)
    drill = c.Declare(title="Alice's", severity=Severity.SEV1, kind=Kind.DRILL)
    channel = await sent(harness, lambda it: with_fields(it, drill=False), everything, drill)
    assert {intent.subject.id for intent in channel.taken} == {BOB}


async def test_what_is_private_by_the_log_is_private(harness: DeliveryHarness) -> None:
    """The table of who may see what is one that somebody may write, too."""
    everything = Subscription((Audience.ENGINEERING,), Severity.SEV4)
    secret = c.Declare(title="Alice's", severity=Severity.SEV1, private=PrivateTo(people=("ada",)))
    channel = await sent(harness, lambda it: it, everything, secret)
    assert {intent.subject.id for intent in channel.taken} == {BOB}
    assert await harness.entries(ALICE) == {}


async def test_what_is_public_again_is_told(harness: DeliveryHarness) -> None:
    everything = Subscription((Audience.ENGINEERING,), Severity.SEV4)
    secret = c.Declare(title="Alice's", severity=Severity.SEV1, private=PrivateTo(people=("ana",)))
    public = SetVisibility(private=None, reason="nothing personal in it")
    channel = await sent(harness, lambda it: it, everything, secret, public)
    assert {intent.subject.id for intent in channel.taken} == {ALICE, BOB}


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(lambda it: with_fields(it, position=it.position + 7), id="position"),
        pytest.param(
            lambda it: with_fields(it, event_id="made/0", id=intent_id("made/0", it.audience)),
            id="event",
        ),
    ],
)
async def test_an_event_that_the_log_does_not_have_is_not_told(
    harness: DeliveryHarness, write: Callable[[Intent], Intent]
) -> None:
    everything = Subscription((Audience.ENGINEERING,), Severity.SEV4)
    plain = c.Declare(title="Alice's", severity=Severity.SEV3)
    channel = await sent(harness, write, everything, plain)
    assert {intent.subject.id for intent in channel.taken} == {BOB}


async def test_a_row_ahead_of_the_log_hides_nothing(harness: DeliveryHarness) -> None:
    channel = FakeChannel()
    intents = written(harness, lambda it: it)
    intents.also_ahead = 10**12
    worker = harness.worker(channel, dependencies=replace(harness.dependencies(), intents=intents))
    for _ in range(2):
        await worker.step()
    await harness.declare(ALICE)
    await worker.step()
    assert [intent.subject.id for intent in channel.taken] == [ALICE]
