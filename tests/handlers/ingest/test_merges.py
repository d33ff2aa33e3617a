"""What PagerDuty merges is merged here, in whatever order it is heard of."""

from typing import Any

import pytest

from domain.incident.state import Closed, Duplicate, Open
from handlers.ingest.translate import incident_id
from support.desks import lines, listed, state, told


def merging(pagerduty: Any, incident: str, into: str, **more: Any) -> bytes:
    reason = {
        "type": "merge_resolve_reason",
        "incident": {"id": into, "type": "incident_reference", "summary": "DB down"},
    }
    more = {"event": "E9", "at": "11:20:00", **more}
    return pagerduty("resolved", incident=incident, resolve_reason=reason, **more)


async def test_what_pagerduty_merges_is_merged_and_not_resolved(desk, pagerduty):
    (one,) = (await desk.deliver("pd", pagerduty("triggered", incident="Q1"))).incidents
    (two,) = (await desk.deliver("pd", pagerduty("triggered", incident="Q2", event="E2"))).incidents
    for _ in range(2):
        assert (await desk.deliver("pd", merging(pagerduty, "Q1", "Q2"))).incidents == (one, two)
    merged, survivor = await state(desk, one), await state(desk, two)
    assert isinstance(merged, Duplicate)
    assert isinstance(survivor, Open)
    assert (merged.into, survivor.facts.about.duplicates) == (two, (one,))
    assert await told(desk, one) == ["page", "merged"]
    await desk.deliver("pd", pagerduty("resolved", incident="Q2", event="E10", at="11:30:00"))
    assert isinstance(await state(desk, two), Closed)


@pytest.mark.parametrize(
    "reason",
    [
        "merged into #Q2",
        "Merged into incident https://x.pagerduty.com/incidents/Q2.",
        {"type": "text", "summary": "merged to the incident #Q2 by Ada"},
    ],
)
async def test_a_merge_that_is_said_in_words_is_one(desk, pagerduty, reason):
    (two,) = (await desk.deliver("pd", pagerduty("triggered", event="E2", incident="Q2"))).incidents
    (one,) = (await desk.deliver("pd", pagerduty("triggered"))).incidents
    await desk.deliver(
        "pd", pagerduty("resolved", event="E3", at="11:05:00", resolve_reason=reason)
    )
    merged = await state(desk, one)
    assert isinstance(merged, Duplicate)
    assert merged.into == two
    assert await told(desk, one) == ["page", "merged"]


@pytest.mark.parametrize("reason", ["merged into #17", "Merged into DB down", "all is well", 7])
async def test_words_that_name_no_incident_end_one(desk, pagerduty, reason):
    (one,) = (await desk.deliver("pd", pagerduty("triggered"))).incidents
    await desk.deliver(
        "pd", pagerduty("resolved", event="E3", at="11:05:00", resolve_reason=reason)
    )
    assert isinstance(await state(desk, one), Closed)


async def test_a_merge_into_what_was_never_heard_of_ends_nothing(desk, pagerduty):
    """The incident stands for the other one then, until that is over."""
    (one,) = (await desk.deliver("pd", pagerduty("triggered", incident="Q1"))).incidents
    for _ in range(2):
        assert (await desk.deliver("pd", merging(pagerduty, "Q1", "Q2"))).incidents == (one,)
    assert isinstance(await state(desk, one), Open)
    assert await told(desk, one) == ["page"]
    over = pagerduty("resolved", incident="Q2", event="E10", at="11:30:00")
    assert (await desk.deliver("pd", over)).incidents == (one,)
    assert isinstance(await state(desk, one), Closed)


async def test_what_is_merged_into_its_own_incident_is_one_alert_less(new_desk, pagerduty):
    desk = new_desk(rules=[{"action": "declare", "dedup_key": "all"}])
    (one,) = (await desk.deliver("pd", pagerduty("triggered", incident="Q1"))).incidents
    second = pagerduty("triggered", incident="Q2", event="E2")
    assert (await desk.deliver("pd", second)).incidents == (one,)
    assert (await desk.deliver("pd", merging(pagerduty, "Q1", "Q2"))).incidents == (one,)
    assert isinstance(await state(desk, one), Open)
    assert incident_id("pagerduty", "pd", "Q2") != one


@pytest.mark.parametrize("known", [True, False], ids=["target known", "target unknown"])
async def test_a_merge_that_overtakes_what_it_merges_is_a_merge(desk, pagerduty, known):
    """Nobody hears of an end, and no post-mortem is asked for, in this order either."""
    two = None
    if known:
        (two,) = (await desk.deliver("pd", pagerduty("triggered", incident="Q2"))).incidents
    assert (await desk.deliver("pd", merging(pagerduty, "Q1", "Q2"))).outcome == "ignored"
    assert [row["because"] for row in await listed(desk) if row["action"] == "noted"] == [
        "Merged into DB down, and was never heard of"
    ]
    late = pagerduty("triggered", incident="Q1", event="E2", at="11:05:00")
    one = (await desk.deliver("pd", late)).incidents[0]
    if known:
        merged = await state(desk, one)
        assert isinstance(merged, Duplicate)
        assert merged.into == two
        assert isinstance(await state(desk, two), Open)
    else:
        assert isinstance(await state(desk, one), Open)
        over = pagerduty("resolved", incident="Q2", event="E10", at="11:30:00")
        assert (await desk.deliver("pd", over)).incidents == (one,)
        assert isinstance(await state(desk, one), Closed)
    assert "postmortem_requested" not in await told(desk, one)


async def test_a_merge_into_what_was_never_heard_of_is_not_told_as_an_end(desk, pagerduty):
    (one,) = (await desk.deliver("pd", pagerduty("triggered", incident="Q1"))).incidents
    await desk.deliver("pd", merging(pagerduty, "Q1", "Q2"))
    assert (await lines(desk, one))[1:] == [
        "Checkout is slow — goes on as the one that it was merged into, by Ada (pagerduty)",
        "Checkout is slow — merged into DB down, by Ada (pagerduty)",
    ]
