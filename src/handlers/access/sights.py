"""Who asks, and which private incidents that one may see; what is read of these goes on record."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID, uuid5

import msgspec

from domain.access import ACCESS, REGISTER
from domain.access.grants import AccessRole
from domain.access.principal import Principal
from domain.access.tokens import NoteReading
from domain.incident import INCIDENT
from domain.incident.others import was_given_back
from domain.kernel.aggregate import AnyAggregate
from domain.kernel.commit import Event, Recorded
from domain.kernel.refusal import Refused
from domain.kernel.roster import Roster
from domain.learning import ACTION_ITEM, POSTMORTEM
from domain.learning.interview import INTERVIEW
from domain.paging import PAGE
from domain.sight import SERVICE, Sight, Viewer
from handlers.access.readings import named_in_answer
from handlers.kernel.asks import Meta
from handlers.kernel.executor import Executor
from handlers.kernel.history import HalfHistory
from handlers.kernel.ports import Unavailable
from handlers.kernel.related import Seen
from handlers.queries.read_models import ReadModels
from handlers.queries.unseen import named_in, without
from projections.incident.board import PRIVATE_INCIDENTS, PrivateIncident

NAMESPACE = UUID("6c1f0c52-98d4-5f0f-8a4e-6d3f3f0f7b11")
_PARTS = {each.name: each for each in (POSTMORTEM, ACTION_ITEM, INTERVIEW, PAGE)}
"""What belongs to an incident, by its name."""
NOTED_MOST = 10_000
"""So many readings are remembered as noted; of more, the log tells."""


class InSight(NamedTuple):
    """The private incidents that a viewer may not see, and those that it may, by their ids; the
    `references` of the former, and the latter by all their `names`.
    """

    hidden: frozenset[str] = frozenset()
    seen: frozenset[str] = frozenset()
    references: frozenset[str] = frozenset()
    names: Mapping[str, str] = MappingProxyType({})

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
        return in_sight_of(viewer, self._private)

    def beside(self, viewer: Viewer, private: list[PrivateIncident]) -> InSight:
        """As `of`, by the rows that were read beside what is told."""
        self._private = private
        return InSight() if viewer is SERVICE else in_sight_of(viewer, private)

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
        """Which incidents that these name are not there for a viewer: by the log, which knows it
        whatever the rows show, and while nobody can ask these. Of those that are private and are
        there it goes on record that they are read of. Raises `Unavailable`.
        """
        hidden = set()
        for id_ in named_in(commits):
            try:
                seen = await self.look(INCIDENT, id_, viewer)
            except Refused:
                hidden.add(id_)
            else:
                await self.note(viewer, seen.private)
        return frozenset(hidden)

    async def note_answer(
        self, viewer: Viewer, known: InSight, answer: Any, about: Iterable[str] = ()
    ) -> None:
        """Put on record which private incidents an answer tells of, before it is given: those that
        were asked `about`, and those that it names. Raises `Unavailable`: what cannot be recorded
        is not told.
        """
        if not known.seen or viewer.name is None:
            return
        named = named_in_answer(answer, known.names)
        found = {*about, *named.incidents}
        for name, id_ in sorted(named.parts):
            if name in _PARTS:
                found.update((await self.look(_PARTS[name], id_, viewer)).private)
        await self.note(viewer, [each for each in sorted(known.seen) if each in found])

    async def in_answer(
        self, aggregate: AnyAggregate, told: Any, shown: Any, viewer: Viewer
    ) -> Any:
        """What is told of what is `shown`, without what its sender may not see; few name any other.
        Raises `Unavailable`.
        """
        paths = getattr(shown, "hypotheses", ())
        if any(was_given_back(each.finding) for each in paths):
            told = (await self.of(viewer)).of(told)
        related = getattr(shown, "related", ())
        states = {each: await self._executor.state(aggregate, each.id) for each in related}
        hidden = [each for each, state in states.items() if aggregate.hides(state, viewer)]
        if not hidden:
            return told
        return without(told, {each.id for each in hidden}, {each.reference for each in hidden})

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


def in_sight_of(viewer: Viewer, private: list[PrivateIncident]) -> InSight:
    """Which of these private incidents there are for a viewer, and which are not."""
    seen = {it.id for it in private if viewer.sees(Sight(it.people, it.teams))}
    hidden = [it for it in private if it.id not in seen]
    references = frozenset(filter(None, map(_reference_of, hidden)))
    names = {name: it.id for it in private if it.id in seen for name in _names_of(it)}
    return InSight(frozenset(it.id for it in hidden), frozenset(seen), references, names)


def _reference_of(private: PrivateIncident) -> str | None:
    return INCIDENT.reference_of(private.number) if private.number else None


def _names_of(private: PrivateIncident) -> Iterator[str]:
    yield private.id
    if reference := _reference_of(private):
        yield reference


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
