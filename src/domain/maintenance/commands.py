"""What can be asked of planned work on services."""

import msgspec
from msgspec import UNSET, UnsetType

from domain.kernel.commit import Instant
from domain.maintenance.events import (
    REMINDED_BEFORE_S,
    PlanText,
    PlanTitle,
    ReminderSeconds,
    ServiceNames,
)


class MaintenanceStatement(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What all commands on maintenances share."""


class ScheduleMaintenance(MaintenanceStatement, frozen=True, kw_only=True):
    """Announce work on services from `begins` (now, where it is not given) until `ends`. It starts
    and ends by itself. Title and description are public, unless `public` is false: then our own
    people alone hear of it. `remind_before_s` before it begins all who heard are reminded (0: they
    are not). With `suppresses_alerts` alerts of its services that begin meanwhile open nothing.
    """

    title: PlanTitle
    services: ServiceNames
    ends: Instant
    begins: Instant | None = None
    description: PlanText | None = None
    remind_before_s: ReminderSeconds = REMINDED_BEFORE_S
    public: bool = True
    suppresses_alerts: bool = True


class ChangeMaintenance(MaintenanceStatement, frozen=True, kw_only=True):
    """Change the plan: the fields that are given, each as a whole. Once it has begun, `begins`
    stays.
    """

    title: PlanTitle | UnsetType = UNSET
    services: ServiceNames | UnsetType = UNSET
    begins: Instant | UnsetType = UNSET
    ends: Instant | UnsetType = UNSET
    description: PlanText | UnsetType | None = UNSET
    remind_before_s: ReminderSeconds | UnsetType = UNSET
    suppresses_alerts: bool | UnsetType = UNSET


class PostMaintenanceUpdate(MaintenanceStatement, frozen=True, kw_only=True):
    """Say how it goes, to everybody who hears of it."""

    text: PlanText


class StartMaintenance(MaintenanceStatement, frozen=True, kw_only=True):
    """Say that it begins now, before its time."""


class CompleteMaintenance(MaintenanceStatement, frozen=True, kw_only=True):
    """Say that it is done, before its time."""


class CancelMaintenance(MaintenanceStatement, frozen=True, kw_only=True):
    """Say that it will not take place. The reason is for our own people."""

    reason: PlanText | None = None


MaintenanceCommand = (
    ScheduleMaintenance
    | ChangeMaintenance
    | PostMaintenanceUpdate
    | StartMaintenance
    | CompleteMaintenance
    | CancelMaintenance
)
