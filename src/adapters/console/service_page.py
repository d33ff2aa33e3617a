"""A service: what it is, whose it is, and who suffers with it."""

from adapters.console.visit import ConsolePage, Shown, Visit
from domain.access.grants import Permission
from domain.directory import SERVICE
from projections.directory.catalogue import DEPENDENTS
from projections.incident.incident_list import INCIDENTS
from projections.past import NOW

OPEN_LOOKED_AT = 200


async def show_service(visit: Visit) -> Shown:
    """The page, with the open incidents that name it."""
    shown = await visit.service.show(SERVICE, visit.ref, NOW, visit.viewer)
    radius = (await visit.ask(DEPENDENTS, ref=visit.ref)).answer
    incidents = []
    if visit.may(Permission.INCIDENTS_READ):
        found = await visit.ask(INCIDENTS, statuses=["open"], limit=OPEN_LOOKED_AT)
        incidents = [it for it in found.answer.incidents if _is_of(it, shown.id)]
    values = {"it": shown, "radius": radius, "incidents": incidents}
    return Shown("service.html", values)


def _is_of(incident: object, service: str) -> bool:
    named = getattr(incident, "services", ())
    known = getattr(incident, "catalogue", None) or ()
    return service in named or any(each.service == service for each in known)


PAGES = (ConsolePage("/services/{ref}", Permission.DIRECTORY_READ, show_service),)
