"""The severity framework as data. Source: the incident severity framework of the brief
("Severity Classification Matrix", "Escalation Triggers"). Every automatic decision records the
`version` of the policy that took it.
"""

from enum import StrEnum

import msgspec


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


class Level(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the severity matrix. Times in seconds; None: the next business day."""

    name: str
    criteria: str
    response_s: int | None
    update_cadence_s: int
    escalation: str


class Policy(msgspec.Struct, frozen=True, kw_only=True):
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

    def __post_init__(self) -> None:
        for table, keys in ((self.levels, Severity), (self.functionality, Functionality)):
            missing = [key.value for key in keys if key not in table]
            if missing:
                raise ValueError(f"policy {self.version} says nothing about {', '.join(missing)}")


DEFAULT = Policy(
    version="2026.1",
    levels={
        Severity.SEV1: Level(
            name="Critical",
            criteria="Full service outage, data loss risk, security breach",
            response_s=5 * 60,
            update_cadence_s=15 * 60,
            escalation="VP Eng + CTO immediately",
        ),
        Severity.SEV2: Level(
            name="Major",
            criteria="Degraded service for >25% users, key feature down",
            response_s=15 * 60,
            update_cadence_s=30 * 60,
            escalation="Eng Manager within 15 min",
        ),
        Severity.SEV3: Level(
            name="Moderate",
            criteria="Minor feature broken, workaround available",
            response_s=60 * 60,
            update_cadence_s=2 * 3600,
            escalation="Team lead next standup",
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
)
