"""An incident as the public sees it: the shape that the status page and its feeds show."""

from datetime import datetime
from enum import StrEnum

import msgspec

from domain.incident.events import UpdateStatus
from domain.incident.state import OVER, reference_of
from domain.kernel.text import clock
from domain.kernel.totality import total
from domain.policy import Severity

RESOLVED = UpdateStatus.RESOLVED.value
CANCELED = "canceled"
SCHEDULED, IN_PROGRESS = "scheduled", "in_progress"
"""Where planned work stands before it is over."""
POSTMORTEM = "postmortem"
"""What the status of an update is that is the post-mortem, as Statuspage has it."""
STATUSES = tuple(dict.fromkeys((*(each.value for each in UpdateStatus), *sorted(OVER), POSTMORTEM)))
"""What the public may be told of where an incident stands: as an update says, how it ended, or
what was learnt.
"""
MAINTENANCE_STATUSES = (*STATUSES, SCHEDULED, IN_PROGRESS)
"""The same of a maintenance, an incident of that kind or planned work."""


class PublicImpact(StrEnum):
    """How much the public is affected, in Statuspage's words."""

    NONE = "none"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


IMPACTS = total(
    "impacts on the public",
    Severity,
    {
        Severity.SEV1: PublicImpact.CRITICAL,
        Severity.SEV2: PublicImpact.MAJOR,
        Severity.SEV3: PublicImpact.MINOR,
        Severity.SEV4: PublicImpact.NONE,
    },
)


class PublicEntry(msgspec.Struct, frozen=True, kw_only=True):
    """Something told to the public: `at` is when it held, `recorded_at` when it was recorded, and
    `corrected_at` when it was put right, or `withdrawn`.
    """

    id: str
    status: str
    text: str
    at: datetime
    recorded_at: datetime
    corrected_at: datetime | None = None
    withdrawn: bool = False

    @property
    def words(self) -> str:
        """The text, with a mark where it was put right."""
        if self.corrected_at is None:
            return self.text
        if self.withdrawn:
            what = "post-mortem" if self.status == POSTMORTEM else "update"
            return f"This {what} was withdrawn on {clock(self.corrected_at)}."
        return f"{self.text}\n\n(Corrected on {clock(self.corrected_at)}.)"


class PublicIncident(msgspec.Struct, frozen=True, kw_only=True):
    """`status` is investigating, identified, mitigating, monitoring, resolved, canceled or merged;
    `entries` are in order of time; `changed_at` is when this view last changed. Without a
    `headline`, an incident is named after what it affects. `continued_as` is the reference of the
    one that a merged one continues as. Planned work is a maintenance with the times for which it is
    or was `planned`; it is scheduled, in_progress, resolved or canceled.
    """

    id: str
    number: int
    headline: str | None
    maintenance: bool
    status: str
    impact: PublicImpact
    services: tuple[str, ...]
    started_at: datetime
    ended_at: datetime | None
    entries: tuple[PublicEntry, ...]
    changed_at: datetime
    continued_as: str | None = None
    planned: tuple[datetime, datetime] | None = None

    @property
    def reference(self) -> str:
        """The name that people use: `INC-123`, or `MT-12` of planned work."""
        return reference_of(self.number) if self.planned is None else f"MT-{self.number}"

    @property
    def upcoming(self) -> bool:
        """Whether it is announced, and has not begun."""
        return self.status == SCHEDULED

    @property
    def took_place(self) -> bool:
        """Whether it has begun: work that was canceled never has."""
        return not self.upcoming and not (self.planned and self.status == CANCELED)

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self.status in OVER

    @property
    def affected(self) -> PublicImpact:
        """The impact as it is to be shown: a false alarm has had none."""
        return PublicImpact.NONE if self.status == "canceled" else self.impact
