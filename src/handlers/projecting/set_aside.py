"""What of the log is set aside: listed, told to engineering, and settled by a person who says why.

The read models know what their rows do not show, and the log of what they were told of it. Several
instances may look at once: what one has said, the others do not say again.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Protocol

import msgspec

from domain.kernel.aggregate import AnyAggregate
from domain.kernel.commit import Event, Recorded, Unreadable
from domain.kernel.refusal import Refused
from domain.log import LOG, SKIPS, Recover, Report, SetAside, Skip
from domain.log.set_aside import POSITIONS_MAX, LogCommand
from handlers.kernel.asks import Ask, Meta
from handlers.kernel.ports import EventStore
from handlers.kernel.transact import Transactor

ACTOR = "commandpost"
REASON_CHARS_MAX = 1_000


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """A position of the log that the rows of `read_models` do not show: `code` is stable, `reason`
    for people, `tags` are those that this release does not know. What was `skipped` is settled.
    `log` is the stream that has the position.
    """

    position: int
    subject: str
    code: str
    reason: str
    tags: tuple[str, ...]
    read_models: tuple[str, ...]
    skipped: bool = False
    log: str = "EVENTS"


class GapStore(Protocol):
    """Knows what the rows of all read models do not show."""

    async def gaps(self) -> list[Gap]:
        """In the order of the log. Raises `Unavailable`."""
        ...

    async def shown_upto(self) -> int:
        """The position that the rows of every read model have reached. Raises `Unavailable`."""
        ...


class LogKeeper:
    """Looks after what is set aside."""

    def __init__(
        self,
        store: EventStore,
        gaps: GapStore,
        transactor: Transactor,
        aggregates: Iterable[AnyAggregate],
        new_id: Callable[[], str],
    ) -> None:
        self._store = store
        self._gaps = gaps
        self._transactor = transactor
        self._aggregates = {each.name: each for each in aggregates}
        self._new_id = new_id
        self._whole = False  # nothing waited when we looked last

    async def look(self) -> list[Gap]:
        """What the rows do not show, in the order of the log. Raises `Unavailable`."""
        state = await self._state()
        return [
            msgspec.structs.replace(gap, skipped=gap.position in state.skipped)
            for gap in await self._gaps.gaps()
        ]

    async def skip(self, position: int, reason: str, actor: str) -> Unreadable:
        """Leave out for ever what stands at a position and cannot be read; why it could not. Raises
        `Refused` where it can be, or where nothing stands; `Unavailable`.
        """
        if not reason.strip() or len(reason) > REASON_CHARS_MAX:
            raise Refused(
                "field.invalid",
                "a message is left out for a reason",
                field="reason",
                rule=f"1 to {REASON_CHARS_MAX} characters",
            )
        why = await self._explain(position)
        if not why.skipped:
            command = Skip(position=position, subject=why.subject, code=why.code, reason=reason)
            await self._tell(command, actor)
        return why

    async def report(self) -> int:
        """Say in the log what is new, and what can be read after all, so that engineering is told;
        how many wait to be settled. Raises `Unavailable`.
        """
        gaps = await self._gaps.gaps()
        if self._whole and not gaps:
            return 0
        upto, state = await self._gaps.shown_upto(), await self._state()
        waiting = [gap for gap in gaps if gap.position not in state.skipped]
        new: defaultdict[tuple[str, tuple[str, ...]], list[Gap]] = defaultdict(list)
        for gap in waiting:
            if gap.position not in state.waiting:
                new[gap.code, gap.tags].append(gap)
        for (code, tags), found in new.items():
            first = found[0]
            await self._tell(
                Report(
                    positions=tuple(gap.position for gap in found[:POSITIONS_MAX]),
                    subject=first.subject,
                    code=code,
                    reason=first.reason,
                    tags=tags,
                ),
                ACTOR,
            )
        gone = state.waiting - {gap.position for gap in waiting}
        if settled := tuple(sorted(position for position in gone if position <= upto)):
            await self._tell(Recover(positions=settled), ACTOR)
        self._whole = not waiting and not gone
        return len(waiting)

    async def _explain(self, position: int) -> Unreadable:
        recorded = await self._at(position)
        if recorded.unreadable is not None:
            return recorded.unreadable
        aggregate = self._aggregates.get(recorded.aggregate)
        if aggregate is not None:
            state = aggregate.initial
            for each in await self._store.load(recorded.stream):
                state, why = aggregate.attempt(state, each)
                if each.position == position and why is not None:
                    return why
        raise Refused(
            "log.readable",
            f"position {position}, on {recorded.stream}, can be read, and stays in its history",
            field="position",
            rule="Only what cannot be read is left out.",
        )

    async def _at(self, position: int) -> Recorded[Event]:
        if 0 < position <= await self._store.head():
            async for batch in self._store.read(after=position - 1, upto=position):
                return batch[0]
        raise Refused(
            "log.unknown",
            f"nothing stands at position {position}",
            field="position",
            rule="a position of the log",
        )

    async def _state(self) -> SetAside:
        return (await self._transactor.look(SKIPS, LOG)).state

    async def _tell(self, command: LogCommand, actor: str) -> None:
        meta = Meta(command_id=self._new_id(), actor=actor, correlation_id=SKIPS)
        await self._transactor.transact(Ask(SKIPS, LOG, command), meta)
