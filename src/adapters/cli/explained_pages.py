"""Pages on the command line: who was woken for what, and why somebody was not."""

from typing import Annotated

from cyclopts import App, Parameter

from adapters.cli import tables
from adapters.cli.parameters import KnownAt
from adapters.cli.session import DEFAULTS, Format, Options, connected, viewing
from handlers.queries.parameters import cut_of
from projections.paging.page_explained import PAGE_EXPLAINED, PageExplained


async def explain(
    ref: Annotated[str, Parameter(help="The page: PG-1, or its id.")],
    *,
    known_at: KnownAt = None,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """Say why a page woke whom, and whom it did not: each level, attempt, receipt, rule and
    silence, from the log.
    """
    cut = cut_of(None, known_at)
    async with connected(options) as parts:
        found = await parts.service.ask(PAGE_EXPLAINED, {}, await viewing(parts), ref=ref, cut=cut)
    if format == "json":
        tables.as_json(found.answer)
        return
    shown: PageExplained = found.answer
    tables.say(f"{shown.reference} for {shown.incident_reference} ({shown.status})")
    tables.say(f"  {shown.verdict}")
    for line in shown.lines:
        tables.say(f"{tables.at(line.at)}  {line.text}")


GROUP = App(name="pages", help="Who was woken for what, and why somebody was not.")
GROUP.command(explain)
