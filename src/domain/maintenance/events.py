"""What happens to planned work on services. On disk for ever: rename nothing, add optional fields,
or supersede a tag.
"""

from typing import Annotated

import msgspec

from domain.kernel.commit import Event, Instant

TITLE_MAX, TEXT_MAX, SERVICES_MAX = 200, 5_000, 100
REMINDED_BEFORE_S = 3_600
REMINDED_BEFORE_MAX_S = 7 * 86_400

PlanTitle = Annotated[str, msgspec.Meta(min_length=1, max_length=TITLE_MAX, pattern=r"\S")]
PlanText = Annotated[str, msgspec.Meta(min_length=1, max_length=TEXT_MAX, pattern=r"\S")]
ServiceName = Annotated[str, msgspec.Meta(min_length=1, max_length=TITLE_MAX, pattern=r"\S")]
ServiceNames = Annotated[
    tuple[ServiceName, ...], msgspec.Meta(min_length=1, max_length=SERVICES_MAX)
]
ReminderSeconds = Annotated[int, msgspec.Meta(ge=0, le=REMINDED_BEFORE_MAX_S)]


class MaintenancePlan(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is planned: work on these services between two times. Title and description are for
    everybody who hears of it. `remind_before_s` before it begins, those are reminded (0: they are
    not). `public`: customers hear of it, and the status page shows it. `suppresses_alerts`: alerts
    of its services that begin meanwhile open nothing.
    """

    title: PlanTitle
    services: ServiceNames
    begins: Instant
    ends: Instant
    description: PlanText | None = None
    remind_before_s: ReminderSeconds = REMINDED_BEFORE_S
    public: bool = True
    suppresses_alerts: bool = True


class MaintenanceScheduled(Event, frozen=True, kw_only=True, tag="maintenance.scheduled.v1"):
    """Work is planned, and announced."""

    number: int
    plan: MaintenancePlan


class MaintenanceChanged(Event, frozen=True, kw_only=True, tag="maintenance.changed.v1"):
    """The plan is this one now, whole."""

    plan: MaintenancePlan


class MaintenanceReminded(Event, frozen=True, kw_only=True, tag="maintenance.reminded.v1"):
    """It begins soon: the reminder was due at `due_at`."""

    due_at: Instant
    begins: Instant
    ends: Instant


class MaintenanceUpdatePosted(Event, frozen=True, kw_only=True, tag="maintenance.update_posted.v1"):
    """How it goes, in words for everybody who hears of it."""

    text: str


class MaintenanceStarted(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="maintenance.started.v1"
):
    """It has begun, and is to end at `ends`: as planned for `due_at`, or (None) since somebody said
    so.
    """

    ends: Instant
    due_at: Instant | None = None


class MaintenanceCompleted(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="maintenance.completed.v1"
):
    """It is over: its time was, at `due_at`, or (None) somebody said so."""

    due_at: Instant | None = None


class MaintenanceCanceled(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="maintenance.canceled.v1"
):
    """It will not take place. The reason is for our own people."""

    reason: str | None = None


MaintenanceEvent = (
    MaintenanceScheduled
    | MaintenanceChanged
    | MaintenanceReminded
    | MaintenanceUpdatePosted
    | MaintenanceStarted
    | MaintenanceCompleted
    | MaintenanceCanceled
)
