"""Who may do what: one table of roles and permissions.

On-call engineers take emergency actions without asking anybody: a responder may declare, raise,
escalate, hand over and end an incident. What rewrites the record, and what changes the directory or
the service itself, takes more.
"""

from collections.abc import Mapping
from enum import StrEnum

from domain.kernel.totality import total


class AccessRole(StrEnum):
    """What a token is for."""

    SCRAPE = "scrape"
    VIEWER = "viewer"
    RESPONDER = "responder"
    COMMANDER = "commander"
    INTEGRATION = "integration"
    ADMIN = "admin"


class Permission(StrEnum):
    """What a command, a question or an act of administration needs."""

    OPERATIONS_READ = "operations.read"
    """Metrics, health, the description of the interface."""
    INCIDENTS_READ = "incidents.read"
    """Incidents, their timelines, statistics, what was told of them."""
    DIRECTORY_READ = "directory.read"
    """People, teams and services."""
    INCIDENTS_RESPOND = "incidents.respond"
    """All that an incident needs until it is over."""
    INCIDENTS_COMMAND = "incidents.command"
    """What rewrites the record or joins incidents."""
    DIRECTORY_MANAGE = "directory.manage"
    """Entries of people, teams and services."""
    QUARANTINE_MANAGE = "quarantine.manage"
    """What becomes of signals that could not be understood; their bodies."""
    ON_BEHALF = "act.on_behalf"
    """Speak for somebody else, who is on record as the actor."""
    EMERGENCY = "emergency.take"
    """Take for an hour what is missing in an emergency."""
    ACCESS_MANAGE = "access.manage"
    """Tokens."""
    AUDIT_READ = "audit.read"
    """Who changed what of tokens and emergency rights."""
    SERVICE_MANAGE = "service.manage"
    """Whatever no other permission names."""


_P = Permission
_LOOKS = frozenset({_P.OPERATIONS_READ, _P.INCIDENTS_READ, _P.DIRECTORY_READ})
_RESPONDS = _LOOKS | {_P.INCIDENTS_RESPOND, _P.EMERGENCY}

PERMISSIONS: Mapping[AccessRole, frozenset[Permission]] = total(
    "what each role may do",
    AccessRole,
    {
        AccessRole.SCRAPE: frozenset({_P.OPERATIONS_READ}),
        AccessRole.VIEWER: _LOOKS,
        AccessRole.RESPONDER: _RESPONDS,
        AccessRole.COMMANDER: _RESPONDS | {_P.INCIDENTS_COMMAND, _P.QUARANTINE_MANAGE},
        AccessRole.INTEGRATION: _LOOKS | {_P.INCIDENTS_RESPOND, _P.INCIDENTS_COMMAND, _P.ON_BEHALF},
        AccessRole.ADMIN: frozenset(Permission),
    },
)

EMERGENCY_RIGHTS = PERMISSIONS[AccessRole.COMMANDER]
"""What somebody may do who has broken the glass."""


OF_OWN_SERVICES: Mapping[AccessRole, frozenset[Permission]] = {
    AccessRole.RESPONDER: frozenset({_P.INCIDENTS_COMMAND}),
}
"""What a role may do beside with an incident whose services all belong to a team of whoever has it:
who answers for a service knows best what is one incident and what was none.
"""


def holders(permission: Permission) -> tuple[AccessRole, ...]:
    """The roles that have a permission, the least of them first."""
    return tuple(role for role in AccessRole if permission in PERMISSIONS[role])
