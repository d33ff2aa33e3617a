"""What is told of an aggregate that is no incident, and brings no more than its rules."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from msgspec.structs import replace

from adapters.storage.memory.outbox import MemoryIntents
from adapters.storage.postgres.outbox import PostgresIntents
from adapters.storage.postgres.pool import open_pool
from adapters.storage.postgres.rebuild import rebuild
from adapters.templates import Templates
from adapters.templates.checking import check, in_use
from domain.kernel.commit import Event
from domain.notification import Audience, Resend
from domain.notification.channel import Era
from domain.notification.ledger import Delivered
from domain.policy import DEFAULT, Severity
from domain.policy.reach import Subscription
from domain.registry import AGGREGATES
from handlers.kernel.asks import Ask, Meta
from handlers.kernel.transact import Transactor
from handlers.notify.channels import OpenIntents, Permanent
from handlers.notify.render import Message, Renderer
from handlers.notify.worker import DeliveryDependencies, DeliveryWorker, resend
from projections.outbox.deliveries import DELIVERIES, DeliveryRow
from projections.outbox.intents import NOTIFIABLE, outbox
from support.delivery_harness import NOON, UNPACED, WORDS, DeliveryHarness, FakeChannel
from support.toy_notifiables import KITE, Lost, Mended, Named, Say

WITH_KITES = (*AGGREGATES, KITE)
INTENTS = outbox(WITH_KITES)
RED = "red"
BOTH = Subscription((Audience.EXECUTIVES, Audience.ENGINEERING), Severity.SEV4)
ALL = (Era(0, BOTH.audiences, Severity.SEV4),)


class Harness(DeliveryHarness):
    """A delivery harness whose outbox follows kites as well."""

    def __init__(self) -> None:
        super().__init__()
        self.intents = MemoryIntents(self.store, INTENTS)

    def dependencies(self) -> DeliveryDependencies:
        return DeliveryDependencies(
            **{
                **vars(super().dependencies()),
                "intents": MemoryIntents(self.store, INTENTS),
                "renderer": Renderer(self.store, WORDS, DEFAULT, WITH_KITES),
            }
        )

    async def say(self, event: Event, id_: str = RED) -> None:
        command_id = self.new_id()
        meta = Meta(command_id=command_id, actor="ana", correlation_id=command_id)
        command = Say(event)  # type: ignore[arg-type]
        await self.executor.transactor.transact(Ask(KITE.stream(id_), KITE, command), meta)


@pytest.fixture
def harness() -> Harness:
    return Harness()


class Keeping(FakeChannel):
    """A channel that keeps whole messages."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[Message] = []

    async def send(self, message: Message, *, again: bool = False) -> str:
        receipt = await super().send(message, again=again)
        self.messages.append(message)
        return receipt


async def told(harness: Harness) -> list[Message]:
    """What a channel has told in the end."""
    channel = Keeping()
    worker = DeliveryWorker(channel, BOTH, harness.dependencies(), UNPACED)
    await worker.step()
    await harness.say(Named(occurred_at=harness.now, name="The red one"))
    await harness.say(Lost(occurred_at=harness.now))
    await harness.say(Mended(occurred_at=harness.now))
    await worker.step()
    return channel.messages


async def test_what_its_rules_name_reaches_a_channel_in_generic_words(harness: Harness) -> None:
    named, lost = await told(harness)
    assert (named.subject, named.text) == ("Kite — The red one", "Named.")
    assert (lost.subject, lost.text) == ("Kite — The red one", "Lost in a tree.")
    assert (named.intent.audience, lost.intent.audience) == (
        Audience.ENGINEERING,
        Audience.EXECUTIVES,
    )
    assert lost.shown is None
    assert (lost.intent.key, lost.intent.reference) == ("kite:red", "kite:red")
    assert lost.intent.severity is Severity.SEV4


async def test_its_ledger_is_a_stream_of_its_own(harness: Harness) -> None:
    named, _ = await told(harness)
    entries = await harness.entries("kite:red")
    assert [type(entry.phase) for entry in entries.values()] == [Delivered, Delivered]
    (delivery, _) = (await deliveries(harness)).values()
    about = (delivery.aggregate, delivery.id, delivery.intent_id)
    assert about == ("kite", "red", named.intent.id)


async def deliveries(harness: Harness) -> dict[tuple[str, str], DeliveryRow]:
    await harness.intents.catch_up()
    return dict(harness.intents.deliveries)


