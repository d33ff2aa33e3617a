"""The severity framework as data: levels, audiences, roles, the escalation ladder, all figures."""

from domain.policy.policy import (
    DEFAULT,
    Functionality,
    Level,
    Policy,
    Role,
    Severity,
    Tier,
)

__all__ = ["DEFAULT", "Functionality", "Level", "Policy", "Role", "Severity", "Tier"]
