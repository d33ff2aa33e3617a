"""Previews tell what would be told, and write nothing."""

import pytest

from adapters.templates import Templates
from domain.incident import commands as c
from domain.incident.events import Kind, UpdateStatus
from domain.kernel.refusal import Refused
from domain.policy import DEFAULT, Role, Severity
from domain.policy.audience import Audience
from handlers.notify.preview import Previewer
from handlers.notify.render import Renderer
from support.delivery_harness import DeliveryHarness

ALICE = "01970001-0000-7000-8000-000000000000"
BOB = "01970002-0000-7000-8000-000000000000"
GOOD = (
    "Payment processing is down for 100% of users in EU-west. We don't know the root cause yet "
    "and are investigating the database connection pool."
)


@pytest.fixture
def harness() -> DeliveryHarness:
    return DeliveryHarness()


def previewer(harness: DeliveryHarness) -> Previewer:
    return Previewer(harness.store, Templates(), DEFAULT, lambda: harness.now)


async def test_an_update_is_shown_as_each_audience_would_get_it(harness: DeliveryHarness) -> None:
    await harness.declare(ALICE, Severity.SEV1, services=("checkout",))
    everybody = c.PostUpdate(text=GOOD, audiences=tuple(Audience), headline="Payments fail")
    found = await previewer(harness).update(ALICE, everybody)
    assert [it.audience for it in found.messages] == list(Audience)
    internal, _, public = found.messages
    assert internal.subject == f"[SEV1 UPDATE] checkout — Investigating: {ALICE}"
    assert public.subject == "[UPDATE] Payments fail — Investigating"
    assert GOOD in public.text
    assert found.warnings == ()


async def test_it_is_what_is_told_once_the_update_is_posted(harness: DeliveryHarness) -> None:
    await harness.declare(ALICE, Severity.SEV1, services=("checkout",))
    await harness.run(ALICE, c.LogAction(action="rolled back", override="nobody else is there"))
    command = c.PostUpdate(text=GOOD, audiences=tuple(Audience), headline="Payments fail")
    found = await previewer(harness).update(ALICE, command)
    await harness.run(ALICE, command)
    await harness.intents.catch_up()
    renderer = Renderer(harness.store, Templates(), DEFAULT)
    told = [
        await renderer.render(intent)
        for intent in harness.intents.intents.values()
        if intent.kind == "update"
    ]
    assert [(it.audience, it.subject, it.text) for it in found.messages] == [
        (it.intent.audience, it.subject, it.text) for it in told
    ]


async def test_nothing_is_written(harness: DeliveryHarness) -> None:
    await harness.declare(ALICE)
    head = await harness.store.head()
    await previewer(harness).update(ALICE, c.PostUpdate(text="Some users see errors."))
    assert await harness.store.head() == head


async def test_warnings_come_along(harness: DeliveryHarness) -> None:
    await harness.declare(ALICE)
    found = await previewer(harness).update(ALICE, c.PostUpdate(text="Some users had errors."))
    assert {it.code for it in found.warnings} == {
        "update.impact_not_specific",
        "update.no_next_step",
    }


async def test_what_would_be_refused_is_refused(harness: DeliveryHarness) -> None:
    update = c.PostUpdate(text=GOOD)
    with pytest.raises(Refused, match="there is no incident"):
        await previewer(harness).update(ALICE, update)
    await harness.declare(ALICE)
    with pytest.raises(Refused, match="headline"):
        await previewer(harness).update(ALICE, c.PostUpdate(text=GOOD, headline="Errors"))
    await harness.run(ALICE, c.Cancel(reason="a load test"))
    with pytest.raises(Refused, match="cannot post update"):
        await previewer(harness).update(ALICE, update)


async def test_a_test_tells_nobody_and_what_a_drill_tells_is_marked(
    harness: DeliveryHarness,
) -> None:
    await harness.run(ALICE, c.Declare(title="a test", kind=Kind.TEST))
    assert (await previewer(harness).update(ALICE, c.PostUpdate(text=GOOD))).messages == ()
    await harness.run(BOB, c.Declare(title="a drill", kind=Kind.DRILL))
    [shown] = (await previewer(harness).update(BOB, c.PostUpdate(text=GOOD))).messages[:1]
    assert shown.subject.startswith("[DRILL] ")
    assert shown.text.startswith("This is a drill")


async def test_news_of_the_past_are_shown_the_latest_of_a_kind_or_that_of_an_event(
    harness: DeliveryHarness,
) -> None:
    await harness.declare(ALICE, Severity.SEV3)
    await harness.run(ALICE, c.AssignRole(role=Role.INCIDENT_COMMANDER, assignee="Ada"))
    for text in ("one.", "two."):
        await harness.run(ALICE, c.PostUpdate(text=text, status=UpdateStatus.INVESTIGATING))
    shown = previewer(harness)
    [latest] = await shown.past(ALICE, "update")
    assert "**Current Understanding**: Two." in latest.text
    first = f"{(await harness.store.load(f'incident.{ALICE}'))[2].commit.id}/0"
    [earlier] = await shown.past(ALICE, "update", first)
    assert "**Current Understanding**: One." in earlier.text
    assert earlier.event_id == first
    [declared] = await shown.past(ALICE, "declared")
    assert "nobody yet" in declared.text, "as it was known then"


async def test_news_that_there_is_not_is_refused_with_what_there_is(
    harness: DeliveryHarness,
) -> None:
    await harness.declare(ALICE)
    with pytest.raises(Refused, match="no news of kind resolved of it; there is declared"):
        await previewer(harness).past(ALICE, "resolved")
    with pytest.raises(Refused, match="in event nowhere/0"):
        await previewer(harness).past(ALICE, "declared", "nowhere/0")
