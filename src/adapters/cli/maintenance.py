"""Upkeep: rebuild and verify read models, look after the quarantine."""

import sys
from typing import Annotated

from cyclopts import App, Parameter
from rich.progress import Progress

from adapters.cli import tables
from adapters.cli.explaining import fail
from adapters.cli.session import (
    DEFAULTS,
    Format,
    Options,
    acting,
    caught_up,
    connected,
    registry_in_use,
    viewing,
)
from adapters.main import Core
from handlers.entrance.kept_signals import check_signal
from handlers.projecting.projector import Lagging
from handlers.queries.pages import ask_all
from projections.alerting.quarantine import QUARANTINE_LIST


async def rebuild(
    *projection: str,
    all: Annotated[bool, Parameter(help="Every read model.")] = False,  # noqa: A002
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """Build read models anew from the log, beside the live ones, and swap them in."""
    names = _chosen(projection, everything=all)
    async with connected(options) as parts:
        with Progress(transient=True, disable=not sys.stderr.isatty()) as progress:
            task = progress.add_task("reading the log", total=None)
            await parts.projectors.rebuild(
                names, lambda done, total: progress.update(task, completed=done, total=total)
            )
        found = [await _checksums(parts, name) for name in names]
    _shown("rebuilt", found, format)


async def verify(
    *projection: str,
    all: Annotated[bool, Parameter(help="Every read model.")] = False,  # noqa: A002
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> int:
    """Compare read models (default: all) with a fresh fold of the log. Exit status 1: one differs,
    does not follow the log, or part of the log cannot be read.
    """
    names = _chosen(projection, everything=all or not projection)
    async with connected(options) as parts:
        head = await parts.store.head()
        verdicts = [await parts.projectors.verify(name) for name in names]
        behind = [verdict for verdict in verdicts if await _is_behind(parts, verdict.name, head)]
        gaps = [gap for gap in await parts.log_keeper.look() if not gap.skipped]
    for verdict in behind:
        tables.complain(
            f"{verdict.name} does not follow the log: it stands at {verdict.position} of {head}"
        )
    if gaps:
        many = tables.count(len(gaps), "message")
        first = f"position {gaps[0].position}, on {gaps[0].subject}"
        tables.complain(
            f"{many} of the log cannot be read, the first at {first}: commandpost log unreadable"
        )
    if format == "json":
        tables.as_json(verdicts)
    else:
        tables.table(
            "verified against the log",
            ("projection", "position", "verdict"),
            (
                (
                    verdict.name,
                    str(verdict.position),
                    "; ".join(
                        f"{d.table}: {d.missing} missing, {d.extra} extra, {d.changed} changed, "
                        f"first {d.first_keys}"
                        for d in verdict.differences
                    )
                    or "same",
                )
                for verdict in verdicts
            ),
        )
    return 1 if behind or gaps or any(verdict.differences for verdict in verdicts) else 0


async def list_(
    *,
    all: Annotated[bool, Parameter(help="Also those released or discarded.")] = False,  # noqa: A002
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """List the signals in quarantine with the reason."""
    async with connected(options) as parts:
        await caught_up(parts, "quarantine")
        found = await ask_all(parts.service, QUARANTINE_LIST, {"all": all}, await viewing(parts))
    if format == "json":
        tables.as_json(found)
        return
    tables.table(
        tables.count(len(found), "signal"),
        ("position", "source", "received (UTC)", "status", "code", "reason"),
        (
            (
                str(each.position),
                f"{each.product}/{each.source}",
                tables.at(each.received_at),
                each.status,
                each.code,
                each.reason,
            )
            for each in found
        ),
    )


async def show(
    position: int,
    *,
    raw: Annotated[bool, Parameter(help="The body byte for byte, into a file.")] = False,
    options: Options = DEFAULTS,
) -> None:
    """Print a kept signal: its headers on standard error, its body on standard out. What could
    steer a terminal is shown as its code.
    """
    async with connected(options) as parts:
        await check_signal(parts.service, position, await viewing(parts))
        signal = await parts.translator.find(position)
    for name, value in sorted(signal.headers.items()):
        print(tables.plain(f"{name}: {value}"), file=sys.stderr)
    if raw:
        sys.stdout.buffer.write(signal.body)
    else:
        print(tables.plain(signal.body.decode(errors="backslashreplace")))


async def replay(
    *position: int,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> int:
    """Translate signals again, those named or all in quarantine. Exit status 1: some remain."""
    async with connected(options) as parts:
        await caught_up(parts, "quarantine")
        waiting = (
            []
            if position
            else await ask_all(parts.service, QUARANTINE_LIST, {}, await viewing(parts))
        )
        chosen = position or tuple(each.position for each in waiting)
        for number in position:
            await check_signal(parts.service, number, await viewing(parts))
        verdicts = {number: await parts.translator.replay(number) for number in chosen}
    if format == "json":
        tables.as_json({str(number): verdict for number, verdict in verdicts.items()})
    else:
        tables.table(
            f"{tables.count(len(verdicts), 'signal')} translated again",
            ("position", "outcome", "reason"),
            ((str(n), v.outcome, v.reason or "") for n, v in verdicts.items()),
        )
    return 1 if any(verdict.outcome == "quarantined" for verdict in verdicts.values()) else 0


async def discard(position: int, reason: str, *, options: Options = DEFAULTS) -> None:
    """Give a signal in quarantine up; it stays in the log with the reason."""
    async with connected(options) as parts:
        await check_signal(parts.service, position, await viewing(parts))
        await parts.translator.discard(position, reason, await acting(parts))


async def _is_behind(parts: Core, name: str, head: int) -> bool:
    """Whether a read model does not come to what was the head, though it is waited for."""
    try:
        await parts.service.reach(name, head)
    except Lagging:
        return True
    return False


def _chosen(names: tuple[str, ...], *, everything: bool) -> tuple[str, ...]:
    there = tuple(model.projection.name for model in registry_in_use().read_models)
    for name in names:
        if name not in there:
            fail(f"there is no projection {name}; there are {', '.join(there)}")
    if not (names or everything):
        fail(f"name projections, or --all; there are {', '.join(there)}")
    return there if everything else names


async def _checksums(parts: Core, name: str) -> tuple[str, dict[str, str]]:
    return name, await parts.projectors.checksums(name)


def _shown(title: str, found: list[tuple[str, dict[str, str]]], format: Format) -> None:  # noqa: A002
    if format == "json":
        tables.as_json(dict(found))
        return
    rows = [(name, table, total) for name, sums in found for table, total in sums.items()]
    tables.table(title, ("projection", "table", "checksum"), rows)


GROUP = App(name="quarantine", help="Signals that could not be understood.")
GROUP.command(list_, name="list")
GROUP.command(show)
GROUP.command(replay)
GROUP.command(discard)
