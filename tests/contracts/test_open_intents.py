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
from domain.access import ACCESS, REGISTER
from domain.access.tokens import TakeEmergency
from domain.incident import commands as c
from domain.incident.commands import PrivateTo
from domain.kernel.aggregate import AnyAggregate
from domain.kernel.commit import Commit, Event
from domain.learning import ACTION_ITEM, POSTMORTEM
from domain.learning.action_item.events import ActionItemAdded, ActionItemDueSoon, IssueWanted
from domain.learning.action_item.samples import SAMPLES as ITEM_SAMPLES
from domain.learning.postmortem.events import PostmortemOpened
from domain.learning.postmortem.samples import SAMPLES as PM_SAMPLES
from domain.notification import (
    LEDGER,
    Audience,
    Claim,
    LedgerCommand,
    RecordDelivery,
    RecordFailure,
    Resend,
)
from domain.notification.channel import Era
from domain.policy import Severity
from domain.policy.reach import Reach, Subscription
from domain.sight import SERVICE, Sight
from handlers.kernel.asks import Ask, Meta
from handlers.kernel.ports import Append, Unavailable
from handlers.notify.channels import OpenIntent, OpenIntents
from projections.outbox.deliveries import DELIVERIES, Delivery
from projections.outbox.intents import INTENTS
from support.delivery_harness import NOON, DeliveryHarness
from support.examples import ALERT

ALICE, BOB, CAROL = (f"0197000{digit}-0000-7000-8000-000000000000" for digit in (1, 2, 3))
ENGINEERING, EXECUTIVES = Audience.ENGINEERING, Audience.EXECUTIVES
ALL = (Era(0, (ENGINEERING,), Severity.SEV4),)
P1 = structs.replace(ALERT, priority="P1")
LATER = NOON + timedelta(hours=1)


class Setup(NamedTuple):
    """A harness, and open intents that follow its log when told to."""

    harness: DeliveryHarness
    intents: OpenIntents
    catch_up: Callable[[], Awaitable[None]]

    async def pending(
        self, eras: tuple[Era, ...] = ALL, *, after: int = 0, channel: str = "ops", limit: int = 50
    ) -> list[OpenIntent]:
        await self.catch_up()
        page = await self.intents.pending(channel, eras, after, self.harness.now, limit)
        return page.intents

    async def write(self, item: OpenIntent, command: LedgerCommand) -> None:
        command_id = self.harness.new_id()
        meta = Meta(command_id=command_id, actor="test", correlation_id=command_id)
        ask = Ask(LEDGER.stream(item.intent.key), LEDGER, command)
        await self.harness.executor.transactor.transact(ask, meta)

    async def take_rights(self, name: str, reach: Reach) -> None:
        command_id = self.harness.new_id()
        meta = Meta(command_id=command_id, actor=name, correlation_id=command_id)
        self.harness.executor.transactor.reach = reach
        ask = Ask(ACCESS.stream(REGISTER), ACCESS, TakeEmergency(name=name, reason="nobody is up"))
        await self.harness.executor.transactor.transact(ask, meta)

    async def record(self, aggregate: AnyAggregate, id_: str, *events: Event) -> None:
        """Put the first commit of one into the log."""
        commit = Commit(
            id=self.harness.new_id(),
            actor="ada",
            correlation_id="x",
            recorded_at=self.harness.now,
            events=events,
        )
        await self.harness.store.append(Append(aggregate.stream(id_), 0, commit))

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
async def setup(request: pytest.FixtureRequest, fresh_database: str) -> AsyncIterator[Setup]:
    harness = DeliveryHarness()
    if request.param == "memory":
        rows = MemoryIntents(harness.store)
        rows.live = False
        yield Setup(harness, rows, rows.catch_up)
        return
    pool = await open_pool(fresh_database, size=2)
    try:
        yield Setup(
            harness,
            PostgresIntents(pool),
            lambda: rebuild(fresh_database, harness.store, [INTENTS, DELIVERIES]),
        )
    finally:
        await pool.close()


def incidents(found: list[OpenIntent]) -> list[str]:
    return [item.intent.subject.id for item in found]


async def test_all_that_is_open_comes_most_severe_first_then_oldest(setup: Setup) -> None:
    for incident, severity in ((ALICE, "SEV3"), (BOB, "SEV1"), (CAROL, "SEV3")):
        await setup.harness.declare(incident, Severity(severity))
    found = await setup.pending()
    assert incidents(found) == [BOB, ALICE, CAROL]
    assert {item.ledger_position for item in found} == {0}
    assert incidents(await setup.pending(limit=2)) == [BOB, ALICE]


