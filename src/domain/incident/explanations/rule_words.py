"""What each rule says that events cite, in a sentence with the figures of a policy, and what would
have kept it from deciding.
"""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from domain.incident.deadlines.events import DeadlineRule
from domain.incident.deadlines.ladder import hears
from domain.incident.severity.assessment import BACKFILLED
from domain.incident.severity.doubling import DOUBLED
from domain.incident.severity.floors import CUSTOMER_REPORTED, DATA_INTEGRITY, MATRIX
from domain.kernel.text import span
from domain.kernel.totality import total
from domain.policy import Concern, Level, Policy, Severity


class RuleWords(NamedTuple):
    """What a rule says of an incident of a severity, by a policy, and what prevents it."""

    says: Callable[[Policy, Severity], str]
    prevented_by: str


def _response(policy: Policy, severity: Severity) -> str:
    seconds = policy.levels[severity].response_s
    until = f"within {span(seconds)}" if seconds is not None else "by the next business day"
    return f"Somebody acknowledges a {severity} {until}; that nobody has is a breach."


def _escalation(policy: Policy, severity: Severity) -> str:
    level = policy.levels[severity]
    tier = policy.tier(level.escalates_to) if level.escalates_to else None
    to = hears(tier) if tier else "nobody hears"
    return f"{to} of a {severity} {_after(level)}, acknowledged or not."


def _after(level: Level) -> str:
    if level.escalate_after_s is None:
        return "at the next standup"
    return f"after {span(level.escalate_after_s)}" if level.escalate_after_s else "at once"


def _unanswered(policy: Policy, severity: Severity) -> str:
    seconds = policy.levels[severity].response_s
    every = span(seconds) if seconds is not None else "its response time"
    return (
        f"While nobody acknowledges a {severity}, the next tier hears of it for each further"
        f" {every}, as far up as the level climbs."
    )


def _cause(policy: Policy, severity: Severity) -> str:
    within = _within(policy.levels[severity].root_cause_within_s)
    return f"The root cause of a {severity} is identified {within}; that it is not is a breach."


def _within(seconds: int | None) -> str:
    return f"within {span(seconds)}" if seconds is not None else "in time"


def _cause_again(policy: Policy, severity: Severity) -> str:
    seconds = policy.levels[severity].root_cause_within_s
    each = span(seconds) if seconds is not None else "its time"
    return (
        f"While the root cause of a {severity} is not known, the next tier hears of it for each"
        f" {each}, as far up as the level climbs."
    )


def _cadence(policy: Policy, severity: Severity) -> str:
    every = span(policy.levels[severity].update_cadence_s)
    return f"A {severity} has a status update every {every}, also where nothing is new."


def _first_update(policy: Policy, severity: Severity) -> str:
    within = _within(policy.levels[severity].first_update_within_s)
    return f"A {severity} has its first status update {within}; that it has not is a breach."


def _customer_update(policy: Policy, severity: Severity) -> str:
    within = _within(policy.levels[severity].customer_update_within_s)
    return f"Customers whom a {severity} affects are told {within}; that they are not is a breach."


def _watch(policy: Policy, _: Severity) -> str:
    least, most = span(policy.monitoring_min_s), span(policy.monitoring_max_s)
    return f"After a mitigation recovery is watched for {least} to {most} before it is resolved."


def _postmortem(policy: Policy, severity: Severity) -> str:
    within = _within(policy.levels[severity].postmortem_within_s)
    return f"The post-mortem of a {severity} is published {within} of the resolution."


def _record(policy: Policy, severity: Severity) -> str:
    within = _within(policy.levels[severity].record_within_s)
    return f"A short record of a {severity} is filed {within} of the resolution."


def _floor(concern: Concern, words: str) -> Callable[[Policy, Severity], str]:
    return lambda policy, _: f"{words}: at least {policy.floors[concern]}, whatever else is known."


SEVERITY_RULES: Final = (MATRIX, BACKFILLED, DOUBLED, DATA_INTEGRITY, CUSTOMER_REPORTED)

