"""The only place that reads the clock, makes an identifier or throws dice; all else is told."""

import random
from datetime import UTC, datetime

from uuid_utils import uuid7


def utc_now() -> datetime:
    """The current time, in UTC, with zone."""
    return datetime.now(UTC)


def new_id() -> str:
    """A new identifier: UUIDv7 (RFC 9562), so that ids sort by creation time."""
    return str(uuid7())


def chance() -> float:
    """A number from 0 to 1, to spread retries with."""
    return random.random()  # noqa: S311 - nothing is protected by it
