"""What an event itself says, of which messages tell; what it has changed is in the incident."""

import msgspec

from domain.incident import events as e
from domain.incident.presentation.corrected_update import CorrectedUpdate
from domain.kernel.roster import TierMember
from domain.policy import Severity


class EventWords(msgspec.Struct, frozen=True, kw_only=True):
    """What an event says itself; what it has changed is in the incident."""

    previous_severity: Severity | None = None
    status: str | None = None
    text: str | None = None
    reason: str | None = None
    early_reason: str | None = None
    verification: str | None = None
    tier: str | None = None
    to: tuple[str, ...] = ()
    members: tuple[TierMember, ...] = ()
    hypothesis: str = ""
    last: bool = False
    failed: str | None = None
    corrected: CorrectedUpdate | None = None


NO_WORDS = EventWords()


def reason_of(event: e.Reopened | e.Canceled | e.Merged) -> EventWords:
    return EventWords(reason=event.reason)


def of_severity(event: e.SeverityChanged | e.SeverityUpgraded) -> EventWords:
    return EventWords(previous_severity=event.previous, reason=event.reason)
