"""When what happened to an incident happened, as far as is known."""

from datetime import datetime

import msgspec


class Milestones(msgspec.Struct, frozen=True):
    """When things happened, as known now; None is unknown or not yet. Names as in `Milestone`.
    `first_mitigated_at` is the first mitigation, where that did not hold.
    """

    impact_started_at: datetime | None = None
    detected_at: datetime | None = None
    declared_at: datetime | None = None
    acknowledged_at: datetime | None = None
    identified_at: datetime | None = None
    mitigated_at: datetime | None = None
    resolved_at: datetime | None = None
    canceled_at: datetime | None = None
    first_mitigated_at: datetime | None = None

    @property
    def began_at(self) -> datetime | None:
        """When its impact began, else when it was noticed, else when it was declared: its beginning
        as people are told of it.
        """
        return self.impact_started_at or self.detected_at or self.declared_at

    @property
    def counted_from(self) -> datetime | None:
        """When its impact began, else when it was declared, else when it was noticed: by which it
        is found and counted.
        """
        return self.impact_started_at or self.declared_at or self.detected_at
