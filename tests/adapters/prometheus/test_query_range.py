"""Answers of a Prometheus, and all that is none."""

from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from adapters.products.kit.web import Web
from adapters.prometheus.query_range import PrometheusSource
from domain.slo.counter_growth import CounterPoint
from handlers.processes.counter_reader import CannotReadError


def matrix(*result: dict[str, Any], kind: str = "matrix") -> dict[str, Any]:
    return {"status": "success", "data": {"resultType": kind, "result": list(result)}}


def one(*values: tuple[float, str], **metric: str) -> dict[str, Any]:
    return {"metric": metric, "values": [list(each) for each in values]}


async def asked(answer: httpx2.Response | Exception) -> Any:
    def give(_: httpx2.Request) -> httpx2.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    async with httpx2.AsyncClient(transport=httpx2.MockTransport(give)) as http:
        web = Web(http, lambda: datetime(2026, 1, 1, tzinfo=UTC), secrets=["hush"])
        source = PrometheusSource(web, "http://prometheus.example/", {"Authorization": "hush"})
        return await source.counters("up", 0, 120)


async def test_points_are_whole_numbers_or_none():
    found = matrix(one((0, "7"), (60, "NaN"), (120, "1.5"), (180, "+Inf"), (240, "8e3"), a="b"))
    points = await asked(httpx2.Response(200, json=found))
    values = (7, None, None, None, 8000)
    assert points == (tuple(CounterPoint(60 * n, each) for n, each in enumerate(values)),)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (httpx2.Response(503, text="starting"), "503"),
        (httpx2.Response(400, json={"status": "error", "error": "parse error"}), "parse error"),
        (httpx2.Response(200, text="<html>"), "not an answer"),
        (httpx2.Response(200, json=matrix(kind="vector")), "no series over time"),
        (httpx2.Response(200, json=matrix(one(a="b"), one(a="b"))), "comes twice"),
        (httpx2.Response(302, headers={"location": "/login"}), "redirects"),
        (httpx2.ConnectError("hush: refused"), r"\[secret\]: refused"),
    ],
)
async def test_what_is_no_answer_is_said(answer: httpx2.Response | Exception, says: str):
    with pytest.raises(CannotReadError, match=says):
        await asked(answer)
