"""The one way in which anything is written: load, fold, decide, append, and again on conflict."""

from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from hashlib import blake2b
from time import perf_counter
from typing import Any, TypeVar

import msgspec
import stamina

from domain.kernel.aggregate import Aggregate
from domain.kernel.commit import Commit, Event, Recorded
from domain.kernel.decider import Context
from domain.kernel.notifiable import recorded_level
from domain.kernel.refusal import Refused
from domain.policy import Policy
from domain.policy.reach import Reach
from handlers.kernel.aggregate_cache import Aggregates, Folded
from handlers.kernel.asks import Ask, Meta, Outcome
from handlers.kernel.ports import Append, Conflict, EventStore, Unavailable
from handlers.kernel.snapshots import Snapshots

S = TypeVar("S")

ATTEMPTS = 12
"""A command that conflicts this often in a row goes back to its sender as Unavailable."""


class Transactor:
    """Runs commands against the log. Every write of the service goes through here; `observe` is
    told the seconds of each append.
    """

    def __init__(
        self,
        store: EventStore,
        clock: Callable[[], datetime],
        policy: Policy,
        observe: Callable[[float], None] = lambda _: None,
        snapshots: Snapshots | None = None,
    ) -> None:
        self.reach: Reach | None = None
        """Whom the channels of this service tell; None: nothing is known of that."""
        self._observe = observe
        self._store = store
        self.clock = clock
        self._policy = policy
        self._executives_from = recorded_level(policy)
        self.aggregates = Aggregates(store, snapshots)

    async def transact(self, ask: Ask, meta: Meta) -> Outcome[Any]:
        """Run one command. Raises `Refused`, `Unavailable`."""
        entry = self.aggregates.entry(ask.stream, ask.aggregate)
        async with entry.lock:
            return (await self._persist((ask,), (entry,), meta))[0]

    async def transact_together(self, asks: Sequence[Ask], meta: Meta) -> list[Outcome[Any]]:
        """Run commands on several aggregates, all or none. Raises `Refused`, `Unavailable`."""
        entries = [self.aggregates.entry(ask.stream, ask.aggregate) for ask in asks]
        async with AsyncExitStack() as stack:
            # Always in the order of the streams, so that two merges cannot wait for each other.
            for place in sorted(range(len(asks)), key=lambda place: asks[place].stream):
                await stack.enter_async_context(entries[place].lock)
            return await self._persist(asks, entries, meta)

    def remembered(self, stream: str, aggregate: Aggregate[Any, S, Any]) -> S:
        """The state as it was seen last. What was begun then is there for good."""
        return self.aggregates.entry(stream, aggregate).state

    async def rehearse(self, ask: Ask, meta: Meta) -> Any:
        """Decide without writing; the state that the decision was made in. Raises `Refused`,
        `Unavailable`.
        """
        entry = await self.look(ask.stream, ask.aggregate)
        meta = await self._as_recorded((ask,), (entry,), meta)
        if _repeated((ask,), (entry,), meta) is None:
            context = self._context(ask, self.clock(), meta)
            ask.aggregate.decide(ask.command, entry.state, context)
        return entry.state

    async def look(self, stream: str, aggregate: Aggregate[Any, S, Any]) -> Folded[S]:
        """The aggregate as it stands at the head of the log. Raises `Unavailable`."""
        entry = self.aggregates.entry(stream, aggregate)
        async with entry.lock:
            await self.aggregates.refresh(stream, aggregate, entry)
        return entry

    def forget(self) -> None:
        """What is remembered may be of a log that is not there any more."""
        self.aggregates.forget_all()

    async def _persist(
        self, asks: Sequence[Ask], entries: Sequence[Folded[Any]], meta: Meta
    ) -> list[Outcome[Any]]:
        try:
            return await self._attempt(asks, entries, meta, fresh=False)
        except Conflict:
            pass
        try:
            async for attempt in stamina.retry_context(
                on=Conflict, attempts=ATTEMPTS, wait_initial=0.002, wait_max=0.2, timeout=None
            ):
                with attempt:
                    if not await self._refresh(asks, entries):
                        # The log says that it has moved, and has nothing new: it is another one.
                        for ask, entry in zip(asks, entries, strict=True):
                            self.aggregates.forget(ask.aggregate, entry)
                        await self._refresh(asks, entries)
                    return await self._attempt(asks, entries, meta, fresh=True)
        except Conflict as conflict:
            raise Unavailable(f"{ATTEMPTS} conflicts in a row on {asks[0].stream}") from conflict
        raise AssertionError("a retry either returns or raises")

    async def _attempt(
        self, asks: Sequence[Ask], entries: Sequence[Folded[Any]], meta: Meta, *, fresh: bool
    ) -> list[Outcome[Any]]:
        if not fresh and not all(entry.looked for entry in entries):
            await self._refresh(asks, entries)
            fresh = True
        meta = await self._as_recorded(asks, entries, meta)
        repeated = _repeated(asks, entries, meta)
        if repeated is not None:
            return repeated
        now = self.clock()
        refusal: Refused | None = None
        decided: list[list[Event]] = []
        try:
            for ask, entry in zip(asks, entries, strict=True):
                context = self._context(ask, now, meta)
                decided.append(ask.aggregate.decide(ask.command, entry.state, context))
        except Refused as refused:
            refusal = refused
        if refusal is None and any(decided):
            return await self._write(asks, entries, meta, now, decided)
        # Nothing will be written, so the log's lock cannot tell that what we remember is stale:
        # look again before saying "no" or "nothing new".
        if not fresh and await self._refresh(asks, entries):
            return await self._attempt(asks, entries, meta, fresh=True)
        if refusal is not None:
            raise refusal
        return [_ignored(entry) for entry in entries]

    def _context(self, ask: Ask, now: datetime, meta: Meta) -> Context:
        command_id = meta.command_id + ask.suffix
        known = (ask.named, self.reach, ask.roster, ask.basis, meta.viewer, ask.known)
        return Context(now, command_id, self._policy, ask.number, meta.actor, *known)

    async def _as_recorded(
        self, asks: Sequence[Ask], entries: Sequence[Folded[Any]], meta: Meta
    ) -> Meta:
        """With the id under which an earlier release has recorded this very sender's command, once
        it is known for sure which commits of these ids there are.
        """
        for ask, entry in zip(asks, entries, strict=True):
            ids = (meta.command_id, *meta.formerly)
            if any(entry.is_half_known(each + ask.suffix) for each in ids):
                await self.aggregates.load_whole(ask.stream, ask.aggregate, entry)
        for ask, entry in zip(asks, entries, strict=True):
            for key in meta.formerly:
                if key + ask.suffix not in entry.commits:
                    continue
                position, _ = entry.commits[key + ask.suffix]
                found = await self._store.commit_at(ask.stream, position)
                if found and (found.commit.via, found.commit.actor) == (None, meta.formerly_by):
                    return msgspec.structs.replace(meta, command_id=key)
        return meta

    async def _refresh(self, asks: Sequence[Ask], entries: Sequence[Folded[Any]]) -> bool:
        return any(
            [
                await self.aggregates.refresh(ask.stream, ask.aggregate, entry)
                for ask, entry in zip(asks, entries, strict=True)
            ]
        )

    def _appends(
        self,
        asks: Sequence[Ask],
        entries: Sequence[Folded[Any]],
        meta: Meta,
        now: datetime,
        decided: Sequence[list[Event]],
        states: Sequence[Any],
    ) -> list[Append]:
        """What is written where something was decided, which led to these states."""
        return [
            Append(
                ask.stream,
                entry.position,
                Commit(
                    id=meta.command_id + ask.suffix,
                    actor=meta.actor,
                    correlation_id=meta.correlation_id,
                    causation_id=meta.causation_id,
                    recorded_at=now,
                    events=tuple(events),
                    fingerprint=_fingerprint(ask.command),
                    policy_version=self._policy.version,
                    executives_from=self._executives_from,
                    retold=_retold(ask.command, events, now, self._policy),
                    unreached=ask.aggregate.missed(after, events, self._policy, self.reach),
                    via=meta.via,
                ),
            )
            for ask, entry, events, after in zip(asks, entries, decided, states, strict=True)
            if events
        ]

    async def _write(
        self,
        asks: Sequence[Ask],
        entries: Sequence[Folded[Any]],
        meta: Meta,
        now: datetime,
        decided: Sequence[list[Event]],
    ) -> list[Outcome[Any]]:
        states = [
            ask.aggregate.fold(entry.state, events, meta.actor)
            for ask, entry, events in zip(asks, entries, decided, strict=True)
        ]
        writes = self._appends(asks, entries, meta, now, decided, states)
        started = perf_counter()
        if len(writes) == 1:
            positions = [await self._store.append(writes[0])]
        else:
            positions = await self._store.append_together(writes)
        self._observe(perf_counter() - started)
        landed = {
            write.stream: Recorded(position, write.stream, write.commit)
            for write, position in zip(writes, positions, strict=True)
        }
        outcomes = []
        for ask, entry, after in zip(asks, entries, states, strict=True):
            recorded = landed.get(ask.stream)
            if recorded is None:
                outcomes.append(_ignored(entry))
                continue
            entry.take(after, recorded)
            self.aggregates.keep_if_long(ask.aggregate, entry, recorded)
            outcomes.append(
                Outcome(
                    outcome="decided",
                    position=recorded.position,
                    events=recorded.commit.events,
                    state=entry.state,
                )
            )
        return outcomes


