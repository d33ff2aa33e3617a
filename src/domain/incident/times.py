"""Times as people state them, and times of which each may be unknown."""

from datetime import UTC, datetime, timedelta

from domain.kernel.commit import EPOCH
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused

INSTANT = timedelta(microseconds=1)
"""Just after: the smallest step of our clocks."""


def happened_at(stated: datetime | None, context: Context) -> datetime:
    """When something happened, default now; in UTC."""
    return past(stated, "occurred_at", context) or context.now


def past(at: datetime | None, field: str, context: Context) -> datetime | None:
    """A stated time in UTC; it may lie in the past, not in the future."""
    if at is None:
        return None
    now, ahead = context.now, timedelta(seconds=context.policy.clock_tolerance_s)
    if at > now + ahead:
        raise Refused(
            "time.in_future",
            f"{field} is {at.isoformat()}, which is later than now, {now.isoformat()}",
            field=field,
            rule="A stated time may lie in the past, never in the future.",
        )
    if at < EPOCH:
        raise Refused(
            "time.out_of_range",
            f"{field} is {at.isoformat()}, which is before {EPOCH.isoformat()}",
            field=field,
            rule="Times begin in 1970.",
        )
    return min(at.astimezone(UTC), now)


def earliest(known: datetime | None, other: datetime | None) -> datetime | None:
    """The earlier of two times."""
    if known is None or other is None:
        return known or other
    return min(known, other)


def latest(known: datetime | None, other: datetime | None) -> datetime | None:
    """The later of two times."""
    if known is None or other is None:
        return known or other
    return max(known, other)