async def test_whoever_has_opened_many_holds_up_nobody_who_has_opened_one(setup: Setup) -> None:
    """Of the same severity alone: what is more severe goes first, whoever has opened it."""
    flood = [f"0197000{digit}-0000-7000-8000-000000000001" for digit in range(1, 6)]
    for incident in flood:
        await setup.harness.declare(incident, Severity.SEV1)
    await setup.harness.run(ALICE, c.ReceiveAlert(occurred_at=NOON, alert=P1))
    await setup.harness.run(BOB, c.Declare(title="x", severity=Severity.SEV2), actor="grace")
    assert incidents(await setup.pending()) == [flood[0], ALICE, *flood[1:], BOB]
    assert incidents(await setup.pending(limit=2)) == [flood[0], ALICE]


async def test_an_intent_comes_back_as_it_was_told(setup: Setup) -> None:
    await setup.harness.declare(ALICE, Severity.SEV1)
    [item] = await setup.pending()
    reference = MemoryIntents(setup.harness.store)
    await reference.catch_up()
    assert item.intent == reference.intents[item.intent.id]


async def test_eras_say_what_concerns_the_channel(setup: Setup) -> None:
    await setup.harness.declare(ALICE, Severity.SEV3)
    first = await setup.harness.store.head()
    await setup.harness.declare(BOB, Severity.SEV3)
    second = await setup.harness.store.head()
    await setup.harness.declare(CAROL, Severity.SEV2)
    engineering = (ENGINEERING,)
    only_major = Era(0, engineering, Severity.SEV2)
    everything = Era(first, engineering, Severity.SEV4)
    nobody = Era(second, (Audience.CUSTOMERS,), Severity.SEV4)
    assert incidents(await setup.pending((only_major,))) == [CAROL]
    assert incidents(await setup.pending((only_major, everything))) == [CAROL, BOB]
    assert incidents(await setup.pending((only_major, everything, nobody))) == [BOB]
    assert incidents(await setup.pending((everything,))) == [CAROL, BOB]
    assert incidents(await setup.pending((everything,), after=second)) == [CAROL]


async def test_an_event_for_two_audiences_comes_once_as_the_preferred_one(setup: Setup) -> None:
    await setup.harness.declare(ALICE, Severity.SEV1)
    [item] = await setup.pending((Era(0, (EXECUTIVES, ENGINEERING), Severity.SEV4),))
    assert item.intent.audience is EXECUTIVES
    await setup.claim(item)
    assert await setup.pending((Era(0, (EXECUTIVES, ENGINEERING), Severity.SEV4),)) == []


async def test_who_heard_of_a_severe_incident_hears_of_its_end(setup: Setup) -> None:
    await setup.harness.declare(ALICE, Severity.SEV2)
    await setup.harness.run(ALICE, c.ChangeSeverity(severity=Severity.SEV4, reason="one user"))
    await setup.harness.run(ALICE, c.Resolve(resolution="rolled back"))
    found = await setup.pending((Era(0, (ENGINEERING,), Severity.SEV2),))
    assert {item.intent.kind for item in found} == {"declared", "severity_changed", "resolved"}


async def test_a_channel_for_some_services_hears_of_those_and_of_what_names_none(
    setup: Setup,
) -> None:
    await setup.harness.declare(ALICE, services=("checkout", 'odd {"name"}, really'))
    await setup.harness.declare(BOB, services=("search",))
    await setup.harness.declare(CAROL)

    def of(*services: str) -> tuple[Era, ...]:
        return (Era(0, (ENGINEERING,), Severity.SEV4, services),)

    assert incidents(await setup.pending(of("checkout"))) == [ALICE, CAROL]
    assert incidents(await setup.pending(of("search", "mail"))) == [BOB, CAROL]
    assert incidents(await setup.pending(of('odd {"name"}, really'))) == [ALICE, CAROL]
    assert incidents(await setup.pending(of())) == [ALICE, BOB, CAROL]