async def test_a_dead_letter_about_it_is_sent_again(harness: Harness) -> None:
    channel = FakeChannel()
    worker = DeliveryWorker(channel, BOTH, harness.dependencies(), UNPACED)
    await worker.step()

    def refuse(_: object) -> None:
        raise Permanent("no such kite")

    channel.answer = refuse
    await harness.say(Lost(occurred_at=harness.now))
    await worker.step()
    channel.answer = lambda _: None
    command = Resend(intent_id=channel.tried[0], channel="ops")
    meta = Meta(command_id="again", actor="ana", correlation_id="again")
    await resend(harness.executor.transactor, "kite:red", command, meta)
    await worker.step()
    assert [intent.kind for intent in channel.taken] == ["lost"]


async def test_aggregates_of_the_same_id_are_kept_apart(harness: Harness) -> None:
    """Ids are unique within a kind alone."""
    await harness.declare(RED, Severity.SEV1)
    await harness.say(Lost(occurred_at=harness.now))
    await harness.intents.catch_up()
    found = list(harness.intents.intents.values())
    assert {(intent.subject.aggregate, intent.key, intent.kind) for intent in found} == {
        ("incident", "red", "declared"),
        ("kite", "kite:red", "lost"),
    }
    assert len({intent.id for intent in found}) == 4


@pytest.fixture(params=["memory", "postgres"])
async def rows(
    request: pytest.FixtureRequest, harness: Harness, fresh_database: str
) -> AsyncIterator[OpenIntents]:
    """Open intents after an incident and a kite, rebuilt from the log."""
    await harness.declare(RED, Severity.SEV1)
    await harness.say(Named(occurred_at=harness.now, name="The red one"))
    await harness.say(Lost(occurred_at=harness.now))
    if request.param == "memory":
        yield harness.intents
        return
    pool = await open_pool(fresh_database, size=2)
    try:
        await rebuild(fresh_database, harness.store, [INTENTS, DELIVERIES])
        yield PostgresIntents(pool)
    finally:
        await pool.close()


async def test_one_outbox_holds_what_there_is_to_tell_of_all(
    harness: Harness, rows: OpenIntents
) -> None:
    page = await rows.pending("ops", ALL, 0, NOON + timedelta(hours=1), 50)
    found = [(item.intent.subject.aggregate, item.intent.kind) for item in page.intents]
    assert found == [("incident", "declared"), ("kite", "named"), ("kite", "lost")]
    reference = MemoryIntents(harness.store, INTENTS)
    await reference.catch_up()
    assert all(it.intent == reference.intents[it.intent.id] for it in page.intents)
    assert page.intents[1].intent.subject.title == "The red one"


async def test_an_aggregate_has_states_of_its_own() -> None:
    telling = [part for part in INTENTS.parts if NOTIFIABLE in part.tables]
    assert [part.follows for part in telling] == [
        *[("incident.",), ("log.",), ("quarantine.",)],
        *[("backlog.",), ("access.",), ("postmortem.",), ("action_item.",)],
        *[("page.",), ("slo.",), ("runbook.",), ("maintenance.",), ("kite.",)],
    ]
    assert INTENTS.schema == outbox().schema


def test_an_operator_may_word_it() -> None:
    source = "**Subject**: {{ title }}\n\n{{ text }} ({{ aggregate }})"
    own = {"kite.lost.j2": source, "kite.j2": source, "subject.j2": source}
    assert check(Templates(own), DEFAULT, WITH_KITES) == []
    (fault,) = check(Templates({"kite.lsot.j2": source}), DEFAULT, WITH_KITES)
    assert fault.template == "kite.lsot.j2"
    rows = [row for row in in_use(Templates(own), WITH_KITES) if row[1].startswith("kite.")]
    assert rows == [
        ("engineering", "kite.named", "kite.j2", True),
        ("engineering", "kite.lost", "kite.lost.j2", True),
        ("executives", "kite.lost", "kite.lost.j2", True),
    ]


async def test_the_log_says_from_which_level_executives_hear(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rebuild under another policy tells the same people."""
    from_sev3 = replace(DEFAULT, executives_from=Severity.SEV3)
    monkeypatch.setattr(
        harness.executor, "transactor", Transactor(harness.store, lambda: harness.now, from_sev3)
    )
    await harness.declare(RED, Severity.SEV3)
    monkeypatch.undo()
    await harness.declare("blue", Severity.SEV3)
    await harness.intents.catch_up()
    heard = {
        (intent.subject.id, intent.audience.value) for intent in harness.intents.intents.values()
    }
    assert heard == {("red", "engineering"), ("red", "executives"), ("blue", "engineering")}
