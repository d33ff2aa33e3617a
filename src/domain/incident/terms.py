"""What incidents are called by: kinds, milestones, the statuses of updates, origins. They are on
disk.
"""

from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """Why an incident is on record. Only standard incidents notify anybody."""

    STANDARD = "standard"
    RETROSPECTIVE = "retrospective"
    MAINTENANCE = "maintenance"
    TEST = "test"
    DRILL = "drill"


class Milestone(StrEnum):
    """The points in time that statistics are made of."""

    IMPACT_STARTED = "impact_started_at"
    DETECTED = "detected_at"
    DECLARED = "declared_at"
    ACKNOWLEDGED = "acknowledged_at"
    IDENTIFIED = "identified_at"
    MITIGATED = "mitigated_at"
    RESOLVED = "resolved_at"


class UpdateStatus(StrEnum):
    """The state that a status update reports."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MITIGATING = "mitigating"
    MONITORING = "monitoring"
    RESOLVED = "resolved"


class Origin(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where an imported incident was published: the feed, its id there, and its page."""

    feed: str
    external_id: str
    url: str | None = None
