"""A page that we have sent comes back from the product that we have paged."""

from collections.abc import Callable
from typing import Any

import pytest

from domain.incident import INCIDENT
from domain.incident import commands as c
from domain.incident.state import Open
from domain.policy import Severity
from handlers.kernel.asks import Meta

OURS = "01970001-0000-7000-8000-000000000000"


@pytest.fixture
async def paged(desk: Any) -> Any:
    """A desk with an incident of ours, for which somebody was paged."""
    command = c.Declare(title="Checkout fails", severity=Severity.SEV3)
    meta = Meta(command_id="declared", actor="ada", correlation_id="k")
    await desk.executor.run(INCIDENT, OURS, command, meta)
    return desk


async def incidents(desk: Any) -> set[str]:
    streams = {recorded.stream async for batch in desk.store.read() for recorded in batch}
    return {stream for stream in streams if stream.startswith("incident.")}


async def test_it_opens_nothing_and_changes_nothing(paged: Any, pagerduty: Callable[..., bytes]):
    for kind, event in (("triggered", "E1"), ("reassigned", "E2"), ("resolved", "E3")):
        body = pagerduty(kind, event=event, incident_key=OURS)
        assert (await paged.deliver("pd", body)).outcome == "ignored"
    assert await incidents(paged) == {f"incident.{OURS}"}
    state = await paged.executor.state(INCIDENT, OURS)
    assert isinstance(state, Open)
    assert (state.facts.severity, state.facts.alerts.members) == (Severity.SEV3, ())


async def test_who_acknowledges_it_has_taken_the_incident_on(
    paged: Any, pagerduty: Callable[..., bytes], opsgenie: Callable[..., bytes]
):
    await paged.deliver("pd", pagerduty("triggered", incident_key=OURS))
    body = pagerduty("acknowledged", event="E2", incident_key=OURS)
    for _ in range(2):
        verdict = await paged.deliver("pd", body)
        assert (verdict.outcome, verdict.incidents) == ("used", (OURS,))
    assert (await paged.executor.state(INCIDENT, OURS)).facts.acknowledged
    last = (await paged.store.load(f"incident.{OURS}"))[-1].commit
    assert (last.actor, len(await paged.store.load(f"incident.{OURS}"))) == ("Ada", 2)
    assert (await paged.deliver("og", opsgenie("Create"))).outcome == "used"


async def test_what_is_said_of_it_later_without_our_key_opens_nothing_either(
    paged: Any, pagerduty: Callable[..., bytes]
):
    await paged.deliver("pd", pagerduty("triggered", incident_key=OURS))
    assert (await paged.deliver("pd", pagerduty("escalated", event="E4"))).outcome == "ignored"
    assert await incidents(paged) == {f"incident.{OURS}"}


@pytest.mark.parametrize(
    "key", [None, "a key of somebody else", "01970001-0000-7000-8000-00000000ffff"]
)
async def test_a_key_that_is_not_ours_is_a_page_like_any_other(
    paged: Any, pagerduty: Callable[..., bytes], key: str | None
):
    assert (await paged.deliver("pd", pagerduty("triggered", incident_key=key))).outcome == "used"
    assert len(await incidents(paged)) == 2
