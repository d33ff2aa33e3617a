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
from support.delivery_harness import Office

ALICE = "01970001-0000-7000-8000-000000000000"
GOOD = (
    "Payment processing is down for 100% of users in EU-west. We don't know the root cause yet "
    "and are investigating the database connection pool."
)


@pytest.fixture
def office() -> Office:
    return Office()


def previewer(office: Office) -> Previewer:
    return Previewer(office.store, Templates(), DEFAULT, lambda: office.now)


async def test_an_update_is_shown_as_each_audience_would_get_it(office: Office) -> None:
    await office.declare(ALICE, Severity.SEV1, services=("checkout",))
    everybody = c.PostUpdate(text=GOOD, audiences=tuple(Audience), headline="Payments fail")
    found = await previewer(office).update(ALICE, everybody)
    assert [it.audience for it in found.messages] == list(Audience)
    internal, _, public = found.messages
    assert internal.subject == f"[SEV1 UPDATE] checkout — Investigating: {ALICE}"
    assert public.subject == "[UPDATE] Payments fail — Investigating"
    assert GOOD in public.text
    assert found.warnings == ()


async def test_it_is_what_is_told_once_the_update_is_posted(office: Office) -> None:
    await office.declare(ALICE, Severity.SEV1, services=("checkout",))
    await office.run(ALICE, c.LogAction(action="rolled back"))
    command = c.PostUpdate(text=GOOD, audiences=tuple(Audience), headline="Payments fail")
    found = await previewer(office).update(ALICE, command)
    await office.run(ALICE, command)
    await office.intents.catch_up()
    renderer = Renderer(office.store, Templates(), DEFAULT)
    told = [
        await renderer.render(intent)
        for intent in office.intents.intents.values()
        if intent.kind == "update"
    ]
    assert [(it.audience, it.subject, it.text) for it in found.messages] == [
        (it.intent.audience, it.subject, it.text) for it in told
    ]


async def test_nothing_is_written(office: Office) -> None:
    await office.declare(ALICE)
    head = await office.store.head()
    await previewer(office).update(ALICE, c.PostUpdate(text="Some users see errors."))
    assert await office.store.head() == head


async def test_warnings_come_along(office: Office) -> None:
    await office.declare(ALICE)
    found = await previewer(office).update(ALICE, c.PostUpdate(text="Some users had errors."))
    assert {it.code for it in found.warnings} == {
        "update.impact_not_specific",
        "update.no_next_step",
    }


async def test_what_would_be_refused_is_refused(office: Office) -> None:
    update = c.PostUpdate(text=GOOD)
    with pytest.raises(Refused, match="there is no incident"):
        await previewer(office).update(ALICE, update)
    await office.declare(ALICE)
    with pytest.raises(Refused, match="headline"):
        await previewer(office).update(ALICE, c.PostUpdate(text=GOOD, headline="Errors"))
    await office.run(ALICE, c.Cancel(reason="a load test"))
    with pytest.raises(Refused, match="cannot post update"):
        await previewer(office).update(ALICE, update)


async def test_a_drill_tells_nobody(office: Office) -> None:
    await office.run(ALICE, c.Declare(title="a drill", kind=Kind.DRILL))
    assert (await previewer(office).update(ALICE, c.PostUpdate(text=GOOD))).messages == ()


async def test_news_of_the_past_are_shown_the_latest_of_a_kind_or_that_of_an_event(
    office: Office,
) -> None:
    await office.declare(ALICE, Severity.SEV3)
    await office.run(ALICE, c.AssignRole(role=Role.INCIDENT_COMMANDER, assignee="Ada"))
    for text in ("one.", "two."):
        await office.run(ALICE, c.PostUpdate(text=text, status=UpdateStatus.INVESTIGATING))
    shown = previewer(office)
    [latest] = await shown.past(ALICE, "update")
    assert "**Current Understanding**: Two." in latest.text
    first = f"{(await office.store.load(f'incident.{ALICE}'))[2].commit.id}/0"
    [earlier] = await shown.past(ALICE, "update", first)
    assert "**Current Understanding**: One." in earlier.text
    assert earlier.event_id == first
    [declared] = await shown.past(ALICE, "declared")
    assert "nobody yet" in declared.text, "as it was known then"


async def test_news_that_there_is_not_is_refused_with_what_there_is(office: Office) -> None:
    await office.declare(ALICE)
    with pytest.raises(Refused, match="no news of kind resolved of it; there is declared"):
        await previewer(office).past(ALICE, "resolved")
    with pytest.raises(Refused, match="in event nowhere/0"):
        await previewer(office).past(ALICE, "declared", "nowhere/0")
