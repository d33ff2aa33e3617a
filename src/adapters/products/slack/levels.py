"""How severe something is, as people begin with it: `SEV 1`, `critical: …`, `:fire: [P1]`."""

import re

from domain.policy import Severity
from domain.policy.vocabulary import Vocabulary

_LEVEL = re.compile(
    r"(?<![^\W_])sev(?:erity)?[\W_]*[0-9]|[(\[]\s*p-?[0-4]\s*[)\]]|(?<!\w)p-?[0-4]\s*$",
    re.IGNORECASE,
)
_LEVEL_IS = re.compile(r"(?:severity|sev|priority|prio)\s*[=:][\W_]*(?=[^\W\d_])", re.IGNORECASE)
"""A level is stated, whichever word follows."""
_LEVEL_MAYBE = re.compile(r"(?:severity|sev)\s+(?=[^\W\d_])", re.IGNORECASE)
"""A level is stated if a word for one follows."""
_MARKS = re.compile(r"^[\W_]+")
_EMOJI = re.compile(r"(?::[\w+'-]+:\s*)+")
_PRODUCT = re.compile(r"s[0-9]+\s+\w", re.IGNORECASE)
"""`S3 is down` is about Amazon's S3; `S3: …` and `[S3] …` are levels."""
_TOP_OR_PRODUCT = re.compile(r"s0*[01]\s", re.IGNORECASE)
"""`S1 …` may be either: it counts as both."""
_LOWEST = re.compile(r"sev(?:erity)?[\W_]*0*[5-9]", re.IGNORECASE)


def leading_severity(text: str, vocabulary: Vocabulary) -> tuple[Severity, str] | None:
    """The level that a text begins with, however it is written, and what follows it."""
    emoji = _EMOJI.match(text)
    if emoji:
        return leading_severity(text[emoji.end() :], vocabulary)
    named = _LEVEL_IS.match(text) or _LEVEL_MAYBE.match(text)
    if named:
        word, behind = first_word(text[named.end() :])
        severity = vocabulary.severity(word)
        found = None if severity is None else (severity, _MARKS.sub("", behind))
    else:
        found = None if _PRODUCT.match(text) else vocabulary.leading(text)
    return None if is_lower_than_any(text) else found


def is_lower_than_any(text: str) -> bool:
    """Whether it begins with a level below ours, such as SEV5."""
    return _LOWEST.match(_MARKS.sub("", text)) is not None


def states_a_level(text: str) -> bool:
    """Whether a level stands somewhere in it, or it names none that we know."""
    return bool(_LEVEL.search(text) or _LEVEL_IS.match(text))


def may_be_the_top(text: str) -> bool:
    """Whether it begins with what may be the top level or a product."""
    return _TOP_OR_PRODUCT.match(text) is not None


def first_word(text: str) -> tuple[str, str]:
    """It, and what stands behind it."""
    first, *rest = text.strip().split(maxsplit=1) or [""]
    return first, rest[0] if rest else ""
