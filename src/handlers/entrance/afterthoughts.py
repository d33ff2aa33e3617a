"""What the sender of a command should know about it beside what the aggregate itself says: what
stands in others, and what is not for it to see any more.
"""

from collections.abc import Sequence
from itertools import groupby

from domain.kernel.aggregate import AnyAggregate
from domain.kernel.remark import Remark
from domain.policy import Role
from domain.sight import Viewer
from handlers.access.sights import Sights
from handlers.kernel.executor import Executor
from handlers.kernel.ports import EventStore, Unavailable
from handlers.projecting.projector import Lagging, Unbuilt
from handlers.queries.read_models import ReadModels
from projections.incident.held_roles import HeldRole
from projections.incident.responders import HELD_ROLES, RESPONDERS

REACH_S = 5.0
NAMED_MOST = 20
"""So many incidents are named."""


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


class Afterthoughts:
    """Knows what was made private for others, and which roles somebody who is said to have left has
    in open incidents, as far as a viewer may see these.
    """

    def __init__(
        self, executor: Executor, store: EventStore, read_models: ReadModels, sights: Sights
    ) -> None:
        self._executor, self._store = executor, store
        self._read_models, self._sights = read_models, sights

    async def remarks(
        self, aggregate: AnyAggregate, id_: str, state: object, viewer: Viewer
    ) -> tuple[Remark, ...]:
        """Of a command that was done and came to this state. Never fails: it is done."""
        if aggregate.hides(state, viewer):
            return (not_for_you(aggregate),)
        return await self._of_who_has_left(id_, viewer)

    async def _of_who_has_left(self, person: str, viewer: Viewer) -> tuple[Remark, ...]:
        try:
            rows = await self._held(person, viewer)
        except (Unavailable, Lagging, Unbuilt):
            return (
                Remark(
                    "person.roles_unknown",
                    f"whether {person} has roles in open incidents cannot be said just now",
                    "Look at the list of open incidents; whoever responds there is told.",
                ),
            )
        return (_remark(person, rows),) if rows else ()

    async def _held(self, person: str, viewer: Viewer) -> Sequence[HeldRole]:
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


def _remark(person: str, rows: Sequence[HeldRole]) -> Remark:
    by_incident = [(ref, list(of)) for ref, of in groupby(rows, key=_reference)]
    said = [
        f"{' and '.join(Role(each.role).title for each in of)} in {ref}"
        for ref, of in by_incident[:NAMED_MOST]
    ]
    if rest := len(by_incident) - len(said):
        said.append(f"roles in {rest} more")
    return Remark(
        "person.has_roles",
        f"{person} has roles in open incidents, and keeps them: {', '.join(said)}",
        "hand_over_role gives a role to somebody who is there; whoever responds there is told that"
        " the directory has its holder as not active.",
    )


def _reference(row: HeldRole) -> str:
    return row.reference
