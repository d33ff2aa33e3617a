"""Which measurement shows that an incident is over. Brief, "Step 3: Resolution & Stabilization":
"Verify recovery through metrics, not just "it looks fine" - confirm SLIs are back within SLO".
"""

import re
from collections.abc import Iterator

from domain.incident.state import Facts
from domain.kernel.refusal import Refused

_MEASUREMENTS = (
    r"rate\b|rates\b|latenc|latenz|errors?\b|fehler|\bp\d\d|\bsl[iao]s?\b|availab|verf\u00fcgbar"
    r"|uptime|throughput|durchsatz|dashboard|graph|chart|metric|metrik|monitor|alerts?\b|alarm|probes?\b"
    r"|health\W?check|smoke test|synthetic|\b[45]xx\b|requests?\b|traffic|queue|backlog|\blag\b"
    r"|percent|prozent|quot[ae]|\btaux\b|\btasa\b"
    r"|saturation|\bcpu\b|memory|\bdisk\b|connections"
    r"|apdex|budget|replication|\blogs?\b|tickets?\b|timeouts?\b"
    r"|success\w* (?:orders|payments|logins)"
)
_MEASURED = re.compile(rf"{_MEASUREMENTS}|https?://\S|\b[\w-]+(?:\.[\w-]+)+/\S", re.IGNORECASE)
"""What names a measurement, or where it is seen."""
_KNOWN_SCRIPT = "\u024f"
"""Of a script behind that we know no word, so it may name a measurement."""
_NO_FIGURE = re.compile(
    r"\b\d{4}-\d\d-\d\d\S*|\b\d{1,2}:\d\d(?::\d\d)?|\b\d{1,2}\s?[ap]\.?m\b|\b[a-z]+-\d+|\bv\d[\d.]*"
    r"|\b\d+\s?(?:h|hours?|min\w*|days?|people|persons?|of us|times?|x)\b",
    re.IGNORECASE,
)
"""Figures that measure nothing: a time, for how long, how many have looked, a name."""
RULE = (
    "Verify recovery through metrics, not just “it looks fine”: name the measurement that shows it,"
    " such as an SLI and its figure (“error rate 0.1 %”), or the address of a dashboard. In an"
    " emergency give an `override` that says why."
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
    if _MEASURED.search(text) or any(c.isalpha() and c > _KNOWN_SCRIPT for c in text):
        return False
    return not any(map(str.isdigit, _NO_FIGURE.sub("", text)))
