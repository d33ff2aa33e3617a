"""Which of our own people hear of an incident, by how severe it is."""

from domain.policy import Severity
from domain.policy.audience import Audience

EXECUTIVES_FROM = Severity.SEV2
"""Executives hear of what is at least this severe."""

OURS = (Audience.ENGINEERING, Audience.EXECUTIVES)


def whom_severity_concerns(severity: Severity) -> tuple[Audience, ...]:
    """Engineering, and executives from `EXECUTIVES_FROM` on."""
    return (Audience.ENGINEERING,) if EXECUTIVES_FROM.outranks(severity) else OURS
