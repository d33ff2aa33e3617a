"""The catalogue: what depends on a service, what is to be mended, and files of Backstage."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec
from cyclopts import App

from adapters.backstage.check import Catalog, check, read
from adapters.backstage.takeover import Takeover, body_of, take_over
from adapters.cli import tables
from adapters.cli.explaining import fail
from adapters.cli.parameters import Actor
from adapters.cli.session import DEFAULTS, Format, Options, caught_up, connected, sender, viewing
from adapters.main import Core
from adapters.yaml_documents import YamlDocument, documents
from domain.directory.catalogue import BlastRadius, Gaps
from domain.directory.knowledge import BusFactor, Knows, UnknownService
from domain.kernel.refusal import Refused
from handlers.kernel.provenance import Caller
from projections.directory.catalogue import CATALOGUE_GAPS, DEPENDENTS
from projections.directory.entries import DIRECTORY
from projections.incident.responders import BUS_FACTOR, RESPONDERS, UNKNOWN_SERVICES


class Imported(msgspec.Struct):
    """What became of the entities of a catalogue."""

    entered: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[str] = []
    left: list[str] = []


async def blast_radius(
    service: str,
    *,
    format: Literal["table", "json", "mermaid"] = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """Show who suffers when SERVICE breaks: all that need it, directly or through others."""
    async with connected(options) as parts:
        await caught_up(parts, DIRECTORY.name)
        found: BlastRadius = (
            await parts.service.ask(DEPENDENTS, {}, await viewing(parts), ref=service)
        ).answer
    match format:
        case "json":
            tables.as_json(found)
        case "mermaid":
            tables.say(found.mermaid)
        case "table":
            tables.table(
                f"{tables.count(len(found.affected), 'service')} in need of {service}",
                ("service", "owner", "tier", "steps", "needs"),
                (
                    (each.id, each.owner or "nobody", str(each.tier or "unknown"),
                     str(each.distance), each.through)
                    for each in found.affected
                ),
            )  # fmt: skip


async def bus_factor(
    service: str,
    *,
    days: int = 180,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """Show how many people have acted on the incidents of SERVICE in so many days, by the log: how
    much hangs on few. It says nothing of how well anybody does.
    """
    async with connected(options) as parts:
        await caught_up(parts, RESPONDERS.name, DIRECTORY.name)
        asked = await parts.service.ask(
            BUS_FACTOR, {"days": days}, await viewing(parts), ref=service
        )
    found: BusFactor = asked.answer
    if format == "json":
        tables.as_json(found)
        return
    known = (
        "not known: nobody of the directory is on record"
        if found.bus_factor is None
        else found.bus_factor
    )
    unnamed = f", {found.unnamed} of them by senders without a name" if found.unnamed else ""
    tables.table(
        f"bus factor of {service}: {known}"
        f" ({tables.count(found.incidents, 'incident')} in {found.days} days{unnamed})",
        ("who has acted", "person", "incidents", "last"),
        (
            (each.name, _standing(each), str(each.incidents), each.last_on or "unknown")
            for each in found.people
        ),
    )


def _standing(known: Knows) -> str:
    if known.person is None:
        return "not in the directory"
    return f"{known.person}{'' if known.active else ' (not active)'}"


async def unknown(
    *,
    days: int = 180,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """Show what incidents call a service that no entry is called or labelled, in so many days."""
    async with connected(options) as parts:
        await caught_up(parts, RESPONDERS.name, DIRECTORY.name)
        found: list[UnknownService] = (
            await parts.service.ask(UNKNOWN_SERVICES, {"days": days}, await viewing(parts))
        ).answer
    if format == "json":
        tables.as_json(found)
        return
    tables.table(
        f"{tables.count(len(found), 'service')} without an entry",
        ("named", "incidents", "last", "latest"),
        (
            (each.service, str(each.incidents), each.last_on or "unknown", each.latest)
            for each in found
        ),
    )


async def gaps_(*, format: Format = "table", options: Options = DEFAULTS) -> None:  # noqa: A002
    """Show what of the catalogue is to be mended: what nobody owns, what nobody knows, circles."""
    async with connected(options) as parts:
        await caught_up(parts, DIRECTORY.name)
        found: Gaps = (await parts.service.ask(CATALOGUE_GAPS, {}, await viewing(parts))).answer
    if format == "json":
        tables.as_json(found)
        return
    tables.say(tables.count(found.services, "service"))
    for what, names in (
        ("tier 1, without an owner", found.tier_1_without_owner),
        ("without an owner", found.without_owner),
        ("owned by somebody who is not in the directory, or not active", found.owner_unknown),
        (
            "in need of what is not in the directory",
            tuple(f"{id_} ({', '.join(on)})" for id_, on in found.unknown_dependencies.items()),
        ),
        ("alone: neither needing nor needed", found.orphans),
        ("in a circle", tuple(" ↔ ".join(each) for each in found.cycles)),
    ):
        if names:
            tables.say(f"  {what}: {', '.join(names)}")


def check_(folder: Path, *, format: Format = "table") -> int:  # noqa: A002
    """Read the Backstage catalogue in FOLDER (`*.yaml`, below it as well) and say what it holds,
    what it refers to that is not there, and what is not valid. It asks no server, fetches nothing
    and changes nothing. The exit status is 1 when something is not valid.
    """
    found = check(_documents(folder))
    if format == "json":
        tables.as_json(found)
    else:
        _report(found)
    return 1 if found.invalid else 0


def _report(found: Catalog) -> None:
    counts = found.counts
    tables.say(
        f"{counts['entities']} {'entity' if counts['entities'] == 1 else 'entities'}, "
        f"{tables.count(counts['relations'], 'relation')}"
    )
    tables.listed(
        ("not there", found.dangling),
        ("not valid", [f"{e.file}[{e.document}]: {', '.join(e.why)}" for e in found.invalid]),
        ("there before", [f"{e.entity} in {e.file}, of {e.first}" for e in found.duplicates]),
        ("of a kind unknown here, kept", found.unknown_kinds),
        ("elsewhere, not fetched", found.not_fetched),
    )


async def import_(
    folder: Path,
    *,
    actor: Actor = "unknown",
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> int:
    """Enter the users, groups, components and resources of the Backstage catalogue in FOLDER as
    people, teams and services. What is there already is changed where the catalogue says something
    else; what it does not say stays. Importing it again writes nothing. The exit status is 1 when
    an entry was refused.
    """
    entries, left = take_over(read(_documents(folder)).entities)
    summary = Imported(left=[f"{each.entity}: {each.why}" for each in left])
    async with connected(options, begin=True) as parts:
        for each in entries:
            await _enter(parts, each, await sender(parts, actor), summary)
    if format == "json":
        tables.as_json(summary)
    else:
        tables.say(
            f"{summary.entered} entered, {summary.changed} changed,"
            f" {summary.unchanged} as they were"
        )
        tables.listed(("refused", summary.refused), ("left out", summary.left))
    return 1 if summary.refused else 0


def _documents(folder: Path) -> Iterator[YamlDocument]:
    if not folder.is_dir():
        fail(f"{folder} is no folder")
    return documents(folder)


async def _enter(parts: Core, taken: Takeover, sender: Caller, summary: Imported) -> None:
    """Enter it, or change the entry that is there."""
    aggregate = taken.aggregate
    try:
        try:
            raw = body_of(taken, slug=True)
            done = await parts.service.send(aggregate, "register", None, raw, sender)
            entered = True
        except Refused as refused:
            if refused.code != f"{aggregate.name}.already_registered":
                raise
            raw = body_of(taken, slug=False)
            done = await parts.service.send(aggregate, "change", taken.slug, raw, sender)
            entered = False
    except Refused as refused:
        summary.refused.append(f"{taken.entity}: {refused.code}: {refused.detail}")
        return
    if done.answer.outcome != "decided":
        summary.unchanged += 1
    elif entered:
        summary.entered += 1
    else:
        summary.changed += 1


GROUP = App(name="catalog", help="Services: who needs which, who owns them, what is missing.")
GROUP.command(blast_radius)
GROUP.command(bus_factor)
GROUP.command(unknown)
GROUP.command(gaps_, name="gaps")
GROUP.command(check_, name="check")
GROUP.command(import_, name="import")
