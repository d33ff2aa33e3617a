"""Any sequence of writes, conflicts, repetitions and lost answers, against a dictionary."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from adapters.storage.codec import Codec
from adapters.storage.codec.upcasters import UPCASTERS
from adapters.storage.memory.event_store import MemoryEventStore
from adapters.storage.nats.connection import connect
from adapters.storage.nats.event_store import open_store
from adapters.storage.nats.requests import RawReply, Requests
from adapters.storage.nats.streams import log_stream, provision
from domain.incident.events import NoteAdded
from domain.kernel.commit import Commit
from domain.registry import AnyEvent
from handlers.kernel.ports import Append, Conflict, Unavailable

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
NAMES = ("a", "b", "c")


def commit(name: str) -> Commit[Any]:
    events = (NoteAdded(occurred_at=NOON, text=name),)
    return Commit(id=name, actor="ada", correlation_id="c", recorded_at=NOON, events=events)


class LossyMemoryStore(MemoryEventStore):
    """Loses the answer to a write on demand; the write itself happens."""

    lose_answer = False

    async def append_together(self, writes: Sequence[Append]) -> list[int]:
        positions = await super().append_together(writes)
        if self.lose_answer:
            raise Unavailable("the answer was lost")
        return positions


class LossyRequests(Requests):
    """Loses the answer to a publish on demand, after the server has given it."""

    lose_answer = False

    async def ask(self, subject: str, payload: bytes, headers: bytes = b"") -> RawReply:
        reply = await super().ask(subject, payload, headers)
        if self.lose_answer and not subject.startswith("$JS"):
            raise Unavailable("the answer was lost")
        return reply


class Memory:
    """Opens an empty lossy store in memory; `loss` is where to switch the losing on."""

    after_loss = "unknown"

    def __init__(self, runner: asyncio.Runner) -> None:
        self.runner = runner

    def open(self) -> tuple[Any, Any, str]:
        store = LossyMemoryStore()
        return store, store, "t"

    def close(self) -> None:
        pass


class JetStream:
    """The same on streams of a real server, one for each example. A write without an answer is
    looked for: its stream has moved.
    """

    after_loss = "conflict"

    def __init__(self, runner: asyncio.Runner, url: str, admin_url: str, mark: str) -> None:
        self.runner, self.mark, self.count = runner, mark, 0
        self.app = runner.run(connect(url))
        self.admin = runner.run(connect(admin_url))
        self.requests = runner.run(LossyRequests(self.app).start())

    def open(self) -> tuple[Any, Any, str]:
        self.count += 1
        kind = f"t{self.mark}n{self.count}"
        stream = log_stream(
            kind.upper(), [f"{kind}.*"], message_bytes_max=256 * 1024, allow_atomic=True
        )
        self.runner.run(provision(self.admin, (stream,)))
        codec = Codec(AnyEvent, UPCASTERS)
        store = self.runner.run(open_store(self.requests, codec, stream=kind.upper()))
        return store, self.requests, kind

    def close(self) -> None:
        for n in range(1, self.count + 1):
            name = f"t{self.mark}n{n}".upper()
            self.runner.run(self.admin.jetstream().delete_stream(name))
        self.runner.run(self.app.close())
        self.runner.run(self.admin.close())


class StoreMachine(RuleBasedStateMachine):
    backend: Memory | JetStream

    @initialize()
    def begin(self) -> None:
        self.store, self.loss, self.kind = self.backend.open()
        self.log: list[tuple[str, str]] = []  # (stream, commit id) at position index + 1
        self.commits = 0

    def run(self, coroutine: Any) -> Any:
        return self.backend.runner.run(coroutine)

    def ends(self, stream: str) -> int:
        return max((n for n, (s, _) in enumerate(self.log, 1) if s == stream), default=0)

    def write(self, name: str, behind: int) -> Append:
        """A fresh commit that expects the end of its stream, or something up to 2 before it."""
        self.commits += 1
        stream = f"{self.kind}.{name}"
        return Append(stream, max(0, self.ends(stream) - behind), commit(f"c{self.commits}"))

    def fits(self, write: Append) -> bool:
        fresh = (write.stream, write.commit.id) not in self.log
        return fresh and write.expected == self.ends(write.stream)

    def outcome(self, writes: list[Append]) -> str:
        try:
            positions = self.run(self.store.append_together(writes))
        except Conflict:
            return "conflict"
        except Unavailable:
            return "unknown"
        start = len(self.log)
        assert positions == list(range(start + 1, start + 1 + len(writes)))
        return "written"

    def note(self, writes: list[Append]) -> None:
        self.log += [(write.stream, write.commit.id) for write in writes]

    @rule(
        names=st.lists(st.sampled_from(NAMES), min_size=1, unique=True),
        behind=st.sampled_from([0, 0, 0, 1, 2]),
    )
    def append(self, names: list[str], behind: int) -> None:
        writes = [self.write(names[0], behind), *(self.write(name, 0) for name in names[1:])]
        fit = all(map(self.fits, writes))
        assert self.outcome(writes) == ("written" if fit else "conflict")
        if fit:
            self.note(writes)

    @rule(name=st.sampled_from(NAMES), old=st.integers(0, 100), now=st.booleans())
    def append_again(self, name: str, old: int, *, now: bool) -> None:
        """A commit id that is in the log is refused, whatever the writer expects."""
        mine = [commit_id for stream, commit_id in self.log if stream == f"{self.kind}.{name}"]
        if mine:
            write = self.write(name, 0 if now else 1)
            again = Append(write.stream, write.expected, commit(mine[old % len(mine)]))
            assert self.outcome([again]) == "conflict"

    @rule(
        names=st.lists(st.sampled_from(NAMES), min_size=1, unique=True),
        behind=st.sampled_from([0, 0, 1]),
    )
    def append_and_lose_the_answer(self, names: list[str], behind: int) -> None:
        """Reading again tells whether it was written, and writing again never doubles it."""
        writes = [self.write(names[0], behind), *(self.write(name, 0) for name in names[1:])]
        fit = all(map(self.fits, writes))
        self.loss.lose_answer = True
        try:
            outcome = self.outcome(writes)
        finally:
            self.loss.lose_answer = False
        assert outcome == (self.backend.after_loss if fit else "conflict")
        if fit:
            self.note(writes)
            assert self.outcome(writes) == "conflict"
        self.load(names[0], after=0)

    @rule(name=st.sampled_from(NAMES), after=st.integers(0, 30))
    def load(self, name: str, after: int) -> None:
        stream = f"{self.kind}.{name}"
        expected = [
            (n, commit_id)
            for n, (s, commit_id) in enumerate(self.log, 1)
            if s == stream and n > after
        ]
        loaded = self.run(self.store.load(stream, after))
        assert [(recorded.position, recorded.commit.id) for recorded in loaded] == expected

    @rule(after=st.integers(0, 30))
    def read(self, after: int) -> None:
        async def all_behind() -> list[tuple[str, str]]:
            batches = self.store.read(after=min(after, len(self.log)))
            return [(r.stream, r.commit.id) async for batch in batches for r in batch]

        assert self.run(all_behind()) == self.log[after:]

    @invariant()
    def the_head_is_the_length_of_the_log(self) -> None:
        if hasattr(self, "log"):
            assert self.run(self.store.head()) == len(self.log)


@pytest.mark.parametrize("kind", ["memory", "jetstream"])
def test_store_behaves_like_a_dictionary(
    kind: str, nats_url: str, nats_admin_url: str, unique: str
) -> None:
    with asyncio.Runner() as runner:
        if kind == "memory":
            backend, examples = Memory(runner), 100
        else:
            backend, examples = JetStream(runner, nats_url, nats_admin_url, unique), 50
        machine = type("Machine", (StoreMachine,), {"backend": backend})
        try:
            run_state_machine_as_test(
                machine,
                settings=settings(
                    max_examples=examples,
                    stateful_step_count=30,
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            backend.close()
