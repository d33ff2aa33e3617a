"""How much may be asked of another policy by whoever the service answers, and one at a time."""

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest
from litestar import Litestar

from adapters.http.problems import ProblemError, on_problem, on_refused
from adapters.http.what_if_route import what_if_route
from domain.kernel.refusal import Refused
from domain.policy import DEFAULT
from domain.sight import PUBLIC, Viewer
from handlers.queries.what_if import COMMITS_MOST, REPLAYED_MOST, found_by_rows
from projections.incident.shown import IncidentShown
from projections.read_model import Candidate
from support.patience import until

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
ASKED = {"policy": {"version": "renamed"}, "since": "2026-01-01T00:00:00Z"}


class Rows:
    """Read models with so many incidents, of so many commits each."""

    def __init__(self, incidents: int, commits: int = 1) -> None:
        self._incidents, self._commits = incidents, commits

    async def ask(self, viewer: Viewer, _: Any, *, since: datetime, most: int) -> list[Any]:
        assert viewer == PUBLIC, "a count of what is hidden would tell of it"
        assert since == NOON
        return [
            Candidate[IncidentShown](id=f"{n}", place=n, commits=self._commits, shown=None)
            for n in range(min(self._incidents, most))
        ]


@pytest.mark.parametrize(
    ("incidents", "commits", "fits"),
    [
        (0, 1, True),
        (REPLAYED_MOST, 1, True),
        (REPLAYED_MOST + 1, 1, False),
        (10, COMMITS_MOST // 10, True),
        (10, COMMITS_MOST // 10 + 1, False),
    ],
)
async def test_more_than_so_much_is_refused_before_it_is_read(
    incidents: int, commits: int, fits: bool
):
    rows: Any = Rows(incidents, commits)
    if fits:
        assert len(await found_by_rows(rows, NOON)) == incidents
        return
    with pytest.raises(Refused) as refused:
        await found_by_rows(rows, NOON)
    assert (refused.value.code, refused.value.field) == ("query.too_wide", "since")
    assert "commandpost what-if" in (refused.value.rule or "")


async def test_one_question_at_a_time_and_the_next_one_after_it():
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def head() -> int:
        begun.set()
        await go_on.wait()
        raise Refused("nothing.there", "the end of this test")

    service: Any = SimpleNamespace(
        store=SimpleNamespace(head=head),
        reach=None,
        executor=SimpleNamespace(policy=DEFAULT),
    )
    app: Any = Litestar(
        [what_if_route(service, lambda: NOON)],
        exception_handlers={ProblemError: on_problem, Refused: on_refused},
        openapi_config=None,
    )
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(base_url="http://localhost", transport=transport) as client:
        first = asyncio.create_task(client.post("/v1/what-if", json=ASKED))
        await until(begun.is_set)
        second = await client.post("/v1/what-if", json=ASKED)
        go_on.set()
        assert (second.status_code, second.json()["code"]) == (503, "query.busy")
        assert int(second.headers["retry-after"]) > 0
        assert (await first).json()["code"] == "nothing.there"
        third = await client.post("/v1/what-if", json=ASKED)
        assert third.json()["code"] == "nothing.there", "a refusal leaves the turn to the next one"
