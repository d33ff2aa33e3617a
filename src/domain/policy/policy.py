"""The severity framework as data. Source: the incident severity framework of the brief
("Severity Classification Matrix", "Escalation Triggers"). Every automatic decision records the
`version` of the policy that took it.
"""

from collections.abc import Collection
from enum import StrEnum

import msgspec

from domain.policy.audience import Audience
from domain.policy.business_hours import BusinessHours


class Severity(StrEnum):
    """SEV1 is the most severe. Compare with `outranks`, raise with `one_level_up`."""

    SEV1 = "SEV1"
    SEV2 = "SEV2"
    SEV3 = "SEV3"
    SEV4 = "SEV4"

    def outranks(self, other: "Severity") -> bool:
        """Whether this level is more severe than the other."""
        return str.__lt__(self, other)  # `.value` costs five times as much, and folds ask often

    def one_level_up(self) -> "Severity":
        """The next more severe level; SEV1 is the ceiling."""
        return Severity(f"SEV{max(1, int(self.value[3:]) - 1)}")


class Role(StrEnum):
    """The four roles of a structured response (brief, "Structured Response & Coordination")."""

    INCIDENT_COMMANDER = "incident_commander"
    COMMUNICATIONS_LEAD = "communications_lead"
    TECHNICAL_LEAD = "technical_lead"
    SCRIBE = "scribe"

    @property
    def title(self) -> str:  # type: ignore[override]
        return self.value.replace("_", " ").title()


class Functionality(StrEnum):
    """What no longer works, in the words of the severity matrix."""

    FULL_OUTAGE = "full_outage"
    KEY_FEATURE_DOWN = "key_feature_down"
    MINOR_FEATURE_BROKEN = "minor_feature_broken"
    COSMETIC = "cosmetic"


