"""Questions: the board, an incident, its timeline, statistics."""

from typing import Annotated, Literal

from cyclopts import Parameter

from adapters.cli import readers_timeline, tables
from adapters.cli.session import DEFAULTS, Format, Options, caught_up, connected, viewing
from adapters.main import Core
from domain.incident import INCIDENT
from domain.incident.view import IncidentView, headline
from handlers.queries.incidents import replay_incident
from handlers.queries.pages import ask_all
from handlers.queries.parameters import cut_of, only_now
from projections.incident.backlog import BACKLOG_LIST
from projections.incident.board import ONE_INCIDENT
from projections.incident.due import DUE_LIST
from projections.incident.explained import EXPLAINED
from projections.incident.incident_list import INCIDENTS, STATUSES
from projections.incident.reading import Readers
from projections.incident.shown import IncidentShown, due_in
from projections.incident.timeline import TIMELINE_OF
from projections.past import Cut

AsOf = Annotated[
    str | None, Parameter(help="Leave out what happened after this time (RFC 3339, with zone).")
]
KnownAt = Annotated[str | None, Parameter(help="Leave out what was learnt after this time.")]
TimelineFormat = Literal["table", "markdown", "json"]


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
        await caught_up(parts, "board", "due", "told", "intents")
        found = await ask_all(
            parts.service, INCIDENTS, wanted, await viewing(parts), cut=cut, most=limit
        )
        now = cut.as_of or parts.clock.now()
    tables.as_json(found) if format == "json" else tables.board(found, now)


async def show(
    ref: str,
    *,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    options: Options = DEFAULTS,
) -> None:
    """One incident, whole, as JSON, with what is due of it and who was told."""
    cut = cut_of(as_of, known_at)
    async with connected(options) as parts:
        shown = await _show(parts, ref, cut)
    tables.as_json(shown)


async def _show(parts: Core, ref: str, cut: Cut) -> IncidentShown:
    await caught_up(parts, "board", "due", "told", "intents")
    shown: IncidentShown = (
        await parts.service.ask(ONE_INCIDENT, {}, await viewing(parts), ref=ref, cut=cut)
    ).answer
    return shown


async def due(
    ref: str | None = None,
    *,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    limit: Annotated[int, Parameter(help="How many at most.")] = 100,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """What is due next and what is overdue, by which rule: in all incidents, or in one, now or at
    another time.
    """
    cut = cut_of(as_of, known_at)
    if cut and ref is None:
        raise only_now("as_of" if cut.as_of else "known_at")
    async with connected(options) as parts:
        now = cut.as_of or cut.known_at or parts.clock.now()
        if ref is None:
            await caught_up(parts, "due")
            found = [*await ask_all(parts.service, DUE_LIST, {}, await viewing(parts), most=limit)]
        else:
            found = [*due_in(await _show(parts, ref, cut))][:limit]
    tables.as_json(found) if format == "json" else tables.due(found, now)


async def backlog(
    *,
    limit: Annotated[int, Parameter(help="How many at most.")] = 100,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """What waits for triage: SEV4, and SEV3 that was told once; most severe and oldest first."""
    async with connected(options) as parts:
        now = parts.clock.now()
        await caught_up(parts, "backlog", "due")
        found = await ask_all(parts.service, BACKLOG_LIST, {}, await viewing(parts), most=limit)
    tables.as_json(found) if format == "json" else tables.backlog(found, now)


async def explain(
    ref: str,
    event: Annotated[
        str | None, Parameter(help="The event_id of a line of the timeline; without it, the whole.")
    ] = None,
    *,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    format: Format = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """Why a severity, an escalation, a page or a silence came about: which rule, which figures,
    which event, which policy, and what would have prevented it.
    """
    cut = cut_of(as_of, known_at)
    async with connected(options) as parts:
        found = await parts.service.ask(
            EXPLAINED, {"event": event}, await viewing(parts), ref=ref, cut=cut
        )
    tables.as_json(found.answer) if format == "json" else tables.explained(found.answer)


async def timeline(
    ref: str,
    *,
    readers: Annotated[
        Readers | None,
        Parameter(
            name="--for",
            help="responders, postmortem or public: what these want to know, with a header.",
        ),
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    format: TimelineFormat = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """The timeline of an incident, folded from the log alone."""
    cut = cut_of(as_of, known_at)
    if readers is not None:
        await _timeline_for(ref, readers, cut, format, options)
        return
    async with connected(options) as parts:
        viewer = await viewing(parts)
        incident_id = await parts.service.find(INCIDENT, ref, viewer)
        known = await parts.service.sights.of(viewer)
        found = known.of(await replay_incident(parts.store, incident_id, cut, known.hidden))
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


async def _timeline_for(
    ref: str,
    readers: Readers,
    cut: Cut,
    format: TimelineFormat,  # noqa: A002
    options: Options,
) -> None:
    async with connected(options) as parts:
        given = {"readers": [readers]}
        found = (
            await parts.service.ask(TIMELINE_OF, given, await viewing(parts), ref=ref, cut=cut)
        ).answer
    match format:
        case "json":
            tables.as_json(found)
        case "markdown":
            print(readers_timeline.markdown(found))
        case "table":
            readers_timeline.table(found)


def _heading(ref: str, shown: IncidentView | None) -> str:
    return headline(shown) if shown else ref
