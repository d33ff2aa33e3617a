"""The log: what of it cannot be read, and leaving that out."""

from typing import Annotated

from cyclopts import App, Parameter

from adapters.cli import tables
from adapters.cli.session import DEFAULTS, Format, Options, acting, connected


async def unreadable(
    *,
    all: Annotated[bool, Parameter(help="Also what was skipped.")] = False,  # noqa: A002
    after: Annotated[int, Parameter(help="Behind this position of the log.")] = 0,
    limit: Annotated[int, Parameter(help="How many at most.")] = 100,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """List messages of the log that cannot be read, with the reason, and strangers among the
    numbers.
    """
    async with connected(options) as parts:
        known = [gap for gap in await parts.log_keeper.look() if all or not gap.skipped]
        await parts.stray_references.look()
        strays = parts.stray_references.found
    waiting = [gap for gap in known if gap.position > after]
    found = waiting[:limit]
    if len(waiting) <= limit:
        found += strays[: limit - len(found)]
    if format == "json":
        tables.as_json(found)
        return
    tables.table(
        tables.count(len(found), "message"),
        ("log", "position", "subject", "code", "status", "reason"),
        (
            (
                gap.log,
                str(gap.position),
                gap.subject,
                gap.code,
                "skipped" if gap.skipped else "set aside",
                gap.reason,
            )
            for gap in found
        ),
    )
    if len(waiting) > limit:
        tables.say(f"{len(waiting) - limit} more: --after {found[-1].position}")
    if tags := sorted({tag for gap in found if not gap.skipped for tag in gap.tags}):
        tables.say(f"A newer release has written {', '.join(tags)}: upgrade this one.")


async def skip(position: int, reason: str, *, options: Options = DEFAULTS) -> None:
    """Leave out of every history, for ever, what stands at a position and cannot be read."""
    async with connected(options) as parts:
        why = await parts.log_keeper.skip(position, reason, await acting(parts))
    tables.say(f"Position {position}, on {why.subject} ({why.code}), is left out from now on.")


GROUP = App(name="log", help="What of the log cannot be read.")
GROUP.command(unreadable)
GROUP.command(skip)
