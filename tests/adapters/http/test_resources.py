"""A read model of a test, in a catalog of its own, is answered over HTTP as it declares."""

from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Annotated, Any

import httpx2
import msgspec
import pytest

from adapters.http.app import build
from adapters.http.resources import resource_routes
from adapters.registry import REGISTRY
from adapters.storage.codec import Codec
from adapters.storage.postgres.pool import open_pool
from adapters.storage.postgres.projectors import Projectors
from adapters.storage.postgres.read_models import PostgresReadModels
from domain.policy import DEFAULT
from domain.registry import AnyEvent
from domain.sight import SERVICE
from handlers.entrance.service import Service
from handlers.kernel.ports import NoRosters
from handlers.projecting.log_watch import LogWatch
from handlers.queries.live_feed import LiveFeed
from handlers.queries.read_models import find_unfinished
from projections.read_model import Question, ReadModel, Resource
from support.access import ADMIN, OPEN_SIGHTS, gate
from support.patience import PATIENT_S
from support.read_models import ERASED, NOON, TALLIES, Writer, memory, moved, projectors, running


class Total(msgspec.Struct, frozen=True, kw_only=True):
    """How far a topic has moved."""

    topic: str
    total: int


class TotalFilter(msgspec.Struct, frozen=True, kw_only=True):
    topic: str | None = None
    least: Annotated[int, msgspec.Meta(ge=0, le=1_000)] = 1


TOTALS = Question(
    of=TALLIES.name,
    sql="""
        SELECT topic, total FROM {tally}
        WHERE total >= $least AND ($topic::text IS NULL OR topic = $topic) ORDER BY topic
    """,
    takes=TotalFilter,
    answer=Total,
)


class Late(msgspec.Struct, frozen=True, kw_only=True):
    since: Any


RESTLESS = Question(
    of=TALLIES.name,
    sql="SELECT topic FROM {tally} WHERE moves > 1 AND $since::timestamptz IS NOT NULL",
    takes=Late,
    answer=str,
    whole=True,
)
TOY = ReadModel(
    projection=TALLIES,
    resources=(
        Resource(
            path="/v1/totals",
            operation_id="list_totals",
            tag="toys",
            description="How far each topic has moved.",
            question=TOTALS,
            waits=True,
        ),
    ),
    unfinished={"talk": RESTLESS},
)


class Toys:
    """A service that has one read model, over HTTP."""

    def __init__(self, models: Projectors, read_models: PostgresReadModels, writer: Writer) -> None:
        nothing: Any = None
        feed = LiveFeed(writer.store, LogWatch(writer.store).report)
        executor: Any = SimpleNamespace(policy=DEFAULT, rosters=NoRosters())
        service = Service(
            executor, writer.store, read_models, feed, nothing, nothing, nothing, OPEN_SIGHTS
        )
        self.app = build(
            service, nothing, nothing, resource_routes([TOY]), registry=REGISTRY, gate=gate()
        )
        transport = httpx2.ASGITransport(app=self.app)  # type: ignore[arg-type]
        self.http = httpx2.AsyncClient(transport=transport, base_url="http://toys", headers=ADMIN)
        self.writer, self.models, self.read_models = writer, models, read_models


@pytest.fixture
async def toys(fresh_database: str) -> AsyncIterator[Toys]:
    store, writer = memory()
    async with projectors(fresh_database, store, [TALLIES]) as models, running(models):
        pool = await open_pool(fresh_database)
        read_models = PostgresReadModels(pool, models, Codec(AnyEvent, {}))
        found = Toys(models, read_models, writer)
        async with found.http:
            yield found
        await pool.close()


async def test_the_rows_are_answered_as_the_structs_that_the_question_promises(toys: Toys):
    await toys.writer.write("talk.a", moved(3))
    await toys.writer.write("talk.b", moved(5))
    position = await toys.writer.write("talk.c", ERASED)
    found = await toys.http.get("/v1/totals", params={"min_position": position})
    assert found.json() == [{"topic": "a", "total": 3}, {"topic": "b", "total": 5}]
    one = await toys.http.get("/v1/totals", params={"topic": "b", "least": 5})
    assert one.json() == [{"topic": "b", "total": 5}]
    assert await toys.read_models.ask(SERVICE, TOTALS, least=4) == [Total(topic="b", total=5)]


@pytest.mark.parametrize(
    ("query", "field"),
    [({"least": "-1"}, "least"), ({"leest": "1"}, "leest"), ({"topic": "a\0"}, "topic")],
)
async def test_what_the_question_does_not_take_is_refused(toys: Toys, query: Any, field: str):
    refused = await toys.http.get("/v1/totals", params=query)
    assert refused.status_code in {400, 422}
    assert refused.json()["field"] == field


async def test_it_is_described_like_every_other_route(toys: Toys):
    document = toys.app.state.openapi()
    operation = document["paths"]["/v1/totals"]["get"]
    assert operation["operationId"] == "list_totals"
    assert operation["description"] == "How far each topic has moved."
    assert {each["name"] for each in operation["parameters"]} == {"topic", "least", "min_position"}
    assert set(document["components"]["schemas"]["Total"]["properties"]) == {"topic", "total"}


async def test_the_watchdog_hears_of_what_any_read_model_calls_unfinished(toys: Toys):
    await toys.writer.write("talk.a", moved(3), moved(3))
    position = await toys.writer.write("talk.b", moved(5))
    await toys.models.wait_for(TALLIES.name, position, PATIENT_S)
    finders = find_unfinished(toys.read_models, [TOY], lambda: NOON)
    assert list(finders) == ["talk"]
    assert await finders["talk"]() == ["a"]


async def test_a_question_takes_the_parameters_that_are_described(toys: Toys):
    for path in toys.app.state.openapi()["paths"].values():
        if question := path.get("get"):
            described = [one for one in question.get("parameters", ()) if one["in"] == "query"]
            taken = toys.app.state.parameters[question["operationId"]]
            assert taken == {one["name"] for one in described}
