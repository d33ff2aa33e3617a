"""What an alert says, with the time of its own clock at which it says so: the later one counts."""

from datetime import datetime
from typing import Any

import msgspec

from domain.incident.alerts.alert import RANK, Alert


class Latest(msgspec.Struct, frozen=True, array_like=True, order=True):
    """A value with the clock of the alert that it comes from."""

    at: datetime
    rank: int
    event_id: str
    value: Any

    def beats(self, other: "Latest | None") -> bool:
        """Whether this value replaces the other, whichever of the two arrived first."""
        if other is None:
            return True
        return (self.at, self.rank, self.event_id) > (other.at, other.rank, other.event_id)


def last_change(claims: tuple[Latest, ...]) -> Latest:
    """The claim that brought the present value: most alerts only repeat it."""
    found = claims[-1]
    for claim in reversed(claims):
        if claim.value != found.value:
            break
        found = claim
    return found


def latest_of(alert: Alert, at: datetime, value: object) -> Latest:
    """A value as this alert states it."""
    return Latest(at, RANK[alert.kind], alert.event_id, value)


def newer(current: Latest | None, candidate: Latest) -> Latest | None:
    """The later of two statements; one that states nothing replaces none."""
    return candidate if candidate.value is not None and candidate.beats(current) else current
