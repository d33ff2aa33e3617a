"""A signal that was kept, for somebody who looks at it or decides what is to become of it."""

from domain.sight import SERVICE, Viewer
from handlers.entrance.service import Service
from handlers.ingest.translate import unknown_signal
from projections.alerting.routes import INCIDENTS_OF_SIGNAL


async def check_signal(service: Service, position: int, viewer: Viewer) -> None:
    """One that tells of an incident which is hidden from a viewer is not there; of those that are
    private and are not, it goes on record that they are read of. Raises `Refused`, `Unavailable`.
    """
    known = await service.sights.of(viewer)
    if not (known.hidden or known.seen):
        return
    told = await service.read_models.ask(SERVICE, INCIDENTS_OF_SIGNAL, signal=position)
    if any(each in known.hidden for each in told):
        raise unknown_signal(position)
    await service.sights.note(viewer, [each for each in told if each in known.seen])
