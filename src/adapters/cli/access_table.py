"""Who may do what: the table of roles, commands, questions and acts of administration."""

from typing import Any

from cyclopts import App

from adapters.cli import tables
from adapters.cli.rights import NEEDS
from adapters.cli.session import Format
from adapters.http.authentication import PERMISSIONS as ROUTES
from domain.access.grants import (
    OF_OWN_SERVICES,
    PERMISSIONS,
    AccessRole,
    Permission,
    holders,
)
from domain.permissions import COMMANDS
from handlers.entrance.over_nats import SUBJECT


def rows() -> list[dict[str, Any]]:
    """A row for each command, over whatever entrance, and for each other thing that is asked of the
    service: what it needs, and which roles have that.
    """
    commands = [(f"{name} {command}", "command", it) for (name, command), it in COMMANDS.items()]
    subjects = [
        (f"{SUBJECT}.{name}.{each}", "subject", it) for (name, each), it in COMMANDS.items()
    ]
    routes = [(name, "route", it) for name, it in ROUTES.items()]
    lines = [(name, "command line", it) for name, it in NEEDS.items() if it is not None]
    return [
        {
            "what": what,
            "kind": kind,
            "permission": permission,
            "roles": list(holders(permission) if permission else AccessRole),
            "of_own_services": _of_own_services(kind, permission),
        }
        for what, kind, permission in (*commands, *subjects, *routes, *lines)
    ]


def _of_own_services(kind: str, permission: Permission | None) -> list[AccessRole]:
    """The roles that may besides, where all services of an incident are of their own team."""
    if kind not in {"command", "subject"} or permission is None:
        return []
    return [role for role, more in OF_OWN_SERVICES.items() if permission in more]


def _cell(row: dict[str, Any], role: AccessRole) -> str:
    if role in row["roles"]:
        return "yes"
    return "own" if role in row["of_own_services"] else ""


async def table(*, format: Format = "table") -> None:  # noqa: A002
    """Print who may do what: each command, over whatever entrance, each route, and what the command
    line asks of whoever shows it a token, with the permission that it needs. "own": where all
    services of the incident belong to a team of that person.
    """
    found = rows()
    if format == "json":
        may = {role: sorted(PERMISSIONS[role]) for role in AccessRole}
        tables.as_json({"roles": may, "permissions": sorted(Permission), "rows": found})
        return
    tables.table(
        tables.count(len(found), "row"),
        ("what", "kind", "permission", *AccessRole),
        (
            (
                each["what"],
                each["kind"],
                each["permission"] or "any token",
                *(_cell(each, role) for role in AccessRole),
            )
            for each in found
        ),
    )


GROUP = App(name="access", help="Who may do what.")
GROUP.command(table)
