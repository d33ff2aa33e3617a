"""Runbooks as documents that the service keeps, and what their steps have come to."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter

from adapters.as_code.kinds import RUNBOOKS
from adapters.cli import tables
from adapters.cli.explaining import fail
from adapters.cli.parameters import Actor
from adapters.cli.session import DEFAULTS, Format, Options, connected, sender, viewing
from adapters.main import Core
from adapters.runbook_documents.markdown_runbook import runbook_of
from adapters.runbook_documents.runbook_writing import document_of_runbook, profile_of_document
from adapters.yaml_documents import content_of
from domain.kernel.refusal import Refused
from domain.runbook.publishing import RUNBOOK
from domain.runbook.publishing.events import RunbookProfile
from domain.runbook.step_figures import RunbookFigures, StepFigure
from handlers.entrance.runbook_use import figures_for
from handlers.kernel.provenance import Caller
from projections.past import NOW


async def export(ref: str, *, options: Options = DEFAULTS) -> None:
    """Print a runbook as Markdown that `import` reads back."""
    async with connected(options) as parts:
        shown = await parts.service.show(RUNBOOK, ref, NOW, await viewing(parts))
    said = {name: getattr(shown, name) for name in RunbookProfile.__struct_fields__}
    print(document_of_runbook(RunbookProfile(**said)), end="")


async def import_(
    *files: Annotated[Path, Parameter(help="Runbooks in Markdown.")],
    actor: Actor = "unknown",
    options: Options = DEFAULTS,
) -> int:
    """Publish runbooks from Markdown, each by the name of its file; what is there already becomes
    another version where it says something else. The exit status is 1 where one could not be read,
    or was refused; the others are published.
    """
    if not files:
        fail("name a runbook")
    refused = 0
    async with connected(options, begin=True) as parts:
        by = await sender(parts, actor, None)
        for file in files:
            try:
                tables.say(f"{file}: {await _publish(parts, file, by)}")
            except (Refused, OSError, ValueError) as error:
                refused += 1
                why = error.detail if isinstance(error, Refused) else " ".join(str(error).split())
                tables.say(f"{file}: refused: {why}")
    return 1 if refused else 0


async def _publish(parts: Core, file: Path, by: Caller) -> str:
    """What became of one. Raises `Refused`, and what reading raises."""
    read = runbook_of(content_of(file).decode("utf-8-sig"))
    if read.faults:
        raise ValueError("; ".join(f"{each.at}: {each.detail}" for each in read.faults))
    profile = profile_of_document(read)
    slug, said = file.stem, msgspec.to_builtins(profile)
    there = 0
    if RUNBOOK.names_one(slug):
        there = (await parts.service.executor.state(RUNBOOK, slug)).version
    # What the document does not say, the next version does not have any more.
    whole = {**RUNBOOKS.usual(), **said} if there else {"slug": slug, **said}
    done = await parts.service.send(
        RUNBOOK,
        "change" if there else "register",
        slug if there else None,
        msgspec.json.encode(whole),
        by,
    )
    for note in read.notes:
        tables.say(f"{file}: note: {note.at}: {note.detail}")
    tables.remarks(done.answer.warnings)
    if done.answer.outcome != "decided":
        return "nothing new"
    return f"version {there + 1}"


async def figures(
    ref: str,
    *,
    within: Annotated[int, Parameter(help="Minutes after a step in which recovery counts.")] = 30,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """Say how often each step of a runbook was done, and how often recovery came soon after, in
    incidents that everybody may see; and what one may change in it.
    """
    async with connected(options) as parts:
        viewer, now = await viewing(parts), parts.clock.now()
        found = await figures_for(parts.service, ref, viewer, within, now)
    if format == "json":
        tables.as_json(found)
        return
    for line in _lines(found):
        tables.say(line)


def _lines(found: RunbookFigures) -> Iterator[str]:
    times = tables.count(found.executions, "execution", "executions")
    yield f"{found.runbook} (version {found.version}): {times} in incidents"
    for each in found.steps:
        yield f"  {each.step}. {each.words}: {_counts(each, found.within_min)}"
    for proposal in found.proposals:
        small = " (small numbers)" if proposal.small else ""
        yield f"  {proposal.kind}: {proposal.text}{small}"


def _counts(step: StepFigure, within_min: int) -> str:
    if not step.shown:
        return "its part of the runbook was never followed"
    said = f"done {step.done} of {step.shown}, failed {step.failed}, skipped {step.skipped}"
    if step.done:
        known = step.recovered + step.not_recovered
        said += f"; recovery within {within_min} min after {step.recovered} of {known}"
        said += f", unknown of {step.unknown}" if step.unknown else ""
    return f"{said}{' (few)' if step.few else ''}"
