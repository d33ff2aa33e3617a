"""Who asks, and which private incidents that one may see; what is read of these goes on record."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5

import msgspec

from domain.access import ACCESS, REGISTER
from domain.access.grants import AccessRole
from domain.access.principal import Principal
from domain.access.tokens import NoteReading
from domain.incident import INCIDENT
from domain.kernel.aggregate import AnyAggregate
from domain.kernel.commit import Event, Recorded
from domain.kernel.refusal import Refused
from domain.kernel.roster import Roster
from domain.sight import SERVICE, Sight, Viewer
from handlers.kernel.asks import Meta
from handlers.kernel.executor import Executor
from handlers.kernel.history import HalfHistory
from handlers.kernel.ports import Unavailable
from handlers.kernel.related import Seen
from handlers.queries.read_models import ReadModels
from handlers.queries.unseen import linked_in, without
from projections.incident.board import PRIVATE_INCIDENTS, PrivateIncident

NAMESPACE = UUID("6c1f0c52-98d4-5f0f-8a4e-6d3f3f0f7b11")
NOTED_MOST = 10_000
"""So many readings are remembered as noted; of more, the log tells."""


class InSight(NamedTuple):
    """The private incidents that a viewer may not see, and those that it may, by their ids, and the
    `references` of the former.
    """

    hidden: frozenset[str] = frozenset()
    seen: frozenset[str] = frozenset()
    references: frozenset[str] = frozenset()

    def of(self, answer: Any) -> Any:
        """An answer without what it says of incidents that are hidden."""
        return without(answer, self.hidden, self.references) if self.hidden else answer


class Sights:
    """Makes viewers of principals."""

    def __init__(
        self, executor: Executor, read_models: ReadModels, clock: Callable[[], datetime]
    ) -> None:
        self._executor, self._read_models, self._clock = executor, read_models, clock
        self._noted: dict[str, None] = {}
        self._private: list[PrivateIncident] | None = None

    async def viewer_of(self, principal: Principal) -> Viewer:
        """On whose behalf a principal asks. Without a directory at hand nobody is in a team."""
        admins = self._executor.policy.admins_see_private
        return viewer_of(principal, await self._executor.rosters.soon(), admins=admins)

    async def of_person(self, name: str) -> Viewer:
        """On whose behalf somebody asks who has shown by other means to go by this name. Whoever is
        nobody of the directory sees what everybody does.
        """
        roster = await self._executor.rosters.soon()
        person = roster.person_of(name) if roster is not None else None
        if roster is None or person is None:
            return Viewer(name=name)
        return Viewer(frozenset({person}), _teams_of(person, roster), name=person)

    async def of(self, viewer: Viewer) -> InSight:
        """Which private incidents there are for a viewer, and which are not: those that were there
        last, while the rows are out of reach and the log answers. Raises `Unavailable`.
        """
        if viewer is SERVICE:
            return InSight()
        try:
            self._private = await self._read_models.ask(SERVICE, PRIVATE_INCIDENTS)
        except Unavailable:
            if self._private is None:
                raise
        private = self._private
        seen = {it.id for it in private if viewer.sees(Sight(it.people, it.teams))}
        hidden = [it for it in private if it.id not in seen]
        names = (INCIDENT.reference_of(it.number) for it in hidden if it.number)
        return InSight(frozenset(it.id for it in hidden), frozenset(seen), frozenset(names))

    async def look(self, aggregate: AnyAggregate, ref: str, viewer: Viewer) -> Seen:
        """As the executor's; of half a history the rows know whose it is, as far as it is read."""
        try:
            return await self._executor.look(aggregate, ref, viewer)
        except HalfHistory:
            id_ = await self._executor.find(aggregate, ref)
            in_sight = await self.of(viewer)
            if aggregate.sight is None or id_ in in_sight.hidden:
                raise aggregate.unknown(ref) from None
            return Seen(id_, (id_,) if id_ in in_sight.seen else ())

    async def hidden_links(
        self, commits: Iterable[Recorded[Event]], viewer: Viewer
    ) -> frozenset[str]:
        """Which incidents that these link to are not there for a viewer: by the log, which knows it
        whatever the rows show, and while nobody can ask these. Raises `Unavailable`.
        """
        hidden = set()
        for id_ in linked_in(commits):
            try:
                await self.look(INCIDENT, id_, viewer)
            except Refused:
                hidden.add(id_)
        return frozenset(hidden)

    async def note_answer(self, viewer: Viewer, known: InSight, answer: Any) -> None:
        """Put on record which private incidents an answer tells of, before it is given. Raises
        `Unavailable`: what cannot be recorded is not told.
        """
        if not known.seen or viewer.name is None:
            return
        told = msgspec.json.encode(answer).decode()
        await self.note(viewer, [each for each in known.seen if each in told])

    async def note(self, viewer: Viewer, ids: Iterable[str]) -> None:
        """Put on record that a viewer reads of these private incidents: once an hour each. Raises
        `Unavailable`.
        """
        hour = self._clock().strftime("%Y-%m-%dT%H")
        for id_ in ids if viewer.name is not None else ():
            key = str(uuid5(NAMESPACE, msgspec.json.encode([viewer.name, id_, hour]).decode()))
            if key in self._noted:
                continue
            name = viewer.name or ""
            meta = Meta(command_id=key, actor=name, correlation_id=key)
            command = NoteReading(name=name, incident=id_)
            await self._executor.run(ACCESS, REGISTER, command, meta)
            self._noted[key] = None
            while len(self._noted) > NOTED_MOST:
                del self._noted[next(iter(self._noted))]


def viewer_of(principal: Principal, roster: Roster | None, *, admins: bool) -> Viewer:
    """What a principal may see: what is private to its person, or to the program that it is; with
    the teams that the person is in now. Administrators see everything where the policy says so, or
    while they hold emergency rights: both are on record.
    """
    one = principal.person or principal.name
    is_admin = principal.role is AccessRole.ADMIN
    person = principal.person
    return Viewer(
        people=frozenset({one}),
        teams=_teams_of(person, roster) if roster is not None and person else frozenset(),
        everything=is_admin and (admins or bool(principal.extra)),
        name=principal.name,
    )


def _teams_of(person: str, roster: Roster) -> frozenset[str]:
    """The active teams that somebody is a member or a lead of now, who is active."""
    if roster.who(person).doubt is not None:
        return frozenset()
    return frozenset(it.id for it in roster.teams_by_person.get(person, ()))
