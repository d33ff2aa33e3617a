"""Published status histories, and exports of other products, as sources of incidents."""

from collections.abc import Callable, Iterator
from pathlib import Path

from adapters.history import gcp_status, github_status
from adapters.history.export_mapping import Mapping
from adapters.history.mapped_export import MappedHistory, read_mapped
from handlers.ingest.history_import import (
    ImportFault,
    ImportSummary,
    Plan,
    import_history,
)
from handlers.kernel.executor import Executor

__all__ = ["FEEDS", "import_file", "read_history"]

FEEDS: dict[str, Callable[[bytes], Iterator[Plan | ImportFault]]] = {
    github_status.FEED: github_status.parse,
    gcp_status.FEED: gcp_status.parse,
}
"""The parser of each kind of feed, by the name that the command line uses."""


async def import_file(feed: str, path: Path, executor: Executor) -> ImportSummary:
    """Import one file. Raises KeyError for a feed not in `FEEDS`, OSError, `Unavailable`."""
    raw = path.read_bytes()  # noqa: ASYNC240 - one small file, before anything else runs
    return await import_history(FEEDS[feed](raw), executor)


def read_history(feed: str, path: Path, mapping: Mapping | None = None) -> MappedHistory:
    """All that a file says, as a feed of ours or a mapping reads it. Raises as `import_file`."""
    raw = path.read_bytes()
    if mapping:
        return read_mapped(raw, mapping, path.name)
    found = list(FEEDS[feed](raw))
    faults = [each for each in found if isinstance(each, ImportFault)]
    plans = [each for each in found if isinstance(each, Plan)]
    return MappedHistory(plans, faults, {}, len(found))
