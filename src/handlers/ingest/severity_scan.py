"""How severe a body that is not understood may be: what it calls its severity, wherever it does."""

import re

from domain.policy import Policy, Severity

SCANNED_BYTES_MAX = 1024 * 1024
STATED_MAX = 1_000

_STATED = re.compile(
    rb'"?\b(?:severity|priority|level|urgency|impact)"?\s*[:=]\s*'
    rb'(?:\{[^{}]{0,200}?"(?:summary|name)"\s*:\s*)?"?([^",}&\r\n]{1,100})',
    re.IGNORECASE,
)


def scan_severity(body: bytes, policy: Policy) -> Severity | None:
    """The highest severity that stands in a body, whatever else does; None: none does."""
    found: Severity | None = None
    for place, stated in enumerate(_STATED.finditer(body, 0, SCANNED_BYTES_MAX)):
        said = policy.vocabulary.severity(stated[1].decode("utf-8", "replace"))
        found = min(filter(None, (found, said)), default=None)
        if found is Severity.SEV1 or place >= STATED_MAX:
            break
    return found
