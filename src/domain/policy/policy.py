"""A policy: all thresholds and tables that decide. Every automatic decision records its version."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256
from math import inf

import msgspec

from domain.policy.audience import Audience
from domain.policy.business_hours import BusinessHours
from domain.policy.level import (
    Concern,
    Functionality,
    Level,
    Severity,
    check_levels,
    check_tables,
)
from domain.policy.role import Role
from domain.policy.tiers import Tier, check_ladder, tier_above
from domain.policy.vocabulary import Vocabulary


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """All thresholds and tables that decide; `version` is recorded with what they decided."""

    version: str
    levels: dict[Severity, Level]
    functionality: dict[Functionality, Severity]
    outage_percent: float
    """At or above this share of users the service counts as fully out: SEV1."""
    major_percent: float
    """Above this share of users: SEV2."""
    unassessed: Severity
    """For an incident whose impact nobody has stated yet: of the levels in doubt, the higher."""
    doubling_factor: float
    """A figure of the impact that grows to so many times what it was raises the severity."""
    floors: dict[Concern, Severity]
    """The least severe level at which each concern may stand; SEV4 is no floor at all."""
    executives_from: Severity
    """Executives hear of what is at least this severe."""
    alert_priorities: dict[str, Severity]
    """Levels as alerting products and people number them: `P1`, `SEV2`."""
    alert_severities: dict[str, Severity]
    """Severities in words, as monitoring systems label alerts: `critical`, `very high`."""
    alert_urgencies: dict[str, Severity]
    """For an alert without a priority."""
    roles_before_troubleshooting: tuple[Role, ...]
    clock_tolerance_s: float
    """A stated time may run ahead of our clock by this much and counts as now."""
    tiers: tuple[Tier, ...]
    """The escalation ladder, from the first rung up."""
    hypothesis_timebox_s: int
    """A hypothesis that is not confirmed by then is left for the next one."""
    update_reminder_s: int
    """How long before an update is due its reminder comes; at most a third of the cadence."""
    monitoring_min_s: int
    """How long recovery is watched after mitigation; resolving earlier needs a reason."""
    monitoring_max_s: int
    """After this time somebody has to decide: resolve, or act."""
    all_clear_after_s: int
    """The all-clear goes out so long after the resolution, if that has held."""
    live_within_s: int
    """What is recorded later than this after it began is told in retrospect: no clock runs."""
    business_hours: BusinessHours = BusinessHours()
    storm_alerts: int = 30
    """More new alerts of one source than that within `storm_window_s` are a storm: they are told
    together, and those of a group or service share an incident.
    """
    storm_window_s: int = 60
    backlog_to: tuple[Audience, ...] = (Audience.ENGINEERING,)
    """Whom teams' digests of the backlog are for; none: there is no digest."""
    owners: dict[str, str] = {}
    """Which team owns a service."""
    resolution_gated_from: Severity = Severity.SEV2
    """From this severity up, a resolution needs roles, acknowledgement, mitigation, verification,
    and no hypothesis that is still open.
    """
    quarantine_quiet_s: int = 5
    """So long after the last signal was put into quarantine it is told that signals wait there: who
    sends one may send more.
    """
    quarantine_told_within_s: int = 30
    """So long after the first one it is told in any case."""
    quarantine_again_s: int = 900
    """So soon at most it is told that many more wait, or that some wait for another reason."""

    admins_see_private: bool = False
    """Whether administrators see private incidents that do not name them, without emergency rights.
    """

    def __post_init__(self) -> None:
        check_tables(
            self.version,
            (self.levels, Severity),
            (self.functionality, Functionality),
            (self.floors, Concern),
        )
        check_levels(self.levels, [tier.name for tier in self.tiers])
        check_ladder(self.tiers)
        self._check_classification()
        self._check_discipline()

    def _check_classification(self) -> None:
        if not 0 <= self.major_percent <= self.outage_percent <= 100:
            raise ValueError("major_percent: from 0 to outage_percent, and that up to 100")
        if not 1 < self.doubling_factor < inf:
            raise ValueError("doubling_factor: it is more than 1, and finite")

    def _check_discipline(self) -> None:
        if not 0 <= self.monitoring_min_s <= self.monitoring_max_s:
            raise ValueError("monitoring_min: it is not longer than monitoring_max")
        if self.hypothesis_timebox_s <= 0:
            raise ValueError("hypothesis_timebox: it is longer than nothing")
        if self.storm_alerts < 1:
            raise ValueError("storm_alerts: it is at least 1")
        if not 1 <= self.storm_window_s <= 3600:
            raise ValueError("storm_window: it is from 1 s to 1 h")
        if not 0 <= self.quarantine_quiet_s <= self.quarantine_told_within_s <= 3600:
            raise ValueError("quarantine_quiet: up to quarantine_told_within, and that up to 1 h")
        if not 60 <= self.quarantine_again_s <= 7 * 86_400:
            raise ValueError("quarantine_again: it is from 1 min to 7 d")
        if Audience.CUSTOMERS in self.backlog_to:
            raise ValueError("backlog_to: what stands in the backlog is not for customers")
        if not all(owner.strip() for owner in self.owners.values()):
            raise ValueError("owners: each service named there has a team")
        if not 0 <= self.clock_tolerance_s < inf:
            raise ValueError("clock_tolerance_s: it is not less than 0, and finite")

    @cached_property
    def fingerprint(self) -> str:
        """The same for policies that decide alike, and for them only."""
        return sha256(msgspec.msgpack.encode(self)).hexdigest()[:16]

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Finds what the names of `alert_priorities` and `alert_severities` stand for."""
        return Vocabulary(self.alert_priorities, self.alert_severities)

    def is_retold(self, occurred_at: datetime, recorded_at: datetime) -> bool:
        """Whether what was recorded then had happened so long before that it is told in
        retrospect.
        """
        return recorded_at - occurred_at > timedelta(seconds=self.live_within_s)

    def owners_of(self, services: Collection[str]) -> tuple[str, ...]:
        """The teams that own these services, as far as that is known."""
        return tuple(dict.fromkeys(self.owners[each] for each in services if each in self.owners))

    def tier(self, name: str) -> Tier | None:
        """The rung of this name."""
        return next((tier for tier in self.tiers if tier.name == name), None)

    def highest_tier(self, severity: Severity) -> Tier | None:
        """How far up an incident of this severity climbs by itself; None: it does not."""
        name = self.levels[severity].highest_tier
        if name is None:
            return None
        return self.tier(name) or next(iter(self.tiers[-1:]), None)

    def tier_above(self, names: Collection[str]) -> Tier | None:
        """The rung above the highest of these, the lowest one if there is none; None: no higher."""
        return tier_above(self.tiers, names)
