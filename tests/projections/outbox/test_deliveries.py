"""What became of each notification, as the ledger tells it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.kernel.commit import Commit, Event, Recorded
from domain.notification import Audience
from domain.notification import events as e
from handlers.projecting.folder import Folder
from projections.outbox.deliveries import DELIVERIES, DeliveryRow

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
ABOUT: dict[str, Any] = {
    "occurred_at": NOON,
    "intent_id": "i1",
    "channel": "ops",
    "audience": Audience.ENGINEERING,
    "subject": "[SEV1] checkout — Errors",
}
ATTEMPTED = e.NotificationAttempted(**ABOUT, attempt=1)
DELIVERED = e.NotificationDelivered(**ABOUT, attempt=1, receipt="HTTP 200")
FAILED = e.NotificationFailed(
    **ABOUT, attempt=1, reason="HTTP 500", will_retry=True, retry_at=NOON + timedelta(seconds=4)
)
DEAD = e.NotificationFailed(**ABOUT, attempt=1, reason="HTTP 410", will_retry=False)
EXPIRED = e.NotificationSuppressed(**ABOUT, reason="expired")
REQUEUED = e.NotificationRequeued(**ABOUT)


def rows(events: Sequence[Event], key: str = "x") -> list[DeliveryRow]:
    """The table after commits 1, 2, … of one event each, about what has this key."""
    folder = Folder(DELIVERIES)
    for position, event in enumerate(events, start=1):
        commit = Commit(
            id=f"c{position}",
            actor="commandpost",
            correlation_id="k",
            recorded_at=NOON,
            events=(event,),
        )
        batch = folder.select([Recorded(position, f"notification.{key}", commit)])
        table = folder.fold(batch).rows["delivery"]
    return [
        DeliveryRow(**dict(zip(DeliveryRow.__struct_fields__, row, strict=True)))
        for row in table.values()
        if row
    ]


@pytest.mark.parametrize(
    ("events", "status", "due_s"),
    [
        ([ATTEMPTED], "attempting", 60),
        ([ATTEMPTED, FAILED], "waiting", 4),
        ([ATTEMPTED, DELIVERED], "delivered", None),
        ([ATTEMPTED, DEAD], "dead", None),
        ([EXPIRED], "suppressed", None),
        ([ATTEMPTED, DEAD, REQUEUED], "requeued", 0),
    ],
)
def test_status_and_when_it_is_due(events: Sequence[Event], status: str, due_s: int | None) -> None:
    [row] = rows(events)
    due_at = None if due_s is None else NOON + timedelta(seconds=due_s)
    assert (row.status, row.due_at) == (status, due_at)
    assert (row.settled_at is None) == (due_at is not None)


def test_a_delivery_carries_its_receipt_and_its_place_in_the_log() -> None:
    [row] = rows([ATTEMPTED, DELIVERED])
    assert (row.id, row.attempts, row.receipt, row.position) == ("x", 1, "HTTP 200", 2)


def test_a_dead_letter_says_why() -> None:
    [row] = rows([ATTEMPTED, DEAD])
    assert (row.status, row.reason) == ("dead", "HTTP 410")


@pytest.mark.parametrize(
    ("key", "about"),
    [("x", ("incident", "x")), ("ticket:t1", ("ticket", "t1")), ("log:events", ("log", "events"))],
)
def test_it_says_what_it_is_about(key: str, about: tuple[str, str]) -> None:
    [row] = rows([ATTEMPTED], key)
    assert (row.aggregate, row.id) == about
