"""Questions: the board, an incident, its timeline, statistics."""

from typing import Annotated, Literal

from cyclopts import App, Parameter

from adapters.cli import tables
from adapters.cli.session import DEFAULTS, Format, Options, caught_up, connected
from domain.incident import INCIDENT
from domain.incident.view import IncidentView, headline
from handlers.queries.incidents import replay_incident
from handlers.queries.pages import ask_all
from handlers.queries.parameters import cut_of
from projections.incident.incident_list import INCIDENTS, STATUSES
from projections.incident.statistics import DURATIONS_OF_PERIOD, Grouping

AsOf = Annotated[
    str | None, Parameter(help="Leave out what happened after this time (RFC 3339, with zone).")
]
KnownAt = Annotated[str | None, Parameter(help="Leave out what was learnt after this time.")]
TimelineFormat = Literal["table", "markdown", "json"]


def add_to(app: App) -> None:
    """Register the commands of this module."""
    app.command(incidents)
    app.command(show)
    app.command(timeline)
    app.command(stats)


async def incidents(  # noqa: PLR0913
    *,
    status: Annotated[
        list[str] | None, Parameter(help=f"Any of {', '.join(STATUSES)}; repeat, or use commas.")
    ] = None,
    severity: Annotated[list[str] | None, Parameter(help="Such as SEV1,SEV2.")] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    limit: Annotated[int, Parameter(help="How many at most.")] = 100,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """List incidents, newest first; `--status open` for the board."""
    wanted = {"statuses": status, "severities": severity}
    cut = cut_of(as_of, known_at)
    async with connected(options) as parts:
        await caught_up(parts, "board")
        found = await ask_all(parts.service, INCIDENTS, wanted, cut=cut, most=limit)
    tables.as_json(found) if format == "json" else tables.board(found)


async def show(
    ref: str,
    *,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    options: Options = DEFAULTS,
) -> None:
    """One incident, whole, as JSON, folded from the log."""
    cut = cut_of(as_of, known_at)
    async with connected(options) as parts:
        shown = await parts.service.show(INCIDENT, ref, cut)
    tables.as_json(shown)


async def timeline(
    ref: str,
    *,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    format: TimelineFormat = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """The timeline of an incident, folded from the log alone."""
    cut = cut_of(as_of, known_at)
    async with connected(options) as parts:
        incident_id = await parts.service.executor.find(INCIDENT, ref)
        found = await replay_incident(parts.store, incident_id, cut)
    if not found.timeline:
        if not cut:
            raise INCIDENT.unknown(ref)
        if format != "json":
            tables.say(f"Nothing was known of {ref} then.")
            return
    match format:
        case "json":
            tables.as_json(found.timeline)
        case "markdown":
            print(tables.markdown(_heading(ref, found.shown), found.timeline))
        case "table":
            tables.timeline(_heading(ref, found.shown), found.timeline)


async def stats(
    *,
    since: Annotated[
        str | None, Parameter(name="--from", help="Those that began then or later.")
    ] = None,
    until: Annotated[
        str | None, Parameter(name="--to", help="Those that began before that.")
    ] = None,
    by: Grouping = "all",
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """Durations between milestones: n, unknown, median, p90, mean."""
    async with connected(options) as parts:
        await caught_up(parts, "statistics")
        found = await parts.service.ask(
            DURATIONS_OF_PERIOD, {"since": since, "until": until, "by": [by]}
        )
    tables.as_json(found.answer) if format == "json" else tables.statistics(found.answer)


def _heading(ref: str, shown: IncidentView | None) -> str:
    return headline(shown) if shown else ref
