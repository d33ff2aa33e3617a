"""Tokens: made, listed, revoked."""

import sys
from datetime import datetime, timedelta
from typing import Annotated

from cyclopts import App, Parameter

from adapters.cli import tables
from adapters.cli.explaining import fail
from adapters.cli.parameters import Actor
from adapters.cli.session import DEFAULTS, Format, Options, connected, sender
from adapters.main import Core
from domain.access.grants import AccessRole, Permission
from domain.kernel.decider import UNKNOWN
from handlers.access.views import TokenView, view_of
from handlers.kernel.provenance import Caller

ROLES = ", ".join(AccessRole)


async def create(  # noqa: PLR0913 - each is an option
    name: str,
    *,
    role: Annotated[str, Parameter(help=f"What it may do: {ROLES}.")],
    person: Annotated[str | None, Parameter(help="The slug of the person who it is.")] = None,
    scope: Annotated[
        list[str] | None,
        Parameter(help="No more than this permission of what the role may; more of them: again."),
    ] = None,
    days: Annotated[int, Parameter(help="It expires after so many.")] = 90,
    no_expiry: Annotated[bool, Parameter(help="It never expires.")] = False,
    actor: Actor = "unknown",
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """Make a token for a person or a program. Its secret is printed, this once, and kept nowhere.
    Two of one name live at once, so that one is replaced without a gap.
    """
    if role not in set(AccessRole):
        fail(f"--role {role}: one of {ROLES}")
    if odd := sorted(set(scope or ()) - set(Permission)):
        fail(f"--scope {odd[0]}: one of {', '.join(Permission)}")
    if not 1 <= days <= 3_650:
        fail(f"--days {days}: 1 to 3650")
    async with connected(options, begin=True) as parts:
        by = await _admin(parts, actor)
        expires_at = None if no_expiry else parts.clock.now() + timedelta(days=days)
        made = await parts.access_keeper.issue(
            by,
            name,
            AccessRole(role),
            expires_at=expires_at,
            person=person,
            scopes=tuple(map(Permission, scope or ())),
        )
        shown = view_of(made.token, parts.gate, watched=False)
    if format == "json":
        tables.as_json({"secret": made.secret, "token": shown})
        return
    print(made.secret)
    until = f"until {tables.at(shown.expires_at)}" if shown.expires_at else "for ever"
    said = f"{shown.name} ({shown.role}), token {shown.id}, {until}. Nobody tells it again."
    print(tables.plain(said), file=sys.stderr)


async def list_(*, format: Format = "table", options: Options = DEFAULTS) -> None:  # noqa: A002
    """List all tokens that there ever were. When one was used last is known to a minute."""
    async with connected(options) as parts:
        await _admin(parts, UNKNOWN)
        await parts.gate.refresh()
        await parts.gate.share_uses()
        tokens = parts.gate.register.tokens.values()
        found = [view_of(each, parts.gate) for each in tokens]
    if format == "json":
        tables.as_json(found)
        return
    tables.table(
        tables.count(len(found), "token"),
        ("id", "name", "role", "standing", "made", "by", "expires", "last used"),
        (
            (
                each.id,
                each.name,
                _may(each),
                each.standing + (f": {each.revoked_because}" if each.revoked_because else ""),
                tables.at(each.made_at),
                each.made_by,
                tables.at(each.expires_at) if each.expires_at else "never",
                _used(each),
            )
            for each in found
        ),
    )


async def revoke(
    which: str,
    *,
    reason: str,
    actor: Actor = "unknown",
    options: Options = DEFAULTS,
) -> None:
    """Revoke the token of an id, or all of a name: within seconds they are worth nothing."""
    async with connected(options) as parts:
        by = await _admin(parts, actor)
        found = await parts.access_keeper.revoke(by, which, reason)
    for each in found:
        tables.say(f"{each.id} of {each.name} ({each.role}) is revoked: {each.revoked_because}")


async def _admin(parts: Core, actor: str) -> Caller:
    by = await sender(parts, actor)
    assert by.principal is not None
    by.principal.demand(Permission.ACCESS_MANAGE)
    return by


def _may(token: TokenView) -> str:
    whose = f" ({token.person})" if token.person else ""
    only = f": {', '.join(token.scopes)} alone" if token.scopes else ""
    return f"{token.role}{whose}{only}"


def _used(token: TokenView) -> str:
    if token.last_used_at is not None:
        return tables.at(token.last_used_at)
    since: datetime | None = token.use_known_since
    return f"not known (not since {tables.at(since)})" if since else "not known"


GROUP = App(name="token", help="Who is let in: tokens are made, listed and revoked.")
GROUP.command(create)
GROUP.command(list_, name="list")
GROUP.command(revoke)