async def test_who_was_told_of_an_incident_is_told_when_it_concerns_other_services(
    setup: Setup,
) -> None:
    page = c.ReceiveAlert(occurred_at=NOON, alert=structs.replace(ALERT, service="checkout"))
    await setup.harness.run(ALICE, page)
    await setup.harness.declare(ALICE, services=("search",))
    of_checkout = (Era(0, (ENGINEERING,), Severity.SEV4, ("checkout",)),)
    of_search = (Era(0, (ENGINEERING,), Severity.SEV4, ("search",)),)
    assert {it.intent.kind for it in await setup.pending(of_checkout)} == {"page", "declared"}
    assert {it.intent.kind for it in await setup.pending(of_search)} == {"declared"}


async def test_what_is_recorded_comes_again_only_when_it_is_due(setup: Setup) -> None:
    await setup.harness.declare(ALICE)
    [item] = await setup.pending()
    key = {"intent_id": item.intent.id, "channel": "ops"}
    await setup.claim(item)
    assert await setup.pending() == []
    assert incidents(await setup.pending(channel="other")) == [ALICE]
    setup.harness.pass_s(60)
    [lapsed] = await setup.pending()
    assert (lapsed.intent, lapsed.ledger_position) == (item.intent, 2)
    assert await setup.pending(after=99) == [lapsed], "wherever it is in the log"

    await setup.claim(item)
    retry_at = setup.harness.now + timedelta(seconds=10)
    await setup.write(item, RecordFailure(**key, attempt=2, reason="500", retry_at=retry_at))
    assert await setup.pending() == []
    setup.harness.pass_s(10)
    assert incidents(await setup.pending()) == [ALICE]

    await setup.claim(item)
    await setup.write(item, RecordDelivery(**key, attempt=3, receipt="200"))
    setup.harness.pass_s(10 * 24 * 3600)
    assert await setup.pending() == []


async def test_a_dead_letter_comes_again_when_someone_asks(setup: Setup) -> None:
    await setup.harness.declare(ALICE)
    [item] = await setup.pending()
    key = {"intent_id": item.intent.id, "channel": "ops"}
    await setup.claim(item)
    await setup.write(item, RecordFailure(**key, attempt=1, reason="410", retry_at=None))
    assert await setup.pending() == []
    await setup.write(item, Resend(**key))
    assert incidents(await setup.pending()) == [ALICE]


async def private(setup: Setup, incident: str, *people: str) -> None:
    only = PrivateTo(people=people) if people else None
    await setup.harness.run(incident, c.SetVisibility(private=only), actor="ada")


def read_by(*people: str) -> tuple[Era, ...]:
    readers = Sight(people=people) if people else None
    return (Era(0, (ENGINEERING,), Severity.SEV4, private=readers),)


async def test_what_is_private_goes_where_all_who_read_may_see_it(setup: Setup) -> None:
    """As it stands when it is sent, also what is tried again."""
    for incident in (ALICE, BOB):
        await setup.harness.declare(incident)
    [first, _] = await setup.pending()
    await setup.claim(first)
    key = {"intent_id": first.intent.id, "channel": "ops"}
    again = setup.harness.now
    await setup.write(first, RecordFailure(**key, attempt=1, reason="503", retry_at=again))
    await private(setup, ALICE, "ada", "grace")
    assert incidents(await setup.pending(ALL)) == [BOB]
    assert incidents(await setup.pending(read_by("ada"))) == [ALICE, BOB]
    assert incidents(await setup.pending(read_by("ada", "grace"))) == [ALICE, BOB]
    assert incidents(await setup.pending(read_by("grace", "mallory"))) == [BOB]
    await private(setup, ALICE)
    assert incidents(await setup.pending(ALL)) == [ALICE, BOB]


async def test_so_does_what_is_part_of_it(setup: Setup) -> None:
    """Reminders of action items: of the incident's own, and of its post-mortem's."""
    await setup.harness.declare(ALICE)
    await private(setup, ALICE, "ada")
    pm, of_pm, of_incident, of_bob = (f"{BOB[:-1]}{place}" for place in range(1, 5))
    added, due_soon = (
        next(each for each in ITEM_SAMPLES.events if isinstance(each, kind))
        for kind in (ActionItemAdded, ActionItemDueSoon)
    )
    opened = next(each for each in PM_SAMPLES.events if isinstance(each, PostmortemOpened))
    await setup.record(POSTMORTEM, pm, structs.replace(opened, incident=ALICE))
    for id_, whole in ((of_pm, pm), (of_incident, ALICE), (of_bob, BOB)):
        origin = structs.replace(added.origin, id=whole)
        await setup.record(ACTION_ITEM, id_, structs.replace(added, origin=origin), due_soon)
    assert incidents(await setup.pending(ALL)) == [of_bob]
    seen = [ALICE, of_pm, of_incident, of_bob]
    assert sorted(incidents(await setup.pending(read_by("ada")))) == sorted(seen)


