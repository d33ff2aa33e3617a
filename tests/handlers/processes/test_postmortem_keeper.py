"""Post-mortems are opened for incidents that ask for one, by however many instances."""

from datetime import timedelta
from typing import Any

from adapters.storage.memory.event_store import MemoryEventStore, MemoryReferences
from domain.incident import INCIDENT, Command
from domain.incident import commands as c
from domain.learning import POSTMORTEM
from domain.learning.postmortem.dossier import Postmortem
from domain.policy import DEFAULT, Severity
from handlers.kernel.asks import Meta
from handlers.kernel.executor import Executor
from handlers.processes.postmortem_keeper import AGAIN_AFTER, LAPSES_AFTER, PostmortemKeeper
from projections.learning.postmortems import ASKED_FOR, AskedFor, DueSince
from support.answers import Answers
from support.spec import NOON

FIRST, SECOND = (f"01970001-0000-7000-8000-00000000000{n}" for n in (1, 2))


class Desk:
    """A log with incidents, and instances that look after their post-mortems."""

    def __init__(self) -> None:
        self.now = NOON
        self.store = MemoryEventStore()
        self.asked: list[AskedFor] = []
        self.looked: list[DueSince] = []
        self.executor = Executor(self.store, MemoryReferences(), lambda: self.now, DEFAULT)

    def keeper(self) -> PostmortemKeeper:
        answers: Any = Answers({ASKED_FOR: self._asked})
        return PostmortemKeeper(self.executor, answers, lambda: self.now)

    async def _asked(self, given: DueSince) -> list[AskedFor]:
        self.looked.append(given)
        return self.asked

    async def run(self, incident_id: str, command: Command, key: str) -> None:
        meta = Meta(command_id=key, actor="ada", correlation_id=key)
        await self.executor.run(INCIDENT, incident_id, command, meta)

    def asks(self, incident_id: str, hours: float = 48, postmortem: str | None = None) -> None:
        due_at = self.now + timedelta(hours=hours)
        self.asked.append(
            AskedFor(incident_id=incident_id, due_at=due_at, position=7, postmortem=postmortem)
        )

    async def opened(self, incident_id: str) -> tuple[str, Postmortem]:
        id_ = await self.executor.derived(
            POSTMORTEM, POSTMORTEM.commands["open"](incident=incident_id), None
        )
        assert id_ is not None
        return id_, await self.executor.state(POSTMORTEM, id_)


def declare(title: str) -> c.Declare:
    return c.Declare(title=title, severity=Severity.SEV2)


async def test_two_instances_open_one_and_its_id_is_that_which_people_get():
    desk = Desk()
    await desk.run(FIRST, declare("Payments fail"), "k-1")
    desk.asks(FIRST)
    assert [await each.open_due() for each in (desk.keeper(), desk.keeper())] == [1, 0]
    id_, pm = await desk.opened(FIRST)
    assert (pm.number, pm.title, pm.incident_reference) == (1, "Payments fail", "INC-1")
    assert len(await desk.store.load(POSTMORTEM.stream(id_))) == 1


async def test_what_was_due_long_ago_is_not_asked_about():
    desk = Desk()
    await desk.keeper().open_due()
    assert [each.since for each in desk.looked] == [NOON - LAPSES_AFTER]


async def test_what_is_asked_for_again_is_due_anew():
    desk = Desk()
    await desk.run(FIRST, declare("Payments fail"), "k-1")
    desk.asks(FIRST)
    await desk.keeper().open_due()
    id_, _ = await desk.opened(FIRST)
    desk.asked = []
    desk.asks(FIRST, hours=96, postmortem=id_)
    assert await desk.keeper().open_due() == 1
    assert (await desk.opened(FIRST))[1].due_at == NOON + timedelta(hours=96)


async def test_one_that_cannot_be_opened_stops_no_other_and_is_tried_again_later():
    desk = Desk()
    await desk.run(FIRST, declare("Payments fail"), "k-1")
    await desk.run(SECOND, declare("The same"), "k-2")
    await desk.run(SECOND, c.Merge(into=FIRST), "k-3")
    desk.asks(SECOND)
    desk.asks(FIRST)
    keeper = desk.keeper()
    assert await keeper.open_due() == 1
    before = await desk.store.head()
    await desk.run(SECOND, c.Unmerge(reason="two after all"), "k-4")
    assert await keeper.open_due() == 0, "it is not asked each second"
    desk.now = NOON + AGAIN_AFTER + timedelta(seconds=1)
    assert await keeper.open_due() == 1
    assert await desk.store.head() > before
