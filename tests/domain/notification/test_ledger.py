"""The ledger: who may send what, when, and what is final."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.notification import (
    LEDGER,
    Audience,
    Claim,
    Ledger,
    LedgerCommand,
    NotificationEvent,
    RecordDelivery,
    RecordFailure,
    Resend,
)
from domain.notification import events as e
from domain.notification.ledger import Attempting, Dead, Delivered, Suppressed
from domain.policy import DEFAULT

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
ABOUT: dict[str, Any] = {
    "intent_id": "i1",
    "channel": "ops",
    "audience": Audience.ENGINEERING,
    "subject": "[SEV1] checkout — Errors",
}
KEY: dict[str, Any] = {"intent_id": "i1", "channel": "ops"}


def after(**time: float) -> datetime:
    return NOON + timedelta(**time)


def claim(recorded_at: datetime = NOON, answered_by: str | None = None) -> Claim:
    return Claim(**ABOUT, recorded_at=recorded_at, answered_by=answered_by)


def delivery(attempt: int = 1) -> RecordDelivery:
    return RecordDelivery(**KEY, attempt=attempt, receipt="HTTP 200")


def failure(attempt: int = 1, retry_at: datetime | None = None) -> RecordFailure:
    return RecordFailure(**KEY, attempt=attempt, reason="HTTP 500", retry_at=retry_at)


def attempted(attempt: int = 1, at: datetime = NOON) -> NotificationEvent:
    return e.NotificationAttempted(**ABOUT, occurred_at=at, attempt=attempt)


def delivered(attempt: int = 1, at: datetime = NOON) -> NotificationEvent:
    return e.NotificationDelivered(**ABOUT, occurred_at=at, attempt=attempt, receipt="HTTP 200")


def failed(
    attempt: int = 1,
    at: datetime = NOON,
    retry_at: datetime | None = None,
    reason: str = "HTTP 500",
) -> NotificationEvent:
    return e.NotificationFailed(
        **ABOUT,
        occurred_at=at,
        attempt=attempt,
        reason=reason,
        will_retry=retry_at is not None,
        retry_at=retry_at,
    )


def suppressed(at: datetime = NOON) -> NotificationEvent:
    return e.NotificationSuppressed(**ABOUT, occurred_at=at, reason="expired")


def requeued(at: datetime = NOON) -> NotificationEvent:
    return e.NotificationRequeued(**ABOUT, occurred_at=at)


def decide(
    history: list[NotificationEvent], command: LedgerCommand, now: datetime = NOON
) -> list[NotificationEvent]:
    ledger = LEDGER.fold(LEDGER.initial, history)
    return LEDGER.decide(command, ledger, Context(now, "command-1", DEFAULT))


def test_what_nobody_has_tried_is_attempted() -> None:
    assert decide([], claim()) == [attempted()]


def test_an_attempt_under_way_cannot_be_claimed_again() -> None:
    assert decide([attempted()], claim(), after(seconds=59)) == []


def test_an_attempt_without_outcome_is_made_again_after_its_lease() -> None:
    now = after(seconds=60)
    assert decide([attempted()], claim(), now) == [attempted(2, now)]


def test_delivered_is_final() -> None:
    history = [attempted(), delivered()]
    assert decide(history, claim(), after(days=400)) == []
    assert decide(history, delivery()) == []
    assert decide(history, failure()) == []
    with pytest.raises(Refused) as refused:
        decide(history, Resend(**KEY))
    assert refused.value.code == "notification.delivered"


def test_a_failed_attempt_is_made_again_when_it_is_due_and_not_before() -> None:
    history = [attempted(), failed(retry_at=after(seconds=4))]
    assert decide(history, claim(), after(seconds=3)) == []
    assert decide(history, claim(), after(seconds=4)) == [attempted(2, after(seconds=4))]


def test_a_failure_says_whether_there_will_be_another_attempt() -> None:
    soon = after(seconds=4)
    assert decide([attempted()], failure(retry_at=soon)) == [failed(retry_at=soon)]
    assert decide([attempted()], failure(retry_at=None)) == [failed()]


def test_retries_end_24_hours_after_the_first_attempt() -> None:
    late, now = after(hours=24, seconds=1), after(hours=23, minutes=59)
    history = [attempted(), failed(retry_at=now), attempted(2, now)]
    assert decide(history, failure(2, retry_at=late), now) == [failed(2, now)]


def test_a_retry_that_was_due_while_the_service_was_down_too_long_is_given_up() -> None:
    history, now = [attempted(), failed(retry_at=after(hours=1))], after(hours=25)
    assert decide(history, claim(), now) == [failed(1, now)]
    [given_up] = decide([attempted()], claim(), now)
    assert given_up == failed(1, now, reason="outcome not known")


def test_what_was_never_tried_for_24_hours_is_suppressed() -> None:
    assert decide([], claim(), after(hours=24)) == [attempted(at=after(hours=24))]
    now = after(hours=24, seconds=1)
    assert decide([], claim(), now) == [suppressed(now)]
    assert decide([suppressed(now)], claim(), now) == []


def test_what_was_answered_before_the_first_attempt_is_suppressed_by_the_answer() -> None:
    answered = claim(answered_by="c9/0")
    [event] = decide([], answered)
    assert event == e.NotificationSuppressed(
        **ABOUT, occurred_at=NOON, reason="answered", by="c9/0"
    )
    assert decide([event], answered) == []


def test_what_has_been_tried_is_tried_again_although_it_was_answered() -> None:
    """Nobody knows whether it has arrived; and who asks for it gets it."""
    later = after(seconds=60)
    assert decide([attempted()], claim(answered_by="c9/0"), later) == [attempted(2, later)]
    wanted = e.NotificationRequeued(**ABOUT, occurred_at=NOON)
    assert decide([suppressed(), wanted], claim(answered_by="c9/0")) == [attempted(1)]


def test_a_late_receipt_of_an_earlier_attempt_counts() -> None:
    history = [attempted(), attempted(2, after(seconds=60))]
    assert decide(history, delivery(1), after(seconds=61)) == [delivered(1, after(seconds=61))]


def test_a_late_failure_of_an_earlier_attempt_does_not() -> None:
    assert decide([attempted(), attempted(2, after(seconds=60))], failure(1)) == []


@pytest.mark.parametrize(
    "history",
    [[attempted(), failed()], [suppressed()], [attempted(), failed(retry_at=after(hours=1))]],
    ids=["dead", "suppressed", "waiting"],
)
def test_a_resend_makes_it_due_at_once_and_begins_a_new_24_hours(
    history: list[NotificationEvent],
) -> None:
    now = after(days=3)
    assert decide(history, Resend(**KEY), now) == [requeued(now)]
    assert decide([*history, requeued(now)], Resend(**KEY), now) == []
    [attempt] = decide([*history, requeued(now)], claim(), now)
    assert isinstance(attempt, e.NotificationAttempted)
    assert attempt.attempt == 1 + sum(isinstance(it, e.NotificationAttempted) for it in history)


@pytest.mark.parametrize("command", [delivery(), failure(), Resend(**KEY)])
def test_nothing_can_be_said_of_what_was_never_claimed(command: LedgerCommand) -> None:
    with pytest.raises(Refused) as refused:
        decide([], command)
    assert refused.value.code == "notification.unknown"


def test_channels_and_intents_are_kept_apart() -> None:
    history = [attempted(), delivered()]
    other = Claim(**{**ABOUT, "channel": "other"}, recorded_at=NOON)
    another = Claim(**{**ABOUT, "intent_id": "i2"}, recorded_at=NOON)
    for command in (other, another):
        assert [type(event) for event in decide(history, command)] == [e.NotificationAttempted]


commands = st.one_of(
    st.builds(claim, st.just(NOON)),
    st.builds(delivery, st.integers(1, 4)),
    st.builds(
        failure, st.integers(1, 4), st.none() | st.integers(0, 30).map(lambda h: after(hours=h))
    ),
    st.just(Resend(**KEY)),
)
steps = st.lists(st.tuples(commands, st.integers(0, 2 * 3600)), max_size=40)


@examples(steps)
def test_whatever_is_asked_attempts_count_up_and_nothing_follows_a_delivery(
    asked: list[tuple[LedgerCommand, int]],
) -> None:
    """And a command that was accepted adds nothing when it comes a second time."""
    ledger, now, history = Ledger(), NOON, list[NotificationEvent]()
    for command, passed_s in asked:
        now += timedelta(seconds=passed_s)
        context = Context(now, "command-1", DEFAULT)
        try:
            events = LEDGER.decide(command, ledger, context)
        except Refused:
            continue
        ledger = LEDGER.fold(ledger, events)
        assert LEDGER.decide(command, ledger, context) == [] if events else True
        history += events
    attempts = [it.attempt for it in history if isinstance(it, e.NotificationAttempted)]
    assert attempts == list(range(1, len(attempts) + 1))
    deliveries = [it for it in history if isinstance(it, e.NotificationDelivered)]
    assert deliveries == [] or history[-1] is deliveries[0]


@pytest.mark.parametrize(
    ("history", "phase"),
    [
        ([attempted()], Attempting),
        ([attempted(), delivered()], Delivered),
        ([attempted(), failed()], Dead),
        ([suppressed()], Suppressed),
    ],
)
def test_the_ledger_says_where_things_stand(
    history: list[NotificationEvent], phase: type[Any]
) -> None:
    entry = LEDGER.fold(LEDGER.initial, history).of("i1", "ops")
    assert entry is not None
    assert isinstance(entry.phase, phase)
