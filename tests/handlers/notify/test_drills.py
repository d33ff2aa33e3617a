"""Drills are told through channels that are marked for them, and look like what they are."""

from typing import Any

from domain.incident import commands as c
from domain.incident.events import Kind
from domain.policy import Severity
from domain.policy.audience import Audience
from domain.policy.reach import Reach, Subscription
from support.delivery_harness import DeliveryHarness, FakeChannel

DRILL, REAL = "01970001-0000-7000-8000-000000000000", "01970002-0000-7000-8000-000000000000"
ALL = tuple(Audience)


async def told(harness: DeliveryHarness, channel: FakeChannel, *, drills: bool) -> list[str]:
    worker = harness.worker(channel, Subscription(ALL, Severity.SEV4, drills=drills))
    await worker.step()
    return channel.subjects


def declare(**more: Any) -> c.Declare:
    return c.Declare(title="Checkout fails", severity=Severity.SEV1, **more)


async def test_a_drill_is_told_through_marked_channels_alone_and_its_messages_say_so() -> None:
    harness, pager, practice = DeliveryHarness(), FakeChannel("pager"), FakeChannel("practice")
    await told(harness, pager, drills=False)
    await told(harness, practice, drills=True)
    await harness.run(DRILL, declare(kind=Kind.DRILL))
    assert await told(harness, pager, drills=False) == []
    [subject] = await told(harness, practice, drills=True)
    assert subject.startswith("[DRILL] [SEV1]")
    await harness.run(REAL, declare())
    [real] = await told(harness, pager, drills=False)
    assert real.startswith("[SEV1]")
    assert await told(harness, practice, drills=True) == [subject, real]


async def test_a_channel_that_is_marked_later_tells_nothing_of_drills_before() -> None:
    harness, channel = DeliveryHarness(), FakeChannel()
    await told(harness, channel, drills=False)
    await harness.run(DRILL, declare(kind=Kind.DRILL))
    assert await told(harness, channel, drills=True) == []
    await harness.run(DRILL, c.Escalate(reason="nobody answers"))
    [subject] = await told(harness, channel, drills=True)
    assert subject.startswith("[DRILL] [SEV1 ESCALATION]")


async def test_a_commit_says_whom_no_channel_told_then_and_an_acknowledgement_says_nothing() -> (
    None
):
    harness = DeliveryHarness()
    harness.executor.transactor.reach = Reach(
        (Subscription((Audience.ENGINEERING,), Severity.SEV4),)
    )
    await harness.run(REAL, declare())
    await harness.run(REAL, c.Acknowledge())
    harness.executor.transactor.reach = Reach((Subscription(ALL, Severity.SEV4),))
    await harness.run(REAL, c.ChangeSeverity(severity=Severity.SEV2, reason="less"))
    found = [each.commit.unreached for each in await harness.store.load(f"incident.{REAL}")]
    assert found == [(Audience.EXECUTIVES,), (), ()]
