"""Of what has an id for each time that it fires, the same set of deliveries gives the same
incident, in any order and any number of times.
"""

import asyncio
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.incident.state import Closed

PAGERDUTY = [
    "triggered",
    "acknowledged",
    "unacknowledged",
    "reassigned",
    "priority_updated",
    "resolved",
    "reopened",
    "escalated",
]
OPSGENIE = [
    "Create",
    "Acknowledge",
    "UnAcknowledge",
    "UpdatePriority",
    "Close",
    "Delete",
    "AddTags",
    "Custom",
]
SECONDS = st.integers(0, 5).map("11:00:{:02}".format)
PRIORITIES = st.sampled_from([None, {"summary": "P1"}, {"summary": "P3"}])
REPORTS = st.tuples(
    st.sampled_from(PAGERDUTY), SECONDS, PRIORITIES, st.sampled_from(["Slow", "Down"])
)
FIRED = ("triggered", "11:00:00", None, "Slow")
ACTIONS = st.tuples(st.sampled_from(OPSGENIE), st.integers(0, 3), st.sampled_from([None, 1, "P4"]))


@st.composite
def shuffled(draw: st.DrawFn, items: list[Any]) -> list[Any]:
    """All items, some of them again, in any order."""
    again = draw(st.lists(st.sampled_from(items), max_size=4)) if items else []
    return draw(st.permutations(items + again))


def outcome_of(new_desk, source: str, alert: str, bodies: list[bytes]):
    async def run():
        desk = new_desk()
        for number, body in enumerate(bodies):
            await desk.deliver(source, body, x_webhook_id=str(number))
        return await desk.incident(source, alert)

    return asyncio.run(run())


def test_any_order_and_repetition_of_pagerduty_events_gives_the_same_incident(new_desk, pagerduty):
    @given(st.lists(REPORTS, min_size=1, max_size=6), st.data())
    def same(reports, data):
        bodies = [
            pagerduty(kind, event=f"E{number}", at=at, priority=priority, title=title)
            for number, (kind, at, priority, title) in enumerate([FIRED, *reports])
        ]
        other = data.draw(shuffled(bodies))
        assert outcome_of(new_desk, "pd", "Q1", bodies) == outcome_of(new_desk, "pd", "Q1", other)

    same()


def test_any_order_and_repetition_of_opsgenie_actions_gives_the_same_incident(new_desk, opsgenie):
    @given(st.lists(ACTIONS, min_size=1, max_size=6), st.data())
    def same(actions, data):
        bodies = [
            opsgenie(action, minute=at, priority=p)
            for action, at, p in [("Create", 0, 1), *actions]
        ]
        other = data.draw(shuffled(bodies))
        assert outcome_of(new_desk, "og", "a-1", bodies) == outcome_of(new_desk, "og", "a-1", other)

    same()


async def test_a_resolution_that_overtakes_its_page_still_closes(desk, pagerduty):
    await desk.deliver("pd", pagerduty("resolved", event="E9", at="11:30:00"))
    await desk.deliver("pd", pagerduty("triggered", event="E1", at="11:00:00"))
    incident = await desk.incident("pd", "Q1")
    assert isinstance(incident, Closed)
    assert incident.facts.milestones.detected_at.minute == 0


async def test_a_note_right_after_the_resolution_does_not_reopen(desk, pagerduty):
    await desk.deliver("pd", pagerduty("triggered"))
    await desk.deliver("pd", pagerduty("resolved", event="E2", at="11:30:00.000"))
    note = (
        b'{"event": {"id": "E3", "event_type": "incident.annotated",'
        b' "occurred_at": "2026-05-04T11:30:00.300Z",'
        b' "data": {"id": "P1", "content": "Rolled back", "incident": {"id": "Q1"}}}}'
    )
    assert (await desk.deliver("pd", note)).outcome == "used"
    assert isinstance(await desk.incident("pd", "Q1"), Closed)
