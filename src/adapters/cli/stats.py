"""Statistics, and what other definitions would make of them."""

import tomllib
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import App, Parameter

from adapters.cli import tables
from adapters.cli.queries import AsOf, KnownAt
from adapters.cli.session import DEFAULTS, Format, Options, caught_up, connected, fail
from domain.learning.definitions import Definitions, Recomputed, in_words
from handlers.queries.parameters import cut_of
from handlers.queries.recompute import recompute_all
from projections.incident.figures import DURATIONS_OF_PERIOD
from projections.incident.period import Grouping


async def stats(  # noqa: PLR0913
    *,
    since: Annotated[
        str | None, Parameter(name="--from", help="Those that began then or later.")
    ] = None,
    until: Annotated[
        str | None, Parameter(name="--to", help="Those that began before that.")
    ] = None,
    by: Grouping = "all",
    as_of: AsOf = None,
    known_at: KnownAt = None,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """Durations between milestones: n, unknown, median, p90, mean."""
    async with connected(options) as parts:
        await caught_up(parts, "statistics")
        found = await parts.service.ask(
            DURATIONS_OF_PERIOD,
            {"since": since, "until": until, "by": [by]},
            cut=cut_of(as_of, known_at),
        )
    tables.as_json(found.answer) if format == "json" else tables.statistics(found.answer)


async def recompute(
    *,
    definitions: Annotated[Path, Parameter(help="TOML: version, and series from and to.")],
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """Compute the figures of all history by other definitions, beside the built-in ones, and say
    which incidents moved, and why. Nothing is written.
    """
    wanted = load_definitions(definitions)
    async with connected(options, following=False) as parts:
        found = await recompute_all(parts.store, wanted)
    tables.as_json(found) if format == "json" else _show(found)


def load_definitions(path: Path) -> Definitions:
    """Those in a file; one that cannot be used ends the command."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), Definitions)
    except OSError as error:
        fail(f"cannot read {path}: {error.strerror}")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        fail(f"{path}: {error}")


def _show(found: Recomputed) -> None:
    sides = ((found.version_before, found.before), (found.version_after, found.after))
    tables.table(
        f"{tables.count(found.incidents, 'incident')} by definitions {found.version_after}",
        ("series", "definitions", "n", "unknown", "median", "mean"),
        (
            (
                name,
                version,
                str(series[name].n),
                str(series[name].unknown),
                in_words(series[name].quantiles_s.get("0.5")),
                in_words(series[name].mean_s),
            )
            for name in dict.fromkeys((*found.before, *found.after))
            for version, series in sides
            if name in series
        ),
    )
    tables.table(
        f"{tables.count(len(found.moved), 'duration')} moved",
        ("incident", "series", found.version_before, found.version_after, "why"),
        (
            (it.reference, it.series, in_words(it.before_s), in_words(it.after_s), it.why)
            for it in found.moved
        ),
    )


GROUP = App(name="stats", help="Durations between milestones: n, unknown, median, p90, mean.")
GROUP.default(stats)
GROUP.command(recompute)
