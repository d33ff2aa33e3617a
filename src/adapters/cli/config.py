"""Configuration as code: what a folder says of people, teams and services."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec
from cyclopts import App, Parameter

from adapters.as_code.apply import Applied, apply, views_of
from adapters.as_code.export import export
from adapters.as_code.folder import Folder, read_folder
from adapters.as_code.kinds import KINDS
from adapters.as_code.steps import Action, Plan, PlanStep, plan_of
from adapters.cli import tables
from adapters.cli.explaining import fail
from adapters.cli.parameters import Actor
from adapters.cli.session import DEFAULTS, Format, Options, caught_up, connected, sender
from adapters.main import Core
from domain.directory.registration import Managed

_SIGNS: Mapping[Action, str] = {
    "enter": "+",
    "bring back": "+",
    "change": "~",
    "take over": "~",
    "move": "~",
    "deactivate": "-",
    "retire": "-",
}
_NO_STEPS = "nothing to do: the directory says what the folder says"


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What was to be done, and what became of it."""

    plan: Plan
    applied: Applied


async def plan_(
    folder: Path,
    *,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> int:
    """Show what applying FOLDER would change, entry by entry, field by field. It changes nothing.
    The exit status is 1 when something stands in the way.
    """
    plan = await _compared(folder, format, options)
    return 1 if plan.elsewhere else 0


async def apply_(
    folder: Path,
    *,
    actor: Actor = "unknown",
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> int:
    """Make the directory say what FOLDER says, and show first what changes by that. Entries of the
    folder are managed by it from then on; those that it managed before and has no more are
    deactivated, or retired, never deleted. Applied again, it writes nothing. The exit status is 1
    when an entry was refused, or is managed by another configuration: then nothing is applied.
    """
    read = _read(folder)
    async with connected(options, begin=True) as parts:
        plan = await _plan(parts, read)
        if format == "table":
            _show(plan)
        if plan.elsewhere:
            fail("nothing was applied: another configuration manages some of these entries")
        applied = await apply(parts.service, plan, read, await sender(parts, actor))
    if format == "json":
        tables.as_json(Outcome(plan=plan, applied=applied))
    elif plan.steps:
        done = tables.count(applied.done, "entry", "entries")
        tables.say(f"applied: {done}, as {applied.correlation_id}")
        for noted in applied.warnings:
            tables.say(f"  note: {noted.table}.{noted.slug}: {noted.code}: {noted.detail}")
        for each in applied.refused:
            tables.say(f"  refused: {each.table}.{each.slug}: {each.code}: {each.why}")
    return 1 if applied.refused else 0


async def drift(
    folder: Path,
    *,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> int:
    """Show where the directory does not say what FOLDER says, who changed that last, and when. The
    exit status is 1 when there is anything to show.
    """
    plan = await _compared(folder, format, options, who=True)
    return 1 if plan.steps or plan.elsewhere else 0


async def export_(
    folder: Path,
    *,
    name: Annotated[
        str | None, Parameter(help="What the configuration is called; else what it is called now.")
    ] = None,
    where: Annotated[str | None, Parameter(help="Where it will be kept, as an address.")] = None,
    force: Annotated[
        bool, Parameter(help="Write into a folder that is not empty.", negative=())
    ] = False,
    options: Options = DEFAULTS,
) -> None:
    """Write the directory into FOLDER, as TOML. The same entries give the same bytes. Where several
    configurations manage it, each has a folder of its own in it, unless a --name is given.
    """
    _check_empty(folder, force=force)
    managed = None if name is None else msgspec.convert({"name": name, "where": where}, Managed)
    async with connected(options) as parts:
        await _caught_up(parts)
        exported = export(await views_of(parts.service), managed)
    _write(folder, exported.files)
    tables.say(f"{tables.count(exported.entries, 'entry', 'entries')} in {folder}")
    apart = sorted({name.partition("/")[0] for name in exported.files if "/" in name})
    if apart and "config.toml" not in exported.files:
        tables.say(f"  each configuration in a folder of its own: {', '.join(apart)}")
    if exported.left:
        tables.say(f"  left out, as not active: {', '.join(exported.left)}")


async def _compared(folder: Path, format_: Format, options: Options, *, who: bool = False) -> Plan:
    """What the folder and the directory say differently, which is shown; `who` changed it last."""
    read = _read(folder)
    async with connected(options) as parts:
        plan = await _plan(parts, read)
    if format_ == "json":
        tables.as_json(plan)
    else:
        _show(plan, who=who)
    return plan


def _check_empty(folder: Path, *, force: bool) -> None:
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not force)):
        fail(f"{folder} is not an empty folder; --force writes into it all the same")


def _write(folder: Path, files: Mapping[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def _read(folder: Path) -> Folder:
    if not folder.is_dir():
        fail(f"{folder} is no folder")
    read = read_folder(folder)
    if read.flaws:
        lines = (f"{each.file}: {each.at}: {each.why}" for each in read.flaws)
        fail("\n  ".join((f"{folder} cannot be taken as it is, and nothing was changed:", *lines)))
    return read


async def _plan(parts: Core, read: Folder) -> Plan:
    await _caught_up(parts)
    return plan_of(read, await views_of(parts.service))


async def _caught_up(parts: Core) -> None:
    for model in dict.fromkeys(each.listed.question.of for each in KINDS):
        await caught_up(parts, model)


def _show(plan: Plan, *, who: bool = False) -> None:
    for each in plan.elsewhere:
        tables.say(f"! {each.table}.{each.slug}: managed by {each.managed.with_place}")
    for step in plan.steps:
        last = f", last changed by {step.changed_by} at {tables.at(step.changed_at)} UTC"
        said = last if who and step.changed_at else ""
        tables.say(f"{_SIGNS[step.action]} {step.table}.{step.slug}: {step.action}{said}")
        for line in _fields(step):
            tables.say(f"    {line}")
    if not plan.steps and not plan.elsewhere:
        tables.say(_NO_STEPS)


def _fields(step: PlanStep) -> Iterator[str]:
    for each in step.fields:
        if each.now is None:
            yield f"{each.field}: {_value(each.folder)}"
        else:
            yield f"{each.field}: {_value(each.now)} -> {_value(each.folder)}"


def _value(value: Any) -> str:
    return "nothing" if value is None else msgspec.json.encode(value).decode()


GROUP = App(name="config", help="Configuration as code: people, teams and services in files.")
GROUP.command(plan_, name="plan")
GROUP.command(apply_, name="apply")
GROUP.command(export_, name="export")
GROUP.command(drift, name="drift")
