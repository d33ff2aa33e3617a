"""The board, one incident, its timeline and statistics tell the same of the same pair of times."""

from typing import Any

import msgspec
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from domain.incident import INCIDENT
from domain.incident import commands as c
from domain.incident.corrections.looking_back import CORRECTIONS, until
from domain.incident.view import view
from domain.kernel.commit import event_id
from domain.sight import SERVICE
from handlers.queries.resources import answer
from projections.incident.board import BOARD, ONE_INCIDENT
from projections.incident.incident_list import INCIDENTS
from projections.incident.shown import IncidentShown
from projections.incident.timeline import TIMELINE, TIMELINE_OF
from projections.past import NOW, Cut, see
from projections.read_model import Resource
from support.read_models import rows_of
from support.spec import SEV3, at
from support.worlds import IDS, WORLDS, times_of, written


async def asked(store: Any, models: Any, resource: Resource, cut: Cut, **given: Any) -> Any:
    takes: Any = resource.question.takes
    alone = msgspec.structs.replace(resource, additions=())
    page = await answer(store, models, SERVICE, alone, takes(**given), cut)
    return page.answer if page else None


def folded(log: list[Any], id_: str, entries: list[Any], cut: Cut) -> Any:
    """The incident that the lines of a timeline make, with what puts them right."""
    told, state, position = {line.event_id for line in entries}, INCIDENT.initial, 0
    own = [each for each in log if each.key == id_ and cut.knows(each)]
    seen = see(INCIDENT, own)
    for recorded in own:
        for index, found in enumerate(recorded.commit.events):
            name = event_id(recorded.commit.id, index)
            counts = name in told
            if type(found) in CORRECTIONS:
                counts = cut.had(seen.counts_at(name, found))
            if counts and (state != INCIDENT.initial or isinstance(found, INCIDENT.begin)):
                state = INCIDENT.evolve(state, found, recorded.commit.actor)
                position = recorded.position
    shown = view(id_, until(state, cut.as_of) if cut.as_of else state, position)
    return IncidentShown(**msgspec.structs.asdict(shown)) if shown else None


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(world=WORLDS, data=st.data())
async def test_all_views_agree_for_the_same_pair_of_times(
    fresh_database: str, world: Any, data: st.DataObject
):
    store = await written(world)
    log = [recorded async for part in store.read() for recorded in part]
    if not log:
        return
    moments = list(times_of(log))
    by_kind = {
        name: st.none() | st.sampled_from([at for kind, at in moments if kind == name])
        for name in ("as_of", "known_at")
    }
    cuts = [NOW, *(Cut(**{k: data.draw(v) for k, v in by_kind.items()}) for _ in range(5))]
    event(f"corrected: {any(type(e) in CORRECTIONS for c in log for e in c.commit.events)}")
    async with (
        rows_of(fresh_database, store, BOARD) as (board, _),
        rows_of(fresh_database, store, TIMELINE) as (timelines, _),
    ):
        for cut in cuts:
            listed = await asked(store, board, INCIDENTS, cut)
            on_board = {one.id: one for one in listed.incidents}
            for id_ in IDS:
                shown = await asked(store, board, ONE_INCIDENT, cut, id=id_)
                told = await asked(store, timelines, TIMELINE_OF, cut, id=id_)
                assert (shown is None) == (told is None)
                assert on_board.get(id_) == shown
                if told is not None:
                    assert told.reference == shown.reference
                    assert folded(log, id_, told.entries, cut) == shown


async def test_a_corrected_past_and_what_was_believed_in_it(fresh_database: str):
    """Mitigated at 12:20, recorded at once; put right to 12:10 at 12:40."""
    world = [
        (0, c.Declare(title="a", severity=SEV3, occurred_at=at(0)), 1),
        (
            0,
            c.Mitigate(mitigation="rolled back", occurred_at=at(20), override="alone at night"),
            21,
        ),
        (0, c.Correct(entry="c1/0", time=at(10)), 40),
    ]
    store = await written(world)
    async with rows_of(fresh_database, store, BOARD) as (board, _):

        async def status(**times: Any) -> str:
            shown = await asked(store, board, ONE_INCIDENT, Cut(**times), id=IDS[0])
            listed = (await asked(store, board, INCIDENTS, Cut(**times))).incidents
            assert listed == [shown]
            return str(shown.status)

        assert await status(as_of=at(9)) == "investigating"
        assert await status(as_of=at(15)) == "monitoring", "the corrected past"
        assert await status(as_of=at(15), known_at=at(30)) == "investigating", "as was believed"
        assert await status(as_of=at(20), known_at=at(30)) == "monitoring"
