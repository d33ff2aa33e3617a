"""The brief's matrix and docs/policy.md, once more, by hand: what the judge goes by.

Nothing here is taken from the code under test. Times are in minutes.
"""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

VERSION = "2026.1"
RESPONSE = {"SEV1": 5, "SEV2": 15, "SEV3": 60}
CADENCE = {"SEV1": 15, "SEV2": 30, "SEV3": 120, "SEV4": 1440}
REMINDER = {"SEV1": 5, "SEV2": 5, "SEV3": 5, "SEV4": 5}
ROOT_CAUSE = {"SEV1": 30, "SEV2": 120}
FIRST_UPDATE = {"SEV1": 10}
CUSTOMER_UPDATE = {"SEV1": 15, "SEV2": 30}
FACING = {"full_outage", "key_feature_down"}
"""Customers notice when this no longer works."""
RECOVERY = {"monitoring", "resolved"}
"""What customers were told who are to hear that it did not hold."""
BROKEN = {
    "cosmetic": "SEV4",
    "minor_feature_broken": "SEV3",
    "key_feature_down": "SEV2",
    "full_outage": "SEV1",
}
"""What no longer works, the worse the later."""
IN_DOUBT = "SEV2"
LADDER = ["team_lead", "engineering_manager", "engineering_leadership", "executive_team"]
TOLD = {"SEV1": "engineering_leadership", "SEV2": "engineering_manager", "SEV3": "team_lead"}
CLIMB = {"SEV1", "SEV2"}
"""Who is told next by a rule; of a SEV3 and a SEV4 nobody is, beside the tier of the matrix."""
TOP_AGAIN = {"SEV1": 30, "SEV2": 120}
STANDUP = 9
TIMEBOX = ALL_CLEAR = 15
MONITORING = (15, 30)
POSTMORTEM = RECORD = 48 * 60
REMINDED = (24 * 60, 4 * 60)
"""So long before a post-mortem is due there is a reminder of it."""
LAPSES_AFTER = 6 * 60
LIVE_WITHIN = 48 * 60
RULES = {
    "response.overdue",
    "escalation.severity",
    "escalation.response_overdue",
    "escalation.no_root_cause",
    "root_cause.overdue",
    "timebox.hypothesis",
    "update.due",
    "update.overdue",
    "update.first_overdue",
    "update.customers_overdue",
    "monitoring.window",
    "alerts.over",
    "all_clear.due",
    "postmortem.requested",
    "postmortem.reminder",
    "postmortem.overdue",
    "record.overdue",
}
ANSWERS = {
    "response.overdue": {
        "acknowledged",
        "duplicate_attached",
        "alert_received",
        "resolved",
        "canceled",
        "merged",
    },
    "escalation.severity": {"alert_received", "resolved", "canceled", "merged"},
    "escalation.response_overdue": {
        "acknowledged",
        "duplicate_attached",
        "alert_received",
        "resolved",
        "canceled",
        "merged",
    },
    "escalation.no_root_cause": {
        "root_cause_identified",
        "mitigated",
        "alert_received",
        "resolved",
        "canceled",
        "merged",
    },
}
"""What may have made an escalation needless."""

Level = tuple[datetime, str]
"""From when on an incident has had a severity."""


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def next_weekday(at: datetime, hour: int) -> datetime:
    """That hour of the next day on which people are at work."""
    day = at.date() + timedelta(days=1)
    while day.strftime("%a") in {"Sat", "Sun"}:
        day += timedelta(days=1)
    return datetime.combine(day, time(hour), UTC)


def next_standup(at: datetime) -> datetime:
    """Today's, if it is still to come on a day on which people are at work."""
    today = datetime.combine(at.date(), time(STANDUP), UTC)
    if at <= today and at.strftime("%a") not in {"Sat", "Sun"}:
        return today
    return next_weekday(at, STANDUP)


def response(at: datetime, severity: str) -> datetime:
    if severity == "SEV4":
        return next_weekday(at, 17)
    return at + minutes(RESPONSE[severity])


def another_response(at: datetime, severity: str) -> datetime | None:
    return None if severity == "SEV4" else at + minutes(RESPONSE[severity])


def root_cause(at: datetime, severity: str) -> datetime | None:
    return at + minutes(ROOT_CAUSE[severity]) if severity in ROOT_CAUSE else None


def cadence(at: datetime, severity: str) -> datetime:
    return at + minutes(CADENCE[severity])


def first_update(at: datetime, severity: str) -> datetime | None:
    return at + minutes(FIRST_UPDATE[severity]) if severity in FIRST_UPDATE else None


def customer_update(at: datetime, severity: str) -> datetime | None:
    return at + minutes(CUSTOMER_UPDATE[severity]) if severity in CUSTOMER_UPDATE else None


def told_at(at: datetime, severity: str) -> datetime:
    """When the tier of the matrix is told of a severity that holds since then."""
    return {"SEV1": at, "SEV2": at + minutes(15), "SEV3": next_standup(at)}[severity]


def promised(
    levels: list[Level], start: datetime, due: Callable[[datetime, str], datetime | None]
) -> datetime | None:
    """The earliest time that is due, counted from `start`: each severity sets one as it is reached,
    and a lower one does away with those that more severe ones had set.
    """
    before = [severity for at, severity in levels if at <= start]
    walk = [(start, before[-1] if before else levels[0][1])]
    walk += [(at, severity) for at, severity in levels if at > start]
    standing: list[Level] = []
    for at, severity in walk:
        standing = [each for each in standing if each[1] >= severity]
        standing.append((at, severity))
    times = [found for at, severity in standing if (found := due(at, severity)) is not None]
    return min(times, default=None)


def next_tier(known: list[str], unheard: set[str], severity: str) -> str | None:
    """Who is told next by a rule: whom the severity asks for, unless they or others above know;
    else the tier above all that know, and the last one again. Whom no channel told as it was their
    turn does not know, and is passed over.
    """
    if severity not in CLIMB:
        return None
    highest = max((LADDER.index(tier) for tier in known), default=-1)
    usual = TOLD.get(severity)
    first = max(highest + 1, LADDER.index(usual) if usual else 0)
    return next((tier for tier in LADDER[first:] if tier not in unheard), LADDER[-1])
