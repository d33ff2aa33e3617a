"""The scorecard on the command line."""

from adapters.cli import tables
from adapters.cli.parameters import AsOf, KnownAt
from adapters.cli.session import DEFAULTS, Format, Options, caught_up, connected
from domain.learning.insight.scorecard import Scorecard
from domain.learning.insight.words import ARROWS, MET, figure
from handlers.entrance.insights import scorecard_of
from handlers.entrance.learning_record import READ
from handlers.queries.parameters import cut_of


async def show_scorecard(
    *,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """The success metrics of the quarter of a time, up to then: target, figure, what it rests on,
    where it is going, and what is missing to know it.
    """
    cut = cut_of(as_of, known_at)
    async with connected(options) as parts:
        await caught_up(parts, *READ)
        found = await scorecard_of(parts.service, parts.clock.now(), cut)
    tables.as_json(found) if format == "json" else _show(found)


def _show(found: Scorecard) -> None:
    tables.table(
        f"Scorecard of {found.period} as of {tables.at(found.as_of)} (definitions {found.version})",
        ("metric", "target", "met", "value", "n", "unknown", found.before, "missing"),
        (
            (
                it.name,
                it.target,
                MET[it.met],
                f"{ARROWS[it.trend]}{figure(it.value, it.unit)}",
                str(it.n),
                str(it.unknown),
                f"{figure(it.before, it.unit)} (n {it.n_before})",
                "; ".join(it.missing),
            )
            for it in found.metrics
        ),
    )
    tables.listed(
        *(
            (f"against {it.name}", [", ".join(it.against)] if it.against else [])
            for it in found.metrics
        )
    )
