"""Published status histories as sources of incidents."""

from collections.abc import Callable, Iterator
from pathlib import Path

from adapters.history import gcp_status, github_status
from handlers.ingest.history_import import (
    ImportFault,
    ImportSummary,
    Plan,
    import_history,
)
from handlers.kernel.executor import Executor

__all__ = ["FEEDS", "import_file"]

FEEDS: dict[str, Callable[[bytes], Iterator[Plan | ImportFault]]] = {
    github_status.FEED: github_status.parse,
    gcp_status.FEED: gcp_status.parse,
}
"""The parser of each kind of feed, by the name that the command line uses."""


async def import_file(feed: str, path: Path, executor: Executor) -> ImportSummary:
    """Import one file. Raises KeyError for a feed not in `FEEDS`, OSError, `Unavailable`."""
    raw = path.read_bytes()  # noqa: ASYNC240 - one small file, before anything else runs
    return await import_history(FEEDS[feed](raw), executor)
