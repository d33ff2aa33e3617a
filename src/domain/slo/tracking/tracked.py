"""An objective as it is kept: its definition, what its budget asks for, which alerts are on."""

from datetime import datetime, timedelta

import msgspec

from domain.directory.registration import Entry, Managed, known, standing
from domain.kernel.decider import UNKNOWN
from domain.kernel.months import months_on
from domain.slo.budget import BudgetState
from domain.slo.tracking.commands import BurningAlert
from domain.slo.tracking.events import (
    AlertSeverity,
    BurnRateAlert,
    CalendarStart,
    PolicyWords,
    PrometheusCounters,
    ReviewCadence,
    SloProfile,
    TimeSlices,
)

_DAYS = {"weekly": 7, "biweekly": 14}
_MONTHS = {"monthly": 1, "quarterly": 3, "yearly": 12}


class GateOverride(msgspec.Struct, frozen=True, kw_only=True):
    """Who lets deployments through in spite of the budget, why, and until when."""

    by: str
    reason: str
    said_at: datetime
    until: datetime

    def holds(self, at: datetime) -> bool:
        """Whether it does at that time."""
        return self.said_at <= at < self.until


class SoundingAlert(msgspec.Struct, frozen=True, kw_only=True):
    """What people hear of: the budget burns too fast, by some rule of a severity, since then."""

    severity: AlertSeverity
    since: datetime


class TrackedSlo(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known of one. `state` is what its budget was last known to ask for, since
    `state_since`, with so much `remaining`; `alerts` are those that are on, of which people hear by
    what is `sounding`. `defined_at`: when it was said how it is judged; `review_told`: which due
    review was told.
    """

    entry: Entry[SloProfile] = Entry()
    defined_at: datetime | None = None
    state: BudgetState = BudgetState.UNKNOWN
    state_since: datetime | None = None
    remaining: str | None = None
    alerts: tuple[BurningAlert, ...] = ()
    sounding: tuple[SoundingAlert, ...] = ()
    override: GateOverride | None = None
    reviewed_at: datetime | None = None
    reviewed_by: str = UNKNOWN
    review_told: datetime | None = None

    @property
    def profile(self) -> SloProfile:
        """What is said of one that is there. Raises `Refused`."""
        return known("slo", self.entry)

    def sounds(self, severity: AlertSeverity) -> SoundingAlert | None:
        """What people hear of that severity; None: nothing."""
        return next((each for each in self.sounding if each.severity == severity), None)

    @property
    def review_due_at(self) -> datetime | None:
        """When people should look at it again; None: it has no cadence."""
        profile, since = self.entry.profile, self.reviewed_at or self.defined_at
        if profile is None or profile.review is None or since is None:
            return None
        return next_review(since, profile.review)


def next_review(since: datetime, cadence: ReviewCadence) -> datetime:
    """When the next one is due after that."""
    if cadence in _DAYS:
        return since + timedelta(days=_DAYS[cadence])
    return months_on(since, _MONTHS[cadence])


class SloView(msgspec.Struct, frozen=True, kw_only=True):
    """An objective as others see it: what is said of it, what its budget was last known to ask for
    (`state`, since then; `unknown`: nothing was ever counted), which alerts are on, who lets
    deployments through in spite of it, and when it is to be reviewed.
    """

    id: str
    name: str
    service: str
    target: str
    window: str
    active: bool
    description: str | None
    calendar: CalendarStart | None
    slices: TimeSlices | None
    alerts: tuple[BurnRateAlert, ...]
    min_bad: int
    min_total: int
    prometheus: PrometheusCounters | None
    review: ReviewCadence | None
    policy: PolicyWords | None
    state: BudgetState
    state_since: datetime | None
    remaining: str | None
    burning: tuple[BurningAlert, ...]
    override: GateOverride | None
    reviewed_at: datetime | None
    reviewed_by: str | None
    review_due_at: datetime | None
    inactive_because: str | None
    changed_by: str
    changed_at: datetime
    managed: Managed | None
    position: int

    @property
    def services(self) -> tuple[str, ...]:
        """Who answers for it: who owns the service."""
        return (self.service,)


def show(id_: str, slo: TrackedSlo, position: int) -> SloView | None:
    """None before it was registered."""
    profile = slo.entry.profile
    if profile is None:
        return None
    said = {name: getattr(profile, name) for name in SloProfile.__struct_fields__}
    return SloView(
        id=id_,
        position=position,
        state=slo.state,
        state_since=slo.state_since,
        remaining=slo.remaining,
        burning=slo.alerts,
        override=slo.override,
        reviewed_at=slo.reviewed_at,
        reviewed_by=slo.reviewed_by if slo.reviewed_at else None,
        review_due_at=slo.review_due_at,
        **standing(slo.entry),
        **said,
    )


def headline(view: "SloView") -> str:
    """A line for people: `checkout-available: 99.9 of 30d, frozen`."""
    off = "" if view.active else " (not active)"
    return f"{view.id}: {view.target} of {view.window}, {view.state.replace('_', ' ')}{off}"
