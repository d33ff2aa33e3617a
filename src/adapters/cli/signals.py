"""Signals that were understood: where they went, and which opened nothing."""

from typing import Annotated

from cyclopts import App, Parameter

from adapters.cli import tables
from adapters.cli.session import DEFAULTS, Format, Options, caught_up, connected
from handlers.queries.pages import ask_all
from projections.alerting.routes import SIGNALS, Routed


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
        found = await ask_all(parts.service, SIGNALS, {"all": all}, most=limit)
    if format == "json":
        tables.as_json(found)
        return
    tables.table(
        tables.count(len(found), "alert"),
        ("signal", "source", "began (UTC)", "severity", "became", "rule", "title"),
        (
            (
                str(each.signal),
                f"{each.product}/{each.source}",
                tables.at(each.began_at),
                each.severity or "",
                describe_outcome(each),
                each.rule or "",
                each.title
                or each.alert_id
                or "; ".join((each.because or "", *each.flaws)).lstrip("; "),
            )
            for each in found
        ),
        optional=("severity",),
    )


def describe_outcome(routed: Routed) -> str:
    """What an alert became, in a word or two."""
    if routed.action == "passed_over":
        return "passed over"
    if routed.action == "change":
        return "a change: on timelines"
    if routed.action == "flawed":
        return "used, with flaws"
    if routed.action == "noted":
        return "nothing: never fired"
    if routed.incident is None:
        return f"silent until {tables.at(routed.until)}" if routed.until else "ignored"
    return routed.action or "default"
