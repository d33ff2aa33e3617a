"""An event that is to be explained, with what is known of it."""

from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from domain.incident.severity.ruling import Doubt, Ruling
from domain.incident.state import KnownIncident
from domain.policy import Policy, Severity


class Because(msgspec.Struct, frozen=True, kw_only=True):
    """An event that is the cause of another one: when it happened, and what it says."""

    event_id: str
    at: datetime
    text: str


class Case(NamedTuple):
    """An event of an incident, the incident after it, the policy in force, its cause, and how
    severe the incident `was` before; None: there was none.
    """

    event: Any
    after: KnownIncident
    policy: Policy
    cause: Because | None = None
    was: Severity | None = None

    @property
    def severity(self) -> Severity:
        """As of which it was decided."""
        return self.after.facts.severity


def ruling_words(ruling: Ruling) -> str:
    """What the matrix says, and by which criterion."""
    if ruling.doubt is Doubt.NOT_ASSESSED:
        return (
            f"Nobody has assessed the impact: of the levels in doubt the higher, {ruling.severity}."
        )
    return f"The matrix says {ruling.severity}: {ruling.because}."