_UPDATE = "a status update before it was due"
RULES: Mapping[str, RuleWords] = total(
    "what rules say",
    (*DeadlineRule, *SEVERITY_RULES),
    {
        DeadlineRule.RESPONSE: RuleWords(_response, "an acknowledgement before it was due"),
        DeadlineRule.ESCALATE_LEVEL: RuleWords(
            _escalation, "a lower severity, or the end of the incident, before it was due"
        ),
        DeadlineRule.ESCALATE_RESPONSE: RuleWords(
            _unanswered, "an acknowledgement before it was due"
        ),
        DeadlineRule.CAUSE: RuleWords(
            _cause, "a root cause (identify_root_cause) or a mitigation before it was due"
        ),
        DeadlineRule.ESCALATE_CAUSE: RuleWords(
            _cause_again, "a root cause (identify_root_cause) or a mitigation before it was due"
        ),
        DeadlineRule.TIMEBOX: RuleWords(
            lambda policy, _: (
                f"A hypothesis that is not confirmed within {span(policy.hypothesis_timebox_s)} is"
                " left for the next one."
            ),
            "its confirmation, its rejection or its abandonment before it was due",
        ),
        DeadlineRule.UPDATE_DUE: RuleWords(_cadence, _UPDATE),
        DeadlineRule.UPDATE_OVERDUE: RuleWords(_cadence, _UPDATE),
        DeadlineRule.UPDATE_AUTOMATIC: RuleWords(
            lambda policy, severity: (
                f"{_cadence(policy, severity)} The service posts it where nobody has."
            ),
            _UPDATE,
        ),
        DeadlineRule.FIRST_UPDATE: RuleWords(_first_update, _UPDATE),
        DeadlineRule.CUSTOMER_UPDATE: RuleWords(
            _customer_update, "an update that is addressed to customers before it was due"
        ),
        DeadlineRule.MONITORING: RuleWords(_watch, "a resolution, with an early_reason"),
        DeadlineRule.ALERTS_OVER: RuleWords(
            lambda *_: (
                "A monitor does not close an incident under its commander: people are asked."
            ),
            "a mitigation or a resolution by a responder before the last alert was over",
        ),
        DeadlineRule.ALL_CLEAR: RuleWords(
            lambda policy, _: (
                f"The all-clear goes out {span(policy.all_clear_after_s)} after the resolution, if"
                " that has held."
            ),
            "a reopening, or an all-clear by a responder, before it was due",
        ),
        DeadlineRule.POSTMORTEM: RuleWords(_postmortem, "a post-mortem that is published already"),
        DeadlineRule.POSTMORTEM_OVERDUE: RuleWords(
            _postmortem, "a post-mortem that is published before it was due"
        ),
        DeadlineRule.RECORD_OVERDUE: RuleWords(_record, "a record that is filed before it was due"),
        MATRIX: RuleWords(
            lambda policy, severity: (
                f"The matrix is asked at each assessment. {severity} is:"
                f" {policy.levels[severity].criteria}."
            ),
            "figures that meet no criterion of the higher level, or a decision to hold the level"
            " (change_severity, with a reason)",
        ),
        BACKFILLED: RuleWords(
            lambda *_: "What becomes known of an earlier time changes what is known of then.",
            "the same knowledge when it was so",
        ),
        DOUBLED: RuleWords(
            lambda policy, _: (
                f"A figure of the impact that grows {policy.doubling_factor:g} times since the last"
                " decision on the severity raises that by one level."
            ),
            "a decision on the severity in between (change_severity to the same level, with a"
            " reason): it counts from there",
        ),
        DATA_INTEGRITY: RuleWords(
            _floor(Concern.DATA_INTEGRITY, "A concern about the integrity of data"),
            "no such concern (reassess_impact, data_integrity_concern=false)",
        ),
        CUSTOMER_REPORTED: RuleWords(
            _floor(Concern.CUSTOMER_REPORTED, "Reported by customers, with paying accounts hit"),
            "customer_reported=false or paying_customers=false",
        ),
    },
)
