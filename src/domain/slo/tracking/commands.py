"""What can be asked of a service level objective, and what the service asks of itself."""

from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from domain.directory.registration import (
    DirectoryCommand,
    Managed,
    Phrase,
    Prose,
    ReleaseEntry,
    Slug,
)
from domain.kernel.commit import Instant
from domain.slo.tracking.events import (
    AlertSeverity,
    BurnRateAlert,
    CalendarStart,
    Few,
    PercentText,
    PolicyWords,
    PrometheusCounters,
    ReviewCadence,
    SloProfile,
    TimeSlices,
    WindowLength,
)


class RegisterSlo(SloProfile, frozen=True, kw_only=True):
    """Enter an objective. The slug stays: samples, gates and the log refer to it."""

    slug: Slug
    managed_by: Managed | None = None


class ChangeSlo(DirectoryCommand, frozen=True, kw_only=True):
    """Change what is said of an objective: the fields that are given, each as a whole. `null` takes
    back what may be left out.
    """

    name: Phrase | UnsetType = UNSET
    service: Slug | UnsetType = UNSET
    target: PercentText | UnsetType = UNSET
    window: WindowLength | UnsetType = UNSET
    description: Prose | UnsetType | None = UNSET
    calendar: CalendarStart | UnsetType | None = UNSET
    slices: TimeSlices | UnsetType | None = UNSET
    alerts: tuple[BurnRateAlert, ...] | UnsetType = UNSET
    min_bad: Few | UnsetType = UNSET
    min_total: Few | UnsetType = UNSET
    prometheus: PrometheusCounters | UnsetType | None = UNSET
    review: ReviewCadence | UnsetType | None = UNSET
    policy: PolicyWords | UnsetType | None = UNSET


class DeactivateSlo(DirectoryCommand, frozen=True, kw_only=True):
    """Judge it no more: its alerts end, and it closes no gate."""

    reason: Phrase | None = None


class ReactivateSlo(DirectoryCommand, frozen=True, kw_only=True):
    """Judge it again."""


class ReleaseSlo(ReleaseEntry, frozen=True, kw_only=True):
    """Take an objective out of the hands of the configuration as code that manages it."""


class SloCommandFields(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What commands share that say nothing of the definition."""


class OverrideGate(SloCommandFields, frozen=True, kw_only=True):
    """Let deployments through in spite of the budget, until then (a week at most), for a reason.
    The last one said holds.
    """

    reason: Phrase
    until: Instant


class WithdrawOverride(SloCommandFields, frozen=True, kw_only=True):
    """Let the budget alone say again what may be deployed."""

    reason: Phrase | None = None


class ReviewSlo(SloCommandFields, frozen=True, kw_only=True):
    """Say that people have looked whether the objective is still the right one."""

    note: Annotated[str, msgspec.Meta(min_length=1, max_length=2_000, pattern=r"\S")] | None = None


class BurningAlert(msgspec.Struct, frozen=True, kw_only=True):
    """An alert that is on by a rule, since which minute."""

    severity: AlertSeverity
    rule: str
    since: Instant


class EndedAlert(msgspec.Struct, frozen=True, kw_only=True):
    """Until which minute the alert of a rule was on."""

    rule: str
    until: Instant


class AssessSlo(msgspec.Struct, frozen=True, kw_only=True):
    """Take note of what was counted: what remains of the budget of the window that ends `until`
    (None: nothing was counted), and which alerts are on. `defined_at` is when the definition was
    said by which it was judged: by another one it says nothing. The keeper alone sends it.
    """

    until: Instant
    defined_at: Instant
    remaining: str | None
    bad: int
    total: int
    unknown_minutes: int
    alerts: tuple[BurningAlert, ...] = ()
    ended: tuple[EndedAlert, ...] = ()


SloStatementCommand = RegisterSlo | ChangeSlo | DeactivateSlo | ReactivateSlo
SloCommand = (
    SloStatementCommand | ReleaseSlo | OverrideGate | WithdrawOverride | ReviewSlo | AssessSlo
)