async def test_a_tracker_is_told_of_what_is_private_where_all_who_read_it_may_see_it(
    setup: Setup,
) -> None:
    """Of what becomes private nothing goes out that had not gone, until it is public again."""
    await setup.harness.declare(ALICE)
    added = next(each for each in ITEM_SAMPLES.events if isinstance(each, ActionItemAdded))
    added = structs.replace(added, origin=structs.replace(added.origin, id=ALICE))
    wanted = IssueWanted(occurred_at=setup.harness.now, channel="github")
    await setup.record(ACTION_ITEM, BOB, added, wanted)

    async def told(*readers: str) -> list[str]:
        [era] = read_by(*readers)
        era = structs.replace(era, addressed="github")
        return incidents(await setup.pending((era,), channel="github"))

    assert await told() == [BOB]
    await private(setup, ALICE, "ada")
    assert (await told(), await told("grace"), await told("ada")) == ([], [], [BOB])
    await private(setup, ALICE)
    assert await told() == [BOB]


async def test_the_horizon_is_how_far_intents_have_come(setup: Setup) -> None:
    await setup.catch_up()
    empty = await setup.intents.pending("ops", ALL, 0, NOON, 10)
    assert (empty.intents, empty.horizon) == ([], 0)
    await setup.harness.declare(ALICE)
    head = await setup.harness.store.head()
    await setup.catch_up()
    assert (await setup.intents.pending("ops", ALL, head, NOON, 10)).horizon == head


async def test_without_tables_it_says_unavailable(fresh_database: str) -> None:
    pool = await open_pool(fresh_database, size=1)
    try:
        with pytest.raises(Unavailable, match="being built"):
            await PostgresIntents(pool).pending("ops", ALL, 0, NOON, 10)
    finally:
        await pool.close()


async def test_deliveries_can_be_listed(fresh_database: str) -> None:
    harness = DeliveryHarness()
    rows = MemoryIntents(harness.store)
    setup = Setup(harness, rows, rows.catch_up)
    for incident in (ALICE, BOB):
        await harness.declare(incident)
    alice, bob = await setup.pending()
    for item in (alice, bob):
        await setup.claim(item)
    dead = RecordFailure(
        intent_id=bob.intent.id, channel="ops", attempt=1, reason="HTTP 410", retry_at=None
    )
    await setup.write(bob, dead)
    await rebuild(fresh_database, harness.store, [INTENTS, DELIVERIES])
    pool = await open_pool(fresh_database, size=1)
    try:
        intents = PostgresIntents(pool)
        await rows.catch_up()
        everything = await intents.deliveries(SERVICE)
        in_order = sorted(rows.deliveries.values(), key=lambda it: -it.position)
        assert everything == [Delivery(**structs.asdict(it), incident_id=it.id) for it in in_order]
        assert [it.incident_id for it in await intents.deliveries(SERVICE, status="dead")] == [BOB]
        assert [it.status for it in await intents.deliveries(SERVICE, key=ALICE)] == ["attempting"]
    finally:
        await pool.close()


async def test_what_is_for_administrators_goes_through_channels_that_they_read_and_no_other(
    setup: Setup,
) -> None:
    """Whatever else these are told; where none is theirs, engineering is told."""
    theirs = Subscription((), Severity.SEV1, ("payments",), admins=True)
    alone = (Era(0, (), Severity.SEV1, ("payments",), admins=True),)
    as_well = (Era(0, (EXECUTIVES,), Severity.SEV1, admins=True),)
    await setup.take_rights("ada", Reach((theirs,)))
    assert await setup.pending(ALL) == []
    for eras in (alone, as_well):
        [told] = await setup.pending(eras, channel="admins")
        assert (told.intent.kind, told.intent.admins) == ("emergency", True)
    await setup.take_rights("grace", Reach((Subscription((ENGINEERING,), Severity.SEV4),)))
    [instead] = await setup.pending(ALL)
    assert not instead.intent.admins
    assert len(await setup.pending(alone, channel="admins")) == 1
    [later] = (Era(instead.intent.position, (), Severity.SEV1, admins=True),)
    assert await setup.pending((ALL[0], later), channel="marked-later") == [instead]
