"""A page that meets a drill or a test opens an incident of its own, in whatever order they come."""

import asyncio
from typing import Any

import msgspec
import pytest

from domain.incident import INCIDENT
from domain.incident.commands import Cancel, Declare, Merge
from domain.incident.events import Kind
from domain.incident.state import LIVE, Open, Undeclared
from domain.kernel.refusal import Refused
from handlers.ingest.routing_context import incident_id, own_ids
from handlers.kernel.asks import Meta

OWN = tuple(own_ids("pagerduty", "pd", "Q1", None))
DRILL = Declare(title="Only a drill", kind=Kind.DRILL)
SURVIVOR = "0199c0de-0000-7000-8000-000000000001"


async def ran(desk: Any, incident: str, *commands: Any) -> None:
    """As a person sends them, and as an earlier release let anybody do with any id."""
    for command in commands:
        name = f"{incident}-{type(command).__name__}"
        meta = Meta(command_id=name, actor="ada", correlation_id="c")
        await desk.executor.run(INCIDENT, incident, command, meta)


async def about(desk: Any, incident: str) -> Any:
    return await desk.executor.state(INCIDENT, incident)


def body(key: str, minute: int, action: str = "trigger", **data: Any) -> bytes:
    """A signal of a service."""
    said = {"action": action, "dedup_key": key, "summary": f"Alert {key}", **data}
    event = {"specversion": "1.0", "id": f"{key}-{action}-{minute}", "source": "/x", "type": "x"}
    return msgspec.json.encode({**event, "time": f"2026-05-04T11:{minute:02}:00Z", "data": said})


@pytest.mark.parametrize("kind", [Kind.DRILL, Kind.TEST])
async def test_one_that_stands_under_the_id_of_a_page_does_not_swallow_it(desk, pagerduty, kind):
    await ran(desk, OWN[0], Declare(title="Not real", kind=kind))
    verdict = await desk.deliver("pd", pagerduty("triggered"))
    assert verdict.incidents == (OWN[1],)
    paged = await about(desk, OWN[1])
    assert (paged.facts.about.kind, paged.facts.about.title) == (Kind.STANDARD, "Checkout is slow")


async def test_all_that_is_heard_of_that_page_goes_there_however_often(desk, pagerduty):
    await ran(desk, OWN[0], DRILL)
    await desk.deliver("pd", pagerduty("triggered"))
    later = await desk.deliver("pd", pagerduty("resolved", event="E2", at="11:30:00"))
    assert later.incidents == (OWN[1],)
    assert not isinstance(await about(desk, OWN[1]), LIVE)
    commits = await desk.commits()
    for position in (1, 2):
        assert (await desk.intake.translate(await desk.signal(position))).incidents == (OWN[1],)
    assert await desk.commits() == commits
    assert isinstance(await about(desk, OWN[2]), Undeclared)


async def test_one_that_was_given_up_before_the_page_came_does_not_swallow_it(desk, pagerduty):
    await ran(desk, OWN[0], Declare(title="Nothing"), Cancel(reason="a trap"))
    assert (await desk.deliver("pd", pagerduty("triggered"))).incidents == (OWN[1],)
    assert isinstance(await about(desk, OWN[1]), Open)


async def test_a_page_that_came_first_keeps_its_incident(desk, pagerduty):
    await desk.deliver("pd", pagerduty("triggered"))
    with pytest.raises(Refused, match="opened by alerts"):
        await ran(desk, OWN[0], DRILL)
    assert (await about(desk, OWN[0])).facts.about.kind is Kind.STANDARD


async def test_whichever_is_first_somebody_is_told_of_the_page(new_desk, pagerduty):
    """A drill under the id of the page, and the page, at the same time: as an instance of an
    earlier release may still do while others run this one.
    """
    for first in ("page", "drill"):
        desk = new_desk()
        position = await desk.accept("pd", pagerduty("triggered"))
        page = desk.intake.translate(await desk.signal(position))
        drill = ran(desk, OWN[0], DRILL)
        pair = (page, drill) if first == "page" else (drill, page)
        found = await asyncio.gather(*pair, return_exceptions=True)
        verdict = found[0] if first == "page" else found[1]
        assert verdict.outcome == "used"
        told = await about(desk, verdict.incidents[0])
        assert (told.facts.about.kind, len(told.facts.alerts.members)) == (Kind.STANDARD, 1)


async def test_an_earlier_release_swallowed_a_page_and_a_replay_says_the_same(desk, pagerduty):
    """What the log holds is history: a page that is part of a drill there stays part of it."""
    await desk.deliver("triage", pagerduty("triggered"))
    swallowed = incident_id("pagerduty", "triage", "Q1")
    await ran(desk, swallowed, DRILL)
    commits = await desk.commits()
    assert (await desk.intake.translate(await desk.signal(1))).incidents == (swallowed,)
    assert await desk.commits() == commits
    more = await desk.deliver("triage", pagerduty("resolved", event="E2", at="11:30:00"))
    assert more.incidents == (swallowed,)


async def test_alerts_with_something_in_common_do_not_join_a_drill(new_desk):
    """What is in triage is declared a drill: the next page of the service is not part of it."""
    desk = new_desk(rules=[{"action": "triage", "dedup_key": "{service}"}])
    (drill,) = (await desk.deliver("shop", body("db", 0, service="shop"))).incidents
    (joined,) = (await desk.deliver("shop", body("net", 1, service="shop"))).incidents
    assert joined == drill
    await ran(desk, drill, DRILL)
    (own,) = (await desk.deliver("shop", body("cache", 5, service="shop"))).incidents
    (shared,) = (await desk.deliver("shop", body("queue", 6, service="shop"))).incidents
    assert (own == shared, own == drill) == (True, False)
    assert (await about(desk, own)).facts.about.kind is Kind.STANDARD
    (over,) = (await desk.deliver("shop", body("db", 9, "resolve", service="shop"))).incidents
    assert over == drill
    (again,) = (await desk.deliver("shop", body("db", 12, service="shop"))).incidents
    assert again == own


async def test_what_is_real_is_not_merged_into_a_drill(desk, pagerduty):
    await desk.deliver("pd", pagerduty("triggered"))
    await ran(desk, SURVIVOR, DRILL)
    with pytest.raises(Refused) as refused:
        await ran(desk, OWN[0], Merge(into=SURVIVOR))
    assert (refused.value.code, refused.value.field) == ("incident.exercise", "into")
    await ran(desk, OWN[2], Declare(title="Another drill", kind=Kind.DRILL), Merge(into=SURVIVOR))
