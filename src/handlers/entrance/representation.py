"""The answer to a command with the incident whole, as `GET` shows it: what is due, how long things
took, who was told (RFC 7240, `Prefer: return=representation`).

Commands wait for no read model, so it is for those who ask for it.
"""

import re

from msgspec.structs import replace

from domain.incident import INCIDENT
from domain.kernel.aggregate import AnyAggregate
from domain.kernel.refusal import Refused
from domain.sight import Viewer
from handlers.entrance.service import Done, Service
from handlers.kernel.ports import Unavailable
from handlers.projecting.projector import Lagging
from projections.incident.board import ONE_INCIDENT

APPLIED = "return=representation"
_WANTED = re.compile(r"(?:^|[,;\s])return\s*=\s*\"?representation\"?(?:$|[,;\s])", re.IGNORECASE)


def is_wanted(prefer: str) -> bool:
    """Whether this is what the sender prefers."""
    return _WANTED.search(prefer) is not None


async def represented(
    service: Service, aggregate: AnyAggregate, done: Done, viewer: Viewer
) -> tuple[Done, bool]:
    """The answer with the incident whole, and whether it is; it stays as it was for anything else,
    and where read models do not show it in time: what was done is done.
    """
    if aggregate is not INCIDENT:
        return done, False
    try:
        shown = await service.ask(
            ONE_INCIDENT, {}, viewer, ref=done.id, position=done.answer.position
        )
    except (Lagging, Unavailable, Refused):  # one may give away one's own sight
        return done, False
    return done._replace(answer=replace(done.answer, incident=shown.answer)), True
