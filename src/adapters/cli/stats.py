"""Statistics, and what other definitions would make of them."""

import tomllib
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import App, Parameter

from adapters.cli import tables
from adapters.cli.explaining import fail
from adapters.cli.figures import From, To, alerts, changed, cost, figures, patterns
from adapters.cli.parameters import AsOf, KnownAt
from adapters.cli.session import DEFAULTS, Format, Options, caught_up, connected, viewing
from domain.learning.definitions import BUILT_IN, Definitions, Recomputed, in_words
from domain.learning.trends import PeriodKind, Trends
from handlers.queries.parameters import cut_of
from handlers.queries.recompute import recompute_all, trends_of
from projections.incident.figures import DURATIONS_OF_PERIOD
from projections.incident.period import Grouping


async def stats(  # noqa: PLR0913
    *,
    since: From = None,
    until: To = None,
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
            await viewing(parts),
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


async def trend(
    *,
    by: PeriodKind = "quarter",
    definitions: Annotated[
        Path | None, Parameter(help="TOML, as for recompute; else the built-in ones.")
    ] = None,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """Figures quarter over quarter, or month over month, with the interval of 95 % in which the
    median has changed, and no arrow where that contains 0.
    """
    wanted = load_definitions(definitions) if definitions else BUILT_IN
    async with connected(options, following=False) as parts:
        found = await trends_of(parts.store, wanted, by)
    tables.as_json(found) if format == "json" else _show_trends(found)


def _show_trends(found: Trends) -> None:
    tables.table(
        f"Each {found.by} (definitions {found.definitions_version})",
        ("series", found.by, "n", "open", "unknown", "median", "p90", "change of the median"),
        (
            (
                name,
                each.period,
                str(each.n),
                str(each.open),
                str(each.unknown),
                in_words(each.median_s),
                in_words(each.p90_s),
                changed(each),
            )
            for name, periods in found.series.items()
            for each in periods
        ),
    )


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
GROUP.command("adapters.cli.on_call_load:load", name="on-call")
GROUP.command(recompute)
GROUP.command(trend)
GROUP.command(figures)
GROUP.command(patterns)
GROUP.command(alerts)
GROUP.command(cost)
