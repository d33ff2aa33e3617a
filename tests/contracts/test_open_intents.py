"""What is to be sent, asked of the rows in memory and of those in PostgreSQL."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import NamedTuple

import pytest
from msgspec import structs

from adapters.storage.memory.outbox import MemoryIntents
from adapters.storage.postgres.outbox import PostgresIntents
from adapters.storage.postgres.pool import open_pool
from adapters.storage.postgres.rebuild import rebuild
from domain.incident import commands as c
from domain.notification import (
    LEDGER,
    Audience,
    Claim,
    LedgerCommand,
    RecordDelivery,
    RecordFailure,
    Resend,
    stream_of,
)
from domain.notification.channel import Era
from domain.policy import Severity
from handlers.kernel.ports import Unavailable
from handlers.kernel.transact import Ask, Meta
from handlers.notify.channels import OpenIntent, OpenIntents
from projections.outbox.deliveries import DELIVERIES
from projections.outbox.intents import INTENTS
from support.delivery_harness import NOON, Office
from support.examples import ALERT

ALICE, BOB, CAROL = (f"0197000{digit}-0000-7000-8000-000000000000" for digit in (1, 2, 3))
ENGINEERING, EXECUTIVES = Audience.ENGINEERING, Audience.EXECUTIVES
ALL = (Era(0, (ENGINEERING,), Severity.SEV4),)
LATER = NOON + timedelta(hours=1)


class Desk(NamedTuple):
    """An office, and open intents that follow its log when told to."""

    office: Office
    intents: OpenIntents
    catch_up: Callable[[], Awaitable[None]]

    async def pending(
        self, eras: tuple[Era, ...] = ALL, *, after: int = 0, channel: str = "ops", limit: int = 50
    ) -> list[OpenIntent]:
        await self.catch_up()
        page = await self.intents.pending(channel, eras, after, self.office.now, limit)
        return page.intents

    async def write(self, item: OpenIntent, command: LedgerCommand) -> None:
        command_id = self.office.new_id()
        meta = Meta(command_id=command_id, actor="test", correlation_id=command_id)
        ask = Ask(stream_of(item.intent.incident_id), LEDGER, command)
        await self.office.executor.transactor.transact(ask, meta)

    async def claim(self, item: OpenIntent, channel: str = "ops") -> None:
        intent = item.intent
        await self.write(
            item,
            Claim(
                intent_id=intent.id,
                channel=channel,
                audience=intent.audience,
                subject="[SEV3] INC-1",
                recorded_at=intent.recorded_at,
            ),
        )


@pytest.fixture(params=["memory", "postgres"])
async def desk(request: pytest.FixtureRequest, fresh_database: str) -> AsyncIterator[Desk]:
    office = Office()
    if request.param == "memory":
        rows = MemoryIntents(office.store)
        rows.live = False
        yield Desk(office, rows, rows.catch_up)
        return
    pool = await open_pool(fresh_database, size=2)
    try:
        yield Desk(
            office,
            PostgresIntents(pool),
            lambda: rebuild(fresh_database, office.store, [INTENTS, DELIVERIES]),
        )
    finally:
        await pool.close()


def incidents(found: list[OpenIntent]) -> list[str]:
    return [item.intent.incident_id for item in found]


async def test_all_that_is_open_comes_most_severe_first_then_oldest(desk: Desk) -> None:
    for incident, severity in ((ALICE, "SEV3"), (BOB, "SEV1"), (CAROL, "SEV3")):
        await desk.office.declare(incident, Severity(severity))
    found = await desk.pending()
    assert incidents(found) == [BOB, ALICE, CAROL]
    assert {item.ledger_position for item in found} == {0}
    assert incidents(await desk.pending(limit=2)) == [BOB, ALICE]


async def test_an_intent_comes_back_as_it_was_told(desk: Desk) -> None:
    await desk.office.declare(ALICE, Severity.SEV1)
    [item] = await desk.pending()
    reference = MemoryIntents(desk.office.store)
    await reference.catch_up()
    assert item.intent == reference.intents[item.intent.id]


async def test_eras_say_what_concerns_the_channel(desk: Desk) -> None:
    await desk.office.declare(ALICE, Severity.SEV3)
    first = await desk.office.store.head()
    await desk.office.declare(BOB, Severity.SEV3)
    second = await desk.office.store.head()
    await desk.office.declare(CAROL, Severity.SEV2)
    engineering = (ENGINEERING,)
    only_major = Era(0, engineering, Severity.SEV2)
    everything = Era(first, engineering, Severity.SEV4)
    nobody = Era(second, (Audience.CUSTOMERS,), Severity.SEV4)
    assert incidents(await desk.pending((only_major,))) == [CAROL]
    assert incidents(await desk.pending((only_major, everything))) == [CAROL, BOB]
    assert incidents(await desk.pending((only_major, everything, nobody))) == [BOB]
    assert incidents(await desk.pending((everything,))) == [CAROL, BOB]
    assert incidents(await desk.pending((everything,), after=second)) == [CAROL]


async def test_an_event_for_two_audiences_comes_once_as_the_preferred_one(desk: Desk) -> None:
    await desk.office.declare(ALICE, Severity.SEV1)
    [item] = await desk.pending((Era(0, (EXECUTIVES, ENGINEERING), Severity.SEV4),))
    assert item.intent.audience is EXECUTIVES
    await desk.claim(item)
    assert await desk.pending((Era(0, (EXECUTIVES, ENGINEERING), Severity.SEV4),)) == []


async def test_who_heard_of_a_severe_incident_hears_of_its_end(desk: Desk) -> None:
    await desk.office.declare(ALICE, Severity.SEV2)
    await desk.office.run(ALICE, c.ChangeSeverity(severity=Severity.SEV4, reason="one user"))
    await desk.office.run(ALICE, c.Resolve(resolution="rolled back"))
    found = await desk.pending((Era(0, (ENGINEERING,), Severity.SEV2),))
    assert {item.intent.kind for item in found} == {"declared", "severity_changed", "resolved"}


async def test_a_channel_for_some_services_hears_of_those_and_of_what_names_none(
    desk: Desk,
) -> None:
    await desk.office.declare(ALICE, services=("checkout", 'odd {"name"}, really'))
    await desk.office.declare(BOB, services=("search",))
    await desk.office.declare(CAROL)

    def of(*services: str) -> tuple[Era, ...]:
        return (Era(0, (ENGINEERING,), Severity.SEV4, services),)

    assert incidents(await desk.pending(of("checkout"))) == [ALICE, CAROL]
    assert incidents(await desk.pending(of("search", "mail"))) == [BOB, CAROL]
    assert incidents(await desk.pending(of('odd {"name"}, really'))) == [ALICE, CAROL]
    assert incidents(await desk.pending(of())) == [ALICE, BOB, CAROL]


async def test_who_was_told_of_an_incident_is_told_when_it_concerns_other_services(
    desk: Desk,
) -> None:
    page = c.ReceiveAlert(occurred_at=NOON, alert=structs.replace(ALERT, service="checkout"))
    await desk.office.run(ALICE, page)
    await desk.office.declare(ALICE, services=("search",))
    of_checkout = (Era(0, (ENGINEERING,), Severity.SEV4, ("checkout",)),)
    of_search = (Era(0, (ENGINEERING,), Severity.SEV4, ("search",)),)
    assert {it.intent.kind for it in await desk.pending(of_checkout)} == {"page", "declared"}
    assert {it.intent.kind for it in await desk.pending(of_search)} == {"declared"}


async def test_what_is_recorded_comes_again_only_when_it_is_due(desk: Desk) -> None:
    await desk.office.declare(ALICE)
    [item] = await desk.pending()
    key = {"intent_id": item.intent.id, "channel": "ops"}
    await desk.claim(item)
    assert await desk.pending() == []
    assert incidents(await desk.pending(channel="other")) == [ALICE]
    desk.office.pass_s(60)
    [lapsed] = await desk.pending()
    assert (lapsed.intent, lapsed.ledger_position) == (item.intent, 2)
    assert await desk.pending(after=99) == [lapsed], "wherever it is in the log"

    await desk.claim(item)
    retry_at = desk.office.now + timedelta(seconds=10)
    await desk.write(item, RecordFailure(**key, attempt=2, reason="500", retry_at=retry_at))
    assert await desk.pending() == []
    desk.office.pass_s(10)
    assert incidents(await desk.pending()) == [ALICE]

    await desk.claim(item)
    await desk.write(item, RecordDelivery(**key, attempt=3, receipt="200"))
    desk.office.pass_s(10 * 24 * 3600)
    assert await desk.pending() == []


async def test_a_dead_letter_comes_again_when_someone_asks(desk: Desk) -> None:
    await desk.office.declare(ALICE)
    [item] = await desk.pending()
    key = {"intent_id": item.intent.id, "channel": "ops"}
    await desk.claim(item)
    await desk.write(item, RecordFailure(**key, attempt=1, reason="410", retry_at=None))
    assert await desk.pending() == []
    await desk.write(item, Resend(**key))
    assert incidents(await desk.pending()) == [ALICE]


async def test_the_horizon_is_how_far_intents_have_come(desk: Desk) -> None:
    await desk.catch_up()
    empty = await desk.intents.pending("ops", ALL, 0, NOON, 10)
    assert (empty.intents, empty.horizon) == ([], 0)
    await desk.office.declare(ALICE)
    head = await desk.office.store.head()
    await desk.catch_up()
    assert (await desk.intents.pending("ops", ALL, head, NOON, 10)).horizon == head


async def test_without_tables_it_says_unavailable(fresh_database: str) -> None:
    pool = await open_pool(fresh_database, size=1)
    try:
        with pytest.raises(Unavailable, match="being built"):
            await PostgresIntents(pool).pending("ops", ALL, 0, NOON, 10)
    finally:
        await pool.close()


async def test_deliveries_can_be_listed(fresh_database: str) -> None:
    office = Office()
    rows = MemoryIntents(office.store)
    desk = Desk(office, rows, rows.catch_up)
    for incident in (ALICE, BOB):
        await office.declare(incident)
    alice, bob = await desk.pending()
    for item in (alice, bob):
        await desk.claim(item)
    dead = RecordFailure(
        intent_id=bob.intent.id, channel="ops", attempt=1, reason="HTTP 410", retry_at=None
    )
    await desk.write(bob, dead)
    await rebuild(fresh_database, office.store, [INTENTS, DELIVERIES])
    pool = await open_pool(fresh_database, size=1)
    try:
        intents = PostgresIntents(pool)
        await rows.catch_up()
        everything = await intents.deliveries()
        assert everything == sorted(rows.deliveries.values(), key=lambda it: -it.position)
        assert [it.incident_id for it in await intents.deliveries(status="dead")] == [BOB]
        assert [it.status for it in await intents.deliveries(incident_id=ALICE)] == ["attempting"]
    finally:
        await pool.close()
