"""A channel that is down: it is left in peace, nothing is lost, the most severe goes first."""

from collections.abc import Callable

import pytest
import structlog

from domain.incident import commands as c
from domain.notification.intent import Intent
from domain.notification.ledger import Delivered
from domain.policy import Severity
from handlers.notify.channels import Permanent, Transient, Unusable
from handlers.notify.sender import Fuse
from support.delivery_harness import DeliveryHarness, FakeChannel

FUSE = Fuse(failures=3, first_s=30, longest_s=120)


def incident(number: int) -> str:
    return f"01970001-0000-7000-8000-{number:012}"


def failing(error: Exception, *, of: str = "") -> Callable[[Intent], None]:
    def answer(intent: Intent) -> None:
        if of in intent.subject.id:
            raise error

    return answer


async def test_after_some_failures_in_a_row_nothing_more_is_tried_for_a_while(
    harness: DeliveryHarness,
) -> None:
    channel = FakeChannel()
    worker = harness.worker(channel, fuse=FUSE)
    await worker.step()
    for number in range(10):
        await harness.declare(incident(number))
    channel.answer = failing(Transient("HTTP 503"))
    with structlog.testing.capture_logs() as logged:
        for _ in range(5):
            await worker.step()
    assert len(channel.tried) == 3
    assert worker.circuit() == ("ops", "open")
    assert [entry["event"] for entry in logged].count("circuit.opened") == 1


async def test_one_message_probes_and_when_it_is_taken_all_follow(harness: DeliveryHarness) -> None:
    channel = FakeChannel()
    worker = harness.worker(channel, fuse=FUSE)
    await worker.step()
    for number in range(10):
        await harness.declare(incident(number))
    channel.answer = failing(Transient("HTTP 503"))
    await worker.step()
    probes = []
    for _ in range(10):
        harness.pass_s(30)
        before = len(channel.tried)
        await worker.step()
        probes.append(len(channel.tried) - before)
    assert max(probes) == 1, "a half-open circuit lets one message through"
    assert sum(probes) == 3, "after 30, 90 and 210 s"
    channel.answer = lambda _: None
    harness.pass_s(120)
    await worker.step()
    assert worker.circuit() == ("ops", "closed")
    harness.pass_s(60)
    await worker.step()
    assert {intent.subject.id for intent in channel.taken} == {incident(n) for n in range(10)}
    assert len(channel.taken) == 10


async def test_the_most_severe_probes_first(harness: DeliveryHarness) -> None:
    channel = FakeChannel()
    worker = harness.worker(channel, fuse=FUSE)
    await worker.step()
    for number in range(5):
        await harness.declare(incident(number))
    channel.answer = failing(Transient("HTTP 503"))
    await worker.step()
    await harness.declare(incident(9), Severity.SEV1)
    channel.answer = lambda _: None
    harness.pass_s(30)
    await worker.step()
    assert channel.taken[0].subject.id == incident(9)


async def test_a_message_that_the_channel_cannot_cope_with_does_not_keep_it_closed(
    harness: DeliveryHarness,
) -> None:
    channel = FakeChannel()
    worker = harness.worker(channel, fuse=FUSE)
    await worker.step()
    await harness.declare(incident(1), Severity.SEV1)
    channel.answer = failing(Transient("no answer within 10 s"), of=incident(1))
    for _ in range(10):
        await worker.step()
        harness.pass_s(3)
    assert worker.circuit()[1] == "open"
    await harness.declare(incident(2))
    for _ in range(20):
        harness.pass_s(10)
        await worker.step()
    assert [intent.subject.id for intent in channel.taken] == [incident(2)]


async def test_what_waits_is_tried_as_soon_as_the_channel_is(harness: DeliveryHarness) -> None:
    """Its own waits, which grow to half an hour, do not count while the circuit is open."""
    channel = FakeChannel()
    worker = harness.worker(channel, fuse=FUSE)
    await worker.step()
    await harness.declare(incident(1), Severity.SEV1)
    channel.answer = failing(Transient("HTTP 503"))
    for _ in range(600):
        await worker.step()
        harness.pass_s(10)
    channel.answer = lambda _: None
    for _ in range(13):
        harness.pass_s(10)
        await worker.step()
    assert len(channel.taken) == 1


async def test_a_channel_that_somebody_has_seen_working_is_used_at_once(
    harness: DeliveryHarness,
) -> None:
    channel = FakeChannel()
    worker = harness.worker(channel, fuse=FUSE)
    await worker.step()
    await harness.declare(incident(1), Severity.SEV1)
    channel.answer = failing(Transient("HTTP 503"))
    for _ in range(20):
        await worker.step()
        harness.pass_s(3)
    assert worker.circuit()[1] == "open"
    channel.answer = lambda _: None
    await harness.declare(incident(2))
    await worker.step()
    assert channel.taken == []
    worker.mend()
    assert worker.circuit()[1] == "closed"
    await worker.step()
    assert [intent.subject.id for intent in channel.taken] == [incident(2)]


@pytest.mark.parametrize(
    "error",
    [
        Permanent("HTTP 422"),
        Transient("HTTP 429", retry_after_s=1.0),
        ZeroDivisionError("a fault of ours"),
    ],
)
async def test_failures_that_are_not_those_of_the_channel_open_nothing(
    harness: DeliveryHarness, error: Exception
) -> None:
    channel = FakeChannel()
    worker = harness.worker(channel, fuse=FUSE)
    await worker.step()
    for number in range(10):
        await harness.declare(incident(number))
    channel.answer = failing(error)
    with structlog.testing.capture_logs():  # tracebacks with all their variables take seconds
        for _ in range(12):
            await worker.step()
            harness.pass_s(1.5)
    assert worker.circuit() == ("ops", "closed")
    assert len(channel.tried) > FUSE.failures


async def test_a_channel_that_was_unusable_for_hours_has_lost_nothing(
    harness: DeliveryHarness,
) -> None:
    channel = FakeChannel()
    worker = harness.worker(channel, fuse=FUSE)
    await worker.step()
    channel.answer = failing(Unusable("chat.postMessage: invalid_auth"))
    for number in range(20):
        await harness.declare(incident(number))
        await worker.step()
        harness.pass_s(1_000)
    await harness.run(incident(3), c.Resolve(resolution="rolled back"))
    assert harness.results["ops", "dead"] == 0

    channel.answer = lambda _: None
    mended = harness.worker(channel, fuse=FUSE)  # the service with its new token
    for _ in range(200):
        await mended.step()
        harness.pass_s(10)
    assert len(channel.taken) == 21
    entries = [await harness.entries(incident(number)) for number in range(20)]
    assert all(isinstance(e.phase, Delivered) for entry in entries for e in entry.values())
