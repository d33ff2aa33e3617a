"""The severity framework as data: levels, audiences, roles, the escalation ladder, all figures."""

from domain.policy.default import DEFAULT
from domain.policy.level import Cadences, Concern, Functionality, Level, Severity
from domain.policy.policy import Policy
from domain.policy.role import Role
from domain.policy.tiers import Tier

__all__ = [
    "DEFAULT",
    "Cadences",
    "Concern",
    "Functionality",
    "Level",
    "Policy",
    "Role",
    "Severity",
    "Tier",
]
