"""Incidents now and then: the read models answer for now, the log answers for then."""

from domain.incident import INCIDENT
from domain.incident.view import IncidentView
from domain.notification import LEDGER
from handlers.kernel.ports import EventStore
from handlers.queries.read_models import ReadModels
from handlers.queries.replay import Cut, Replayed, replay
from projections.incident.board import (
    LIST_INCIDENTS,
    SHOW_INCIDENT,
    STARTED_BEFORE,
    IncidentFilter,
)
from projections.incident.timeline import COMMITS, Entry, in_order, lines


async def replay_incident(store: EventStore, incident_id: str, cut: Cut) -> Replayed[IncidentView]:
    """An incident and its notifications, folded from the log. Raises `Unavailable`."""
    beside = (LEDGER.stream(incident_id),)
    return await replay(store, INCIDENT, incident_id, cut, beside=beside)


async def list_incidents(
    store: EventStore, read_models: ReadModels, wanted: IncidentFilter, cut: Cut
) -> list[IncidentView]:
    """Incidents as they stand or stood, newest first. Raises `Unavailable`."""
    if cut:
        return await _list_then(store, read_models, wanted, cut)
    return await read_models.ask(
        LIST_INCIDENTS,
        statuses=wanted.statuses,
        severities=wanted.severities,
        limit=wanted.limit,
        before=wanted.before,
    )


async def _list_then(
    store: EventStore, read_models: ReadModels, wanted: IncidentFilter, cut: Cut
) -> list[IncidentView]:
    """Candidates are from the read model, their state is from the log."""
    found: list[IncidentView] = []
    before = wanted.before
    for incident_id in await read_models.ask(STARTED_BEFORE, at=cut.earlier, before=before):
        shown = (await replay_incident(store, incident_id, cut)).shown
        if shown is not None and wanted.includes(shown):
            found.append(shown)
            if len(found) == wanted.limit:
                break
    return found


async def show_incident(read_models: ReadModels, incident_id: str) -> IncidentView | None:
    """One incident as it stands. Raises `Unavailable`."""
    found = await read_models.ask(SHOW_INCIDENT, id=incident_id)
    return found[0] if found else None


async def tell_timeline(read_models: ReadModels, incident_id: str) -> list[Entry]:
    """What happened in an incident. Raises `Unavailable`."""
    commits = await read_models.ask(COMMITS, incident_id=incident_id)
    return in_order(line for each in commits for line in lines(each.position, each.body))
