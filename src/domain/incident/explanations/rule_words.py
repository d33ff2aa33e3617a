"""What each rule says that events cite, in a sentence with the figures of a policy, and what would
have kept it from deciding.
"""

from collections.abc import Callable, Mapping
from typing import Final

from domain.incident.deadlines.events import DeadlineRule
from domain.incident.deadlines.table import TIMED_RULES
from domain.incident.deadlines.timed_rule import RuleWords
from domain.incident.severity.citing import BACKFILLED, CORRECTED
from domain.incident.severity.doubling import DOUBLED
from domain.incident.severity.floors import CUSTOMER_REPORTED, DATA_INTEGRITY, MATRIX
from domain.kernel.totality import total
from domain.policy import Concern, Policy, Severity


def _floor(concern: Concern, words: str) -> Callable[[Policy, Severity], str]:
    return lambda policy, _: f"{words}: at least {policy.floors[concern]}, whatever else is known."


SEVERITY_RULES: Final = (MATRIX, BACKFILLED, CORRECTED, DOUBLED, DATA_INTEGRITY, CUSTOMER_REPORTED)

RULES: Mapping[str, RuleWords] = total(
    "what rules say",
    (*DeadlineRule, *SEVERITY_RULES),
    {
        **{rule: words for timed in TIMED_RULES for rule, words in timed.words.items()},
        MATRIX: RuleWords(
            lambda policy, severity: (
                f"The matrix is asked at each assessment. {severity} is:"
                f" {policy.levels[severity].criteria}."
            ),
            "figures that meet no criterion of the higher level, or a decision to hold the level"
            " (change_severity, with a reason)",
            None,
        ),
        BACKFILLED: RuleWords(
            lambda *_: "What becomes known of an earlier time changes what is known of then.",
            "the same knowledge when it was so",
            None,
        ),
        CORRECTED: RuleWords(
            lambda *_: (
                "What was said of the impact and put right, or retracted, is as if it had been said"
                " right: what followed from it alone is taken back."
            ),
            "a decision on the severity since (change_severity, with a reason): it stands",
            None,
        ),
        DOUBLED: RuleWords(
            lambda policy, _: (
                f"A figure of the impact that grows {policy.doubling_factor:g} times since the last"
                " decision on the severity raises that by one level."
            ),
            "a decision on the severity in between (change_severity to the same level, with a"
            " reason): it counts from there",
            None,
        ),
        DATA_INTEGRITY: RuleWords(
            _floor(Concern.DATA_INTEGRITY, "A concern about the integrity of data"),
            "no such concern (reassess_impact, data_integrity_concern=false)",
            None,
        ),
        CUSTOMER_REPORTED: RuleWords(
            _floor(Concern.CUSTOMER_REPORTED, "Reported by customers, with paying accounts hit"),
            "customer_reported=false or paying_customers=false",
            None,
        ),
    },
)
