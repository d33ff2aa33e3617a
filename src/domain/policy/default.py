"""The built-in policy: the matrix and the figures of the brief's severity framework."""

from domain.policy.audience import Audience
from domain.policy.level import TOP, Concern, Functionality, Level, Severity
from domain.policy.policy import Policy
from domain.policy.role import Role
from domain.policy.tiers import Tier

_WORDS: dict[Severity, tuple[str, ...]] = {
    Severity.SEV1: (
        "emergency", "disaster", "fatal", "critical",
        # syslog (RFC 5424) and what exporters make of it
        "emerg", "panic", "alert", "crit",
        # trackers: Jira, Redmine, Linear, Zendesk
        "blocker", "highest", "immediate", "urgent",
        "major incident", "very high", "catastrophic", "showstopper",
        "extreme", "sev a", "severity a",
        # de, nl; fr; es, pt, it; ru; zh, ja
        "kritisch", "katastrophe", "katastrophal", "notfall", "dringend", "sehr hoch", "kritiek",
        "critique", "bloquant", "très haute", "très élevée", "crítico", "crítica", "critico",
        "critica", "urgente", "muy alta", "muito alta", "molto alta",
        "критический", "критическая", "критично", "критическое", "авария", "чрезвычайная", "срочно",
        "严重", "嚴重", "紧急", "緊急", "致命", "致命的", "灾难", "災難", "重大", "危急",
    ),
    Severity.SEV2: (
        "page", "high", "major", "error", "err", "severe", "serious", "important",
        "sev b", "severity b",
        "hoch", "fehler", "schwer", "hoog", "haute", "élevée", "élevé", "erreur", "majeur", "alta",
        "alto", "grave", "высокий", "высокая", "ошибка", "高", "错误", "錯誤", "エラー",
    ),
    Severity.SEV3: (
        "warning", "warn", "average", "medium", "moderate", "minor", "ticket",
        "med", "normal", "sev c", "severity c",
        "mittel", "warnung", "moyenne", "moyen", "avertissement", "média", "medio", "médio",
        "advertencia", "aviso", "средний", "средняя", "предупреждение", "中", "警告",
    ),
    Severity.SEV4: (
        "low", "info", "information", "informational", "notice", "debug", "none",
        "lowest", "very low", "trivial", "trace", "verbose", "cosmetic", "negligible",
        "not classified",
        "niedrig", "gering", "laag", "faible", "basse", "baja", "baixa", "bassa", "информация",
        "низкий", "низкая", "低", "信息", "情報",
    ),
}  # fmt: skip
"""What monitoring systems, trackers and syslog call how severe something is. Jira's `major` and
Zabbix' `average` stand in the middle of their scales. Of a word that two languages or scales share
the higher level counts.
"""

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
            highest_tier=TOP,
            repeat_highest_s=30 * 60,
            first_update_within_s=10 * 60,
            customer_update_within_s=15 * 60,
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
            highest_tier=TOP,
            repeat_highest_s=2 * 3600,
            customer_update_within_s=30 * 60,
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
            record_within_s=48 * 3600,
        ),
        Severity.SEV4: Level(
            name="Low",
            criteria="Cosmetic issue, no user impact, tech debt trigger",
            response_s=None,
            update_cadence_s=24 * 3600,
            escalation="Backlog triage",
            record_within_s=48 * 3600,
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
    doubling_factor=2.0,
    floors={
        Concern.DATA_INTEGRITY: Severity.SEV1,
        Concern.CUSTOMER_REPORTED: Severity.SEV2,
        Concern.SECURITY_BREACH: Severity.SEV1,
    },
    executives_from=Severity.SEV2,
    alert_priorities={
        f"{scale}{number}": severity
        for scale in ("P", "SEV")
        for number, severity in enumerate(
            (
                Severity.SEV1,
                Severity.SEV1,
                Severity.SEV2,
                Severity.SEV3,
                Severity.SEV4,
                Severity.SEV4,
            )
        )
    }
    # A number alone may count from either end: what may be the top is not put below it.
    | {"0": Severity.SEV1, "1": Severity.SEV1, "2": Severity.SEV2},
    alert_severities={word: severity for severity, words in _WORDS.items() for word in words},
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
