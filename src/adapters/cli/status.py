"""The status page on the command line."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from adapters.cli import tables
from adapters.cli.explaining import fail
from adapters.cli.session import DEFAULTS, Options, caught_up, connected
from adapters.status_page.publishing import counted_until
from adapters.status_page.snapshot import StatusSnapshot, site_of
from adapters.status_page.static_export import NotOursError, files
from adapters.status_page.static_export import export as write
from projections.status_page.published import STATUS_PAGE


async def export(
    folder: Annotated[Path, Parameter(help="Where to: an empty folder, or one of an export.")],
    *,
    options: Options = DEFAULTS,
) -> None:
    """Write the status page as files that a CDN can serve while the service is down. Repeated, it
    writes what has changed, and takes away what is no more.
    """
    page = options.load().status_page
    if page.url is None:
        fail("status_page.url: feeds and links of a copy need the address that it is served at")
    async with connected(options) as parts:
        await caught_up(parts, STATUS_PAGE.name)
        await parts.status_page.refresh()
        known, now = parts.status_page.known, parts.clock.now()
    assert known is not None, "it was asked for"
    snapshot = StatusSnapshot(
        site=site_of(page.title, page.url, page.components),
        known=known,
        today=now.date(),
        stale=False,
        until=counted_until(known, now),
        copied_at=known.as_of,
    )
    found = dict(files(snapshot))
    try:
        changed = write(folder, found)
    except NotOursError as error:
        fail(str(error))
    tables.say(f"{tables.count(len(found), 'file')} in {folder}, {changed} of them new or changed")


GROUP = App(name="status", help="The public status page.")
GROUP.command(export)
