"""Teams are told once a working day what stands in their backlog, by however many instances."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from itertools import count
from typing import Any

import pytest
from msgspec.structs import replace

from adapters.storage.memory.event_store import MemoryEventStore
from domain.backlog.team_digest import BacklogDigested
from domain.policy import DEFAULT, Severity
from domain.policy.reach import Reach
from handlers.kernel.transact import Transactor
from handlers.processes.backlog_keeper import BacklogKeeper
from projections.incident.backlog import IN_BACKLOG, BacklogItem, BacklogPage
from projections.incident.due import DUE_OF, DueOf
from support.answers import Answers

FRIDAY = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
HOURS = replace(DEFAULT.business_hours, standup=time(9, 30))
POLICY = replace(DEFAULT, business_hours=HOURS, owners={"checkout": "Payments"})


def item(number: int, *owners: str) -> BacklogItem:
    return BacklogItem(
        id=f"i-{number}",
        reference=f"INC-{number}",
        title="A label is cut off",
        severity=Severity.SEV4,
        status="investigating",
        acknowledged=False,
        services=(),
        owners=owners,
        commander=None,
        since=FRIDAY - timedelta(days=number),
    )


def due_of(id_: str) -> DueOf:
    return DueOf(
        id=id_,
        mark="update.due",
        reference="INC-1",
        title="t",
        severity=Severity.SEV4,
        status="investigating",
        rule="update.due",  # type: ignore[arg-type]
        due_at=FRIDAY,
        since=FRIDAY,
        what="the next status update is posted",
        policy_version="1",
        about=None,
        audience=None,
    )


class Office:
    """A log, and instances that look after the backlog."""

    def __init__(self) -> None:
        self.now = FRIDAY - timedelta(minutes=1)
        self.items: list[BacklogItem] = []
        self.store, self.ids = MemoryEventStore(), count(1)

    def keeper(self, reach: Reach | None = None, policy: Any = POLICY) -> BacklogKeeper:
        transactor = Transactor(self.store, self.clock, policy)
        transactor.reach = reach
        answers: Any = Answers({IN_BACKLOG: self._standing, DUE_OF: self._due})
        new_id: Callable[[], str] = lambda: f"k-{next(self.ids)}"  # noqa: E731
        return BacklogKeeper(self.store, answers, transactor, policy, self.clock, new_id)

    def clock(self) -> datetime:
        return self.now

    async def _standing(self, asked: BacklogPage) -> list[Any]:
        place = (asked.first, asked.second, asked.third)
        behind = [it for it in self.items if (it.severity.value, it.since, it.id) > place]
        return behind[: asked.limit]

    async def _due(self, _: Any) -> list[Any]:
        return [due_of(each.id) for each in self.items]

    async def digests(self) -> list[BacklogDigested]:
        return [
            event
            async for batch in self.store.read()
            for recorded in batch
            for event in recorded.commit.events
            if isinstance(event, BacklogDigested)
        ]


@pytest.fixture
def office() -> Office:
    return Office()


async def test_each_team_is_told_once_at_the_standup_by_however_many_instances(
    office: Office,
) -> None:
    office.items = [item(1, "Payments"), item(2), item(3, "Payments", "Search")]
    one, other = office.keeper(), office.keeper()
    assert await one.report() == 0
    office.now = FRIDAY
    assert [await each.report() for each in (one, other, one, office.keeper())] == [3, 0, 0, 0]
    found = {
        made.owner: [each.reference for each in made.entries] for made in await office.digests()
    }
    assert found == {"Payments": ["INC-1", "INC-3"], None: ["INC-2"], "Search": ["INC-3"]}
    (made, *_) = await office.digests()
    assert made.entries[0].due == "the next status update is posted"


async def test_a_team_whose_incidents_stand_behind_a_thousand_others_is_told_of_all(
    office: Office,
) -> None:
    thousands = [item(number, "Search") for number in range(3_000, 999, -1)]
    office.items = [*thousands, item(7, "Payments"), item(5, "Payments")]
    office.now = FRIDAY
    assert await office.keeper().report() == 2
    counts = {made.owner: made.count for made in await office.digests()}
    assert counts == {"Search": 2_001, "Payments": 2}


@pytest.mark.parametrize(
    ("now", "made"),
    [
        (FRIDAY + timedelta(minutes=59), 1),
        (FRIDAY + timedelta(minutes=61), 0),
        (FRIDAY + timedelta(days=1), 0),
        (FRIDAY + timedelta(days=3), 1),
    ],
)
async def test_what_was_missed_lapses_after_an_hour_and_weekends_have_none(
    office: Office, now: datetime, made: int
) -> None:
    office.items, office.now = [item(1)], now
    assert await office.keeper().report() == made


async def test_the_next_working_day_has_another(office: Office) -> None:
    office.items, office.now = [item(1)], FRIDAY
    keeper = office.keeper()
    assert await keeper.report() == 1
    office.now += timedelta(days=3)
    assert await keeper.report() == 1


async def test_nothing_is_on_record_where_no_channel_would_tell_it_or_the_policy_wants_none(
    office: Office,
) -> None:
    office.items, office.now = [item(1)], FRIDAY
    assert await office.keeper(Reach(())).report() == 0
    assert await office.keeper(policy=replace(POLICY, backlog_to=())).report() == 0
    assert await office.digests() == []


async def test_an_empty_backlog_is_no_news(office: Office) -> None:
    office.now = FRIDAY
    assert await office.keeper().report() == 0
