"""What the sender of a command should know about it beside what the aggregate itself says of it:
what stands in others, and what is not for them to see any more.
"""

from collections.abc import Sequence

import msgspec

from domain.kernel.aggregate import AnyAggregate
from domain.kernel.remark import Remark
from domain.policy.role import HeldIn, Role
from domain.sight import Viewer
from handlers.access.sights import Sights
from handlers.kernel.executor import Executor
from handlers.kernel.ports import EventStore, Unavailable
from handlers.projecting.projector import Lagging, Unbuilt
from handlers.queries.read_models import ReadModels
from projections.incident.held_roles import HeldRole
from projections.incident.responders import HELD_ROLES, RESPONDERS

REACH_S = 5.0


def not_for_you(aggregate: AnyAggregate) -> Remark:
    """That whoever sent a command does not find what it was about any more."""
    name = aggregate.name.replace("_", " ")
    return Remark(
        f"{aggregate.name}.not_for_you",
        f"this {name} is private, and you are not among those who see it: from now on you hear"
        f" that there is no such {name}, also if you send this again",
        "Whoever sees it can let you see it, by set_visibility or a role; whoever declares for"
        " somebody else can name themselves in private.people.",
    )


class Remarks:
    """Knows what was made private for others, and which roles somebody has in open incidents, as
    far as a viewer may see these.
    """

    def __init__(
        self, executor: Executor, store: EventStore, read_models: ReadModels, sights: Sights
    ) -> None:
        self._executor, self._store = executor, store
        self._read_models, self._sights = read_models, sights

    async def on(
        self,
        aggregate: AnyAggregate,
        id_: str,
        command: msgspec.Struct,
        state: object,
        viewer: Viewer,
    ) -> tuple[Remark, ...]:
        """Of a command that was done and came to this state. Never fails: it is done."""
        if aggregate.hides(state, viewer):
            return (not_for_you(aggregate),)
        on_roles = aggregate.remarks_on_roles.get(type(command))
        if on_roles is None:
            return ()
        found: tuple[Remark, ...] = on_roles(id_, await self._held(id_, viewer))
        return found

    async def _held(self, person: str, viewer: Viewer) -> Sequence[HeldIn] | None:
        """The roles that somebody has; None: read models are behind, or away."""
        try:
            rows = await self._rows(person, viewer)
        except (Unavailable, Lagging, Unbuilt):
            return None
        return [HeldIn(each.reference, Role(each.role)) for each in rows]

    async def _rows(self, person: str, viewer: Viewer) -> Sequence[HeldRole]:
        head = await self._store.head()
        await self._read_models.reach(RESPONDERS.name, head, REACH_S)
        found = await self._read_models.ask(viewer, HELD_ROLES, people=(person,))
        roster = await self._executor.rosters.soon()
        rows = [
            each
            for each in found
            if each.person == person
            or (roster is not None and roster.person_of(each.name) == person)
        ]
        seen = (await self._sights.of(viewer)).seen
        await self._sights.note(viewer, dict.fromkeys(it.id for it in rows if it.id in seen))
        return rows
