"""Signals that were understood: where they went, and which opened nothing."""

from typing import Annotated, Any

from cyclopts import App, Parameter

from adapters.cli import tables
from adapters.cli.session import DEFAULTS, Format, Options, caught_up, connected


def add_to(app: App) -> None:
    """Register the commands of this module."""
    signals = App(name="signals", help="Alerts, and what the rules made of them.")
    signals.command(list_, name="list")
    app.command(signals)


async def list_(
    *,
    all: Annotated[bool, Parameter(help="Also those that went to an incident.")] = False,  # noqa: A002
    limit: Annotated[int, Parameter(help="So many at most, the latest first.")] = 100,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """List alerts that were ignored, silenced or in maintenance, with the rule that says so."""
    async with connected(options) as parts:
        await caught_up(parts, "routes")
        found = await parts.service.views.routes(everything=all, limit=limit)
    if format == "json":
        tables.as_json(found)
        return
    tables.table(
        tables.count(len(found), "alert"),
        ("signal", "source", "began (UTC)", "severity", "became", "rule", "title"),
        (
            (
                str(row["signal"]),
                f"{row['product']}/{row['source']}",
                tables.at(row["began_at"]),
                row["severity"] or "",
                became(row),
                row["rule"] or "",
                row["title"] or row["alert_id"],
            )
            for row in found
        ),
        optional=("severity",),
    )


def became(row: dict[str, Any]) -> str:
    """What an alert became, in a word or two."""
    if row["incident"] is None:
        return f"silent until {tables.at(row['until'])}" if row["until"] else "ignored"
    return row["action"] or "default"
