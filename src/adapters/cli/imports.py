"""Importing histories: published ones, and exports of other products."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from adapters.cli import tables
from adapters.cli.explaining import fail
from adapters.cli.session import DEFAULTS, Format, Options, connected
from adapters.history import FEEDS, read_history
from adapters.history.export_mapping import load_mapping
from adapters.history.mapped_export import MappedHistory
from handlers.ingest import history_import
from handlers.ingest.history_import import ImportFault, ImportSummary, Plan

PROGRESS_S = 1.0


async def import_history(
    feed: str,
    file: Path,
    *,
    mapping: Annotated[
        Path | None, Parameter(help="For csv: a TOML file that says what its columns mean.")
    ] = None,
    dry_run: Annotated[
        bool,
        Parameter(help="Write nothing: say what would be written, and what is not understood."),
    ] = False,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> int:
    """Import a history: FEED is github-status or gcp-status, or csv for the export of another
    product (CSV, JSON or lines of JSON), read as `--mapping` says. Importing it again adds nothing,
    and goes on where it was interrupted. The exit status is 1 when a part of the file could not be
    imported.
    """
    return await bring_in(_read(feed, file, mapping), dry_run, format, options)


async def bring_in(
    found: MappedHistory,
    dry_run: bool,  # noqa: FBT001 - as the flag of the command
    format: Format,  # noqa: A002
    options: Options,
) -> int:
    """Record what was read, or say what would be. The exit status of the command."""
    if dry_run:
        _show_plans(found, format)
        return 1 if found.faults else 0
    async with connected(options, begin=True, following=False) as parts:
        progress = progress_of(len(found.plans))
        plans: list[Plan | ImportFault] = [*found.faults, *found.plans]
        summary = await history_import.import_history(plans, parts.service.executor, progress)
    _show(summary, found, format)
    return 0 if summary.complete else 1


def _read(feed: str, file: Path, mapping: Path | None) -> MappedHistory:
    if feed not in FEEDS and feed != "csv":
        fail(f"there is no feed {feed}; there are {', '.join(FEEDS)}, and csv with --mapping")
    if (feed == "csv") != (mapping is not None):
        fail("--mapping says what the columns of a csv mean: give both, or neither")
    try:
        return read_history(feed, file, load_mapping(mapping) if mapping else None)
    except OSError as error:
        fail(f"cannot read {error.filename or file}: {error.strerror}")
    except ImportFault as fault:
        where = f" [{fault.field}]" if fault.field else ""
        fail(f"{mapping}{where}: {fault.detail}")


def progress_of(
    incidents: int, clock: Callable[[], float] = time.monotonic
) -> Callable[[ImportSummary], None]:
    """Says once a second on standard error how far it is, and at the end how fast it was."""
    began = told = clock()

    def tell(summary: ImportSummary) -> None:
        nonlocal told
        now = clock()
        if now - told < PROGRESS_S and summary.incidents < incidents:
            return
        told = now
        rate = summary.written / max(now - began, 1e-3)
        print(
            f"{summary.incidents} of {incidents} incidents, {summary.written} steps written"
            f" ({rate:.0f} a second), {summary.already_there} there already",
            file=sys.stderr,
        )

    return tell


def _show_plans(found: MappedHistory, format: Format) -> None:  # noqa: A002
    kinds = Counter(type(step.command).__name__ for plan in found.plans for step in plan.steps)
    if format == "json":
        tables.as_json(
            {
                "rows": found.rows,
                "incidents": len(found.plans),
                "steps": dict(kinds),
                "unmapped": found.unmapped,
                "faults": [str(fault) for fault in found.faults],
            }
        )
        return
    steps = ", ".join(f"{count} {name}" for name, count in kinds.most_common())
    tables.say(
        f"Nothing was written. {len(found.plans)} incidents, with these steps: {steps or 'none'}."
    )
    _show_flaws(found, found.faults)


def _show(summary: ImportSummary, found: MappedHistory, format: Format) -> None:  # noqa: A002
    if format == "json":
        tables.as_json(
            {
                **{name: getattr(summary, name) for name in summary.__struct_fields__},
                "faults": [str(fault) for fault in summary.faults],
                "unmapped": found.unmapped,
            }
        )
        return
    out = tables.console()
    out.print(
        f"{summary.incidents} incidents read, {summary.declared} of them new; "
        f"{summary.written} steps written; {summary.already_there} had nothing new to say."
    )
    tables.listed(("kept as it stands", summary.left), ("refused", summary.refused))
    _show_flaws(found, summary.faults)


def _show_flaws(found: MappedHistory, faults: Sequence[ImportFault]) -> None:
    unmapped = [f"{word} ({count} times)" for word, count in found.unmapped.items()]
    tables.listed(("the mapping does not say what it means", unmapped), ("not understood", faults))