class Tier(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rung of the escalation ladder: who is told, and as which audience they hear it."""

    name: str
    to: tuple[str, ...]
    audience: Audience = Audience.ENGINEERING


class Level(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of the severity matrix. Times in seconds; None is said of each.

    `response_s`: until somebody has acknowledged; None: the next business day. `escalates_to`: the
    tier that is told `escalate_after_s` (None: as the next business day begins) behind the moment
    at which the incident reached this level, unless it was acknowledged before; None: nobody.
    `root_cause_within_s`: then the next tier is told, again after each such time; None: no limit.
    `postmortem_within_s` counts from the resolution; None: none is asked for. `automatic_update`:
    the system itself says "no change" when an update is due.
    """

    name: str
    criteria: str
    response_s: int | None
    update_cadence_s: int
    escalation: str
    escalates_to: str | None = None
    escalate_after_s: int | None = None
    root_cause_within_s: int | None = None
    postmortem_within_s: int | None = None
    automatic_update: bool = False


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
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
    alert_priorities: dict[str, Severity]
    """Priority names of alerting products; the first word of the name counts (`P1`, `SEV-2`)."""
    alert_severities: dict[str, Severity]
    """Severities in words, as monitoring systems label alerts; the first word of the name counts,
    where it is no priority.
    """
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

    def __post_init__(self) -> None:
        for table, keys in ((self.levels, Severity), (self.functionality, Functionality)):
            missing = [key.value for key in keys if key not in table]
            if missing:
                raise ValueError(f"policy {self.version} says nothing about {', '.join(missing)}")
        ladder = [tier.name for tier in self.tiers]
        for severity, level in self.levels.items():
            if level.escalates_to is not None and level.escalates_to not in ladder:
                raise ValueError(
                    f"levels.{severity}.escalates_to: {level.escalates_to} is not one of the tiers:"
                    f" {', '.join(ladder)}"
                )
            if level.update_cadence_s <= 0:
                raise ValueError(f"levels.{severity}.update_cadence: it is longer than nothing")
            if level.root_cause_within_s is not None and level.root_cause_within_s <= 0:
                raise ValueError(f"levels.{severity}.root_cause_within: it is longer than nothing")
        if len(set(ladder)) != len(ladder):
            raise ValueError("tiers: each has a name of its own")
        for tier in self.tiers:
            if not tier.to:
                raise ValueError(f"tiers: {tier.name} names nobody in to")
        self._check_figures()

    def _check_figures(self) -> None:
        if not 0 <= self.monitoring_min_s <= self.monitoring_max_s:
            raise ValueError("monitoring_min: it is not longer than monitoring_max")
        if self.hypothesis_timebox_s <= 0:
            raise ValueError("hypothesis_timebox: it is longer than nothing")
        if not 0 <= self.major_percent <= self.outage_percent <= 100:
            raise ValueError("major_percent: from 0 to outage_percent, and that up to 100")
        if self.clock_tolerance_s < 0:
            raise ValueError("clock_tolerance_s: it is not less than 0")

    def tier(self, name: str) -> Tier | None:
        """The rung of this name."""
        return next((tier for tier in self.tiers if tier.name == name), None)

    def tier_above(self, names: Collection[str]) -> Tier | None:
        """The rung above the highest of these, the lowest one if there is none; None: no higher."""
        reached = max(
            (place for place, tier in enumerate(self.tiers) if tier.name in names), default=-1
        )
        return self.tiers[reached + 1] if reached + 1 < len(self.tiers) else None


DEFAULT = Policy(
    version="2026.1",
    levels={
        Severity.SEV1: Level(
            name="Critical",
            criteria="Full service outage, data loss risk, security breach",
            response_s=5 * 60,
            update_cadence_s=15 * 60,
            escalation="VP Eng + CTO immediately",
            escalates_to="engineering_leadership",
            escalate_after_s=0,
            root_cause_within_s=30 * 60,
            postmortem_within_s=48 * 3600,
        ),
        Severity.SEV2: Level(
            name="Major",
            criteria="Degraded service for >25% users, key feature down",
            response_s=15 * 60,
            update_cadence_s=30 * 60,
            escalation="Eng Manager within 15 min",
            escalates_to="engineering_manager",
            escalate_after_s=15 * 60,
            root_cause_within_s=2 * 3600,
            postmortem_within_s=48 * 3600,
        ),
        Severity.SEV3: Level(
            name="Moderate",
            criteria="Minor feature broken, workaround available",
            response_s=60 * 60,
            update_cadence_s=2 * 3600,
            escalation="Team lead next standup",
            escalates_to="team_lead",
        ),
        Severity.SEV4: Level(
            name="Low",
            criteria="Cosmetic issue, no user impact, tech debt trigger",
            response_s=None,
            update_cadence_s=24 * 3600,
            escalation="Backlog triage",
        ),
    },
    functionality={
        Functionality.FULL_OUTAGE: Severity.SEV1,
        Functionality.KEY_FEATURE_DOWN: Severity.SEV2,
        Functionality.MINOR_FEATURE_BROKEN: Severity.SEV3,
        Functionality.COSMETIC: Severity.SEV4,
    },
    outage_percent=100.0,
    major_percent=25.0,
    unassessed=Severity.SEV2,
    alert_priorities={
        "P1": Severity.SEV1,
        "P2": Severity.SEV2,
        "P3": Severity.SEV3,
        "P4": Severity.SEV4,
        "P5": Severity.SEV4,
        "SEV1": Severity.SEV1,
        "SEV2": Severity.SEV2,
        "SEV3": Severity.SEV3,
        "SEV4": Severity.SEV4,
        "SEV5": Severity.SEV4,
    },
    alert_severities={
        "emergency": Severity.SEV1,
        "disaster": Severity.SEV1,
        "fatal": Severity.SEV1,
        "critical": Severity.SEV1,
        "page": Severity.SEV2,
        "high": Severity.SEV2,
        "major": Severity.SEV2,
        "error": Severity.SEV2,
        "warning": Severity.SEV3,
        "warn": Severity.SEV3,
        "average": Severity.SEV3,
        "medium": Severity.SEV3,
        "moderate": Severity.SEV3,
        "minor": Severity.SEV3,
        "ticket": Severity.SEV3,
        "low": Severity.SEV4,
        "info": Severity.SEV4,
        "information": Severity.SEV4,
        "informational": Severity.SEV4,
        "notice": Severity.SEV4,
        "debug": Severity.SEV4,
        "none": Severity.SEV4,
    },
    alert_urgencies={"high": Severity.SEV2, "low": Severity.SEV3},
    roles_before_troubleshooting=(Role.INCIDENT_COMMANDER, Role.TECHNICAL_LEAD),
    clock_tolerance_s=2.0,
    tiers=(
        Tier(name="team_lead", to=("Team Lead",)),
        Tier(name="engineering_manager", to=("Engineering Manager",)),
        Tier(
            name="engineering_leadership",
            to=("VP Engineering", "CTO"),
            audience=Audience.EXECUTIVES,
        ),
        Tier(name="executive_team", to=("CEO",), audience=Audience.EXECUTIVES),
    ),
    hypothesis_timebox_s=15 * 60,
    update_reminder_s=5 * 60,
    monitoring_min_s=15 * 60,
    monitoring_max_s=30 * 60,
    all_clear_after_s=15 * 60,
    live_within_s=48 * 3600,
)