def _ignored(entry: Folded[Any]) -> Outcome[Any]:
    return Outcome(outcome="ignored", position=entry.position, events=(), state=entry.state)


def _retold(command: Any, events: Sequence[Event], now: datetime, policy: Policy) -> bool:
    """Whether all of it is told in retrospect, unless that is to be told, or still goes on."""
    oldest = min(event.occurred_at for event in events)
    if oldest == now or getattr(command, "notify", False):
        return False
    told_late = [it.occurred_at for it in events if not getattr(it, "live", False)]
    return len(told_late) == len(events) and all(policy.is_retold(at, now) for at in told_late)


def _repeated(
    asks: Sequence[Ask], entries: Sequence[Folded[Any]], meta: Meta
) -> list[Outcome[Any]] | None:
    """What to answer when the log holds this command already; refuses another one of its id."""
    ids = [meta.command_id + ask.suffix for ask in asks]
    if not any(key in entry.commits for key, entry in zip(ids, entries, strict=True)):
        return None
    outcomes: list[Outcome[Any]] = []
    for key, ask, entry in zip(ids, asks, entries, strict=True):
        at, fingerprint = entry.commits.get(key, (entry.position, None))
        if fingerprint not in {None, _fingerprint(ask.command)}:
            raise Refused(
                "idempotency.key_reused",
                f"this idempotency key was used for another command on this {ask.aggregate.name}",
                field="Idempotency-Key",
                rule="A repeated request must be the same request.",
            )
        outcomes.append(Outcome(outcome="repeated", position=at, events=(), state=entry.state))
    return outcomes


def _fingerprint(command: msgspec.Struct) -> str:
    digest = blake2b(type(command).__name__.encode(), digest_size=8)
    digest.update(msgspec.msgpack.encode(command))
    return digest.hexdigest()
