"""An investigation path, as it stands."""

from datetime import datetime
from enum import StrEnum

import msgspec

from domain.kernel.roster import NameDoubt


class HypothesisStatus(StrEnum):
    """Where an investigation path stands."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    ABANDONED = "abandoned"
    RETRACTED = "retracted"
    """It should not have been on record."""


class Hypothesis(msgspec.Struct, frozen=True, omit_defaults=True):
    """An investigation path, with the time at which its timebox began. `person` is who the owner
    is by the directory, `doubt` why that is not sure.
    """

    name: str
    statement: str
    opened_at: datetime
    status: HypothesisStatus = HypothesisStatus.OPEN
    owner: str | None = None
    finding: str | None = None
    closed_at: datetime | None = None
    person: str | None = None
    doubt: NameDoubt | None = None
