"""All rules, in their order: the first that finds something explains the sentence."""

from msgspec.structs import replace

from domain.learning.blame_in_hindsight import IN_HINDSIGHT
from domain.learning.blame_in_other_words import OTHER_WORDS
from domain.learning.blame_of_persons import OF_PERSONS
from domain.learning.blame_rule import BlameRule
from domain.learning.blame_unnamed import UNNAMED

_ORDER = (
    "human_error",
    "warned_anyway",
    "counterfactual",
    "hindsight",
    "hindsight_passive",
    "person_failed",
    "person_left_out",
    "person_did_harm",
    "person_judged",
    "made_the_cause",
    "possessive",
    "character",
    "violation",
    "passive",
    "nobody_cared",
    "punishment",
    "sarcasm",
    "rhetorical",
)


def _widened(rule: BlameRule) -> BlameRule:
    others = OTHER_WORDS.get(rule.code)
    return replace(rule, pattern=f"{rule.pattern}|{others}") if others else rule


RULES: tuple[BlameRule, ...] = tuple(
    sorted(
        map(_widened, (*OF_PERSONS, *IN_HINDSIGHT, *UNNAMED)),
        key=lambda rule: _ORDER.index(rule.code),
    )
)
