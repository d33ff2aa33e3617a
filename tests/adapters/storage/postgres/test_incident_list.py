"""Lists of incidents are those that a plain fold of the whole log gives, at any time, in pages."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from adapters.storage.memory.event_store import MemoryEventStore
from adapters.storage.postgres.read_models import PostgresReadModels
from domain.incident import INCIDENT
from domain.incident.course.durations import durations
from domain.incident.state import OPEN
from domain.policy import DEFAULT, Severity
from domain.sight import SERVICE
from handlers.queries import resources
from handlers.queries.resources import answer
from projections.incident.board import BOARD, shown_then
from projections.incident.due import DUE, due_then
from projections.incident.incident_list import (
    INCIDENTS,
    STATUSES,
    IncidentFilter,
    IncidentList,
)
from projections.incident.shown import IncidentShown
from projections.incident.told import TOLD
from projections.outbox.intents import INTENTS
from projections.past import NOW, Cut
from support.read_models import rows_of
from support.worlds import IDS, WORLDS, times_of, written

FILTERS = st.builds(
    IncidentFilter,
    statuses=st.lists(st.sampled_from(STATUSES), max_size=2).map(tuple),
    severities=st.lists(st.sampled_from(Severity), max_size=2).map(tuple),
    limit=st.integers(1, 3),
)


async def plainly(store: MemoryEventStore, asked: IncidentFilter, cut: Cut) -> list[IncidentShown]:
    """What the log says, all of it, without a row."""
    shown: list[IncidentShown] = []
    for id_ in reversed(IDS):
        commits = await store.load(INCIDENT.stream(id_))
        for each in shown_then(asked, id_, commits, cut):
            due = due_then(commits, cut, DEFAULT)
            took = durations(each.milestones, over=each.status_category not in OPEN)
            shown.append(replace(each, durations=took, deadlines=due))
    return [it for it in shown if asked.includes(it)]


async def in_pages(
    store: MemoryEventStore, models: PostgresReadModels, asked: IncidentFilter, cut: Cut
) -> list[IncidentShown]:
    found: list[IncidentShown] = []
    for _ in range(3 * len(IDS)):
        page = await answer(store, models, SERVICE, INCIDENTS, asked, cut)
        assert page is not None
        assert isinstance(page.answer, IncidentList)
        assert len(page.answer.incidents) <= asked.limit
        assert page.answer.before == page.next
        found += page.answer.incidents
        if page.next is None:
            return found
        asked = IncidentFilter(
            statuses=asked.statuses, severities=asked.severities, limit=asked.limit,
            before=int(page.next),
        )  # fmt: skip
    raise AssertionError("the pages do not end")


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(world=WORLDS, filters=st.lists(FILTERS, min_size=4, max_size=4), data=st.data())
async def test_the_list_at_any_time_is_that_of_a_fold_of_everything(
    fresh_database: str, world: Any, filters: list[IncidentFilter], data: st.DataObject
):
    """What happened by then, what was known then, and both; with corrections of times, late alerts,
    reopenings and merges, on pages that end early because little may be folded.
    """
    store = await written(world)
    log = [recorded async for part in store.read() for recorded in part]
    moments = list(times_of(log))
    chosen = (
        data.draw(st.lists(st.sampled_from(moments), min_size=1, max_size=8)) if moments else []
    )
    cuts = [NOW, *(Cut(**{name: at}) for name, at in chosen)]
    cuts += [Cut(**dict(pair)) for pair in pairwise(chosen)]
    folded, commits = data.draw(st.sampled_from([(200, 5000), (1, 5000), (200, 1)]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(resources, "FOLDED_MOST", folded)
        patch.setattr(resources, "COMMITS_MOST", commits)
        async with rows_of(fresh_database, store, BOARD, DUE, TOLD, INTENTS) as (models, _):
            for cut in cuts:
                for asked in filters:
                    wanted = await plainly(store, asked, cut)
                    event(f"{len(wanted)} incidents")
                    assert await in_pages(store, models, asked, cut) == wanted, (asked, cut)
