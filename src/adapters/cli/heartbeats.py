"""Heartbeats: which are watched, and how they stand."""

from cyclopts import App

from adapters.cli import tables
from adapters.cli.session import DEFAULTS, Format, Options, caught_up, connected, viewing
from projections.alerting.heartbeats import HEARTBEAT_LIST


async def list_(*, format: Format = "table", options: Options = DEFAULTS) -> None:  # noqa: A002
    """List the heartbeats that are watched: when each was heard, and since when one is silent."""
    async with connected(options) as parts:
        await caught_up(parts, "heartbeats")
        found = (await parts.service.ask(HEARTBEAT_LIST, {}, await viewing(parts))).items
    if format == "json":
        tables.as_json(found)
        return
    tables.table(
        tables.count(len(found), "heartbeat"),
        ("name", "status", "heard (UTC)", "silent since (UTC)", "silence (s)", "severity"),
        (
            (
                each.name,
                each.status,
                tables.at(each.heard_at) if each.heard_at else "never",
                tables.at(each.silent_since) if each.silent_since else "",
                str(each.silence_s),
                each.severity.value,
            )
            for each in found
        ),
    )


GROUP = App(name="heartbeats", help="What has to be heard again and again.")
GROUP.command(list_, name="list")
