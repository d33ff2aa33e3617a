"""Who is told of rights that were taken in an emergency: administrators, who give them, by channels
that they read; where there is none, engineering.
"""

from domain.policy import Severity
from domain.policy.audience import Audience
from domain.policy.reach import Reach

SEVERITY = Severity.SEV2
"""Somebody has rights that nobody gave: whoever gives them is to see it soon."""

FOR_ENGINEERING = "told to engineering, as no channel is marked for administrators"
"""Why whoever does not give rights reads of rights that were taken."""


def told_of_emergency(reach: Reach | None) -> str:
    """Whom the channels tell of it, in a sentence for whoever takes the rights."""
    if reach is None:
        return "It is on record."
    if reach.tells_admins:
        return "Administrators are told of it."
    if reach.hears(Audience.ENGINEERING, SEVERITY, ()):
        return "Engineering is told of it, as no channel is marked for administrators."
    return "No channel tells anybody of it: tell an administrator yourself."
