"""Which measurement shows that an incident is over. Brief, "Step 3: Resolution & Stabilization":
"Verify recovery through metrics, not just "it looks fine" - confirm SLIs are back within SLO".
"""

import re
from collections.abc import Iterator

from domain.incident.state import Facts
from domain.kernel.refusal import Refused

_WORD = re.compile(r"[^\W_]+")
_IMPRESSION_WORDS = (
    "a again all and appear appears are as back been checked confirmed done everything fine fixed"
    " gone good great happy has have healthy i if is it its itself left lgtm look looked looking"
    " looks me n na no none normal normally now of off ok okay on over problem problems recovered"
    " resolved running s same seem seems service services should since stable still system systems"
    " t tested that the them there they things this to up us usual verified was we well were with"
    " work working works yes yet"
)
_IMPRESSIONS = frozenset(_IMPRESSION_WORDS.split())
"""Words that name no measurement, whatever they are put together to."""
RULE = (
    "Verify recovery through metrics, not just “it looks fine”: name the measurement that shows it,"
    " such as an SLI and its figure, or the address of a dashboard."
)


def unverified(verification: str | None, facts: Facts, *, is_needed: bool) -> Iterator[Refused]:
    """That no measurement is named."""
    if verification is None:
        if is_needed:
            detail = f"nothing shows that {facts.reference} has recovered"
            yield Refused("verification.required", detail, field="verification", rule=RULE)
    elif is_impression(verification):
        detail = f"“{' '.join(verification.split())[:100]}” names no measurement"
        yield Refused("verification.vague", detail, field="verification", rule=RULE)


def is_impression(text: str) -> bool:
    """Whether a text says how somebody finds it, and nothing that could be measured."""
    return all(word in _IMPRESSIONS for word in _WORD.findall(text.lower()))
