"""`commandpost state`: the data of embedded servers that root has started, which lies elsewhere."""

from cyclopts import App

from adapters.cli import tables
from adapters.cli.session import DEFAULTS, Format, Options


async def list_(*, format: Format = "table", options: Options = DEFAULTS) -> None:  # noqa: A002
    """List the PostgreSQL data that root's services keep below /var/cache/commandpost, with the
    state folder that each belongs to.
    """
    from adapters.embedded.placement import moved_folders  # noqa: PLC0415 - an optional dependency

    del options
    found = moved_folders()
    if format == "json":
        tables.as_json(found)
        return
    tables.table(
        tables.count(len(found), "folder"),
        ("folder", "status", "MiB", "state folder"),
        (
            (each.folder, each.status, f"{each.size_bytes / 2**20:.0f}", each.state or "unknown")
            for each in found
        ),
    )


async def prune(*, format: Format = "table", options: Options = DEFAULTS) -> None:  # noqa: A002
    """Delete the data whose state folder is no more, unless a server uses it. All of it can be
    made again from the log.
    """
    from adapters.embedded.placement import remove_orphans  # noqa: PLC0415 - an optional dependency

    del options
    removed = remove_orphans()
    if format == "json":
        tables.as_json(removed)
        return
    for each in removed:
        tables.say(f"removed {each}")
    tables.say(f"{tables.count(len(removed), 'folder')} removed.")


GROUP = App(name="state", help="Root's data folders, outside of the state folders.")
GROUP.command(list_, name="list")
GROUP.command(prune)
