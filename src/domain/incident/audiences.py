"""Which of our own people hear of an incident, by how severe it is."""

from domain.kernel.notifiable import Audiences, Told
from domain.policy import Severity
from domain.policy.audience import Audience

OURS = (Audience.ENGINEERING, Audience.EXECUTIVES)


def whom_severity_concerns(told: Told, severity: Severity) -> Audiences:
    """Engineering, and executives where it is severe enough for them."""
    return OURS if told.reaches_executives(severity) else (Audience.ENGINEERING,)
