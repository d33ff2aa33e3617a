"""Signals that were understood: where they went, and which opened nothing."""

from typing import Annotated

from cyclopts import App, Parameter

from adapters.cli import tables
from adapters.cli.session import DEFAULTS, Format, Options, caught_up, connected, viewing
from handlers.ingest.repeats import NO_NEWS
from handlers.queries.pages import ask_all
from projections.alerting.routes import SIGNALS, ListedSignal


async def list_(
    *,
    all: Annotated[bool, Parameter(help="What became of each delivery.")] = False,  # noqa: A002
    limit: Annotated[int, Parameter(help="So many at most, the latest first.")] = 100,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """List alerts that were ignored, silenced or in maintenance, with the rule that says so."""
    async with connected(options) as parts:
        await caught_up(parts, "routes")
        found = await ask_all(
            parts.service, SIGNALS, {"all": all}, await viewing(parts), most=limit
        )
    if format == "json":
        tables.as_json(found)
        return
    columns = (*BEFORE, "incident", *BEHIND) if all else (*BEFORE, *BEHIND)
    tables.table(
        tables.count(len(found), "line" if all else "alert"),
        columns,
        (tuple(_cells(each)[name] for name in columns) for each in found),
        optional=("severity", "incident", "rule") if all else ("severity",),
    )


BEFORE = ("signal", "source", "began (UTC)", "severity", "became")
BEHIND = ("rule", "title")


def _cells(routed: ListedSignal) -> dict[str, str]:
    why = "; ".join((routed.because or "", *routed.flaws)).lstrip("; ")
    return {
        "signal": str(routed.signal),
        "source": f"{routed.product}/{routed.source}",
        "began (UTC)": tables.at(routed.began_at),
        "severity": routed.severity or "",
        "became": describe_outcome(routed),
        "incident": named_incident(routed),
        "rule": routed.rule or "",
        "title": routed.title or routed.alert_id or why,
    }


WORDS = {
    "passed_over": "passed over",
    "change": "a change: on timelines",
    "flawed": "used, with flaws",
    "noted": "nothing: never fired",
    "quarantined": "in quarantine",
    "released": "used, after quarantine",
    "discarded": "given up",
}


def describe_outcome(routed: ListedSignal) -> str:
    """What became of a delivery, in a word or two."""
    if routed.action in WORDS:
        return WORDS[routed.action]
    if routed.action == "follows":
        used = "nothing new" if routed.because == NO_NEWS else "used"
        return used if routed.incident else "ignored"
    if routed.action == "told":
        return f"told: {routed.because}"
    if routed.incident is None:
        return f"silent until {tables.at(routed.until)}" if routed.until else "ignored"
    return routed.action or "default"


def named_incident(routed: ListedSignal) -> str:
    """What the incident is called that it is about, and how many others there are."""
    name = routed.reference or routed.incident or ""
    others = len(routed.incidents) - 1
    return f"{name} and {others} more" if others > 0 else name


GROUP = App(name="signals", help="Alerts, and what the rules made of them.")
GROUP.command(list_, name="list")
