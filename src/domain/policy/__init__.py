"""The severity framework as data: levels, audiences, roles, the escalation ladder, all figures."""

from domain.policy.default import DEFAULT
from domain.policy.escalation import Tier
from domain.policy.policy import Policy
from domain.policy.roles import Role
from domain.policy.severity import Concern, Functionality, Level, Severity

__all__ = [
    "DEFAULT",
    "Concern",
    "Functionality",
    "Level",
    "Policy",
    "Role",
    "Severity",
    "Tier",
]
