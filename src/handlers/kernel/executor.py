"""Commands on aggregates, by id or by reference; the one executor behind every entrance."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from domain.kernel.aggregate import Aggregate, AnyAggregate
from domain.kernel.basis import Rests
from domain.kernel.commit import Commit, Event
from domain.kernel.decider import Named
from domain.kernel.joint import ForParts, Joint, One
from domain.kernel.refusal import Refused
from domain.kernel.remark import Remark
from domain.kernel.roster import Roster
from domain.policy import Policy
from domain.sight import PUBLIC, Viewer
from handlers.kernel.asks import Ask, Meta, Outcome
from handlers.kernel.grounds import Lookup, rests_on
from handlers.kernel.ports import EventStore, NoRosters, References, Rosters
from handlers.kernel.related import (
    Seen,
    derived_from,
    hidden_in,
    named_event,
    wholes_hidden_in,
    with_wholes,
)
from handlers.kernel.snapshots import Snapshots
from handlers.kernel.transact import Transactor

C = TypeVar("C", bound=msgspec.Struct)
S = TypeVar("S")
E = TypeVar("E", bound=Event)


TOLD = "+told"
"""What the id of a commit ends in by which another aggregate learns of a command."""


class Executor:
    """Runs the commands of all aggregates."""

    def __init__(
        self,
        store: EventStore,
        references: References,
        clock: Callable[[], datetime],
        policy: Policy,
        observe: Callable[[float], None] = lambda _: None,
        snapshots: Snapshots | None = None,
    ) -> None:
        self.policy = policy
        self.rosters: Rosters = NoRosters()
        """Whom names mean."""
        self.address: Callable[[AnyAggregate, str], str | None] = lambda *_: None
        """Where one is to be seen, by its kind and id; None: the service knows no address of it."""
        self.answers: dict[type[Any], Callable[[Any], Awaitable[Any]]] = {}
        """Who answers the questions that commands put, by the type of the question."""
        self.transactor = Transactor(store, clock, policy, observe, snapshots)
        self._store, self._references = store, references

    async def find(self, aggregate: AnyAggregate, ref: str, *, field: str | None = None) -> str:
        """The id that `ref` names: an id or a reference; `field` is where it was given.

        Raises `Refused`, `Unavailable`.
        """
        number = aggregate.number_in(ref)
        if number is None:
            found = aggregate.id_kind.canonical(ref)
        else:
            found = await self._references.resolve(aggregate.prefix or "", number)
        if found is None or not aggregate.names_one(found):
            raise aggregate.unknown(ref, field=field)
        return found

    async def state(self, aggregate: Aggregate[Any, S, Any], id_: str) -> S:
        """The aggregate as it stands at the head of the log. Raises `Unavailable`."""
        return (await self.transactor.look(aggregate.stream(id_), aggregate)).state

    async def _seen(self, aggregate: Aggregate[Any, S, Any], id_: str, viewer: Viewer | None) -> S:
        """As `state`; of what a viewer may not see, as of what is not there."""
        found = await with_wholes(aggregate, id_, self.state)
        return aggregate.initial if hidden_in(found, viewer) else found[0].state

    def is_hidden(self, aggregate: AnyAggregate, id_: str, viewer: Viewer) -> bool:
        """Whether it is known at once, without the log, that this one is not for a viewer: what was
        made private here is gone before read models show it.
        """
        at: tuple[AnyAggregate, str] | None = (aggregate, id_)
        while at is not None:
            of, key = at
            state = self.transactor.remembered(of.stream(key), of)
            if of.hides(state, viewer):
                return True
            at = of.part_of(state) if of.part_of else None
        return False

    async def look(self, aggregate: AnyAggregate, ref: str, viewer: Viewer) -> Seen:
        """The one that `ref` names, of those that are there for a viewer. Raises `Refused`,
        `Unavailable`.
        """
        id_ = await self.find(aggregate, ref)
        if aggregate.sight is None and aggregate.part_of is None:
            return Seen(id_)
        found = await with_wholes(aggregate, id_, self.state)
        if found[0].state == aggregate.initial or hidden_in(found, viewer):
            raise aggregate.unknown(ref)
        return Seen(id_, wholes_hidden_in(found, PUBLIC))

    async def commit(
        self, aggregate: AnyAggregate, id_: str, command_id: str
    ) -> Commit[Any] | None:
        """What a command of this id has written to one aggregate, as far as that was last looked
        at. Raises `Unavailable`.
        """
        found = await self.transactor.aggregates.commit(
            aggregate.stream(id_), aggregate, command_id
        )
        return found.commit if found else None

    async def run(
        self, aggregate: Aggregate[C, S, E], id_: str, command: C, meta: Meta
    ) -> Outcome[S]:
        """Run one command on one aggregate. Raises `Refused`, `Unavailable`."""
        if aggregate.part_of is not None:
            found = await with_wholes(aggregate, id_, self.state)
            if hidden_in(found, meta.viewer):
                raise aggregate.unknown(id_)
        outcome = await self._run(aggregate, id_, command, meta)
        if outcome.outcome != "decided" and aggregate.hides(outcome.state, meta.viewer):
            raise aggregate.unknown(id_)  # it was done once, by somebody who could see it then
        return outcome

    async def _run(
        self, aggregate: Aggregate[C, S, E], id_: str, command: C, meta: Meta
    ) -> Outcome[S]:
        spread = aggregate.spread.get(type(command))
        if spread is not None and (others := spread.to(await self.state(aggregate, id_))):
            return await self._run_spread(aggregate, spread, (id_, *others), command, meta)
        ref = await self.other(aggregate, id_, command)
        if ref is not None:
            joint = aggregate.joint[type(command)]
            return await self._run_joint(aggregate, joint, (id_, ref), command, meta)
        rests = await self._rests(aggregate, command, id_, meta.viewer)
        ask = Ask(
            aggregate.stream(id_),
            aggregate,
            command,
            named=await self._named(aggregate, id_, command),
            roster=await self._roster(aggregate, command),
            basis=rests.facts if rests else None,
            known=await self._known(aggregate, id_, command),
        )
        prefix = aggregate.prefix if isinstance(command, aggregate.opens) else None
        begun = self.transactor.remembered(ask.stream, aggregate) != aggregate.initial
        if prefix and not begun:
            # Rehearsed first: what is refused uses up no reference number.
            state = await self.transactor.rehearse(ask, meta)
            if state == aggregate.initial:
                unlisted = aggregate.unlisted is not None and aggregate.unlisted(command)
                claim = self._references.claim_unlisted if unlisted else self._references.claim
                number = await claim(prefix, id_)
                ask = ask._replace(number=number)
        if rests and (told := await self._told(ask, id_, rests)):
            return (await self.transactor.transact_together((ask, told), meta))[0]
        return await self.transactor.transact(ask, meta)

    async def derived(
        self, aggregate: AnyAggregate, command: msgspec.Struct, viewer: Viewer | None
    ) -> str | None:
        """The id of the only one that there is of what the command names, which is there for a
        viewer; None: there may be any number. Raises `Refused`, `Unavailable`.
        """
        return await derived_from(aggregate, command, self.find, self._seen, viewer)

    async def _rests(
        self, aggregate: AnyAggregate, command: msgspec.Struct, id_: str, viewer: Viewer | None
    ) -> Rests | None:
        """What is known of the other aggregate that a command rests on, if it does on one."""
        bases = aggregate.rests.get(type(command), ())
        stands = await self.state(aggregate, id_) if bases else None
        lookup = Lookup(self._store, self.find, self._seen, self.state)
        for basis in bases:
            if rests := await rests_on(basis, (command, stands), lookup, viewer):
                return rests
        return None

    async def _known(self, aggregate: AnyAggregate, id_: str, command: msgspec.Struct) -> Any:
        """What is answered to the question that a command puts, if it puts one. Raises
        `Unavailable`, `Refused`.
        """
        wants = aggregate.wants.get(type(command))
        question = wants(id_, command, await self.state(aggregate, id_)) if wants else None
        answer = self.answers.get(type(question))
        return await answer(question) if answer else None

    async def _told(self, ask: Ask, id_: str, rests: Rests) -> Ask | None:
        """What the other one learns of it, in the same write."""
        basis = rests.basis
        if basis.tells is None:
            return None
        state = await self.state(ask.aggregate, id_)
        address = self.address(ask.aggregate, getattr(state, "reference", id_))
        command = basis.tells(ask.command, rests.facts, id_, state, address)
        if command is None:
            return None
        return Ask(basis.of.stream(rests.id), basis.of, command, ask.number, suffix=TOLD)

    async def _run_spread(
        self,
        aggregate: Aggregate[C, S, E],
        spread: ForParts[Any, S],
        ids: tuple[str, ...],
        command: C,
        meta: Meta,
    ) -> Outcome[S]:
        """All that are part of one aggregate learn of a command in one atomic write."""
        roster = await self._roster(aggregate, command)
        first, *others = ids
        asks = [
            Ask(aggregate.stream(first), aggregate, command, roster=roster),
            *(
                Ask(
                    aggregate.stream(each),
                    aggregate,
                    spread.others(command),
                    suffix=f"+{each}",
                    roster=roster,
                )
                for each in others
            ),
        ]
        return (await self.transactor.transact_together(asks, meta))[0]

    def unreached(
        self, aggregate: Aggregate[C, S, E], command: C, outcome: Outcome[S]
    ) -> tuple[Remark, ...]:
        """Who of those whom it concerns is told of it by no channel, as far as that is known."""
        reach, remarks = self.transactor.reach, aggregate.remarks_on_reach.get(type(command))
        if reach is None or remarks is None:
            return ()
        events: Any = outcome.events
        return remarks(command, outcome.state, events, self.policy, reach)

    async def _roster(self, aggregate: Aggregate[C, S, E], command: C) -> Roster | None:
        """The directory, where a command of this kind is decided with it at hand."""
        kind = type(command)
        if kind not in aggregate.consults:
            return None
        names = aggregate.consults[kind]
        return await self.rosters.for_names(names(command) if names else ())

    async def _named(self, aggregate: AnyAggregate, id_: str, command: Any) -> Named | None:
        """The event of the same history that a command names, if its kind does."""
        if type(command) not in aggregate.names:
            return None
        return await named_event(self._store, aggregate, id_, command)

    async def other(
        self, aggregate: Aggregate[Any, Any, Any], id_: str, command: msgspec.Struct
    ) -> str | None:
        """The other one that a joint command is about, None if it is about one alone. Raises
        `Unavailable`.
        """
        joint = aggregate.joint.get(type(command))
        if joint is None:
            return None
        if joint.known is not None:
            return joint.known(await self.state(aggregate, id_))
        if joint.named is not None:
            about = await self._named(aggregate, id_, command)
            return joint.named(about.event) if about else None
        named: str | None = getattr(command, joint.field)
        return named

    async def _run_joint(
        self,
        aggregate: Aggregate[C, S, E],
        joint: Joint[Any, S],
        named_pair: tuple[str, str],
        command: C,
        meta: Meta,
    ) -> Outcome[S]:
        """Both aggregates learn of the command in one atomic write, or neither does."""
        id_, named = named_pair
        other = await self.find(aggregate, named, field=joint.field)
        pair = [await self._seen(aggregate, each, meta.viewer) for each in (id_, other)]
        try:
            parts = joint.split(command, One(id_, id_, pair[0]), One(named, other, pair[1]))
        except Refused as refused:
            if refused.code == aggregate.unknown_code and refused.field == joint.field:
                raise aggregate.unknown(named, field=joint.field) from None
            raise
        asks = [
            Ask(
                aggregate.stream(part.id),
                aggregate,
                part.command,
                part.number,
                part.suffix,
                await self._named(aggregate, part.id, part.command),
            )
            for part in parts
        ]
        return (await self.transactor.transact_together(asks, meta))[0]
