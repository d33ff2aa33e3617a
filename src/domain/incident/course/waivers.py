"""What was taken although rules stood against it; it stays with the incident."""

from datetime import datetime

import msgspec

from domain.kernel.commit import Event


class RuleWaived(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="incident.rule_waived.v1"
):
    """What the event before it says was taken although rules (their codes) stood against it, as
    `detail` says: in an emergency, for a `reason`, or because the sender has confirmed it.

    The name is on disk for ever: rename nothing, add optional fields.
    """

    rules: tuple[str, ...]
    detail: str
    reason: str | None = None


class Waiver(msgspec.Struct, frozen=True, omit_defaults=True):
    """The same, as the incident keeps it."""

    at: datetime
    rules: tuple[str, ...]
    detail: str
    reason: str | None = None
