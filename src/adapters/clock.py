"""The only place that reads the clock or makes an identifier; everything else is told."""

from datetime import UTC, datetime

from uuid_utils import uuid7


def utc_now() -> datetime:
    """The current time, in UTC, with zone."""
    return datetime.now(UTC)


def new_id() -> str:
    """A new identifier: UUIDv7 (RFC 9562), so that ids sort by creation time."""
    return str(uuid7())
