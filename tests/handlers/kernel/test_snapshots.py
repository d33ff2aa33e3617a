"""After a restart, long histories go on from snapshots, and nothing else is other for it."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.storage.memory.event_store import MemoryEventStore, MemoryReferences
from adapters.storage.memory.snapshots import MemorySnapshots
from domain.alerting import HEARTBEAT
from domain.alerting.heartbeat import Beat, Watch
from domain.incident import INCIDENT
from domain.incident import commands as c
from domain.kernel.commit import Recorded
from domain.kernel.refusal import Refused
from domain.policy import DEFAULT, Severity
from handlers.kernel.asks import Meta, Outcome
from handlers.kernel.executor import Executor
from handlers.kernel.snapshots import EVERY, SHORT
from handlers.processes.histories import Histories, ProcessSubject
from handlers.projecting.folder import Folder
from handlers.projecting.projector import recall
from projections.projection import Projection
from projections.registry import ALL
from support.spec import at
from support.worlds import IDS, WORLDS, written

ID = IDS[0]
STREAM = INCIDENT.stream(ID)
LONG = 2 * EVERY
KEPT = [part for each in ALL for part in each.parts if part.snapshot is not None]


class Counted(MemoryEventStore):
    """A log that knows how many commits were read from it."""

    def __init__(self) -> None:
        super().__init__()
        self.read_commits = 0
        self.asked_whether_short = 0

    async def load(self, stream: str, after: int = 0) -> list[Recorded[Any]]:
        found = await super().load(stream, after)
        self.read_commits += len(found)
        return found

    async def load_short(self, stream: str, most: int) -> list[Recorded[Any]] | None:
        self.asked_whether_short += 1
        if len(self._streams.get(stream, ())) > most:
            return None
        return await self.load(stream)


class Site:
    """A log with snapshots, and services that start over it again and again."""

    def __init__(self) -> None:
        self.store = Counted()
        self.snapshots = MemorySnapshots()
        self.start()

    def start(self) -> None:
        """Nothing is remembered any more."""
        self.executor = Executor(
            self.store, MemoryReferences(), lambda: at(5), DEFAULT, snapshots=self.snapshots
        )
        self.histories = Histories(self.store, DEFAULT, self.snapshots)
        self.store.read_commits = self.store.asked_whether_short = 0

    async def run(self, key: str, command: Any = None) -> Outcome[Any]:
        meta = Meta(command_id=key, actor="ada", correlation_id=key)
        return await self.executor.run(INCIDENT, ID, command or c.AddNote(text=key), meta)

    async def grow(self, commits: int) -> None:
        await self.run("first", c.Declare(title="it is slow"))
        for n in range(1, commits):
            await self.run(f"note {n}")

    async def history(self) -> Any:
        assert INCIDENT.deadlines is not None
        return await self.histories.look(ProcessSubject(INCIDENT, INCIDENT.deadlines, ID))


@pytest.fixture
async def site() -> Site:
    found = Site()
    await found.grow(LONG + 3)
    return found


async def folded(site: Site) -> Any:
    return INCIDENT.fold(
        INCIDENT.initial, [e for r in await site.store.load(STREAM) for e in r.commit.events], "ada"
    )


async def test_the_first_command_after_a_restart_reads_what_is_behind_the_snapshot(site) -> None:
    site.start()
    outcome = await site.run("after it")
    assert outcome.outcome == "decided"
    assert site.store.read_commits <= EVERY
    assert site.store.asked_whether_short == 0, "a history with a snapshot is long"
    assert outcome.state == await folded(site)


async def test_short_histories_have_no_snapshot() -> None:
    site = Site()
    await site.grow(SHORT)
    assert site.snapshots.kept == {}
    site.start()
    assert (await site.run("after it")).state == await folded(site)


async def test_a_command_of_before_the_snapshot_is_known_when_it_is_repeated(site) -> None:
    site.start()
    repeated = await site.run("note 7")
    assert (repeated.outcome, repeated.position) == ("repeated", 8)
    with pytest.raises(Refused) as refused:
        await site.run("note 9", c.AddNote(text="another one"))
    assert refused.value.code == "idempotency.key_reused"


async def test_a_snapshot_after_a_restart_knows_the_commands_of_before_too(site) -> None:
    site.start()
    for n in range(EVERY):
        await site.run(f"later {n}")
    site.start()
    await site.run("after it")
    assert site.store.read_commits <= EVERY
    assert (await site.run("note 7")).outcome == "repeated"
    assert (await site.run("later 7")).outcome == "repeated"


async def test_processes_go_on_from_a_snapshot(site) -> None:
    whole = (await site.history()).history
    site.start()
    assert (await site.history()).history == whole
    assert site.store.read_commits <= EVERY
    assert len([kind for kind, _ in site.snapshots.kept if kind.startswith("deadlines")]) == 1


async def test_with_another_policy_histories_are_folded_again(site) -> None:
    await site.history()
    site.start()
    other = msgspec.structs.replace(DEFAULT, live_within_s=1)
    site.histories = Histories(site.store, other, site.snapshots)
    await site.history()
    assert site.store.read_commits > LONG


@pytest.mark.parametrize("projection", KEPT, ids=lambda each: each.name)
async def test_read_models_go_on_from_a_snapshot(site, projection: Projection[Any]) -> None:
    head = await site.store.head()

    async def state() -> Any:
        kept = Folder(projection, snapshots=site.snapshots).kept
        return (await recall(site.store, projection, [ID], head, kept))[ID]

    whole = await state()
    site.start()
    assert await state() == whole == (await recall(site.store, projection, [ID], head))[ID]
    assert site.store.read_commits <= LONG + 3 + EVERY  # the last of which without snapshots


async def test_a_read_model_that_lies_behind_the_snapshot_folds_from_the_beginning(site) -> None:
    projection = KEPT[0]
    kept = Folder(projection, snapshots=site.snapshots).kept
    await recall(site.store, projection, [ID], await site.store.head(), kept)
    behind = (await recall(site.store, projection, [ID], 50, kept))[ID]
    assert behind.position == 50


async def test_what_a_live_read_model_folds_is_kept(site) -> None:
    projection = KEPT[0]
    folder = Folder(projection, snapshots=site.snapshots)
    history = await site.store.load(STREAM)
    for recorded in history[: EVERY + 1]:
        ours = folder.select([recorded])
        folder.fold(ours)
        folder.keep_long(ours)
    [(_, snapshot)] = [
        each for each in site.snapshots.kept.items() if each[0][0].startswith("projection")
    ]
    assert snapshot.position == history[EVERY - 1].position


def put_back(site: Site, history: Sequence[Recorded[Any]]) -> None:
    """The log is another one, with these commits on the stream."""
    site.store._log, site.store._streams = list(history), {STREAM: list(history)}


async def test_a_log_that_has_lost_what_the_snapshot_shows_is_folded(site) -> None:
    put_back(site, (await site.store.load(STREAM))[:100])
    site.start()
    assert (await site.run("after it")).state == await folded(site)
    assert (await site.history()).history.incident == await folded(site)


async def test_a_log_with_something_else_in_its_place_is_folded(site) -> None:
    history = await site.store.load(STREAM)
    put_back(
        site,
        [
            msgspec.structs.replace(
                each, commit=msgspec.structs.replace(each.commit, recorded_at=at(6))
            )
            for each in history
        ],
    )
    site.start()
    await site.run("after it")
    assert site.store.read_commits > LONG


async def test_a_snapshot_that_cannot_be_read_counts_for_nothing(site) -> None:
    for key, snapshot in site.snapshots.kept.items():
        site.snapshots.kept[key] = msgspec.structs.replace(snapshot, state=b"\xc1")
    site.start()
    assert (await site.run("after it")).state == await folded(site)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(world=WORLDS, cut=st.floats(0, 1))
async def test_any_state_is_what_it_was_and_goes_on_as_it_would_have(world: Any, cut: float):
    """Whatever an incident has come to: its snapshot is the same state, and so is what follows."""
    store = await written(world)
    assert INCIDENT.deadlines is not None
    deadlines, evolve = INCIDENT.deadlines, INCIDENT.decider.evolve
    ways: list[tuple[Any, Any, Any]] = [
        (INCIDENT.snapshot, INCIDENT.initial, lambda s, r: INCIDENT.follow(s, r.commit)),
        (
            deadlines.snapshot,
            deadlines.initial,
            lambda s, r: deadlines.follow(s, r, DEFAULT, evolve),
        ),
        *((each.snapshot, each.initial, each.evolve) for each in KEPT[:1]),
    ]
    for id_ in IDS:
        history = await store.load(INCIDENT.stream(id_))
        for shape, initial, follow in ways:
            state = kept = initial
            for number, recorded in enumerate(history):
                state, kept = follow(state, recorded), follow(kept, recorded)
                if number == int(cut * len(history)):
                    kept = msgspec.msgpack.decode(msgspec.msgpack.encode(kept), type=shape)
            assert kept == state
            assert repr(kept) == repr(state), "enumerations are some, and tuples"


async def test_a_heartbeat_goes_on_from_a_snapshot_however_often_it_has_beaten() -> None:
    site, ids = Site(), count()

    async def run(command: Any) -> Outcome[Any]:
        meta = Meta(command_id=f"{next(ids)}", actor="intake", correlation_id="beats")
        return await site.executor.run(HEARTBEAT, "prod", command, meta)

    await run(Watch(name="prod", silence_s=60, severity=Severity.SEV1))
    for seconds in range(0, 5 * LONG, 5):
        await run(Beat(at=at(0) + timedelta(seconds=seconds)))
    assert HEARTBEAT.deadlines is not None
    subject = ProcessSubject(HEARTBEAT, HEARTBEAT.deadlines, "prod")
    state = await site.executor.state(HEARTBEAT, "prod")
    history = (await site.histories.look(subject)).history
    site.start()
    assert await site.executor.state(HEARTBEAT, "prod") == state
    assert site.store.read_commits <= EVERY
    site.start()
    assert (await site.histories.look(subject)).history == history
    assert site.store.read_commits <= EVERY
