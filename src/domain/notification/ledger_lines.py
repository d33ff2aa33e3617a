"""What became of a notification, in a line of the timeline of what it is about."""

from collections.abc import Callable, Mapping
from typing import Any

from domain.kernel.commit import Event
from domain.kernel.totality import total
from domain.notification import events as n

LEDGER_LINES: Mapping[type[Event], Callable[[Any], str] | None] = total(
    "the lines of notifications",
    n.EVENTS,
    {
        n.NotificationAttempted: None,
        n.NotificationDelivered: lambda v: (
            f"Told {v.audience} via {v.channel}: {v.subject}"
            if v.is_told
            else f"Not told {v.audience} via {v.channel} ({v.receipt}): {v.subject}"
        ),
        n.NotificationSuppressed: lambda v: (
            f"Not told {v.audience} via {v.channel} ({v.reason}): {v.subject}"
        ),
        n.NotificationFailed: lambda v: (
            f"Could not tell {v.audience} via {v.channel} ({v.reason}): {v.subject}"
        ),
        n.NotificationRequeued: None,
    },
)
"""None: timelines leave it out."""
