"""Similar incidents from rows of PostgreSQL: which, why, what helped then, and for whom."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from msgspec.structs import replace

from domain.incident import events as e
from domain.incident.events import Kind
from domain.incident.visibility.visibility_events import VisibilitySet
from domain.kernel.commit import event_id
from domain.learning.postmortem import events as pe
from domain.learning.postmortem import samples as postmortems
from domain.learning.postmortem.sections import Points
from domain.sight import PUBLIC, SERVICE, Sight, Viewer
from handlers.queries.resources import answer
from projections.knowledge.documents import DOCUMENTS
from projections.knowledge.similar import SIMILAR, SimilarIncidents, SimilarTo
from projections.past import NOW
from support.read_models import Writer, memory, rows_of
from support.spec import at, declared, identified, mitigated, paged, resolved

OWN, POOL, SECRET, DRILL, MERGED, ALERT, FAR = (
    f"0197000{each}-0000-7000-8000-000000000000" for each in "abcdef0"
)
PM = "01970010-0000-7000-8000-000000000000"
ADA = Viewer(people=frozenset({"ada"}))
Similar = Callable[..., Any]


def numbered(number: int, title: str, **more: Any) -> e.Declared:
    return replace(declared(title=title, **more), number=number)


async def write(writer: Writer) -> None:
    """One that goes on, and others before it: each is like it, or is none that counts."""
    title, pay = "Connection pool exhausted", ("pay-api",)
    streams = {id_: f"incident.{id_}" for id_ in (OWN, POOL, SECRET, DRILL, MERGED, ALERT, FAR)}
    await writer.write(streams[POOL], numbered(1, "Pool of connections is exhausted", services=pay))
    wrong = await writer.write(
        streams[POOL], e.ActionLogged(occurred_at=at(7), action="Unplugged the coffee machine")
    )
    for minute, action in ((8, "Raised max_connections to 400"), (9, "Restarted pay-api")):
        await writer.write(streams[POOL], e.ActionLogged(occurred_at=at(minute), action=action))
    await writer.write(streams[POOL], identified(cause="A leak of connections"), mitigated())
    await writer.write(streams[POOL], resolved())
    await writer.write(
        streams[POOL],
        e.EntryRetracted(
            occurred_at=at(50), entry=event_id(f"c{wrong}", 0), kind="action_logged", at=at(7),
            reason="another incident",
        ),
    )  # fmt: skip
    opened = next(it for it in postmortems.SAMPLES.events if isinstance(it, pe.PostmortemOpened))
    final = next(it for it in postmortems.SAMPLES.events if isinstance(it, pe.PostmortemFinalised))
    said = pe.PointsSet(
        occurred_at=at(60), version=1, field=Points.MITIGATORS, points=("Night, few buyers",)
    )
    await writer.write(f"postmortem.{PM}", replace(opened, incident=POOL), said)
    await writer.write(f"postmortem.{PM}", final)
    await writer.write(streams[SECRET], numbered(2, title, services=pay))
    private = VisibilitySet(occurred_at=at(1), private=Sight(people=("ada",)))
    await writer.write(streams[SECRET], private)
    await writer.write(streams[DRILL], numbered(3, title, services=pay, kind=Kind.DRILL))
    await writer.write(streams[MERGED], numbered(4, title, services=pay))
    into = e.Merged(occurred_at=at(9), into=OWN, into_number=7)
    await writer.write(streams[MERGED], into)
    await writer.write(streams[ALERT], replace(paged(title="PoolEmpty"), number=5))
    await writer.write(streams[FAR], numbered(6, "The gallery loads slowly", services=("media",)))
    await writer.write(streams[OWN], replace(paged(title="PoolEmpty"), number=7))
    await writer.write(streams[OWN], numbered(7, title, services=pay))


@pytest.fixture(scope="module")
async def similar(database_url: str) -> AsyncIterator[Similar]:
    store, writer = memory()
    await write(writer)
    async with AsyncExitStack() as stack:
        models, _ = await stack.enter_async_context(rows_of(database_url, store, DOCUMENTS))

        async def found(id_: str = OWN, viewer: Viewer = SERVICE, limit: int = 5) -> Any:
            asked = SimilarTo(id=id_, limit=limit)
            page = await answer(store, models, viewer, SIMILAR, asked, NOW)
            return page.answer if page else None

        yield found


async def references(similar: Similar, viewer: Viewer) -> list[str]:
    found: SimilarIncidents = await similar(viewer=viewer)
    assert found.reference == "INC-7"
    return [each.reference for each in found.similar]


async def test_those_that_are_alike_are_named_and_no_exercise_nor_what_is_part_of_it(
    similar: Similar,
):
    assert await references(similar, PUBLIC) == ["INC-1", "INC-5"]


async def test_what_is_private_is_named_to_whoever_may_see_it_alone(similar: Similar):
    assert await references(similar, ADA) == ["INC-2", "INC-1", "INC-5"]
    assert await similar(SECRET, PUBLIC) is None
    public: SimilarIncidents = await similar()
    assert "Salaries" not in repr(public)


async def test_it_says_why_and_what_helped_then(similar: Similar):
    found: SimilarIncidents = await similar(viewer=PUBLIC)
    pool, page = found.similar
    assert {each.kind: each.text for each in pool.reasons} == {
        "services": "both concern pay-api",
        "words": "both say connection, exhausted, pool",
        "time_of_day": "both began about the same time of day, 12:00 and 12:00 UTC",
    }
    assert pool.helped.actions == ("Raised max_connections to 400", "Restarted pay-api")
    assert (pool.helped.cause, pool.helped.resolution) == (
        "A leak of connections",
        "disk extended",
    )
    assert (pool.helped.mitigators, pool.helped.postmortem) == (("Night, few buyers",), "PM-1")
    assert "alert" in {each.kind for each in page.reasons}
    assert (page.helped.cause, page.helped.actions, page.helped.postmortem) == (None, (), None)


async def test_as_many_are_named_as_are_wanted(similar: Similar):
    assert len((await similar(limit=1)).similar) == 1


async def test_what_is_like_nothing_has_nothing(similar: Similar):
    assert (await similar(FAR)).similar == []
