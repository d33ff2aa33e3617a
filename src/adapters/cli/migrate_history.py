"""What happened in another product, imported as incidents."""

from typing import Annotated

from cyclopts import Parameter

from adapters.cli.explaining import fail
from adapters.cli.imports import bring_in
from adapters.cli.migrate import From, Where
from adapters.cli.session import DEFAULTS, Format, Options
from adapters.migration.account import Unreadable
from adapters.migration.pagerduty_history import FEED, history_of


async def history(
    path: Where,
    *,
    source: From,
    dry_run: Annotated[bool, Parameter(help="Write nothing: say what would be written.")] = False,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> int:
    """Import the incidents of an export with their log, so that times to acknowledge and to resolve
    stay what they were. Done again, nothing is written. The exit status is 1 where a part of it
    could not be imported.
    """
    if source != FEED:
        fail(f"history.not_there: exports of {source} hold no alerts that happened")
    try:
        found = history_of(path)
    except Unreadable as error:
        fail(f"{error.code}: {error.detail}")
    return await bring_in(found, dry_run, format, options)
