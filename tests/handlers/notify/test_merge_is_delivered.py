"""A merge is followed to what its readers get: one message each, under the title that they know."""

import pytest

from domain.incident import commands as c
from domain.policy import Severity
from domain.policy.audience import Audience
from domain.policy.reach import Subscription
from support.delivery_harness import DeliveryHarness, FakeChannel

ONE, OTHER = "01970001-0000-7000-8000-000000000000", "01970002-0000-7000-8000-000000000000"
ALL = tuple(Audience)
TITLE = "Payments are failing"


async def begun(harness: DeliveryHarness, *, severity: Severity = Severity.SEV3) -> None:
    await harness.declare(ONE, severity, services=("search",))
    await harness.declare(OTHER, Severity.SEV1, services=("checkout",))
    await harness.run(OTHER, c.PostUpdate(text="Payments fail.", audiences=ALL, headline=TITLE))


async def delivered(
    harness: DeliveryHarness, audience: Audience, services: tuple[str, ...] = ()
) -> list[tuple[str, str]]:
    """What comes of the merge through a channel of one audience: as which kind, and the subject."""
    channel = FakeChannel(audience.value)
    subscription = Subscription((audience,), Severity.SEV4, services=services)
    await harness.worker(channel, subscription).step()
    await harness.run(OTHER, c.Merge(into=ONE, reason="the same database"))
    await harness.worker(channel, subscription).step()
    kinds = [intent.kind for intent in channel.taken]
    return list(zip(kinds, channel.subjects, strict=True))


@pytest.mark.parametrize("severity", [Severity.SEV3, Severity.SEV1])
async def test_executives_get_one_message_at_a_merge(severity: Severity) -> None:
    harness = DeliveryHarness()
    await begun(harness, severity=severity)
    [(kind, subject)] = await delivered(harness, Audience.EXECUTIVES)
    assert kind == "taken_over"
    assert subject == f"[SEV1 UPDATE] search, checkout — Goes on here: {ONE}"


async def test_customers_of_the_services_of_the_other_one_hear_of_the_one_that_carries_on() -> None:
    harness = DeliveryHarness()
    await begun(harness)
    found = await delivered(harness, Audience.CUSTOMERS, services=("checkout",))
    assert found == [("taken_over", f"[UPDATE] {TITLE} — Investigating")]


async def test_responders_of_both_hear_of_it_from_both() -> None:
    harness = DeliveryHarness()
    await begun(harness)
    kinds = [kind for kind, _ in await delivered(harness, Audience.ENGINEERING)]
    assert kinds == ["merged", "taken_over"]
