"""Rights in an emergency, and the trail of administration."""

from typing import Annotated

from cyclopts import App, Parameter

from adapters.cli import tables
from adapters.cli.session import DEFAULTS, Format, Options, caught_up, connected, sender
from domain.access.grants import Permission
from domain.kernel.decider import UNKNOWN
from projections.directory.administration import ADMINISTRATION


async def take(
    *,
    reason: Annotated[str, Parameter(help="Why they are needed.")],
    options: Options = DEFAULTS,
) -> None:
    """Take for an hour what a commander may do: whoever shows the token in COMMANDPOST_TOKEN does.
    It is on record, and administrators are told of it, or engineering where no channel is theirs;
    nobody has to agree.
    """
    async with connected(options) as parts:
        by = await sender(parts, UNKNOWN)
        assert by.principal is not None
        by.principal.demand(Permission.EMERGENCY)
        name = by.principal.name
        taken = await parts.access_keeper.take_emergency(by, name, reason)
    until = tables.at(taken.until)
    tables.say(f"{name} may do what a commander may until {until}. {taken.told}")


async def end(*, options: Options = DEFAULTS) -> None:
    """Give the rights back before the hour is over."""
    async with connected(options) as parts:
        by = await sender(parts, UNKNOWN)
        assert by.principal is not None
        by.principal.demand(Permission.EMERGENCY)
        await parts.access_keeper.end_emergency(by, by.principal.name)
    tables.say(f"{by.principal.name} has no emergency rights any more.")


async def audit(
    *,
    after: Annotated[int, Parameter(help="Behind this position of the log.")] = 0,
    limit: Annotated[int, Parameter(help="The last so many at most.")] = 100,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """Who did what to tokens, logins, emergency rights, the configuration, the directory and what
    of the log cannot be read, the first first.
    """
    async with connected(options) as parts:
        by = await sender(parts, UNKNOWN)
        assert by.principal is not None
        by.principal.demand(Permission.AUDIT_READ)
        await caught_up(parts, ADMINISTRATION.name)
        whole = await parts.access_keeper.trail(by.viewer, after)
    found = whole[-limit:] if limit > 0 else []
    if format == "json":
        tables.as_json(found)
        return
    tables.table(
        tables.count(len(found), "entry", "entries"),
        ("position", "at", "who", "what"),
        (
            (
                str(each.position),
                tables.at(each.at),
                f"{each.actor} (by {each.via})" if each.via else each.actor,
                each.text,
            )
            for each in found
        ),
    )


GROUP = App(name="emergency", help="Rights in an emergency.")
GROUP.command(take)
GROUP.command(end)
